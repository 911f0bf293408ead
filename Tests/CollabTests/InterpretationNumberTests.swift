import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import TestSupport
import CollabTensors
import Testing

/// Biases, neighbours and maps of weights that a formula gives: `make_interpretation.py` has the rest.
struct InterpretationNumberTests {
  private struct Fixture: Decodable {
    let rows: [Row]
    let training: [Int32]
    let validation: [Int32]
    let users: Side
    let items: Side

    struct Row: Decodable {
      let user: Int
      let title: String
      let rating: Double
    }
    struct Side: Decodable {
      let factors: [[Float]]
      let bias: [Float]
      let biases: [Scored]
      let neighbors: [Neighborhood]
      let maps: [Map]
    }
    struct Scored: Decodable {
      let index: Int
      let name: String
      let score: Float
    }
    struct Neighborhood: Decodable {
      let of: Int
      let nearest: [Scored]
    }
    struct Map: Decodable {
      let base: Int
      let names: [String]
      let components: [[Float]]
    }

    func side(_ side: RatingSide) -> Side { side == .users ? users : items }
  }

  private let fixture: Fixture

  init() throws {
    fixture = try TestSupport.Fixture.decode(
      Fixture.self, from: "interpretation/interpretation.json")
  }

  private func loaders() throws -> DataLoaders {
    let table = try Table([
      Column("user", integers: fixture.rows.map(\.user)),
      Column("title", texts: fixture.rows.map(\.title)),
      Column("rating", doubles: fixture.rows.map(\.rating)),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 4
    return try DataLoaders(
      restoring: table, options: options, validationRows: fixture.validation,
      trainingRows: fixture.training, using: RandomStreams(seed: 1))
  }

  /// A learner whose tensors are set to those of the fixture, as far as it has them.
  private func learner(_ architecture: Architecture) throws -> Learner {
    let loaders = try loaders()
    var options = ModelOptions(for: architecture)
    options.factors = 4
    let model = try architecture.model(for: loaders, options, using: RandomStreams(seed: 1))
    for side in RatingSide.allCases {
      let numbers = fixture.side(side)
      model.roles.factors(of: side)?.set(numbers.factors.flatMap(\.self))
      model.roles.bias(of: side)?.set(numbers.bias)
    }
    return Learner(loaders, model)
  }

  private func expect(_ found: [ScoredClass], _ expected: [Fixture.Scored], _ note: Comment) {
    #expect(found.map(\.index) == expected.map(\.index), note)
    #expect(found.map(\.name) == expected.map(\.name), note)
    #expect(isClose(found.map(\.score), expected.map(\.score), within: 1e-6), note)
  }

  @Test(
    arguments: [Architecture.dotBias, .dotBiasRaw, .collab, .baseline], RatingSide.allCases)
  func `biases rise, and equal ones stay in the order of their indices`(
    _ architecture: Architecture, _ side: RatingSide
  ) throws {
    let found = try learner(architecture).biases(of: side)
    expect(found, fixture.side(side).biases, "\(architecture) \(side)")
  }

  @Test(arguments: [Architecture.dot, .dotBias, .dotBiasRaw, .collab], RatingSide.allCases)
  func `neighbours fall by cosine, and equal ones stay in the order of their indices`(
    _ architecture: Architecture, _ side: RatingSide
  ) throws {
    let learner = try learner(architecture)
    for neighborhood in fixture.side(side).neighbors {
      let note: Comment = "\(architecture) \(side) \(neighborhood.of)"
      let nearest = neighborhood.nearest
      for count in [0, 1, 3, nearest.count, nearest.count + 5] {
        let found = try learner.neighbors(of: neighborhood.of, among: side, count: count)
        expect(found, Array(nearest.prefix(count)), note)
      }
    }
  }

  @Test(arguments: [Architecture.dot, .dotBias, .dotBiasRaw, .collab], RatingSide.allCases)
  func `maps have the most rated classes and their principal components`(
    _ architecture: Architecture, _ side: RatingSide
  ) throws {
    let learner = try learner(architecture)
    for map in fixture.side(side).maps {
      let found = try learner.factorMap(of: side, count: map.names.count, among: map.base)
      #expect(found.names == map.names)
      #expect(found.components.shape == [map.names.count, 3])
      #expect(
        isClose(
          found.components.scalars(as: Float.self), map.components.flatMap(\.self), within: 1e-5))
    }
  }

  @Test func `a map has no more classes than there are, and no more components than factors`()
    throws
  {
    let learner = try learner(.dot)
    let map = try learner.factorMap(of: .items, count: 100, componentCount: 9)
    #expect(map.names.count == learner.loaders.items.count - 1)
    #expect(Set(map.names) == Set(fixture.rows.map(\.title)))
    #expect(map.components.shape == [7, 4])
    #expect(try learner.factorMap(of: .users, count: 2, among: 1).names.count == 2)
  }

  @Test func `a map takes in a parameter's whole table without a gradient`() throws {
    let learner = try learner(.collab)
    #expect(try learner.factorMap(of: .items, count: 3).components.requiresGradient == false)
  }

  @Test(arguments: RatingSide.allCases)
  func `what a model has not is said`(_ side: RatingSide) throws {
    #expect(throws: InterpretationError.noBias(of: side.rawValue, model: "DotProduct")) {
      try learner(.dot).biases(of: side)
    }
    #expect(throws: InterpretationError.noFactors(of: side.rawValue, model: "Baseline")) {
      try learner(.baseline).neighbors(of: 1, among: side)
    }
    #expect(throws: InterpretationError.noFactors(of: side.rawValue, model: "Baseline")) {
      try learner(.baseline).factorMap(of: side)
    }
  }
}

extension Tensor {
  /// Replaces all elements.
  func set(_ values: [Float]) {
    precondition(values.count == count, "\(values.count) values for \(count) elements")
    changeElements(as: Float.self) { _ = $0.update(from: values) }
  }
}
