import CollabInterpreter
import CollabLanguage
import CollabLineEditing
import CollabNotebook

/// How a statement looks while it is typed: by the highlighter of the pages, and by what the session
/// knows.
struct StatementStyles {
  private let session: Session
  private let commands: Set<String>
  private let functions: Set<String>

  init(_ session: Session) {
    self.session = session
    commands = Session.registry.commandNames
    functions = Session.registry.functionNames
  }

  /// The styles of a text; a word that stands for nothing is marked once the cursor has left it.
  func styles(_ text: String, cursor: Int) -> [StyledStretch] {
    let source = Source(text)
    let parser = Parser(commands: commands, variables: [])
    let highlights = parser.highlights(in: source)
    var stretches = highlights.compactMap { highlight in
      TextStyle(highlight.kind).map { StyledStretch(highlight.range, $0) }
    }
    let plain = PlainBytes(source.bytes, highlights)
    stretches += unknownWords(plain, source, cursor).map { StyledStretch($0, .unknown) }
    stretches += plain.matchingBrackets(at: cursor).map { StyledStretch($0..<$0 + 1, .bracket) }
    return stretches
  }

  /// Whether a statement begins with something that exists now.
  func canRun(_ statement: String) -> Bool {
    let source = Source(statement)
    guard let word = source.bytes[...].firstWord else { return true }
    return isKnown(source.text(in: word)) || source.bytes[word.upperBound...].isAssignment
  }

  private func isKnown(_ name: String) -> Bool {
    functions.contains(name) || session.variables[name] != nil || Parser.isWord(name)
      || session.library.knows(name)
  }

  /// First words of statements that nothing is called.
  private func unknownWords(_ plain: PlainBytes, _ source: Source, _ cursor: Int) -> [Range<Int>] {
    var seen: Set<String> = []
    return plain.statementStarts.compactMap { start in
      guard let word = source.bytes[start...].firstWord else { return nil }
      let name = source.text(in: word)
      let isFirst = seen.insert(name).inserted
      guard plain.isPlain(word.lowerBound), isFirst, !isKnown(name) else { return nil }
      let isLeft = cursor < word.lowerBound || cursor > word.upperBound
      guard isLeft, !source.bytes[word.upperBound...].isAssignment else { return nil }
      // What stands below the first line may have been named above it.
      return start > 0 && source.text(in: 0..<start).contains(name) ? nil : word
    }
  }
}

extension TextStyle {
  fileprivate init?(_ kind: Highlight.Kind) {
    switch kind {
    case .plain: return nil
    case .command: self = .command
    case .keyword: self = .keyword
    case .option: self = .option
    case .number: self = .number
    case .string: self = .string
    case .comment: self = .comment
    }
  }
}

/// A text with what of it is in no quotes and no comment.
private struct PlainBytes {
  private let bytes: [UInt8]
  private let isInside: [Bool]
  private let isMarked: [Bool]

  init(_ bytes: [UInt8], _ highlights: [Highlight]) {
    self.bytes = bytes
    var (inside, marked) = (
      [Bool](repeating: false, count: bytes.count), [Bool](repeating: false, count: bytes.count)
    )
    for highlight in highlights where highlight.kind != .plain {
      let isText = highlight.kind == .string || highlight.kind == .comment
      for place in highlight.range {
        marked[place] = true
        if isText { inside[place] = true }
      }
    }
    (isInside, isMarked) = (inside, marked)
  }

  /// Whether the highlighter has nothing to say about a byte.
  func isPlain(_ place: Int) -> Bool { !isMarked[place] }

  /// Where statements begin that are in no brackets.
  var statementStarts: [Int] {
    var starts = [0]
    var depth = 0
    for (place, byte) in bytes.enumerated() where !isInside[place] {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      case UInt8(ascii: "\n"), UInt8(ascii: ";"): if depth == 0 { starts.append(place + 1) }
      default: break
      }
    }
    return starts
  }

  /// The bracket at the cursor or before it, and the one that matches.
  func matchingBrackets(at cursor: Int) -> [Int] {
    for place in [cursor, cursor - 1] where bytes.indices.contains(place) && !isInside[place] {
      if let match = match(of: place) { return [place, match] }
    }
    return []
  }

  private func match(of place: Int) -> Int? {
    let (open, close) = (Array("([{".utf8), Array(")]}".utf8))
    let opens = open.contains(bytes[place])
    guard opens || close.contains(bytes[place]) else { return nil }
    var depth = 0
    let way =
      opens
      ? Array(stride(from: place, to: bytes.count, by: 1))
      : Array(stride(from: place, through: 0, by: -1))
    for other in way where !isInside[other] {
      if open.contains(bytes[other]) { depth += opens ? 1 : -1 }
      if close.contains(bytes[other]) { depth += opens ? -1 : 1 }
      if depth == 0 { return other }
    }
    return nil
  }
}

extension ArraySlice<UInt8> {
  /// The name that stands first, behind blanks.
  fileprivate var firstWord: Range<Int>? {
    let start = firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? endIndex
    func isLetter(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || byte >= 0x80
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    func continues(_ byte: UInt8) -> Bool {
      isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard start < endIndex, isLetter(self[start]) else { return nil }
    return start..<(self[start...].firstIndex { !continues($0) } ?? endIndex)
  }

  /// Whether what follows a name makes it a new one: `=`, `, b =`, `: int =`.
  fileprivate var isAssignment: Bool {
    let rest = drop { $0 == UInt8(ascii: " ") }
    guard let first = rest.first else { return false }
    if first == UInt8(ascii: "=") { return rest.dropFirst().first != UInt8(ascii: "=") }
    return first == UInt8(ascii: ",") || first == UInt8(ascii: ":")
  }
}
