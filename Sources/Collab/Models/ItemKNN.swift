import CCollabKernels
public import CollabLearning
public import CollabTensors

/// Predicts from what the user has given to the most similar items: "who liked that liked this".
///
///     prediction = baseline + Σ similarity × (rating − its baseline) / Σ similarity
///
/// over at most ``Neighborhood/count`` items that the user has rated, the most similar ones; only
/// positive similarities count. Where there is none, the baseline is the prediction. The similarity of
/// two items is the correlation of what users have given to both, apart from baselines, drawn to zero
/// where they are few.
///
/// Only some neighbours of each item are kept, so that memory does not grow with the square of the
/// items. It has no factors. What users have rated is not part of the model: it takes that from the
/// loaders that it is attached to, and predicts the baseline alone before.
///
/// Source: Koren, "Factor in the Neighbors" (2010), section 2.2; the formulas as in Surprise's
/// `KNNBaseline` with `pearson_baseline`.
public final class ItemKNN: RatingModel {
  /// What a rating owes to neither's taste.
  let baseline: Baseline
  /// Items similar to each item, the most similar first, int64 `[items, kept]`.
  let neighbors: Tensor
  /// How similar they are, `[items, kept]`; zero where there are fewer.
  let similarities: Tensor
  /// How many neighbours count, and how they are found.
  public let neighborhood: Neighborhood

  private var rated: RatedItems?

  /// A model that knows no neighbours yet.
  ///
  /// - Parameters:
  ///   - users: how many there are, `#na#` among them.
  ///   - items: how many there are, `#na#` among them.
  ///   - kept: how many neighbours there is room for, which may be fewer than the neighbourhood says.
  ///   - neighborhood: how many neighbours count, and how they are found.
  ///   - shrinkage: of the baseline.
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, kept: Int, neighborhood: Neighborhood = Neighborhood(),
    shrinkage: Shrinkage = Shrinkage()
  ) throws(TensorError) {
    baseline = try Baseline(users: users, items: items, shrinkage: shrinkage)
    neighbors = try Tensor.zeros([items, kept], .int64)
    similarities = try Tensor.zeros([items, kept])
    self.neighborhood = neighborhood
  }

  /// What listings of modules call it: `ItemKNN`.
  public var typeName: String { "ItemKNN" }
  /// The baseline, and the neighbours with their similarities.
  public var members: [Member] {
    [
      .buffer("neighbors", neighbors), .buffer("similarities", similarities),
      .module("baseline", baseline),
    ]
  }
  /// Those of the baseline, which do not rank the items alone.
  public var roles: ModelRoles {
    ModelRoles(
      userBias: baseline.userBias, itemBias: baseline.itemBias, mean: baseline.mean,
      combination: .other)
  }
  /// Its sizes, its neighbourhood and its baseline's shrinkage.
  public var shape: ModelShape {
    var shape = ModelShape(
      .itemKNN, users: EmbeddingSize(of: baseline.userBias),
      items: EmbeddingSize(of: similarities), range: nil)
    shape.options.neighborhood = neighborhood
    shape.options.shrinkage = baseline.shrinkage
    return shape
  }

  /// Predicts from what users of these loaders have rated, from now on.
  ///
  /// Nothing is known of users where these are not the model's users and items.
  public func attach(to loaders: DataLoaders) {
    let isFitting =
      loaders.users.count == baseline.userBias.count
      && loaders.items.count == baseline.itemBias.count
    rated = isFitting ? loaders.trainingByUser : nil
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let predictions = try baseline.forward(input)
    guard let rated else { return predictions }
    let pairs = try [0, 1].map { column throws(TensorError) in
      try input.selecting(column, along: 1).scalars(as: Int64.self)
    }
    return try predictions + Tensor(offsets(users: pairs[0], items: pairs[1], rated))
  }

  /// The most similar items by the similarities that predictions are made of.
  public func similarItems(to item: Int, count: Int) -> [Neighbors.Neighbor]? {
    let kept = similarities.shape[1]
    let row = item * kept..<(item + 1) * kept
    let indices = neighbors.withElements(as: Int64.self) { Array($0[row]) }
    let values = similarities.withElements(as: Float.self) { Array($0[row]) }
    return zip(indices, values).prefix { $0.1 > 0 }.prefix(count).map {
      Neighbors.Neighbor(index: Int($0), similarity: $1)
    }
  }

  /// The baseline, and what users have given to pairs of items.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { ItemKNNTrainer(self) }

  /// From what somebody new has given to similar items.
  public func foldIn(for learner: Learner) -> any FoldIn { NeighborFoldIn(self) }
}

// MARK: - Predicting

extension ItemKNN {
  /// What the neighbours add to the baseline of each pair.
  private func offsets(users: [Int64], items: [Int64], _ rated: RatedItems) -> [Float] {
    var taste = unknownTaste()
    var offsets: [Float] = []
    offsets.reserveCapacity(users.count)
    var start = 0
    while start < users.count {
      let user = Int(users[start])
      let end = users[start...].firstIndex { $0 != users[start] } ?? users.count
      let (indices, stars) = (rated.indices(of: user), rated.stars(of: user))
      let userBias = baseline.userBias.withElements(as: Float.self) { $0[user] }
      learn(&taste, indices, stars, userBias: userBias)
      offsets += self.offsets(of: items[start..<end], taste)
      for index in indices { taste[Int(index)] = .nan }
      start = end
    }
    return offsets
  }

  /// What somebody gives each item beyond its baseline, who has rated none.
  func unknownTaste() -> [Float] {
    [Float](repeating: .nan, count: baseline.itemBias.count)
  }

  /// Takes over what somebody has given to some items, apart from baselines.
  func learn(
    _ taste: inout [Float], _ indices: some Collection<Int32>, _ stars: some Collection<Float>,
    userBias: Float
  ) {
    let mean = baseline.mean.withElements(as: Float.self) { $0[0] }
    baseline.itemBias.withElements(as: Float.self) { itemBias in
      for (index, stars) in zip(indices, stars) {
        taste[Int(index)] = stars - mean - userBias - itemBias[Int(index)]
      }
    }
  }

  /// What the neighbours of some items add to baselines for somebody with a taste.
  func offsets(of items: ArraySlice<Int64>, _ taste: [Float]) -> [Float] {
    let (itemCount, kept) = (similarities.shape[0], similarities.shape[1])
    return [Float](unsafeUninitializedCapacity: items.count) { buffer, count in
      count = items.count
      items.withUnsafeBufferPointer { items in
        guard let out = buffer.baseAddress, let first = items.baseAddress else { return }
        ck_require_rows(first, Int64(items.count), Int64(itemCount))
        for item in items {
          ck_require_rows(
            neighbors.integers + Int(item) * kept, Int64(kept), Int64(taste.count))
        }
        ck_neighbor_offsets(
          out, first, Int64(items.count), taste, Int64(itemCount), neighbors.integers,
          similarities.elements, Int64(kept), Int64(neighborhood.count))
      }
    }
  }
}
