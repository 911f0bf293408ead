import CCollabKernels
import CollabLearning
import CollabTensors

/// The factors of a dot product, laid out for ranking.
///
/// A learner keeps them from one question to the next: laying out the items of a large model takes
/// longer than ranking them for a user.
final class RankingFactors {
  /// So many items are ranked at once: their factors fit into the cache of a core.
  static let blockItems = 1024

  private let users: Tensor?
  /// For each block of items `[factors, items of the block]`, one behind the other: the products of a
  /// user and neighbouring items are computed together, and memory is read as it lies.
  private let items: Tensor?
  /// What is added to the products of everybody, for each item.
  let itemBias: [Float]?
  /// What all that was read from, and how often it had been changed then.
  private let sources: [(tensor: Tensor, version: Int)]

  /// Nil unless a sum of products and biases ranks the items.
  ///
  /// The bias of the user and the sigmoid leave the order of items as it is.
  private init?(_ roles: ModelRoles, itemCount: Int) throws(TensorError) {
    guard roles.combination == .dotProduct,
      (roles.userFactors == nil) == (roles.itemFactors == nil)
    else { return nil }
    users = roles.userFactors?.detached()
    items = if let factors = roles.itemFactors { try Self.laidOut(factors, itemCount) } else { nil }
    itemBias = roles.itemBias?.scalars(as: Float.self)
    sources = Self.sources(of: roles).map { ($0, $0.version) }
  }

  private static func laidOut(
    _ factors: Tensor, _ itemCount: Int
  ) throws(TensorError) -> Tensor {
    let width = factors.shape[1]
    let blocks = try Tensor.unset(itemCount, width)
    let (target, source) = (blocks.elements, factors.detached().elements)
    for first in stride(from: 0, to: itemCount, by: blockItems) {
      let place = first * width
      ck_transpose(
        target + place, source + place, Int64(min(blockItems, itemCount - first)), Int64(width))
    }
    return blocks
  }

  private static func sources(of roles: ModelRoles) -> [Tensor] {
    [roles.userFactors, roles.itemFactors, roles.itemBias].compactMap(\.self)
  }

  /// Those of a learner's model as it is now; nil if they do not rank its items.
  static func current(of learner: Learner) throws(TensorError) -> RankingFactors? {
    let roles = learner.roles
    if let kept = learner.rankingFactors, kept.describe(roles) { return kept }
    learner.rankingFactors = try RankingFactors(roles, itemCount: learner.loaders.items.count)
    return learner.rankingFactors
  }

  /// Whether nothing has changed since.
  private func describe(_ roles: ModelRoles) -> Bool {
    let now = Self.sources(of: roles)
    return roles.combination == .dotProduct && now.count == sources.count
      && zip(now, sources).allSatisfy { $0 === $1.tensor && $0.version == $1.version }
  }

  /// Whether users have factors: without them items are ranked alike for everybody.
  var haveUsers: Bool { users != nil }

  /// Products of users and items, `[users, items]`; zeros where there are only biases.
  ///
  /// - Precondition: `range` is a block, if users have factors.
  func products(_ chosen: [Int], _ range: Range<Int>) throws(TensorError) -> Tensor {
    let products = try Tensor.unset(chosen.count, range.count)
    guard let users, let items else {
      products.withElements(as: Float.self) { $0.update(repeating: 0) }
      return products
    }
    let rows = try users.rows(at: Tensor(chosen.map { Int64($0) }))
    let width = users.shape[1]
    ck_multiply(
      products.elements, rows.elements, Int64(width), 1, items.elements + range.lowerBound * width,
      Int64(range.count), 1, Int64(chosen.count), Int64(width), Int64(range.count))
    return products
  }
}
