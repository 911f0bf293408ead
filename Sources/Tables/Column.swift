import CollabThreading

/// A named sequence of whole numbers, decimal numbers or texts.
///
///     let rating = Column("rating", integers: [3, 3, 1])
///     rating.value(at: 2)  // .integer(1)
///
/// Values are kept as small as they allow: whole numbers in 1, 3, 4 or 8 bytes, decimal numbers of at
/// most 256 different values (half stars) in one byte, texts as 4-byte codes of a list of levels.
/// Everything that runs over many rows asks for a whole column at a time (`coded`, `floats`).
///
/// Two texts are equal if their UTF-8 bytes are; Swift's own `==` would also call "é" and "e" with a
/// combining accent equal, which a file of ids must not.
///
/// Truth values are whole numbers, 0 and 1, that say so (`isTruth`): what conditions give.
///
/// A value can be missing: in decimal numbers it is `nan`, in texts it is no text. Whole numbers are
/// never missing: a column of some and of gaps holds decimal numbers, as in pandas.
public struct Column: Sendable {
  /// What a column holds.
  public enum Kind: Sendable, Equatable, CustomStringConvertible {
    /// Whole numbers.
    case integers
    /// Decimal numbers; a missing one is `nan`.
    case doubles
    /// Texts.
    case text

    /// The kind in the plural, as error messages need it.
    public var description: String {
      switch self {
      case .integers: "whole numbers"
      case .doubles: "decimal numbers"
      case .text: "text"
      }
    }
  }

  /// One cell of a column.
  public enum Value: Sendable, Equatable {
    /// A whole number.
    case integer(Int)
    /// A decimal number.
    case double(Double)
    /// A text.
    case text(String)
    /// No text, in a column of texts; a missing number is `double(.nan)`.
    case missing
  }

  /// How values are kept; levels of text are distinct and ascending by UTF-8 bytes, and the code of a
  /// missing text is `CodedColumn.missing`.
  enum Storage: Sendable {
    case int8([Int8])
    case int24([Int24])
    case int32([Int32])
    case int64([Int64])
    case doubles([Double])
    case fewDoubles(codes: [UInt8], levels: [Double])
    case text(codes: [Int32], levels: [String])
    case truths([Bool])
  }

  /// The column's name, unique within a table.
  public let name: String
  let storage: Storage

  init(name: String, storage: Storage) {
    self.name = name
    self.storage = storage
  }

  /// Creates a column of whole numbers, in the narrowest storage that fits.
  ///
  /// - Complexity: O(`count`).
  public init(_ name: String, integers: [Int]) {
    self.init(name: name, storage: .narrowest(integers))
  }

  /// Creates a column of truth values, which are the whole numbers 0 and 1.
  public init(_ name: String, truths: [Bool]) {
    self.init(name: name, storage: .truths(truths))
  }

  /// Creates a column of decimal numbers.
  ///
  /// - Complexity: O(`count`).
  public init(_ name: String, doubles: [Double]) {
    self.init(name: name, storage: .fewest(doubles))
  }

  /// Creates a column of texts; those that are nil are missing.
  ///
  /// - Complexity: O(`count` + `levels` × log `levels`).
  public init(_ name: String, texts: [String?]) {
    var interner = TextInterner()
    let codes = texts.map { text in
      guard var text else { return CodedColumn.missing }
      return text.withUTF8 { interner.code(copying: $0) }
    }
    let (levels, order) = interner.sortedLevels()
    self.init(
      name: name,
      storage: .text(codes: codes.map { $0 < 0 ? $0 : order[Int($0)] }, levels: levels))
  }
}

extension Column {
  /// Creates a column of texts that rise, in the order of their bytes; nil if they do not.
  ///
  /// - Complexity: O(`count`), where other texts must be looked up and sorted.
  public init?(_ name: String, rising texts: [String]) {
    for (text, next) in zip(texts, texts.dropFirst())
    where !text.utf8.lexicographicallyPrecedes(next.utf8) { return nil }
    self.init(
      name: name,
      storage: .text(codes: Array(0..<Int32(clamping: texts.count)), levels: texts))
  }

  /// Whether these are texts that differ and are in order: levels are, whatever order they came in.
  public var areTextsRising: Bool {
    guard case .text(let codes, let levels) = storage else { return false }
    return codes.count == levels.count && codes.elementsEqual(0..<Int32(clamping: levels.count))
  }
}

// MARK: - Asking
extension Column {
  /// The number of rows.
  public var count: Int {
    switch storage {
    case .int8(let values): values.count
    case .int24(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .doubles(let values): values.count
    case .fewDoubles(let codes, _): codes.count
    case .text(let codes, _): codes.count
    case .truths(let values): values.count
    }
  }

  /// What the column holds.
  public var kind: Kind {
    switch storage {
    case .int8, .int24, .int32, .int64, .truths: .integers
    case .doubles, .fewDoubles: .doubles
    case .text: .text
    }
  }

  /// Whether the whole numbers are truth values.
  public var isTruth: Bool { if case .truths = storage { true } else { false } }

  /// All truth values; nil for a column of others.
  public var truths: [Bool]? { if case .truths(let values) = storage { values } else { nil } }

  /// The bytes the values take, without the texts of levels.
  public var byteCount: Int {
    switch storage {
    case .int8(let values): values.count
    case .int24(let values): values.count * 3
    case .int32(let values): values.count * 4
    case .int64(let values): values.count * 8
    case .doubles(let values): values.count * 8
    case .fewDoubles(let codes, let levels): codes.count + levels.count * 8
    case .text(let codes, _): codes.count * 4
    case .truths(let values): values.count
    }
  }

  /// The cell of one row, for showing a few of them.
  ///
  /// - Precondition: `row` is in `0..<count`.
  public func value(at row: Int) -> Value {
    precondition(row >= 0 && row < count, "row \(row) of column '\(name)' with \(count) rows")
    return switch storage {
    case .int8(let values): .integer(Int(values[row]))
    case .int24(let values): .integer(Int(values[row].value))
    case .int32(let values): .integer(Int(values[row]))
    case .int64(let values): .integer(Int(values[row]))
    case .doubles(let values): .double(values[row])
    case .fewDoubles(let codes, let levels): .double(levels[Int(codes[row])])
    case .text(let codes, let levels):
      codes[row] < 0 ? .missing : .text(levels[Int(codes[row])])
    case .truths(let values): .integer(values[row] ? 1 : 0)
    }
  }

  /// The rows without a value, ascending.
  ///
  /// - Complexity: O(`count`); O(1) for whole numbers.
  public var missingRows: [Int] {
    switch storage {
    case .int8, .int24, .int32, .int64, .truths: []
    case .doubles(let values): values.indices.filter { values[$0].isNaN }
    case .fewDoubles(let codes, let levels):
      levels.contains(where: \.isNaN) ? codes.indices.filter { levels[Int(codes[$0])].isNaN } : []
    case .text(let codes, _): codes.indices.filter { codes[$0] < 0 }
    }
  }

  /// All whole numbers.
  ///
  /// - Throws: `TableError.wrongKind` for decimal numbers and text.
  /// - Complexity: O(`count`).
  public func integers() throws(TableError) -> [Int] {
    switch storage {
    case .int8(let values): values.map(Int.init)
    case .int24(let values): values.map { Int($0.value) }
    case .int32(let values): values.map(Int.init)
    case .int64(let values): values.map(Int.init)
    case .truths(let values): values.map { $0 ? 1 : 0 }
    default: throw .wrongKind(column: name, found: kind, expected: .integers)
    }
  }

  /// All numbers, whole ones too, in double precision.
  ///
  /// - Throws: `TableError.wrongKind` for text.
  /// - Complexity: O(`count`).
  public func doubles() throws(TableError) -> [Double] {
    switch storage {
    case .int8(let values): values.map(Double.init)
    case .int24(let values): values.map { Double($0.value) }
    case .int32(let values): values.map(Double.init)
    case .int64(let values): values.map(Double.init)
    case .truths(let values): values.map { $0 ? 1 : 0 }
    case .doubles(let values): values
    case .fewDoubles(let codes, let levels): codes.map { levels[Int($0)] }
    case .text: throw .wrongKind(column: name, found: kind, expected: .doubles)
    }
  }

  /// All numbers, whole ones too, in single precision.
  ///
  /// - Throws: `TableError.wrongKind` for text.
  /// - Complexity: O(`count`).
  public func floats() throws(TableError) -> [Float] {
    switch storage {
    case .int8(let values): values.map(Float.init)
    case .int24(let values): values.map { Float($0.value) }
    case .int32(let values): values.map(Float.init)
    case .int64(let values): values.map(Float.init)
    case .truths(let values): values.map { $0 ? 1 : 0 }
    case .doubles(let values): values.map(Float.init)
    case .fewDoubles(let codes, let levels): codes.map { Float(levels[Int($0)]) }
    case .text: throw .wrongKind(column: name, found: kind, expected: .doubles)
    }
  }

  /// All texts; nil where one is missing.
  ///
  /// - Throws: `TableError.wrongKind` for numbers.
  /// - Complexity: O(`count`).
  public func texts() throws(TableError) -> [String?] {
    guard case .text(let codes, let levels) = storage else {
      throw .wrongKind(column: name, found: kind, expected: .text)
    }
    return codes.map { $0 < 0 ? nil : levels[Int($0)] }
  }
}

// MARK: - Other columns of it
extension Column {
  /// The same values under another name.
  public func renamed(_ name: String) -> Column { Column(name: name, storage: storage) }

  /// The values of some rows, in the order asked for; rows may repeat.
  ///
  /// - Precondition: every row is in `0..<count`.
  /// - Complexity: O(`rows.count`).
  public func rows(at rows: [Int]) -> Column { self.rows(at: rows) {} }

  /// As `rows(at:)`, which stops where it is asked to.
  ///
  /// - Throws: `TableError.interrupted`.
  package func rowsInterruptibly(at rows: [Int]) throws(TableError) -> Column {
    try self.rows(at: rows, asking: Interruption.check)
  }

  private func rows<Failure>(
    at rows: [Int], asking ask: () throws(Failure) -> Void
  ) throws(Failure) -> Column {
    func picked<Cell>(_ values: [Cell]) throws(Failure) -> [Cell] {
      try Interruption.map(rows.count, asking: ask) { values[rows[$0]] }
    }
    let storage: Storage =
      switch storage {
      case .int8(let values): .int8(try picked(values))
      case .int24(let values): .int24(try picked(values))
      case .int32(let values): .int32(try picked(values))
      case .int64(let values): .int64(try picked(values))
      case .doubles(let values): .doubles(try picked(values))
      case .fewDoubles(let codes, let levels): .fewDoubles(codes: try picked(codes), levels: levels)
      case .text(let codes, let levels): .text(codes: try picked(codes), levels: levels)
      case .truths(let values): .truths(try picked(values))
      }
    return Column(name: name, storage: storage)
  }

  /// The first rows, all of them if there are not so many.
  public func head(_ rowCount: Int) -> Column {
    rows(at: Array(0..<min(max(rowCount, 0), count)))
  }
}

// MARK: - Conformances
extension Column: Equatable {
  /// Whether two columns have the same name, kind and values, however they are kept.
  public static func == (left: Column, right: Column) -> Bool {
    guard left.name == right.name, left.kind == right.kind, left.isTruth == right.isTruth,
      left.count == right.count
    else { return false }
    return (0..<left.count).allSatisfy { row in
      switch (left.value(at: row), right.value(at: row)) {
      case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
      case (let one, let other): one == other
      }
    }
  }
}

// MARK: - Small storage
extension Column.Storage {
  /// Whole numbers in 1, 3, 4 or 8 bytes each.
  static func narrowest(_ values: [Int]) -> Column.Storage {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    if low >= Int(Int8.min), high <= Int(Int8.max) { return .int8(values.map { Int8($0) }) }
    if low >= Int(Int24.range.lowerBound), high <= Int(Int24.range.upperBound) {
      return .int24(values.map { Int24(truncatingIfNeeded: Int32($0)) })
    }
    if low >= Int(Int32.min), high <= Int(Int32.max) { return .int32(values.map { Int32($0) }) }
    return .int64(values.map { Int64($0) })
  }

  /// Decimal numbers as one-byte codes if at most 256 of them differ.
  static func fewest(_ values: [Double]) -> Column.Storage {
    var codeOfBits: [UInt64: UInt8] = [:]
    var levels: [Double] = []
    var codes: [UInt8] = []
    codes.reserveCapacity(values.count)
    for value in values {
      if let code = codeOfBits[value.bitPattern] {
        codes.append(code)
      } else {
        guard levels.count < 256 else { return .doubles(values) }
        let code = UInt8(levels.count)
        codeOfBits[value.bitPattern] = code
        levels.append(value)
        codes.append(code)
      }
    }
    return .fewDoubles(codes: codes, levels: levels)
  }
}
