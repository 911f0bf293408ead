/// Turns the rows of a source, or of a piece of it, into columns, in one pass.
///
/// Rows of the common shape are parsed straight from the bytes by `fastRow`; everything unusual
/// (quotes, blank lines, odd numbers, the end of the file) makes it give up, and `carefulRow` decides.
struct RowParser {
  enum Outcome {
    case done(Piece)
    /// A column needs a wider kind: start again with it.
    case wider(column: Int, kind: Column.Kind)
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
  }

  /// What `carefulRow` made of a row.
  private enum Verdict {
    case taken
    case wider(column: Int, kind: Column.Kind)
    case bad(TableError)
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
  private let start: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  /// A parser of the rows that begin in some bytes of a source.
  init(
    source: DelimitedSource, splitter: RowSplitter, layout: DelimitedLayout, kinds: [Column.Kind],
    bytes: Range<UnsafePointer<UInt8>>
  ) {
    self.source = source
    self.splitter = splitter
    self.layout = layout
    (start, end) = (bytes.lowerBound, bytes.upperBound)
    let capacity = Self.lineCount(from: start, to: end)
    builders = zip(layout.kept, kinds).map { column, kind in
      ColumnBuilder(
        name: column.name, kind: kind, capacity: capacity, isLatin1: source.isLatin1)
    }
  }

  /// So many rows are read in a few milliseconds.
  private static let rowsBetweenReports = 1 << 15

  /// Parses all rows.
  func run(skippingBadRows: Bool, _ observer: ReadObserver?) -> Outcome {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: layout.fieldCount)
    defer { slots.deallocate() }
    fill(slots)
    var row = 0
    var skipped = 0
    var firstSkipped: TableError?
    var next = start
    // Within the last bytes there is no room to look eight bytes ahead.
    let lastFast = source.end - start > 64 ? source.end - 64 : start - 1
    var nextReport = Self.rowsBetweenReports
    while next < end {
      if row >= nextReport {
        nextReport = row + Self.rowsBetweenReports
        let isWanted = observer?(next - start, end - start) ?? true
        guard isWanted else { return .failed(.interrupted) }
      }
      if next <= lastFast, let after = fastRow(next, row, slots, lastFast) {
        row += 1
        next = after
        continue
      }
      let split = splitter.split(next)
      if split.isBlank {
        next = split.next
        continue
      }
      switch carefulRow(split, row) {
      case .taken: row += 1
      case .wider(let column, let kind): return .wider(column: column, kind: kind)
      case .bad(let error):
        guard skippingBadRows else { return .failed(error) }
        skipped += 1
        firstSkipped = firstSkipped ?? error
      }
      next = split.next
      fill(slots)
    }
    return .done(
      Piece(
        builders: builders, splitter: splitter, rowCount: row, skippedRowCount: skipped,
        firstSkipped: firstSkipped))
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
  private static func lineCount(
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
    guard row.end == .complete else { return .bad(.unclosedQuote(source.place(row.start))) }
    let fields = splitter.fields
    guard fields.count == layout.fieldCount else {
      return .bad(
        .fieldCount(
          source.place(row.start), expected: layout.fieldCount, found: fields.count,
          delimiter: source.delimiterName))
    }
    for (order, column) in layout.kept.enumerated() {
      let field = fields[column.position]
      let builder = builders[order]
      switch builder.role {
      case .skipped: break
      case .integers, .wideIntegers:
        switch NumberParsing.integer(field) {
        case .value(let value): builder.set(value, row: index)
        case .overflow:
          return .bad(
            .overflow(source.place(row.start), column: column.name, found: source.text(field)))
        case .missing where column.type == .automatic:
          return .wider(column: order, kind: .doubles)
        case .notANumber where column.type == .automatic || column.type == .numbers:
          if NumberParsing.double(field) != nil { return .wider(column: order, kind: .doubles) }
          if column.type == .automatic { return .wider(column: order, kind: .text) }
          fallthrough
        default:
          return bad(field, column, row, expected: column.type == .numbers ? .doubles : .integers)
        }
      case .doubles:
        guard let value = NumberParsing.double(field),
          !value.isNaN || column.type == .automatic
        else {
          return column.type == .automatic
            ? .wider(column: order, kind: .text) : bad(field, column, row, expected: .doubles)
        }
        builder.set(value, row: index)
      case .text:
        guard builder.set(field, row: index) else {
          let place = source.place(row.start)
          return .bad(
            field.contains(0)
              ? .badField(
                place, column: column.name, found: source.text(field), expected: .text)
              : .badEncoding(place, column: column.name))
        }
      }
    }
    return .taken
  }

  private func bad(
    _ field: UnsafeBufferPointer<UInt8>, _ column: DelimitedLayout.Kept, _ row: RowSplitter.Row,
    expected: Column.Kind
  ) -> Verdict {
    let text = source.text(field)
    let found = text.count > 40 ? String(text.prefix(39)) + "…" : text
    return .bad(
      .badField(source.place(row.start), column: column.name, found: found, expected: expected))
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
