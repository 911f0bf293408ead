import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables

/// `compare`: which of some learners is better, and whether the users tell.
enum CompareCommand {
  static let compare = Builtin(
    CommandSpec(
      "compare", group: .lookingIn,
      summary: "tell whether learners differ by what was held out",
      details: """
        Each learner is compared with the first, user by user: the same users are drawn anew for both. \
        Where the interval of a difference holds 0, the users who were there tell no difference, however \
        the figures look. All must have been tested with the same ratings. `compare dot=a als=b` says \
        what the table calls them.

        The value is a table with a row for each figure of each pair.
        """,
      parameters: [
        Parameter(
          "learners", .value("Learner"), .rest(atLeast: 0), example: "learn",
          help: "what is compared, the first with all others"),
        Parameter(
          "names", .value("Learner"), .anyName, example: "dot=learn",
          help: "more of them, under names for the table"),
      ] + EvaluateCommand.options,
      examples: [
        "b = learner baseline; fit learn=b; compare learn b metrics=[rmse] resamples=200",
        "compare dot=learn most=learner('popular') metrics=[rmse] resamples=200",
      ],
      seeAlso: ["evaluate"], result: "Table")
  ) { call in
    let learners = try call.comparedLearners()
    let evaluator = try call.evaluator(of: learners[0].learner.loaders)
    let evaluation = try call.evaluation(of: learners, evaluator)
    let pairs = evaluation.rows.indices.dropFirst()
    let verdicts = pairs.flatMap { other in
      evaluation.metrics.indices.map { evaluation.verdict($0, on: 0, besides: other) }
    }
    return .table(
      TableView(
        evaluation.differenceTable,
        shownAs: [.table(evaluation.block)] + (evaluation.notes + verdicts).map { .paragraph($0) }))
  }
}

extension Call {
  /// The learners that were given, under names that tell them apart.
  fileprivate func comparedLearners() throws -> [(name: String, learner: Learner)] {
    func learner(_ value: Value) throws -> Learner {
      if case .object(let learner as Learner) = value { return learner }
      throw Diagnostic(
        "bad-value", "`compare` takes learners", at: arguments.range, in: arguments.source,
        help: ["compare learn b"])
    }
    var learners = try zip(arguments.all("learners"), arguments.ranges(of: "learners")).map {
      value, range in
      let learner = try learner(value)
      // The variable it was given by says more than what it is.
      let word = arguments.source.text(in: range)
      return (name: session.variables[word] == nil ? name(of: learner) : word, learner: learner)
    }
    for (name, value) in arguments.named("names") { learners.append((name, try learner(value))) }
    guard learners.count > 1 else {
      throw Diagnostic(
        "missing-argument", "`compare` needs two learners or more", at: arguments.range,
        in: arguments.source, help: ["for example \(arguments.spec.examples[0].code)"])
    }
    return learners
  }
}

extension Evaluation {
  /// A row for each figure by which the first model differs from another.
  var differenceTable: Table {
    var (models, others, names): ([String], [String], [String]) = ([], [], [])
    var differences: [Estimate] = []
    for other in rows.indices.dropFirst() {
      for (metric, difference) in zip(metrics, self.differences(0, from: other)) {
        models.append(rows[0].model)
        others.append(rows[other].model)
        names.append(metric.name)
        differences.append(difference)
      }
    }
    return Table(equallyLong: [
      Column("model", texts: models), Column("other", texts: others),
      Column("metric", texts: names), Column("difference", doubles: differences.map(\.value)),
      Column("low", doubles: differences.map(\.low)),
      Column("high", doubles: differences.map(\.high)),
    ])
  }
}
