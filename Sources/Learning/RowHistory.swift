import CCollabKernels
import Glibc

/// The steps of an optimiser as rows that sleep through them need them later.
///
/// Adam moves every row of an embedding at every step. A row that no batch touches follows its
/// momentum: a closed function of its state at the last touch and of the steps since then, which
/// is evaluated when the row is next needed. A step costs the same however large the tables are.
///
/// With momentum β, shrinkage δ (one minus rate times decay) and rate c (over the debiasing b₁),
/// and ρ(j) = √(β₂ʲ / b₂(t + j)), k steps after step t brought a gradient
///
///     p(k) = D(k) p − m F(√v),  m(k) = M(k) m,  v(k) = β₂ᵏ v
///     F(s) = Σ a(j) / (ρ(j) s + ε),  a(j) = c(t + j) M(j) D(k) / D(j),  j = 0 … k
///
/// where m and v have taken step t and p has not: the step itself is the first term, and costs no
/// root and no division of its own. M and D are the products of the β after step t and of the δ from
/// step t on. The weights a(j) die like βʲ, so only the first 256 steps count, and 1 / (ρ(j) s + ε)
/// is so smooth in j that five nodes represent it. The weights of the nodes are a linear map of the
/// moments Σ a(j) jᵠ, which are kept up to date for all gaps that are open. While b₂ still changes,
/// short gaps are summed term by term; later all that is known of a gap but its moments depends on its
/// length alone, and gaps that began one after the other are opened together. A row that was read but
/// got no gradient has no first term.
final class RowHistory {
  /// Gaps that begin before this step are summed exactly: the debiasing changes too fast to
  /// interpolate.
  private static let firstSmoothStep: Int32 = 300
  private static let nodeCount = CK_NODES
  private static let window = CK_WINDOW
  private static let capacity = CK_PAST

  /// What kernels read.
  let state: UnsafeMutablePointer<ck_history>

  private let past = UnsafeMutablePointer<ck_past>.allocate(capacity: capacity + 1)
  private let sums: UnsafeMutablePointer<Double>
  private let roots: UnsafeMutablePointer<Double>
  private let powers: UnsafeMutablePointer<Double>
  private let nodes: UnsafeMutablePointer<ck_nodes>
  private let maps = UnsafeMutablePointer<Double>.allocate(capacity: CK_MAPS * CK_MAP_STRIDE)
  private let points: UnsafeMutablePointer<Float>
  /// Gaps of the present step, a window for each thread.
  @exclusivity(unchecked)
  private var gaps = UnsafeMutablePointer<ck_gap>.allocate(capacity: 0)
  @exclusivity(unchecked)
  private var gapThreads = 0

  /// A history that begins after step `start`, of an Adam with these constants.
  init(after start: Int, squareMomentum: Double, epsilon: Float) {
    let window = Self.window
    let debiased = CK_DEBIASED
    // Moments are floats, and so is what they are multiplied by; the debiasing is not.
    let square = Double(Float(squareMomentum))
    sums = .allocate(capacity: (3 + Self.nodeCount) * window)
    sums.initialize(repeating: 0, count: (3 + Self.nodeCount) * window)
    roots = .allocate(capacity: CK_EXACT + 1 + debiased)
    powers = .allocate(capacity: window + Self.capacity / window + 1)
    var power = 1.0
    for j in 0...window {
      if j < window { powers[j] = power }
      if j <= CK_EXACT { roots[j] = power.squareRoot() }
      if j < window { power *= square }
    }
    var block = 1.0
    for j in 0...(Self.capacity / window) {
      powers[window + j] = block
      block *= power
    }
    power = 1
    for step in 0..<debiased {
      roots[CK_EXACT + 1 + step] = (1 / max(Double(Float(1 - power)), 1e-9)).squareRoot()
      power *= squareMomentum
    }
    nodes = .allocate(capacity: CK_SPAN + 1)
    for span in 0...CK_SPAN {
      (nodes + span).initialize(to: ck_nodes(span: span, squareMomentum: square))
    }
    points = .allocate(capacity: (1 + Self.nodeCount) * CK_LANES)
    points.initialize(repeating: 0, count: (1 + Self.nodeCount) * CK_LANES)
    // Chebyshev's points of the second kind on 0…1.
    let meetings = InlineArray<5, Double> { (1 - cos(.pi * Double($0) / 4)) / 2 }
    for i in meetings.indices {
      points[i] = Float(meetings[i])
      let polynomial = lagrange(i, meetings, CK_NODES)
      for q in polynomial.indices { points[(1 + i) * CK_LANES + q] = Float(polynomial[q]) }
    }
    state = .allocate(capacity: 1)
    state.initialize(
      to: ck_history(
        base: 0, now: 0, smooth_from: Self.firstSmoothStep, epsilon: epsilon, past: past,
        open: sums, shrunk: sums + window, ages: sums + 2 * window, moments: sums + 3 * window,
        nodes: nodes, points: points, lagrange: points + CK_LANES, half_powers: roots,
        inverse_roots: roots + CK_EXACT + 1, low_powers: powers, high_powers: powers + window,
        maps: maps))
    ck_expand_nodes(state, nodes, maps)
    restart(after: start)
  }

  deinit {
    past.deallocate()
    sums.deallocate()
    roots.deallocate()
    powers.deallocate()
    nodes.deallocate()
    maps.deallocate()
    points.deallocate()
    gaps.deallocate()
    state.deallocate()
  }

  /// The last step that is remembered.
  var now: Int32 { state.pointee.now }

  /// Whether no step more can be remembered before `restart(after:)`.
  ///
  /// At the beginning few can: gaps that are summed term by term stay short.
  var isFull: Bool {
    let isSmooth = state.pointee.base >= Self.firstSmoothStep
    return Int(state.pointee.now - state.pointee.base) >= (isSmooth ? Self.capacity : CK_EXACT)
  }

  /// Forgets all steps up to `step`.
  ///
  /// - Precondition: all rows are up to date.
  func restart(after step: Int) {
    state.pointee.base = Int32(truncatingIfNeeded: step)
    state.pointee.now = state.pointee.base
    past[0] = ck_past()
    (past[0].product, past[0].decay, past[0].shrinkage) = (1, 1, 1)
    ck_open_window(state)
  }

  /// Room for the gaps of the present step: a window of them for each of some threads.
  func gaps(threads: Int) -> UnsafeMutablePointer<ck_gap> {
    if gapThreads < threads {
      gaps.deallocate()
      gaps = .allocate(capacity: threads * Self.window)
      gaps.initialize(repeating: ck_gap(), count: threads * Self.window)
      gapThreads = threads
    }
    return gaps
  }

  /// Remembers a step.
  ///
  /// - Precondition: it is not full; kernels have no room for longer gaps.
  func add(_ step: ck_adam_step) {
    precondition(!isFull, "more steps than rows can owe")
    withUnsafePointer(to: step) { ck_advance(state, $0) }
  }
}

extension ck_nodes {
  /// Chebyshev's points of the first kind, as shares of the span.
  private static let shares: InlineArray<5, Double> = [
    0.0244717, 0.2061074, 0.5, 0.7938926, 0.9755283,
  ]

  /// Where a sum over 0…`span` is sampled, rounded to steps, and the polynomials that are 1 at one
  /// node and 0 at the others.
  fileprivate init(span: Int, squareMomentum: Double) {
    self.init()
    // Sums of up to five terms are not sampled: each has a node, and nodes left over weigh nothing.
    let count = min(span + 1, CK_NODES)
    let places = InlineArray<5, Double> {
      span < CK_NODES ? Double(min($0, span)) : (Double(span) * Self.shares[$0]).rounded()
    }
    withUnsafeMutableBytes(of: &place) { bytes in
      let place = bytes.assumingMemoryBound(to: Int32.self)
      for i in places.indices { place[i] = Int32(clamping: places[i]) }
    }
    withUnsafeMutableBytes(of: &half_power) { bytes in
      let power = bytes.assumingMemoryBound(to: Double.self)
      for i in places.indices { power[i] = pow(squareMomentum, places[i] / 2) }
    }
    let nodes = InlineArray<5, Double> { places[$0] / Double(CK_SPAN) }
    withUnsafeMutableBytes(of: &weight) { bytes in
      let weight = bytes.assumingMemoryBound(to: Double.self)
      for i in 0..<count {
        let polynomial = lagrange(i, nodes, count)
        for q in polynomial.indices { weight[q * CK_LANES + i] = polynomial[q] }
      }
    }
  }
}

/// The coefficients of the polynomial that is 1 at point `i` and 0 at the others of the first
/// `count`.
private func lagrange(
  _ i: Int, _ points: InlineArray<5, Double>, _ count: Int
) -> InlineArray<5, Double> {
  var coefficients = InlineArray<5, Double>(repeating: 0)
  coefficients[0] = 1
  for j in 0..<count where j != i {
    let scale = 1 / (points[i] - points[j])
    for q in coefficients.indices.reversed() {
      let lower = q > 0 ? coefficients[q - 1] * scale : 0
      coefficients[q] = lower - coefficients[q] * points[j] * scale
    }
  }
  return coefficients
}
