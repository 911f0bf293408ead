import CollabBuiltins
import CollabInterpreter
import Collab
import CollabDocuments
import CollabLanguage
import CollabLearning
import CollabTables
import CollabTensors

/// What the chapter calls things, where a command has another name for them.
enum FastaiNames {
  static let namespaces = [
    Namespace(
      "URLs", title: "<class 'fastai.data.external.URLs'>",
      constants: ["ML_100k": .text("ml-100k")]),
    Namespace("CollabDataLoaders", title: "<class 'fastai.collab.CollabDataLoaders'>"),
  ]

  static let all =
    [untarData, fromTable, fromFile, weight, bias]
    + [
      forwarding(DataCommands.showBatch, to: "DataLoaders", "dls.show_batch()"),
      forwarding(DataCommands.oneBatch, to: "DataLoaders", "x, y = dls.one_batch()"),
      forwarding(PlotCommands.lrFind, to: "Learner", "learn.lr_find()"),
      forwarding(ModelCommands.summary, to: "Learner", "learn.summary()"),
      forwarding(PlotCommands.plotLoss, to: "Recorder", "learn.recorder.plot_loss()"),
      forwarding(PlotCommands.plotSchedule, to: "Recorder", "learn.recorder.plot_sched()"),
      showResults, predictions,
    ]

  /// A command as a method of what it would take from an option.
  private static func forwarding(
    _ command: Builtin, to kind: String, _ example: String
  ) -> Builtin {
    let spec = command.spec
    return Builtin(
      CommandSpec(
        spec.name, aliases: spec.aliases, form: .method(of: kind), group: spec.group,
        summary: spec.summary, details: "The same as the command `\(spec.name)`.",
        parameters: spec.parameters.filter { $0 != .learner && $0 != .loaders },
        examples: [.init(example)], seeAlso: [spec.name], chapter: spec.chapter,
        result: spec.result), run: command.run)
  }

  // MARK: - Data

  private static let untarData = Builtin(
    CommandSpec(
      "untar_data", form: .function, group: .data,
      summary: "give the folder of a data set, as fastai's function of this name",
      details: "The same as the command `dataset`: MovieLens 100K is the data set there is.",
      parameters: [
        Parameter("url", .string, example: "URLs.ML_100k", help: "which data set")
      ],
      examples: ["path = untar_data(URLs.ML_100k)"], seeAlso: ["dataset"],
      chapter: "A first look at the data", result: "Path")
  ) { call in
    let name = try call.arguments.string("url")
    guard name.contains("ml-100k") else {
      throw Diagnostic(
        "no-data", "there is no data set `\(name)` here", at: call.arguments.range(of: "url"),
        in: call.arguments.source, help: ["untar_data(URLs.ML_100k)"])
    }
    return try call.folder(of: .movieLens100K, blaming: "url")
  }

  private static let columns = [
    Parameter(
      "user_name", .string, .optional, example: "'user'", isOptionOnly: true,
      help: "the column of users: user if there is one, else the first"),
    Parameter(
      "item_name", .string, .optional, example: "'title'", isOptionOnly: true,
      help: "the column of items: the second if it is left out, as in fastai"),
    Parameter(
      "rating_name", .string, .optional, example: "'rating'", isOptionOnly: true,
      help: "the column of ratings: rating if there is one, else the third"),
    Parameter(
      "valid_pct", .number(.between(0, 1)), default: "0.2", isOptionOnly: true,
      help: "the share held out"),
    Parameter(
      "seed", .anyOf([.integer(0...Int(UInt32.max)), .nothing]), .optional, example: "42",
      isOptionOnly: true, help: "seeds the split alone"),
    Parameter(
      "bs", .integer(1...10_000_000), default: "64", isOptionOnly: true, help: "ratings in a batch"),
  ]

  private static let fromTable = Builtin(
    CommandSpec(
      "from_df", form: .method(of: "CollabDataLoaders"), group: .data,
      summary: "split the ratings of a table and serve them in batches",
      details: "fastai's name for what the command `dataloaders` does.",
      parameters: [
        Parameter(
          "table", aliases: ["ratings"], .value("Table"), example: "ratings",
          help: "a table of ratings")
      ] + columns,
      examples: ["dls = CollabDataLoaders.from_df(ratings, item_name='title', bs=64)"],
      seeAlso: ["dataloaders"], chapter: "Creating the DataLoaders", result: "DataLoaders")
  ) { call in try call.loaders(of: call.table("table")) }

  private static let fromFile = Builtin(
    CommandSpec(
      "from_csv", form: .method(of: "CollabDataLoaders"), group: .data,
      summary: "split the ratings of a file and serve them in batches",
      details: "`read_csv` reads the file, and `from_df` does the rest.",
      parameters: [
        Parameter("csv", .path, example: "'ratings.csv'", completes: .files, help: "the file")
      ] + columns,
      examples: ["dls = CollabDataLoaders.from_csv('ratings.csv', bs=2)"], seeAlso: ["dataloaders"],
      chapter: "Creating the DataLoaders", result: "DataLoaders")
  ) { call in
    let path = call.arguments.value("csv") ?? .none
    guard
      case .table(let view) = try call.apply(
        .callable(BuiltinFunction(TableCommands.readCSV)), path)
    else { return .none }
    return try call.loaders(of: view.table)
  }

  // MARK: - What was learned

  private static let items = Parameter(
    "items", .value("List"), example: "['Alien (1979)']", help: "names of items or users")
  private static let isItem = Parameter(
    "is_item", .boolean, default: "true", help: "false for users")

  private static let weight = Builtin(
    CommandSpec(
      "weight", form: .method(of: "Module"), group: .lookingIn,
      summary: "give the factors of items or users, a row for each", parameters: [items, isItem],
      examples: ["learn.model.weight(dls.items[1:3])"], seeAlso: ["bias"],
      chapter: "Interpreting embeddings and biases", result: "Tensor")
  ) { call in
    let (learner, side) = (try call.learnerOfModel(), try call.side())
    return .tensor(try learner.factors(of: side).detached().rows(at: call.classes(side, learner)))
  }

  private static let bias = Builtin(
    CommandSpec(
      "bias", form: .method(of: "Module"), group: .lookingIn,
      summary: "give the biases of items or users", parameters: [items, isItem],
      examples: ["learn.model.bias(dls.items[1:3])"], seeAlso: ["bias"],
      chapter: "Interpreting embeddings and biases", result: "Tensor")
  ) { call in
    let (learner, side) = (try call.learnerOfModel(), try call.side())
    let biases = try learner.biasParameter(of: side).detached()
    return .tensor(try biases.flattened().rows(at: call.classes(side, learner)))
  }

  private static let showResults = Builtin(
    CommandSpec(
      "show_results", form: .method(of: "Learner"), group: .lookingIn,
      summary: "show validation ratings beside what the model predicts for them",
      parameters: [
        Parameter("max_n", .integer(1...1000), default: "9", help: "how many rows")
      ], examples: ["learn.show_results()"], seeAlso: ["predict"], result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let loaders = learner.loaders
    let count = min(try call.arguments.int("max_n"), loaders.validation.count)
    guard count > 0 else { throw SessionProblem.nothingHeldOut }
    let (predictions, _) = try call.validationPredictions(of: learner, count: count)
    let numbers = predictions.scalars(as: Float.self).map(Double.init)
    let ratings = loaders.validation
    return .table(
      TableView(
        try Table([
          Column(
            loaders.users.name, texts: ratings.users.prefix(count).map { loaders.users[Int($0)] }),
          Column(
            loaders.items.name, texts: ratings.items.prefix(count).map { loaders.items[Int($0)] }),
          Column("rating", doubles: ratings.stars.prefix(count).map(Double.init)),
          Column("rating_pred", doubles: numbers),
        ])))
  }

  private static let predictions = Builtin(
    CommandSpec(
      "get_preds", form: .method(of: "Learner"), group: .lookingIn,
      summary: "give the predictions for all validation ratings, and these ratings",
      examples: ["preds, targs = learn.get_preds()"], seeAlso: ["predict"], result: "Tuple")
  ) { call in
    let learner = try call.learnerOption()
    let (predictions, targets) = try call.validationPredictions(
      of: learner, count: learner.loaders.validation.count)
    return .tuple([.tensor(predictions), .tensor(targets)])
  }
}

// MARK: - Arguments

extension Call {
  /// The ratings of a table in batches, by fastai's names of the options.
  fileprivate func loaders(of table: Table) throws -> Value {
    let names = table.columnNames
    func column(_ option: String, _ place: Int) -> String? {
      arguments.optionalString(option) ?? (place < names.count ? names[place] : nil)
    }
    var options = DataLoaders.Options()
    options.user = column("user_name", 0)
    options.item = column("item_name", 1)
    options.rating = column("rating_name", 2)
    options.batchSize = try arguments.int("bs")
    options.validFraction = try arguments.double("valid_pct")
    options.seed = arguments.optionalInt("seed").map(UInt32.init(truncatingIfNeeded:))
    let advice = LoaderAdvice(self, table)
    do throws(LoaderError) {
      let loaders = try DataLoaders(table, options: options, using: session.streams)
      for note in advice.notes(on: loaders) { output.write(.failure(note)) }
      return .object(loaders)
    } catch {
      if error.isInterruption { throw error }
      let missing = ["user_name", "item_name", "rating_name"].first { option in
        arguments.optionalString(option).map { !table.hasColumn($0) } ?? false
      }
      throw advice.diagnostic(for: error, missingOption: missing)
    }
  }

  /// The side that the argument `is_item` names.
  fileprivate func side() throws -> RatingSide {
    try arguments.bool("is_item") ? .items : .users
  }

  /// The learner of the model before the dot, which knows the names of users and items.
  fileprivate func learnerOfModel() throws -> Learner {
    guard case .module(let model) = receiver else { return try session.learner() }
    for case .object(let learner as Learner) in session.variables.values
    where learner.model === model {
      return learner
    }
    throw Diagnostic(
      "no-learner", "no learner has this model, so that its classes have no names",
      at: arguments.range, in: arguments.source, help: ["Learner(dls, model)"])
  }

  /// The indices of the classes that the argument `items` names.
  fileprivate func classes(_ side: RatingSide, _ learner: Learner) throws -> Tensor {
    let vocabulary = side == .users ? learner.loaders.users : learner.loaders.items
    let names = try (arguments.value("items") ?? .none).members().map(\.text)
    return try Tensor(
      names.map { name in
        guard let index = vocabulary.index(of: name) else {
          throw SessionProblem.unknownTitle(name, near: vocabulary.near(name))
            .diagnostic(at: arguments.range(of: "items"), in: arguments.source)
        }
        return Int64(index)
      })
  }

  /// What a model predicts for the first validation ratings, and these ratings, as `[count, 1]`.
  fileprivate func validationPredictions(
    of learner: Learner, count: Int
  ) throws -> (predictions: Tensor, targets: Tensor) {
    guard count > 0 else { throw SessionProblem.nothingHeldOut }
    let loaders = learner.loaders
    let batchCount = (count + loaders.options.batchSize - 1) / loaders.options.batchSize
    var (predictions, targets): ([Tensor], [Tensor]) = ([], [])
    learner.model.train(false)
    try GradientMode.withoutRecording {
      for number in 0..<batchCount {
        guard !session.isInterrupted() else { throw session.interrupted() }
        let batch = try loaders.validationBatch(number)
        predictions.append(
          try learner.model.forward(batch.inputs).reshaped(to: [batch.targets.count, 1]))
        targets.append(batch.targets)
      }
    }
    func first(_ parts: [Tensor]) throws -> Tensor {
      let whole = try Tensor.concatenated(parts)
      return try whole.split(into: [count, whole.shape[0] - count])[0]
    }
    return (try first(predictions), try first(targets))
  }
}

extension Learner {
  /// The factors of users or items.
  fileprivate func factors(of side: RatingSide) throws -> Tensor {
    guard let factors = roles.factors(of: side) else {
      throw InterpretationError.noFactors(of: side.rawValue, model: model.typeName)
    }
    return factors
  }

  /// The biases of users or items.
  fileprivate func biasParameter(of side: RatingSide) throws -> Tensor {
    guard let bias = roles.bias(of: side) else {
      throw InterpretationError.noBias(of: side.rawValue, model: model.typeName)
    }
    return bias
  }
}
