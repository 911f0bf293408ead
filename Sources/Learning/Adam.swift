import CKernels
import Glibc
import Tensors

/// Adam with decoupled weight decay, as fastai's.
///
/// Every parameter moves at every step, whether a gradient reached it or not: rows that are not in
/// the batch decay and follow their momentum.
///
/// Source: Kingma and Ba (2015), algorithm 1; Loshchilov and Hutter (2019) for the decay;
/// `fastai/optimizer.py`. The debiasing uses the momentum of the step alone, as fastai does.
public final class Adam: Optimizer {
  private static let squareMomentum = 0.99
  private static let epsilon = 1e-5

  /// The parameters, in the order of the module.
  public let parameters: [Parameter]
  /// Decoupled weight decay.
  public var weightDecay: Double
  /// Decay of the average gradient.
  public var momentum = 0.9
  /// Steps taken so far.
  public private(set) var stepCount = 0

  private var moments: [Moments]

  /// An optimiser that has taken no step.
  public init(_ parameters: [Parameter], weightDecay: Double = 0.01) {
    self.parameters = parameters
    self.weightDecay = weightDecay
    moments = parameters.map { Moments(count: $0.tensor.count) }
  }

  /// `Adam`.
  public var name: String { "Adam" }

  /// Moves every parameter once.
  public func step(learningRate: Double) {
    stepCount += 1
    for (parameter, moments) in zip(parameters, moments) {
      var step = arithmetic(learningRate, decays: parameter.decays)
      moments.update(parameter.tensor, &step)
    }
  }

  private func arithmetic(_ learningRate: Double, decays: Bool) -> ck_adam_step {
    func debiasing(_ beta: Double) -> Double {
      (1 - beta) * (1 - pow(beta, Double(stepCount))) / (1 - beta)
    }
    return ck_adam_step(
      decay: decays && weightDecay != 0 ? Float(1 - learningRate * weightDecay) : 1,
      beta1: Float(momentum), one_beta1: Float(1 - momentum),
      beta2: Float(Self.squareMomentum), one_beta2: Float(1 - Self.squareMomentum),
      step: Float(-learningRate / debiasing(momentum)),
      debias2: Float(debiasing(Self.squareMomentum)), epsilon: Float(Self.epsilon))
  }
}

// MARK: - Going back

extension Adam {
  /// What it remembers at this moment.
  public func snapshot() -> OptimizerState {
    OptimizerState(
      moments: moments.flatMap { [$0.average, $0.squares] },
      stepCount: stepCount, weightDecay: weightDecay, momentum: momentum)
  }

  /// Goes back to what it remembered; the parameters stay as they are.
  public func restore(_ state: OptimizerState) {
    for (i, moments) in moments.enumerated() {
      moments.average = state.moments[2 * i]
      moments.squares = state.moments[2 * i + 1]
    }
    (stepCount, weightDecay, momentum) = (state.stepCount, state.weightDecay, state.momentum)
    clearGradients()
  }
}

/// Running averages of the gradient of one parameter and of its square.
private final class Moments {
  var average: [Float]
  var squares: [Float]

  init(count: Int) {
    average = [Float](repeating: 0, count: count)
    squares = average
  }

  /// One step. Rows without a gradient are moved a stretch at a time.
  func update(_ tensor: Tensor, _ step: inout ck_adam_step) {
    average.withUnsafeMutableBufferPointer { average in
      squares.withUnsafeMutableBufferPointer { squares in
        tensor.withElements(as: Float.self) { values in
          guard let p = values.baseAddress, let m = average.baseAddress,
            let v = squares.baseAddress
          else { return }
          func move(_ start: Int, _ count: Int, _ gradient: UnsafePointer<Float>?) {
            ck_adam(p + start, m + start, v + start, gradient, Int64(count), &step)
          }
          guard let rows = tensor.rowGradient, tensor.hasOnlyRowGradient else {
            guard let gradient = tensor.gradient else { return }
            gradient.withElements(as: Float.self) { move(0, values.count, $0.baseAddress) }
            return
          }
          rows.values.withUnsafeBufferPointer { gradients in
            var next = 0
            for (row, slot) in rows.slotsByRow() {
              let start = row * rows.width
              move(next, start - next, nil)
              move(start, rows.width, gradients.baseAddress.map { $0 + slot * rows.width })
              next = start + rows.width
            }
            move(next, values.count - next, nil)
          }
        }
      }
    }
  }
}
