import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabLearning
import CollabRandomness
import CollabTensors

/// Fitting.
enum TrainingCommands {
  static let all = [seed, fit, validate, undo, SweepCommand.sweep]

  /// How Adam moves rows, for whatever fits.
  static let optimizer = Parameter(
    "optimizer",
    .choice([
      Choice("lazy", "Adam; rows that a batch does not read move when they are next needed"),
      Choice("dense", "Adam; all rows move at every step, as in fastai"),
    ]), default: "lazy", isOptionOnly: true,
    help: "how rows move; the printed losses are the same")

  static let seed = Builtin(
    CommandSpec(
      "seed", aliases: ["set_seed", "manual_seed"], group: .training,
      summary: "seed all random numbers, as fastai's set_seed",
      details: """
        The same seed and the same cells draw the same numbers as fastai: the split, the batches \
        and the weights. A session that says nothing starts as after `seed 42`.
        """,
      parameters: [
        Parameter("seed", .integer(0...Int(UInt32.max)), example: "42", help: "a whole number")
      ],
      examples: ["seed 42"], seeAlso: ["dataloaders"])
  ) { call in
    call.session.streams.seed(UInt32(truncatingIfNeeded: try call.arguments.int("seed")))
    return .none
  }

  static let fit = Builtin(
    CommandSpec(
      "fit", aliases: ["fit_one_cycle"], group: .training, summary: "train the current learner",
      details: """
        Trains the current learner and prints losses after each epoch. The rate follows the \
        one-cycle schedule: up to LR during the first quarter, then down to almost zero.

        Models that are not trained by gradients take no rate: `fit` alone trains them. baseline, als \
        and ials go through the ratings ten times, unless told otherwise; popular, itemknn and ease once. \
        With `anneal=2` als begins with twice its `reg`, which comes down from pass to pass: factors that \
        explain noise stay small.

        `metrics` adds columns that are measured on what is held out, such as `[rmse,ndcg@10]`. With \
        `patience=2` it ends after two epochs without a smaller validation loss, and keeps the best one.

        `watch=loss` draws the losses below the table while it trains, `watch=map` where the most rated \
        items lie on the map of their factors. In a page the losses stay, and three of the maps.

        A later fit of the same learner goes on with its optimiser. Ctrl-C stops and keeps what was \
        learned; `undo` goes back to before the fit.
        """,
      parameters: [
        Parameter(
          "epochs", .integer(1...1_000_000), .optional, example: "5",
          help:
            "how many passes over the training data; models without gradients have a usual number"),
        Parameter(
          "lr", .number(.notNegative), default: "1e-3", example: "5e-3",
          help: "the highest learning rate"),
        Parameter(
          "wd", .number(), .optional, example: "0.1", isOptionOnly: true,
          help: "weight decay, at first 0.01; negative values push weights outward"),
        Parameter(
          "schedule",
          .choice([
            Choice("onecycle", "up, then down to almost zero"), Choice("flat", "a constant rate"),
          ]), default: "onecycle", isOptionOnly: true, help: "how the rate changes"),
        optimizer,
        Parameter(
          "metrics", .list(of: .name), .optional, example: "[rmse,mae]", isOptionOnly: true,
          help: "what is measured after each epoch; help metrics has the definitions"),
        Parameter(
          "patience", .integer(1...1_000_000), .optional, example: "2", isOptionOnly: true,
          help: "how many epochs may pass without a smaller validation loss"),
        Parameter(
          "anneal", .number(.atLeast(1)), .optional, example: "2", isOptionOnly: true,
          help:
            "of als: how many times `reg` the first pass has; it comes down to `reg` in the last"),
        Parameter(
          "watch",
          .choice([
            Choice("loss", "the losses"), Choice("map", "a map of the items, as pca draws it"),
          ]), .optional, example: "loss", isOptionOnly: true,
          help: "a picture that changes while it trains"),
        .learner,
      ],
      examples: [
        "fit 1 5e-3", "fit 1 5e-3 wd=0.1", "fit 2 5e-3 metrics=[rmse,mae] patience=1",
        "fit 2 5e-3 watch=loss",
        .init("fit 1 5e-3 optimizer=dense", note: "the same numbers, slower"),
        .init("learn.fit_one_cycle(1, 5e-3)", note: "the same as a call"),
      ],
      seeAlso: ["validate", "undo"], chapter: "Collaborative filtering from scratch")
  ) { call in
    let learner = try call.learnerOption()
    let rate = try call.arguments.double("lr")
    let isFlat = call.arguments.optionalString("schedule") == "flat"
    let epochs = call.arguments.optionalInt("epochs") ?? learner.trainer.usualEpochs
    return try call.fit(
      learner, epochs: call.arguments.required("epochs", epochs),
      isFlat ? .flat(rate) : .oneCycle(maximum: rate), rate: "lr")
  }

  static let validate = Builtin(
    CommandSpec(
      "validate", group: .training, summary: "give the mean loss of the validation ratings",
      parameters: [.learner], examples: ["validate", "validate learn=learn"], seeAlso: ["fit"],
      chapter: "Collaborative filtering from scratch", result: "Double")
  ) { call in
    try call.validate(call.learnerOption())
  }

  static let undo = Builtin(
    CommandSpec(
      "undo", group: .training, summary: "take back the last fit",
      details: """
        Parameters, optimiser and random numbers are as they were before the last fit; once more takes \
        back the fit before it. Up to ten fits are kept, and one of a very large model.
        """,
      parameters: [.learner], examples: ["undo"], seeAlso: ["fit"])
  ) { call in
    guard let undo = call.session.undo.last else { throw SessionProblem.nothingToUndo }
    if call.arguments.isGiven("learn"), try call.learnerOption() !== undo.learner {
      throw SessionProblem.nothingToUndo
    }
    undo.learner.restore(undo.checkpoint)
    call.session.streams.restore(from: undo.streams)
    call.session.undo.removeLast()
    call.output.write(.paragraph("the learner is as it was before the last fit"))
    return .none
  }
}

// MARK: - A fit and its table

extension Call {
  /// The loss of the validation ratings, with a bar if finding it takes long.
  func validate(_ learner: Learner) throws -> Value {
    guard !learner.loaders.validation.isEmpty else { throw SessionProblem.nothingHeldOut }
    let clock = ContinuousClock()
    let start = clock.now
    let total = learner.loaders.validationBatchCount
    defer { output.progress(nil) }
    let loss = try learner.validate { done in
      if done % 16 == 0 {
        output.progress(
          Progress(
            label: "validate", done: done, total: total, elapsed: (clock.now - start) / .seconds(1))
        )
      }
      return !session.isInterrupted()
    }
    guard let loss else { throw session.interrupted() }
    return .double(Double(loss))
  }

  /// What a fit goes back to: the first that it takes memory for.
  private func checkpoint(of learner: Learner) throws -> Learner.Checkpoint {
    do {
      return try learner.checkpoint()
    } catch TensorError.noMemory(let needed, let free) {
      throw FitError.noMemory(needed: needed, free: free)
    }
  }

  /// Trains a learner and shows its losses as they come.
  func fit(
    _ learner: Learner, epochs: Int, _ schedule: Schedule, rate: String
  ) throws -> Value {
    try refuseSettings(learner)
    guard learner.loaders.trainingCount > 0 else { throw FitError.nothingToLearnFrom }
    let before = Session.Undo(
      learner: learner, checkpoint: try checkpoint(of: learner), streams: session.streams.copy())
    let metrics = try fitMetrics(learner)
    if arguments.isGiven("patience"), learner.loaders.validation.isEmpty {
      throw SessionProblem.nothingHeldOut
    }
    let watch = try arguments.optionalString("watch").flatMap(FitWatch.Subject.init).map {
      try FitWatch($0, learner)
    }
    let table = FitTable(
      output, hasValidation: !learner.loaders.validation.isEmpty, metrics, watch,
      isInterrupted: session.isInterrupted)
    defer { table.end() }
    let plan = FitPlan(
      epochs: epochs, schedule, weightDecay: arguments.optionalDouble("wd"),
      rowUpdate: arguments.optionalString("optimizer").flatMap(RowUpdate.init),
      patience: arguments.optionalInt("patience"),
      annealing: arguments.optionalDouble("anneal") ?? 1)
    do {
      let outcome = try learner.fit(plan, from: before.checkpoint, observer: table)
      session.remember(before)
      if let failure = table.failure { throw failure }
      if case .keptBest(let epoch) = outcome, let last = learner.recorder.epochs.last?.number,
        epoch < last
      {
        table.end()
        output.write(.paragraph("kept epoch \(epoch), whose validation loss is the smallest"))
      }
      guard case .stopped(let epoch, let batch) = outcome else {
        table.end()
        let note = LossNote(
          after: learner, rate: schedule.maximum, decay: arguments.optionalDouble("wd"),
          in: session)
        if let note { output.write(.failure(note.failure)) }
        return .none
      }
      table.end()
      let on = statement(
        fitting: learner, epochs: epochs - epoch, arguments.text(of: rate), schedule,
        annealing: plan.annealing(of: epoch), keeping: ["patience", "metrics", "watch"])
      let place =
        learner.trainer.settings.contains(.learningRate)
        ? " after \(batch) of \(learner.loaders.trainingBatchCount) batches; what was learned is kept"
        : "; what was learned before it is kept"
      output.write(
        .failure(
          Failure(
            lines: [
              "interrupted in epoch \(epoch)\(place)",
              "  help: " + (on.map { "\($0) trains on, " } ?? "")
                + "undo goes back to before this fit",
            ], severity: .note)))
      throw Signal.interrupted
    } catch let error as FitError {
      guard case .lossNotFinite(let loss, let epoch, _, _) = error else { throw error }
      table.append(
        row: ["\(epoch)", "\(loss)", "–"] + (metrics?.names ?? []).map { _ in "–" }
          + [TimeText.clock(0)])
      table.end()
      var diagnostic = Diagnostic(error, at: arguments.range, in: arguments.source)
      guard learner.trainer.settings.contains(.learningRate) else {
        diagnostic.help = ["learn from ratings that are finite"]
        throw diagnostic
      }
      diagnostic.notes.append("the highest rate was \(arguments.text(of: rate))")
      let highest = schedule.maximum
      diagnostic.help = [
        statement(
          fitting: learner, epochs: epochs, highest > 5e-3 ? "5e-3" : "\(highest / 10)", schedule)
          ?? "try a smaller rate"
      ]
      throw diagnostic
    }
  }
}

extension Call {
  /// What is measured after each epoch, with the way to do so; nil for nothing.
  private func fitMetrics(_ learner: Learner) throws -> FitMetrics? {
    guard arguments.isGiven("metrics") else { return nil }
    var options = try evaluatorOptions()
    options.resamples = 0
    let evaluator = try ModelEvaluator(learner.loaders, options)
    return FitMetrics(names: options.metrics.map(\.name)) { goesOn in
      try evaluator.evaluation(of: [("", learner)], while: { _ in goesOn() })?
        .rows[0].estimates.map(\.value)
    }
  }

  /// Throws if something was given that the learner's model is not trained with.
  private func refuseSettings(_ learner: Learner) throws {
    let options: [(name: String, setting: FitSettings)] = [
      ("lr", .learningRate), ("lr_max", .learningRate), ("schedule", .learningRate),
      ("wd", .weightDecay), ("optimizer", .rowUpdate), ("anneal", .annealing),
    ]
    let taken = learner.trainer.settings
    for (name, setting) in options where !taken.contains(setting) && arguments.isGiven(name) {
      throw refusal(of: name, learner)
    }
    for name in ["epochs", "n_epoch"] where !taken.contains(.epochs) && arguments.isGiven(name) {
      if try arguments.int(name) > 1 { throw refusal(of: name, learner) }
    }
  }

  /// What is said of a setting that the learner's model is not trained with, and what it takes.
  private func refusal(of name: String, _ learner: Learner) -> Diagnostic {
    let taken = learner.trainer.settings
    let isAnnealed = taken.contains(.annealing) && arguments.isGiven("anneal")
    // As many epochs as a model with a rate has are seldom what others need.
    let typed =
      taken.contains(.learningRate) || isAnnealed ? arguments.optionalInt("epochs") : nil
    let epochs = taken.contains(.epochs) ? typed ?? learner.trainer.usualEpochs ?? 5 : nil
    let fit =
      "fit\(epochs.map { " \($0)" } ?? "")" + (taken.contains(.learningRate) ? " 5e-3" : "")
      + (isAnnealed ? " anneal=\(arguments.text(of: "anneal"))" : "")
    return Diagnostic(
      "unknown-option", "\(learner.model.typeName) is trained without `\(name)`",
      at: arguments.range(of: name), in: arguments.source,
      help: [session.learnOption(naming: learner).map { fit + $0 } ?? fit])
  }

  /// The statement that would train a learner so; nil if no statement can name it.
  func statement(
    fitting learner: Learner, epochs: Int, _ rate: String, _ schedule: Schedule,
    annealing: Double = 1, keeping names: [String] = []
  ) -> String? {
    let kept = names.filter(arguments.isGiven).map { " \($0)=\(arguments.text(of: $0))" }
    return session.learnOption(naming: learner).map { named in
      let option = kept.joined() + named
      guard learner.trainer.settings.contains(.learningRate) else {
        guard learner.trainer.settings.contains(.epochs) else { return "fit\(option)" }
        let anneal = annealing == 1 ? "" : " anneal=\((annealing * 1e5).rounded() / 1e5)"
        return "fit \(epochs)\(anneal)\(option)"
      }
      return "fit \(epochs) \(rate)\(schedule.isFlat ? " schedule=flat" : "")\(option)"
    }
  }
}

extension Arguments {
  /// A number as it was typed, or its default.
  fileprivate func text(of name: String) -> String {
    isGiven(name)
      ? String(source.text(in: range(of: name)).split(separator: "=").last ?? "")
      : spec.parameter(name)?.defaultText ?? ""
  }
}

extension Schedule {
  /// Whether the rate is the same for all steps.
  fileprivate var isFlat: Bool { if case .flat = self { true } else { false } }

  /// The highest rate.
  fileprivate var maximum: Double {
    switch self {
    case .oneCycle(let rate), .flat(let rate): rate
    }
  }
}

/// What is measured after each epoch.
private struct FitMetrics {
  let names: [String]
  /// The figures, in the order of the names; nil if it was stopped.
  let figures: (_ goesOn: () -> Bool) throws -> [Double]?
}

/// Shows the losses of a fit as fastai does, a row an epoch, and how far it has come.
private final class FitTable: FitObserver {
  private let output: any Output
  private let hasValidation: Bool
  private let metrics: FitMetrics?
  private let watch: FitWatch?
  private let isInterrupted: () -> Bool
  /// Why the metrics could not be measured, or the picture not be drawn.
  private(set) var failure: (any Error)?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// When the batches that are counted now began: those of an epoch, or of its validation.
  private var partStart: ContinuousClock.Instant
  /// Whether the table has begun, and whether it has ended.
  private var (hasBegun, isOpen) = (false, true)
  private var lastDrawn: ContinuousClock.Instant?

  init(
    _ output: any Output, hasValidation: Bool, _ metrics: FitMetrics?, _ watch: FitWatch?,
    isInterrupted: @escaping () -> Bool
  ) {
    (self.output, self.hasValidation, self.metrics) = (output, hasValidation, metrics)
    self.watch = watch
    self.isInterrupted = isInterrupted
    start = clock.now
    partStart = start
  }

  /// Begins the table, below what was said before the first batch.
  private func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    output.begin(
      LiveTable(
        columns: ["epoch", "train_loss", "valid_loss"].map { .init($0) }
          // Room for six decimals below a short name.
          + (metrics?.names ?? []).map { .init($0, width: 8) } + [.init("time")]))
  }

  func append(row: [String]) {
    begin()
    output.append(row: row)
  }

  func fitWillTake(_ cost: FitCost) {
    output.write(
      .failure(
        Failure(
          lines: [
            "note: this fit will take about \(TimeText.words(cost.seconds)) and "
              + "\(byteText(cost.bytes)) of memory; Ctrl-C keeps what was learned until then"
          ], severity: .note)))
  }

  func end() {
    guard isOpen else { return }
    begin()
    isOpen = false
    output.progress(nil)
    output.watch(nil)
    output.end()
    for block in watch?.remains ?? [] { output.write(block) }
  }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    begin()
    draw(progress) { "loss \(fixed(Double(progress.loss), 4))" }
    return !isInterrupted()
  }

  func partDidFinish(_ progress: FitProgress) -> Bool {
    begin()
    draw(progress) { "" }
    return failure == nil && !isInterrupted()
  }

  func validationBatchDidFinish(_ progress: FitProgress) -> Bool {
    draw(progress) { "validation" }
    return !isInterrupted()
  }

  func isInterruption(_ error: any Error) -> Bool { error.isInterruption }

  /// What a fit of more than a minute will take, from what it has taken.
  private func wholeFit(_ progress: FitProgress, _ elapsed: Duration) -> String? {
    let part = Double(progress.batch) / Double(max(progress.batchCount, 1))
    let epochs = Double(progress.epoch) + part * Double(progress.epochs)
    guard progress.epochCount > 1, epochs > 0 else { return nil }
    let seconds = elapsed / .seconds(1) * Double(progress.epochCount) / epochs
    return seconds > 60 ? "all in about \(TimeText.clock(seconds))" : nil
  }

  /// Draws the bar of fits of more than a second, at most ten times a second.
  private func draw(_ progress: FitProgress, _ note: () -> String) {
    let now = clock.now
    if progress.batch == 1 { partStart = now }
    guard now - start > .seconds(1), lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else {
      return
    }
    lastDrawn = now
    output.progress(
      Progress(
        label: "\(progress.epoch + 1)/\(progress.epochCount)", done: progress.batch,
        total: progress.batchCount, elapsed: (now - partStart) / .seconds(1),
        note: [note(), wholeFit(progress, now - start)].compactMap(\.self).joined(separator: " · "))
    )
  }

  func epochDidFinish(_ epoch: Recorder.Epoch) {
    output.progress(nil)
    // Before the row, which takes the last picture away.
    let picture = picture(after: epoch)
    append(
      row: [
        "\(epoch.number)", fixed(Double(epoch.trainLoss), 6),
        hasValidation ? fixed(Double(epoch.validLoss), 6) : "–",
      ] + figures + [TimeText.clock(epoch.seconds)])
    if watch != nil { output.watch(picture) }
  }

  /// The picture that is watched, after one more epoch.
  private func picture(after epoch: Recorder.Epoch) -> Plot? {
    do {
      try watch?.add(epoch)
    } catch {
      failure = error
    }
    return failure == nil ? watch?.picture : nil
  }

  /// The cells of what is measured.
  private var figures: [String] {
    guard let metrics else { return [] }
    do {
      if let figures = try metrics.figures({ !isInterrupted() }) {
        return figures.map { fixed($0, 6) }
      }
    } catch {
      failure = error
    }
    return metrics.names.map { _ in "–" }
  }
}
