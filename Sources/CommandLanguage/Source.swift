/// A text that statements are read from, with a name and a table of its lines.
///
///     let source = Source("fit 5 5e-3 wd=high", name: "bias.collab")
///     source.position(at: 11)  // line 1, column 12
///
/// Places in a source are offsets into its UTF-8 bytes, and a stretch of it is a `Range<Int>` of such
/// offsets. Copies share the bytes.
public struct Source: Sendable, Hashable {
  /// A line and a column, both counted from one; a column is one character as a reader sees it.
  public struct Position: Sendable, Hashable {
    /// The line, counted from one.
    public let line: Int
    /// The column, counted from one.
    public let column: Int
  }

  /// The name of a text that was typed at the prompt.
  public static let promptName = "<prompt>"

  /// The file's name as the user wrote it, or a word in angle brackets.
  public let name: String
  /// The text in UTF-8.
  public let bytes: [UInt8]
  /// The offset at which each line begins.
  let lineStarts: [Int]

  /// A text, by default one that was typed at the prompt.
  public init(_ text: String, name: String = Source.promptName) {
    self.init(bytes: Array(text.utf8), name: name)
  }

  /// The bytes of a file, which need not be valid UTF-8.
  public init(bytes: [UInt8], name: String) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == .newline {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  /// The whole text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether this text was typed at the prompt.
  public var isPrompt: Bool { name == Source.promptName }

  /// The folder in the file's name; nil if the name has none.
  public var folder: String? {
    name.lastIndex(of: "/").map { $0 == name.startIndex ? "/" : String(name[..<$0]) }
  }

  /// The range of the whole text.
  public var range: Range<Int> { 0..<bytes.count }

  /// The number of lines; a text that ends in a newline has an empty last line.
  public var lineCount: Int { lineStarts.count }
}

// MARK: - Stretches of text

extension Source {
  /// The text in a range; parts of the range outside the source are left out.
  public func text(in range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: self.range)], as: UTF8.self)
  }

  /// The text with some ranges replaced, every other byte as it is.
  ///
  /// - Precondition: the ranges are in ascending order and do not overlap.
  public func replacing(_ edits: [(range: Range<Int>, text: String)]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    for edit in edits {
      precondition(
        edit.range.lowerBound >= position && edit.range.upperBound <= bytes.count,
        "edits overlap, or leave the text, at \(edit.range)")
      result += bytes[position..<edit.range.lowerBound]
      result += edit.text.utf8
      position = edit.range.upperBound
    }
    return result + bytes[position...]
  }
}

// MARK: - Lines

extension Source {
  /// The number of the line that holds an offset, counted from one.
  ///
  /// - Complexity: O(log *lines*).
  public func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Line and column of an offset.
  ///
  /// - Complexity: O(length of the line).
  public func position(at offset: Int) -> Position {
    let line = line(at: offset)
    let start = lineStarts[line - 1]
    let end = max(start, min(offset, bytes.count))
    return Position(line: line, column: text(in: start..<end).count + 1)
  }

  /// The range of a line, counted from one, without its line ending; empty if there is no such line.
  public func lineRange(_ line: Int) -> Range<Int> {
    guard lineStarts.indices.contains(line - 1) else { return bytes.count..<bytes.count }
    let start = lineStarts[line - 1]
    guard line < lineStarts.count else { return start..<bytes.count }
    var end = lineStarts[line] - 1
    if end > start, bytes[end - 1] == .carriageReturn { end -= 1 }
    return start..<end
  }

  /// The lines that begin in a range, each without its line ending.
  func lines(in range: Range<Int>) -> [Range<Int>] {
    guard !range.isEmpty else { return [] }
    return (line(at: range.lowerBound)...line(at: range.upperBound - 1)).map(lineRange)
  }
}

// MARK: - Reading a file

extension Source {
  /// The first byte that is not part of valid UTF-8, or nil.
  ///
  /// - Complexity: O(*bytes*).
  public var firstInvalidByte: Int? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}

// MARK: - Bytes

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let tab = UInt8(ascii: "\t")
  static let space = UInt8(ascii: " ")
  static let hash = UInt8(ascii: "#")
  static let backslash = UInt8(ascii: "\\")
  static let singleQuote = UInt8(ascii: "'")
  static let doubleQuote = UInt8(ascii: "\"")
  static let percent = UInt8(ascii: "%")

  /// White space within a line.
  var isBlank: Bool { self == .space || self == .tab || self == .carriageReturn }

  var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  /// Whether this may begin a name, as far as one byte tells: letters, `_`, and all beyond ASCII.
  var mayBeginName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  var mayContinueName: Bool { mayBeginName || isDigit }

  /// Whether this may stand before the quote of a text, as in `f'…'` and `r'…'`.
  var mayPrefixString: Bool {
    switch self | 0x20 {
    case UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "u"), UInt8(ascii: "b"): true
    default: false
    }
  }
}
