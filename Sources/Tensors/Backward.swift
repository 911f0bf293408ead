import CKernels
import Synchronization

/// How a tensor was computed: what went in, and how a gradient of the result becomes gradients of
/// the operands.
final class Node {
  /// The operands that gradients go to: most operations have one or two, and no list is made.
  private let first: Tensor?
  private let second: Tensor?
  private let others: [Tensor]
  /// Whether `backward` can do with a gradient that has one element for each row of a matrix, where
  /// those of a row are equal.
  let takesRowSlopes: Bool
  /// Adds to the operands' gradients, given the gradient of the result.
  let backward: (Tensor) throws(TensorError) -> Void
  /// What PyTorch calls this operation's gradient, as in `MulBackward0`.
  var name: StaticString
  /// Later nodes of the graph being differentiated that have not sent their gradient yet.
  ///
  /// Zero outside `Tensor.backward()`.
  @exclusivity(unchecked)
  var waiting = 0

  init(
    _ first: Tensor?, _ second: Tensor?, _ others: [Tensor] = [], name: StaticString,
    takesRowSlopes: Bool = false, backward: @escaping (Tensor) throws(TensorError) -> Void
  ) {
    (self.first, self.second, self.others) = (first, second, others)
    self.name = name
    self.takesRowSlopes = takesRowSlopes
    self.backward = backward
  }

  /// Calls `body` with each operand that is itself a result.
  @inline(__always)
  func forEachResult(_ body: (Tensor, Node) -> Void) {
    if let first, let node = first.node { body(first, node) }
    if let second, let node = second.node { body(second, node) }
    for other in others {
      if let node = other.node { body(other, node) }
    }
  }
}

/// Whether operations remember what went into them.
public enum GradientMode {
  @TaskLocal private static var isRecordingHere = true
  /// How many bodies run without recording, in all tasks.
  ///
  /// Looking up a task's own value costs as much as a small operation, and as long as there are no
  /// such bodies it is true everywhere.
  private static let suspensions = Atomic<Int>(0)

  static var isRecording: Bool {
    suspensions.load(ordering: .relaxed) == 0 || isRecordingHere
  }

  /// Runs `body` without remembering how its results were computed: PyTorch's `no_grad`.
  public static func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
    suspensions.add(1, ordering: .relaxed)
    defer { suspensions.subtract(1, ordering: .relaxed) }
    return try $isRecordingHere.withValue(false, operation: body)
  }
}

// MARK: - Recording

extension Tensor {
  /// This tensor, from now on a leaf that gradients arrive at.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` unless the elements are `float32`.
  @discardableResult
  public func requiringGradient(_ isRequired: Bool = true) throws(TensorError) -> Tensor {
    guard dtype == .float32 || !isRequired else {
      throw .unexpectedType(dtype, expected: "a float32 tensor, which can have gradients")
    }
    if node == nil {
      requiresGradient = isRequired
      sharedMemory()
    }
    return self
  }

  /// This tensor as a parameter: a leaf that an optimiser trains.
  ///
  /// - Throws: ``TensorError/unexpectedType(_:expected:)`` unless the elements are `float32`.
  @discardableResult
  public func asParameter() throws(TensorError) -> Tensor {
    isParameter = true
    return try requiringGradient()
  }

  /// Whether this was not computed from something that has gradients.
  public var isLeaf: Bool { node == nil }

  /// The same elements, cut off from what they were computed from.
  public func detached() -> Tensor {
    Tensor(sharing: self, shape: shape)
  }

  /// What PyTorch calls the gradient of the operation that this is a result of, as in
  /// `MulBackward0`; nil for a leaf.
  public var gradientName: StaticString? { node?.name }

  /// This new result of several operations, which PyTorch knows as one.
  ///
  /// - Precondition: nothing else has this result.
  @discardableResult
  package func named(_ name: StaticString) -> Tensor {
    node?.name = name
    return self
  }

  /// Remembers how this result of an operation was computed, if anything that went in has
  /// gradients and recording is on.
  ///
  /// `backward` may keep operands and the result's memory, but not the result itself. `name` is
  /// PyTorch's for the gradient.
  @discardableResult
  package func recording(
    _ input: Tensor, as name: StaticString,
    backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard input.requiresGradient, GradientMode.isRecording else { return self }
    node = Node(input, nil, name: name, backward: backward)
    requiresGradient = true
    return self
  }

  /// As `recording(_:as:backward:)` with two operands.
  @discardableResult
  package func recording(
    _ a: Tensor, _ b: Tensor, as name: StaticString, takesRowSlopes: Bool = false,
    backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard a.requiresGradient || b.requiresGradient, GradientMode.isRecording else { return self }
    node = Node(a, b, name: name, takesRowSlopes: takesRowSlopes, backward: backward)
    requiresGradient = true
    return self
  }

  /// As `recording(_:as:backward:)` with three operands.
  @discardableResult
  package func recording(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, as name: StaticString,
    backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    recording([a, b, c], as: name, backward: backward)
  }

  /// As `recording(_:as:backward:)` with any number of operands.
  @discardableResult
  package func recording(
    _ inputs: [Tensor], as name: StaticString,
    backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard inputs.contains(where: \.requiresGradient), GradientMode.isRecording else { return self }
    node = Node(nil, nil, inputs.filter(\.requiresGradient), name: name, backward: backward)
    requiresGradient = true
    return self
  }
}

// MARK: - Differentiating

extension Tensor {
  /// The gradient that has arrived at this leaf, or nil.
  ///
  /// - Complexity: the size of the tensor where the gradient is kept by rows.
  public var gradient: Tensor? {
    guard let rows = rowGradient, !rows.isEmpty else { return denseGradient }
    guard let result = try? Tensor.zeros(shape) else { return nil }
    if let dense = denseGradient { result.floats.update(from: dense.floats, count: count) }
    rows.add(to: result.floats)
    return result
  }

  /// The gradient that has arrived at this leaf, in memory that no other gradient has: changing its
  /// elements changes what has arrived.
  public func ownGradient() throws(TensorError) -> Tensor? {
    guard let gradient else { return nil }
    if !(rowGradient?.isEmpty ?? true) {
      rowGradient?.clear()
      denseGradient = gradient
    } else {
      denseGradient = try gradient.copied()
    }
    return denseGradient
  }

  /// Replaces the gradient that has arrived at this leaf.
  ///
  /// - Throws: ``TensorError/unexpectedShape(_:expected:)`` unless it has the shape of this tensor.
  public func setGradient(_ gradient: Tensor?) throws(TensorError) {
    if let gradient, gradient.shape != shape {
      throw .unexpectedShape(gradient.shape, expected: "a gradient of shape \(shape)")
    }
    clearGradient()
    denseGradient = try gradient?.detached().converted(to: .float32)
  }

  /// Forgets the gradient.
  public func clearGradient() {
    denseGradient = nil
    rowGradient?.clear()
  }

  /// Adds the gradients of this number to every leaf that went into it.
  ///
  /// - Throws: ``TensorError/noGradient`` if none did,
  ///   ``TensorError/unexpectedShape(_:expected:)`` unless this is a single number.
  public func backward() throws(TensorError) {
    guard count == 1 else { throw .unexpectedShape(shape, expected: "one number to differentiate") }
    guard let root = node else {
      guard requiresGradient else { throw .noGradient }
      return try accumulate(Tensor(repeating: Float(1), shape: shape))
    }
    countUses(from: root)
    denseGradient = try Tensor(repeating: Float(1), shape: shape)
    var ready: [Tensor] = []
    ready.reserveCapacity(8)
    ready.append(self)
    while let tensor = ready.popLast() {
      guard let node = tensor.node, let gradient = tensor.denseGradient else { continue }
      tensor.denseGradient = nil
      try node.backward(gradient)
      node.forEachResult { input, inner in
        inner.waiting -= 1
        if inner.waiting == 0 { ready.append(input) }
      }
    }
  }

  private func countUses(from root: Node) {
    var stack: [Node] = []
    stack.reserveCapacity(8)
    stack.append(root)
    while let node = stack.popLast() {
      node.forEachResult { _, inner in
        inner.waiting += 1
        if inner.waiting == 1 { stack.append(inner) }
      }
    }
  }

  /// Adds `gradient` to what has arrived here so far.
  ///
  /// A gradient belongs to whoever receives it and is never changed, since several operands may
  /// have been given the same one. Gradients are floats, also those of doubles.
  package func accumulate(_ gradient: Tensor) throws(TensorError) {
    guard requiresGradient else { return }
    let gradient = gradient.dtype == .float32 ? gradient : try gradient.converted(to: .float32)
    guard let sum = try denseGradient?.repeatedRows(to: shape) else {
      denseGradient = gradient
      return
    }
    let total = try Tensor(uninitialized: shape, .float32)
    ck_binary(CK_ADD, total.floats, sum.floats, 1, gradient.floats, 1, Int64(count))
    denseGradient = total
  }

  /// Adds a gradient whose rows have equal elements, given one element for each row.
  func accumulate(rowSlopes: Tensor) throws(TensorError) {
    if denseGradient == nil, node?.takesRowSlopes == true, rowSlopes.count < count,
      rowSlopes.dtype == .float32
    {
      denseGradient = rowSlopes
    } else {
      try accumulate(rowSlopes.repeatedRows(to: shape))
    }
  }

  /// A gradient of this shape, each element repeated along its row where there is one a row.
  private func repeatedRows(to target: [Int]) throws(TensorError) -> Tensor {
    guard count < target.reduce(1, *) else { return self }
    return try Tensor(sharing: self, shape: Array(target.dropLast()) + [1]).repeated(to: target)
  }
}
