import CCollabKernels
import Synchronization

/// How a tensor was computed: what went in, and how a gradient of the result becomes gradients of
/// the operands.
///
/// It lies within the tensor, and is no object of its own. It is never copied, so that sending a gradient
/// back takes no references to what it holds.
package struct Node: ~Copyable {
  /// The operands, and what adds to their gradients, given them and the gradient of the result.
  ///
  /// What needs nothing but operands is a plain function; what captures something else is allocated.
  enum Backward: ~Copyable {
    case ofOne(Tensor, (Tensor, _ gradient: Tensor) throws(TensorError) -> Void)
    case ofTwo(Tensor, Tensor, (Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void)
    case ofThree(
      Tensor, Tensor, Tensor,
      (Tensor, Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void)
    case ofFour(
      Tensor, Tensor, Tensor, Tensor,
      (Tensor, Tensor, Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void)
    case ofMany([Tensor], ([Tensor], _ gradient: Tensor) throws(TensorError) -> Void)
    /// Rows of a table, at some positions.
    case ofRows(Tensor, Tensor)
  }

  /// Operands whose elements `backward` needs, and not their shapes alone.
  ///
  /// When these were changed in place after the operation, their gradient would be wrong, and a position
  /// might be that of no element.
  package struct Needed: OptionSet {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let first = Needed(rawValue: 1)
    package static let second = Needed(rawValue: 2)
    package static let third = Needed(rawValue: 4)
    package static let fourth = Needed(rawValue: 8)
    package static let all = Needed(rawValue: 15)
    // Written as numbers: a step makes no lists.
    package static let firstTwo = Needed(rawValue: 3)
    package static let allButThird = Needed(rawValue: 11)
  }

  let backward: Backward
  /// What must not have changed when gradients are sent back.
  private let needed: Needed
  /// The sum of the versions of those: versions only grow, so it is the same as long as each of them is.
  private let versions: Int
  /// What PyTorch calls this operation's gradient, as in `MulBackward0`.
  var name: StaticString
  /// Whether `backward` can do with a gradient that has one element for each row of a matrix, where
  /// those of a row are equal.
  let takesRowSlopes: Bool

  init(
    _ backward: consuming Backward, needing needed: Needed, named name: StaticString,
    takesRowSlopes: Bool = false
  ) {
    versions = backward.versions(of: needed)
    self.backward = backward
    self.needed = needed
    (self.name, self.takesRowSlopes) = (name, takesRowSlopes)
  }

  /// - Throws: ``TensorError/changedInPlace(_:)`` if the elements that the gradient needs are no longer
  ///   those that the operation had.
  func requireUnchanged() throws(TensorError) {
    guard needed.isEmpty || backward.versions(of: needed) == versions else {
      throw .changedInPlace("\(name)")
    }
  }
}

// MARK: - Letting go

extension Node {
  /// Results of fewer operations one after the other let go of each other.
  static let deepestRecursion = 200

  /// Lets go of operands, and of what they alone were computed from, one by one.
  static func letGo(_ node: consuming Node) {
    var pending = node.backward.operands
    _ = consume node
    while var tensor = pending.popLast() {
      guard tensor.level > 0, isKnownUniquelyReferenced(&tensor) else { continue }
      if let node = tensor.node.take() { pending += node.backward.operands }
      tensor.level = 0
    }
  }
}

extension Node.Backward {
  fileprivate var operands: [Tensor] {
    switch self {
    case .ofOne(let a, _): [a]
    case .ofTwo(let a, let b, _): [a, b]
    case .ofThree(let a, let b, let c, _): [a, b, c]
    case .ofFour(let a, let b, let c, let d, _): [a, b, c, d]
    case .ofMany(let operands, _): operands
    case .ofRows(let table, let positions): [table, positions]
    }
  }
}

extension Node.Backward {
  /// The sum of the versions of some of the operands.
  @inline(__always)
  fileprivate func versions(of needed: Node.Needed) -> Int {
    @inline(__always) func version(_ operand: Tensor, _ place: Node.Needed) -> Int {
      needed.contains(place) ? operand.version : 0
    }
    return switch self {
    case .ofOne(let a, _): version(a, .first)
    case .ofTwo(let a, let b, _): version(a, .first) &+ version(b, .second)
    case .ofRows(let table, let positions):
      version(table, .first) &+ version(positions, .second)
    case .ofThree(let a, let b, let c, _):
      version(a, .first) &+ version(b, .second) &+ version(c, .third)
    case .ofFour(let a, let b, let c, let d, _):
      version(a, .first) &+ version(b, .second) &+ version(c, .third) &+ version(d, .fourth)
    case .ofMany: 0
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

  /// Whether operations remember how their results were computed.
  package static var isRecording: Bool {
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
    shown(as: shape)
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
  /// `backward` is given the operand and a gradient of the result, and may keep the result's memory,
  /// but not the result itself. It is refused if operands whose elements it is `needing` were changed in
  /// place meanwhile; of others it may use the shape alone. `name` is PyTorch's for the gradient.
  @discardableResult
  package func recording(
    _ operand: Tensor, as name: StaticString, needing needed: Node.Needed = .all,
    backward: @escaping (Tensor, _ gradient: Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard operand.requiresGradient else { return self }
    return recording(
      Node(.ofOne(operand, backward), needing: needed, named: name), above: operand.level)
  }

  /// As `recording(_:as:needing:backward:)` with two operands, or with something else that `backward` needs
  /// as the second.
  @discardableResult
  package func recording(
    _ a: Tensor, _ b: Tensor, as name: StaticString, needing needed: Node.Needed = .all,
    takesRowSlopes: Bool = false,
    backward: @escaping (Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard a.requiresGradient || b.requiresGradient else { return self }
    return recording(
      Node(
        .ofTwo(a, b, backward), needing: needed, named: name, takesRowSlopes: takesRowSlopes),
      above: max(a.level, b.level))
  }

  /// As `recording(_:_:as:needing:takesRowSlopes:backward:)` with three operands.
  @discardableResult
  package func recording(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, as name: StaticString,
    needing needed: Node.Needed = .all,
    backward: @escaping (Tensor, Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard a.requiresGradient || b.requiresGradient || c.requiresGradient else { return self }
    return recording(
      Node(.ofThree(a, b, c, backward), needing: needed, named: name),
      above: max(a.level, b.level, c.level))
  }

  /// As `recording(_:_:as:needing:takesRowSlopes:backward:)` with four operands.
  @discardableResult
  package func recording(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ d: Tensor, as name: StaticString,
    needing needed: Node.Needed = .all,
    backward:
      @escaping (Tensor, Tensor, Tensor, Tensor, _ gradient: Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard
      a.requiresGradient || b.requiresGradient || c.requiresGradient || d.requiresGradient
    else { return self }
    return recording(
      Node(.ofFour(a, b, c, d, backward), needing: needed, named: name),
      above: max(a.level, b.level, max(c.level, d.level)))
  }

  /// As `recording(_:as:needing:backward:)` with any number of operands, of which `backward` uses the
  /// shapes alone.
  @discardableResult
  package func recording(
    _ operands: [Tensor], as name: StaticString,
    backward: @escaping ([Tensor], _ gradient: Tensor) throws(TensorError) -> Void
  ) -> Tensor {
    guard operands.contains(where: \.requiresGradient) else { return self }
    return recording(
      Node(.ofMany(operands, backward), needing: [], named: name),
      above: operands.reduce(0) { max($0, $1.level) })
  }

  /// Remembers that these are the rows of a table at some positions, if the table has gradients and
  /// recording is on.
  func recording(rowsOf table: Tensor, at positions: Tensor) -> Tensor {
    guard table.requiresGradient else { return self }
    return recording(
      Node(.ofRows(table, positions), needing: .second, named: "IndexBackward0"),
      above: table.level)
  }

  @inline(__always)
  private func recording(_ node: @autoclosure () -> Node, above level: Int) -> Tensor {
    guard GradientMode.isRecording else { return self }
    self.node = node()
    self.level = level + 1
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
  ///   ``TensorError/unexpectedShape(_:expected:)`` unless this is a single number,
  ///   ``TensorError/changedInPlace(_:)`` if elements that a gradient needs were changed after their use.
  public func backward() throws(TensorError) {
    guard count == 1 else { throw .unexpectedShape(shape, expected: "one number to differentiate") }
    guard node != nil else {
      guard requiresGradient else { throw .noGradient }
      return try accumulate(Tensor.filled(shape, with: 1))
    }
    denseGradient = try Tensor.filled(shape, with: 1)
    var queue: Tensor? = self
    defer { while queue != nil { queue?.leave(&queue).denseGradient = nil } }
    while let tensor = queue?.leave(&queue) {
      guard let gradient = tensor.denseGradient.take() else { continue }
      try tensor.node?.requireUnchanged()
      try tensor.node?.backward.send(gradient, &queue)
    }
  }

  /// Joins those that send their gradients back, unless this is a leaf: results of a higher level come
  /// first, since they may add to this one's.
  fileprivate func join(_ queue: inout Tensor?) {
    guard level > 0, !isQueued else { return }
    isQueued = true
    guard var place = queue, place.level > level else {
      nextInQueue = queue
      queue = self
      return
    }
    while let next = place.nextInQueue, next.level > level { place = next }
    nextInQueue = place.nextInQueue
    place.nextInQueue = self
  }

  /// Leaves the head of the queue.
  private func leave(_ queue: inout Tensor?) -> Tensor {
    queue = nextInQueue
    nextInQueue = nil
    isQueued = false
    return self
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
    let total = try Tensor.unset(shape)
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

  /// Adds a gradient whose rows are those of another tensor of this shape, each times its slope, at once
  /// to the parameter that these are rows of: the product is not made here.
  ///
  /// Returns false, and does nothing, unless both are rows of parameters, and a step of training runs:
  /// nobody changes such rows before the step is taken.
  func accumulateInTable(rowsOf other: Tensor, times slopes: Tensor) throws(TensorError) -> Bool {
    guard StepMemory.isInUse, other.node?.backward.isOfRows == true else { return false }
    try node?.requireUnchanged()
    return try node?.backward.send(rowsOf: other, times: slopes) ?? false
  }

  /// A gradient of this shape, each element repeated along its row where there is one a row.
  private func repeatedRows(to target: [Int]) throws(TensorError) -> Tensor {
    guard count < target.reduce(1, *) else { return self }
    return try shown(as: target.dropLast() + [1]).repeated(to: target)
  }
}

extension Node.Backward {
  /// Whether the result is rows of a table.
  fileprivate var isOfRows: Bool {
    switch self {
    case .ofRows: true
    default: false
    }
  }

  /// Adds rows, each times its slope, to the gradient of the table that the result is rows of, if that is
  /// a leaf.
  fileprivate func send(rowsOf rows: Tensor, times slopes: Tensor) throws(TensorError) -> Bool {
    switch self {
    case .ofRows(let table, let positions):
      guard table.isLeaf, slopes.count == positions.count else { return false }
      try table.accumulate(rows, times: slopes, ofRowsAt: positions)
      return true
    default: return false
    }
  }

  /// Adds to the operands' gradients, given the gradient of the result, and queues those that are results
  /// themselves.
  fileprivate func send(_ gradient: Tensor, _ queue: inout Tensor?) throws(TensorError) {
    switch self {
    case .ofOne(let a, let backward):
      try backward(a, gradient)
      a.join(&queue)
    case .ofTwo(let a, let b, let backward):
      try backward(a, b, gradient)
      a.join(&queue)
      b.join(&queue)
    case .ofThree(let a, let b, let c, let backward):
      try backward(a, b, c, gradient)
      a.join(&queue)
      b.join(&queue)
      c.join(&queue)
    case .ofFour(let a, let b, let c, let d, let backward):
      try backward(a, b, c, d, gradient)
      a.join(&queue)
      b.join(&queue)
      c.join(&queue)
      d.join(&queue)
    case .ofMany(let operands, let backward):
      try backward(operands, gradient)
      for operand in operands { operand.join(&queue) }
    case .ofRows(let table, let positions):
      try table.accumulate(gradient, ofRowsAt: positions)
      table.join(&queue)
    }
  }
}
