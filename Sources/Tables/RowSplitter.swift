#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The bytes of one file and what is known about them before the first row.
struct DelimitedSource {
  let file: String
  /// The first byte.
  let start: UnsafePointer<UInt8>
  /// The first byte of text.
  let base: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  let delimiter: UInt8
  /// The second character of the delimiter, or 0.
  let secondDelimiter: UInt8
  let delimiterName: String
  /// Whether fields are separated by runs of blanks and tabs.
  let splitsAtBlanks: Bool
  /// The quotation mark, or 0.
  let quote: UInt8
  let isLatin1: Bool
  /// What stands before the decimals.
  let decimalPoint: UInt8
  let missing: MissingWords
  /// The number of the first line.
  let firstLine: Int

  /// The bytes of a file, or of a part of it that begins with a later line.
  init(
    _ bytes: UnsafeRawBufferPointer, file: String, reader: DelimitedReader, firstLine: Int = 1
  ) throws(TableError) {
    self.file = file
    self.firstLine = firstLine
    splitsAtBlanks = reader.delimiter == DelimitedReader.blanks
    let delimiters = Array((splitsAtBlanks ? " " : reader.delimiter).utf8)
    guard (1...2).contains(delimiters.count),
      delimiters.allSatisfy({ $0 < 0x80 && $0 != 0 && !"\"\r\n".utf8.contains($0) })
    else { throw .badDelimiter(reader.delimiter) }
    delimiter = delimiters[0]
    secondDelimiter = delimiters.count == 2 ? delimiters[1] : 0
    delimiterName = Self.name(of: reader.delimiter)
    quote = reader.allowsQuotes ? UInt8(ascii: "\"") : 0
    decimalPoint = UInt8(ascii: reader.usesDecimalComma ? "," : ".")
    missing = MissingWords(reader.missingWords)
    guard let start = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else {
      throw .emptyFile(file)
    }
    self.start = start
    end = start + bytes.count
    base = firstLine == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? start + 3 : start
    isLatin1 =
      switch reader.encoding {
      case .utf8: false
      case .latin1: true
      case .automatic: !UTF8Check.isValid(bytes)
      }
    guard firstLine == 1 else { return }
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      throw .notText(file, hint: "it looks like a zip archive; unpack it first")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw .notText(file, hint: "it looks like a gzip archive; unpack it first")
    }
    if memchr(start, 0, min(bytes.count, 4096)) != nil { throw .notText(file, hint: nil) }
  }

  /// The field as a string; bytes that are no UTF-8 become replacement characters.
  func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    isLatin1
      ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
      : String(decoding: bytes, as: UTF8.self)
  }

  /// The place of the row that starts here, for an error message.
  ///
  /// - Complexity: O(bytes before it).
  func place(_ start: UnsafePointer<UInt8>) -> SourcePlace {
    let newline = UInt8(ascii: "\n")
    var line = firstLine
    for byte in UnsafeBufferPointer(start: base, count: start - base) where byte == newline {
      line += 1
    }
    let rest = UnsafeBufferPointer(start: start, count: min(end - start, 400))
    let bytes = rest.prefix { $0 != newline && $0 != UInt8(ascii: "\r") }
    let whole = text(UnsafeBufferPointer(rebasing: bytes))
    let cut = whole.count > 80 ? whole.prefix(79) + "…" : whole[...]
    return SourcePlace(file: file, line: line, text: String(cut))
  }

  /// A delimiter as it reads before "-separated".
  private static func name(of delimiter: String) -> String {
    switch delimiter {
    case "\t": "tab"
    case ",": "comma"
    case ";": "semicolon"
    case " ": "space"
    case DelimitedReader.blanks: "blank"
    default: "'\(delimiter)'"
    }
  }
}

/// Splits any row into its fields: the careful way, where the fast one of `RowParser` gives up.
final class RowSplitter {
  enum End { case complete, unclosedQuote }

  struct Row {
    let start: UnsafePointer<UInt8>
    let next: UnsafePointer<UInt8>
    let end: End
    let isBlank: Bool
  }

  let source: DelimitedSource
  /// The fields of the last row that was split, valid as long as this object.
  private(set) var fields: [UnsafeBufferPointer<UInt8>] = []
  private let copies = ByteArena()

  init(_ source: DelimitedSource) { self.source = source }

  /// The first row that is not blank.
  func firstRow() -> Row? {
    var next = source.base
    while next < source.end {
      let row = split(next)
      if !row.isBlank { return row }
      next = row.next
    }
    return nil
  }

  /// Splits the row that starts here and leaves its parts in `fields`.
  func split(_ start: UnsafePointer<UInt8>) -> Row {
    fields.removeAll(keepingCapacity: true)
    if source.splitsAtBlanks { return splitAtBlanks(start) }
    let end = source.end
    let newline = UInt8(ascii: "\n")
    var fieldStart = start
    while true {
      var cursor = fieldStart
      var quoted: (content: UnsafeBufferPointer<UInt8>, isPlain: Bool)?
      if source.quote != 0, cursor < end, cursor.pointee == source.quote {
        guard let closing = closingQuote(after: cursor) else {
          return Row(start: start, next: lineEnd(start), end: .unclosedQuote, isBlank: false)
        }
        let content = UnsafeBufferPointer(start: cursor + 1, count: closing.at - cursor - 1)
        quoted = (content, closing.isPlain)
        cursor = closing.at + 1
      }
      let tail = cursor
      while cursor < end, cursor.pointee != newline, !isDelimiter(cursor) { cursor += 1 }
      let atDelimiter = cursor < end && cursor.pointee != newline
      let carriage = !atDelimiter && cursor > tail && (cursor - 1).pointee == UInt8(ascii: "\r")
      let rest = UnsafeBufferPointer(start: tail, count: cursor - tail - (carriage ? 1 : 0))
      if let quoted {
        fields.append(
          quoted.isPlain && rest.isEmpty ? quoted.content : unquoted(quoted.content, then: rest))
      } else {
        fields.append(rest)
      }
      if atDelimiter {
        fieldStart = cursor + (source.secondDelimiter == 0 ? 1 : 2)
        continue
      }
      let isBlank =
        fields.count == 1 && quoted == nil
        && rest.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      return Row(
        start: start, next: cursor < end ? cursor + 1 : end, end: .complete, isBlank: isBlank)
    }
  }

  /// Splits a row whose fields are separated, and perhaps surrounded, by runs of blanks.
  private func splitAtBlanks(_ start: UnsafePointer<UInt8>) -> Row {
    let end = source.end
    func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
    var cursor = start
    while true {
      while cursor < end, isBlank(cursor.pointee) { cursor += 1 }
      guard cursor < end, cursor.pointee != UInt8(ascii: "\n") else { break }
      let fieldStart = cursor
      if source.quote != 0, cursor.pointee == source.quote {
        guard let closing = closingQuote(after: cursor) else {
          return Row(start: start, next: lineEnd(start), end: .unclosedQuote, isBlank: false)
        }
        let content = UnsafeBufferPointer(start: cursor + 1, count: closing.at - cursor - 1)
        let none = UnsafeBufferPointer(start: closing.at, count: 0)
        fields.append(closing.isPlain ? content : unquoted(content, then: none))
        cursor = closing.at + 1
        continue
      }
      while cursor < end, !isBlank(cursor.pointee), cursor.pointee != UInt8(ascii: "\n") {
        cursor += 1
      }
      fields.append(UnsafeBufferPointer(start: fieldStart, count: cursor - fieldStart))
    }
    return Row(
      start: start, next: cursor < end ? cursor + 1 : end, end: .complete, isBlank: fields.isEmpty)
  }

  /// The beginning of the next line.
  func lineEnd(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var cursor = start
    while cursor < source.end, cursor.pointee != UInt8(ascii: "\n") { cursor += 1 }
    return cursor < source.end ? cursor + 1 : source.end
  }

  private func isDelimiter(_ cursor: UnsafePointer<UInt8>) -> Bool {
    cursor.pointee == source.delimiter
      && (source.secondDelimiter == 0
        || cursor + 1 < source.end && cursor[1] == source.secondDelimiter)
  }

  /// Where a quoted field ends: a quotation mark inside it is doubled, or has a backslash before it.
  private func closingQuote(
    after opening: UnsafePointer<UInt8>
  ) -> (at: UnsafePointer<UInt8>, isPlain: Bool)? {
    var cursor = opening + 1
    var isPlain = true
    while cursor < source.end {
      if cursor.pointee == source.quote {
        if cursor > opening + 1, (cursor - 1).pointee == UInt8(ascii: "\\"), !endsField(cursor + 1)
        {
          isPlain = false
          cursor += 1
          continue
        }
        guard cursor + 1 < source.end, cursor[1] == source.quote else { return (cursor, isPlain) }
        isPlain = false
        cursor += 1
      }
      cursor += 1
    }
    return nil
  }

  /// Whether a field is over here, so that the backslash before its last quotation mark is its own.
  private func endsField(_ cursor: UnsafePointer<UInt8>) -> Bool {
    cursor >= source.end || cursor.pointee == UInt8(ascii: "\n")
      || cursor.pointee == UInt8(ascii: "\r") || isDelimiter(cursor)
  }

  private func unquoted(
    _ content: UnsafeBufferPointer<UInt8>, then rest: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var bytes: [UInt8] = []
    var isSecond = false
    for byte in content {
      if byte == source.quote {
        if !isSecond, bytes.last == UInt8(ascii: "\\") {
          bytes[bytes.count - 1] = byte
          continue
        }
        isSecond.toggle()
        if !isSecond { continue }
      }
      bytes.append(byte)
    }
    bytes += rest
    return bytes.withUnsafeBufferPointer {
      UnsafeBufferPointer(start: copies.copy($0), count: $0.count)
    }
  }
}

/// Numbers in bytes, in the forms pandas takes: the careful way.
enum NumberParsing {
  enum Integer: Equatable {
    case value(Int)
    case missing
    case overflow
    case notANumber
  }

  static func integer(
    _ field: UnsafeBufferPointer<UInt8>, _ missing: MissingWords
  ) -> Integer {
    var bytes = trimmed(field)
    if missing.contain(bytes) { return .missing }
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 &- 48 < 10 }) else { return .notANumber }
    var value = 0
    for byte in bytes {
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let digit = Int(byte - 48)
      let (sum, tooFar) =
        isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      if tooBig || tooFar { return .overflow }
      value = sum
    }
    return .value(value)
  }

  /// The number, `nan` for a missing one, or nil for what is no number.
  static func double(
    _ field: UnsafeBufferPointer<UInt8>, _ missing: MissingWords, point: UInt8
  ) -> Double? {
    let bytes = trimmed(field)
    if missing.contain(bytes) { return .nan }
    // Swift would also take hexadecimal numbers and words for what is no number.
    guard bytes.allSatisfy({ $0 &- 48 < 10 || $0 == point || "+-.eE".utf8.contains($0) }) else {
      return infinity(bytes)
    }
    if point == UInt8(ascii: ".") { return Double(String(decoding: bytes, as: UTF8.self)) }
    let dotted = bytes.map { $0 == point ? UInt8(ascii: ".") : $0 }
    return Double(String(decoding: dotted, as: UTF8.self))
  }

  /// What a word for infinity stands for, as pandas takes it; nil for other words.
  private static func infinity(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    guard bytes.count <= 9 else { return nil }
    return switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "inf", "+inf", "infinity", "+infinity": .infinity
    case "-inf", "-infinity": -.infinity
    default: nil
    }
  }

  static func trimmed(
    _ field: UnsafeBufferPointer<UInt8>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    let space = UInt8(ascii: " ")
    var slice = field[...]
    while slice.first == space { slice = slice.dropFirst() }
    while slice.last == space { slice = slice.dropLast() }
    return slice
  }
}
