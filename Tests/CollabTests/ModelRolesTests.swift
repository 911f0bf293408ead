import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import Testing

/// A model that says nothing of itself, as those typed at the prompt.
final class PlainModel: Module {
  let typeName = "PlainModel"
  let members: [Member]

  /// Parameters of some shapes, in order, all zero.
  init(_ shapes: (name: String, shape: [Int])...) throws {
    members = try shapes.map { name, shape in
      .parameter(name, try Tensor.zeros(shape).asParameter())
    }
  }

  /// The parts of another model.
  init(like other: any Module) { members = other.members }

  func forward(_ input: Tensor) -> Tensor { input }
}

struct ModelRolesTests {
  /// The names of the tensors that have a role: user and item factors, user and item biases.
  private static func names(_ roles: ModelRoles, in model: any Module) -> [String?] {
    [roles.userFactors, roles.itemFactors, roles.userBias, roles.itemBias].map { tensor in
      tensor.map { tensor in model.state.first { $0.tensor === tensor }?.name ?? "a stranger" }
    }
  }

  private static func names(of model: any Module, users: Int, items: Int) -> [String?] {
    names(ModelRoles(byShapeOf: model, users: users, items: items), in: model)
  }

  private static func model(_ architecture: Architecture, users: Int, items: Int) throws
    -> any RatingModel
  {
    var options = ModelOptions(for: architecture)
    options.factors = 3
    let shape = ModelShape(
      architecture, users: EmbeddingSize(rows: users, columns: 3),
      items: EmbeddingSize(rows: items, columns: 3), options: options)
    return try shape.model(using: RandomStreams(seed: 3))
  }

  private static let expected: [Architecture: [String?]] = [
    .dot: ["user_factors.weight", "movie_factors.weight", nil, nil],
    .dotBias: [
      "user_factors.weight", "movie_factors.weight", "user_bias.weight", "movie_bias.weight",
    ],
    .dotBiasRaw: ["user_factors", "movie_factors", "user_bias", "movie_bias"],
    .collab: ["u_weight.weight", "i_weight.weight", "u_bias.weight", "i_bias.weight"],
    .collabNN: ["user_factors.weight", "item_factors.weight", nil, nil],
    .nn: ["embeds.0.weight", "embeds.1.weight", nil, nil],
    .baseline: [nil, nil, "user_bias", "item_bias"],
    .popular: [nil, nil, nil, "item_bias"],
    .itemKNN: [nil, nil, "baseline.user_bias", "baseline.item_bias"],
    .als: ["user_factors", "item_factors", "user_bias", "item_bias"],
    .bayes: ["user_factors", "item_factors", "user_bias", "item_bias"],
    .ease: [nil, nil, "baseline.user_bias", "baseline.item_bias"],
    .ials: ["user_factors", "item_factors", "baseline.user_bias", "baseline.item_bias"],
  ]

  /// Counts of users and items: unlike, alike, and equal to a width of a hidden layer.
  private static let counts = [[9, 6], [6, 9], [8, 8], [9, 100], [9, 50], [100, 9]]

  @Test(arguments: Architecture.allCases, counts)
  func `every built-in model knows its factors and biases`(
    _ architecture: Architecture, _ counts: [Int]
  ) throws {
    let model = try Self.model(architecture, users: counts[0], items: counts[1])
    let expected = try #require(Self.expected[architecture])
    #expect(Self.names(model.roles, in: model) == expected)
    let isSum = ![.collabNN, .nn, .popular, .itemKNN, .bayes, .ease, .ials].contains(architecture)
    #expect((model.roles.combination == .dotProduct) == isSum)
    for (side, count) in zip(RatingSide.allCases, counts) {
      #expect(model.roles.factors(of: side).map { $0.shape == [count, 3] } ?? true)
      #expect(model.roles.bias(of: side).map { $0.count == count } ?? true)
    }
  }

  @Test(arguments: Architecture.allCases, counts)
  func `shapes alone find the same in a model that says nothing`(
    _ architecture: Architecture, _ counts: [Int]
  ) throws {
    let plain = PlainModel(like: try Self.model(architecture, users: counts[0], items: counts[1]))
    let expected = try #require(Self.expected[architecture])
    let roles = ModelRoles(byShapeOf: plain, users: counts[0], items: counts[1])
    let found = Self.names(roles, in: plain)
    #expect(Array(found[..<2]) == Array(expected[..<2]))
    // A layer's own bias may be as long as there are users or items; embeddings come first.
    if expected[2] != nil { #expect(Array(found[2...]) == Array(expected[2...])) }
    #expect(roles.combination == .other)
  }

  @Test func `where users and items are equally many, the first declared is the users'`() throws {
    let model = try PlainModel(
      ("a", [5, 2]), ("b", [5]), ("c", [5, 2]), ("d", [5, 1]), ("e", [5, 4]))
    #expect(Self.names(of: model, users: 5, items: 5) == ["a", "c", "b", "d"])
  }

  @Test func `a table that users and items share is both's`() throws {
    let model = try PlainModel(("shared", [5, 2]), ("bias", [5]))
    #expect(Self.names(of: model, users: 5, items: 5) == ["shared", "shared", "bias", "bias"])
    #expect(Self.names(of: model, users: 5, items: 4) == ["shared", nil, "bias", nil])
    #expect(Self.names(of: model, users: 4, items: 5) == [nil, "shared", nil, "bias"])
  }

  @Test func `a bias has one number a class, in one or two dimensions`() throws {
    let model = try PlainModel(("i", [4, 1]), ("u", [3]), ("wide", [4, 2]), ("deep", [3, 2, 2]))
    #expect(Self.names(of: model, users: 3, items: 4) == [nil, "wide", "u", "i"])
  }

  @Test func `a model without tables has no roles`() throws {
    #expect(Self.names(of: try PlainModel(), users: 3, items: 4) == [nil, nil, nil, nil])
    let other = try PlainModel(("scale", []), ("matrix", [7, 8]), ("empty", [0, 2]))
    #expect(Self.names(of: other, users: 3, items: 4) == [nil, nil, nil, nil])
  }
}
