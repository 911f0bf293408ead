import CCollabKernels
import Glibc
public import CollabTensors
public import CollabThreading

/// Adam with decoupled weight decay, as fastai's.
///
/// Every parameter that has a gradient moves at every step as a whole: rows that are not in the
/// batch decay and follow their momentum. How they do so can be chosen: at once, or when they are
/// next needed, which gives the same numbers to within rounding. Properties are not checked for
/// exclusive access: a step would check a dozen times.
///
/// Source: Kingma and Ba (2015), algorithm 1; Loshchilov and Hutter (2019) for the decay;
/// `fastai/optimizer.py`. The debiasing uses the momentum of the step alone, as fastai does.
public final class Adam: Optimizer {
  private static let squareMomentum = 0.99
  private static let epsilon = 1e-5
  /// Steps that decay by more move all rows at once.
  private static let largestDecay: Float = 0.1

  /// The parameters, in the order of the module.
  public let parameters: [Parameter]
  /// Decoupled weight decay.
  @exclusivity(unchecked)
  public var weightDecay: Double
  /// Decay of the average gradient.
  @exclusivity(unchecked)
  public var momentum = 0.9
  /// Steps taken so far.
  @exclusivity(unchecked)
  public private(set) var stepCount = 0

  /// When rows without a gradient follow their momentum.
  ///
  /// May change between steps.
  @exclusivity(unchecked)
  public var rowUpdate: RowUpdate

  /// How many threads large batches may use.
  public var threads = Threads.one {
    didSet { for moments in moments { moments.threads = threads } }
  }

  private let moments: [Moments]
  /// Steps that rows of parameters owe, with weight decay and without.
  @exclusivity(unchecked)
  private var histories: (decaying: RowHistory?, other: RowHistory?)

  /// An optimiser that has taken no step.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  public init(
    _ parameters: [Parameter], weightDecay: Double = 0.01, rowUpdate: RowUpdate = .lazy
  ) throws(TensorError) {
    self.parameters = parameters
    self.weightDecay = weightDecay
    self.rowUpdate = rowUpdate
    moments = try parameters.map { parameter throws(TensorError) in
      try Moments(for: parameter)
    }
  }

  deinit {
    // Rows that are due hold on to their moments, which hold on to the tensor.
    for moments in moments { moments.tensor.settle() }
  }

  /// What summaries call it: `Adam`.
  public var name: String { "Adam" }

  /// fastai's settings, which a schedule starts from, and the weight decay.
  public var summary: String { "Adam (mom 0.9, sqr_mom 0.99, eps 1e-05, wd \(weightDecay))" }

  /// Moves every parameter once.
  public func step(learningRate: Double) {
    stepCount += 1
    let other = arithmetic(learningRate)
    var decaying = other
    if weightDecay != 0 { decaying.decay = Float(1 - learningRate * weightDecay) }
    let steps = (decaying: decaying, other: other)
    let update = isRememberable(decaying) ? rowUpdate : .dense
    // What rows owe up to now is paid before the new step is remembered.
    for moments in moments {
      if moments.prepare(update), moments.history == nil {
        moments.follow(history(decays: moments.decays))
      }
    }
    remember(steps.decaying, in: histories.decaying)
    remember(steps.other, in: histories.other)
    for moments in moments { moments.update(moments.decays ? steps.decaying : steps.other) }
  }

  /// Whether rows can owe a step: where decay takes more than momentum does, what they owe is not a
  /// sum that dies out.
  private func isRememberable(_ step: ck_adam_step) -> Bool {
    abs(step.decay - 1) < Self.largestDecay
  }

  private func history(decays: Bool) -> RowHistory {
    if let history = decays ? histories.decaying : histories.other { return history }
    let history = RowHistory(
      after: stepCount - 1, squareMomentum: Self.squareMomentum, epsilon: Float(Self.epsilon))
    if decays { histories.decaying = history } else { histories.other = history }
    return history
  }

  private func remember(_ step: ck_adam_step, in history: RowHistory?) {
    guard let history else { return }
    guard isRememberable(step) else { return history.restart(after: stepCount) }
    if history.isFull {
      for moments in moments where moments.history === history { moments.tensor.settle() }
      history.restart(after: stepCount - 1)
    }
    history.add(step)
  }

  /// A step without weight decay.
  private func arithmetic(_ learningRate: Double) -> ck_adam_step {
    func debiasing(_ beta: Double) -> Double {
      (1 - beta) * (1 - pow(beta, Double(stepCount))) / (1 - beta)
    }
    return ck_adam_step(
      decay: 1, beta1: Float(momentum), one_beta1: Float(1 - momentum),
      beta2: Float(Self.squareMomentum), one_beta2: Float(1 - Self.squareMomentum),
      step: Float(-learningRate / debiasing(momentum)),
      debias2: Float(debiasing(Self.squareMomentum)), epsilon: Float(Self.epsilon))
  }
}

// MARK: - Going back

extension Adam {
  /// What it remembers at this moment.
  public func snapshot() -> OptimizerState {
    for moments in moments { moments.tensor.settle() }
    return OptimizerState(
      moments: moments.flatMap { [Array($0.average), Array($0.squares)] },
      stepCount: stepCount, weightDecay: weightDecay, momentum: momentum)
  }

  /// Goes back to what it remembered; the parameters stay as they are.
  public func restore(_ state: OptimizerState) {
    for (i, moments) in moments.enumerated() {
      moments.tensor.settle()
      moments.set(average: state.moments[2 * i], squares: state.moments[2 * i + 1])
    }
    histories = (nil, nil)
    (stepCount, weightDecay, momentum) = (state.stepCount, state.weightDecay, state.momentum)
    clearGradients()
  }
}
