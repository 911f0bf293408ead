/// The three generators that a session draws from.
///
/// PyTorch splits the data and initialises the weights, Python's `random` orders the batches, and
/// numpy's draws them where they are drawn with replacement. They run on from one cell to the next,
/// so every operation takes exactly the draws that it takes in fastai.
public final class RandomStreams {
  /// Splits and weights.
  public var torch: TorchGenerator
  /// Batches drawn with replacement.
  public var numpy: NumpyGenerator
  /// Seeds of loaders, and through them the order of batches.
  public var python: PythonGenerator

  /// Seeds all three, as fastai's `set_seed(seed, reproducible=True)`.
  public init(seed: UInt32) {
    torch = TorchGenerator(seed: seed)
    numpy = NumpyGenerator(seed: seed)
    python = PythonGenerator(seed: UInt64(seed))
  }

  /// Seeds all three anew.
  public func seed(_ seed: UInt32) {
    restore(from: RandomStreams(seed: seed))
  }

  /// A copy that goes on independently.
  public func copy() -> RandomStreams {
    let copy = RandomStreams(seed: 0)
    copy.restore(from: self)
    return copy
  }

  /// Goes on from where `other` stands.
  public func restore(from other: RandomStreams) {
    (torch, numpy, python) = (other.torch, other.numpy, other.python)
  }
}
