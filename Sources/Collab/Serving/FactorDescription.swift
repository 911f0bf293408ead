import CollabLearning
import CollabTensors

/// What a factor seems to stand for: the items that have most and least of it, and what it goes with.
public struct FactorDescription: Sendable {
  /// An item and how much of the factor it has.
  public struct Item: Sendable, Equatable {
    /// The index of the item.
    public let item: Int
    /// Its factor.
    public let value: Float
    /// Ratings to learn from.
    public let ratingCount: Int
  }

  /// A property of items and how it goes with the factor.
  public struct Correlation: Sendable, Equatable {
    /// What the property is called.
    public let name: String
    /// Pearson's coefficient, from −1 to 1.
    public let coefficient: Double
    /// Items that have a value of it.
    public let itemCount: Int
  }

  /// The number of the factor, from 0.
  public let factor: Int
  /// Items with most of it, the largest first.
  public let highest: [Item]
  /// Items with least of it, the smallest first.
  public let lowest: [Item]
  /// Properties, the one that goes with it most first; those that are the same for all are left out.
  public let correlations: [Correlation]
  /// The ratings that an item must have to count here; 0 where nothing is known of who has rated what.
  public let leastRatings: Int
  /// Items that have as many.
  public let itemCount: Int
}

/// A property of items: a number for each that has one.
public struct ItemProperty: Sendable {
  /// What it is called, such as `Comedy`.
  public let name: String
  /// A number for each index of an item; nil where there is none.
  public let values: [Double?]

  /// A property by the indices of items, index 0 included.
  public init(_ name: String, _ values: [Double?]) { (self.name, self.values) = (name, values) }
}

extension Learner {
  /// What a factor of the items seems to stand for.
  ///
  /// Of items with few ratings factors are little more than what they began with, so only those with
  /// enough count. Where no more than a few have as many, fewer ratings are enough: a quarter as many,
  /// until there are items for both ends.
  ///
  /// - Parameters:
  ///   - factor: its number, from 0.
  ///   - count: items at each end.
  ///   - leastRatings: what is enough, if there are such items.
  ///   - properties: what it may go with, beside the years that titles end in.
  /// - Returns: the description.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``,
  ///   ``InterpretationError/noFactor(_:count:)``.
  public func factorDescription(
    _ factor: Int, count: Int = 5, leastRatings: Int = 20, properties: [ItemProperty] = []
  ) throws(InterpretationError) -> FactorDescription {
    guard let table = roles.itemFactors else {
      throw .noFactors(of: RatingSide.items.rawValue, model: model.typeName)
    }
    let width = table.rowWidth
    guard (0..<width).contains(factor) else { throw .noFactor(factor, count: width) }
    let factors = table.withElements(as: Float.self) { elements in
      (0..<loaders.items.count).map { elements[$0 * width + factor] }
    }
    let counts = (0..<loaders.items.count).map { loaders.trainingCount(of: $0, .items) }
    var least = loaders.knowsCounts(of: .items) ? max(leastRatings, 1) : 0
    func items() -> [Int] { counts.indices.dropFirst().filter { counts[$0] >= least } }
    while least > 1, items().count < 2 * count { least = max(1, least / 4) }
    let order = items().sorted { factors[$0] > factors[$1] }
    func described(_ items: some Sequence<Int>) -> [FactorDescription.Item] {
      items.map { .init(item: $0, value: factors[$0], ratingCount: counts[$0]) }
    }
    let titles = (0..<loaders.items.count).map { loaders.items[$0] }
    let years = ItemProperty("year", titles.map(Self.year))
    let isDated = properties.contains { $0.name == years.name }
    let correlations = ((isDated ? [] : [years]) + properties).compactMap { property in
      FactorDescription.Correlation(property, with: factors, among: order)
    }
    return FactorDescription(
      factor: factor, highest: described(order.prefix(count)),
      lowest: described(order.dropFirst(count).suffix(count).reversed()),
      correlations: correlations.sorted { abs($0.coefficient) > abs($1.coefficient) },
      leastRatings: least, itemCount: order.count)
  }

  /// The year at the end of a title: 1995 of `Toy Story (1995)`.
  static func year(of title: String) -> Double? {
    let end = title.utf8.suffix(6)
    guard end.first == UInt8(ascii: "("), end.last == UInt8(ascii: ")") else { return nil }
    return Int(String(decoding: end.dropFirst().dropLast(), as: UTF8.self)).flatMap {
      (1000...9999).contains($0) ? Double($0) : nil
    }
  }
}

extension FactorDescription.Correlation {
  /// Nil if too few items have a value, or all have the same.
  fileprivate init?(_ property: ItemProperty, with factors: [Float], among items: [Int]) {
    let pairs = items.compactMap { item in
      property.values.indices.contains(item)
        ? property.values[item].map { (x: Double(factors[item]), y: $0) } : nil
    }
    guard pairs.count >= 3 else { return nil }
    let count = Double(pairs.count)
    let mean = (
      x: pairs.reduce(0) { $0 + $1.x } / count, y: pairs.reduce(0) { $0 + $1.y } / count
    )
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for pair in pairs {
      let (x, y) = (pair.x - mean.x, pair.y - mean.y)
      (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y)
    }
    guard xx > 0, yy > 0 else { return nil }
    self.init(
      name: property.name, coefficient: xy / (xx * yy).squareRoot(), itemCount: pairs.count)
  }
}
