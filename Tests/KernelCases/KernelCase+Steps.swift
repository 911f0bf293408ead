import CCollabKernels
import Glibc
import CollabLearning
import CollabTensors

extension KernelCase {
  /// Steps of Adam, taken at once and made up for.
  static let steps: [KernelCase] = [
    KernelCase("ck_adam") { bench in
      for count in Workbench.counts {
        for debiasing: Float in [0.3, 1] {
          for hasGradient in [false, true] {
            let (p, m) = (bench.mixed(count), bench.normal(count))
            let v = bench.uniform(count)
            let g = bench.mixed(count)
            let places = (p: bench.place(p), m: bench.place(m), v: bench.place(v))
            var step = step
            step.debias2 = debiasing
            ck_adam(
              places.p, places.m, places.v, hasGradient ? UnsafePointer(bench.place(g)) : nil,
              Int64(count), &step)
            let after = p.indices.map { n in
              moved(p[n], average(m[n], v[n], hasGradient ? g[n] : nil, step), step)
            }
            let note = "\(count) elements, debiasing \(debiasing), gradient \(hasGradient)"
            bench.expect(bench.values(places.p, count), after.map(\.p), "p, \(note)")
            bench.expect(bench.values(places.m, count), after.map(\.m), "m, \(note)")
            bench.expect(bench.values(places.v, count), after.map(\.v), "v, \(note)")
          }
        }
      }
    },
    KernelCase("ck_average_rows") { bench in
      for width in Workbench.counts where width > 0 {
        for count in [0, 1, 9, 600] { averageRows(bench, count, width) }
      }
    },
    KernelCase("ck_settle_rows", "ck_advance", "ck_open_window", "ck_expand_nodes") { bench in
      for width in [1, 3, 4, 7, 16, 19, 50] { followRows(bench, width) }
    },
  ]

  private static let step = ck_adam_step(
    decay: 0.9995, beta1: 0.9, one_beta1: 0.1, beta2: 0.99, one_beta2: 0.01, step: -5e-3,
    debias2: 1, epsilon: 1e-5)

  /// Both moments with one more gradient.
  private static func average(
    _ m: Float, _ v: Float, _ g: Float?, _ step: ck_adam_step
  ) -> (m: Float, v: Float) {
    let (a, b) = (m * step.beta1, v * step.beta2)
    guard let g else { return (a, b) }
    return (
      a.addingProduct(step.one_beta1, g), b.addingProduct(step.one_beta2 * g, g)
    )
  }

  /// A parameter after the step that follows.
  private static func moved(
    _ p: Float, _ moments: (m: Float, v: Float), _ step: ck_adam_step
  ) -> (p: Float, m: Float, v: Float) {
    let root = (moments.v / step.debias2).squareRoot()
    return (
      p * step.decay + (step.step * moments.m) / (root + step.epsilon), moments.m, moments.v
    )
  }

  private static func averageRows(_ bench: Workbench, _ count: Int, _ width: Int) {
    let tableRows = count + 3
    let (m, v) = (bench.normal(tableRows * width), bench.uniform(tableRows * width))
    let (g, factors) = (bench.mixed(count * width), bench.normal(count))
    // Each row once, and not in order: 7 has no factor in common with the numbers of rows.
    let rows = (0..<count).map { Int64($0 * 7 % max(count, 1)) }
    let places = (m: bench.place(m), v: bench.place(v))
    let slopes = UnsafePointer(bench.place(g))
    let sources = (0..<count).map { Optional(slopes + $0 * width) }
    let seen = bench.place([Int32](repeating: 4, count: tableRows))
    var step = step
    ck_average_rows(
      places.m, places.v, seen, bench.place(rows), bench.place(sources), bench.place(factors),
      Int64(count), Int64(width), 31, &step)
    var expected = zip(m, v).map { (m: $0, v: $1) }
    var steps = [Int](repeating: 4, count: tableRows)
    for (n, row) in rows.enumerated() {
      steps[Int(row)] = 2 * 31 + 1
      for k in 0..<width {
        let (m, v) = expected[Int(row) * width + k]
        expected[Int(row) * width + k] = average(m, v, g[n * width + k] * factors[n], step)
      }
    }
    let note = "\(count) rows of \(width)"
    bench.expect(bench.values(places.m, m.count), expected.map(\.m), "m, \(note)")
    bench.expect(bench.values(places.v, v.count), expected.map(\.v), "v, \(note)")
    bench.expect(bench.values(seen, tableRows).map { Int($0) }, steps, "steps, \(note)")
  }

  /// Rows that are read every so often, beside steps of all rows in double.
  private static func followRows(_ bench: Workbench, _ width: Int) {
    let (tableRows, stepCount, rate, decay) = (13, 1900, 2e-3, 0.1)
    let start = bench.normal(tableRows * width)
    var (p, m, v) = (
      start.map { Double($0) }, [Double](repeating: 0, count: start.count),
      [Double](repeating: 0, count: start.count)
    )
    do {
      let table = try Tensor(start, shape: [tableRows, width]).requiringGradient()
      let adam = try Adam(Table(table).parameters, weightDecay: decay)
      for step in 1...stepCount {
        // Row r every r squared steps, the first one twice at times, the last one early and late.
        let last = tableRows - 1
        var read = (0..<last).filter { step % ($0 * $0 + 1) == 0 }.map { Int64($0) }
        if step % 3 == 0 { read.append(0) }
        if step < 4 || step == stepCount { read.append(Int64(last)) }
        let slopes = bench.normal(read.count * width)
        let picked = try table.rows(at: Tensor(read))
        try (picked * Tensor(slopes, shape: [read.count, width])).sum().backward()
        adam.step(learningRate: rate)
        adam.clearGradients()

        var gradient = [Double](repeating: 0, count: start.count)
        for (n, slope) in slopes.enumerated() {
          gradient[Int(read[n / width]) * width + n % width] += Double(slope)
        }
        let debiasing = (1 - pow(0.9, Double(step)), 1 - pow(0.99, Double(step)))
        // What steps are told is rounded, which adds up.
        let shrinkage = Double(Float(1 - rate * decay))
        for n in p.indices {
          m[n] = 0.9 * m[n] + 0.1 * gradient[n]
          v[n] = 0.99 * v[n] + 0.01 * gradient[n] * gradient[n]
          let root = (v[n] / debiasing.1).squareRoot()
          p[n] = p[n] * shrinkage - rate / debiasing.0 * m[n] / (root + 1e-5)
        }
        guard [1, 3, 40, 400, stepCount].contains(step) else { continue }
        bench.expect(
          table.scalars(as: Float.self), near: p, within: 3e-5, "width \(width), step \(step)")
      }
    } catch {
      preconditionFailure("the rows cannot be read: \(error)")
    }
  }

  /// A module that is one table.
  private final class Table: Module {
    let typeName = "Table"
    let members: [Member]
    init(_ table: Tensor) { members = [.parameter("weight", table)] }
    func forward(_ input: Tensor) -> Tensor { input }
  }
}
