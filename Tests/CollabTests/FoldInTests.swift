import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import TestSupport
import Testing

/// Somebody new is what least squares with everything else fixed finds.
struct FoldInTests {
  /// What `make_fold_in.py` found.
  struct Golden: Decodable {
    struct Case: Decodable {
      let items: [Int]
      let stars: [Float]
      let numbers: [Float]
      let predictions: [Float]
      let without: [Float]

      var ratings: [ItemRating] { zip(items, stars).map { ItemRating(item: $0, stars: $1) } }
    }

    let users, items: [Int]
    let stars: [Double]
    let held: [Int32]
    let user_factors, user_bias, item_factors, item_bias: [Float]
    let cases: [Case]
    let drops: [Double]

    static func read() throws -> Golden {
      try Fixture.decode(Golden.self, from: "fold_in/fold_in.json")
    }

    func loaders() throws -> DataLoaders {
      let table = try Table([
        Column("user", integers: users), Column("item", integers: items),
        Column("rating", doubles: stars),
      ])
      var options = DataLoaders.Options()
      options.batchSize = 8
      let rows = Int32(0)..<Int32(users.count)
      return try DataLoaders(
        restoring: table, options: options, validationRows: held,
        trainingRows: rows.filter { !held.contains($0) }, using: RandomStreams(seed: 1))
    }

    /// The dot product with biases whose weights the file has.
    func model(_ loaders: DataLoaders) throws -> any RatingModel {
      var options = ModelOptions(for: .dotBias)
      options.factors = 3
      let model = try Architecture.dotBias.model(
        for: loaders, options, using: RandomStreams(seed: 1))
      let weights = [user_factors, user_bias, item_factors, item_bias]
      try model.load(
        zip(model.state, weights).map { part, weights in
          (part.name, try Tensor(weights, shape: part.tensor.shape))
        })
      return model
    }
  }

  /// Predicts as another model does, and says nothing of how.
  private final class Silent: Module {
    let typeName = "Silent"
    let other: any Module
    var members: [Member] { [.module("other", other)] }
    init(_ other: any Module) { self.other = other }
    func forward(_ input: Tensor) throws -> Tensor { try other.forward(input) }
  }

  private let golden: Golden
  private let loaders: DataLoaders
  private let learner: Learner

  init() throws {
    golden = try Golden.read()
    loaders = try golden.loaders()
    learner = Learner(loaders, try golden.model(loaders))
  }

  private var everything: [Int] { Array(1..<loaders.items.count) }

  /// A learner of an architecture with some training behind it.
  private func trained(_ architecture: Architecture) throws -> Learner {
    var options = ModelOptions(for: architecture)
    (options.factors, options.layers, options.activations) = (4, [8, 4], 6)
    let model = try architecture.model(for: loaders, options, using: RandomStreams(seed: 2))
    let learner = Learner(loaders, model)
    try learner.fit(FitPlan(epochs: 3, .flat(2e-2)))
    return learner
  }

  // MARK: Right values

  @Test func `a dot product's user is what Newton's method finds`() throws {
    for one in golden.cases {
      let rater = try learner.foldIn(one.ratings)
      let numbers = try #require(rater.factors) + [try #require(rater.bias)]
      #expect(zip(numbers, one.numbers).allSatisfy { abs($0 - $1) < 2e-4 }, "\(one.items)")
      let predictions = try rater.predictions(of: everything)
      #expect(zip(predictions, one.predictions).allSatisfy { abs($0 - $1) < 2e-4 })
      #expect(rater.ratings == one.ratings)
    }
  }

  @Test func `without ratings it is the mean user`() throws {
    let rater = try learner.foldIn([])
    let factors = try #require(rater.factors)
    for k in 0..<3 {
      let mean = (1..<loaders.users.count).reduce(Float(0)) {
        $0 + golden.user_factors[$1 * 3 + k] / Float(loaders.users.count - 1)
      }
      #expect(abs(factors[k] - mean) < 1e-6)
    }
  }

  @Test func `what a rating did is the difference to folding in without it`() throws {
    for one in golden.cases {
      let found = try learner.folding().leavingOut(eachOf: one.ratings, predicting: 5)
      #expect(abs(found.with - one.predictions[4]) < 2e-4)
      #expect(found.without.count == one.without.count)
      #expect(zip(found.without, one.without).allSatisfy { abs($0 - $1) < 2e-4 }, "\(one.items)")
    }
  }

  @Test func `a rating is expected to take what the smaller posterior lacks`() throws {
    let drops = try #require(
      try learner.folding().expectedDrops(of: everything, after: golden.cases[2].ratings))
    #expect(zip(drops, golden.drops).allSatisfy { abs($0 / $1 - 1) < 1e-3 })
  }

  @Test func `any model finds along its gradients what a dot product finds in closed form`() throws
  {
    let own = Learner(loaders, Silent(learner.model))
    for one in golden.cases {
      let rater = try own.foldIn(one.ratings)
      let predictions = try rater.predictions(of: everything)
      #expect(
        zip(predictions, one.predictions).allSatisfy { abs($0 - $1) < 2e-3 }, "\(one.items)")
      let found = try own.folding().leavingOut(eachOf: one.ratings, predicting: 5)
      // A single step is close to what many would find.
      #expect(zip(found.without, one.without).allSatisfy { abs($0 - $1) < 0.05 })
    }
  }

  @Test func `a baseline draws the bias to zero as its training does`() throws {
    let learner = try trained(.baseline)
    let state = Dictionary(
      uniqueKeysWithValues: learner.model.state.map { ($0.name, $0.tensor.scalars(as: Float.self)) }
    )
    let (mean, biases) = (try #require(state["mean"])[0], try #require(state["item_bias"]))
    let ratings = golden.cases[2].ratings
    let sum = ratings.reduce(Float(0)) { $0 + $1.stars - mean - biases[$1.item] }
    let bias = try #require(try learner.foldIn(ratings).bias)
    #expect(abs(bias - sum / (15 + 3)) < 1e-6)
  }

  // MARK: The model stays

  @Test(arguments: Architecture.allCases)
  func `folding in changes nothing of a model`(_ architecture: Architecture) throws {
    let learner = try trained(architecture)
    func bits() -> [[UInt32]] {
      learner.model.state.filter { $0.tensor.dtype == .float32 }.map {
        $0.tensor.scalars(as: Float.self).map(\.bitPattern)
      }
    }
    // Gradients that are on their way arrive as if nothing had been between.
    let inputs = try Tensor([3, 5, 2, 7].map(Int64.init), shape: [2, 2])
    let loss = try learner.model.forward(inputs).sum()
    let before = bits()
    let rater = try learner.foldIn(golden.cases[3].ratings)
    let predictions = try rater.predictions(of: everything)
    let why = try learner.explanation(of: 5, for: rater)
    #expect(bits() == before)
    #expect(predictions.allSatisfy(\.isFinite) && why.influences.count == 8)
    #expect(learner.model.parameters.allSatisfy { $0.tensor.gradient == nil })
    if loss.requiresGradient { try loss.backward() }
    // The same again, to the last bit.
    #expect(try learner.foldIn(golden.cases[3].ratings).predictions(of: everything) == predictions)
  }

  @Test(arguments: [Architecture.dotBias, .collabNN, .nn, .baseline])
  func `a fit that comes after folding in is the same as without`(
    _ architecture: Architecture
  ) throws {
    let weights = try [true, false].map { isFolded in
      let loaders = try golden.loaders()
      var options = ModelOptions(for: architecture)
      options.factors = 4
      let learner = Learner(
        loaders, try architecture.model(for: loaders, options, using: RandomStreams(seed: 2)))
      try learner.fit(FitPlan(epochs: 2, .flat(1e-2)))
      if isFolded { _ = try learner.foldIn(golden.cases[3].ratings).predictions(of: [4]) }
      try learner.fit(FitPlan(epochs: 2, .flat(1e-2)))
      return learner.model.state.map { $0.tensor.scalars(as: Float.self) }
    }
    #expect(weights[0] == weights[1])
  }

  @Test func `it goes by the weights of the moment`() throws {
    let learner = try trained(.dotBias)
    let before = try learner.foldIn(golden.cases[2].ratings).predictions(of: everything)
    try learner.fit(FitPlan(epochs: 2, .flat(2e-2)))
    #expect(try learner.foldIn(golden.cases[2].ratings).predictions(of: everything) != before)
  }

  // MARK: Whom and what

  @Test func `ratings move predictions their way`() throws {
    for architecture in [Architecture.dotBias, .collab, .collabNN, .nn, .baseline] {
      let learner = try trained(architecture)
      func mean(_ stars: Float) throws -> Float {
        let rater = try learner.foldIn(everything.prefix(8).map { .init(item: $0, stars: stars) })
        return try rater.predictions(of: everything).reduce(0, +)
      }
      #expect(try mean(5) > mean(1), "\(architecture)")
    }
  }

  @Test func `of several ratings of an item the last counts, and unknown items say nothing`() throws
  {
    let plain = try learner.foldIn([ItemRating(item: 3, stars: 2)])
    let other = try learner.foldIn([
      ItemRating(item: 3, stars: 5), ItemRating(item: 0, stars: 1), ItemRating(item: 999, stars: 1),
      ItemRating(item: 3, stars: 2),
    ])
    #expect(plain.factors == other.factors && other.ratings == [ItemRating(item: 3, stars: 2)])
  }

  @Test func `a user of the data is predicted as the model does`() throws {
    let rater = learner.rater(7)
    let pairs = everything.flatMap { [Int64(7), Int64($0)] }
    let expected = try learner.model.forward(Tensor(pairs, shape: [everything.count, 2]))
    #expect(try rater.predictions(of: everything) == expected.scalars(as: Float.self))
    #expect(rater.ratings.map(\.item) == loaders.trainingByUser.indices(of: 7).map { Int($0) })
    #expect(rater.factors == Array(golden.user_factors[21..<24]))
  }

  @Test func `what somebody new has rated is not recommended to them`() throws {
    let rater = try learner.foldIn(golden.cases[3].ratings)
    let list = try Recommender(learner).recommendations(for: rater, count: 50)
    #expect(Set(list.map(\.item)) == Set(everything).subtracting(golden.cases[3].items))
    #expect(list.map(\.rating) == list.map(\.rating).sorted(by: >))
    var options = RecommendationOptions()
    options.seen = .show
    let all = try Recommender(learner, options).recommendations(for: rater, count: 50)
    #expect(all.count == everything.count)
  }

  @Test func `the most similar users are those in the same direction`() throws {
    let rater = try learner.foldIn(golden.cases[2].ratings)
    let factors = try #require(rater.factors)
    func cosine(_ user: Int) -> Float {
      let row = golden.user_factors[(user * 3)..<(user * 3 + 3)]
      let lengths = [Array(row), factors].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      return zip(row, factors).reduce(0) { $0 + $1.0 * $1.1 } / (lengths[0] * lengths[1])
    }
    let found = try learner.similarUsers(to: rater, count: 3)
    let expected = (1..<loaders.users.count).sorted { cosine($0) > cosine($1) }.prefix(3)
    #expect(found.map(\.index) == Array(expected))
    #expect(found.allSatisfy { abs($0.score - cosine($0.index)) < 1e-5 })
    let own = try learner.similarUsers(to: learner.rater(7), leavingOut: 7, count: 100)
    #expect(own.count == loaders.users.count - 2 && !own.contains { $0.index == 7 })
    let baseline = try trained(.baseline)
    #expect(throws: InterpretationError.noFactors(of: "users", model: "Baseline")) {
      try baseline.similarUsers(to: baseline.rater(7))
    }
  }

  // MARK: Why

  @Test func `an explanation adds up to its prediction`() throws {
    let rater = try learner.foldIn(golden.cases[2].ratings)
    let why = try learner.explanation(of: 5, for: rater)
    let sum = try #require(why.sum)
    #expect(sum.mean == nil && sum.itemBias == golden.item_bias[5] && sum.userBias == rater.bias)
    let range = try #require(why.range)
    #expect(range == .stars)
    let squeezed = 5.5 / (1 + Float(1) / exp(sum.total))
    #expect(abs(squeezed - why.prediction) < 1e-5)
    #expect(abs(why.products.reduce(0) { $0 + $1.value } - (sum.taste ?? 0)) < 1e-6)
    let sizes = why.products.map { abs($0.value) }
    #expect(sizes == sizes.sorted(by: >) && why.products.count == 3)
    let changes = why.influences.map { abs($0.change) }
    #expect(changes == changes.sorted(by: >))
    for influence in why.influences {
      let place = try #require(golden.cases[2].items.firstIndex(of: influence.rating.item))
      let expected = golden.cases[2].predictions[4] - golden.cases[2].without[place]
      #expect(abs(influence.change - expected) < 3e-4)
    }
  }

  @Test func `an explanation has the parts that the model has`() throws {
    let rater = { (learner: Learner) in try learner.foldIn(golden.cases[2].ratings) }
    let baseline = try trained(.baseline)
    let sum = try #require(try baseline.explanation(of: 5, for: rater(baseline)).sum)
    #expect(sum.mean != nil && sum.userBias != nil && sum.taste == nil)
    let dot = try trained(.dot)
    let plain = try dot.explanation(of: 5, for: rater(dot))
    #expect(plain.sum?.userBias == nil && plain.sum?.taste != nil && plain.range == nil)
    let nn = try trained(.nn)
    let deep = try nn.explanation(of: 5, for: rater(nn))
    #expect(deep.sum == nil && deep.products.isEmpty && deep.influences.count == 3)
  }
}

/// The exponential function of a float.
private func exp(_ x: Float) -> Float {
  // A series with halving: the tests import no C library.
  guard abs(x) < 0.01 else {
    let half = exp(x / 2)
    return half * half
  }
  return 1 + x + x * x / 2 + x * x * x / 6
}
