/// What the values of a column ask of its kind.
struct ColumnNeed {
  /// Whether one is no number.
  var isText = false
  /// Whether some are decimal numbers, or missing.
  var hasDoubles = false
  /// Whether whole numbers would lose digits as decimal ones.
  var losesDigits = false
  /// Whether one is a whole number that no decimal one equals.
  var hasLargeInteger = false
  /// Whether one is not whole.
  var hasFraction = false

  mutating func add(_ other: ColumnNeed) {
    isText = isText || other.isText
    hasDoubles = hasDoubles || other.hasDoubles
    losesDigits = losesDigits || other.losesDigits
    hasLargeInteger = hasLargeInteger || other.hasLargeInteger
    hasFraction = hasFraction || other.hasFraction
  }

  /// The kind that the column must have, or nil if any will do.
  ///
  /// Whole numbers that decimal ones would change are text if some are missing, and decimal if one
  /// of the numbers is not whole.
  var kind: Column.Kind? {
    if isText { return .text }
    guard losesDigits || hasDoubles && hasLargeInteger else { return nil }
    return hasFraction ? .doubles : .text
  }
}

/// What the columns of some rows need, those whose kind is not given.
struct ColumnNeeds {
  private var needs: [ColumnNeed?]

  init(_ layout: DelimitedLayout) {
    needs = layout.kept.map { $0.type == .automatic ? ColumnNeed() : nil }
  }

  mutating func add(_ pieces: [RowParser.Piece]) {
    for piece in pieces {
      for (column, builder) in piece.builders.enumerated() {
        needs[column]?.add(builder.need(rowCount: piece.rowCount))
      }
    }
  }

  /// The kinds that the columns must have.
  func kinds(insteadOf kinds: [Column.Kind]) -> [Column.Kind] {
    zip(needs, kinds).map { $0?.kind ?? $1 }
  }
}
