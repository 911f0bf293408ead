import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import Testing

/// What is said of a factor is what its numbers are.
struct FactorDescriptionTests {
  /// Ratings of films, of which number n is rated by n users and has n as its second factor.
  private func learner() throws -> Learner {
    let titles = (1...6).map { "Film \($0) (\(1990 + $0))" }
    let pairs = (1...6).flatMap { film in (1...(film * 5)).map { (film: film, user: $0) } }
    let table = try Table([
      Column("user", integers: pairs.map(\.user)),
      Column("title", texts: pairs.map { titles[$0.film - 1] }),
      Column("rating", doubles: pairs.map { Double(($0.film + $0.user) % 5 + 1) }),
    ])
    var options = DataLoaders.Options()
    (options.validFraction, options.batchSize) = (0, 8)
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
    var shape = ModelOptions(for: .dotBias)
    shape.factors = 2
    let model = try Architecture.dotBias.model(for: loaders, shape, using: RandomStreams(seed: 1))
    let factors = try #require(model.roles.itemFactors)
    factors.withElements(as: Float.self) { elements in
      for film in 0...6 { (elements[2 * film], elements[2 * film + 1]) = (0.5, Float(film)) }
    }
    return Learner(loaders, model)
  }

  @Test func `both ends are listed, and the years go with it`() throws {
    let description = try learner().factorDescription(1, count: 2, leastRatings: 12)
    #expect(description.highest.map(\.item) == [6, 5] && description.lowest.map(\.item) == [3, 4])
    #expect(description.highest.map(\.value) == [6, 5])
    #expect(description.lowest.map(\.ratingCount) == [15, 20])
    #expect(description.leastRatings == 12 && description.itemCount == 4)
    #expect(description.correlations.map(\.name) == ["year"])
    #expect(abs(description.correlations[0].coefficient - 1) < 1e-12)
  }

  @Test func `properties are correlated over the items that have them`() throws {
    // Deviations from the means: Σxy = −3, Σxx = 17.5, Σyy = 4/3.
    let comedy = ItemProperty("Comedy", [nil, 1, 0, 1, 0, 0, 0])
    let same = ItemProperty("Same", [nil, 2, 2, 2, 2, 2, 2])
    let description = try learner().factorDescription(
      1, count: 2, leastRatings: 1, properties: [comedy, same])
    #expect(description.correlations.map(\.name) == ["year", "Comedy"])
    let expected = -3 / (17.5 * (4.0 / 3)).squareRoot()
    #expect(abs(description.correlations[1].coefficient - expected) < 1e-12)
  }

  @Test func `fewer ratings are enough where almost all have fewer`() throws {
    let description = try learner().factorDescription(1, count: 2, leastRatings: 100)
    #expect(description.leastRatings == 6 && description.itemCount == 5)
  }

  @Test func `what is no factor is told`() throws {
    let learner = try learner()
    #expect(throws: InterpretationError.noFactor(2, count: 2)) { try learner.factorDescription(2) }
    let baseline = try Architecture.baseline.model(
      for: learner.loaders, ModelOptions(for: .baseline), using: RandomStreams(seed: 1))
    #expect(throws: InterpretationError.noFactors(of: "items", model: "Baseline")) {
      try Learner(learner.loaders, baseline).factorDescription(0)
    }
  }
}
