public import CollabTables

/// Which row of an embedding belongs to which user or item.
///
/// Index 0 is `#na#`: whoever was not seen in training, or is missing. The others follow in ascending order.
///
/// Source: fastai's `CategoryMap`, `fastai/data/transforms.py`.
public struct Vocabulary: Sendable {
  /// What index 0 is called.
  public static let missing = "#na#"

  /// The name of the column.
  public let name: String
  /// The values of the indices 1, 2, 3 ….
  public let values: Column

  /// The number of indices, `#na#` included: the rows that an embedding needs.
  public var count: Int { values.count + 1 }

  /// What an index stands for, as text.
  ///
  /// Whole numbers beside gaps are decimal numbers in a table, and still written without a point.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public subscript(index: Int) -> String {
    guard index > 0 else { return Self.missing }
    return switch values.value(at: index - 1) {
    case .integer(let id): "\(id)"
    case .double(let id): Int(exactly: id).map { "\($0)" } ?? "\(id)"
    case .text(let id): id
    case .missing: Self.missing
    }
  }

  /// The index of a value written as text; nil if it is not there.
  ///
  /// - Complexity: O(log `count`).
  public func index(of text: String) -> Int? {
    if text == Self.missing { return 0 }
    switch values.kind {
    case .text:
      return place { name in
        guard case .text(let name) = name else { return false }
        return name.utf8.lexicographicallyPrecedes(text.utf8)
      }.flatMap { self[$0].utf8.elementsEqual(text.utf8) ? $0 : nil }
    case .integers:
      guard let number = Int(text) else { return nil }
      return place { id in
        guard case .integer(let id) = id else { return false }
        return id < number
      }.flatMap { self[$0] == text ? $0 : nil }
    case .doubles:
      guard let number = Double(text) else { return nil }
      return place { id in
        guard case .double(let id) = id else { return false }
        return id < number
      }.flatMap { self[$0] == text || "\(number)" == text && isValue(number, $0) ? $0 : nil }
    }
  }

  private func isValue(_ number: Double, _ index: Int) -> Bool {
    values.value(at: index - 1) == .double(number)
  }

  /// The first index whose value does not precede; nil if all do.
  private func place(_ precedes: (Column.Value) -> Bool) -> Int? {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if precedes(values.value(at: middle)) { low = middle + 1 } else { high = middle }
    }
    return low < values.count ? low + 1 : nil
  }
}

/// A column of ids turned into indices of a vocabulary.
struct IndexedColumn {
  let vocabulary: Vocabulary
  let indices: [Int32]

  /// Indices of all rows; a text is known wherever it occurs, a number only where it occurs in
  /// `trainingRows`, and so does a text unless `knowsAll`.
  ///
  /// pandas shrinks a text column to its categories before fastai splits it, so that titles of the
  /// whole table have an index, while numbers are collected from the training rows.
  init(
    _ column: Column, _ coded: CodedColumn, trainingRows: ArraySlice<Int32>, knowsAll: Bool
  ) {
    guard column.kind != .text || !knowsAll else {
      vocabulary = Vocabulary(name: column.name, values: coded.levels)
      indices = coded.codes.map { $0 + 1 }
      return
    }
    var index = [Int32](repeating: 0, count: coded.levels.count)
    for row in trainingRows {
      let code = coded.codes[Int(row)]
      if code >= 0 { index[Int(code)] = 1 }
    }
    let known = index.indices.filter { index[$0] == 1 }
    for (place, level) in known.enumerated() {
      index[level] = Int32(truncatingIfNeeded: place + 1)
    }
    vocabulary = Vocabulary(name: column.name, values: coded.levels.rows(at: known))
    indices = coded.codes.map { $0 < 0 ? 0 : index[Int($0)] }
  }
}
