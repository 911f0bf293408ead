import Collab
import CollabFiles
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import TestSupport
import Testing

/// Learners in files.
struct ModelFileTests {
  private let folder: TemporaryFolder
  private var path: String { "\(folder.path)/model.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  /// Loaders of some invented ratings, which differ in their order by user and by row.
  static func loaders(count: Int = 40) throws -> DataLoaders {
    let pairs = (0..<count).map { (user: $0 * 7 % 9 + 1, item: $0 * 11 % 10) }
    let table = try Table([
      Column("user", integers: pairs.map(\.user)),
      Column("title", texts: pairs.map { "Film \($0.item) — “Ünï”" }),
      Column("rating", doubles: pairs.map { Double(($0.user + $0.item) % 5 + 1) }),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 4
    return try DataLoaders(table, options: options, using: RandomStreams(seed: 5))
  }

  /// A learner of a family that has been fitted.
  static func learner(
    _ architecture: Architecture, _ loaders: DataLoaders? = nil
  ) throws -> Learner {
    let loaders = try loaders ?? Self.loaders()
    var options = ModelOptions(for: architecture)
    (options.factors, options.layers, options.activations) = (3, [6, 4], 5)
    let model = try architecture.model(for: loaders, options, using: RandomStreams(seed: 2))
    let learner = Learner(loaders, model)
    if learner.trainer.settings.contains(.learningRate) {
      try learner.fit(epochs: 2, .oneCycle(maximum: 5e-2), weightDecay: 0.1)
    } else {
      try learner.fit()
    }
    return learner
  }

  /// The bits of everything that a model predicts.
  private func predictions(_ learner: Learner) throws -> [UInt32] {
    let pairs = (0..<learner.loaders.users.count).flatMap { user in
      (0..<learner.loaders.items.count).flatMap { [Int64(user), Int64($0)] }
    }
    learner.model.train(false)
    return try learner.model.forward(Tensor(pairs, shape: [pairs.count / 2, 2]))
      .scalars(as: Float.self).map(\.bitPattern)
  }

  private func lists(_ learner: Learner) throws -> [[Recommendation]] {
    try Recommender(learner).recommendations(
      for: Array(1..<learner.loaders.users.count), count: 4)
  }

  @Test(arguments: Architecture.allCases)
  func `what was loaded predicts, ranks and validates bit for bit as what was written`(
    _ architecture: Architecture
  ) throws {
    let one = try Self.learner(architecture)
    let summary = try one.save(to: path)
    #expect(summary.ratingCount == 40 && !summary.hasOtherTensors)
    let two = try Learner(contentsOf: path)
    #expect(try predictions(two) == predictions(one))
    #expect(try lists(two) == lists(one))
    #expect(try two.validate().bitPattern == one.validate().bitPattern)
    #expect(two.recorder.losses == one.recorder.losses)
    #expect(two.recorder.epochs == one.recorder.epochs)
    #expect(two.recorder.smoothLoss.bitPattern == one.recorder.smoothLoss.bitPattern)
    #expect(two.loss.name == one.loss.name)
    #expect(two.loaders.scale == one.loaders.scale)
    #expect(Array(two.loaders.itemCounts) == Array(one.loaders.itemCounts))
  }

  @Test(arguments: Architecture.allCases)
  func `a model of many users and few items is read`(_ architecture: Architecture) throws {
    let table = try Table([
      Column("user", integers: (1...2000).map { $0 }),
      Column("title", texts: (1...2000).map { "Film \($0 % 3)" }),
      Column("rating", doubles: (1...2000).map { Double($0 % 5 + 1) }),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 500
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 5))
    let model = try architecture.model(
      for: loaders, ModelOptions(for: architecture), using: RandomStreams(seed: 2))
    let one = Learner(loaders, model)
    try one.save(to: path)
    #expect(try predictions(Learner(contentsOf: path)) == predictions(one))
  }

  @Test func `ratings have the order that they had`() throws {
    let one = try Self.learner(.dotBias)
    try one.save(to: path)
    let two = try Learner(contentsOf: path).loaders
    for (old, new) in [
      (one.loaders.training, two.training), (one.loaders.validation, two.validation),
    ] {
      #expect(Array(new.users) == Array(old.users))
      #expect(Array(new.items) == Array(old.items))
      #expect(Array(new.stars) == Array(old.stars))
    }
    let rows = one.loaders.trainingRows.map(Int.init)
    #expect(
      two.trainingTable.rows(at: two.trainingRows.map(Int.init))
        == one.loaders.trainingTable.rows(at: rows))
  }

  @Test func `a fit goes on as if the learner had never been away, with the optimiser's memory`()
    throws
  {
    let one = try Self.learner(.dotBias)
    var options = ModelFileOptions()
    options.keepsOptimizer = true
    try one.save(to: path, options)
    let streams = RandomStreams(seed: 9)
    let two = try ModelFile(contentsOf: path).learner(using: streams)
    let copy = try ModelFile(contentsOf: path).learner(using: RandomStreams(seed: 9))
    #expect(two.optimizer?.stepCount == one.optimizer?.stepCount)
    #expect(two.optimizer?.snapshot().moments == one.optimizer?.snapshot().moments)
    // The order of batches is drawn anew, so that two copies are compared.
    for learner in [two, copy] { try learner.fit(epochs: 1, .oneCycle(maximum: 1e-2)) }
    #expect(try predictions(two) == predictions(copy))
    #expect(try predictions(two) != predictions(one))
  }

  @Test func `without ratings a file says what is predicted and not who has seen what`() throws {
    let one = try Self.learner(.dotBias)
    var options = ModelFileOptions()
    options.keepsRatings = false
    try one.save(to: path, options)
    let two = try Learner(contentsOf: path)
    #expect(try predictions(two) == predictions(one))
    #expect((two.loaders.trainingCount, two.loaders.validationCount) == (0, 0))
    #expect(try lists(two).allSatisfy { $0.count == 4 })
    // Somebody new is not in the file either way.
    let me = try two.foldIn([ItemRating(item: 2, stars: 5), ItemRating(item: 5, stars: 1)])
    #expect(me.ratings.count == 2)
    #expect(try me.predictions(of: [2, 5]).allSatisfy(\.isFinite))
    #expect(throws: FitError.nothingToLearnFrom) { try two.fit(epochs: 1, .flat(1e-3)) }
    #expect(throws: FitError.nothingToLearnFrom) { try two.findRate() }
    #expect(throws: FitError.nothingToLearnFrom) { try two.loaders.oneBatch() }
  }

  @Test(arguments: [Architecture.dotBias, .dotBiasRaw, .collab])
  func `every dot product with biases has the names of fastai's model`(
    _ architecture: Architecture
  ) throws {
    let learner = try Self.learner(architecture)
    try learner.save(to: path)
    let (names, bytes) = try Self.header(Files.read(path))
    let (users, items) = (learner.loaders.users.count, learner.loaders.items.count)
    #expect(
      names == [
        "i_bias.weight [\(items),1]", "i_weight.weight [\(items),3]", "u_bias.weight [\(users),1]",
        "u_weight.weight [\(users),3]",
      ])
    // In the order of the names, the bytes of the tensors follow the header.
    let roles = learner.roles
    var expected: [UInt8] = []
    for tensor in [roles.itemBias, roles.itemFactors, roles.userBias, roles.userFactors] {
      tensor?.scalars(as: Float.self).withUnsafeBytes { expected += $0 }
    }
    #expect(bytes == expected)
  }

  @Test func `a neural model has what PyTorch asks for beside`() throws {
    try Self.learner(.nn).save(to: path)
    let names = try Self.header(Files.read(path)).names.compactMap {
      $0.split(separator: " ").first
    }
    let batchNormalizations = ["bn_cont", "layers.0.2", "layers.1.2"].flatMap { layer in
      ["bias", "num_batches_tracked", "running_mean", "running_var", "weight"].map {
        "\(layer).\($0)"
      }
    }
    let others = [
      "embeds.0.weight", "embeds.1.weight", "layers.0.0.weight", "layers.1.0.weight",
      "layers.2.0.bias", "layers.2.0.weight",
    ]
    #expect(names.map(String.init) == (batchNormalizations + others).sorted())
  }

  /// Names and shapes in a header, sorted, and the bytes behind it; looked for without a reader.
  private static func header(_ file: [UInt8]) throws -> (names: [String], data: [UInt8]) {
    let length = file[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let text = String(decoding: file[8..<(8 + length)], as: UTF8.self)
    let pattern = try Regex(#""([a-z_0-9.]+)":\{"dtype":"[A-Z0-9]+","shape":\[([0-9,]*)\]"#)
    let names = text.matches(of: pattern).map {
      "\($0.output[1].substring ?? "") [\($0.output[2].substring ?? "")]"
    }
    return (names.sorted(), Array(file[(8 + length)...]))
  }

  @Test(arguments: ["dot_bias", "nn"])
  func `a file that fastai wrote predicts what fastai predicted`(_ name: String) throws {
    let learner = try Learner(contentsOf: Fixture.path("model_file/\(name).safetensors"))
    #expect(learner.loaders.users.values == Column("user", integers: [3, 7, 12]))
    #expect(
      (1...4).map { learner.loaders.items[$0] }
        == ["Amélie (2001)", "Fargo (1996)", "Kolya \"the boy\" (1996)", "Titanic (1997)"])
    let text = String(
      decoding: try Files.read(Fixture.path("model_file/\(name).csv")), as: UTF8.self)
    let rows = text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").compactMap { Double($0) }
    }
    let pairs = rows.flatMap { $0.prefix(2).compactMap { Int64(exactly: $0) } }
    let predictions = try learner.model.forward(Tensor(pairs, shape: [rows.count, 2]))
      .scalars(as: Float.self)
    #expect(rows.count == 20)
    for (prediction, row) in zip(predictions, rows) {
      #expect(abs(Double(prediction) - row[2]) <= 1e-6)
    }
  }

  /// Of the ratings such a file says nothing, neither whose they are nor from where to where they go.
  ///
  /// The three users of the neural one differ by 0.02 stars at most, and so does hardly anybody new.
  @Test(arguments: [("dot_bias", Float(0.2)), ("nn", 0.0004)])
  func `a learner of fastai's takes somebody new in, and ranks by what it predicts`(
    _ name: String, _ difference: Float
  ) throws {
    let learner = try Learner(contentsOf: Fixture.path("model_file/\(name).safetensors"))
    let (high, low) = (
      try learner.foldIn([ItemRating(item: 2, stars: 5)]),
      try learner.foldIn([ItemRating(item: 2, stars: 1)])
    )
    let moved = try high.predictions(of: [2])[0] - low.predictions(of: [2])[0]
    #expect(moved > difference && moved < 1.2 * difference)
    #expect(try learner.similarUsers(to: high, count: 5).count == 3)
    #expect(try learner.factorDescription(1, count: 2).itemCount == 4)
    var options = RecommendationOptions()
    options.order = .rank
    let users = [1, 2, 3]
    #expect(
      try Recommender(learner, options).recommendations(for: users, count: 3)
        == Recommender(learner).recommendations(for: users, count: 3))
  }

  @Test func `numbers are given to a learner that is there, unless it is of others`() throws {
    let one = try Self.learner(.dotBias)
    try one.save(to: path)
    let file = try ModelFile(contentsOf: path)
    let other = try Self.learner(.dotBias)
    try other.fit(epochs: 1, .flat(1e-2))
    #expect(try predictions(other) != predictions(one))
    try other.load(file)
    #expect(try predictions(other) == predictions(one))
    // Its optimiser goes on with the new numbers.
    try other.fit(epochs: 1, .flat(1e-2))
    #expect(try predictions(other) != predictions(one))

    var generator = TorchGenerator(seed: 1)
    let narrow = Learner(
      one.loaders,
      try DotProductBias(
        users: one.loaders.users.count, items: one.loaders.items.count, factors: 2,
        using: &generator))
    #expect(throws: ModelFileError.self) { try narrow.load(file) }
    let neural = try Self.learner(.nn)
    #expect(throws: ModelFileError.misfit("it has no `embeds.0.weight`")) { try neural.load(file) }
  }

  @Test func `numbers that lie in the file are changed by a fit and the file is not`() throws {
    try Self.learner(.dotBias).save(to: path)
    let before = try Files.read(path)
    let learner = try Learner(contentsOf: path)
    try learner.fit(epochs: 1, .flat(1e-1))
    #expect(try Files.read(path) == before)
    try learner.save(to: path)
    #expect(try Files.read(path) != before)
  }

  @Test func `what is known of the items, and a program's own texts, come back`() throws {
    let learner = try Self.learner(.baseline)
    var options = ModelFileOptions()
    options.itemTable = try Table([
      Column("title", texts: ["b", nil, "a"]), Column("year", integers: [1996, 2, -3]),
      Column("score", doubles: [.infinity, 0.5, -0.0]),
    ])
    options.notes = ["a note": "with \"quotes\", \\ and\nlines \u{1}😀"]
    try learner.save(to: path, options)
    let file = try ModelFile(contentsOf: path)
    #expect(try file.itemTable() == options.itemTable)
    #expect(file.notes == options.notes)
    #expect(try file.learner().loaders.itemTable == options.itemTable)
  }

  @Test func `a model of a program's own is given by the program`() throws {
    final class Own: Module {
      let table: Embedding
      init(_ count: Int) throws {
        var generator = TorchGenerator(seed: 3)
        table = try Embedding(count, 1, using: &generator)
      }
      var typeName: String { "Own" }
      var members: [Member] { [.module("table", table)] }
      func forward(_ input: Tensor) throws -> Tensor {
        try table.forward(input.selecting(0, along: 1))
      }
    }
    let loaders = try Self.loaders()
    let one = Learner(loaders, try Own(loaders.users.count))
    try one.fit(epochs: 1, .flat(1e-1))
    try one.save(to: path)
    #expect(throws: ModelFileError.ownModel("Own")) { try Learner(contentsOf: path) }
    let two = try Learner(contentsOf: path, model: Own(loaders.users.count))
    #expect(try predictions(two) == predictions(one))
  }

  @Test func `what is large lies beside the model's tensors`() throws {
    let learner = try Self.learner(.dotBias)
    var options = ModelFileOptions()
    options.itemTable = try Table([Column("x", doubles: (0..<2_200_000).map { Double($0) * 0.5 })])
    #expect(try learner.save(to: path, options).hasOtherTensors)
    let two = try Learner(contentsOf: path)
    #expect(try predictions(two) == predictions(learner))
    #expect(two.loaders.itemTable == options.itemTable)
    try two.fit(epochs: 1, .flat(1e-2))
  }
}
