import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabRandomness
import CollabTables
import CollabText

/// `evaluate`: how good a model is, beside the two that every model must beat.
enum EvaluateCommand {
  /// What `evaluate` and `compare` share.
  static let options = [
    Parameter(
      "metrics", .list(of: .name), .optional, example: "[rmse,ndcg@20]", isOptionOnly: true,
      help: "what is measured; help metrics has the definitions"),
    Parameter(
      "k", .integer(1...100_000), default: "10", isOptionOnly: true, help: "how long lists are"),
    Parameter(
      "relevant", .number(), .optional, example: "4", isOptionOnly: true,
      help: "from which rating on an item was liked: the upper quarter of the scale, 4 of 1 to 5"),
    Parameter(
      "resamples", .integer(1...1_000_000), default: "1000", isOptionOnly: true,
      help: "how often users are drawn anew for the intervals"),
  ]

  static let evaluate = Builtin(
    CommandSpec(
      "evaluate", group: .lookingIn,
      summary: "judge the learner by the ratings that were held out",
      details: """
        Errors of predicted ratings and the worth of lists, each with the interval in which it lies in 95 \
        of 100 draws of as many users. `baseline` (no taste, only means) and `popular` (the same hits for \
        everybody) stand beside the learner: a model that does not beat them has learned nothing of \
        taste. `help metrics` has the definitions.

        A list holds the best of all items with a rating to learn from that the user has not rated among \
        those. No items are sampled. Users without a relevant rating held out have no part in measures \
        of lists.

        `by=activity` tells the learner's figures apart by how much users have rated and how often items \
        were rated. The value is a table with a row a model; `rmse_low` and `rmse_high` are the ends of \
        the interval of `rmse`.

        After `dataloaders split=user`, `fold_in=[1,5,20]` folds in so many ratings of each user who was \
        held out and predicts their others, beside the items' means and the user's own mean.
        """,
      parameters: [.learner] + options + [
        Parameter(
          "by", .choice([Choice("activity", "users by their ratings, items by theirs")]), .optional,
          example: "activity", isOptionOnly: true, help: "groups that are judged apart"),
        Parameter(
          "fold_in", .list(of: .integer(0...100_000)), .optional, example: "[1,3,5,10,20]",
          isOptionOnly: true,
          help: "how many ratings of strangers are known, after dataloaders split=user"),
      ],
      examples: [
        "evaluate resamples=200", "evaluate metrics=[rmse,mae] resamples=200",
        "e = evaluate(k=5, resamples=200); e.rmse",
      ], seeAlso: ["compare", "validate"], result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    call.noteBlank(learner)
    let evaluator = try call.evaluator(of: learner.loaders)
    if let numbers = call.arguments.optionalInts("fold_in") {
      return try call.evaluationOfFoldIn(learner, numbers)
    }
    if call.arguments.isGiven("by") {
      return try call.evaluationByActivity(of: learner, evaluator)
    }
    let others = try call.lines(besides: learner)
    let evaluation = try call.evaluation(
      of: [(call.name(of: learner), learner)] + others, evaluator)
    var notes = evaluation.notes
    notes += evaluation.verdicts(on: 0, besides: Array(1..<evaluation.rows.count))
    if let note = call.futureNote(learner.loaders) { notes.append(note) }
    if evaluation.strangerCount == evaluation.userCount {
      notes.append(
        "note: nobody who is held out has a rating to learn from; evaluate fold_in=[1,5,20] tells what "
          + "the learner is worth for strangers")
    }
    return .table(
      TableView(
        evaluation.table,
        shownAs: [.table(evaluation.block)] + notes.map { .paragraph($0) }))
  }
}

// MARK: - For all commands that judge

extension Call {
  /// Judges by what was held out of loaders, as the options say.
  func evaluator(of loaders: DataLoaders) throws -> ModelEvaluator {
    try ModelEvaluator(loaders, evaluatorOptions())
  }

  /// What the options say is measured; those that a command has not are the usual ones.
  func evaluatorOptions() throws -> ModelEvaluator.Options {
    var options = ModelEvaluator.Options()
    let k = arguments.optionalInt("k") ?? 10
    options.metrics = Metric.usual(k: k)
    if let names = arguments.optionalStrings("metrics") {
      options.metrics = try distinct(names.map { try metric($0, k: k, option: "metrics") })
    }
    options.relevant = arguments.optionalDouble("relevant")
    options.resamples = arguments.optionalInt("resamples") ?? options.resamples
    // Drawn from a copy: judging a model changes no number that is drawn after it.
    let streams = session.streams.copy()
    options.seed = UInt64(bitPattern: streams.torch.randomInteger())
    guard !options.metrics.isEmpty else {
      throw Diagnostic(
        "bad-value", "nothing is measured", at: arguments.range(of: "metrics"),
        in: arguments.source, help: ["evaluate metrics=[rmse,mae]"])
    }
    return options
  }

  /// A measure by its name.
  ///
  /// - Throws: `bad-value` at the option that has the name, with those that may have been meant.
  func metric(_ name: String, k: Int, option: String) throws -> Metric {
    if let metric = Metric(name: name, k: k) { return metric }
    let near = Suggestion.nearest(to: name, among: Metric.Kind.allCases.map(\.rawValue))
    throw Diagnostic(
      "bad-value", "there is no metric `\(name)`", at: arguments.range(of: option),
      in: arguments.source, help: Suggestion.help(for: near) + ["help metrics"])
  }

  /// Each measure once.
  ///
  /// - Throws: `bad-value` if the columns of two would have the same name.
  private func distinct(_ metrics: [Metric]) throws -> [Metric] {
    var distinct: [Metric] = []
    for metric in metrics where !distinct.contains(metric) {
      if distinct.contains(where: { $0.name == metric.name }) {
        throw Diagnostic(
          "bad-value", "`\(metric.name)` is measured on lists of one length at a time",
          at: arguments.range(of: "metrics"), in: arguments.source,
          help: ["evaluate metrics=[\(metric.name)] k=\(metric.k)"])
      }
      distinct.append(metric)
    }
    return distinct
  }

  /// Judges models, with a bar where it takes long.
  func evaluation(
    of learners: [(name: String, learner: Learner)], _ evaluator: ModelEvaluator
  ) throws -> Evaluation {
    try shown("evaluate") { try evaluator.evaluation(of: learners, while: $0) }
  }

  /// The models that every other must beat, but the learner's own.
  func lines(besides learner: Learner) throws -> [(name: String, learner: Learner)] {
    // Where Spark has read the ratings elsewhere there are none to learn from.
    guard learner.loaders.trainingCount > 0 else { return [] }
    return try [Architecture.baseline, .popular].filter { $0.rawValue != name(of: learner) }.map {
      architecture in
      let options = ModelOptions(for: architecture)
      let model = try architecture.model(
        for: learner.loaders, options, using: session.streams.copy())
      let line = Learner(learner.loaders, model)
      try line.fit()
      return (architecture.rawValue, line)
    }
  }

  /// What a table of models calls a learner.
  func name(of learner: Learner) -> String {
    (learner.model as? any RatingModel)?.shape.architecture.rawValue ?? learner.model.typeName
  }

  /// That a random share flatters, where the ratings say when they were given.
  func futureNote(_ loaders: DataLoaders) -> String? {
    guard loaders.options.split == .random, loaders.options.validFraction > 0,
      case .table(let view)? = session.variables["ratings"],
      [loaders.users.name, loaders.items.name].allSatisfy(view.table.hasColumn),
      RatingSplit.hasTimes(view.table)
    else { return nil }
    return
      "note: the split is random, so that models learn from ratings given after those they are "
      + "tested with; dataloaders split=time tests with later ones"
  }
}

extension Call {
  /// What a learner is worth for strangers.
  fileprivate func evaluationOfFoldIn(_ learner: Learner, _ numbers: [Int]) throws -> Value {
    let evaluation = try shown("fold in") {
      try FoldInEvaluation(learner, knowing: numbers, using: session.streams.copy(), while: $0)
    }
    // A class of the user's own may be called as a column is.
    let name = name(of: learner) == "known" ? "model" : name(of: learner)
    let columns = [
      Column("known", integers: evaluation.rows.map(\.known)),
      Column(name, doubles: evaluation.rows.map(\.model)),
      Column("item means", doubles: evaluation.rows.map(\.itemMeans)),
      Column("user mean", doubles: evaluation.rows.map(\.userMean)),
    ]
    let block = TableBlock(
      columns: [.number("known"), .number(name), .number("item means"), .number("user mean")],
      rows: evaluation.rows.map { row in
        ["\(row.known)"] + [row.model, row.itemMeans, row.userMean].map(Evaluation.text)
      }, wrapsColumns: true)
    return .table(
      TableView(
        Table(equallyLong: columns),
        shownAs: [
          .table(block),
          .paragraph(
            "rmse on the other ratings of \(counted(evaluation.userCount, "user")) who have enough"),
        ]))
  }
}

extension Call {
  /// The figures of a learner for users and items told apart by how much is known of them.
  fileprivate func evaluationByActivity(
    of learner: Learner, _ evaluator: ModelEvaluator
  ) throws -> Value {
    var rows: [(group: String, ratings: Int, evaluation: Evaluation)] = []
    for group in RatingGroup.byActivity(learner.loaders) {
      let part = evaluator.part(group)
      guard part.ratingCount > 0 else { continue }
      rows.append(
        (group.name, part.ratingCount, try evaluation(of: [(group.name, learner)], part)))
    }
    guard let first = rows.first?.evaluation else { throw SessionProblem.nothingHeldOut }
    var columns = [
      Column("group", texts: rows.map(\.group)),
      Column("users", integers: rows.map(\.evaluation.userCount)),
      Column("ratings", integers: rows.map(\.ratings)),
    ]
    for (place, metric) in first.metrics.enumerated() {
      let estimates = rows.map { $0.evaluation.rows[0].estimates[place] }
      columns += [
        Column(metric.name, doubles: estimates.map(\.value)),
        Column("\(metric.name)_low", doubles: estimates.map(\.low)),
        Column("\(metric.name)_high", doubles: estimates.map(\.high)),
      ]
    }
    let lines = rows.flatMap { row in
      let block = row.evaluation.block
      return zip(block.index ?? [], block.rows).map { name, cells in
        (name: name, cells: [name.isEmpty ? "" : grouped(row.ratings)] + cells)
      }
    }
    let block = TableBlock(
      columns: [.number("ratings")] + first.block.columns, rows: lines.map(\.cells),
      index: lines.map(\.name), wrapsColumns: true)
    return .table(
      TableView(
        Table(equallyLong: columns),
        shownAs: [
          .table(block),
          .paragraph(
            "groups are told apart by the ratings that were learned from; "
              + first.note(users: "the users of a group", judges: "those")),
        ]))
  }
}

// MARK: - As a table

extension Evaluation {
  /// A row a model: all figures, then the ends of their intervals.
  var table: Table {
    var columns = [Column("model", texts: rows.map(\.model))]
    for (place, metric) in metrics.enumerated() {
      columns.append(Column(metric.name, doubles: rows.map { $0.estimates[place].value }))
    }
    for (place, metric) in metrics.enumerated() {
      columns.append(
        Column("\(metric.name)_low", doubles: rows.map { $0.estimates[place].low }))
      columns.append(
        Column("\(metric.name)_high", doubles: rows.map { $0.estimates[place].high }))
    }
    return Table(equallyLong: columns)
  }

  /// A line a model, and below it the intervals, if there are any.
  var block: TableBlock {
    let lines = rows.flatMap { row -> [(name: String, cells: [String])] in
      let intervals = row.estimates.map(Self.interval)
      return [(row.model, row.estimates.map { Self.text($0.value) })]
        + (intervals.allSatisfy(\.isEmpty) ? [] : [("", intervals)])
    }
    return TableBlock(
      columns: metrics.map { .number($0.name) }, rows: lines.map(\.cells),
      index: lines.map(\.name), wrapsColumns: true)
  }

  static func text(_ value: Double) -> String { value.isNaN ? "–" : fixed(value, 4) }

  /// The ends of an interval; nothing where there is no figure.
  static func interval(_ estimate: Estimate) -> String {
    estimate.low.isNaN ? "" : "\(text(estimate.low))–\(text(estimate.high))"
  }

  /// By whom and by what was judged.
  var notes: [String] {
    let known = userCount - strangerCount
    var note = note(
      users: counted(userCount, "user"), judges: "the \(counted(judgedCount, "user"))")
    guard metrics.contains(where: \.kind.isOfLists) else { return [note] }
    if judgedCount == 0 {
      note += ", so that no list is judged"
    } else if judgedCount < known {
      note += ", which \(grouped(known - judgedCount)) did not"
    }
    if strangerCount > 0 { note += "; \(grouped(strangerCount)) have no rating to learn from" }
    return [note]
  }

  /// What intervals and lists are of.
  func note(users: String, judges: String) -> String {
    let lists = Set(metrics.filter(\.kind.isOfLists).map(\.k)).sorted()
    let intervals = "intervals hold 95 % of \(counted(resamples, "draw")) of \(users)"
    guard !lists.isEmpty else { return intervals }
    let lengths = lists.map { "\($0)" }.joined(separator: ", ")
    return "\(intervals); lists of \(lengths) by \(judges) who gave \(short(relevant)) or more"
  }

  /// Whether one model is better than others: by errors than `baseline`, by lists than `popular`.
  func verdicts(on row: Int, besides others: [Int]) -> [String] {
    let kinds: [(line: String, kinds: [Metric.Kind])] = [
      ("baseline", [.rmse, .mae]), ("popular", [.ndcg, .map, .recall, .precision, .mrr, .hit]),
    ]
    return kinds.compactMap { line, kinds in
      guard let other = others.first(where: { rows[$0].model == line }),
        let metric = kinds.lazy.compactMap({ kind in
          metrics.firstIndex { $0.kind == kind }
        }).first, !rows[row].estimates[metric].value.isNaN
      else { return nil }
      return verdict(metric, on: row, besides: other)
    }
  }

  /// Whether users tell two models apart by a metric.
  func verdict(_ metric: Int, on row: Int, besides other: Int) -> String {
    let difference = differences(row, from: other)[metric]
    let (name, models) = (metrics[metric].name, (rows[row].model, rows[other].model))
    guard !difference.value.isNaN else {
      return "\(name): \(models.0) and \(models.1) cannot be told apart by these ratings"
    }
    let interval =
      "\(Self.signed(difference.value)), \(Self.signed(difference.low)) to \(Self.signed(difference.high))"
    guard difference.isDifference else {
      return "\(name): no difference seen between \(models.0) and \(models.1) (\(interval))"
    }
    let isBetter = (difference.value < 0) == metrics[metric].kind.isBetterSmall
    return "\(name): \(models.0) is \(isBetter ? "better" : "worse") than \(models.1) (\(interval))"
  }

  private static func signed(_ value: Double) -> String {
    (value < 0 ? "" : "+") + fixed(value, 4)
  }
}

/// A number without a point where it is whole.
private func short(_ value: Float) -> String {
  Int(exactly: value).map { "\($0)" } ?? "\(value)"
}
