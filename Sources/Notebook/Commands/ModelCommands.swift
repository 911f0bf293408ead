import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabFiles
import CollabLearning
import CollabRandomness
import CollabTensors

/// Making and describing models.
enum ModelCommands {
  static let all = [learner, learnerCall, collabLearner, summary, embeddingSizes]

  private static let range = ParameterType.anyOf([.tuple(of: .number(), count: 2), .nothing])

  static let learner = Builtin(
    CommandSpec(
      "learner", group: .model,
      summary: "make a model and a learner that trains it",
      details: """
        Takes the name of a built-in model, or a model of your own. Afterwards `learn` stands for \
        the learner, and `fit` trains it; `other = learner dot` gives it another name and leaves \
        `learn` as it was, so that two can be compared. A new learner begins with a fresh optimiser, whatever its \
        model has learned before: `learner learn.model` goes on with the weights alone.

        \(Architecture.allCases.map { "- \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

        Without `y_range` the predictions of dotbias, dotbias_raw, collab, collab_nn and nn end half \
        a step beyond the \
        ratings: ratings from 1 to 10 give (0.5,10.5), half stars give (0.25,5.25). For whole stars \
        from 1 to 5 it is the chapter's (0,5.5). A thousandth of the way from the lowest to the \
        highest rating counts as the smallest step. The others take no range: \
        they predict from means of ratings, and may go a little beyond them.

        ease and ials rank: they are the best for lists, and the stars that they name are those of a \
        baseline. Stars are graded, so that liking counts more than having met; of counts, such as how \
        often somebody has listened, ials takes the higher ones as the surer. ease needs memory for \
        a number a pair of items, and takes at most \(EASE.mostItems) of them.
        """,
      parameters: [
        Parameter(
          "model", .anyOf([.choice(Architecture.choices), .value("Model")]), example: "dotbias",
          help: "\(Architecture.allCases.map(\.rawValue).joined(separator: ", ")), or a model"),
        Parameter(
          "factors", .integer(1...100_000), default: "50", isOptionOnly: true,
          help: "numbers that describe each user and item"),
        Parameter(
          "y_range", range, .optional, example: "(0,5.5)", isOptionOnly: true,
          help: "squeezes predictions between two ends; none for dot, what fits for the others"),
        Parameter(
          "layers", .list(of: .integer(1...100_000)), default: "[100,50]", isOptionOnly: true,
          help: "widths of the hidden layers of nn"),
        Parameter(
          "n_act", .integer(1...100_000), default: "100", isOptionOnly: true,
          help: "width of the hidden layer of collab_nn"),
        Parameter(
          "reg_users", .number(.notNegative), default: "15", isOptionOnly: true,
          help: "draws user biases of baseline and itemknn to zero, as by so many mean ratings"),
        Parameter(
          "reg_items", .number(.notNegative), default: "10", isOptionOnly: true,
          help:
            "draws item biases of baseline, popular and itemknn to zero, as by so many mean ratings"
        ),
        Parameter(
          "relevant", .anyOf([.number(), .nothing]), .optional, example: "4", isOptionOnly: true,
          help: "stars from which on a rating counts for popular; all count without it"),
        Parameter(
          "k", .integer(1...100_000), default: "40", isOptionOnly: true,
          help: "how many of the most similar items that a user has rated itemknn predicts from"),
        Parameter(
          "keep", .integer(1...100_000), default: "300", isOptionOnly: true,
          help: "how many neighbours of each item itemknn keeps"),
        Parameter(
          "shrink", .number(.notNegative), default: "100", isOptionOnly: true,
          help: "draws similarities of itemknn to zero that fewer users speak for"),
        Parameter(
          "reg", .number(.notNegative), .optional, example: "0.3", isOptionOnly: true,
          help:
            "λ of als, ease and ials: draws what is learned to zero; at first "
            + [Architecture.als, .ease, .ials].map {
              "\(ModelOptions(for: $0).ridge.strength)"
            }.joined(separator: ", ")),
        Parameter(
          "nu", .number(.notNegative), default: "0.5", isOptionOnly: true,
          help:
            "reg of als and ials is multiplied by the number of ratings to this power: 1 is ALS-WR, 0 "
            + "plain"),
        Parameter(
          "engine",
          .choice([
            Choice("local", "this program"), Choice("spark", "a job of Apache Spark, with nu=1"),
          ]), default: "local", isOptionOnly: true, help: "who finds the factors of als"),
        Parameter(
          "master", .string, default: "'local[2]'", isOptionOnly: true,
          help: "the cluster that Spark runs on: local[2], spark://…, yarn, k8s://…"),
        Parameter(
          "spark", .path, .optional, example: "~/spark/bin/spark-submit", isOptionOnly: true,
          completes: .files, help: "where spark-submit is, if not on the search path"),
        Parameter(
          "unobserved", .number(.notNegative), default: "\(ModelOptions(for: .ials).unobserved)",
          isOptionOnly: true,
          help: "how much a pair without a rating counts for ials, beside one with a rating"),
        Parameter(
          "graded", .boolean, default: "true", isOptionOnly: true,
          help: "whether ease and ials go by the stars of ratings; else all count alike"),
        Parameter(
          "likelihood",
          .choice(
            BayesOptions.Likelihood.allCases.map { Choice($0.rawValue, $0.summary) }),
          default: "gaussian", isOptionOnly: true, help: "how bayes sees a rating"),
        Parameter(
          "samples", .integer(10...10_000), default: "100", isOptionOnly: true,
          help: "draws that bayes keeps at most, for pairs that are not in validation"),
        Parameter(
          "neighbours", .integer(0...1000), default: "0", isOptionOnly: true,
          help: "how many ratings of the most similar items correct a prediction of bayes"),
        loss("loss"), .loaders,
      ],
      examples: [
        "learner dotbias factors=50", "learner dot y_range=(0,5.5)", "learner nn layers=[100,50]",
        "learner learn.model", "learner baseline", "learner popular relevant=4",
        "learner itemknn k=20", "learner als factors=20 reg=0.1 nu=1",
        "learner bayes likelihood=ordinal", "learner ease", "learner ials factors=32",
      ],
      seeAlso: ["fit", "summary"], chapter: "Collaborative filtering from scratch",
      result: "Learner", defines: ["learn"], needs: ["dls"])
  ) { call in
    let loaders = try call.loadersOption()
    let model: any Module
    switch call.arguments.value("model") {
    case .string(let name)?:
      guard let architecture = Architecture(rawValue: name) else {
        return try call.arguments.required("model", nil)
      }
      let options = try call.modelOptions(for: architecture, loaders)
      model = try architecture.model(for: loaders, options, using: call.session.streams)
      if !call.arguments.isGiven("y_range"), let range = options.range, range != .stars,
        let scale = loaders.scale
      {
        call.output.write(
          .paragraph("\(scale.sentence): y_range=\(range.text)"))
      }
    case .module(let module)?: model = module
    default: return try call.arguments.required("model", nil)
    }
    return try call.checked(Learner(loaders, model, loss: call.loss("loss")))
  }

  /// The command under fastai's name and with fastai's arguments.
  static let learnerCall = Builtin(
    CommandSpec(
      "Learner", form: .function, group: .model,
      summary: "make a learner from loaders and a model, as in fastai",
      parameters: [
        Parameter("dls", .value("DataLoaders"), example: "dls", help: "what to learn from"),
        Parameter("model", .value("Model"), example: "m", help: "what is trained"),
        loss("loss_func"),
      ],
      examples: ["Learner(dls, learn.model, loss_func=MSELossFlat())"], seeAlso: ["learner"],
      chapter: "Collaborative filtering from scratch", result: "Learner", defines: ["learn"])
  ) { call in
    guard case .object(let loaders as DataLoaders)? = call.arguments.value("dls") else {
      return try call.arguments.required("dls", nil)
    }
    guard case .module(let model)? = call.arguments.value("model") else {
      return try call.arguments.required("model", nil)
    }
    return try call.checked(Learner(loaders, model, loss: call.loss("loss_func")))
  }

  private static func loss(_ name: String) -> Parameter {
    Parameter(
      name,
      .anyOf([
        .choice([
          Choice("mse", "the mean squared error"), Choice("l1", "the mean absolute error"),
          Choice("MSELossFlat", "fastai's name of mse"),
          Choice("L1LossFlat", "fastai's name of l1"),
        ]), .value("loss"),
      ]), default: "mse", isOptionOnly: true, help: "what training makes small")
  }

  static let collabLearner = Builtin(
    CommandSpec(
      "collab_learner", group: .model, summary: "make fastai's own collaborative-filtering model",
      details: """
        The same as `learner collab`, or with use_nn as `learner nn`, under the names that fastai \
        gives to the options. As in fastai, there is no range unless y_range gives one, and the \
        neural model has one hidden layer of n_factors unless layers are given.
        """,
      parameters: [
        Parameter(
          "dls", .value("DataLoaders"), .optional, example: "dls",
          help: "what to learn from; the current ones if it is left out"),
        Parameter(
          "n_factors", .integer(1...100_000), default: "50", isOptionOnly: true,
          help: "numbers that describe each user and item"),
        Parameter("use_nn", .boolean, default: "false", isOptionOnly: true, help: "a neural model"),
        Parameter(
          "layers", .list(of: .integer(1...100_000)), .optional, example: "[100,50]",
          isOptionOnly: true, help: "widths of the hidden layers of the neural model"),
        Parameter(
          "y_range", range, .optional, example: "(0,5.5)", isOptionOnly: true,
          help: "squeezes predictions between two ends"),
      ],
      examples: [
        "collab_learner(dls, n_factors=50, y_range=(0,5.5))",
        "collab_learner(dls, use_nn=true, y_range=(0,5.5), layers=[100,50])",
      ],
      seeAlso: ["learner", "fit"], chapter: "Using fastai.collab", result: "Learner",
      defines: ["learn"], needs: ["dls"])
  ) { call in
    let loaders = try call.loadersOption()
    let architecture: Architecture = try call.arguments.bool("use_nn") ? .nn : .collab
    var options = ModelOptions(for: architecture)
    options.factors = try call.arguments.int("n_factors")
    options.layers = call.arguments.optionalInts("layers") ?? [options.factors]
    options.range = try call.range(default: nil)
    let model = try architecture.model(for: loaders, options, using: call.session.streams)
    return try call.checked(Learner(loaders, model))
  }

  static let summary = Builtin(
    CommandSpec(
      "summary", group: .model, summary: "list the layers of the current model and their sizes",
      parameters: [.learner], examples: ["summary"], seeAlso: ["learner"],
      chapter: "Collaborative filtering from scratch")
  ) { call in
    let learner = try call.learnerOption()
    call.output.write(
      .paragraph("\(learner.model.typeName) (batch \(learner.loaders.options.batchSize) × 2)"))
    call.output.write(.table(learner.summary))
    call.output.write(.paragraph(learner.trainingSummary))
    return .none
  }

  static let embeddingSizes = Builtin(
    CommandSpec(
      "emb_sizes", aliases: ["get_emb_sz"], group: .model,
      summary: "give fastai's sizes for the embeddings of a neural model",
      details: """
        One pair for users and one for items: the number of classes, and 1.6 times that number to \
        the power of 0.56 (at most 600) factors.
        """,
      parameters: [
        Parameter(
          "dls", .value("DataLoaders"), .optional, example: "dls",
          help: "the loaders; the current ones if they are left out")
      ],
      examples: ["emb_sizes", "get_emb_sz(dls)"], seeAlso: ["learner"],
      chapter: "Deep learning for collaborative filtering", result: "List")
  ) { call in
    let sizes = try call.loadersOption().embeddingSizes
    return .list([sizes.user, sizes.item].map { .tuple([.int($0.rows), .int($0.columns)]) })
  }
}

// MARK: - Options

extension Architecture {
  /// The names with a line of help.
  fileprivate static let choices = allCases.map { Choice($0.rawValue, $0.summary) }
}

extension Call {
  /// The loss that an option names.
  fileprivate func loss(_ name: String) throws -> Loss {
    let given: String
    switch arguments.value(name) {
    case .object(let loss as LossObject)?: given = loss.name
    case .callable(let function)?: given = function.name
    default: given = try arguments.string(name)
    }
    switch given {
    case "l1", "L1Loss", "l1_loss", Loss.meanAbsoluteError.name: return .meanAbsoluteError
    case "mse", "MSELoss", "mse_loss", Loss.meanSquaredError.name: return .meanSquaredError
    default:
      throw Diagnostic(
        "bad-value", "a learner cannot be trained with `\(given)`",
        at: arguments.range(of: name), in: arguments.source,
        help: ["MSELossFlat() and L1LossFlat() compare a prediction with a rating"])
    }
  }

  fileprivate func modelOptions(
    for architecture: Architecture, _ loaders: DataLoaders
  ) throws -> ModelOptions {
    try refuseOptions(architecture)
    var options = ModelOptions(for: architecture)
    if options.range != nil, !arguments.isGiven("y_range") {
      options.range = loaders.scale?.range ?? options.range
    }
    if arguments.isGiven("factors") { options.factors = try arguments.int("factors") }
    options.bayes = try bayesOptions(for: architecture, factors: options.factors)
    options.layers = try arguments.required("layers", arguments.optionalInts("layers"))
    options.activations = try arguments.int("n_act")
    options.shrinkage = Shrinkage(
      users: try arguments.double("reg_users"), items: try arguments.double("reg_items"))
    options.relevant = arguments.optionalDouble("relevant")
    options.neighborhood = Neighborhood(
      count: try arguments.int("k"), kept: try arguments.int("keep"),
      shrinkage: try arguments.double("shrink"))
    options.ridge = Ridge(
      strength: arguments.optionalDouble("reg") ?? options.ridge.strength,
      exponent: try arguments.double("nu"))
    if let spark = try sparkSettings(for: architecture) {
      options.spark = spark
      if !arguments.isGiven("nu") { options.ridge.exponent = 1 }
    }
    options.unobserved = try arguments.double("unobserved")
    options.isGraded = try arguments.bool("graded")
    try refuseItems(architecture, loaders)
    options.range = try range(default: options.range)
    return options
  }

  /// What Spark is told, if it is to find the factors.
  private func sparkSettings(for architecture: Architecture) throws -> SparkSettings? {
    let isSpark = try arguments.string("engine") == "spark"
    let names = isSpark ? ["engine"] : ["master", "spark"]
    if !isSpark || architecture != .als, let name = names.first(where: arguments.isGiven) {
      throw Diagnostic(
        "bad-value",
        isSpark
          ? "Spark finds the factors of als, and of nothing else"
          : "`\(name)` says something of Spark, which is not asked for",
        at: arguments.range(of: name), in: arguments.source, help: ["learner als engine=spark"])
    }
    guard isSpark else { return nil }
    if let boundary = session.dataSearch.boundary {
      throw Diagnostic(
        "refused", "Spark is another program, and the script is run safely",
        at: arguments.range(of: "engine"), in: arguments.source,
        help: ["\(boundary.advice) allows it"])
    }
    var settings = SparkSettings.current()
    settings.master = try arguments.string("master")
    try blaming("master") { try settings.requireKnownMaster() }
    settings.program = arguments.optionalString("spark")
    return settings
  }

  /// What is chosen of a Bayesian factorisation.
  private func bayesOptions(
    for architecture: Architecture, factors: Int
  ) throws -> BayesOptions {
    var options = BayesOptions()
    guard architecture == .bayes else { return options }
    guard BayesOptions.factors.contains(factors) else {
      let most = BayesOptions.factors.upperBound
      throw Diagnostic(
        "bad-value", "bayes has at most \(most) factors", at: arguments.range(of: "factors"),
        in: arguments.source, help: ["learner bayes factors=\(most)"])
    }
    options.likelihood =
      BayesOptions.Likelihood(
        rawValue: try arguments.string("likelihood")) ?? options.likelihood
    options.samples = try arguments.int("samples")
    options.neighbors = try arguments.int("neighbours")
    return options
  }

  /// Throws if there are too many items for a number a pair of them.
  private func refuseItems(_ architecture: Architecture, _ loaders: DataLoaders) throws {
    guard architecture == .ease, loaders.items.count > EASE.mostItems + 1 else { return }
    let error = ListError.tooManyItems(loaders.items.count - 1)
    throw Diagnostic(
      "bad-value", error.description, at: arguments.range(of: "model"), in: arguments.source,
      help: ["learner ials"])
  }

  /// Throws if something was given that can be chosen of other architectures alone.
  private func refuseOptions(_ architecture: Architecture) throws {
    let others = Set(Architecture.allCases.flatMap(\.options)).subtracting(architecture.options)
    guard let name = others.sorted().first(where: arguments.isGiven) else { return }
    let taken = architecture.options.map { "`\($0)`" }.joined(separator: ", ")
    throw Diagnostic(
      "unknown-option", "\(architecture.rawValue) has no `\(name)`",
      at: arguments.range(of: name), in: arguments.source,
      notes: ["what can be chosen of it: \(taken)"], help: ["learner \(architecture.rawValue)"])
  }

  /// The range of predictions that was given, or the usual one.
  fileprivate func range(default usual: RatingRange?) throws -> RatingRange? {
    guard arguments.isGiven("y_range") else { return usual }
    guard let ends = arguments.optionalDoubles("y_range"), ends.count == 2 else { return nil }
    guard ends[0] < ends[1] else {
      throw Diagnostic(
        "bad-value", "`y_range` takes the lower end first", at: arguments.range(of: "y_range"),
        in: arguments.source, help: ["for example y_range=(0,5.5)"])
    }
    return RatingRange(ends[0], ends[1])
  }
}

extension Call {
  /// A learner, if its model takes the ratings.
  fileprivate func checked(_ learner: Learner) throws -> Value {
    do {
      try session.checkShapes(of: learner)
    } catch var diagnostic as Diagnostic {
      let place = arguments.source.place(of: arguments.range)
      diagnostic.notes.append("\(place) tries the model on the first ratings")
      throw diagnostic
    }
    return .object(learner)
  }
}

extension Session {
  /// Tries a model on the first ratings, so that a mistake in it is found before any training.
  ///
  /// - Throws: what `forward` throws, and `bad-model` unless it gives one prediction a rating.
  fileprivate func checkShapes(of learner: Learner) throws {
    let before = streams.copy()
    defer { streams.restore(from: before) }
    let batch = try learner.loaders.firstRatings()
    learner.model.train(false)
    let predictions = try GradientMode.withoutRecording {
      try learner.model.forward(batch.inputs)
    }
    guard predictions.count != batch.targets.count else { return }
    let forward = (learner.model as? ModelInstance)?.forward
    throw ModelProblem.predictions(
      learner.model.typeName, predictions.shape, for: batch.inputs.shape
    ).diagnostic(at: forward?.definition.resultRange, in: forward?.source)
  }
}

// MARK: - Summary

extension Learner {
  /// Layers with the shapes and numbers of their parameters.
  fileprivate var summary: TableBlock {
    let rows = model.parameters.map { parameter in
      [
        parameter.name.hasSuffix(".weight") ? String(parameter.name.dropLast(7)) : parameter.name,
        "\(parameter.tensor.shape)", grouped(parameter.tensor.count),
        parameter.tensor.requiresGradient ? "yes" : "no",
      ]
    }
    return TableBlock(
      columns: [.text("layer"), .text("shape"), .number("parameters"), .text("trained")],
      rows: rows + [["", "", grouped(parameterCount), ""]])
  }

  /// Loss, optimiser and what was trained so far.
  fileprivate var trainingSummary: String {
    let steps =
      optimizer.map { " · \(grouped($0.stepCount)) steps taken" }
      ?? (recorder.losses.isEmpty ? " · not trained yet" : "")
    return "loss \(loss.name) · \(trainer.summary)\(steps)"
  }
}
