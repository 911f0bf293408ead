/// How many columns of a terminal a text takes.
///
///     DisplayWidth.of("Amélie (2001)")  // 13, also when é is written with a combining accent
///     DisplayWidth.of("七人の侍")          // 8
///
/// Counting characters misaligns CJK titles and emoji, and the C library's own function answers
/// differently under each locale, so the ranges are ours. Control characters take no column; text
/// from outside goes through `cleaned(_:)` first.
public enum DisplayWidth {
  /// The columns a text takes.
  public static func of(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns one character takes: 0, 1 or 2.
  public static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      // The emoji variation selector asks for the wide picture of what stands before it.
      if scalar == "\u{FE0F}", width == 1, character != "\u{FE0F}" { return 2 }
      width = max(width, of(scalar))
    }
    let isFlag = character.unicodeScalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
    return isFlag && character.unicodeScalars.count == 2 ? 2 : width
  }

  /// The beginning of a text that fits a width, ending in `…` when something is cut.
  ///
  ///     DisplayWidth.cut("L.A. Confidential (1997)", to: 12)  // "L.A. Confid…"
  public static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var kept = ""
    var used = 0
    for character in text {
      let next = of(character)
      guard used + next < width else { break }
      kept.append(character)
      used += next
    }
    return trimmedAtEnd(kept) + "…"
  }

  /// Where a text stands in the columns that it is given.
  public enum Alignment: Equatable, Sendable {
    /// At the left, for text.
    case left
    /// At the right, for numbers.
    case right
  }

  /// A text with blanks up to a width: behind it, or in front of it when it stands at the right.
  public static func padded(
    _ text: String, to width: Int, at alignment: Alignment = .left
  ) -> String {
    let blanks = String(repeating: " ", count: max(0, width - of(text)))
    return alignment == .left ? text + blanks : blanks + text
  }

  /// A text in which no control character acts, so that data cannot move the cursor; tabs and line
  /// breaks are blanks, the others are shown.
  public static func cleaned(_ text: String, keepingTabs: Bool = false) -> String {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || keepingTabs && $0 == 0x09 }
    guard !isPlain else { return text }
    let shown = VisibleText.shown(text, keeping: "\t\n")
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "\n" || (scalar == "\t" && !keepingTabs)
    }
    guard shown.unicodeScalars.contains(where: isBlank) else { return shown }
    var cleaned = ""
    for scalar in shown.unicodeScalars {
      cleaned.unicodeScalars.append(isBlank(scalar) ? " " : scalar)
    }
    return cleaned
  }

  /// A text without the blanks at its end.
  public static func trimmedAtEnd(_ text: String) -> String {
    var end = text.utf8.endIndex
    while end > text.utf8.startIndex {
      let before = text.utf8.index(before: end)
      guard text.utf8[before] == UInt8(ascii: " ") else { break }
      end = before
    }
    return String(text[..<end])
  }
}

// MARK: - Scalars
extension DisplayWidth {
  private static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return isControl(scalar) || scalar.value == 0xAD ? 0 : 1 }
    // Vowels and final consonants of Hangul are drawn into the wide syllable before them.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .lineSeparator, .paragraphSeparator: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var (low, high) = (0, wide.count)
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(value)
  }

  /// The ranges of width two, in order.
  ///
  /// Source: Unicode 16, EastAsianWidth.txt, classes W and F.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2630...0x2637, 0x2648...0x2653,
    0x267F...0x267F, 0x268A...0x268F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB,
    0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
    0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705,
    0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755,
    0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C,
    0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1D300...0x1D356,
    0x1D360...0x1D376, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E,
    0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
    0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0,
    0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC,
    0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A,
    0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5,
    0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF,
    0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB, 0x1F7F0...0x1F7F0,
    0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF,
    0x20000...0x3FFFD,
  ]
}
