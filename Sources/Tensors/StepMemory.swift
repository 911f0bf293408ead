import CollabThreading

/// The tensors of a training step, which the step after it is given again.
///
/// Steps of a fit ask for tensors of the same shapes in the same order. While one runs, each tensor
/// that an operation makes is kept; the next step gets the same object at the same place of the
/// order, unless someone still has it or another shape is asked for. So a step makes no tensors but
/// those that outlive it.
///
///     let memory = StepMemory()
///     for batch in batches {
///       try memory.run { try step(batch) }
///     }
package final class StepMemory {
  private struct Slot {
    /// Nil only while it is taken out to be used, so that no reference to it need be counted.
    var tensor: Tensor?
    /// Whether it shows elements of another tensor.
    let isView: Bool

    /// Calls `body` with the tensor, unless someone else has it too.
    @inline(__always)
    mutating func withOwnTensor(_ body: (Tensor) -> Void) {
      guard isKnownUniquelyReferenced(&tensor), let taken = tensor.take() else { return }
      body(taken)
      tensor = consume taken
    }
  }

  /// What this thread's operations make their results of, if it is within a step.
  fileprivate static let current = ThreadLocal<StepMemory>()

  /// Whether this thread is within a step.
  static var isInUse: Bool { current.value != nil }

  @exclusivity(unchecked)
  private var slots: [Slot] = []
  /// The place of the tensor that is asked for next.
  @exclusivity(unchecked)
  private var next = 0

  /// No tensors yet.
  package init() {}

  /// Runs a step, whose operations get the tensors of the step before.
  package func run<Result>(_ step: () throws -> Result) rethrows -> Result {
    let outer = Self.current.value
    Self.current.value = .passUnretained(self)
    next = 0
    defer {
      Self.current.value = outer
      forgetGraph()
    }
    return try step()
  }

  /// Cuts the step's tensors off from each other, but for those that someone still has.
  private func forgetGraph() {
    slots.withUnsafeMutableBufferPointer { slots in
      // What a tensor was computed from was made before it, but for views of its own elements.
      for place in slots.indices.reversed() {
        slots[place].withOwnTensor { $0.forgetOrigin() }
      }
      for place in slots.indices where slots[place].isView {
        slots[place].withOwnTensor { $0.showNothing() }
      }
    }
  }

  /// The tensor of this place, if it has the right shape and nobody else has it or its memory.
  @inline(__always)
  fileprivate func reused(_ dtype: DType, isView: Bool, where fits: ([Int]) -> Bool) -> Tensor? {
    guard next < slots.count, slots[next].isView == isView else { return nil }
    var reused: Tensor?
    slots[next].withOwnTensor { tensor in
      guard tensor.dtype == dtype, fits(tensor.shape), isView || tensor.hasStorageAlone else {
        return
      }
      tensor.forgetOrigin()
      reused = tensor
    }
    if reused != nil { next += 1 }
    return reused
  }

  /// Keeps a new tensor at this place of the order.
  fileprivate func keep(_ tensor: Tensor, isView: Bool) {
    let slot = Slot(tensor: tensor, isView: isView)
    if next < slots.count { slots[next] = slot } else { slots.append(slot) }
    next += 1
  }
}

// MARK: - Results of operations

extension Tensor {
  /// A tensor for the result of an operation, whose elements are not set yet.
  package static func unset(
    _ shape: [Int], _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    try unset(dtype, shape) { $0 == shape }
  }

  /// As `unset(_:_:)`, for a vector: no list of sizes is made if there is one.
  package static func unset(
    _ count: Int, _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    try unset(dtype, [count]) { $0.count == 1 && $0[0] == count }
  }

  /// As `unset(_:_:)`, for a matrix: no list of sizes is made if there is one.
  package static func unset(
    _ rows: Int, _ columns: Int, _ dtype: DType = .float32
  ) throws(TensorError) -> Tensor {
    try unset(dtype, [rows, columns]) { $0.count == 2 && $0[0] == rows && $0[1] == columns }
  }

  @inline(__always)
  private static func unset(
    _ dtype: DType, _ shape: @autoclosure () -> [Int], where fits: ([Int]) -> Bool
  ) throws(TensorError) -> Tensor {
    guard let memory = StepMemory.current.value else {
      return try Tensor(uninitialized: shape(), dtype)
    }
    let reused = memory._withUnsafeGuaranteedRef {
      $0.reused(dtype, isView: false, where: fits)
    }
    if let reused { return reused }
    let tensor = try Tensor(uninitialized: shape(), dtype)
    memory._withUnsafeGuaranteedRef { $0.keep(tensor, isView: false) }
    return tensor
  }

  /// The elements of this tensor under another shape; records nothing.
  ///
  /// - Precondition: the shape has as many elements.
  func shown(as shape: [Int]) -> Tensor {
    shown(as: shape) { $0 == shape }
  }

  /// The elements of this tensor as a vector; records nothing.
  func shownAsVector() -> Tensor {
    shown(as: [count]) { $0.count == 1 && $0[0] == count }
  }

  @inline(__always)
  private func shown(as shape: @autoclosure () -> [Int], where fits: ([Int]) -> Bool) -> Tensor {
    guard let memory = StepMemory.current.value else {
      return Tensor(sharing: self, shape: shape())
    }
    let reused = memory._withUnsafeGuaranteedRef {
      $0.reused(dtype, isView: true, where: fits)
    }
    if let reused {
      reused.show(self)
      return reused
    }
    let view = Tensor(sharing: self, shape: shape())
    memory._withUnsafeGuaranteedRef { $0.keep(view, isView: true) }
    return view
  }
}
