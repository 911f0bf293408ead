import CollabTensors
public import CollabThreading

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  /// As fastai prints it.
  var name: String { get }
  /// The name with what was chosen, in a line.
  var summary: String { get }
  /// The parameters, in the order of the module.
  var parameters: [Parameter] { get }
  /// Decoupled weight decay. Stays for later fits.
  var weightDecay: Double { get set }
  /// Momentum. A schedule changes it, and it stays where the schedule ended.
  var momentum: Double { get set }
  /// Steps taken so far.
  var stepCount: Int { get }
  /// When rows without a gradient move, for those that can choose. Stays for later fits.
  var rowUpdate: RowUpdate { get set }
  /// How many threads a step may use.
  var threads: Threads { get set }

  /// Moves every parameter once.
  func step(learningRate: Double)

  /// What it remembers at this moment, for `restore(_:)`.
  func snapshot() -> OptimizerState
  /// Goes back to what it remembered; the parameters stay as they are.
  func restore(_ state: OptimizerState)
}

/// When rows without a gradient follow their momentum.
public enum RowUpdate: String, Sendable, CaseIterable {
  /// When they are next needed. A step costs as much as the batch is large.
  case lazy
  /// At every step, as in fastai. A step costs as much as the tables are large.
  case dense
}

/// What an optimiser remembers from step to step.
public struct OptimizerState: Sendable {
  /// Averages that belong to each parameter, in an order of the optimiser's own.
  public let moments: [[Float]]
  /// Steps taken so far.
  public let stepCount: Int
  /// Decoupled weight decay: a step multiplies parameters that decay by 1 − rate × this.
  public let weightDecay: Double
  /// How much of its running average or sum of gradients a step keeps, from 0 to 1.
  public let momentum: Double

  /// A state made of its parts.
  public init(moments: [[Float]], stepCount: Int, weightDecay: Double, momentum: Double) {
    (self.moments, self.stepCount) = (moments, stepCount)
    (self.weightDecay, self.momentum) = (weightDecay, momentum)
  }
}

extension Optimizer {
  /// Name, momentum and weight decay.
  public var summary: String { "\(name) (mom \(momentum), wd \(weightDecay))" }
  /// Dense, whatever is asked for.
  public var rowUpdate: RowUpdate {
    get { .dense }
    set {}
  }
  /// One, whatever is asked for.
  public var threads: Threads {
    get { .one }
    set {}
  }

  /// Forgets the gradients of all parameters, as must be done before the next `backward()`.
  public func clearGradients() {
    for parameter in parameters { parameter.tensor.clearGradient() }
  }
}
