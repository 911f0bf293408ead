import Tensors

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  /// As fastai prints it.
  var name: String { get }
  /// The parameters, in the order of the module.
  var parameters: [Parameter] { get }
  /// Decoupled weight decay. Stays for later fits.
  var weightDecay: Double { get set }
  /// Momentum. A schedule changes it, and it stays where the schedule ended.
  var momentum: Double { get set }
  /// Steps taken so far.
  var stepCount: Int { get }

  /// Moves every parameter once.
  func step(learningRate: Double)

  /// What it remembers at this moment, for `restore(_:)`.
  func snapshot() -> OptimizerState
  /// Goes back to what it remembered; the parameters stay as they are.
  func restore(_ state: OptimizerState)
}

/// What an optimiser remembers from step to step.
public struct OptimizerState {
  let moments: [[Float]]
  let stepCount: Int
  let weightDecay: Double
  let momentum: Double
}

extension Optimizer {
  /// Forgets all gradients.
  public func clearGradients() {
    for parameter in parameters { parameter.tensor.clearGradient() }
  }
}
