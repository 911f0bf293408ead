public import CollabLearning
import Glibc

/// How a model learns from ratings: what `fit` runs.
///
/// One that steps against gradients takes a rate; others solve for their numbers, or draw them.
public protocol Trainer: AnyObject {
  /// What a fit may be told.
  var settings: FitSettings { get }
  /// Passes over the ratings where none are asked for; nil if they must be.
  var usualEpochs: Int? { get }
  /// The optimiser of a trainer that has one and was used.
  var optimizer: (any Optimizer)? { get }
  /// What it is and what was chosen, in a line.
  var summary: String { get }

  /// How many bytes a fit takes beside the model and the ratings, by formula.
  func memory(for learner: Learner) -> Int

  /// Trains until the run is at its end, or does not want to go on.
  ///
  /// - Throws: ``FitError/lossNotFinite(loss:epoch:batch:lastFinite:)``, and what the model throws.
  func fit(_ plan: FitPlan, _ run: FitRun) throws -> FitOutcome

  /// What it remembers from fit to fit, beside the model's own numbers; it goes back to that when
  /// the result is called.
  func checkpoint() -> () -> Void
}

extension Trainer {
  /// None, for trainers that do not follow gradients.
  public var optimizer: (any Optimizer)? { nil }

  /// None that is worth a word.
  public func memory(for learner: Learner) -> Int { 0 }
}

/// What a fit may be told.
public struct FitSettings: OptionSet, Sendable {
  /// A bit for each setting.
  public let rawValue: Int

  /// The settings whose bits are set.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// A learning rate, and how it changes.
  public static let learningRate = FitSettings(rawValue: 1)
  /// How much parameters are drawn to zero: decoupled weight decay, not a term of the loss.
  public static let weightDecay = FitSettings(rawValue: 2)
  /// When rows without a gradient move.
  public static let rowUpdate = FitSettings(rawValue: 4)
  /// How often to go through the training ratings: more often than once.
  public static let epochs = FitSettings(rawValue: 8)
  /// A penalty that comes down.
  public static let annealing = FitSettings(rawValue: 16)
}

/// What was asked of a fit.
public struct FitPlan: Sendable {
  /// How often to go through the training ratings.
  public var epochs: Int
  /// Rates and momenta of the steps, for what takes a learning rate.
  public var schedule: Schedule?
  /// Stays for later fits; nil leaves it as it is, at first 0.01.
  public var weightDecay: Double?
  /// When rows without a gradient move; stays for later fits; nil leaves it as it is, at first lazy.
  public var rowUpdate: RowUpdate?

  /// After how many epochs without a smaller validation loss it ends, with the numbers of the best epoch;
  /// nil to go through all, and keep the last.
  public var patience: Int?
  /// How many times its penalty the first epoch has, for what solves with one.
  ///
  /// It comes down to the penalty in the last, by the same factor from each epoch to the next; 1 leaves it
  /// as it is.
  ///
  /// Factors that explain noise shrink away while the penalty is strong, and stay small; the others are
  /// then drawn to zero less. Source: the warm starts of Mazumder, Hastie and Tibshirani, "Spectral
  /// Regularization Algorithms for Learning Large Incomplete Matrices" (2010), section 3.
  public var annealing = 1.0

  /// A plan of so many epochs.
  public init(
    epochs: Int, _ schedule: Schedule? = nil, weightDecay: Double? = nil,
    rowUpdate: RowUpdate? = nil, patience: Int? = nil, annealing: Double = 1
  ) {
    (self.patience, self.annealing) = (patience, annealing)
    (self.epochs, self.schedule) = (epochs, schedule)
    (self.weightDecay, self.rowUpdate) = (weightDecay, rowUpdate)
  }

  /// How many times its penalty an epoch has, counted from zero: what a fit of those that are left would
  /// have to begin with.
  public func annealing(of epoch: Int) -> Double {
    guard epochs > 1 else { return 1 }
    return pow(annealing, Double(epochs - 1 - epoch) / Double(epochs - 1))
  }
}
