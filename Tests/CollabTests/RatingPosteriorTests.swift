import Collab
import CollabLearning
import CollabTensors
import TestSupport
import Testing

struct RatingPosteriorTests {
  private func model(_ likelihood: BayesOptions.Likelihood) throws -> (Learner, Bayes) {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    var options = BayesOptions()
    options.likelihood = likelihood
    let model = try Bayes(
      users: session.loaders.users.count, items: session.loaders.items.count, factors: 3,
      options: options, seed: 7)
    let learner = Learner(session.loaders, model)
    try learner.fit(FitPlan(epochs: 150))
    return (learner, model)
  }

  @Test(arguments: BayesOptions.Likelihood.allCases)
  func `somebody who rates like a user is predicted much like that user`(
    _ likelihood: BayesOptions.Likelihood
  ) throws {
    let (learner, model) = try model(likelihood)
    let before = learner.model.state.map { $0.tensor.scalars(as: Float.self) }
    let items = learner.loaders.items.count
    let rated = learner.loaders.trainingByUser
    var errors: [(own: Double, other: Double)] = []
    for user in 1...10 {
      let ratings = zip(rated.indices(of: user), rated.stars(of: user)).map {
        (item: Int($0), stars: $1)
      }
      let found = try model.posterior(of: ratings)
      #expect(found.predictions.count == items)
      #expect(found.predictions.allSatisfy { (1...5).contains($0) })
      func predictions(_ user: Int) throws -> [Float] {
        let pairs = (0..<items).flatMap { [Int64(user), Int64($0)] }
        return try model.forward(Tensor(pairs, shape: [items, 2])).scalars(as: Float.self)
      }
      func distance(_ other: [Float]) -> Double {
        zip(found.predictions, other).reduce(0) { $0 + Double(abs($1.0 - $1.1)) } / Double(items)
      }
      errors.append((distance(try predictions(user)), distance(try predictions(user + 10))))
    }
    let own = errors.reduce(0) { $0 + $1.own } / 10
    let other = errors.reduce(0) { $0 + $1.other } / 10
    #expect(own < 0.25 && own < other / 1.5, "\(own) beside \(other)")
    #expect(learner.model.state.map { $0.tensor.scalars(as: Float.self) } == before)
  }

  @Test func `somebody who rates like a user has factors much like theirs`() throws {
    let (learner, _) = try model(.gaussian)
    let places = try (1...10).map { user in
      let me = try learner.foldIn(learner.rater(user).ratings)
      #expect(me.factors?.count == 3 && me.bias != nil)
      let users = try learner.similarUsers(to: me, count: learner.loaders.users.count)
      return try #require(users.firstIndex { $0.index == user })
    }
    // By chance half of all users would stand before them.
    #expect(places.reduce(0, +) < learner.loaders.users.count, "\(places)")
  }

  @Test func `the same ratings say the same, and high ones more than low ones`() throws {
    let (_, model) = try model(.ordinal)
    let high = try model.posterior(of: (1...6).map { (item: $0, stars: 5) })
    let again = try model.posterior(of: (1...6).map { (item: $0, stars: 5) })
    let low = try model.posterior(of: (1...6).map { (item: $0, stars: 1) })
    #expect(high.predictions == again.predictions)
    // Items that others dislike who like those may fall.
    let rises = zip(high.predictions, low.predictions).map { $0 - $1 }
    #expect(rises[1...6].allSatisfy { $0 > 0 })
    #expect(rises.reduce(0, +) > Float(rises.count) / 2)
    let one = high.distribution(of: 8)
    #expect(abs(one.probabilities.reduce(0, +) - 1) < 1e-5)
    #expect(abs(one.mean - Double(high.predictions[8])) < 1e-4)
  }

  @Test func `a learner takes somebody new in by their posterior`() throws {
    let (learner, model) = try model(.gaussian)
    let ratings = [ItemRating(item: 3, stars: 5), ItemRating(item: 8, stars: 1)]
    let me = try learner.foldIn(ratings)
    let posterior = try model.posterior(of: [(item: 3, stars: 5), (item: 8, stars: 1)])
    #expect(try me.predictions(of: [0, 5, 12]) == [0, 5, 12].map { posterior.predictions[$0] })
    let why = try learner.explanation(of: 5, for: me)
    #expect(why.prediction == posterior.predictions[5])
    for (rating, other) in zip(ratings, ratings.reversed()) {
      let without = try model.posterior(of: [(item: other.item, stars: other.stars)])
      let influence = try #require(why.influences.first { $0.rating == rating })
      #expect(influence.change == why.prediction - without.predictions[5])
    }
  }

  @Test func `nobody's ratings give what a user may be, and unknown items are refused`() throws {
    let (_, model) = try model(.gaussian)
    let nothing = try model.posterior(of: [])
    #expect(nothing.predictions.allSatisfy { $0.isFinite })
    #expect(throws: TensorError.self) { try model.posterior(of: [(item: 9999, stars: 3)]) }
    #expect(throws: TensorError.self) { try model.posterior(of: [(item: -1, stars: 3)]) }
  }
}
