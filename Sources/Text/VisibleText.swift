/// The door through which text from outside goes to a terminal.
///
///     VisibleText.shown("\u{1B}[2J")  // "␛[2J"
///
/// Titles, names of columns and files, statements of a history and arguments may hold characters that
/// move a cursor, change a window or turn the direction of what follows. They are shown, and never
/// sent: controls below 32 and DEL as their pictures, controls from 128 to 159 and marks of
/// direction as the escape that stands for them in a text, such as `\u{9b}`.
public enum VisibleText {
  /// A text in which nothing acts any more.
  ///
  /// - Parameters:
  ///   - text: what came from outside.
  ///   - keptControls: those that mean something where the text goes, such as a line break.
  /// - Returns: the same text if nothing had to be replaced.
  public static func shown(_ text: String, keeping keptControls: String = "") -> String {
    let kept = keptControls.unicodeScalars
    guard text.unicodeScalars.contains(where: { isActive($0) && !kept.contains($0) }) else {
      return text
    }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isActive(scalar), !kept.contains(scalar) {
        shown += form(of: scalar)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether a terminal would act on a character instead of drawing it.
  ///
  /// Source: Unicode Standard Annex 9 for the marks of direction.
  public static func isActive(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: false
    case ..<0x20, 0x7F..<0xA0: true
    case 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// What is shown in place of a character.
  private static func form(of scalar: Unicode.Scalar) -> String {
    let picture: UInt32? =
      switch scalar.value {
      case ..<0x20: 0x2400 + scalar.value
      case 0x7F: 0x2421
      default: nil
      }
    if let picture = picture.flatMap(Unicode.Scalar.init) { return String(picture) }
    return escape(of: scalar)
  }

  /// A character as a text in quotes has it.
  public static func escape(of scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16))}"
  }
}
