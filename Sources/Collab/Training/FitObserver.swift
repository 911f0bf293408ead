import CollabTensors

/// Who is told how a fit goes on, and may stop it.
public protocol FitObserver: AnyObject {
  /// Called after each training batch; returns whether to go on.
  func batchDidFinish(_ progress: FitProgress) -> Bool
  /// Called after a part of an epoch that has no loss of its own; returns whether to go on.
  func partDidFinish(_ progress: FitProgress) -> Bool
  /// Called after each validation batch; returns whether to go on.
  func validationBatchDidFinish(_ progress: FitProgress) -> Bool
  /// Called when the table has a new row.
  func epochDidFinish(_ epoch: Recorder.Epoch)
  /// Called before the first batch of a fit that will take long, where that can be told.
  func fitWillTake(_ cost: FitCost)
  /// Whether an error that a model threw says that the user stopped it, so that the fit ends as one that was
  /// stopped, and keeps what it has learned.
  func isInterruption(_ error: any Error) -> Bool
}

extension FitObserver {
  /// Goes on, for observers that look at batches alone.
  public func partDidFinish(_ progress: FitProgress) -> Bool { true }
  /// Goes on, for observers that do not look at validation.
  public func validationBatchDidFinish(_ progress: FitProgress) -> Bool { true }
  /// Does nothing, for observers that say nothing of it.
  public func fitWillTake(_ cost: FitCost) {}
  /// Whether it is the one that operations on tensors throw, for models that have no errors of their own.
  public func isInterruption(_ error: any Error) -> Bool {
    error as? TensorError == .interrupted
  }
}

/// What a fit will take.
public struct FitCost: Sendable, Equatable {
  /// About how long it will be.
  public let seconds: Double
  /// How much memory it takes beside the model and the ratings.
  public let bytes: Int
}

/// How far a fit has come.
public struct FitProgress: Sendable {
  /// The epoch that is running, from 0.
  public let epoch: Int
  /// How many there will be.
  public let epochCount: Int
  /// Batches of this epoch that are done, of training or of validation.
  public let batch: Int
  /// How many it has.
  public let batchCount: Int
  /// The smoothed training loss.
  public let loss: Float
  /// How many epochs these batches are of, for trainers whose epochs share rows of the table.
  public var epochs = 1
}

/// How a fit ended.
public enum FitOutcome: Sendable, Equatable {
  /// All epochs ran.
  case finished
  /// It had patience, and the numbers of this epoch, the best one, are kept.
  case keptBest(epoch: Int)
  /// The observer stopped it; what was learned until then is kept.
  case stopped(epoch: Int, batch: Int)
}

extension FitOutcome {
  /// Whether it ended by itself.
  public var isComplete: Bool { if case .stopped = self { false } else { true } }
}

/// Why a fit failed.
public enum FitError: Error, Equatable {
  /// The loss became infinite or not a number. The learner is as it was before the fit.
  case lossNotFinite(loss: Float, epoch: Int, batch: Int, lastFinite: Float?)
  /// The model is trained without what was asked for.
  case notTaken(String, model: String)
  /// There are no ratings to learn from, as after loading a file that does not hold any.
  case nothingToLearnFrom
  /// The fit would take so many bytes beside the model and the ratings; so many are free.
  case noMemory(needed: Int, free: Int)
}

extension FitError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .lossNotFinite(let loss, let epoch, let batch, let lastFinite):
      "the loss became \(loss) at batch \(batch) of epoch \(epoch)"
        + (lastFinite.map { " (last finite value \($0))" } ?? "")
    case .nothingToLearnFrom: "the learner has no ratings to learn from"
    case .noMemory(let needed, let free):
      "the fit needs \(Self.text(needed)) of memory beside the model and the ratings, and "
        + "\(Self.text(free)) are free"
    case .notTaken(let setting, let model): "\(model) is trained without a \(setting)"
    }
  }

  private static func text(_ byteCount: Int) -> String {
    byteCount < 1 << 30
      ? "\((byteCount + 999_999) / 1_000_000) MB"
      : "\(byteCount / 1_000_000_000).\(byteCount / 100_000_000 % 10) GB"
  }
}
