public import CollabLearning
public import CollabRandomness
import CollabTables
import CollabTensors

extension Learner {
  /// The learner that a file holds.
  ///
  /// - Parameters:
  ///   - path: where the file is, see ``save(to:_:)``.
  ///   - model: a model of the program's own, made as the one that was written; nil for built-in ones.
  ///   - loss: a loss of the program's own, if it was trained by one.
  ///   - streams: where the order of batches is drawn from.
  /// - Throws: ``ModelFileError``, ``ModelStateError``, and why the file cannot be read.
  public convenience init(
    contentsOf path: String, model: (any Module)? = nil, loss: Loss? = nil,
    using streams: RandomStreams = RandomStreams(seed: 42)
  ) throws {
    let file = try ModelFile(contentsOf: path)
    let loaders = try DataLoaders(file, using: streams)
    try self.init(
      loaders, model ?? file.model(for: loaders), loss: loss ?? file.loss())
    try file.fill(self, isNew: model == nil)
  }

  /// Takes over the numbers of a model file, and what its optimiser remembered if that was kept.
  ///
  /// - Throws: ``ModelFileError`` if the file is of a model for other users or items, or of another
  ///   kind; nothing has changed then.
  public func load(_ file: ModelFile) throws {
    for (own, other) in zip(
      [loaders.users, loaders.items], try file.vocabularies().map { [$0.users, $0.items] } ?? [])
    where own.count == other.count && own.values != other.values.renamed(own.values.name) {
      throw ModelFileError.misfit("its \(other.name)s are others")
    }
    try file.fill(self, isNew: false)
  }
}

extension ModelFile {
  /// The learner that the file holds.
  ///
  /// - Parameters:
  ///   - model: makes the model for the loaders, if it is one of the program's own.
  ///   - streams: where the order of batches is drawn from.
  /// - Returns: a learner with the file's numbers.
  /// - Throws: ``ModelFileError``, ``ModelStateError``, and what `model` throws.
  public func learner(
    model: ((DataLoaders) throws -> any Module)? = nil,
    using streams: RandomStreams = RandomStreams(seed: 42)
  ) throws -> Learner {
    let loaders = try DataLoaders(self, using: streams)
    let learner = Learner(
      loaders, try model?(loaders) ?? self.model(for: loaders), loss: try loss())
    try fill(learner, isNew: model == nil)
    return learner
  }
}

// MARK: - Loaders

extension DataLoaders {
  /// The loaders that a file holds.
  convenience init(_ file: ModelFile, using streams: RandomStreams) throws(ModelFileError) {
    guard let (users, items) = try file.vocabularies() else {
      throw .incomplete("who its users and items are")
    }
    let (ratings, options) = (try file.ratings(of: users, items), try file.loaderOptions())
    guard ratings.training.count == 0 || ratings.training.count >= options.batchSize else {
      throw .damaged("its ratings do not fill a batch")
    }
    self.init(users: users, items: items, ratings, options: options, using: streams)
    itemTable = try file.itemTable()
  }
}

extension ModelFile {
  /// The names of the columns of users, items and ratings.
  private func names() throws(ModelFileError) -> [String] {
    guard let text = tensors.metadata["names"] else { return ["user", "title", "rating"] }
    var names: [String] = []
    try Self.read(text) { (json) throws(ModelFileError) in
      try json.array { (json) throws(ModelFileError) in names.append(try json.string()) }
    }
    guard names.count == 3, Set(names).count == 3 else {
      throw .damaged("it does not say what its columns are called")
    }
    return names
  }

  /// Users and items; nil if the file does not have them.
  func vocabularies() throws(ModelFileError) -> (users: Vocabulary, items: Vocabulary)? {
    guard isOwn else { return try foreignVocabularies() }
    let names = try names()
    func vocabulary(_ part: String, _ name: String) throws(ModelFileError) -> Vocabulary {
      guard let values = try column(part, name) else { throw .incomplete("who its \(part) are") }
      guard values.isRising else { throw .damaged("its \(part) are not in order") }
      return Vocabulary(name: name, values: values)
    }
    return (try vocabulary("users", names[0]), try vocabulary("items", names[1]))
  }

  fileprivate func ratings(
    of users: Vocabulary, _ items: Vocabulary
  ) throws(ModelFileError) -> KeptRatings {
    let names = try names()
    guard users.name != items.name, ![users.name, items.name].contains(names[2]) else {
      throw .damaged("its columns have the same name")
    }
    let sizes = (users: users.count, items: items.count)
    var counts = try numbers("item_counts", .int32, as: Int32.self)
    if let given = counts, given.count != items.count { counts = nil }
    let (training, validation) = (try part("training", sizes), try part("validation", sizes))
    // Rows are numbered in 32 bits.
    guard training.count <= Int(Int32.max) - validation.count else {
      throw .damaged("it has too many ratings")
    }
    return KeptRatings(
      training: training, validation: validation, scale: try scale(), itemCounts: counts,
      ratingName: names[2])
  }

  private func part(
    _ name: String, _ sizes: (users: Int, items: Int)
  ) throws(ModelFileError) -> KeptRatings.Part {
    guard let starts = try numbers("\(name).starts", .int64, as: Int.self),
      let items = try numbers("\(name).items", .int32, as: Int32.self),
      let stars = try numbers("\(name).stars", .float32, as: Float.self),
      let order = try numbers("\(name).order", .int32, as: Int32.self)
    else { return KeptRatings.Part(users: sizes.users) }
    let rises = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
    guard starts.count == sizes.users + 1, starts.first == 0, starts.last == items.count, rises,
      stars.count == items.count, items.count <= Int(Int32.max),
      items.areIndices(below: sizes.items)
    else { throw .damaged("its ratings do not fit together") }
    return KeptRatings.Part(
      rated: RatedItems(starts: starts, indices: items, stars: stars), order: order)
  }

  private func scale() throws(ModelFileError) -> RatingScale? {
    guard let numbers = try numbers("scale") else { return nil }
    guard numbers.count == 3,
      let scale = RatingScale(lowest: numbers[0], highest: numbers[1], step: numbers[2])
    else { throw .damaged("its scale cannot be one") }
    return scale
  }

  fileprivate func loaderOptions() throws(ModelFileError) -> DataLoaders.Options {
    var options = DataLoaders.Options()
    let text = isOwn ? tensors.metadata["loaders"] : nil
    guard let text else { return options }
    var isValid = true
    try Self.read(text) { (json) throws(ModelFileError) in
      try json.object { (name, json) throws(ModelFileError) in
        switch name {
        case "bs": options.batchSize = try json.size()
        case "valid_pct": options.validFraction = try json.number()
        case "seed": options.seed = UInt32(clamping: try json.size())
        case "sampler":
          let name = try json.string()
          options.sampler = DataLoaders.Sampler(rawValue: name) ?? .shuffle
        default: isValid = false
        }
      }
    }
    guard isValid, (1...10_000_000).contains(options.batchSize),
      (0...1).contains(options.validFraction)
    else { throw .damaged("its loaders cannot be") }
    return options
  }
}

extension StoredNumbers<Int32> {
  /// Whether all numbers are at least 0 and less than `count`.
  fileprivate func areIndices(below count: Int) -> Bool {
    withUnsafeBufferPointer { numbers in
      // A number below 0 is one above all others, so that there is one thing to compare.
      numbers.reduce(into: UInt32(0)) { $0 = Swift.max($0, UInt32(bitPattern: $1)) } < count
    } || isEmpty
  }
}

extension Column {
  /// Whether each value is greater than the one before, and none is missing.
  fileprivate var isRising: Bool {
    guard missingRows.isEmpty else { return false }
    switch kind {
    case .text: return areTextsRising
    default:
      let numbers = (try? doubles()) ?? []
      return zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    }
  }
}

// MARK: - The model

extension ModelFile {
  /// A built-in model whose numbers are not set yet.
  func model(for loaders: DataLoaders) throws -> any RatingModel {
    let shape = try shape()
    guard shape.users.rows == loaders.users.count, shape.items.rows == loaders.items.count else {
      throw ModelFileError.damaged("its model is for other users or items than it names")
    }
    // No number takes less than two bytes.
    let room = tensors.dataCount / 2
    for matrix in shape.matrices {
      let (count, overflow) = matrix.rows.multipliedReportingOverflow(by: matrix.columns)
      guard !overflow, count <= room else {
        throw ModelFileError.damaged("its model is larger than the file")
      }
    }
    let streams = RandomStreams(seed: 0)
    streams.torch = .blank
    return try shape.model(using: streams)
  }

  private func shape() throws(ModelFileError) -> ModelShape {
    guard isOwn else { return try foreignShape() }
    let metadata = tensors.metadata
    if let className { throw .ownModel(className) }
    guard let family = metadata["family"], let sizesText = metadata["sizes"],
      let configuration = metadata["configuration"]
    else { throw .incomplete("what model it holds") }
    guard let architecture = Architecture(rawValue: family) else {
      throw .damaged("it holds a model of the family `\(family.prefix(60))`, which is unknown")
    }
    var sizes: [String: EmbeddingSize] = [:]
    try Self.read(sizesText) { (json) throws(ModelFileError) in
      try json.object { (name, json) throws(ModelFileError) in
        let numbers = try json.numbers().compactMap(Int.init(exactly:))
        guard numbers.count == 2, numbers.allSatisfy((1...Int(Int32.max)).contains) else {
          throw .damaged("its model has a size that cannot be")
        }
        sizes[name] = EmbeddingSize(rows: numbers[0], columns: numbers[1])
      }
    }
    var settings: [(name: String, numbers: [Double])] = []
    try Self.read(configuration) { (json) throws(ModelFileError) in
      try json.object { (name, json) throws(ModelFileError) in
        settings.append((name, try json.numbers()))
      }
    }
    guard let users = sizes["users"], let items = sizes["items"],
      let shape = ModelShape(architecture, users: users, items: items, settings: settings)
    else { throw .damaged("its model is configured as none can be") }
    return shape
  }

  func loss() throws(ModelFileError) -> Loss {
    guard isOwn, let name = tensors.metadata["loss"] else { return .meanSquaredError }
    guard let loss = Loss.usual.first(where: { $0.name == name }) else {
      throw .incomplete("what its loss `\(name.prefix(60))` is")
    }
    return loss
  }

  /// Gives a learner the numbers of the file.
  ///
  /// - Parameters:
  ///   - learner: whose model, losses and optimiser are set.
  ///   - isNew: whether nothing has looked at the numbers of its model yet, so that they may lie in the
  ///     file.
  /// - Throws: ``ModelFileError``; nothing of the model has changed then.
  func fill(_ learner: Learner, isNew: Bool) throws {
    let names = FastaiNames(learner.model)
    var given: [(name: String, tensor: Tensor)] = []
    for part in learner.model.state {
      let place = names.place(of: part.name)
      let name = place?.name ?? part.name
      guard var tensor = try tensors.tensor(name, copies: !isNew) else { continue }
      if tensor.shape != part.tensor.shape, tensor.shape == place?.shape {
        tensor = try tensor.reshaped(to: part.tensor.shape)
      }
      if tensor.dtype == .float64, part.tensor.dtype == .float32 {
        tensor = try tensor.converted(to: .float32)
      }
      given.append((part.name, tensor))
    }
    given += try gathered(besides: Set(given.map(\.name)), copies: !isNew)
    do {
      try learner.model.takeState(given)
    } catch let error as ModelStateError {
      throw ModelFileError.misfit(error.description(with: names))
    }
    for part in learner.model.state { part.tensor.clearGradient() }
    learner.model.train(false)
    try fillRecorder(of: learner)
    try fillOptimizer(of: learner)
  }

  /// What a model has gathered while fitting, and a new one has no room for yet.
  private func gathered(
    besides expected: Set<String>, copies: Bool
  ) throws -> [(name: String, tensor: Tensor)] {
    guard isOwn else { return [] }
    return try tensors.entries.keys.sorted().compactMap { name in
      guard !expected.contains(name), !name.hasPrefix(ModelFileName.prefix),
        tensors.entries[name]?.type.dtype != nil
      else { return nil }
      return try tensors.tensor(name, copies: copies).map { (name, $0) }
    }
  }

  private func fillRecorder(of learner: Learner) throws(ModelFileError) {
    guard let losses = try numbers("recorder.losses", .float32, as: Float.self),
      let rates = try numbers("recorder.lrs", .float64, as: Double.self),
      let momenta = try numbers("recorder.moms", .float64, as: Double.self),
      let epochs = try numbers("recorder.epochs", .float64, as: Double.self)
    else { return }
    guard
      let recorder = Recorder(
        losses: losses, learningRates: rates, momenta: momenta, epochNumbers: epochs)
    else { throw .damaged("its losses do not fit together") }
    learner.recorder = recorder
  }

  private func fillOptimizer(of learner: Learner) throws {
    guard isOwn, let text = tensors.metadata["optimizer"],
      let trainer = learner.trainer as? GradientTrainer
    else { return }
    var name = ""
    var numbers: [String: Double] = [:]
    try Self.read(text) { (json) throws(ModelFileError) in
      try json.object { (key, json) throws(ModelFileError) in
        if key == "name" { name = try json.string() } else { numbers[key] = try json.number() }
      }
    }
    let optimizer = try trainer.preparedOptimizer(for: learner.model)
    let sizes = optimizer.snapshot().moments.map(\.count)
    guard name == optimizer.name, let steps = numbers["steps"].flatMap(Int.init(exactly:)),
      (0...(1 << 30)).contains(steps), let decay = numbers["wd"], let momentum = numbers["mom"],
      decay >= 0, (0...1).contains(momentum)
    else { throw ModelFileError.damaged("its optimiser cannot be") }
    let moments = try sizes.indices.map { place in
      guard let moments = try self.numbers("optimizer.\(place)", .float32, as: Float.self),
        moments.count == sizes[place]
      else { throw ModelFileError.damaged("its optimiser is one of another model") }
      return Array(moments)
    }
    optimizer.restore(
      OptimizerState(
        moments: moments, stepCount: steps, weightDecay: decay, momentum: momentum))
  }
}

extension ModelStateError {
  /// What does not fit, in the words of the file.
  fileprivate func description(with names: FastaiNames) -> String {
    switch self {
    case .missing(let part): "it has no `\(names.place(of: part)?.name ?? part)`"
    case .unexpected(let part, let shape, let expected):
      "its `\(names.place(of: part)?.name ?? part)` is \(shape), and \(expected) in this model"
    }
  }
}
