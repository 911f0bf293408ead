import CollabLearning

/// What always saying the mean would cost: a model that does worse has learned nothing of use.
public struct MeanBaseline: Sendable, Equatable {
  /// The mean of the ratings that are learned from.
  public let mean: Double
  /// The mean loss of the validation ratings if it is predicted for each.
  public let loss: Double
}

extension Learner {
  /// The loss of saying the mean of the training ratings; nil if no ratings are held out.
  public var meanBaseline: MeanBaseline? {
    let (training, validation) = (loaders.training.stars, loaders.validation.stars)
    guard !training.isEmpty, !validation.isEmpty else { return nil }
    let mean = training.reduce(0) { $0 + Double($1) } / Double(training.count)
    let isAbsolute = loss.name == Loss.meanAbsoluteError.name
    let sum = validation.reduce(0.0) { sum, stars in
      let error = Double(stars) - mean
      return sum + (isAbsolute ? abs(error) : error * error)
    }
    return MeanBaseline(mean: mean, loss: sum / Double(validation.count))
  }
}
