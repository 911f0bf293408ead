public import CollabLearning
public import CollabTensors

/// Recommends what most have rated: what every other ranking must beat.
///
/// Items are ranked by how many ratings they have, or how many of at least so many stars. What it
/// predicts in stars, which does not depend on the user either, is the mean of the item's ratings, drawn
/// to the mean of all.
///
///     prediction = mean + bias of the item
public final class Popularity: RatingModel {
  /// The mean of the training ratings, one number.
  let mean: Tensor
  /// One number an item.
  let itemBias: Tensor
  /// How many ratings of each item count.
  let counts: Tensor
  /// How strongly biases are drawn to zero.
  public let shrinkage: Double
  /// The stars from which on a rating counts; nil if all do.
  public let relevant: Double?

  private let userCount: Int

  /// A model that has counted nothing yet.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, shrinkage: Double = Shrinkage().items, relevant: Double? = nil
  ) throws(TensorError) {
    mean = try Tensor.zeros([1]).asParameter()
    itemBias = try Tensor.zeros([items]).asParameter()
    counts = try Tensor.zeros([items])
    (userCount, self.shrinkage, self.relevant) = (users, shrinkage, relevant)
  }

  /// What listings of modules call it: `Popularity`.
  public var typeName: String { "Popularity" }
  /// The mean, the biases, and the counts.
  public var members: [Member] {
    [.parameter("mean", mean), .parameter("item_bias", itemBias), .buffer("counts", counts)]
  }
  /// One bias an item; it does not rank them.
  public var roles: ModelRoles { ModelRoles(itemBias: itemBias, mean: mean, combination: .other) }
  /// Its sizes, and which ratings count.
  public var shape: ModelShape {
    var shape = ModelShape(
      .popular, users: EmbeddingSize(rows: userCount, columns: 1),
      items: EmbeddingSize(of: itemBias), range: nil)
    shape.options.shrinkage.items = shrinkage
    shape.options.relevant = relevant
    return shape
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    try mean + itemBias.rows(at: input.selecting(1, along: 1))
  }

  /// How often the items were rated, for every user the same.
  public func rankingScores(of user: Int, _ items: Range<Int>) -> [Float]? {
    counts.withElements(as: Float.self) { Array($0[items]) }
  }

  /// True: counts are of nobody.
  public var ranksForAllAlike: Bool { true }

  /// Counts.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { PopularityTrainer(self) }
}
