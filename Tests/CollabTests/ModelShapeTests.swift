import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import Testing

/// What a model says of its sizes makes another one like it.
struct ModelShapeTests {
  /// A model of each architecture whose every size differs from the usual one and from the others.
  private static func model(
    _ architecture: Architecture, users: Int = 7, items: Int = 5, range: RatingRange?
  ) throws -> any RatingModel {
    let hasOwnWidths = [.nn, .collabNN].contains(architecture)
    var options = ModelOptions(for: architecture)
    (options.factors, options.layers, options.activations) = (3, [6, 4, 2], 9)
    (options.range, options.shrinkage) = (range, .init(users: 2, items: 8))
    options.neighborhood = .init(count: 7, kept: 3, shrinkage: 4)
    (options.ridge, options.relevant) = (.init(strength: 0.3, exponent: 0.7), 3.5)
    let shape = ModelShape(
      architecture, users: EmbeddingSize(rows: users, columns: 3),
      items: EmbeddingSize(rows: items, columns: hasOwnWidths ? 4 : 3), options: options)
    return try shape.model(using: RandomStreams(seed: 3))
  }

  /// Whether predictions may be squeezed into a range.
  private static func hasRange(_ architecture: Architecture) -> Bool {
    ![.baseline, .popular, .itemKNN, .als, .bayes, .ease, .ials].contains(architecture)
  }

  private static let ranges: [RatingRange?] = [nil, .stars, RatingRange(-1, 10)]

  @Test(arguments: Architecture.allCases, [0, 1, 2])
  func `a shape makes a model of the same shape and the same tensors`(
    _ architecture: Architecture, _ whichRange: Int
  ) throws {
    let range = Self.hasRange(architecture) ? Self.ranges[whichRange] : nil
    let model = try Self.model(architecture, range: range)
    let shape = model.shape
    let other = try shape.model(using: RandomStreams(seed: 4))
    #expect(type(of: other) == type(of: model))
    #expect(other.typeName == model.typeName)
    #expect(other.description == model.description)
    #expect(other.state.map(\.name) == model.state.map(\.name))
    #expect(other.state.map(\.tensor.shape) == model.state.map(\.tensor.shape))
    #expect(other.parameters.map(\.decays) == model.parameters.map(\.decays))
    let again = other.shape
    for shape in [shape, again] {
      #expect(shape.architecture == architecture)
      #expect(shape.users.rows == 7 && shape.items.rows == 5)
      #expect(shape.options.range == range)
    }
    #expect(again.users == shape.users && again.items == shape.items)
    #expect(again.options.factors == shape.options.factors)
    #expect(again.options.layers == shape.options.layers)
    #expect(again.options.activations == shape.options.activations)
    #expect(again.options.shrinkage == shape.options.shrinkage)
  }

  /// A model of an architecture with numbers that were drawn; those of draws are gathered by a fit.
  private static func drawn(_ architecture: Architecture) throws -> any RatingModel {
    guard architecture != .bayes else {
      let model = try ModelFileTests.learner(.bayes).model
      return try #require(model as? any RatingModel)
    }
    let model = try model(architecture, range: hasRange(architecture) ? RatingRange(0, 5) : nil)
    var random = TorchGenerator(seed: 8)
    for part in model.state where part.tensor.dtype == .float32 {
      let isVariance = part.name.hasSuffix("running_var")
      part.tensor.set(
        random.uniform(count: part.tensor.count).map { isVariance ? $0 + 0.5 : $0 - 0.5 })
    }
    return model
  }

  @Test(arguments: Architecture.allCases)
  func `a model with the weights of another predicts the same`(_ architecture: Architecture) throws
  {
    let model = try Self.drawn(architecture)
    let other = try model.shape.model(using: RandomStreams(seed: 5))
    try other.load(model.state)
    let pairs = try Tensor((0..<7).flatMap { [$0, $0 % 5] as [Int64] }, shape: [7, 2])
    let predictions = try [model, other].map {
      $0.train(false)
      return try $0.forward(pairs).scalars(as: Float.self)
    }
    #expect(predictions[0] == predictions[1])
    #expect(Set(predictions[0]).count > 1)
  }

  @Test(arguments: Architecture.allCases, [0, 1, 2])
  func `a shape is all in its sizes and settings`(
    _ architecture: Architecture, _ whichRange: Int
  ) throws {
    let range = Self.hasRange(architecture) ? Self.ranges[whichRange] : nil
    let shape = try Self.model(architecture, range: range).shape
    let other = try #require(
      ModelShape(architecture, users: shape.users, items: shape.items, settings: shape.settings))
    #expect("\(other)" == "\(shape)")
  }

  @Test(arguments: Architecture.allCases)
  func `matrices of a shape are those of its model`(_ architecture: Architecture) throws {
    let model = try Self.model(architecture, range: nil)
    let sizes = model.state.map(\.tensor.shape).filter { $0.count == 2 && $0.min() ?? 0 > 1 }
      .map { $0.sorted() }
    let matrices = model.shape.matrices.map { [$0.rows, $0.columns].sorted() }
    #expect(
      sizes.sorted { "\($0)" < "\($1)" }
        == matrices.filter { $0[0] > 1 }.sorted { "\($0)" < "\($1)" })
  }

  @Test func `settings that no model can have make no shape`() {
    let sizes = (EmbeddingSize(rows: 7, columns: 3), EmbeddingSize(rows: 5, columns: 3))
    func isShape(_ name: String, _ numbers: Double...) -> Bool {
      ModelShape(
        .nn, users: sizes.0, items: sizes.1, settings: [(name: name, numbers: numbers)]) != nil
    }
    #expect(isShape("factors", 3) && isShape("layers") && isShape("layers", 4, 2))
    #expect(isShape("reg_users", 0) && isShape("y_range") && isShape("y_range", 0, 5.5))
    #expect(!isShape("factors") && !isShape("factors", 3, 4) && !isShape("factors", 2.5))
    #expect(!isShape("factors", 0) && !isShape("factors", .nan) && !isShape("factors", 1e300))
    #expect(!isShape("layers", 4, -1) && !isShape("reg_users", -1) && !isShape("reg_users", .nan))
    #expect(!isShape("y_range", 1) && !isShape("colour", 1))
    let others = EmbeddingSize(rows: 5, columns: 4)
    #expect(ModelShape(.dot, users: sizes.0, items: others, settings: []) == nil)
    #expect(ModelShape(.nn, users: sizes.0, items: others, settings: []) != nil)
  }

  @Test func `choices are what differs from the usual`() {
    var options = ModelOptions(for: .nn)
    (options.factors, options.layers, options.shrinkage.items) = (20, [6, 4], 0.5)
    let size = EmbeddingSize(rows: 7, columns: 3)
    let shape = ModelShape(.nn, users: size, items: size, options: options)
    #expect(shape.choices == " factors=20 layers=[6,4] reg_items=0.5")
  }

  @Test(arguments: Architecture.allCases)
  func `a shape says which architecture it is under the name that commands know`(
    _ architecture: Architecture
  ) throws {
    #expect(Architecture(rawValue: architecture.rawValue) == architecture)
    #expect(!architecture.summary.isEmpty)
  }

  @Test(arguments: [0, 1, 2, 3, 10, 94, 944, 1683, 100_000, 10_000_000])
  func `sizes of embeddings are those of fastai's rule`(classes: Int) {
    // min(600, round(1.6 * n_cat**0.56)) in Python.
    let expected = [
      0: 0, 1: 2, 2: 2, 3: 3, 10: 6, 94: 20, 944: 74, 1683: 103, 100_000: 600, 10_000_000: 600,
    ]
    let size = EmbeddingSize(classes: classes)
    #expect(size.rows == classes)
    #expect(size.columns == expected[classes])
  }
}
