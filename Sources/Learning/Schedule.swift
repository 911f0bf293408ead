import Glibc

/// The learning rate and momentum of each step of a fit.
public enum Schedule: Sendable, Equatable {
  /// One cycle: the rate rises to `maximum` in the first quarter and falls to almost nothing in the
  /// rest, while the momentum does the opposite.
  ///
  /// Source: Smith (2018); fastai's `fit_one_cycle`, `fastai/callback/schedule.py`.
  case oneCycle(maximum: Double)
  /// A constant rate; the momentum stays as it is. fastai's `fit`.
  case flat(Double)

  private static let warmUp: Float = 0.25
  private static let startDivisor = 25.0
  private static let endDivisor = 1e5
  private static let momenta = (0.95, 0.85, 0.95)

  /// The rate at a position of the fit from 0 to 1.
  public func learningRate(at position: Double) -> Double {
    switch self {
    case .flat(let rate): rate
    case .oneCycle(let maximum):
      Self.cosine(maximum / Self.startDivisor, maximum, maximum / Self.endDivisor, at: position)
    }
  }

  /// The momentum at a position of the fit, or nil to leave it.
  public func momentum(at position: Double) -> Double? {
    guard case .oneCycle = self else { return nil }
    return Self.cosine(Self.momenta.0, Self.momenta.1, Self.momenta.2, at: position)
  }

  /// Half a cosine from `start` to `middle`, and another to `end`.
  ///
  /// The position is rounded to float first, as fastai's is: rates carry that noise.
  private static func cosine(
    _ start: Double, _ middle: Double, _ end: Double, at position: Double
  ) -> Double {
    let position = Float(position)
    if position < warmUp { return anneal(start, middle, Double(position / warmUp)) }
    return anneal(middle, end, Double((position - warmUp) / (1 - warmUp)))
  }

  private static func anneal(_ start: Double, _ end: Double, _ share: Double) -> Double {
    start + (1 + cos(Double.pi * (1 - share))) * (end - start) / 2
  }
}
