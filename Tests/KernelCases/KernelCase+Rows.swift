import CCollabKernels

extension KernelCase {
  /// Kernels that work on rows.
  static let rows: [KernelCase] = [
    KernelCase("ck_sum_rows") { bench in
      for width in Workbench.counts + [32, 127, 300] {
        for count in [0, 1, 7, 8, 9, 17] {
          let (x, out) = (bench.mixed(count * width), bench.room(count))
          ck_sum_rows(out, bench.place(x), Int64(count), Int64(width))
          bench.expect(
            bench.values(out, count),
            (0..<count).map { sum(Array(x[($0 * width)..<(($0 + 1) * width)])) },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_gather_rows") { bench in
      for width in Workbench.counts {
        for count in Workbench.counts {
          let (table, index) = (bench.mixed(12 * width), bench.indices(count, below: 12))
          let out = bench.room(count * width)
          ck_gather_rows(
            out, bench.place(table), bench.place(index), Int64(count), Int64(width))
          bench.expect(
            bench.values(out, count * width),
            index.flatMap { table[(Int($0) * width)..<(Int($0 + 1) * width)] },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_scatter_rows") { bench in
      for width in Workbench.counts where width > 0 {
        for count in [0, 1, 2, 8, 33, 100] {
          for isScaled in [false, true] { scatter(bench, count, width, isScaled) }
        }
      }
    },
    KernelCase("ck_index_range") { bench in
      for count in Workbench.counts {
        for shift: Int64 in [0, -40, 30] {
          let index = bench.indices(count, below: 60).map { $0 + shift }
          let (low, high) = (bench.place([Int64(7)]), bench.place([Int64(7)]))
          ck_index_range(low, high, bench.place(index), Int64(count))
          let expected = ([0] + index).map { Int($0) }
          bench.expect(
            [Int(low[0]), Int(high[0])], [expected.min() ?? 0, expected.max() ?? 0],
            "\(count) indices moved by \(shift)")
        }
      }
    },
    KernelCase("ck_pick_column") { bench in
      for count in Workbench.counts {
        for width in [1, 2, 5] {
          let x = bench.indices(count * width, below: 1000)
          let out = bench.place([Int64](repeating: -7, count: count))
          ck_pick_column(out, bench.place(x), Int64(count), Int64(width))
          bench.expect(
            bench.values(out, count).map { Int($0) }, (0..<count).map { Int(x[$0 * width]) },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_gather_ratings") { bench in
      for count in Workbench.counts + [300] {
        for later in [0, 5, 400] {
          let ratings = zip(bench.indices(50, below: 9), bench.mixed(50)).map {
            ck_rating(user: Int32($0), item: Int32(2 * $0 + 1), stars: $1)
          }
          let index = bench.indices(count + later, below: 50).map { Int32($0) }
          let inputs = bench.place([Int64](repeating: -7, count: 2 * count))
          let targets = bench.room(count)
          ck_gather_ratings(
            inputs, targets, bench.place(ratings), bench.place(index), Int64(count),
            Int64(index.count))
          let expected = index.prefix(count).map { ratings[Int($0)] }
          bench.expect(
            bench.values(inputs, 2 * count).map { Int($0) },
            expected.flatMap { [Int($0.user), Int($0.item)] }, "\(count) ratings")
          bench.expect(bench.values(targets, count), expected.map(\.stars), "\(count) stars")
        }
      }
    },
    KernelCase("ck_scale_rows") { bench in
      for width in Workbench.counts {
        for count in [0, 1, 5] {
          let (x, factor) = (bench.mixed(count * width), bench.mixed(count))
          let z = bench.room(count * width)
          ck_scale_rows(
            z, bench.place(x), bench.place(factor), Int64(count), Int64(width))
          bench.expect(
            bench.values(z, x.count), x.indices.map { x[$0] * factor[$0 / width] },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_repeat_columns") { bench in
      for width in Workbench.counts {
        for count in [0, 1, 5] {
          let (x, z) = (bench.mixed(count), bench.room(count * width))
          ck_repeat_columns(z, bench.place(x), Int64(count), Int64(width))
          bench.expect(
            bench.values(z, count * width), x.flatMap { [Float](repeating: $0, count: width) },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_add_to_rows") { bench in
      for width in Workbench.counts {
        for count in [0, 1, 5] {
          let (x, start) = (bench.mixed(width), bench.mixed(count * width))
          let z = bench.place(start)
          ck_add_to_rows(z, bench.place(x), Int64(count), Int64(width))
          bench.expect(
            bench.values(z, start.count), start.indices.map { start[$0] + x[$0 % width] },
            "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_add_rows") { bench in
      for width in Workbench.counts {
        for count in [0, 1, 5] {
          let (x, start) = (bench.mixed(count * width), bench.mixed(width))
          let z = bench.place(start)
          ck_add_rows(z, bench.place(x), Int64(count), Int64(width))
          var expected = start
          for (n, value) in x.enumerated() { expected[n % width] += value }
          bench.expect(bench.values(z, width), expected, "\(count) rows of \(width)")
        }
      }
    },
    KernelCase("ck_top") { bench in
      for count in Workbench.counts + [200] {
        for room in [0, 1, 5, 64, 300] {
          // Few different scores, so that many are equal.
          let scores = bench.mixed(count).map { $0.isFinite ? ($0 * 2).rounded() / 2 : $0 }
          let (top, index) = (bench.room(room), bench.place([Int32](repeating: -7, count: room)))
          let (place, half) = (bench.place(scores), count / 2)
          var used = ck_top(top, index, 0, place, 1000, Int64(half), Int64(room))
          used = ck_top(
            top, index, used, place + half, 1000 + Int64(half), Int64(count - half), Int64(room))
          let expected = scores.enumerated().filter { $0.element > -.infinity }.sorted {
            ($1.element, $0.offset) < ($0.element, $1.offset)
          }.prefix(room)
          let note = "the best \(room) of \(count)"
          bench.expect(bench.values(top, Int(used)), expected.map(\.element), note)
          bench.expect(
            bench.values(index, Int(used)).map { Int($0) }, expected.map { 1000 + $0.offset }, note)
        }
      }
    },
    KernelCase("ck_cosine") { bench in
      for width in Workbench.counts {
        let count = 6
        var table = bench.normal(count * width)
        // A row of zeros, and one whose norm is below the least one.
        for k in 0..<width { (table[k], table[width + k]) = (0, 1e-12) }
        for row in 0..<3 {
          let (y, out) = (Array(table[(row * width)..<((row + 1) * width)]), bench.room(count))
          ck_cosine(
            out, bench.place(table), bench.place(y), Int64(count), Int64(width), 1e-8)
          let norm = { (x: [Float]) in max(product(x, x, 1, 1).squareRoot(), 1e-8) }
          let expected = (0..<count).map { n in
            let x = Array(table[(n * width)..<((n + 1) * width)])
            return product(x, y, norm(x), norm(y))
          }
          bench.expect(bench.values(out, count), expected, "row \(row) of width \(width)")
        }
      }
    },
  ]

  /// The sum of a row in PyTorch's order, as `rows.c` describes it.
  private static func sum(_ row: [Float]) -> Float {
    let (lanes, group) = (8, 32)
    var sums = [[Float]](repeating: [Float](repeating: 0, count: lanes), count: 4)
    let (inGroups, inVectors) = (row.count / group * group, row.count / lanes * lanes)
    for n in 0..<inGroups { sums[n / lanes % 4][n % lanes] += row[n] }
    for n in inGroups..<inVectors { sums[0][n % lanes] += row[n] }
    let total = (0..<lanes).map { sums[0][$0] + sums[1][$0] + sums[2][$0] + sums[3][$0] }
    return total.reduce(row[inVectors...].reduce(0, +), +)
  }

  /// The product of two rows that are divided by numbers, over sixteen lanes that are folded.
  private static func product(_ x: [Float], _ y: [Float], _ a: Float, _ b: Float) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (n, (x, y)) in zip(x, y).enumerated() { lanes[n % 16] += (x / a) * (y / b) }
    for width in [8, 4, 2, 1] { for n in 0..<width { lanes[n] += lanes[n + width] } }
    return lanes[0]
  }

  /// Gradients of rows, some of which repeat, in two batches.
  private static func scatter(_ bench: Workbench, _ count: Int, _ width: Int, _ isScaled: Bool) {
    let tableRows = 40
    let slots = bench.place([Int32](repeating: -1, count: tableRows))
    let values = bench.room(2 * count * width)
    let rows = bench.place([Int64](repeating: -7, count: 2 * count))
    let factors = bench.room(2 * count)
    let unset: UnsafePointer<Float>? = nil
    let sources = bench.place([UnsafePointer<Float>?](repeating: unset, count: 2 * count))
    var used: Int64 = 0
    // By slot: the row, its sum so far, and what that is yet to be multiplied by.
    var expected: [(row: Int64, sum: [Float], factor: Float)] = []
    for batch in 0..<2 {
      let (g, scale) = (bench.mixed(count * width), bench.normal(count))
      let index = bench.indices(count, below: tableRows)
      used = ck_scatter_rows(
        values, rows, sources, factors, slots, used, bench.place(g),
        isScaled ? UnsafePointer(bench.place(scale)) : nil, bench.place(index), Int64(count),
        Int64(width))
      for n in 0..<count {
        let row = Array(g[(n * width)..<((n + 1) * width)])
        let factor = isScaled ? scale[n] : 1
        if let slot = expected.firstIndex(where: { $0.row == index[n] }) {
          let old = expected[slot]
          expected[slot].sum = zip(old.sum, row).map { $0 * old.factor + $1 * factor }
          expected[slot].factor = 1
        } else {
          expected.append((index[n], row, factor))
        }
      }
      let note = "\(count) rows of \(width), batch \(batch), scaled \(isScaled)"
      bench.expect(
        bench.values(rows, Int(used)).map { Int($0) }, expected.map { Int($0.row) }, note)
      bench.expect(bench.values(factors, Int(used)), expected.map(\.factor), note)
      let sums = (0..<Int(used)).flatMap { slot in
        sources[slot].map { Array(UnsafeBufferPointer(start: $0, count: width)) } ?? []
      }
      bench.expect(sums, expected.flatMap(\.sum), note)
      bench.expect(
        bench.values(slots, tableRows).map { Int($0) },
        (0..<tableRows).map { row in expected.firstIndex { $0.row == row } ?? -1 }, note)
    }
  }
}
