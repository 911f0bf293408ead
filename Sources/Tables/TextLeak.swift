/// Why a column holds text although most of its fields are numbers.
public struct TextLeak: Sendable, Equatable {
  /// What no column of numbers takes.
  public enum Reason: Sendable, Equatable {
    /// The first field that is no number, and its line.
    case word(String, line: Int)
    /// Numbers that would lose digits: beyond 64 bits, or beyond 2⁵³ where others are missing.
    case digits
  }

  /// The name of the column.
  public let column: String
  /// What made it text.
  public let reason: Reason

  /// Creates a leak from its parts.
  public init(column: String, reason: Reason) {
    self.column = column
    self.reason = reason
  }

  /// The leaks of some columns whose kind was not given, in their order.
  static func all(
    in columns: [Column], _ source: DelimitedSource, _ layout: DelimitedLayout
  ) -> [TextLeak] {
    var reasons: [Int: Reason] = [:]
    var open: Set<Int> = []
    for (index, column) in columns.enumerated() where layout.kept[index].type == .automatic {
      guard let share = column.numbers(point: source.decimalPoint), share.numbers > share.others
      else { continue }
      if share.others == 0 { reasons[index] = .digits } else { open.insert(index) }
    }
    reasons.merge(firstWords(of: open, source, layout, from: layout.start)) { $1 }
    return columns.indices.compactMap { index in
      reasons[index].map { TextLeak(column: columns[index].name, reason: $0) }
    }
  }

  /// Looks for leaks in columns that come block by block.
  struct Search {
    private let layout: DelimitedLayout
    private var words: [Int: Reason] = [:]

    init(_ layout: DelimitedLayout) { self.layout = layout }

    /// Looks into a block for the first words of columns that have none yet.
    mutating func look(
      into columns: [Column], _ source: DelimitedSource, from start: UnsafePointer<UInt8>
    ) {
      let open = columns.indices.filter { column in
        layout.kept[column].type == .automatic && words[column] == nil
          && columns[column].numbers(point: source.decimalPoint)?.others ?? 0 > 0
      }
      guard !open.isEmpty else { return }
      words.merge(TextLeak.firstWords(of: Set(open), source, layout, from: start)) { first, _ in
        first
      }
    }

    /// The leaks of the whole columns.
    func found(in columns: [Column], _ reader: DelimitedReader) -> [TextLeak] {
      columns.enumerated().compactMap { index, column in
        guard layout.kept[index].type == .automatic,
          let share = column.numbers(
            point: UInt8(ascii: reader.usesDecimalComma ? "," : ".")),
          share.numbers > share.others, let reason = share.others == 0 ? .digits : words[index]
        else { return nil }
        return TextLeak(column: column.name, reason: reason)
      }
    }
  }

  /// The first fields of some columns that are no numbers, found in one pass.
  private static func firstWords(
    of columns: Set<Int>, _ source: DelimitedSource, _ layout: DelimitedLayout,
    from start: UnsafePointer<UInt8>
  ) -> [Int: Reason] {
    var (open, found) = (columns, [Int: Reason]())
    let splitter = RowSplitter(source)
    var next = start
    while next < source.end, !open.isEmpty {
      let row = splitter.split(next)
      next = row.next
      guard row.end == .complete, !row.isBlank, splitter.fields.count == layout.fieldCount else {
        continue
      }
      var line: Int?
      for column in open {
        let field = splitter.fields[layout.kept[column].position]
        if NumberParsing.isNumber(field, point: source.decimalPoint)
          || source.missing.contain(field)
        {
          continue
        }
        let text = source.text(field)
        let place = line ?? source.place(row.start).line
        line = place
        found[column] = .word(text.count > 40 ? text.prefix(39) + "…" : text, line: place)
        open.remove(column)
      }
    }
    return found
  }
}

extension Column {
  /// How many of the texts are numbers, and how many others there are; nil for other kinds.
  fileprivate func numbers(point: UInt8) -> (numbers: Int, others: Int)? {
    guard case .text(let codes, let levels) = storage else { return nil }
    let areNumbers = levels.map { level in
      var level = level
      return level.withUTF8 { NumberParsing.isNumber($0, point: point) }
    }
    var counts = (numbers: 0, others: 0)
    for code in codes where code >= 0 {
      if areNumbers[Int(code)] { counts.numbers += 1 } else { counts.others += 1 }
    }
    return counts
  }
}

extension NumberParsing {
  fileprivate static func isNumber(_ field: UnsafeBufferPointer<UInt8>, point: UInt8) -> Bool {
    double(field, MissingWords([]), point: point) != nil
  }
}
