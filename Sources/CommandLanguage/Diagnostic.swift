internal import CollabText

/// Something that went wrong, said to the user: what, where, and what to type instead.
///
///     throw Diagnostic(
///       "bad-value", "`wd` takes a number", at: word.range, in: source,
///       caption: "`high` is a name", help: ["for example wd=0.1"])
///
/// Messages are lower case without a full stop; names and text to type stand in backticks. The drawing
/// is `lines(for:)`.
public struct Diagnostic: Error, Sendable, Equatable {
  /// A stable word, such as `unknown-command`, that scripts may expect and `help` explains.
  public var code: String
  /// What is wrong, in one line.
  public var message: String
  /// Where in the source, if there is a place to point at.
  public var range: Range<Int>?
  /// What to write behind the carets.
  public var caption: String?
  /// Further places that are underlined with `~`, on the same line as `range`.
  public var related: [Range<Int>]
  /// Lines beside the shown source, such as where a cell ends.
  public var remarks: [String]
  /// Facts that are not advice.
  public var notes: [String]
  /// What to do instead; no more than two lines are drawn.
  public var help: [String]
  /// The text that `range` refers to.
  public var source: Source?

  /// A message with its code and, where known, its place.
  public init(
    _ code: String, _ message: String, at range: Range<Int>? = nil, in source: Source? = nil,
    caption: String? = nil, related: [Range<Int>] = [], remarks: [String] = [],
    notes: [String] = [], help: [String] = []
  ) {
    self.code = code
    self.message = message
    self.range = range
    self.source = source
    self.caption = caption
    self.related = related
    self.remarks = remarks
    self.notes = notes
    self.help = help
  }

  /// That the user stopped what ran, which is no mistake.
  static let interrupted = Diagnostic("interrupted", "interrupted")

  /// Whether it says that the user stopped what ran.
  public var isInterruption: Bool { code == Self.interrupted.code }

  /// The first line of the drawing: `error[code]: message`.
  public var headline: String { "error[\(code)]: \(Diagnostic.printable(message))" }
}

extension Diagnostic {
  /// What is said about a name that stands for nothing, with the known names that are most like it.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - range: where it stands.
  ///   - source: the text that the range refers to.
  ///   - isStatement: whether it stands alone on a line, where it could have been a command.
  ///   - known: the names that exist.
  /// - Returns: `unknown-command` or `unknown-name`.
  public static func unknownName(
    _ name: String, at range: Range<Int>, in source: Source?, isStatement: Bool = false,
    among known: some Sequence<String>
  ) -> Diagnostic {
    let what = isStatement ? "command or variable" : "variable or function"
    return Diagnostic(
      isStatement ? .unknownCommand : .unknownName, "there is no \(what) `\(name)`", at: range,
      in: source, help: Suggestion.help(for: Suggestion.nearest(to: name, among: known)))
  }

  /// A text on one line, without characters that a terminal obeys and not longer than a few lines.
  static func printable(_ text: String) -> String {
    var result = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 300 { return result + "…" }
      result.unicodeScalars.append(isControl(scalar) ? picture(of: scalar) : scalar)
    }
    return result
  }

  /// Whether a terminal obeys a character instead of showing it.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    VisibleText.isActive(scalar)
  }

  /// The symbol that stands for a control character.
  static func picture(of control: Unicode.Scalar) -> Unicode.Scalar {
    switch control.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + control.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The drawing for a file, as one text.
  public var description: String { lines(for: .file).joined(separator: "\n") }
}
