/// A stretch of source text and what it is, for colours.
public struct Highlight: Sendable, Equatable {
  /// What a stretch is.
  public enum Kind: Sendable, Equatable {
    /// Names, operators and blanks.
    case plain
    /// A command: at the start of a statement, or on the right of an assignment.
    case command
    /// A word of the language.
    case keyword
    /// The name of an option or a named argument, in front of its `=`.
    case option
    /// A number, or `true`, `false`, `none`.
    case number
    /// A text in quotes.
    case string
    /// A comment.
    case comment
  }

  /// Where it stands.
  public let range: Range<Int>
  /// What it is.
  public let kind: Kind
}

extension Parser {
  private static let keywords: Set<String> = [
    "model", "def", "class", "return", "for", "while", "in", "if", "elif", "else", "break",
    "continue", "pass", "and", "or", "not", "is", "lambda", "import", "from", "as", "assert",
    "with",
  ]
  private static let heads: Set<String> = [
    "def", "class", "for", "while", "if", "elif", "else", "with",
  ]
  private static let constants: Set<String> = ["true", "false", "none", "True", "False", "None"]

  /// Whether a name is a word of the language itself.
  public static func isWord(_ name: String) -> Bool {
    keywords.contains(name) || constants.contains(name)
  }

  /// The stretches of a text, one behind the other, from its first byte to its last.
  ///
  /// The tokens are those of the parser. Text that has none, because of a mistake or because it is a
  /// path, stays plain.
  public func highlights(in source: Source, range: Range<Int>? = nil) -> [Highlight] {
    let range = (range ?? source.range).clamped(to: source.range)
    var marks: [Highlight] = []
    var end = range.lowerBound
    func add(_ kind: Highlight.Kind, _ stretch: Range<Int>) {
      guard !stretch.isEmpty else { return }
      if let last = marks.last, last.kind == kind {
        marks[marks.count - 1] = Highlight(
          range: last.range.lowerBound..<stretch.upperBound, kind: kind)
      } else {
        marks.append(Highlight(range: stretch, kind: kind))
      }
      end = stretch.upperBound
    }
    var lexer = Lexer(source, in: range)
    var isStart = true
    // Behind the `=` of a statement, where a command may stand.
    var isRight = false
    var isMember = false
    var depth = 0
    // Inside braces there are no commands.
    var braces = 0
    var isCommand = false
    // Behind a word such as `for`, whose line may go on with a statement behind `:`.
    var isHead = false
    while lexer.position < range.upperBound {
      let start = lexer.position
      if isStart, let line = lexer.shellLine() {
        addGap(end..<line.lowerBound, in: source, add)
        add(.comment, line)
        lexer.position = line.upperBound
        continue
      }
      let following: Token
      do {
        following = try lexer.next(isInsideBrackets: false)
      } catch {
        // One character that is none of a token, such as a `~` in a path.
        lexer.position = max(start, lexer.position)
        let next = source.bytes[lexer.position...].dropFirst().firstIndex { $0 & 0xC0 != 0x80 }
        lexer.position = min(next ?? range.upperBound, range.upperBound)
        add(.plain, end..<lexer.position)
        (isStart, isRight, isMember) = (false, false, false)
        continue
      }
      addGap(end..<following.range.lowerBound, in: source, add)
      switch following.kind {
      case .end, .magic: break
      case .newline, .symbol(.semicolon):
        add(.plain, following.range)
        (isStart, isRight, isMember, isCommand) = (depth + braces == 0, false, false, false)
        isHead = false
        continue
      case .integer, .double: add(.number, following.range)
      case .string: add(.string, following.range)
      case .name(let name):
        let behind = source.bytes[following.range.upperBound..<range.upperBound]
        let isAssigned = behind.first == UInt8(ascii: "=") && behind.dropFirst().first != 0x3D
        if isMember {
          add(.plain, following.range)
        } else if isStart || isRight, commands.contains(name), Self.endsWord(behind),
          !Self.isAssignment(behind)
        {
          add(.command, following.range)
          // A statement stands behind it.
          if name == "time", isStart { continue }
          isCommand = true
        } else if Self.keywords.contains(name), !isAssigned {
          isHead = isHead || (isStart && Self.heads.contains(name))
          add(.keyword, following.range)
        } else if Self.constants.contains(name) {
          add(.number, following.range)
        } else {
          add(isAssigned && (isCommand || depth > 0) ? .option : .plain, following.range)
        }
      case .symbol(let symbol):
        add(.plain, following.range)
        switch symbol {
        case .leftParenthesis, .leftBracket: depth += 1
        case .rightParenthesis, .rightBracket: depth = max(0, depth - 1)
        case .leftBrace, .rightBrace:
          braces = max(0, braces + (symbol == .leftBrace ? 1 : -1))
          (isStart, isRight, isMember) = (false, false, false)
          continue
        default: break
        }
        if symbol == .colon, isHead, depth + braces == 0 {
          (isStart, isHead) = (true, false)
          continue
        }
        isRight = depth + braces == 0 && !isCommand && symbol.assignment != nil
        isMember = symbol == .dot
        isStart = false
        continue
      }
      (isStart, isRight, isMember) = (false, false, false)
    }
    addGap(end..<range.upperBound, in: source, add)
    return marks
  }

  /// Blanks and comments between tokens.
  private func addGap(
    _ gap: Range<Int>, in source: Source, _ add: (Highlight.Kind, Range<Int>) -> Void
  ) {
    var start = gap.lowerBound
    while start < gap.upperBound {
      let hash = source.bytes[start..<gap.upperBound].firstIndex(of: .hash) ?? gap.upperBound
      add(.plain, start..<hash)
      let line = source.bytes[hash..<gap.upperBound].firstIndex(of: .newline) ?? gap.upperBound
      add(.comment, hash..<line)
      start = line
    }
  }

  /// Whether a name ends where a command's may: in front of a blank, the end or a comment.
  private static func endsWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    return first.isBlank || [.newline, .carriageReturn, .hash, UInt8(ascii: ";")].contains(first)
  }

  /// Whether `=`, `+=` and so on follow: the name is a variable then, not a command.
  private static func isAssignment(_ bytes: ArraySlice<UInt8>) -> Bool {
    let rest = bytes.drop { $0.isBlank }
    guard let first = rest.first else { return false }
    let second = rest.dropFirst().first
    if first == UInt8(ascii: "=") { return second != UInt8(ascii: "=") }
    let isOperator = [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/")]
      .contains(first)
    return isOperator && second == UInt8(ascii: "=")
  }
}

extension Lexer {
  /// The line for a shell, such as `!pip install`, that begins behind the blanks at the present place.
  fileprivate func shellLine() -> Range<Int>? {
    var start = position
    while byte(start).isBlank { start += 1 }
    return byte(start) == UInt8(ascii: "!") ? start..<endOfLine(from: start) : nil
  }
}
