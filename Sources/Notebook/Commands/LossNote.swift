import CollabText
import Collab
import CollabDocuments
import CollabLearning

/// Says after a fit that a model does worse than the mean, and why it may.
struct LossNote {
  /// A loss counts as worse from here on, in losses of the mean: below, chance decides.
  private static let margin = 1.05

  private let learner: Learner
  private let baseline: MeanBaseline
  private let last: Recorder.Epoch
  /// The highest rate of the fit, and its weight decay if one was given.
  private let rate: Double
  private let decay: Double?
  /// What gives learners and loaders their names.
  private let session: Session

  /// Nil if there is nothing to say.
  init?(after learner: Learner, rate: Double, decay: Double?, in session: Session) {
    guard let last = learner.recorder.epochs.last, let baseline = learner.meanBaseline,
      Double(last.validLoss) > Self.margin * baseline.loss,
      // Where all ratings are equal, no model does better than the mean.
      learner.loaders.scale.map({ $0.lowest < $0.highest }) ?? true
    else { return nil }
    (self.learner, self.baseline, self.last) = (learner, baseline, last)
    (self.rate, self.decay, self.session) = (rate, decay, session)
  }

  /// The note.
  var failure: Failure {
    let (reason, advice) = cause
    var lines = [
      "note: saying \(fixed(baseline.mean, 2)) to everybody would have a loss of "
        + "\(fixed(baseline.loss, 4)), less than \(fixed(Double(last.validLoss), 4))",
      "  \(reason)",
    ]
    if let advice { lines.append("  help: \(advice)") }
    return Failure(lines: lines, severity: .note)
  }

  /// The likely reason, and what to type.
  private var cause: (reason: String, advice: String?) {
    if let cause = rangeCause ?? strangerCause { return cause }
    guard learner.trainer.settings.contains(.learningRate) else {
      return (
        "the training loss is \(fixed(Double(last.trainLoss), 4)): there are too few ratings for it",
        nil
      )
    }
    if let decay, decay < 0 {
      return ("a wd below 0 pushes weights outward", again("5e-3", ending: " wd=0.1"))
    }
    if Double(last.trainLoss) < baseline.loss {
      return (
        "the training loss is \(fixed(Double(last.trainLoss), 4)): it has learned its ratings by heart",
        again("5e-3", ending: " wd=0.1")
      )
    }
    if rate > 0.02 { return ("the rate is high", again("5e-3")) }
    return (
      "it has not learned enough yet",
      session.learnOption(naming: learner).map { "fit 5 5e-3\($0)" }
    )
  }

  /// People whom the model never met, if most ratings that are held out are theirs: to weigh or to train
  /// it anew changes nothing.
  private var strangerCause: (reason: String, advice: String?)? {
    let loaders = learner.loaders
    let share =
      Double(loaders.validation.users.count { $0 == 0 }) / Double(loaders.validation.count)
    guard share > 0.5 else { return nil }
    let advice = session.learnOption(naming: learner).map { learner in
      loaders.options.split == .user
        ? "evaluate fold_in=[1,5,20]\(learner)" : "evaluate\(learner) metrics=[rmse]"
    }
    return (
      "\(fixed(100 * share, 0)) % of the ratings held out are of people whom it never met", advice
    )
  }

  /// The end of predictions that ratings lie beyond.
  private var rangeCause: (reason: String, advice: String?)? {
    guard let shape = (learner.model as? any RatingModel)?.shape, let scale = learner.loaders.scale
    else {
      return nil
    }
    guard let range = shape.options.range else { return nil }
    let advice = statement(making: shape, range: scale.range)
    if scale.highest > range.high {
      return (
        "ratings reach \(numberText(scale.highest)), predictions end at \(numberText(range.high))",
        advice
      )
    }
    if scale.lowest < range.low {
      return (
        "ratings go down to \(numberText(scale.lowest)), predictions end at "
          + numberText(range.low), advice
      )
    }
    return nil
  }

  /// The statement that makes such a learner with another range, under the same name.
  private func statement(making shape: ModelShape, range: RatingRange) -> String? {
    guard let loaders = session.name(of: learner.loaders) else { return nil }
    let name = session.name(of: learner) ?? "learn"
    return (name == "learn" ? "" : "\(name) = ")
      + "learner \(shape.architecture.rawValue)\(shape.choices) y_range=\(range.text)"
      + (loaders == "dls" ? "" : " dls=\(loaders)")
  }

  /// Takes the fit back and trains anew.
  private func again(_ rate: String, ending: String = "") -> String? {
    session.learnOption(naming: learner).map { "undo; fit 5 \(rate)\(ending)\($0)" }
  }
}
