import CCollabKernels

extension KernelCase {
  /// Kernels that normalise columns.
  static let normalizations: [KernelCase] = [
    KernelCase("ck_column_statistics") { bench in
      columns(bench) { rows, width, note in
        let x = bench.mixed(rows * width)
        let mean = bench.place([Double](repeating: -7, count: width))
        let variance = bench.place([Double](repeating: -7, count: width))
        ck_column_statistics(mean, variance, bench.place(x), Int64(rows), Int64(width))
        let columns = (0..<width).map { column in
          stride(from: column, to: x.count, by: width).map { Double(x[$0]) }
        }
        let means = columns.map { $0.reduce(0, +) / Double(rows) }
        let variances = zip(columns, means).map { column, mean in
          column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
        }
        bench.expect(bench.values(mean, width), means, "means, \(note)")
        bench.expect(bench.values(variance, width), variances, "variances, \(note)")
      }
    },
    KernelCase("ck_scale_columns") { bench in
      columns(bench) { rows, width, note in
        let (x, y) = (bench.mixed(rows * width), bench.room(rows * width))
        let (factor, offset) = (bench.mixed(width), bench.mixed(width))
        ck_scale_columns(
          y, bench.place(x), bench.place(factor), bench.place(offset), Int64(rows), Int64(width))
        bench.expect(
          bench.values(y, x.count),
          x.indices.map { offset[$0 % width].addingProduct(x[$0], factor[$0 % width]) }, note)
      }
    },
    KernelCase("ck_normalization_sums") { bench in
      columns(bench) { rows, width, note in
        let (g, x) = (bench.mixed(rows * width), bench.normal(rows * width))
        let (center, spread) = (bench.normal(width), bench.uniform(width))
        let sum = bench.place([Double](repeating: -7, count: width))
        let dot = bench.place([Double](repeating: -7, count: width))
        ck_normalization_sums(
          sum, dot, bench.place(g), bench.place(x), bench.place(center), bench.place(spread),
          Int64(rows), Int64(width))
        var (sums, dots) = (
          [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
        )
        for n in g.indices {
          sums[n % width] += Double(g[n])
          dots[n % width] += Double(g[n]) * (Double(x[n]) - Double(center[n % width]))
        }
        bench.expect(bench.values(sum, width), sums, "sums, \(note)")
        bench.expect(
          bench.values(dot, width), zip(dots, spread).map { $0 * Double($1) }, "dots, \(note)")
      }
    },
    KernelCase("ck_normalization_slope") { bench in
      columns(bench) { rows, width, note in
        let (g, x, z) = (
          bench.mixed(rows * width), bench.normal(rows * width), bench.room(rows * width)
        )
        let (center, spread, scale) = (
          bench.normal(width), bench.uniform(width), bench.normal(width)
        )
        let (slope, dot) = (
          bench.normal(width).map { Double($0) / 3 }, bench.normal(width).map { Double($0) / 3 }
        )
        ck_normalization_slope(
          z, bench.place(g), bench.place(x), bench.place(center), bench.place(spread),
          bench.place(scale), bench.place(slope), bench.place(dot), Int64(rows), Int64(width))
        let expected = g.indices.map { n in
          let column = n % width
          let inverse = Double(spread[column])
          let factor = Double(scale[column]) * inverse
          let along = dot[column] * inverse
          let distance = Double(x[n]) - Double(center[column])
          return Float((Double(g[n]) - slope[column] - distance * along) * factor)
        }
        bench.expect(bench.values(z, g.count), expected, note)
      }
    },
  ]

  /// Batches of some rows and columns.
  private static func columns(
    _ bench: Workbench, _ body: (_ rows: Int, _ width: Int, _ note: String) -> Void
  ) {
    for width in Workbench.counts {
      for rows in [1, 2, 7, 64] { body(rows, width, "\(rows) rows of \(width)") }
    }
  }
}
