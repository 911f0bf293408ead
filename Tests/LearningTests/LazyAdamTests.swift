import CollabLearning
import CollabRandomness
import CollabTensors
import TestSupport
import Testing

/// A module that is one parameter.
private final class Lone: Module {
  let typeName = "Lone"
  let members: [Member]
  init(_ name: String, _ parameter: Tensor) { members = [.parameter(name, parameter)] }
  func forward(_ input: Tensor) -> Tensor { input }
}

/// A table that is trained twice, row by row and as a whole, with the same invented gradients.
private final class Twins {
  let lazy: Tensor
  let dense: Tensor
  let lazyAdam: Adam
  let denseAdam: Adam
  private var torch = TorchGenerator(seed: 11)
  private let width: Int

  init(rows: Int, width: Int, weightDecay: Double, name: String = "weight") throws {
    self.width = width
    var torch = TorchGenerator(seed: 3)
    let values = torch.normal(count: rows * width).map { $0 * 0.1 }
    func table() throws -> Tensor {
      try Tensor(values, shape: [rows, width]).requiringGradient()
    }
    (lazy, dense) = (try table(), try table())
    func adam(_ table: Tensor, _ update: RowUpdate) throws -> Adam {
      try Adam(Lone(name, table).parameters, weightDecay: weightDecay, rowUpdate: update)
    }
    (lazyAdam, denseAdam) = (try adam(lazy, .lazy), try adam(dense, .dense))
  }

  /// One step in which `rows` are read; each answers with a random gradient.
  func step(_ rows: [Int64], rate: Double, momentum: Double = 0.9) throws {
    let slopes = try Tensor(torch.normal(count: rows.count * width), shape: [rows.count, width])
    for (table, adam) in [(lazy, lazyAdam), (dense, denseAdam)] {
      let picked = try table.rows(at: Tensor(rows))
      try (picked * slopes + picked * picked * 0.1).sum().backward()
      adam.momentum = momentum
      adam.step(learningRate: rate)
      adam.clearGradients()
    }
  }

  /// Steps of a cycle in which row r is read every r + 1 steps.
  func cycle(_ count: Int, rate: Double = 5e-3) throws {
    let rows = Int64(lazy.shape[0])
    for step in 0..<count {
      let position = Double(step) / Double(count)
      let schedule = Schedule.oneCycle(maximum: rate)
      let read = (0..<rows).filter { step % Int($0 * $0 + 1) == Int($0) }
      try self.step(
        read.isEmpty ? [0] : read, rate: schedule.learningRate(at: position),
        momentum: schedule.momentum(at: position) ?? 0.9)
    }
  }

  var difference: Float {
    zip(lazy.scalars(as: Float.self), dense.scalars(as: Float.self)).map { abs($0 - $1) }
      .max() ?? 0
  }
}

struct LazyAdamTests {
  /// What parameters may differ by: float32 rounds a thousand steps otherwise than their sum.
  static let tolerance: Float = 2e-5

  @Test(arguments: [0.1, 0.01, 0, -0.1, 2])
  func `rows end where the dense update puts them`(weightDecay: Double) throws {
    let twins = try Twins(rows: 40, width: 19, weightDecay: weightDecay)
    try twins.cycle(3000)
    #expect(twins.difference <= Self.tolerance)
  }

  @Test(arguments: [1, 2, 4, 5, 6, 7, 50, 119, 120, 121, 254, 255, 256, 257, 258, 1000, 40_000])
  func `a gap of any length is made up for`(gap: Int) throws {
    for start in [1, 30, 299, 300, 301, 700, 1555, 1560, 2100] {
      let twins = try Twins(rows: 3, width: 5, weightDecay: 0.1)
      for _ in 1..<start { try twins.step([0, 2], rate: 5e-3) }
      try twins.step([1, 2], rate: 5e-3)
      for _ in 0..<(gap - 1) { try twins.step([0], rate: 2e-3) }
      #expect(twins.difference <= Self.tolerance, "after step \(start)")
      try twins.step([0, 1], rate: 5e-3)
      #expect(twins.difference <= Self.tolerance, "after step \(start), touched again")
    }
  }

  @Test func `a row may be touched for the first time in the last step`() throws {
    let twins = try Twins(rows: 4, width: 8, weightDecay: 0.1)
    for _ in 0..<500 { try twins.step([0, 1], rate: 5e-3) }
    try twins.step([3], rate: 5e-3)
    #expect(twins.difference <= Self.tolerance)
  }

  @Test func `reading the table between steps changes nothing`() throws {
    let (read, unread) = try (
      Twins(rows: 6, width: 8, weightDecay: 0.1), Twins(rows: 6, width: 8, weightDecay: 0.1)
    )
    for step in 0..<1900 {
      for twins in [read, unread] { try twins.step([0, Int64(step % 37 / 7)], rate: 5e-3) }
      if step % 100 == 50 { #expect(read.difference <= Self.tolerance) }
    }
    #expect(
      isClose(
        read.lazy.scalars(as: Float.self), unread.lazy.scalars(as: Float.self),
        within: Self.tolerance))
  }

  @Test func `a tensor that shares the memory sees rows up to date`() throws {
    let twins = try Twins(rows: 4, width: 6, weightDecay: 0.1)
    let (before, half) = (twins.lazy.detached(), try twins.lazy.detached().reshaped(to: [8, 3]))
    for _ in 0..<50 { try twins.step([0], rate: 5e-3) }
    #expect(
      isClose(
        try half.rows(at: Tensor([7] as [Int64])).scalars(as: Float.self),
        Array(twins.dense.scalars(as: Float.self)[21...]), within: Self.tolerance))
    #expect(before.scalars(as: Float.self) == twins.lazy.scalars(as: Float.self))
  }

  @Test(arguments: [20.0, 200, 400])
  func `steps may decay by much, by all, and beyond`(weightDecay: Double) throws {
    let twins = try Twins(rows: 6, width: 5, weightDecay: weightDecay)
    for step in 0..<900 {
      try twins.step([0, Int64(step % 6)], rate: step % 400 < 390 ? 1e-5 : 5e-3)
    }
    let values = twins.lazy.scalars(as: Float.self)
    #expect(!values.contains { !$0.isFinite })
    #expect(twins.difference <= Self.tolerance)
  }

  @Test func `a bias table does not decay`() throws {
    let twins = try Twins(rows: 4, width: 1, weightDecay: 0.5, name: "bias")
    for step in 0..<800 { try twins.step([Int64(step % 2)], rate: 5e-3) }
    #expect(twins.difference <= Self.tolerance)
  }

  @Test func `what becomes of a number does not depend on how wide its row is`() throws {
    var torch = TorchGenerator(seed: 8)
    let (rows, width, steps) = (12, 50, 1900)
    let values = torch.normal(count: rows * width)
    let slopes = torch.normal(count: steps * width)
    func train(_ columns: Range<Int>) throws -> [[Float]] {
      let picked = (0..<rows).map { row in columns.map { values[row * width + $0] } }
      let table = try Tensor(picked).requiringGradient()
      let adam = try Adam(Lone("weight", table).parameters, weightDecay: 0.1)
      for step in 0..<steps {
        let slope = try Tensor(columns.map { slopes[step * width + $0] })
        try (table.rows(at: Tensor([Int64(step * step % rows), 0])) * slope).sum().backward()
        adam.step(learningRate: 5e-3)
        adam.clearGradients()
      }
      let result = table.scalars(as: Float.self)
      return (0..<rows).map { Array(result[($0 * columns.count)..<(($0 + 1) * columns.count)]) }
    }
    // Vectors of sixteen and of eight, what overlaps them, and single numbers.
    let whole = try train(0..<width)
    for columns in [0..<1, 13..<14, 3..<10, 5..<14, 20..<36, 24..<49] {
      #expect(try train(columns) == whole.map { Array($0[columns]) })
    }
  }

  @Test func `dense and lazy steps can follow each other`() throws {
    let twins = try Twins(rows: 9, width: 4, weightDecay: 0.1)
    for step in 0..<1200 {
      twins.lazyAdam.rowUpdate = step / 150 % 2 == 0 ? .lazy : .dense
      try twins.step([Int64(step % 5), Int64(step % 7)], rate: 5e-3)
    }
    #expect(twins.difference <= Self.tolerance)
  }

  @Test func `a parameter without a gradient stands still`() throws {
    let twins = try Twins(rows: 5, width: 4, weightDecay: 0.1)
    for step in 0..<400 {
      if step % 3 == 1 {
        twins.lazyAdam.step(learningRate: 5e-3)
        twins.denseAdam.step(learningRate: 5e-3)
      } else {
        try twins.step([Int64(step % 5)], rate: 5e-3)
      }
    }
    #expect(twins.difference <= Self.tolerance)
  }

  @Test func `going back forgets what rows owed`() throws {
    let twins = try Twins(rows: 5, width: 4, weightDecay: 0.1)
    for step in 0..<350 { try twins.step([Int64(step % 3)], rate: 5e-3) }
    let states = (twins.lazyAdam.snapshot(), twins.denseAdam.snapshot())
    for step in 0..<100 { try twins.step([Int64(step % 2)], rate: 5e-3) }
    twins.lazyAdam.restore(states.0)
    twins.denseAdam.restore(states.1)
    #expect(twins.lazyAdam.stepCount == 350)
    for step in 0..<100 { try twins.step([Int64(step % 4)], rate: 5e-3) }
    #expect(twins.difference <= Self.tolerance)
  }
}
