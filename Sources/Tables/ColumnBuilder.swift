/// Collects the values of one column while a file is read.
///
/// Values are set by row, and may be set again: a row that turns out malformed is overwritten by the
/// next one. The memory is allocated for as many rows as the file has lines.
final class ColumnBuilder {
  /// How the fields of the column are parsed at present.
  ///
  /// Those of a `judged` column are only looked at: it has to be read again, as text or as decimal
  /// numbers. Those of a `skipped` one are known to be text, or nobody wants them.
  enum Role: UInt8 { case skipped, judged, integers, wideIntegers, doubles, text }

  private let name: String
  private let capacity: Int
  private let isLatin1: Bool
  /// Texts that stand for a missing one.
  private let missing: MissingWords
  private(set) var role: Role
  /// Whether whole numbers would lose digits as decimal ones.
  private var losesDigits = false
  /// Whether there is a number that is not whole, in a column that is judged.
  private var hasFraction = false
  /// Whole numbers as long as all fit in 32 bits.
  private(set) var integers: UnsafeMutablePointer<Int32>?
  /// Whole numbers once one did not.
  private(set) var wideIntegers: UnsafeMutablePointer<Int64>?

  // Decimal numbers are one-byte codes until there are more than 256 different ones.
  private var levelCodes: UnsafeMutablePointer<UInt8>?
  private var doubles: UnsafeMutablePointer<Double>?
  @exclusivity(unchecked) private var levels: [Double] = []
  /// The code of a number by a hash of its bits; a miss is looked up in `levels`.
  @exclusivity(unchecked) private var recent = [UInt8](repeating: 0, count: 256)

  private var textCodes: UnsafeMutablePointer<Int32>?
  @exclusivity(unchecked) private var interner = TextInterner()
  @exclusivity(unchecked) private var badTexts: Set<Int32> = []

  init(
    name: String, kind: Column.Kind, capacity: Int, isLatin1: Bool, missing: MissingWords
  ) {
    self.name = name
    self.missing = missing
    self.capacity = capacity
    self.isLatin1 = isLatin1
    switch kind {
    case .integers:
      role = .integers
      integers = .allocate(capacity: capacity)
    case .doubles:
      role = .doubles
      levelCodes = .allocate(capacity: capacity)
    case .text:
      role = .text
      textCodes = .allocate(capacity: capacity)
    }
  }

  deinit {
    freeNumbers()
    textCodes?.deallocate()
  }

  private func freeNumbers() {
    integers?.deallocate()
    wideIntegers?.deallocate()
    levelCodes?.deallocate()
    doubles?.deallocate()
    (integers, wideIntegers, levelCodes, doubles) = (nil, nil, nil, nil)
  }
}

// MARK: - Changing the kind
extension ColumnBuilder {
  /// Whole numbers up to this one have a decimal number of their own.
  static let largestExact = 1 << 53

  /// Lets decimal numbers and missing ones follow the whole numbers of the first rows.
  func becomeDoubles(rowCount: Int) {
    guard role == .integers || role == .wideIntegers else { return }
    let (narrow, wide) = (integers, wideIntegers)
    (integers, wideIntegers) = (nil, nil)
    role = .doubles
    levelCodes = .allocate(capacity: capacity)
    for row in 0..<rowCount { set(Double(narrow?[row] ?? 0) + Double(wide?[row] ?? 0), row: row) }
    narrow?.deallocate()
    wide?.deallocate()
  }

  /// Whether one of the first rows holds a whole number that no decimal one equals.
  func hasLargeInteger(rowCount: Int) -> Bool {
    guard let wideIntegers else { return false }
    let exact = -Int64(Self.largestExact)...Int64(Self.largestExact)
    return (0..<rowCount).contains { !exact.contains(wideIntegers[$0]) }
  }

  private func hasFraction(rowCount: Int) -> Bool {
    if let doubles { return (0..<rowCount).contains { doubles[$0].isFraction } }
    // Levels of rows that turned out malformed are among them, which must not count.
    guard role == .doubles, levels.contains(where: \.isFraction) else { return hasFraction }
    return codes(rowCount).contains { levels[Int($0)].isFraction }
  }

  /// Gives up the values of the first rows, which would lose digits unless the column is text.
  func judge(rowCount: Int) {
    (hasFraction, losesDigits) = (hasFraction(rowCount: rowCount), true)
    freeNumbers()
    role = .judged
  }

  private func judge(_ value: Double) { if value.isFraction { hasFraction = true } }

  /// Gives up the values, which have to be read again as text.
  func giveUp() {
    freeNumbers()
    role = .skipped
  }

  /// What the values of the first rows ask of the column's kind.
  func need(rowCount: Int) -> ColumnNeed {
    ColumnNeed(
      isText: role == .skipped, hasDoubles: role == .doubles, losesDigits: losesDigits,
      hasLargeInteger: hasLargeInteger(rowCount: rowCount),
      hasFraction: hasFraction(rowCount: rowCount))
  }
}

extension Double {
  fileprivate var isFraction: Bool { isFinite && self != rounded(.towardZero) }
}

// MARK: - Setting values
extension ColumnBuilder {
  /// Stores a whole number; the first that needs more than 32 bits changes the role.
  func set(_ value: Int, row: Int) {
    if role == .judged { return }
    if let integers {
      if let narrow = Int32(exactly: value) {
        integers[row] = narrow
        return
      }
      let wide = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
      for earlier in 0..<row { wide[earlier] = Int64(integers[earlier]) }
      integers.deallocate()
      self.integers = nil
      wideIntegers = wide
      role = .wideIntegers
    }
    wideIntegers?[row] = Int64(value)
  }

  /// Stores a decimal number.
  func set(_ value: Double, row: Int) {
    if let doubles {
      doubles[row] = value
      return
    }
    guard let levelCodes else {
      if role == .judged { judge(value) }
      return
    }
    let bits = value.bitPattern
    let slot = Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 56)
    let guess = Int(recent[slot])
    if guess < levels.count, levels[guess].bitPattern == bits {
      levelCodes[row] = UInt8(guess)
    } else if let code = levels.firstIndex(where: { $0.bitPattern == bits }) {
      recent[slot] = UInt8(code)
      levelCodes[row] = UInt8(code)
    } else if levels.count < 256 {
      recent[slot] = UInt8(levels.count)
      levelCodes[row] = UInt8(levels.count)
      levels.append(value)
    } else {
      let all = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
      for earlier in 0..<row { all[earlier] = levels[Int(levelCodes[earlier])] }
      all[row] = value
      doubles = all
    }
  }

  /// Stores a text whose bytes stay where they are; says no to bytes that are none.
  func set(_ bytes: UnsafeBufferPointer<UInt8>, row: Int) -> Bool {
    guard let textCodes else { return false }
    let known = interner.count
    let code = interner.code(staying: bytes)
    if interner.count > known, !isText(bytes) { badTexts.insert(code) }
    textCodes[row] = code
    return badTexts.isEmpty || !badTexts.contains(code)
  }

  private func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    !bytes.contains(0) && (isLatin1 || String(validating: bytes, as: UTF8.self) != nil)
  }
}

// MARK: - Finishing
extension ColumnBuilder {
  /// A builder and how many of its rows count.
  typealias Part = (builder: ColumnBuilder, rowCount: Int)

  /// The column of the first rows of some builders of one kind, one after the other.
  ///
  /// - Precondition: there is one at least, and they live on.
  static func column(of parts: [Part]) -> Column {
    let first = parts[0].builder
    let storage: Column.Storage =
      switch first.role {
      case .integers, .wideIntegers, .doubles: numbers(parts)
      case .text, .skipped, .judged: texts(parts)
      }
    return Column(name: first.name, storage: storage)
  }

  private static func numbers(_ parts: [Part]) -> Column.Storage {
    guard parts.contains(where: { $0.builder.role == .doubles }) else { return integers(parts) }
    for part in parts { part.builder.becomeDoubles(rowCount: part.rowCount) }
    return doubles(parts)
  }

  private static func integers(_ parts: [Part]) -> Column.Storage {
    if parts.contains(where: { $0.builder.wideIntegers != nil }) {
      return .int64(
        parts.flatMap { part in
          part.builder.integers.map { values in (0..<part.rowCount).map { Int64(values[$0]) } }
            ?? Array(UnsafeBufferPointer(start: part.builder.wideIntegers, count: part.rowCount))
        })
    }
    let runs = parts.map { UnsafeBufferPointer(start: $0.builder.integers, count: $0.rowCount) }
    var (low, high): (Int32, Int32) = (0, 0)
    for run in runs {
      for value in run {
        low = min(low, value)
        high = max(high, value)
      }
    }
    if low >= Int32(Int8.min) && high <= Int32(Int8.max) {
      return .int8(concatenated(runs) { Int8(truncatingIfNeeded: $0) })
    }
    return Int24.range.contains(low) && Int24.range.contains(high)
      ? .int24(concatenated(runs) { Int24(truncatingIfNeeded: $0) })
      : .int32(concatenated(runs) { $0 })
  }

  private static func doubles(_ parts: [Part]) -> Column.Storage {
    var places: [UInt64: Int] = [:]
    var levels: [Double] = []
    for part in parts {
      for level in part.builder.levels where places[level.bitPattern] == nil {
        places[level.bitPattern] = levels.count
        levels.append(level)
      }
    }
    guard levels.count <= 256, parts.allSatisfy({ $0.builder.doubles == nil }) else {
      return .doubles(
        parts.flatMap { part in
          part.builder.doubles.map { Array(UnsafeBufferPointer(start: $0, count: part.rowCount)) }
            ?? part.builder.codes(part.rowCount).map { part.builder.levels[Int($0)] }
        })
    }
    let codes = parts.flatMap { part in
      let codes = part.builder.levels.map {
        UInt8(truncatingIfNeeded: places[$0.bitPattern] ?? 0)
      }
      return part.builder.codes(part.rowCount).map { codes[Int($0)] }
    }
    return .fewDoubles(codes: codes, levels: levels)
  }

  private func codes(_ rowCount: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: levelCodes, count: rowCount)
  }

  private static func texts(_ parts: [Part]) -> Column.Storage {
    let sorted = parts.map { $0.builder.interner.sortedLevels(latin1: $0.builder.isLatin1) }
    let missing = parts[0].builder.missing
    // Levels of the parts are merged; each part's are in order among them.
    var levels = sorted.flatMap(\.levels)
    if parts.count > 1 { levels.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    var last: String?
    levels.removeAll { level in
      defer { last = level }
      return missing.contain(level.utf8) || last?.utf8.elementsEqual(level.utf8) ?? false
    }
    let codes = zip(parts, sorted).flatMap { part, own in
      var place = 0
      let merged = own.levels.map { level in
        if missing.contain(level.utf8) { return CodedColumn.missing }
        while !levels[place].utf8.elementsEqual(level.utf8) { place += 1 }
        return Int32(truncatingIfNeeded: place)
      }
      return UnsafeBufferPointer(start: part.builder.textCodes, count: part.rowCount)
        .map { merged[Int(own.placeOfCode[Int($0)])] }
    }
    return .text(codes: codes, levels: levels)
  }

  private static func concatenated<Value, Result>(
    _ runs: [UnsafeBufferPointer<Value>], _ element: (Value) -> Result
  ) -> [Result] {
    Array(unsafeUninitializedCapacity: runs.reduce(0) { $0 + $1.count }) { buffer, count in
      for run in runs {
        for value in run {
          buffer.initializeElement(at: count, to: element(value))
          count += 1
        }
      }
    }
  }
}
