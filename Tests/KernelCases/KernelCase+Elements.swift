import CCollabKernels
import Glibc

extension KernelCase {
  /// Kernels that do the same with every element, and the normal transform.
  static let elements: [KernelCase] = [
    KernelCase("ck_binary") { bench in
      let operations: [(ck_operation, (Float, Float) -> Float)] = [
        (CK_ADD, { $0 + $1 }), (CK_SUBTRACT, { $0 - $1 }), (CK_MULTIPLY, { $0 * $1 }),
        (CK_DIVIDE, { $0 / $1 }),
      ]
      for n in Workbench.counts {
        for (operation, twin) in operations {
          for (xStep, yStep) in [(1, 1), (1, 0), (0, 1)] {
            let x = bench.mixed(xStep == 0 ? 1 : n)
            let y = bench.mixed(yStep == 0 ? 1 : n)
            let z = bench.room(n)
            ck_binary(
              operation, z, bench.place(x), Int64(xStep), bench.place(y), Int64(yStep), Int64(n))
            bench.expect(
              bench.values(z, n), (0..<n).map { twin(x[$0 * xStep], y[$0 * yStep]) },
              "operation \(operation.rawValue), \(n) elements, steps \(xStep) \(yStep)")
          }
        }
      }
    },
    each("ck_scale") { z, x, n in
      ck_scale(z, x, 1.7, -0.3, n)
    } twin: {
      $0 * 1.7 + -0.3
    },
    each("ck_scale_twice") { z, x, n in
      ck_scale_twice(z, x, 1.7, 0.3, n)
    } twin: {
      1.7 * $0 * 0.3
    },
    each("ck_relu", ck_relu) { $0 <= 0 ? 0 : $0 },
    each("ck_logistic", ck_logistic) { 1 / (1 + Float(exp(-Double($0)))) },
    KernelCase("ck_relu_slope") { bench in
      for n in Workbench.counts {
        let (g, y, z) = (bench.mixed(n), bench.mixed(n), bench.room(n))
        ck_relu_slope(z, bench.place(g), bench.place(y), Int64(n))
        bench.expect(bench.values(z, n), zip(g, y).map { $1 > 0 ? $0 : 0 }, "\(n) elements")
      }
    },
    KernelCase("ck_logistic_slope") { bench in
      for n in Workbench.counts {
        let (g, s, z) = (bench.mixed(n), bench.uniform(n), bench.room(n))
        ck_logistic_slope(z, bench.place(g), bench.place(s), 5.5, Int64(n))
        bench.expect(
          bench.values(z, n), zip(g, s).map { ($0 * 5.5 * (1 - $1)) * $1 }, "\(n) elements")
      }
    },
    KernelCase("ck_squared_errors") { bench in
      for n in Workbench.counts {
        let (p, t) = (bench.mixed(n), bench.mixed(n))
        let (e, q) = (bench.room(n), bench.room(n))
        ck_squared_errors(e, q, bench.place(p), bench.place(t), Int64(n))
        bench.expect(bench.values(e, n), zip(p, t).map { $0 - $1 }, "\(n) errors")
        bench.expect(bench.values(q, n), zip(p, t).map { ($0 - $1) * ($0 - $1) }, "\(n) squares")
      }
    },
    KernelCase("ck_box_muller") { bench in
      for groups in [0, 1, 2, 5] {
        let group = Int(CK_NORMAL_GROUP)
        var x = bench.uniform(groups * group)
        // The ends of what is drawn.
        if groups == 5 { (x[0], x[1], x[8], x[9]) = (0, 1 - 0x1p-24, 0, 1 - 0x1p-24) }
        let place = bench.place(x)
        ck_box_muller(place, Int64(groups), 0.5, 2)
        let expected = x.indices.map { n in
          let first = n - n % group + n % (group / 2)
          let radius = (-2 * log(1 - Double(x[first]))).squareRoot()
          let angle = Double(6.283185307179586 * x[first + group / 2])
          return 0.5 + 2 * radius * (n % group < group / 2 ? cos(angle) : sin(angle))
        }
        bench.expect(
          bench.values(place, x.count), near: expected, within: 2e-6, "\(groups) groups")
      }
    },
  ]

  /// A kernel that makes each element of another one.
  private static func each(
    _ name: String,
    _ kernel:
      @escaping @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int64) -> Void,
    twin: @escaping @Sendable (Float) -> Float
  ) -> KernelCase {
    KernelCase(name) { bench in
      for n in Workbench.counts + [5000] {
        let (x, z) = (bench.mixed(n).map { $0 * 8 }, bench.room(n))
        kernel(z, bench.place(x), Int64(n))
        bench.expect(bench.values(z, n), x.map(twin), "\(n) elements")
      }
    }
  }
}
