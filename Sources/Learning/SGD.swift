import CollabTensors

/// Stochastic gradient descent with momentum and decoupled weight decay, as fastai's.
///
/// Source: `fastai/optimizer.py`, `SGD`.
public final class SGD: Optimizer {
  /// The parameters, in the order of the module.
  public let parameters: [Parameter]
  /// Decoupled weight decay: a step multiplies parameters that decay by 1 − rate × this.
  public var weightDecay: Double
  /// Decay of the summed gradient; 0 for none.
  public var momentum: Double
  /// Steps taken so far.
  public private(set) var stepCount = 0

  private var velocities: [[Float]]

  /// An optimiser that has taken no step.
  public init(_ parameters: [Parameter], momentum: Double = 0, weightDecay: Double = 0) {
    self.parameters = parameters
    self.momentum = momentum
    self.weightDecay = weightDecay
    velocities = parameters.map { [Float](repeating: 0, count: $0.tensor.count) }
  }

  /// What summaries call it: `SGD`.
  public var name: String { "SGD" }

  /// Moves every parameter once.
  public func step(learningRate: Double) {
    stepCount += 1
    let (rate, momentum) = (Float(learningRate), Float(momentum))
    for (i, parameter) in parameters.enumerated() {
      guard let gradient = parameter.tensor.gradient?.scalars(as: Float.self) else { continue }
      let decay = parameter.decays ? Float(1 - learningRate * weightDecay) : 1
      parameter.tensor.changeElements(as: Float.self) { values in
        for n in values.indices {
          velocities[i][n] = momentum * velocities[i][n] + gradient[n]
          values[n] = values[n] * decay - rate * velocities[i][n]
        }
      }
    }
  }

  /// What it remembers at this moment.
  public func snapshot() -> OptimizerState {
    OptimizerState(
      moments: velocities, stepCount: stepCount, weightDecay: weightDecay, momentum: momentum)
  }

  /// Goes back to what it remembered; the parameters stay as they are.
  public func restore(_ state: OptimizerState) {
    velocities = state.moments
    (stepCount, weightDecay, momentum) = (state.stepCount, state.weightDecay, state.momentum)
    clearGradients()
  }
}
