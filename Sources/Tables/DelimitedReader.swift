#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
internal import CollabMemory
internal import CollabThreading

/// Reads a text file of rows and fields into a table, as pandas' `read_csv` does.
///
///     var reader = DelimitedReader()
///     reader.delimiter = "\t"
///     reader.hasHeader = false
///     reader.names = ["user", "movie", "rating", "timestamp"]
///     let ratings = try reader.read("ml-100k/u.data")
///
/// Blank lines, a byte order mark and the carriage returns of Windows lines are passed over. A column
/// holds whole numbers if all its fields are, else numbers, else text. Whole numbers of which some are
/// missing become decimal ones, but text where that would change them: beyond 2⁵³, and so do those
/// that need more than 64 bits. An empty name in the header becomes `Unnamed: 4`, one that is there
/// already `rating.1`. What pandas does and this does not: it never guesses dates or truth values,
/// and refuses rows that are too short instead of filling them up.
public struct DelimitedReader: Sendable, Equatable {
  /// How the bytes of a file stand for characters.
  public enum Encoding: Sendable, Equatable {
    /// UTF-8, checked.
    case utf8
    /// ISO-8859-1: every byte is a character.
    case latin1
    /// UTF-8 if all bytes of the file are, else ISO-8859-1.
    case automatic
  }

  /// Which columns of the file to keep; they keep the order of the file.
  public enum Selection: Sendable, Equatable {
    /// All of them.
    case all
    /// Those at these positions, counted from 0.
    case positions([Int])
    /// Those of these names.
    case named([String])
  }

  /// What the fields of a column must be.
  public enum ColumnType: Sendable, Equatable {
    /// The narrowest of whole numbers, numbers and text that takes every field.
    case automatic
    /// Whole numbers.
    case integers
    /// Decimal numbers.
    case doubles
    /// Whole numbers if all of them are and none is missing, else decimal numbers; never text.
    case numbers
    /// Text, also if it looks like numbers.
    case text
    /// Text as it is written: `null` is one, and only an empty one is missing.
    case verbatim
  }

  /// The delimiter that stands for any number of blanks and tabs.
  public static let blanks = "\\s+"
  /// The words that pandas takes for a missing value, and the empty one.
  public static let usualMissingWords: Set<String> = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  /// The text between two fields: one ASCII character, two as in `::`, or `blanks`; no quotation mark.
  public var delimiter = ","
  /// Whether the first line holds the names of the columns.
  public var hasHeader = true
  /// Names for the kept columns, or for all columns of the file, instead of those in the header.
  ///
  /// Without names and header, columns are called by their position: `0`, `1`, …
  public var names: [String]?
  /// Which columns to keep.
  public var columns = Selection.all
  /// The encoding of the file.
  public var encoding = Encoding.utf8
  /// Whether a field may stand between quotation marks, doubled inside it.
  public var allowsQuotes = true
  /// Types of some columns, by name; the others are `automatic`.
  public var types: [String: ColumnType] = [:]
  /// The type of columns that `types` does not name.
  public var usualType = ColumnType.automatic
  /// Fields that are no value.
  public var missingWords = usualMissingWords
  /// Whether `3,5` is a decimal number; `3.5` always is.
  public var usesDecimalComma = false
  /// How many rows to read, at most.
  public var rowLimit: Int?
  /// Whether malformed rows are left out instead of being an error.
  public var skipsBadRows = false

  /// Creates a reader of comma-separated UTF-8 with a header.
  public init() {}
}

/// Told now and then how many bytes of a file are read, and how many it has; says whether to go on.
public typealias ReadObserver = (_ done: Int, _ total: Int) -> Bool

/// What came out of reading a file.
public struct DelimitedReading: Sendable, Equatable {
  /// The rows that were read, in the order of the file.
  public let table: Table
  /// Columns that hold text although most of their fields are numbers.
  public let leaks: [TextLeak]
  /// How many malformed rows were left out; 0 unless `skipsBadRows` was set.
  public let skippedRowCount: Int
  /// What was wrong with the first of them.
  public let firstSkipped: TableError?

  /// How many rows were left out, and what was wrong with the first; nil if none were.
  public var skippedSentence: String? {
    guard skippedRowCount > 0 else { return nil }
    let first = firstSkipped.map { "; the first: \($0)" } ?? ""
    return "malformed rows were left out: \(skippedRowCount)\(first)"
  }
}

// MARK: - Reading
extension DelimitedReader {
  /// Reads a file, or nothing of it if it has a malformed row.
  ///
  /// - Throws: `TableError`; for a malformed row with its file name, line number and text.
  /// - Complexity: one pass over the bytes; one or two more if columns turn out to be text that their
  ///   first rows do not suggest.
  public func read(_ path: String, observer: ReadObserver? = nil) throws(TableError) -> Table {
    try reading(path, observer: observer).table
  }

  /// Reads a file and says how many rows were left out.
  ///
  /// - Throws: `TableError`, as `read`.
  public func reading(
    _ path: String, observer: ReadObserver? = nil
  ) throws(TableError) -> DelimitedReading {
    try reading(DelimitedFile(path, observer: observer), observer: observer)
  }

  /// Reads a file that is in memory.
  ///
  /// - Throws: `TableError`, as `read`.
  public func reading(
    _ file: DelimitedFile, observer: ReadObserver? = nil
  ) throws(TableError) -> DelimitedReading {
    if let restart = file.restart { return try reading(blocksOf: file, restart, observer) }
    let reading = try parse(file.bytes.buffer, file: file.name, observer)
    return withExtendedLifetime(file) { reading }
  }

  /// Reads text that is already in memory; `name` is what error messages call it.
  ///
  /// - Throws: `TableError`, as `read`.
  public func read(text: String, named name: String = "text") throws(TableError) -> Table {
    try read(bytes: Array(text.utf8), named: name)
  }

  /// Reads bytes that are already in memory; `name` is what error messages call them.
  ///
  /// - Throws: `TableError`, as `read`.
  public func read(bytes: [UInt8], named name: String = "bytes") throws(TableError) -> Table {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(TableError) in try parse(buffer, file: name) }
    }
    return try result.get().table
  }

  private func parse(
    _ bytes: UnsafeRawBufferPointer, file: String, _ observer: ReadObserver? = nil
  ) throws(TableError) -> DelimitedReading {
    let source = try DelimitedSource(bytes, file: file, reader: self)
    let splitter = RowSplitter(source)
    let layout = try DelimitedLayout(reader: self, splitter: splitter)
    var kinds = layout.guessKinds(splitter, limit: rowLimit)
    let ranges = rowLimit == nil ? source.pieces(from: layout.start) : [layout.start..<source.end]
    // A column is widened twice at most, and all that have to be are at the same time.
    while true {
      var pieces: [RowParser.Piece] = []
      for outcome in try outcomes(source, layout, kinds, ranges, limit: rowLimit, observer) {
        switch outcome {
        case .done(let piece): pieces.append(piece)
        case .failed(let error): throw error
        }
      }
      var needs = ColumnNeeds(layout)
      needs.add(pieces)
      let wanted = needs.kinds(insteadOf: kinds)
      if wanted == kinds { return Self.joined(pieces, source, layout) }
      kinds = wanted
    }
  }

  /// What comes out of each piece of the source, all of them parsed at the same time.
  func outcomes(
    _ source: DelimitedSource, _ layout: DelimitedLayout, _ kinds: [Column.Kind],
    _ ranges: [Range<UnsafePointer<UInt8>>], isOpen: Bool = false, limit: Int?,
    _ observer: ReadObserver?
  ) throws(TableError) -> [RowParser.Outcome] {
    let capacities = ranges.map { layout.capacity(for: $0, limit: limit) }
    // Four bytes a value here, and as many in the columns that come out.
    let room = capacities.reduce(0, +).multipliedReportingOverflow(by: 8 * layout.kept.count)
    guard !room.overflow, AvailableMemory.hasRoom(for: room.partialValue) else {
      throw .tooLarge(source.file, bytes: source.end - source.base)
    }
    let parsers = zip(ranges, capacities).map { range, capacity in
      RowParser(
        source: source, splitter: RowSplitter(source), layout: layout, kinds: kinds, bytes: range,
        capacity: capacity, limit: limit)
    }
    var outcomes = [RowParser.Outcome?](repeating: nil, count: ranges.count)
    // The first piece is the calling thread's, and stands for all.
    let whole: ReadObserver? = observer.map { observer in
      { done, total in observer(done * ranges.count, total * ranges.count) }
    }
    outcomes.withUnsafeMutableBufferPointer { outcomes in
      Threads(ranges.count).forEach(ranges.count) { piece in
        outcomes[piece] = parsers[piece].run(
          skippingBadRows: skipsBadRows, isOpen: isOpen && piece == ranges.count - 1,
          piece == 0 ? whole : nil)
      }
    }
    return outcomes.compactMap(\.self)
  }

  private static func joined(
    _ pieces: [RowParser.Piece], _ source: DelimitedSource, _ layout: DelimitedLayout
  ) -> DelimitedReading {
    // Values are read through pointers, which keep nothing alive.
    let columns = withExtendedLifetime(pieces) {
      (pieces.first?.builders ?? []).indices.map { column in
        ColumnBuilder.column(of: pieces.map { ($0.builders[column], $0.rowCount) })
      }
    }
    return DelimitedReading(
      table: Table(checked: columns),
      leaks: TextLeak.all(in: columns, source, layout),
      skippedRowCount: pieces.reduce(0) { $0 + $1.skippedRowCount },
      firstSkipped: pieces.lazy.compactMap(\.firstSkipped).first)
  }
}

extension DelimitedSource {
  /// Bytes from which on another thread is worth its start.
  private static let pieceBytes = 1 << 21

  /// Runs of whole rows, one for each thread; a single one if a field may contain line breaks.
  func pieces(from start: UnsafePointer<UInt8>) -> [Range<UnsafePointer<UInt8>>] {
    let size = end - start
    let wanted = min(Threads.current.count, size / Self.pieceBytes)
    guard wanted > 1, quote == 0 || memchr(start, Int32(quote), size) == nil else {
      return [start..<end]
    }
    var ranges: [Range<UnsafePointer<UInt8>>] = []
    var first = start
    for piece in 1...wanted {
      let place = max(first, start + size * piece / wanted)
      let newline = memchr(place, 10, end - place)
      let next = newline.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) + 1 } ?? end
      let last = piece == wanted ? end : next
      ranges.append(first..<last)
      first = last
    }
    return ranges
  }
}

// MARK: - Which fields become columns
/// What the first line and the options say about the fields of every row.
struct DelimitedLayout {
  struct Kept {
    let name: String
    let position: Int
    let type: DelimitedReader.ColumnType
  }

  /// The number of fields every row must have.
  let fieldCount: Int
  /// The columns to keep, in the order of the file.
  let kept: [Kept]
  /// Where the rows begin.
  let start: UnsafePointer<UInt8>

  init(reader: DelimitedReader, splitter: RowSplitter) throws(TableError) {
    let source = splitter.source
    guard let first = splitter.firstRow() else { throw .emptyFile(source.file) }
    guard first.end == .complete else { throw .unclosedQuote(source.place(first.start)) }
    let header = reader.hasHeader ? Self.distinct(splitter.fields.map(source.text)) : nil
    start = reader.hasHeader ? first.next : first.start
    let names = reader.names
    let fieldCount =
      if case .all = reader.columns, let names, header == nil {
        names.count
      } else {
        splitter.fields.count
      }
    self.fieldCount = fieldCount

    if names?.isEmpty == true {
      throw .wrongNameCount(file: source.file, names: 0, columns: splitter.fields.count)
    }

    let allNames = names.flatMap { $0.count == fieldCount ? $0 : nil } ?? header
    let positions: [Int]
    switch reader.columns {
    case .all: positions = Array(0..<fieldCount)
    case .positions(let asked):
      if let wrong = asked.first(where: { $0 < 0 || $0 >= fieldCount }) {
        throw .noColumnAt(wrong, count: fieldCount)
      }
      positions = Set(asked).sorted()
    case .named(let asked):
      var found: Set<Int> = []
      for name in asked {
        guard let position = allNames?.firstIndex(of: name) else {
          throw .noColumn(name, available: allNames ?? [])
        }
        found.insert(position)
      }
      positions = found.sorted()
    }
    if let names, names.count != positions.count, names.count != fieldCount {
      throw .wrongNameCount(file: source.file, names: names.count, columns: positions.count)
    }
    let kept = positions.enumerated().map { order, position in
      let name =
        if let names, names.count == positions.count {
          names[order]
        } else {
          allNames?[position] ?? String(position)
        }
      return Kept(name: name, position: position, type: reader.types[name] ?? reader.usualType)
    }
    var seen: Set<String> = []
    for column in kept where !seen.insert(column.name).inserted {
      throw .duplicateColumn(column.name)
    }
    self.kept = kept
  }

  /// Names for columns as pandas gives them: `Unnamed: 3` for an empty one, `a.1` for a second `a`.
  private static func distinct(_ header: [String]) -> [String] {
    var counts: [String: Int] = [:]
    var used = Set(header)
    return header.enumerated().map { position, written in
      let name = written.isEmpty ? "Unnamed: \(position)" : written
      guard var count = counts[name] else {
        counts[name] = 1
        return name
      }
      while used.contains("\(name).\(count)") { count += 1 }
      counts[name] = count + 1
      used.insert("\(name).\(count)")
      return "\(name).\(count)"
    }
  }

  /// How many rows some bytes may hold, and one more, which may turn out malformed.
  ///
  /// Every field of a row has one byte behind it, so that memory for all columns is proportional to
  /// the bytes, however many lines they hold.
  func capacity(for bytes: Range<UnsafePointer<UInt8>>, limit: Int?) -> Int {
    let size = bytes.upperBound - bytes.lowerBound
    let lines = RowParser.lineCount(from: bytes.lowerBound, to: bytes.upperBound)
    return min(lines, (size + 1) / fieldCount, limit ?? .max) + 1
  }

  /// The kinds of the kept columns in the first rows; declared types come first.
  func guessKinds(_ splitter: RowSplitter, limit: Int?) -> [Column.Kind] {
    let source = splitter.source
    var kinds = kept.map { column -> Column.Kind in
      switch column.type {
      case .automatic, .integers, .numbers: .integers
      case .doubles: .doubles
      case .text, .verbatim: .text
      }
    }
    var next = start
    for _ in 0..<min(100, limit ?? 100) where next < source.end {
      let row = splitter.split(next)
      next = row.next
      guard row.end == .complete, splitter.fields.count == fieldCount else { continue }
      for (index, column) in kept.enumerated() where column.type == .automatic {
        let field = splitter.fields[column.position]
        guard kinds[index] != .text,
          case .notANumber = NumberParsing.integer(field, source.missing)
        else { continue }
        let isNumber =
          NumberParsing.double(field, source.missing, point: source.decimalPoint) != nil
        kinds[index] = isNumber ? .doubles : .text
      }
    }
    return kinds
  }
}
