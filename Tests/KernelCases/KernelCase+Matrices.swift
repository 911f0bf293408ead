import CCollabKernels

extension KernelCase {
  /// Products of matrices.
  static let matrices: [KernelCase] = [
    KernelCase("ck_multiply") { bench in
      for m in [1, 2, 5, 8, 15] {
        for k in [0, 1, 9, 257] {
          for n in [0, 1, 8, 15, 17, 33, 48, 100] { multiply(bench, m, k, n) }
        }
      }
    },
    KernelCase("ck_transpose") { bench in
      for m in Workbench.counts {
        for n in Workbench.counts {
          let (x, out) = (bench.mixed(m * n), bench.room(m * n))
          ck_transpose(out, bench.place(x), Int64(m), Int64(n))
          bench.expect(
            bench.values(out, m * n), (0..<(m * n)).map { x[$0 % m * n + $0 / m] },
            "\(m) rows of \(n)")
        }
      }
    },
  ]

  /// One product, with either operand as it is or transposed, and rows that lie apart.
  private static func multiply(_ bench: Workbench, _ m: Int, _ k: Int, _ n: Int) {
    let gap = 3
    let a = m * k < 500 ? bench.mixed((m + gap) * (k + gap)) : bench.normal((m + gap) * (k + gap))
    let b = bench.normal((k + gap) * (n + gap))
    let (aPlace, bPlace) = (bench.place(a), bench.place(b))
    for (aTurned, bTurned) in [(false, false), (true, false), (false, true), (true, true)] {
      // Steps from row to row and from column to column.
      let (aDown, aAlong) = aTurned ? (1, m + gap) : (k + gap, 1)
      let (bDown, bAlong) = bTurned ? (1, k + gap) : (n + gap, 1)
      let c = bench.room(m * n)
      ck_multiply(
        c, aPlace, Int64(aDown), Int64(aAlong), bPlace, Int64(bDown), Int64(bAlong), Int64(m),
        Int64(k), Int64(n))
      let expected = (0..<(m * n)).map { place in
        let (row, column) = (place / n, place % n)
        var sum: Float = 0
        for i in 0..<k {
          sum.addProduct(a[row * aDown + i * aAlong], b[i * bDown + column * bAlong])
        }
        return sum
      }
      bench.expect(
        bench.values(c, m * n), expected, "[\(m), \(k)] [\(k), \(n)], \(aTurned) \(bTurned)")
    }
  }
}
