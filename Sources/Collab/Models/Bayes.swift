import CCollabKernels
public import CollabLearning
public import CollabTensors
import CollabThreading

/// A factorisation whose numbers are not found but drawn: what it predicts is the mean over all draws
/// that the ratings allow, and how probable each star is comes with it.
///
///     let model = try Bayes(users: 944, items: 1665, seed: 42)
///     try Learner(loaders, model).fit(FitPlan(epochs: 300))
///
/// Predictions of validation ratings are means over all sweeps that count; any others over the draws
/// that are kept.
///
/// Source: see `GibbsSampler`.
public final class Bayes: RatingModel {
  /// What was chosen.
  public let options: BayesOptions
  let chain: GibbsChain
  private let userBias: Tensor
  private let userFactors: Tensor
  private let itemBias: Tensor
  private let itemFactors: Tensor
  /// What a fit has gathered.
  var kept: Kept
  /// What users have rated, for neighbours.
  private var loaders: DataLoaders?

  /// A model that predicts zero until it is fitted.
  ///
  /// - Parameters:
  ///   - users: how many, `#na#` included.
  ///   - items: how many, `#na#` included.
  ///   - factors: of each of them, in ``BayesOptions/factors``.
  ///   - options: what else can be chosen.
  ///   - seed: what all draws come from.
  /// - Throws: ``TensorError/tooLarge(_:)``.
  public init(
    users: Int, items: Int, factors: Int = BayesOptions.usualFactors,
    options: BayesOptions = BayesOptions(), seed: UInt64
  ) throws(TensorError) {
    precondition(BayesOptions.factors.contains(factors), "\(factors) factors")
    self.options = options
    chain = try GibbsChain(users: users, items: items, factors: factors, seed: seed)
    userBias = try Tensor.zeros([users]).asParameter()
    userFactors = try Tensor.zeros([users, factors]).asParameter()
    itemBias = try Tensor.zeros([items]).asParameter()
    itemFactors = try Tensor.zeros([items, factors]).asParameter()
    kept = try Kept(
      scale: StarScale(levels: [], ends: nil, mean: 0), predictions: PairPredictions([], cuts: 0),
      residuals: .zeros([0]), samples: [])
  }

  /// What listings of modules call it: `Bayes`.
  public var typeName: String { "Bayes" }
  /// Mean biases and factors; then where the sampler stands, and what it has gathered.
  public var members: [Member] {
    [
      .parameter("user_bias", userBias), .parameter("user_factors", userFactors),
      .parameter("item_bias", itemBias), .parameter("item_factors", itemFactors),
    ] + chain.members + kept.members
  }
  /// Means of the draws; predictions are means of products, and not products of means.
  public var roles: ModelRoles {
    ModelRoles(
      userFactors: userFactors, itemFactors: itemFactors, userBias: userBias, itemBias: itemBias,
      combination: .other)
  }
  /// Its sizes and options.
  public var shape: ModelShape {
    var shape = ModelShape(
      .bayes, users: EmbeddingSize(of: userFactors), items: EmbeddingSize(of: itemFactors),
      range: nil)
    shape.options.bayes = options
    return shape
  }

  /// Gibbs sampling.
  public func trainer(
    loss: Loss, optimizer: @escaping ([Parameter]) throws -> any Optimizer
  ) -> any Trainer { GibbsTrainer(self) }

  /// By draws of somebody's own numbers, given those that are kept of everything else.
  public func foldIn(for learner: Learner) -> any FoldIn { PosteriorFoldIn(self) }

  /// Takes neighbours from what users of these loaders have rated, from now on.
  public func attach(to loaders: DataLoaders) {
    let isFitting =
      loaders.users.count == chain.users.count && loaders.items.count == chain.items.count
    self.loaders = options.neighbors > 0 && isFitting ? loaders : nil
  }

  /// Predictions of a batch of user and item indices.
  ///
  /// - Shape: int64 `[batch, 2]` gives `[batch]`.
  public func forward(_ input: Tensor) throws(TensorError) -> Tensor {
    let predictions = try predictions(for: pairs(in: input))
    return try Tensor(predictions.map { kept.prediction($0, options) })
  }
}

// MARK: - Asking

extension Bayes {
  /// How probable each star is for some pairs.
  ///
  /// - Parameter pairs: indices of users and items.
  /// - Returns: a distribution for each; nil where the ratings have no steps, and before a fit.
  /// - Throws: ``TensorError/indexOutOfRange(_:size:dimension:)``.
  public func starProbabilities(
    for pairs: [(user: Int, item: Int)]
  ) throws(TensorError) -> [StarDistribution]? {
    guard !kept.scale.levels.isEmpty else { return nil }
    let input = try Tensor(
      pairs.flatMap { [Int64($0.user), Int64($0.item)] }, shape: [pairs.count, 2])
    return try predictions(for: self.pairs(in: input)).map { kept.distribution($0) }
  }

  /// A user and an item as one number that sorts by both.
  static func key(_ user: Int32, _ item: Int32) -> Int64 { Int64(user) << 32 | Int64(item) }

  /// Checked indices, two a pair.
  private func pairs(in input: Tensor) throws(TensorError) -> [Int32] {
    let (users, items) = (
      try input.selecting(0, along: 1).scalars(as: Int64.self),
      try input.selecting(1, along: 1).scalars(as: Int64.self)
    )
    for (indices, size) in [(users, chain.users.count), (items, chain.items.count)] {
      for index in indices where index < 0 || index >= Int64(size) {
        throw .indexOutOfRange(Int(index), size: size, dimension: 0)
      }
    }
    return zip(users, items).flatMap {
      [Int32(truncatingIfNeeded: $0), Int32(truncatingIfNeeded: $1)]
    }
  }

  /// Means for pairs: those gathered while fitting, else those of the draws that are kept.
  private func predictions(for pairs: [Int32]) throws(TensorError) -> [Prediction] {
    var result: [Prediction?] = []
    var rest: [Int32] = []
    for n in stride(from: 0, to: pairs.count, by: 2) {
      let place = kept.place(of: Self.key(pairs[n], pairs[n + 1]))
      result.append(place.map { Prediction(kept.predictions, $0) })
      if place == nil { rest += pairs[n..<(n + 2)] }
    }
    guard !rest.isEmpty else { return result.compactMap(\.self) }
    let means = try kept.means(of: rest, neighbors(of: rest))
    var next = 0
    return result.map { known in
      if let known { return known }
      defer { next += 1 }
      return Prediction(means, next)
    }
  }

  /// The neighbours of pairs, if there are to be some and the loaders are those of the last fit.
  private func neighbors(of pairs: [Int32]) throws(TensorError) -> RatedNeighbors? {
    guard let loaders, loaders.training.count == kept.residuals.count else { return nil }
    return try RatedNeighbors(
      of: pairs, count: options.neighbors, byUser: loaders.trainingByUser,
      byItem: loaders.trainingByItem)
  }

  /// The means of one pair.
  struct Prediction {
    /// The position.
    let position: Float
    /// Shares below the cuts.
    let below: [Float]

    init(_ predictions: PairPredictions, _ number: Int) {
      position = predictions.positions.elements[number]
      below = (0..<predictions.below.shape[0]).map {
        predictions.below.elements[$0 * predictions.count + number]
      }
    }
  }
}

// MARK: - Gathering

extension Bayes {
  /// What was gathered of the sweeps; replaced as a whole.
  struct Kept {
    let scale: StarScale
    let predictions: PairPredictions
    /// Mean residuals of the training ratings, by user; empty without neighbours.
    let residuals: Tensor
    let samples: [BayesSample]
    private let keys: [Int64]
    private let scaleTensor: Tensor
    private let pairsTensor: Tensor

    init(
      scale: StarScale, predictions: PairPredictions, residuals: Tensor, samples: [BayesSample]
    ) throws(TensorError) {
      (self.scale, self.predictions, self.samples) = (scale, predictions, samples)
      self.residuals = residuals
      let pairs = predictions.pairs
      keys = stride(from: 0, to: pairs.count, by: 2).map { Bayes.key(pairs[$0], pairs[$0 + 1]) }
      let ends = scale.ends.map { [$0.lowerBound, $0.upperBound] } ?? []
      scaleTensor = try Tensor(ends.isEmpty ? [] : [scale.mean] + ends + scale.levels)
      pairsTensor = try Tensor(pairs.map { Float($0) }, shape: [pairs.count / 2, 2])
    }

    private init(_ other: Kept, _ samples: [BayesSample]) {
      (scale, predictions, keys) = (other.scale, other.predictions, other.keys)
      residuals = other.residuals
      (scaleTensor, pairsTensor) = (other.scaleTensor, other.pairsTensor)
      self.samples = samples
    }

    /// The same with other draws.
    func with(_ samples: [BayesSample]) -> Kept { Kept(self, samples) }

    /// Where a pair lies in ``predictions``; nil if it is none of them.
    func place(of key: Int64) -> Int? {
      var (low, high) = (0, keys.count)
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < key { low = middle + 1 } else { high = middle }
      }
      return low < keys.count && keys[low] == key ? low : nil
    }

    /// What the draws say of some pairs.
    func means(
      of pairs: [Int32], _ neighbors: RatedNeighbors?
    ) throws(TensorError) -> PairPredictions {
      let means = try PairPredictions(pairs, cuts: max(scale.levels.count - 1, 0))
      let residuals = UnsafePointer(residuals.elements)
      for (n, sample) in samples.enumerated() {
        means.add(sample.draw, weight: 1 / Float(n + 1), .one, neighbors.map { ($0, residuals) })
      }
      return means
    }

    func prediction(_ means: Prediction, _ options: BayesOptions) -> Float {
      options.likelihood == .ordinal
        ? scale.mean { means.below[$0] } : scale.clipped(scale.mean + means.position)
    }

    func distribution(_ means: Prediction) -> StarDistribution {
      let ends = [0] + means.below + [1]
      return StarDistribution(
        stars: scale.levels,
        probabilities: scale.levels.isEmpty
          ? [] : zip(ends.dropFirst(), ends).map { max(0, $0 - $1) })
    }

    var members: [Member] {
      [
        .buffer("scale", scaleTensor), .buffer("validation.pairs", pairsTensor),
        .buffer("validation.positions", predictions.positions),
        .buffer("validation.below", predictions.below),
      ] + (residuals.count == 0 ? [] : [.buffer("residuals", residuals)])
        + samples.enumerated().flatMap { $0.element.members($0.offset) }
    }
  }

  /// The means of the draws that are kept, for whatever looks at factors and biases.
  func findMeans() {
    let lanes = chain.lanes
    for (bias, factors, rows) in [
      (userBias, userFactors, \BayesSample.users), (itemBias, itemFactors, \BayesSample.items),
    ] {
      let width = factors.shape[1]
      bias.changeElements(as: Float.self) { bias in
        factors.changeElements(as: Float.self) { factors in
          bias.update(repeating: 0)
          factors.update(repeating: 0)
          for (n, sample) in kept.samples.enumerated() {
            let (from, weight) = (sample[keyPath: rows].elements, 1 / Float(n + 1))
            for row in bias.indices {
              bias[row] += weight * (from[row * lanes] - bias[row])
              for k in 0..<width {
                let place = row * width + k
                factors[place] += weight * (from[row * lanes + k + 1] - factors[place])
              }
            }
          }
        }
      }
    }
  }
}

extension BayesSample {
  /// What predictions are taken from.
  var draw: PairPredictions.Draw {
    PairPredictions.Draw(
      users: users.elements, items: items.elements, usersNoise: usersNoise.elements,
      itemsNoise: itemsNoise.elements, scale: scale, cuts: cuts + 1, lanes: users.shape[1])
  }
}

extension GibbsChain {
  /// What predictions are taken from.
  var draw: PairPredictions.Draw {
    PairPredictions.Draw(
      users: users.rows.elements, items: items.rows.elements,
      usersNoise: users.noise.elements, itemsNoise: items.noise.elements, scale: self[.scale],
      cuts: cuts + 1, lanes: lanes)
  }

  /// A model may have been made for the users and items of other loaders.
  func check(_ loaders: DataLoaders) throws(TensorError) {
    for (found, own) in [(loaders.users.count, users.count), (loaders.items.count, items.count)]
    where found != own {
      throw .indexOutOfRange(max(found, own) - 1, size: min(found, own), dimension: 0)
    }
  }
}

// MARK: - Kept numbers

extension Bayes {
  /// Takes over a chain and what was gathered of it, however much that was.
  public func load(_ state: [(name: String, tensor: Tensor)]) throws {
    let given = Dictionary(
      state.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let fixed = members.prefix(4) + chain.members
    let pairs = try fixed.compactMap { member -> (Tensor, Tensor)? in
      switch member {
      case .parameter(let name, let own), .buffer(let name, let own):
        return (own, try Self.tensor(name, own.shape, in: given))
      case .module: return nil
      }
    }
    let kept = try Kept(given, like: chain)
    for (own, tensor) in pairs { try own.replaceElements(by: tensor) }
    self.kept = kept
  }

  /// A tensor of a shape; where that has -1, any number will do.
  fileprivate static func tensor(
    _ name: String, _ shape: [Int], in given: [String: Tensor]
  ) throws -> Tensor {
    guard let tensor = given[name] else { throw ModelStateError.missing(name) }
    guard tensor.dtype == .float32, tensor.shape.count == shape.count,
      zip(tensor.shape, shape).allSatisfy({ $1 == -1 || $0 == $1 })
    else { throw ModelStateError.unexpected(name, shape: tensor.shape, expected: shape) }
    return tensor
  }
}

extension Bayes.Kept {
  /// What was kept under its names.
  fileprivate init(_ given: [String: Tensor], like chain: GibbsChain) throws {
    let numbers = try Bayes.tensor("scale", [-1], in: given).scalars(as: Float.self)
    let levels = Array(numbers.dropFirst(3))
    guard numbers.isEmpty || numbers.count >= 3, levels.count <= StarScale.mostLevels,
      numbers.allSatisfy(\.isFinite), numbers.isEmpty || numbers[1] <= numbers[2],
      zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw ModelStateError.unexpected("scale", shape: [numbers.count], expected: [3])
    }
    let scale = StarScale(
      levels: levels, ends: numbers.isEmpty ? nil : numbers[1]...numbers[2],
      mean: numbers.first ?? 0)
    let indices = try Bayes.tensor("validation.pairs", [-1, 2], in: given)
    let count = indices.shape[0]
    let pairs = try indices.scalars(as: Float.self).enumerated().map { n, index in
      let size = n % 2 == 0 ? chain.users.count : chain.items.count
      guard let place = Int32(exactly: index), place >= 0, Int(place) < size else {
        throw ModelStateError.unexpected(
          "validation.pairs", shape: indices.shape,
          expected: [chain.users.count, chain.items.count])
      }
      return place
    }
    let cuts = max(levels.count - 1, 0)
    let predictions = try PairPredictions(
      pairs, positions: Bayes.tensor("validation.positions", [count], in: given),
      below: Bayes.tensor("validation.below", [count == 0 ? -1 : cuts, count], in: given))
    var samples: [BayesSample] = []
    while given["samples.\(samples.count).users"] != nil {
      let prefix = "samples.\(samples.count)."
      let own = given.filter { $0.key.hasPrefix(prefix) }
      let tensors = Dictionary(
        uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
      guard let sample = BayesSample(tensors, like: chain) else {
        throw ModelStateError.missing(prefix + "*")
      }
      samples.append(sample)
    }
    let residuals =
      given["residuals"] == nil
      ? try Tensor.zeros([0]) : try Bayes.tensor("residuals", [-1], in: given)
    try self.init(
      scale: scale, predictions: predictions, residuals: residuals, samples: samples)
  }
}
