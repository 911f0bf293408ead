internal import CollabText

/// Why an operation on tensors cannot be done.
public enum TensorError: Error, Equatable {
  /// Two shapes that do not broadcast.
  case cannotBroadcast([Int], [Int])
  /// Two shapes whose inner sizes differ.
  case cannotMultiply([Int], [Int])
  /// Nested lists whose rows differ in length.
  case ragged
  /// A shape that the elements do not fill.
  case cannotReshape(from: [Int], to: [Int])
  /// Tensors that differ in a dimension that they must share.
  case cannotJoin([Int], [Int], dimension: Int)
  /// A dimension that the shape does not have.
  case noDimension(Int, shape: [Int])
  /// A row or element that is not there.
  case indexOutOfRange(Int, size: Int, dimension: Int)
  /// More elements than memory can hold.
  case tooLarge([Int])
  /// More bytes than there are.
  case noMemory(needed: Int, free: Int)
  /// A shape other than the one that the operation works on.
  case unexpectedShape([Int], expected: String)
  /// An element type other than the one that the operation works on.
  case unexpectedType(DType, expected: String)
  /// A number other than the ones that the operation works with.
  case unexpectedNumber(Double, expected: String)
  /// More subscripts than dimensions.
  case tooManySubscripts(Int, shape: [Int])
  /// A mask of another shape than what it is to pick from.
  case maskDoesNotFit([Int], shape: [Int])
  /// An operation that is undefined without elements, such as the largest one.
  case noElements(operation: String)
  /// `backward` through an operation, by PyTorch's name for its gradient, which needs elements that were
  /// changed in place after it.
  case changedInPlace(String)
  /// `backward` on something that no parameter went into.
  case noGradient
  /// Whoever waited for the operation wanted it to stop: see ``Interruption``.
  case interrupted
}

extension TensorError: CustomStringConvertible {
  /// A number of bytes as people say it: `3.6 GB`.
  private static func text(_ byteCount: Int) -> String {
    let (unit, name) =
      byteCount < 1_000_000
      ? (1000.0, "KB")
      : byteCount < 1_000_000_000 ? (1_000_000.0, "MB") : (1_000_000_000.0, "GB")
    return "\(fixed(Double(byteCount) / unit, 1)) \(name)"
  }

  /// A sentence for people.
  public var description: String {
    switch self {
    case .cannotBroadcast(let a, let b): "shapes \(a) and \(b) do not fit together"
    case .cannotMultiply(let a, let b):
      if let inner = a.last, let other = b.dropLast(b.count > 1 ? 1 : 0).last, inner != other {
        "cannot multiply \(a) by \(b): the inner sizes differ (\(inner) and \(other))"
      } else {
        "cannot multiply \(a) by \(b)"
      }
    case .ragged: "the rows differ in length"
    case .cannotReshape(let from, let to):
      "\(from.reduce(1, *)) elements of shape \(from) do not fill shape \(to)"
    case .cannotJoin(let a, let b, let dimension):
      "cannot join \(a) and \(b) along dimension \(dimension): the other sizes differ"
    case .noDimension(let dimension, let shape):
      "there is no dimension \(dimension) in shape \(shape)"
    case .indexOutOfRange(let index, let size, let dimension):
      "index \(index) is out of range for dimension \(dimension) of size \(size)"
    case .tooLarge(let shape) where shape.contains { $0 < 0 }:
      "sizes cannot be negative: \(shape)"
    case .tooLarge(let shape): "a tensor of shape \(shape) does not fit in memory"
    case .noMemory(let needed, let free):
      "this needs \(Self.text(needed)) of memory, and \(Self.text(free)) are free"
    case .unexpectedShape(let shape, let expected): "expected \(expected), got shape \(shape)"
    case .unexpectedType(let dtype, let expected): "expected \(expected), got \(dtype.rawValue)"
    case .unexpectedNumber(let number, let expected):
      "expected \(expected), got \(Int(exactly: number).map(String.init) ?? String(number))"
    case .tooManySubscripts(let count, let shape):
      "\(count) subscripts for \(shape.count) dimensions, those of shape \(shape)"
    case .maskDoesNotFit(let mask, let shape):
      "a mask of shape \(mask) does not pick from shape \(shape)"
    case .noElements(let operation): "there is no \(operation) of no elements"
    case .changedInPlace(let operation):
      "a tensor that \(operation) needs for its gradient was changed in place after it was used"
    case .interrupted: "interrupted"
    case .noGradient: "no parameter went into this value, so there is nothing to differentiate"
    }
  }
}
