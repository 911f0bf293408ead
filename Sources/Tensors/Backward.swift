/// How a tensor was computed: what went in, and how a gradient of the result becomes gradients of
/// the operands.
final class Node {
  /// The operands that gradients go to.
  let inputs: [Tensor]
  /// Adds to the operands' gradients, given the gradient of the result.
  let backward: (Tensor) throws(TensorError) -> Void
  /// In how many later nodes of the graph being differentiated the result is still waiting for its
  /// gradient. Zero outside `Tensor.backward()`.
  var waiting = 0

  init(inputs: [Tensor], backward: @escaping (Tensor) throws(TensorError) -> Void) {
    self.inputs = inputs
    self.backward = backward
  }
}

/// Whether operations remember what went into them.
public enum GradientMode {
  @TaskLocal static var isRecording = true

  /// Runs `body` without remembering how its results were computed: PyTorch's `no_grad`.
  public static func withoutRecording<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isRecording.withValue(false, operation: body)
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
    if node == nil { requiresGradient = isRequired }
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

  /// Remembers how this result of an operation was computed, if anything that went in has
  /// gradients and recording is on.
  ///
  /// `backward` may keep operands and the result's memory, but not the result itself.
  @discardableResult
  package func recording(
    _ inputs: Tensor..., backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    recording(inputs, backward: backward)
  }

  /// As `recording(_:backward:)` with any number of operands.
  @discardableResult
  package func recording(
    _ inputs: [Tensor], backward: @escaping (Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard inputs.contains(where: \.requiresGradient), GradientMode.isRecording else { return self }
    node = Node(inputs: inputs.filter(\.requiresGradient), backward: backward)
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
    var ready = [self]
    while let tensor = ready.popLast() {
      guard let node = tensor.node, let gradient = tensor.denseGradient else { continue }
      tensor.denseGradient = nil
      try node.backward(gradient)
      for input in node.inputs {
        guard let inner = input.node else { continue }
        inner.waiting -= 1
        if inner.waiting == 0 { ready.append(input) }
      }
    }
  }

  private func countUses(from root: Node) {
    var stack = [root]
    while let node = stack.popLast() {
      for input in node.inputs {
        guard let inner = input.node else { continue }
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
    let gradient = try gradient.converted(to: .float32)
    guard let sum = denseGradient else {
      denseGradient = gradient
      return
    }
    let total = try Tensor(uninitialized: shape, .float32)
    let (a, b, c) = (sum.floats, gradient.floats, total.floats)
    for i in 0..<count { c[i] = a[i] + b[i] }
    denseGradient = total
  }
}
