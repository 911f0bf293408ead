import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import TestSupport
import CollabTensors
import Testing
import CollabThreading

/// What is recommended is what trying every item would find.
struct RecommenderTests {
  /// Predicts as another model does, and says nothing of how.
  private final class Silent: Module {
    let typeName = "Silent"
    let other: any Module
    var members: [Member] { [.module("other", other)] }
    init(_ other: any Module) { self.other = other }
    func forward(_ input: Tensor) throws -> Tensor { try other.forward(input) }
  }

  /// Ratings of `users` by `items` in which user 3 has rated everything and user 4 one item.
  private static func loaders(users: Int = 40, items: Int = 30) throws -> DataLoaders {
    var pairs: [(user: Int, item: Int)] = []
    for user in 1...users {
      for item in 1...items {
        let isRated =
          switch user {
          case 3: true
          case 4: item == 7
          default: (user * 7 + item * item) % 5 == 0 || item == (user - 1) % items + 1
          }
        if isRated { pairs.append((user, item)) }
      }
    }
    let table = try Table([
      Column("user", integers: pairs.map(\.user)),
      Column("item", integers: pairs.map(\.item)),
      Column("rating", doubles: pairs.map { Double(($0.user + $0.item) % 5 + 1) }),
    ])
    let rows = Int32(0)..<Int32(pairs.count)
    var options = DataLoaders.Options()
    options.batchSize = 8
    // In training is a rating of every user and, by user 3, of every item.
    let isHeld = { (row: Int32) in
      let (user, item) = pairs[Int(row)]
      return row % 6 == 5 && user != 3 && user != 4 && item != (user - 1) % items + 1
    }
    return try DataLoaders(
      restoring: table, options: options, validationRows: rows.filter(isHeld),
      trainingRows: rows.filter { !isHeld($0) }, using: RandomStreams(seed: 1))
  }

  /// Weights in eighths, so that sums of products are exact, and each third item like the one before.
  private static func model(
    _ architecture: Architecture, for loaders: DataLoaders
  ) throws -> any RatingModel {
    var options = ModelOptions(for: architecture)
    (options.factors, options.layers, options.activations) = (5, [9, 4], 6)
    let model = try architecture.model(for: loaders, options, using: RandomStreams(seed: 2))
    var random = TorchGenerator(seed: 6)
    for part in model.state where part.tensor.dtype == .float32 {
      let width = part.tensor.count / max(part.tensor.shape.first ?? 1, 1)
      var values = random.uniform(count: part.tensor.count).map { ($0 * 16 - 8).rounded() / 8 }
      if part.tensor.shape.first == loaders.items.count {
        for row in stride(from: 3, to: loaders.items.count, by: 3) {
          for k in 0..<width { values[row * width + k] = values[(row - 1) * width + k] }
        }
      }
      if part.name.hasSuffix("running_var") { values = values.map { abs($0) + 0.5 } }
      part.tensor.set(values)
    }
    return model
  }

  /// Every item that is not rated nor `#na#`, the highest prediction first, of equal ones the earlier.
  private static func best(
    _ learner: Learner, for user: Int, count: Int
  ) throws -> [(item: Int, rating: Float)] {
    var rated: Set<Int> = [0]
    for set in [learner.loaders.training, learner.loaders.validation] {
      for (other, item) in zip(set.users, set.items) where Int(other) == user {
        rated.insert(Int(item))
      }
    }
    let open = (0..<learner.loaders.items.count).filter { !rated.contains($0) }
    guard !open.isEmpty else { return [] }
    learner.model.train(false)
    let ratings = try learner.model.forward(
      Tensor(open.flatMap { [Int64(user), Int64($0)] }, shape: [open.count, 2])
    ).scalars(as: Float.self)
    let all = zip(open, ratings).map { (item: $0, rating: $1) }
    return Array(
      all.sorted { ($1.rating, $0.item) < ($0.rating, $1.item) }.prefix(count))
  }

  private static func check(_ learner: Learner, _ users: [Int], counts: [Int]) throws {
    for count in counts {
      let lists = try Recommender(learner).recommendations(for: users, count: count)
      #expect(lists.count == users.count)
      for (user, list) in zip(users, lists) {
        let expected = try best(learner, for: user, count: count)
        #expect(list.map(\.item) == expected.map(\.item), "user \(user), \(count) items")
        #expect(isClose(list.map(\.rating), expected.map(\.rating), within: 1e-6))
      }
    }
  }

  /// All whose predictions rank.
  private static let ranking = Architecture.allCases.filter { $0 != .popular }

  @Test(arguments: ranking, [1, 3])
  func `recommendations of every architecture are what trying all items finds`(
    _ architecture: Architecture, _ threads: Int
  ) throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    learner.threads = Threads(threads)
    let everyone = Array(0..<loaders.users.count)
    try Self.check(learner, everyone, counts: [1, 4, loaders.items.count - 1, 1000])
    try Self.check(learner, [4], counts: [0, 1, 5])
    try Self.check(learner, [9, 2, 9], counts: [3])
    try Self.check(learner, [], counts: [3])
  }

  @Test(arguments: ranking)
  func `a model that says nothing of itself is asked for each pair`(
    _ architecture: Architecture
  ) throws {
    let loaders = try Self.loaders()
    let model = try Self.model(architecture, for: loaders)
    let (open, silent) = (Learner(loaders, model), Learner(loaders, Silent(model)))
    try Self.check(silent, [0, 1, 3, 4, 40], counts: [4, 1000])
    let users = Array(1...5)
    #expect(
      try Recommender(silent).recommendations(for: users, count: 6).map { $0.map(\.item) }
        == Recommender(open).recommendations(for: users, count: 6).map { $0.map(\.item) })
  }

  @Test func `whoever has rated everything is recommended nothing`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(loaders, try Self.model(.collab, for: loaders))
    #expect(try Recommender(learner).recommendations(for: [3], count: 5) == [[]])
    let rest = try Recommender(learner).recommendations(for: [4], count: 1000)[0]
    #expect(rest.count == loaders.items.count - 2)
    #expect(Set(rest.map(\.item)) == Set(1..<loaders.items.count).subtracting([7]))
  }

  @Test(arguments: [Architecture.dot, .dotBias, .baseline, .itemKNN, .als])
  func `more items than are ranked at once are ranked all the same`(
    _ architecture: Architecture
  ) throws {
    let loaders = try Self.loaders(users: 35, items: 8300)
    let learner = Learner(loaders, try Self.model(architecture, for: loaders))
    try Self.check(learner, [1, 2, 3, 4, 35], counts: [12])
  }

  @Test func `untrained equal predictions come in the order of the items`() throws {
    let loaders = try Self.loaders()
    let learner = Learner(
      loaders, try Baseline(users: loaders.users.count, items: loaders.items.count))
    let found = try Recommender(learner).recommendations(for: [4], count: 8)[0].map(\.item)
    #expect(found == [1, 2, 3, 4, 5, 6, 8, 9])
  }
}
