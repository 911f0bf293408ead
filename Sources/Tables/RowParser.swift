/// Turns the rows of a source, or of a piece of it, into columns, in one pass.
///
/// Rows of the common shape are parsed straight from the bytes by `fastRow`; everything unusual
/// (quotes, blank lines, odd numbers, the end of the file) makes it give up, and `carefulRow` decides.
struct RowParser {
  enum Outcome {
    case done(Piece)
    case failed(TableError)
  }

  /// What came out of some bytes: the values of its first rows, and what was left out.
  struct Piece {
    let builders: [ColumnBuilder]
    /// Keeps the fields that stood between quotation marks, which builders point to.
    let splitter: RowSplitter
    let rowCount: Int
    let skippedRowCount: Int
    let firstSkipped: TableError?
    /// Where a row begins that the bytes do not hold to its end.
    let rest: UnsafePointer<UInt8>
  }

  /// What `carefulRow` made of a row.
  private enum Verdict {
    case taken
    case bad(Mistake)
  }

  /// What is wrong with a row, as yet without its place: counting lines takes time.
  private enum Mistake {
    case unclosedQuote
    case fieldCount(Int)
    case field(String, column: String, expected: Column.Kind)
    case overflow(String, column: String)
    case encoding(column: String)
  }

  /// One field of every row: where its values go.
  private struct Slot {
    var role: ColumnBuilder.Role
    var integers: UnsafeMutablePointer<Int32>?
    var wideIntegers: UnsafeMutablePointer<Int64>?
    var builder: Unmanaged<ColumnBuilder>?
  }

  private let source: DelimitedSource
  private let splitter: RowSplitter
  private let layout: DelimitedLayout
  private let builders: [ColumnBuilder]
  /// For each column whether its whole numbers must keep all their digits.
  private let keepDigits: [Bool]
  private let start: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private let limit: Int

  /// A parser of the rows that begin in some bytes of a source.
  init(
    source: DelimitedSource, splitter: RowSplitter, layout: DelimitedLayout, kinds: [Column.Kind],
    bytes: Range<UnsafePointer<UInt8>>, capacity: Int, limit: Int?
  ) {
    self.limit = limit ?? .max
    self.source = source
    self.splitter = splitter
    self.layout = layout
    (start, end) = (bytes.lowerBound, bytes.upperBound)
    keepDigits = zip(layout.kept, kinds).map { $0.type == .automatic && $1 != .doubles }
    builders = zip(layout.kept, kinds).map { column, kind in
      ColumnBuilder(
        name: column.name, kind: kind, capacity: capacity, isLatin1: source.isLatin1,
        missing: column.type == .verbatim ? MissingWords([""]) : source.missing)
    }
  }

  /// So many bytes are read in a few milliseconds.
  private static let bytesBetweenReports = 1 << 20

  /// Parses all rows.
  ///
  /// - Parameters:
  ///   - skippingBadRows: whether malformed rows are left out.
  ///   - isOpen: whether more bytes follow, so that the last row may not be whole.
  ///   - observer: is told how far it has come, and may stop it.
  /// - Returns: the rows, or what is wrong with one.
  func run(
    skippingBadRows: Bool, isOpen: Bool = false, _ observer: ReadObserver?
  ) -> Outcome {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: layout.fieldCount)
    defer { slots.deallocate() }
    fill(slots)
    var row = 0
    var skipped = 0
    var firstSkipped: TableError?
    var next = start
    // Within the last bytes there is no room to look eight bytes ahead.
    let hasRoom = source.end - start > 64 && !source.splitsAtBlanks
    let lastFast = hasRoom ? source.end - 64 : start - 1
    var nextReport = start + Self.bytesBetweenReports
    while next < end, row < limit {
      if next >= nextReport {
        nextReport = next + Self.bytesBetweenReports
        let isWanted = observer?(next - start, end - start) ?? true
        guard isWanted else { return .failed(.interrupted) }
      }
      if next <= lastFast, let after = fastRow(next, row, slots, lastFast) {
        row += 1
        next = after
        continue
      }
      let split = splitter.split(next)
      if isOpen, split.end == .unclosedQuote || split.next == source.end && !endsLine(split) {
        break
      }
      if split.isBlank {
        next = split.next
        continue
      }
      switch carefulRow(split, row) {
      case .taken: row += 1
      case .bad(let mistake):
        guard skippingBadRows else { return .failed(error(mistake, split.start)) }
        skipped += 1
        if firstSkipped == nil { firstSkipped = error(mistake, split.start) }
      }
      next = split.next
      fill(slots)
    }
    return .done(
      Piece(
        builders: builders, splitter: splitter, rowCount: row, skippedRowCount: skipped,
        firstSkipped: firstSkipped, rest: next))
  }

  /// Whether the end of a row is that of its line, and not of the bytes.
  private func endsLine(_ row: RowSplitter.Row) -> Bool {
    row.next > row.start && (row.next - 1).pointee == UInt8(ascii: "\n")
  }

  private func fill(_ slots: UnsafeMutablePointer<Slot>) {
    slots.initialize(repeating: Slot(role: .skipped), count: layout.fieldCount)
    for (column, builder) in zip(layout.kept, builders) {
      slots[column.position] = Slot(
        role: builder.role, integers: builder.integers, wideIntegers: builder.wideIntegers,
        builder: .passUnretained(builder))
    }
  }

  /// The number of lines in a run of bytes, the last one counted even without its newline.
  static func lineCount(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> Int {
    let bytes = UnsafeRawBufferPointer(start: start, count: end - start)
    let low = 0x7F7F_7F7F_7F7F_7F7F as UInt64
    let evenBytes = 0x00FF_00FF_00FF_00FF as UInt64
    var count = 1
    var offset = 0
    // Eight counters of eight bits run side by side; they are added up before they overflow.
    while offset + 8 <= bytes.count {
      var counters: UInt64 = 0
      let words = min((bytes.count - offset) / 8, 255)
      for word in 0..<words {
        let others =
          bytes.loadUnaligned(fromByteOffset: offset &+ word &* 8, as: UInt64.self)
          ^ 0x0A0A_0A0A_0A0A_0A0A
        // The top bit of each byte that is a newline, and no other bit.
        counters &+= ~((others & low) &+ low | others | low) >> 7
      }
      let pairs = (counters & evenBytes) &+ ((counters >> 8) & evenBytes)
      count += Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) >> 48)
      offset += words * 8
    }
    for byte in bytes[offset...] where byte == UInt8(ascii: "\n") { count += 1 }
    return count
  }
}

// MARK: - The careful way
extension RowParser {
  private func carefulRow(_ row: RowSplitter.Row, _ index: Int) -> Verdict {
    guard row.end == .complete else { return .bad(.unclosedQuote) }
    let fields = splitter.fields
    // Empty fields at the end, as of a row that ends in a delimiter, hold nothing.
    guard fields.count >= layout.fieldCount,
      fields[layout.fieldCount...].allSatisfy({ $0.isEmpty })
    else { return .bad(.fieldCount(fields.count)) }
    for (order, column) in layout.kept.enumerated() {
      if let mistake = take(
        fields[column.position], column, builders[order], index, keepsDigits: keepDigits[order])
      {
        return .bad(mistake)
      }
    }
    return .taken
  }

  /// Gives a field to its builder, whose kind may change, or says what is wrong with it.
  private func take(
    _ field: UnsafeBufferPointer<UInt8>, _ column: DelimitedLayout.Kept, _ builder: ColumnBuilder,
    _ row: Int, keepsDigits: Bool
  ) -> Mistake? {
    switch builder.role {
    case .skipped: return nil
    case .text:
      if builder.set(field, row: row) { return nil }
      return field.contains(0)
        ? .field(shown(field), column: column.name, expected: .text)
        : .encoding(column: column.name)
    case .integers, .wideIntegers, .doubles, .judged: break
    }
    let isAutomatic = column.type == .automatic
    let takesDecimals = column.type != .integers
    let isWhole = builder.role != .doubles
    let whole = NumberParsing.integer(field, source.missing)
    switch whole {
    case .value(let value) where isWhole: builder.set(value, row: row)
    case .value(let value)
    where keepsDigits && value.magnitude > UInt(ColumnBuilder.largestExact):
      builder.judge(rowCount: row)
    case .value(let value): builder.set(Double(value), row: row)
    case .missing where takesDecimals:
      if keepsDigits, builder.hasLargeInteger(rowCount: row) {
        builder.judge(rowCount: row)
      } else {
        builder.becomeDoubles(rowCount: row)
        builder.set(.nan, row: row)
      }
    case .overflow where keepsDigits: builder.judge(rowCount: row)
    case .overflow where isWhole: return .overflow(shown(field), column: column.name)
    case .missing, .overflow, .notANumber:
      let value = NumberParsing.double(field, source.missing, point: source.decimalPoint)
      guard let value, takesDecimals else {
        guard isAutomatic else {
          let expected: Column.Kind = takesDecimals ? .doubles : .integers
          return .field(shown(field), column: column.name, expected: expected)
        }
        builder.giveUp()
        return nil
      }
      builder.becomeDoubles(rowCount: row)
      builder.set(value, row: row)
    }
    return nil
  }

  /// A field as an error message shows it.
  private func shown(_ field: UnsafeBufferPointer<UInt8>) -> String {
    let text = source.text(field)
    return text.count > 40 ? String(text.prefix(39)) + "…" : text
  }

  private func error(_ mistake: Mistake, _ row: UnsafePointer<UInt8>) -> TableError {
    let place = source.place(row)
    return switch mistake {
    case .unclosedQuote: .unclosedQuote(place)
    case .fieldCount(let found):
      .fieldCount(
        place, expected: layout.fieldCount, found: found, delimiter: source.delimiterName)
    case .field(let text, let column, let expected):
      .badField(place, column: column, found: text, expected: expected)
    case .overflow(let text, let column): .overflow(place, column: column, found: text)
    case .encoding(let column): .badEncoding(place, column: column)
    }
  }
}

// MARK: - The fast way
extension RowParser {
  /// Parses a row of the common shape and returns where the next one starts, or nil to give up.
  ///
  /// What it has stored of a row it gives up is overwritten by the next one.
  @inline(__always)
  private func fastRow(
    _ start: UnsafePointer<UInt8>, _ row: Int, _ slots: UnsafeMutablePointer<Slot>,
    _ lastFast: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    let newline = UInt8(ascii: "\n")
    let carriage = UInt8(ascii: "\r")
    let delimiter = source.delimiter
    let secondDelimiter = source.secondDelimiter
    if start.pointee == newline || start.pointee == carriage { return nil }
    var cursor = start
    let lastField = layout.fieldCount - 1
    let textEnd = source.end - 1
    for field in 0...lastField {
      let slot = slots[field]
      switch slot.role {
      case .judged: return nil
      case .integers, .wideIntegers:
        guard cursor <= lastFast else { return nil }
        let isNegative = cursor.pointee == UInt8(ascii: "-")
        if isNegative { cursor += 1 }
        guard var value = Self.digits(&cursor) else { return nil }
        if isNegative { value = -value }
        if slot.role == .integers {
          guard let narrow = Int32(exactly: value) else { return nil }
          slot.integers.unsafelyUnwrapped[row] = narrow
        } else {
          slot.wideIntegers.unsafelyUnwrapped[row] = Int64(value)
        }
      case .doubles:
        guard cursor <= lastFast, let value = Self.decimal(&cursor) else { return nil }
        slot.builder.unsafelyUnwrapped._withUnsafeGuaranteedRef { $0.set(value, row: row) }
      case .text, .skipped:
        let fieldStart = cursor
        if source.quote != 0, cursor.pointee == source.quote { return nil }
        var fieldEnd = cursor
        if field < lastField {
          while cursor < textEnd,
            cursor.pointee != delimiter || secondDelimiter != 0 && cursor[1] != secondDelimiter
          {
            if cursor.pointee == newline { return nil }
            cursor += 1
          }
          fieldEnd = cursor
        } else {
          while cursor < textEnd, cursor.pointee != newline {
            if cursor.pointee == delimiter, secondDelimiter == 0 || cursor[1] == secondDelimiter {
              return nil
            }
            cursor += 1
          }
          fieldEnd = cursor > fieldStart && (cursor - 1).pointee == carriage ? cursor - 1 : cursor
          cursor = fieldEnd
        }
        if slot.role == .text {
          let bytes = UnsafeBufferPointer(start: fieldStart, count: fieldEnd - fieldStart)
          let isTaken = slot.builder.unsafelyUnwrapped._withUnsafeGuaranteedRef {
            $0.set(bytes, row: row)
          }
          guard isTaken else { return nil }
        }
      }
      guard cursor < textEnd else { return nil }
      if field < lastField {
        guard cursor.pointee == delimiter else { return nil }
        cursor += 1
        if secondDelimiter != 0 {
          guard cursor.pointee == secondDelimiter else { return nil }
          cursor += 1
        }
      } else if cursor.pointee == newline {
        cursor += 1
      } else {
        guard cursor.pointee == carriage, cursor[1] == newline else { return nil }
        cursor += 2
      }
    }
    return cursor
  }

  /// Up to 18 digits as a number; moves the cursor past them.
  ///
  /// Eight digits are turned into a number with three multiplications and no branch on their count,
  /// which a loop over digits would mispredict for every field.
  ///
  /// Source: Lemire, "Number parsing at a gigabyte per second" (2021), section 5.
  @inline(__always)
  private static func digits(_ cursor: inout UnsafePointer<UInt8>) -> Int? {
    let (first, count) = eightDigits(cursor)
    if count == 0 { return nil }
    cursor += count
    var value = Int(truncatingIfNeeded: first)
    if count < 8 { return value }
    var more = 0
    while cursor.pointee &- 48 < 10 {
      value = value &* 10 &+ Int(cursor.pointee &- 48)
      cursor += 1
      more += 1
      if more > 10 { return nil }
    }
    return value
  }

  /// A number of at most 7 digits before and 7 after the point, rounded correctly.
  ///
  /// Both parts are exact in double precision, and so is the power of ten, so that one division
  /// rounds once.
  @inline(__always)
  private static func decimal(_ cursor: inout UnsafePointer<UInt8>) -> Double? {
    let isNegative = cursor.pointee == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    let (whole, count) = eightDigits(cursor)
    if count == 0 || count == 8 { return nil }
    cursor += count
    var value = Double(whole)
    if cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      let (part, places) = eightDigits(cursor)
      if places == 8 { return nil }
      cursor += places
      if places > 0 {
        var scale: UInt64 = 1
        for _ in 0..<places { scale &*= 10 }
        value = Double(whole &* scale &+ part) / Double(scale)
      }
    }
    return isNegative ? -value : value
  }

  /// The number that the leading digits of eight bytes make, and how many digits that are.
  @inline(__always)
  private static func eightDigits(
    _ cursor: UnsafePointer<UInt8>
  ) -> (value: UInt64, count: Int) {
    let bytes = UInt64(
      littleEndian: UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self))
    let digits = bytes ^ 0x3030_3030_3030_3030
    // The top bit of each byte that is 10 or more; a carry only reaches bytes after such a one.
    let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    let count = others == 0 ? 8 : others.trailingZeroBitCount >> 3
    if count == 0 { return (0, 0) }
    var value = digits << UInt64(64 - 8 * count)
    value = value &* 10 &+ (value >> 8)
    let odd = (value & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let even = ((value >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return ((odd &+ even) >> 32, count)
  }
}
