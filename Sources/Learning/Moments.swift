import CCollabKernels
import Glibc
import CollabTensors
import CollabThreading

/// Running averages of the gradient of one parameter and of its square, and up to which step each
/// of its rows has come.
///
/// A parameter whose gradients come by rows is moved by rows: those of the batch at once, the
/// others when the tensor asks for them. Properties are not checked for exclusive access, as in
/// ``RowGradient``.
final class Moments: DeferredRows {
  /// What a step does with the parameter.
  private enum Move {
    /// Nothing: no gradient arrived.
    case none
    /// Moves all elements.
    case whole
    /// Moves the rows with a gradient; the others will owe the step.
    case rows
  }

  /// What is moved.
  let tensor: Tensor
  /// Whether weight decay applies to it.
  let decays: Bool
  /// Average gradient.
  let average: UnsafeMutableBufferPointer<Float>
  /// Average of squares.
  let squares: UnsafeMutableBufferPointer<Float>
  /// Owners of the memory of both.
  private let owners: (average: Tensor, squares: Tensor)
  /// Rows of the parameter.
  let rowCount: Int
  /// The steps that rows owe; nil as long as none ever did.
  @exclusivity(unchecked)
  private(set) var history: RowHistory?

  /// How many threads may work on rows.
  @exclusivity(unchecked)
  var threads = Threads.one

  /// Elements of a batch of rows from which on threads are worth the handing over.
  private static let parallelCount = 1 << 17

  private let values: UnsafeMutablePointer<Float>
  private let width: Int
  @exclusivity(unchecked)
  private var move = Move.none
  /// The step after which each row was last up to date, if it is later than `settled`, as kernels
  /// keep it.
  @exclusivity(unchecked)
  private var seen: UnsafeMutablePointer<Int32>?
  /// A step after which all rows were up to date.
  @exclusivity(unchecked)
  private var settled: Int32 = 0

  /// Averages of 0.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(for parameter: Parameter) throws(TensorError) {
    (tensor, decays) = (parameter.tensor, parameter.decays)
    owners = (try tensor.zerosAlike(), try tensor.zerosAlike())
    rowCount = tensor.shape.first ?? 1
    width = tensor.shape.dropFirst().reduce(1, *)
    values = tensor.withUnsettledElements { $0 }
    average = UnsafeMutableBufferPointer(start: owners.average.elements, count: tensor.count)
    squares = UnsafeMutableBufferPointer(start: owners.squares.elements, count: tensor.count)
  }

  deinit {
    seen?.deallocate()
  }

  /// Replaces the averages, and forgets what rows owed.
  ///
  /// - Precondition: all rows are up to date.
  func set(average newAverage: [Float], squares newSquares: [Float]) {
    _ = average.update(from: newAverage)
    _ = squares.update(from: newSquares)
    history = nil
  }
}

// MARK: - Moving

extension Moments {
  /// Brings what a step is about to change up to date, and returns whether rows will owe the step.
  func prepare(_ update: RowUpdate) -> Bool {
    if !tensor.isDeferred(to: self) { tensor.settle() }
    guard update == .lazy, let rows = tensor.onlyRowGradient else {
      move = tensor.gradientIsMissing ? .none : .whole
      tensor.settle()
      return false
    }
    move = .rows
    if history != nil {
      let (rows, _, _, count) = rows.touched
      settle(rows, count)
    }
    return true
  }

  /// From now on rows may owe the steps of a history.
  ///
  /// - Precondition: all rows are up to date.
  func follow(_ history: RowHistory) {
    self.history = history
    settled = history.now
    if seen == nil { seen = .allocate(capacity: rowCount) }
    seen?.initialize(repeating: 0, count: rowCount)
  }

  /// Takes a step, which the history has been told of.
  func update(_ step: ck_adam_step) {
    if move != .none { tensor.markChanged() }
    switch move {
    case .rows:
      if let rows = tensor.onlyRowGradient { updateRows(rows, step) }
      if !tensor.isDeferred(to: self) { tensor.deferredRows = self }
    case .whole:
      if let rows = tensor.onlyRowGradient {
        updateAll(rows, step)
      } else if let gradient = tensor.gradient {
        gradient.withElements(as: Float.self) {
          move(0, average.count, $0.baseAddress, step)
        }
      }
      skip()
    case .none: skip()
    }
  }

  /// Rows that did not take part in a step, or have taken it, owe nothing for it.
  private func skip() {
    if let history { settled = history.now }
  }

  private func updateRows(_ gradient: RowGradient, _ step: ck_adam_step) {
    guard let history, let seen, let m = average.baseAddress, let v = squares.baseAddress else {
      return
    }
    let (rows, sources, factors, count) = gradient.touched
    let (pieces, now) = (pieces(count), history.now)
    ck_require_rows(rows, Int64(count), Int64(rowCount))
    withUnsafePointer(to: step) { step in
      threads.forEach(pieces) { piece in
        let (start, end) = (count * piece / pieces, count * (piece + 1) / pieces)
        ck_average_rows(
          m, v, seen, rows + start, sources + start, factors + start,
          Int64(end - start), Int64(width), now, step)
      }
    }
  }

  /// In how many pieces some rows are done: one for each thread if there are enough.
  private func pieces(_ count: Int) -> Int {
    count * width < Self.parallelCount ? 1 : threads.count
  }

  /// Moves rows with a gradient one by one, and those between them a stretch at a time.
  private func updateAll(_ gradient: RowGradient, _ step: ck_adam_step) {
    var next = 0
    for (row, gradient) in gradient.gradientsByRow() {
      let start = row * width
      move(next, start - next, nil, step)
      move(start, width, gradient, step)
      next = start + width
    }
    move(next, average.count - next, nil, step)
  }

  private func move(
    _ start: Int, _ count: Int, _ gradient: UnsafePointer<Float>?, _ step: ck_adam_step
  ) {
    guard let m = average.baseAddress, let v = squares.baseAddress else { return }
    withUnsafePointer(to: step) { step in
      ck_adam(values + start, m + start, v + start, gradient, Int64(count), step)
    }
  }
}

// MARK: - Paying what is owed

extension Moments {
  /// Brings some rows up to date and copies them; they may repeat.
  func gather(_ rows: UnsafeBufferPointer<Int64>, into target: UnsafeMutablePointer<Float>) {
    precondition(history != nil, "rows that owe nothing are asked for what they owe")
    ck_require_rows(rows.baseAddress, Int64(rows.count), Int64(rowCount))
    settle(rows.baseAddress, rows.count, into: target)
  }

  /// Brings all rows up to date.
  func settleAll() {
    guard let history, settled < history.now else { return }
    settle(nil, rowCount)
    settled = history.now
  }

  private func settle(
    _ rows: UnsafePointer<Int64>?, _ count: Int, into target: UnsafeMutablePointer<Float>? = nil
  ) {
    guard let history, let seen, let m = average.baseAddress, let v = squares.baseAddress else {
      return
    }
    // Rows of a batch may repeat, so each piece is a range of the table's rows.
    let pieces = pieces(count)
    let gaps = history.gaps(threads: pieces)
    threads.forEach(pieces) { piece in
      ck_settle_rows(
        target, values, m, v, seen, rows, Int64(count), Int64(width), settled,
        Int64(rowCount * piece / pieces), Int64(rowCount * (piece + 1) / pieces),
        gaps + piece * CK_WINDOW, history.state)
    }
  }
}
