import CollabLearning
import CollabTensors

/// An optimiser of one's own: steps along a running mean of the gradients' signs.
///
/// Whatever conforms to `Optimizer` can train: it moves the parameters by their gradients, and gives
/// back what it remembers, so that a fit that fails can be undone.
final class SignMomentum: Optimizer {
  let name = "SignMomentum"
  let parameters: [Parameter]
  var weightDecay = 0.0
  var momentum = 0.9
  private(set) var stepCount = 0
  private var means: [[Float]]

  init(_ parameters: [Parameter]) {
    self.parameters = parameters
    means = parameters.map { [Float](repeating: 0, count: $0.tensor.count) }
  }

  func step(learningRate: Double) {
    stepCount += 1
    let (rate, share) = (Float(learningRate), Float(momentum))
    for (place, parameter) in parameters.enumerated() {
      guard let gradient = parameter.tensor.gradient?.scalars(as: Float.self) else { continue }
      let decay = parameter.decays ? Float(1 - learningRate * weightDecay) : 1
      parameter.tensor.withElements(as: Float.self) { values in
        for n in values.indices {
          let sign: Float = gradient[n] > 0 ? 1 : gradient[n] < 0 ? -1 : 0
          means[place][n] = share * means[place][n] + (1 - share) * sign
          values[n] = values[n] * decay - rate * means[place][n]
        }
      }
    }
  }

  func snapshot() -> OptimizerState {
    OptimizerState(
      moments: means, stepCount: stepCount, weightDecay: weightDecay, momentum: momentum)
  }

  func restore(_ state: OptimizerState) {
    means = state.moments
    (stepCount, weightDecay, momentum) = (state.stepCount, state.weightDecay, state.momentum)
    clearGradients()
  }
}
