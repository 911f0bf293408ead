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
        the figures look. All must have been tested with the same ratings.

        The value is a table with a row for each figure of each pair.
        """,
      parameters: [
        Parameter(
          "learners", .value("Learner"), .rest(atLeast: 2), example: "learn",
          help: "what is compared, the first with all others")
      ] + EvaluateCommand.options,
      examples: ["b = learner baseline; fit learn=b; compare learn b metrics=[rmse] resamples=200"],
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
    var named: [(name: String, learner: Learner)] = []
    for value in arguments.all("learners") {
      guard case .object(let learner as Learner) = value else {
        throw Diagnostic(
          "bad-value", "`compare` takes learners", at: arguments.range, in: arguments.source,
          help: ["compare learn b"])
      }
      // The variable it was given by says more than what it is.
      let variable = session.variables.first {
        if case .object(let other as Learner) = $0.value {
          return other === learner && $0.key != "_"
        }
        return false
      }?.key
      named.append((variable ?? name(of: learner), learner))
    }
    return named
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
