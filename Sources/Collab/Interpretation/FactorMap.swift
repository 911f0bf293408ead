import CollabLearning
public import CollabTensors

/// The most rated items (or most active users) on the principal components of their factors.
public struct FactorMap {
  /// The names of the classes, the most rated first.
  public let names: [String]
  /// Where each is, `[names, components]`.
  public let components: Tensor
}

extension Learner {
  /// The directions in which the factors of the most rated items differ most, and where some of the
  /// items lie on them.
  ///
  ///     let map = try learner.factorMap(of: .items, count: 50)
  ///
  /// - Parameters:
  ///   - side: items or users.
  ///   - count: how many to give.
  ///   - baseCount: how many of the most rated ones the directions are found among.
  ///   - componentCount: how many directions.
  /// - Returns: names and places; fewer than asked for if there are fewer.
  /// - Throws: ``InterpretationError/noFactors(of:model:)``, and what the analysis throws.
  ///
  /// Source: chapter cell on embedding PCA: 1,000 films, of which 50 are drawn.
  public func factorMap(
    of side: RatingSide, count: Int = 50, among baseCount: Int = 1000, componentCount: Int = 3
  ) throws -> FactorMap {
    guard let factors = roles.factors(of: side) else {
      throw InterpretationError.noFactors(of: side.rawValue, model: model.typeName)
    }
    let vocabulary = side == .users ? loaders.users : loaders.items
    var counts = [Int](repeating: 0, count: vocabulary.count)
    for ratings in [loaders.training, loaders.validation] {
      for index in ratings.indices(of: side) { counts[Int(index)] += 1 }
    }
    // Index 0 is the padding class, which stands for none of them.
    let order = (1..<max(vocabulary.count, 1)).sorted {
      counts[$0] == counts[$1] ? $0 < $1 : counts[$0] > counts[$1]
    }
    let base = order.prefix(max(baseCount, count))
    let rows = try factors.detached().rows(at: Tensor(base.map(Int64.init)))
    let components = try rows.principalComponents(componentCount)
    let shown = base.prefix(count)
    return FactorMap(
      names: shown.map { vocabulary[$0] },
      components: try components.rows(at: Tensor((0..<shown.count).map(Int64.init))))
  }
}
