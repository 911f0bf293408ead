/// Something that asks for input and gives back one complete statement at a time.
///
///     let reader = LineInput.reader(LineInput.Options(openInput: openInput))
///     while case .line(let text) = reader.read(Prompt("collab[\(session.cellCount + 1)]")) {
///       session.run(text)
///     }
///
/// A statement that is not finished at the end of a line is continued on the next, so `text` may
/// hold newlines. A reader is used on the thread that made it.
public protocol LineReader: AnyObject {
  /// Whether somebody is typing at a terminal.
  var isInteractive: Bool { get }

  /// Reads one statement, without a newline at its end.
  func read(_ prompt: Prompt) -> ReadResult
}

/// What a reader came back with.
public enum ReadResult: Equatable, Sendable {
  /// A statement, of one or several lines.
  case line(String)
  /// Nothing more: `^D` on an empty line, or the end of a file.
  case endOfInput
  /// `SIGINT` while a pipe was read. At a prompt `^C` discards the line and asks again instead.
  case interrupted
  /// The system refused to read; the number is that of `errno`.
  case failed(Int32)
}

/// What is open at the end of an unfinished statement.
public struct OpenInput: Equatable, Sendable {
  /// The bracket, quote or operator that waits for more, such as `{`.
  public let mark: String
  /// The line it is on, counted from 1.
  public let line: Int

  /// Says what is open and since which line.
  public init(_ mark: String, line: Int) {
    self.mark = mark
    self.line = line
  }

  /// Whether this is a block below a head that ends with `:`, which an empty line ends.
  var isBlock: Bool { mark == ":" }

  /// Whether a line belongs to a block although an empty line stands above it: it is indented, or is
  /// another branch.
  ///
  /// Text that is pasted or comes from a file has empty lines inside its blocks.
  static func continues(_ line: String) -> Bool {
    guard let first = line.first else { return true }
    if first == " " || first == "\t" { return true }
    let word = line.prefix { $0.isLetter }
    return word == "else" || word == "elif"
  }

  /// What a person who seems to be stuck is told.
  package var note: String { "still inside '\(mark)' from line \(line) (Ctrl-C discards)" }
}

/// What is asked for, and how the question looks.
///
///     Prompt("collab[3]")                       // collab[3]>
///     Prompt("answer", purpose: .answer)        // answer>
public struct Prompt: Equatable, Sendable {
  /// What the input is for.
  public enum Purpose: Equatable, Sendable {
    /// A statement: may take several lines, is completed with Tab and kept in the history.
    case statement
    /// The answer to a question: one line, neither completed nor kept.
    case answer
  }

  /// The text in front of the `>`.
  public let name: String
  /// What the input is for.
  public let purpose: Purpose

  /// Makes a prompt that shows `name` and `> `.
  public init(_ name: String, purpose: Purpose = .statement) {
    self.name = name
    self.purpose = purpose
  }

  /// The prompt as text.
  package var text: String { name + "> " }

  /// The prompt for a line that continues: what is open, ending below the end of the first.
  package func continued(_ open: OpenInput) -> String {
    let mark = open.mark + ".> "
    return String(repeating: " ", count: max(0, text.count - mark.count)) + mark
  }
}
