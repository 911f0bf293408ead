/// Collects the values of one column while a file is read.
///
/// Values are set by row, and may be set again: a row that turns out malformed is overwritten by the
/// next one. The memory is allocated for as many rows as the file has lines.
final class ColumnBuilder {
  /// How the fields of the column are parsed at present.
  enum Role: UInt8 { case skipped, integers, wideIntegers, doubles, text }

  private let name: String
  private let capacity: Int
  private let isLatin1: Bool
  private(set) var role: Role
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

  init(name: String, kind: Column.Kind, capacity: Int, isLatin1: Bool) {
    self.name = name
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
    integers?.deallocate()
    wideIntegers?.deallocate()
    levelCodes?.deallocate()
    doubles?.deallocate()
    textCodes?.deallocate()
  }
}

// MARK: - Setting values
extension ColumnBuilder {
  /// Stores a whole number; the first that needs more than 32 bits changes the role.
  func set(_ value: Int, row: Int) {
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
    guard let levelCodes else { return }
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
  /// The column of the first rows.
  func column(rowCount: Int) -> Column {
    let storage: Column.Storage =
      if let integers {
        Self.narrowest(UnsafeBufferPointer(start: integers, count: rowCount))
      } else if let wideIntegers {
        .int64(Array(UnsafeBufferPointer(start: wideIntegers, count: rowCount)))
      } else if let doubles {
        .doubles(Array(UnsafeBufferPointer(start: doubles, count: rowCount)))
      } else if let levelCodes {
        .fewDoubles(
          codes: Array(UnsafeBufferPointer(start: levelCodes, count: rowCount)), levels: levels)
      } else {
        textStorage(rowCount: rowCount)
      }
    return Column(name: name, storage: storage)
  }

  private static func narrowest(_ values: UnsafeBufferPointer<Int32>) -> Column.Storage {
    var low: Int32 = 0
    var high: Int32 = 0
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    return low >= Int32(Int8.min) && high <= Int32(Int8.max)
      ? .int8(values.map { Int8(truncatingIfNeeded: $0) }) : .int32(Array(values))
  }

  private func textStorage(rowCount: Int) -> Column.Storage {
    guard let textCodes else { return .text(codes: [], levels: []) }
    let (levels, places) = interner.sortedLevels(latin1: isLatin1)
    let codes = UnsafeBufferPointer(start: textCodes, count: rowCount).map { places[Int($0)] }
    return .text(codes: codes, levels: levels)
  }
}
