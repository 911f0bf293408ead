import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabRandomness

/// A way to make and train a model that can be gone again, on other ratings.
struct ModelTrial {
  /// What makes the learner.
  enum Recipe {
    /// Statements that train `learn` on `dls`.
    case statements(Source)
    /// A new model of this shape, and the same fits.
    case shape(ModelShape, loss: Loss, fits: [FitPlan], DataLoaders)
  }

  /// The variables that a trial changes, to be set back.
  struct Kept {
    private let variables: [String: Value]
    private let undo: [Session.Undo]

    init(_ session: Session) { (variables, undo) = (session.variables, session.undo) }

    /// Everything as it was.
    func restore(_ session: Session) { (session.variables, session.undo) = (variables, undo) }
  }

  private let recipe: Recipe
  private let session: Session
  /// Every time begins with the same random numbers.
  private let streams: RandomStreams

  init(_ recipe: Recipe, _ session: Session) {
    (self.recipe, self.session, streams) = (recipe, session, session.streams.copy())
  }

  /// A new model like a learner's, trained as that was.
  ///
  /// - Throws: `Diagnostic` if it was not trained, or nobody knows how its model is made.
  init(remaking learner: Learner, _ session: Session) throws {
    guard let model = learner.model as? any RatingModel else {
      throw Diagnostic(
        "bad-model", "how a \(learner.model.typeName) is made is not known", at: nil, in: nil,
        help: ["put the statements in braces: crossval { learner dotbias; fit 5 5e-3 wd=0.1 }"])
    }
    guard !learner.fits.isEmpty else {
      throw Diagnostic(
        "no-fit", "the learner has not been fitted: nothing says how it is trained", at: nil,
        in: nil, help: ["fit 5 5e-3 wd=0.1"])
    }
    self.init(
      .shape(model.shape, loss: learner.loss, fits: learner.fits, learner.loaders), session)
  }

  /// Loaders whose ratings and options are taken.
  ///
  /// - Throws: that there are none.
  func loaders() throws -> DataLoaders {
    if case .shape(_, _, _, let loaders) = recipe { return loaders }
    return try session.loaders()
  }

  /// A trained learner.
  ///
  /// What the statements show is left out.
  ///
  /// - Parameter loaders: what it learns from.
  /// - Returns: the learner, trained.
  /// - Throws: what the statements throw, and if they make no learner of these ratings.
  func learner(on loaders: DataLoaders) throws -> Learner {
    session.streams.restore(from: streams)
    switch recipe {
    case .shape(let shape, let loss, let fits, _):
      let model = try shape.architecture.model(
        for: loaders, shape.options, using: session.streams)
      let learner = Learner(loaders, model, loss: loss)
      for fit in fits {
        let watch = InterruptionObserver(session)
        if case .stopped = try learner.fit(fit, observer: watch) { throw session.interrupted() }
      }
      return learner
    case .statements(let source):
      session.variables["dls"] = .object(loaders)
      session.variables["learn"] = nil
      try session.withOutput(OutputRecorder()) { try session.runBlock(source) }
      guard case .object(let learner as Learner)? = session.variables["learn"] else {
        throw Diagnostic(
          "no-learner", "the statements in braces make no learner", at: nil, in: nil,
          help: ["{ learner dotbias; fit 5 5e-3 wd=0.1 }"])
      }
      guard learner.loaders === loaders else {
        throw Diagnostic(
          "bad-value", "the statements in braces make loaders of their own", at: nil, in: nil,
          help: ["leave `dataloaders` out: `dls` is set for each part of the ratings"])
      }
      return learner
    }
  }
}

extension Session {
  /// Runs statements as part of the statement that is running.
  ///
  /// - Throws: the first mistake.
  fileprivate func runBlock(_ source: Source) throws {
    let end = CellRunner(self, source).run(try parser.code(in: source).lines) { _, _, _ in
      keepChanges()
    }
    switch end {
    case .finished, .failed(_, isExpected: true), .quit: return
    case .interrupted: throw Signal.interrupted
    case .failed(let error, _): throw error
    }
  }
}

extension Call {
  /// The statements that an argument has in braces; nil if it was not given.
  func block(_ name: String) throws -> Source? {
    arguments.optionalString(name).map { Source($0, name: "<\(arguments.spec.name)>") }
  }
}

/// Stops a fit on Ctrl-C.
private final class InterruptionObserver: FitObserver {
  private let session: Session

  init(_ session: Session) { self.session = session }

  func batchDidFinish(_ progress: FitProgress) -> Bool { !session.isInterrupted() }
  func epochDidFinish(_ epoch: Recorder.Epoch) {}
}
