/// How a piece of a line looks on the screen.
public enum TextStyle: UInt8, Equatable, Sendable {
  /// As the terminal writes by itself.
  case plain
  /// The name in the prompt.
  case prompt
  /// A command.
  case command
  /// A word of the language.
  case keyword
  /// The name of an option or of a named argument.
  case option
  /// A number.
  case number
  /// A text in quotes.
  case string
  /// A comment.
  case comment
  /// A name that stands for something.
  case name
  /// A word that stands for nothing.
  case unknown
  /// A bracket at the cursor, and the one that matches it.
  case bracket
  /// What is offered and not yet typed.
  case suggestion
  /// What a candidate of a menu stands for.
  case note
  /// The candidate that would be taken.
  case selected

  /// The parameters of the sequence that a terminal turns to this style with.
  package var parameters: String {
    switch self {
    case .plain, .name: ""
    case .prompt: "1;32"
    case .command: "1;34"
    case .keyword: "35"
    case .option: "36"
    case .number: "36"
    case .string: "33"
    case .comment, .suggestion, .note: "90"
    case .unknown: "31"
    case .bracket: "1;4"
    case .selected: "7"
    }
  }
}

/// A stretch of a text and how it looks.
public struct StyledStretch: Equatable, Sendable {
  /// Where it stands, in UTF-8 offsets.
  public let range: Range<Int>
  /// How it looks.
  public let style: TextStyle

  /// Gives a stretch its style.
  public init(_ range: Range<Int>, _ style: TextStyle) {
    (self.range, self.style) = (range, style)
  }
}
