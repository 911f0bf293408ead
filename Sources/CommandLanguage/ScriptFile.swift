/// A script or notebook: a text cut into cells.
///
///     let file = try ScriptFile(source, parser: registry.parser())
///     for cell in file.cells where cell.kind == .code { … }
///
/// Every byte of the text belongs to the preamble or to one cell, so writing the parts gives the text
/// back. All statements are parsed here; a mistake anywhere is found before anything runs.
public struct ScriptFile: Sendable {
  /// The text.
  public let source: Source
  /// The `#!` line and the blank lines behind it.
  public let preambleRange: Range<Int>
  /// The cells in order.
  public let cells: [Cell]

  /// The longest line and file that are read, in bytes.
  ///
  /// Statements take some hundred times as much memory as their text.
  public static let limits = (line: 1 << 20, file: 64 << 20)

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - source: the text.
  ///   - parser: reads the statements.
  ///   - attributes: names that a marker may carry beside the usual ones.
  ///   - keepsMistakes: whether a cell that cannot be read is kept, and fails when it runs.
  /// - Throws: the first mistake.
  public init(
    _ source: Source, parser: Parser, attributes: Set<String> = [], keepsMistakes: Bool = false
  ) throws(Diagnostic) {
    if let offset = source.firstInvalidByte {
      throw ScriptProblem.notUTF8.diagnostic(at: offset..<offset + 1, in: source)
    }
    self.source = source
    let layout = CellLayout(source)
    preambleRange = layout.preamble
    var reader = CellReader(
      source, parser: parser, known: attributes, keepsMistakes: keepsMistakes)
    for piece in layout.pieces { try reader.read(piece) }
    cells = reader.cells
  }

  /// The bytes of the file, put together from its parts.
  public var bytes: [UInt8] {
    cells.reduce(into: Array(source.bytes[preambleRange])) { $0 += source.bytes[$1.range] }
  }

  /// The cell with an id.
  public func cell(_ id: String) -> Cell? { cells.first { $0.id == id } }
}

// MARK: - Texts

extension ScriptFile {
  /// The text of a cell as it is meant: markdown without the escapes of `%%`, comments without `#`.
  public func text(of cell: Cell) -> String {
    var lines = source.lines(in: cell.bodyRange).map(source.text(in:))
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    if cell.kind == .markdown {
      lines = lines.map { cell.markerRange == nil ? uncommented($0) : $0 }
        .map { $0.hasPrefix("\\%%") ? String($0.dropFirst()) : $0 }
    }
    return lines.joined(separator: "\n")
  }

  private func uncommented(_ line: String) -> String {
    let text = line.drop { $0.isWhitespace }.dropFirst()
    return String(text.first == " " ? text.dropFirst() : text)
  }

  /// The file with other recorded output; no other byte changes.
  ///
  /// - Parameter outputs: lines to record below a line of statements; nil removes what is there.
  /// - Returns: the bytes to write.
  /// - Precondition: the lines are in the order of the file.
  public func recording(_ outputs: [(line: StatementLine, output: [String]?)]) -> [UInt8] {
    source.replacing(
      outputs.map { line, output in
        let range = line.recording.outputRange
        return (range, recordedText(output ?? [], at: range))
      })
  }

  private func recordedText(_ lines: [String], at range: Range<Int>) -> String {
    guard !lines.isEmpty else { return "" }
    // A file with CRLF keeps it; a last line without an ending gets one before the output.
    let first = source.lineRange(1).upperBound
    let usesReturn = first < source.bytes.count && source.bytes[first] == .carriageReturn
    let ending = usesReturn ? "\r\n" : "\n"
    let isBehindLine = range.lowerBound == 0 || source.bytes[range.lowerBound - 1] == .newline
    let isLast = range.upperBound == source.bytes.count && source.bytes.last != .newline
    let text = lines.map { $0.isEmpty ? "#>" : "#> \($0)" }.joined(separator: ending)
    return (isBehindLine ? "" : ending) + text + (isLast ? "" : ending)
  }
}
