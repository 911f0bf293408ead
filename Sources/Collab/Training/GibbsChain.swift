import CollabLearning
import CollabTensors

/// Where a Gibbs sampler stands: all that the next sweep depends on, beside the ratings.
///
/// Everything is a tensor of fixed size, so that models keep it as they keep their parameters.
final class GibbsChain {
  /// One side: its rows, and what they are drawn from.
  final class Side {
    /// Biases, then factors, `[rows, lanes]`.
    let rows: Tensor
    /// What the mean of a row has beyond that of all, `[rows, lanes]`.
    let offsets: Tensor
    /// What each row of the other side adds to the means of those that have a rating with it.
    let implicit: Tensor
    /// The precision of the ratings of each row, relative to that of all.
    let noise: Tensor
    /// Means, precisions of rows and precisions of `implicit`, `[3, lanes]`.
    let lanes: Tensor
    /// The degrees of freedom of the noise, one number.
    let freedom: Tensor

    init(rows count: Int, others: Int, lanes: Int, width: Int) throws(TensorError) {
      rows = try .zeros([count, lanes])
      offsets = try .zeros([count, lanes])
      implicit = try .zeros([others, lanes])
      noise = try Tensor(repeating: 1 as Float, shape: [count])
      freedom = try Tensor([10 as Float])
      // Lanes that are not used stay zero, whatever their precision.
      self.lanes = try Tensor(
        [Float](repeating: 0, count: lanes)
          + (0..<2).flatMap { _ in (0..<lanes).map { $0 < width ? 2 : 1 } }, shape: [3, lanes])
    }

    var count: Int { noise.count }
    private var laneCount: Int { lanes.shape[1] }
    var mean: UnsafeMutablePointer<Float> { lanes.elements }
    var precision: UnsafeMutablePointer<Float> { lanes.elements + laneCount }
    var implicitPrecision: UnsafeMutablePointer<Float> { lanes.elements + 2 * laneCount }

    /// Its tensors by name.
    func members(_ name: String) -> [Member] {
      [
        .buffer("chain.\(name)", rows), .buffer("chain.\(name)_offsets", offsets),
        .buffer("chain.\(name)_implicit", implicit), .buffer("chain.\(name)_noise", noise),
        .buffer("chain.\(name)_lanes", lanes), .buffer("chain.\(name)_freedom", freedom),
      ]
    }
  }

  /// A number of the chain.
  enum Number: Int {
    /// The precision of all ratings.
    case scale
    /// How many sweeps were made, and how many of them were gathered.
    case sweeps, gathered
    /// Every how many sweeps a pair is kept.
    case stride
    /// The seed and what the ratings are told apart by, in parts that a `Float` holds.
    case seed0, seed1, seed2, seed3, data0, data1, data2, data3
    /// Where the cuts and their steps begin.
    case cuts
  }

  /// Cuts between levels, with one below and one above all of them.
  static let cutCount = StarScale.mostLevels + 1
  /// Beyond all positions.
  static let far: Float = 1e9

  let users: Side
  let items: Side
  /// Lanes of a row.
  let lanes: Int
  /// Lanes that are used: the bias and the factors.
  let width: Int
  private let numbers: Tensor

  /// A chain that has yet to make its first sweep.
  ///
  /// - Throws: ``TensorError/tooLarge(_:)``.
  init(users: Int, items: Int, factors: Int, seed: UInt64) throws(TensorError) {
    width = factors + 1
    lanes = Self.lanes(factors: factors)
    self.users = try Side(rows: users, others: items, lanes: lanes, width: width)
    self.items = try Side(rows: items, others: users, lanes: lanes, width: width)
    numbers = try .zeros([Number.cuts.rawValue + 2 * Self.cutCount])
    self[.scale] = 1
    self[.stride] = 2
    self.seed = seed
  }

  /// How many lanes the rows of so many factors have.
  static func lanes(factors: Int) -> Int {
    [8, 16, 32].first { $0 > factors } ?? 64
  }

  /// The sizes of all matrices of a chain.
  static func matrices(users: Int, items: Int, factors: Int) -> [EmbeddingSize] {
    let lanes = lanes(factors: factors)
    return [(users, items), (items, users)].flatMap { rows, others in
      // Rows, offsets, what the other side adds, and what rows are drawn from.
      [rows, rows, others, 3].map { EmbeddingSize(rows: $0, columns: lanes) }
    }
  }

  func side(_ side: RatingSide) -> Side { side == .users ? users : items }

  subscript(_ number: Number) -> Float {
    get { numbers.elements[number.rawValue] }
    set { numbers.elements[number.rawValue] = newValue }
  }

  /// How many sweeps were made.
  var sweeps: Int { Int(exactly: self[.sweeps]) ?? 0 }
  /// How many sweeps went into the means.
  var gathered: Int { Int(exactly: self[.gathered]) ?? 0 }

  /// What all random numbers come from.
  var seed: UInt64 {
    get { word(.seed0) }
    set { set(.seed0, newValue) }
  }

  /// What tells the ratings apart that the chain has seen.
  var data: UInt64 {
    get { word(.data0) }
    set { set(.data0, newValue) }
  }

  private func word(_ first: Number) -> UInt64 {
    (0..<4).reduce(0) { word, part in
      word << 16 | (UInt64(exactly: numbers.elements[first.rawValue + part]) ?? 0)
    }
  }

  private func set(_ first: Number, _ word: UInt64) {
    for part in 0..<4 {
      numbers.elements[first.rawValue + part] = Float(word >> (48 - 16 * UInt64(part)) & 0xFFFF)
    }
  }

  /// Cuts by the level below them, after one that is below all.
  var cuts: UnsafeMutablePointer<Float> { numbers.elements + Number.cuts.rawValue }
  /// How far each cut is tried to move.
  var steps: UnsafeMutablePointer<Float> { cuts + Self.cutCount }

  /// All its tensors by name.
  var members: [Member] {
    users.members("users") + items.members("items") + [.buffer("chain.numbers", numbers)]
  }

  /// Says that its tensors were changed.
  func markChanged() {
    for case .buffer(_, let tensor) in members { tensor.markChanged() }
  }
}
