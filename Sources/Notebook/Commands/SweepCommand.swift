import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabRandomness
import CollabTables
import CollabText

/// `sweep`: tries settings on a part of the training ratings, and judges the best once.
enum SweepCommand {
  static let sweep = Builtin(
    CommandSpec(
      "sweep", group: .training, summary: "choose settings by ratings that nothing is judged by",
      details: """
        Runs the statements in braces for each combination of the named values. They train `learn` on \
        `dls`, which for the while holds the training ratings but a fifth; the combination that is best \
        on that fifth is chosen, trained on all training ratings and judged by the validation ratings, \
        once. Those have no part in choosing: figures that were chosen by are too good.

        Afterwards `learn` is the learner that was chosen. The value is a table with a row a combination.
        """,
      parameters: [
        Parameter(
          "values", .value(), .anyName, example: "wd=[0.01,0.1]",
          help: "names with the values that each has in turn"),
        Parameter(
          "steps", .block, example: "{ learner dotbias; fit 1 5e-3 wd=wd }",
          help: "statements that make and train a learner"),
        Parameter(
          "metric", .string, default: "rmse", isOptionOnly: true, help: "what is chosen by"),
        Parameter(
          "share", .number(.between(0.01, 0.9)), default: "0.2", isOptionOnly: true,
          help: "the share of the training ratings that is chosen by"),
        Parameter(
          "k", .integer(1...100_000), default: "10", isOptionOnly: true, help: "how long lists are"),
        Parameter(
          "relevant", .number(), .optional, example: "4", isOptionOnly: true,
          help: "from which rating on an item was liked"),
        Parameter(
          "resamples", .integer(1...1_000_000), default: "1000", isOptionOnly: true,
          help: "how often users are drawn anew for the intervals"),
      ],
      examples: [
        "sweep reg_users=[5,50] resamples=100 { learner baseline reg_users=reg_users; fit }"
      ], seeAlso: ["crossval", "evaluate"], result: "Table", needs: ["dls"])
  ) { call in
    try Sweep(call).run()
  }
}

/// A sweep that runs.
private struct Sweep {
  private let call: Call
  private let session: Session
  /// Names and the values that each has in turn.
  private let values: [(name: String, values: [Value])]
  private let metric: Metric
  private let trial: ModelTrial
  private let loaders: DataLoaders
  /// The training ratings, a part of which is chosen by.
  private let inner: DataLoaders

  init(_ call: Call) throws {
    (self.call, session) = (call, call.session)
    let given = call.arguments.named("values")
    guard !given.isEmpty else {
      throw Diagnostic(
        "missing-argument", "`sweep` needs values to try", at: call.arguments.range,
        in: call.arguments.source,
        help: ["sweep wd=[0.01,0.1] { learner dotbias; fit 1 5e-3 wd=wd }"])
    }
    values = try given.map { name, value in
      guard let members = try? value.members(), !members.isEmpty else {
        throw Diagnostic(
          "bad-value", "`\(name)` takes a list of values", at: call.arguments.range,
          in: call.arguments.source, help: ["\(name)=[0.01,0.1]"])
      }
      return (name, members)
    }
    let name = try call.arguments.string("metric")
    metric = try call.metric(name, k: call.arguments.int("k"), option: "metric")
    let columns = values.map(\.name) + Self.columns(of: metric)
    if let twice = columns.indices.first(where: { columns[..<$0].contains(columns[$0]) }) {
      throw Diagnostic(
        "bad-value", "two columns of the result would be called `\(columns[twice])`",
        at: call.arguments.range, in: call.arguments.source,
        help: ["give the values another name, in the braces too"])
    }
    guard let steps = try call.block("steps") else {
      throw Diagnostic(
        "missing-argument", "`sweep` needs statements in braces", at: call.arguments.range,
        in: call.arguments.source,
        help: ["sweep wd=[0.01,0.1] { learner dotbias; fit 1 5e-3 wd=wd }"])
    }
    trial = ModelTrial(.statements(steps), session)
    loaders = try session.loaders()
    var options = loaders.options
    options.split = .random
    options.validFraction = try call.arguments.double("share")
    let rows = loaders.trainingRows.map { Int($0) }
    inner = try DataLoaders(
      loaders.trainingTable.rows(at: rows), options: options, using: session.streams.copy())
  }

  /// What the columns of a measure and its interval are called.
  private static func columns(of metric: Metric) -> [String] {
    ["", "_low", "_high"].map { metric.name + $0 }
  }

  /// All combinations of values, the last name's changing fastest.
  private var combinations: [[Value]] {
    values.reduce([[]]) { combinations, one in
      combinations.flatMap { combination in one.values.map { combination + [$0] } }
    }
  }

  /// Trains one combination.
  private func learner(_ combination: [Value], on loaders: DataLoaders) throws -> Learner {
    for (one, value) in zip(values, combination) { session.variables[one.name] = value }
    return try trial.learner(on: loaders)
  }

  func run() throws -> Value {
    let kept = ModelTrial.Kept(session)
    var isDone = false
    defer { if !isDone { kept.restore(session) } }
    let combinations = combinations
    let bar = StepBar("sweep", of: combinations.count + 1, on: call.output)
    defer { bar.end() }
    var tried: [(name: String, learner: Learner)] = []
    for combination in combinations {
      tried.append((name(combination), try learner(combination, on: inner)))
      _ = bar.step()
    }
    var options = try call.evaluatorOptions()
    options.metrics = [metric]
    guard
      let chosenBy = try ModelEvaluator(inner, options).evaluation(
        of: tried, while: { _ in !session.isInterrupted() })
    else { throw session.interrupted() }
    let figures = chosenBy.rows.map { row -> Double in
      let value = row.estimates[0].value
      return metric.kind.isBetterSmall ? -value : value
    }
    let best = figures.indices.max { (figures[$0], $1) < (figures[$1], $0) } ?? 0
    let learner = try learner(combinations[best], on: loaders)
    kept.restore(session)
    session.variables["learn"] = .object(learner)
    isDone = true
    bar.end()
    var blocks = shown(chosenBy, best: best)
    if !loaders.validation.isEmpty {
      let judged = try call.evaluation(
        of: [(call.name(of: learner), learner)] + call.lines(besides: learner),
        ModelEvaluator(loaders, call.evaluatorOptions()))
      blocks += [.paragraph("judged by the validation ratings:"), .table(judged.block)]
      blocks +=
        (judged.notes + judged.verdicts(on: 0, besides: Array(judged.rows.indices.dropFirst())))
        .map { .paragraph($0) }
    }
    return .table(TableView(table(chosenBy, combinations), shownAs: blocks))
  }

  private func name(_ combination: [Value]) -> String {
    zip(values, combination).map { "\($0.name)=\($1.display)" }.joined(separator: " ")
  }

  /// The combinations with what they are worth, and which was chosen.
  private func shown(_ evaluation: Evaluation, best: Int) -> [Block] {
    let alike = evaluation.rows.indices.filter {
      $0 != best && !evaluation.differences(best, from: $0)[0].isDifference
    }
    let verdict =
      alike.isEmpty
      ? ""
      : "; no difference seen from \(counted(alike.count, "other")) of \(evaluation.rows.count)"
    let all = evaluation.rows.map { row in
      [
        Evaluation.text(row.estimates[0].value),
        Evaluation.interval(row.estimates[0]),
      ]
    }
    return [
      .table(
        TableBlock(
          columns: [.number(metric.name), .number("95 %")], rows: all,
          index: evaluation.rows.map(\.model))),
      .paragraph("chosen: \(evaluation.rows[best].model)\(verdict)"),
    ]
  }

  private func table(_ evaluation: Evaluation, _ combinations: [[Value]]) -> Table {
    var columns = values.enumerated().map { place, one in
      let members = combinations.map { $0[place] }
      if members.allSatisfy({ $0.integer != nil }) {
        return Column(one.name, integers: members.compactMap(\.integer))
      }
      let numbers = members.compactMap(\.number)
      return numbers.count == members.count
        ? Column(one.name, doubles: numbers) : Column(one.name, texts: members.map(\.display))
    }
    let estimates = evaluation.rows.map { $0.estimates[0] }
    columns += zip(
      Self.columns(of: metric),
      [estimates.map(\.value), estimates.map(\.low), estimates.map(\.high)]
    ).map { Column($0, doubles: $1) }
    return Table(equallyLong: columns)
  }
}
