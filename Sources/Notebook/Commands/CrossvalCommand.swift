import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTables

/// `crossval`: every rating is held out once.
enum CrossvalCommand {
  static let crossval = Builtin(
    CommandSpec(
      "crossval", group: .lookingIn,
      summary: "judge a model on every rating, a part held out at a time",
      details: """
        Parts the ratings by chance, and for each part trains on the others and is tested with it. \
        What is trained is the current learner's model anew, with the fits that it had; or whatever the \
        statements in braces make, which train `learn` on `dls`.

        The figures of all parts are taken together, user by user, and so are their intervals.
        """,
      parameters: [
        Parameter(
          "steps", .block, .optional, example: "{ learner dotbias; fit 1 5e-3 }",
          help: "statements that make and train a learner"),
        Parameter(
          "folds", .integer(2...1000), default: "5", isOptionOnly: true,
          help: "into how many parts the ratings go"), .learner,
      ] + EvaluateCommand.options,
      examples: ["crossval folds=2 metrics=[rmse] resamples=100 { learner baseline; fit }"],
      seeAlso: ["evaluate", "sweep"], result: "Table", needs: ["ratings"])
  ) { call in
    let session = call.session
    let kept = ModelTrial.Kept(session)
    defer { kept.restore(session) }
    let trial =
      try call.block("steps").map { ModelTrial(.statements($0), session) }
      ?? ModelTrial(remaking: call.learnerOption(), session)
    let loading = try trial.loaders()
    let evaluator = try call.evaluatorOptions()
    var validation = try CrossValidation(
      loading.trainingTable, folds: call.arguments.int("folds"), loading.options, evaluator,
      using: session.streams)
    let bar = StepBar("crossval", of: validation.folds.count, on: call.output)
    defer { bar.end() }
    var parts: [Evaluation] = []
    for (number, fold) in validation.folds.enumerated() {
      let learner = try trial.learner(on: fold)
      let lines = try call.lines(besides: learner)
      let judged = try validation.judge([(call.name(of: learner), learner)] + lines) { _ in
        !session.isInterrupted()
      }
      guard let judged else { throw session.interrupted() }
      parts.append(judged)
      _ = bar.step()
    }
    let evaluation = try validation.evaluation()
    let block = evaluation.block
    let folds = parts.map { part in part.rows[0].estimates.map { Evaluation.text($0.value) } }
    return .table(
      TableView(
        evaluation.table,
        shownAs: [
          .table(
            TableBlock(
              columns: block.columns, rows: folds + block.rows,
              index: folds.indices.map { "fold \($0 + 1)" } + (block.index ?? []),
              gapAfterRow: folds.count - 1, wrapsColumns: true))
        ]
          + (evaluation.notes
          + evaluation.verdicts(on: 0, besides: Array(evaluation.rows.indices.dropFirst())))
          .map { .paragraph($0) }))
  }
}
