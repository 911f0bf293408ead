/// The losses of a fit.
///
/// Source: fastai's `Recorder`, `AvgSmoothLoss` and `AvgLoss`, `fastai/learner.py`. Averages are
/// taken in float32 where PyTorch takes them so, which decides the sixth decimal.
public struct Recorder: Sendable {
  /// One row of the table.
  public struct Epoch: Sendable, Equatable {
    /// Its number, from 0; of several that share a row, that of the last.
    public let number: Int
    /// Training loss, smoothed over the batches of the fit.
    public let trainLoss: Float
    /// Mean loss of the validation set; `nan` if it is empty.
    public let validLoss: Float
    /// How long it took, in seconds.
    public let seconds: Double
  }

  private static let beta = 0.98

  /// The epochs that came to their end, in order; one that was stopped is not among them.
  public private(set) var epochs: [Epoch] = []
  /// The loss of every training batch.
  public private(set) var losses: [Float] = []
  /// The learning rate of every training batch.
  public private(set) var learningRates: [Double] = []
  /// The momentum of every training batch.
  public private(set) var momenta: [Double] = []

  private var average: Float = 0
  private var remaining = 1.0

  /// The training loss, smoothed: an exponential average, debiased.
  public var smoothLoss: Float {
    losses.isEmpty ? .nan : average / Float(1 - remaining)
  }

  /// The smoothed training loss after every batch, as a picture of the fit shows it.
  public var smoothLosses: [Float] {
    var copy = Recorder()
    return losses.map { loss in
      copy.add(loss: loss, learningRate: 0, momentum: 0)
      return copy.smoothLoss
    }
  }

  /// Makes room for so many batches more.
  mutating func reserve(_ count: Int) {
    losses.reserveCapacity(losses.count + count)
    learningRates.reserveCapacity(learningRates.count + count)
    momenta.reserveCapacity(momenta.count + count)
  }

  mutating func add(loss: Float, learningRate: Double, momentum: Double) {
    losses.append(loss)
    learningRates.append(learningRate)
    momenta.append(momentum)
    average = average.addingProduct(-(average - loss), 1 - Float(Self.beta))
    remaining *= Self.beta
  }

  mutating func finishEpoch(number: Int, trainLoss: Float, validLoss: Float, seconds: Double) {
    epochs.append(
      Epoch(number: number, trainLoss: trainLoss, validLoss: validLoss, seconds: seconds))
  }
}

// MARK: - Keeping

extension Recorder {
  /// The rows of the table as numbers: the number, both losses and the seconds of each.
  package var epochNumbers: [Double] {
    epochs.flatMap {
      [Double($0.number), Double($0.trainLoss), Double($0.validLoss), $0.seconds]
    }
  }

  /// The losses of a fit that were kept; nil if they do not fit together.
  package init?(
    losses: some Collection<Float>, learningRates: some Collection<Double>,
    momenta: some Collection<Double>, epochNumbers numbers: some Collection<Double>
  ) {
    guard learningRates.count == losses.count, momenta.count == losses.count,
      numbers.count % 4 == 0
    else { return nil }
    self.init()
    for (loss, step) in zip(losses, zip(learningRates, momenta)) {
      add(loss: loss, learningRate: step.0, momentum: step.1)
    }
    let numbers = Array(numbers)
    for row in stride(from: 0, to: numbers.count, by: 4) {
      guard let number = Int(exactly: numbers[row]) else { return nil }
      finishEpoch(
        number: number, trainLoss: Float(numbers[row + 1]), validLoss: Float(numbers[row + 2]),
        seconds: numbers[row + 3])
    }
  }
}

/// A mean of batch losses weighted by batch size, in float32.
struct WeightedMean {
  private var total: Float = 0
  private var count = 0

  var value: Float { total / Float(count) }

  mutating func add(_ value: Float, weight: Int) {
    total += value * Float(weight)
    count += weight
  }
}
