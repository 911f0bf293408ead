// MARK: - Block by block
extension DelimitedReader {
  /// Reads a file of which a block is in memory at a time, beside the columns that come out of it.
  ///
  /// - Throws: `TableError`, as `read`.
  func reading(
    blocksOf file: DelimitedFile, _ restart: () throws(TableError) -> any ByteSource,
    _ observer: ReadObserver?
  ) throws(TableError) -> DelimitedReading {
    var reader = self
    // Whether all of it is UTF-8 shows in the last block.
    if encoding == .automatic { reader.encoding = file.isUTF8 ? .utf8 : .latin1 }
    var kinds: [Column.Kind]?
    while true {
      let pass = try BlockPass(file, reader, kinds, findsEncoding: encoding == .automatic)
      switch try pass.run(restart(), observer) {
      case .done(let reading): return reading
      case .otherKinds(let wanted): kinds = wanted
      case .otherEncoding:
        file.hasOtherBytes = true
        (reader.encoding, kinds) = (.latin1, nil)
      }
    }
  }
}

/// One way through the blocks of a file.
private final class BlockPass {
  enum End {
    case done(DelimitedReading)
    /// Columns must be of other kinds than they were read as.
    case otherKinds([Column.Kind])
    /// There are bytes that are no UTF-8.
    case otherEncoding
  }

  private let file: DelimitedFile
  private let reader: DelimitedReader
  private let layout: DelimitedLayout
  private let kinds: [Column.Kind]
  private let findsEncoding: Bool
  /// How many bytes stand before the first row.
  private let headerBytes: Int

  private var needs: ColumnNeeds
  private var blocks: [[Column]] = []
  private var leaks: TextLeak.Search
  private var (rowCount, skippedRowCount) = (0, 0)
  private var firstSkipped: TableError?

  init(
    _ file: DelimitedFile, _ reader: DelimitedReader, _ kinds: [Column.Kind]?,
    findsEncoding: Bool
  ) throws(TableError) {
    (self.file, self.reader, self.findsEncoding) = (file, reader, findsEncoding)
    let bytes = file.bytes.buffer
    let splitter = RowSplitter(try DelimitedSource(bytes, file: file.name, reader: reader))
    layout = try DelimitedLayout(reader: reader, splitter: splitter)
    self.kinds = kinds ?? layout.guessKinds(splitter, limit: reader.rowLimit)
    headerBytes = layout.start - splitter.source.start
    needs = ColumnNeeds(layout)
    leaks = TextLeak.Search(layout)
  }

  func run(_ bytes: any ByteSource, _ observer: ReadObserver?) throws(TableError) -> End {
    var pages = try Pages(file.blockBytes, path: file.name)
    var (line, isFirst) = (1, true)
    while true {
      let got = try bytes.fill(pages.free)
      pages.advance(got)
      let isOpen = pages.free.isEmpty
      guard observer?(0, 1) ?? true else { throw .interrupted }
      guard pages.count > 0 else { break }
      if findsEncoding, reader.encoding == .utf8, !UTF8Check.isValid(pages.used) {
        return .otherEncoding
      }
      let source = try DelimitedSource(
        pages.used, file: file.name, reader: reader, firstLine: line)
      let start = isFirst ? source.start + headerBytes : source.base
      let rest = try take(source, from: start, isOpen: isOpen)
      let taken = rest - source.start
      if !isOpen || reader.rowLimit.map({ rowCount >= $0 }) ?? false { break }
      line += RowParser.lineCount(from: source.base, to: rest) - 1
      if taken > (isFirst ? headerBytes : 0) {
        pages.drop(taken)
        isFirst = false
      } else {
        // A row that is longer than a block.
        let larger = try Pages(2 * pages.count, path: file.name)
        larger.append(pages.used)
        pages = larger
        line = source.firstLine
      }
    }
    let wanted = needs.kinds(insteadOf: kinds)
    guard wanted == kinds else { return .otherKinds(wanted) }
    let columns = layout.kept.indices.map { column in Column.joined(blocks.map { $0[column] }) }
    return .done(
      DelimitedReading(
        table: Table(checked: columns), leaks: leaks.found(in: columns, reader),
        skippedRowCount: skippedRowCount, firstSkipped: firstSkipped))
  }

  /// Takes in the rows of a block; says where the one begins that it does not hold to its end.
  private func take(
    _ source: DelimitedSource, from start: UnsafePointer<UInt8>, isOpen: Bool
  ) throws(TableError) -> UnsafePointer<UInt8> {
    let limit = reader.rowLimit.map { $0 - rowCount }
    let ranges = limit == nil ? source.pieces(from: start) : [start..<source.end]
    var pieces: [RowParser.Piece] = []
    let outcomes = try reader.outcomes(
      source, layout, kinds, ranges, isOpen: isOpen, limit: limit, nil)
    for outcome in outcomes {
      switch outcome {
      case .done(let piece): pieces.append(piece)
      case .failed(let error): throw error
      }
    }
    needs.add(pieces)
    // Once columns must be read again nothing is kept of them.
    if needs.kinds(insteadOf: kinds) == kinds {
      let columns = withExtendedLifetime(pieces) {
        kinds.indices.map { column in
          ColumnBuilder.column(of: pieces.map { ($0.builders[column], $0.rowCount) })
        }
      }
      blocks.append(columns)
      leaks.look(into: columns, source, from: start)
    } else {
      blocks = []
    }
    rowCount += pieces.reduce(0) { $0 + $1.rowCount }
    skippedRowCount += pieces.reduce(0) { $0 + $1.skippedRowCount }
    firstSkipped = firstSkipped ?? pieces.lazy.compactMap(\.firstSkipped).first
    return pieces.last?.rest ?? start
  }
}
