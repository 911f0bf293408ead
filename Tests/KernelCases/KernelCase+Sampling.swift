import CCollabKernels
import Glibc

extension KernelCase {
  /// Kernels that draw.
  static let sampling: [KernelCase] = [
    KernelCase("ck_philox_uniforms") { bench in
      for blocks in [0, 1, 5, 16, 17, 40] {
        let start = ck_philox(
          key: (0xA409_3822, 0x299F_31D0), counter: (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 7))
        let out = bench.room(4 * blocks)
        ck_philox_uniforms(out, Int64(blocks), start)
        let expected = (0..<blocks).flatMap { block -> [Float] in
          let counter = [start.counter.0 + UInt32(block), start.counter.1, start.counter.2, 7]
          return philox(counter, [start.key.0, start.key.1]).map { Float($0 >> 8) * 0x1p-24 }
        }
        bench.expect(bench.values(out, 4 * blocks), expected, "\(blocks) blocks")
      }
      // The known answers of Random123.
      let answers: [([UInt32], [UInt32], [UInt32])] = [
        ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
        (
          [.max, .max, .max, .max], [.max, .max],
          [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
        ),
        (
          [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
          [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
        ),
      ]
      for (counter, key, words) in answers {
        let out = bench.room(4)
        ck_philox_uniforms(
          out, 1,
          ck_philox(
            key: (key[0], key[1]), counter: (counter[0], counter[1], counter[2], counter[3])))
        bench.expect(bench.values(out, 4), words.map { Float($0 >> 8) * 0x1p-24 }, "known answer")
      }
    },
    KernelCase("ck_sample_rows") { bench in
      for lanes in [8, 16, 32, 64] {
        let ratings = RowRatings(bench, rows: 5, others: 7)
        let (rows, offsets) = (bench.normal(5 * lanes), bench.normal(5 * lanes))
        let (mean, normals) = (bench.normal(lanes), bench.normal(5 * lanes))
        let precision = bench.uniform(lanes).map { $0 + 1 }
        let (others, targets) = (bench.normal(7 * lanes), bench.normal(ratings.others.count))
        let (noise, othersNoise) = (bench.uniform(5), bench.uniform(7).map { $0 + 0.5 })
        let place = bench.place(rows)
        var side = ck_side(
          D: Int64(lanes), rows: place, offsets: bench.place(offsets), noise: bench.place(noise),
          mean: bench.place(mean), precision: bench.place(precision),
          starts: bench.place(ratings.starts), others: bench.place(ratings.others),
          targets: bench.place(targets))
        ck_sample_rows(
          &side, bench.place(others), bench.place(othersNoise), 1.3, -0.8,
          bench.place(Array(normals[lanes...])), 1, 5)
        var expected = rows
        for row in 1..<5 {
          let at = row * lanes..<(row + 1) * lanes
          var A = [[Float]](repeating: [Float](repeating: 0, count: lanes), count: lanes)
          var b = [Float](repeating: 0, count: lanes)
          for n in Int(ratings.starts[row])..<Int(ratings.starts[row + 1]) {
            let other = Int(ratings.others[n])
            var f = Array(others[(other * lanes)..<((other + 1) * lanes)])
            let target = othersNoise[other] * (targets[n] - f[0])
            f[0] = 1
            for i in 0..<lanes {
              b[i].addProduct(target, f[i])
              for k in 0..<lanes { A[k][i].addProduct(f[k], f[i] * othersNoise[other]) }
            }
          }
          let weight = 1.3 * noise[row]
          for k in 0..<lanes {
            for i in 0..<lanes { A[k][i] *= weight }
            A[k][k] += precision[k]
            b[k] = b[k] * weight + precision[k] * (mean[k] + offsets[at.lowerBound + k])
          }
          expected.replaceSubrange(
            at, with: drawn(Array(rows[at]), &A, &b, Array(normals[at]), relaxation: -0.8))
        }
        bench.expect(bench.values(place, 5 * lanes), expected, "\(lanes) lanes")
      }
    },
    KernelCase("ck_sample_implicit") { bench in
      for lanes in [8, 16, 32, 64] {
        // By rows of the other side.
        let ratings = RowRatings(bench, rows: 7, others: 5)
        var (implicit, residuals) = (bench.normal(7 * lanes), bench.normal(5 * lanes))
        let (weights, normals) = (bench.uniform(5), bench.normal(6 * lanes))
        let precision = bench.uniform(lanes).map { $0 + 1 }
        let prior = bench.uniform(lanes).map { $0 + 1 }
        let (place, residualPlace) = (bench.place(implicit), bench.place(residuals))
        ck_sample_implicit(
          place, residualPlace, bench.place(weights), bench.place(ratings.starts),
          bench.place(ratings.others), bench.place(precision), bench.place(prior), -0.8,
          bench.place(normals), 1, 7, Int64(lanes))
        let rest = Float(1 - Float(-0.8) * Float(-0.8)).squareRoot()
        for row in 1..<7 {
          let members = ratings.others(of: row)
          guard !members.isEmpty else { continue }
          for k in 0..<lanes {
            var (sum, squares) = (Float(0), Float(0))
            for other in members {
              squares.addProduct(weights[other], weights[other])
              sum.addProduct(weights[other], residuals[other * lanes + k])
            }
            let old = implicit[row * lanes + k]
            let total = precision[k] * squares + prior[k]
            let center = precision[k] * (sum + squares * old) / total
            let now =
              center + -0.8 * (old - center)
              + rest * normals[(row - 1) * lanes + k] / total.squareRoot()
            implicit[row * lanes + k] = now
            for other in members {
              residuals[other * lanes + k].addProduct(-weights[other], now - old)
            }
          }
        }
        bench.expect(bench.values(place, implicit.count), implicit, "\(lanes) lanes")
        bench.expect(bench.values(residualPlace, residuals.count), residuals, "residuals")
      }
    },
    KernelCase("ck_positions") { bench in
      for lanes in [8, 16, 32, 64] {
        let (users, items) = (bench.normal(4 * lanes), bench.normal(6 * lanes))
        let pairs = bench.pairs(20)
        let out = bench.room(20)
        ck_positions(
          out, bench.place(pairs), 20, bench.place(users), bench.place(items), Int64(lanes))
        let expected = (0..<20).map { n -> Float in
          let (user, item) = (Int(pairs[2 * n]) * lanes, Int(pairs[2 * n + 1]) * lanes)
          var terms = (0..<lanes).map { users[user + $0] * ($0 == 0 ? 1 : items[item + $0]) }
          while terms.count > 1 {
            let half = terms.count / 2
            terms = (0..<half).map { terms[$0] + terms[$0 + half] }
          }
          return terms[0] + items[item]
        }
        bench.expect(bench.values(out, 20), expected, "\(lanes) lanes")
      }
    },
    KernelCase("ck_row_residuals") { bench in
      let (rows, offsets) = (bench.mixed(3 * 16), bench.mixed(3 * 16))
      let (mean, out) = (bench.mixed(16), bench.room(3 * 16))
      ck_row_residuals(out, bench.place(rows), bench.place(offsets), bench.place(mean), 3, 16)
      bench.expect(
        bench.values(out, rows.count), rows.indices.map { rows[$0] - mean[$0 % 16] - offsets[$0] },
        "3 rows")
    },
    KernelCase("ck_lane_moments") { bench in
      let (rows, offsets) = (bench.normal(9 * 16), bench.normal(9 * 16))
      for isOffset in [true, false] {
        let sums = bench.place([Double](repeating: 1, count: 16))
        let squares = bench.place([Double](repeating: 2, count: 16))
        ck_lane_moments(
          sums, squares, bench.place(rows), isOffset ? bench.place(offsets) : nil, 9, 16)
        var (expected, expectedSquares) = (
          [Double](repeating: 1, count: 16), [Double](repeating: 2, count: 16)
        )
        for n in rows.indices {
          let d = Double(rows[n] - (isOffset ? offsets[n] : 0))
          expected[n % 16] += d
          expectedSquares[n % 16] += d * d
        }
        bench.expect(bench.values(sums, 16), expected, "sums")
        bench.expect(bench.values(squares, 16), expectedSquares, "squares")
      }
    },
    KernelCase("ck_noise_sums") { bench in
      let ratings = RowRatings(bench, rows: 5, others: 7)
      let count = ratings.others.count
      let (residuals, noise) = (bench.normal(count), bench.uniform(7))
      let places = (0..<count).map { Int32(count - 1 - $0) }
      for isPlaced in [true, false] {
        let sums = bench.place([Double](repeating: -7, count: 5))
        ck_noise_sums(
          sums, bench.place(ratings.starts), bench.place(ratings.others),
          isPlaced ? bench.place(places) : nil, bench.place(residuals), bench.place(noise), 1, 5)
        let expected =
          [-7]
          + (1..<5).map { row in
            (Int(ratings.starts[row])..<Int(ratings.starts[row + 1])).reduce(0.0) { sum, n in
              let d = residuals[isPlaced ? Int(places[n]) : n]
              return sum + Double(d * d * noise[Int(ratings.others[n])])
            }
          }
        bench.expect(bench.values(sums, 5), expected, "by place: \(isPlaced)")
      }
    },
    stars,
    KernelCase("ck_sample_latent") { bench in
      let given = StarRatings(bench)
      let (uniforms, out) = (bench.uniform(given.count), bench.room(given.count))
      ck_sample_latent(
        out, bench.place(given.x), bench.place(given.pairs), bench.place(given.stars),
        bench.place(given.users), bench.place(given.items), bench.place(given.cuts),
        bench.place(uniforms), Int64(given.count))
      let expected = (0..<given.count).map { n -> Double in
        let (low, high, root) = given.bounds(n)
        let x = Double(given.x[n])
        // In the lower tail, where shares keep their digits.
        let turn: Double = low + high > 2 * x ? -1 : 1
        let (a, b) = turn > 0 ? (low - x, high - x) : (x - high, x - low)
        let below = share(a * root)
        let wanted = below + Double(uniforms[n]) * (share(b * root) - below)
        var (left, right) = (max(a * root, -13), min(b * root, 13))
        for _ in 0..<200 {
          let middle = (left + right) / 2
          if share(middle) < wanted { left = middle } else { right = middle }
        }
        return x + turn * left / root
      }
      bench.expect(bench.values(out, given.count), near: expected, within: 3e-4, "latent")
    },
    KernelCase("ck_cut_gains") { bench in
      let given = StarRatings(bench)
      var moved = given.cuts
      (moved[1], moved[3]) = (moved[1] + 0.1, moved[3] - 0.1)
      let gains = bench.place([Double](repeating: 0, count: 5))
      ck_cut_gains(
        gains, bench.place(given.x), bench.place(given.pairs), bench.place(given.stars),
        bench.place(given.users), bench.place(given.items), bench.place(given.cuts),
        bench.place(moved), Int64(given.count))
      var expected = [Double](repeating: 0, count: 5)
      for n in 0..<given.count {
        let star = Int(given.stars[n])
        let likelihoods = [given.cuts, moved].map { cuts -> Double in
          let (low, high, root) = given.bounds(n, cuts)
          let x = Double(given.x[n])
          return low + high > 2 * x
            ? share((x - low) * root) - share((x - high) * root)
            : share((high - x) * root) - share((low - x) * root)
        }
        expected[star] += log(likelihoods[1]) - log(likelihoods[0])
      }
      bench.expect(bench.values(gains, 5).map { Float($0) }, near: expected, within: 2e-4, "gains")
    },
  ]

  private static let stars = KernelCase("ck_star_shares") { bench in
    let given = StarRatings(bench)
    let cuts = Array(given.cuts[1...4])
    let before = bench.uniform(4 * given.count)
    for weight: Float in [1, 0.25] {
      let out = bench.place(before)
      ck_star_shares(
        out, bench.place(given.x), bench.place(given.pairs), bench.place(given.users),
        bench.place(given.items), 1.7, bench.place(cuts), 4, weight, Int64(given.count),
        Int64(given.count))
      let expected = before.indices.map { place -> Double in
        let (c, n) = (place / given.count, place % given.count)
        let root = (1.7 * given.noise(n)).squareRoot()
        let now = share((Double(cuts[c]) - Double(given.x[n])) * root)
        return Double(before[place]) + Double(weight) * (now - Double(before[place]))
      }
      bench.expect(bench.values(out, before.count), near: expected, within: 2e-6, "\(weight)")
    }
  }

  /// Philox 4×32-10 as its authors wrote it.
  private static func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var (x, k) = (counter, key)
    for round in 0..<10 {
      if round > 0 { k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85] }
      let (p, q) = (UInt64(x[0]) * 0xD251_1F53, UInt64(x[2]) * 0xCD9E_8D57)
      x = [
        UInt32(q >> 32) ^ x[1] ^ k[0], UInt32(truncatingIfNeeded: q),
        UInt32(p >> 32) ^ x[3] ^ k[1], UInt32(truncatingIfNeeded: p),
      ]
    }
    return x
  }

  /// A normal row with precision A and mean A⁻¹ b.
  private static func drawn(
    _ row: [Float], _ A: inout [[Float]], _ b: inout [Float], _ normals: [Float], relaxation: Float
  ) -> [Float] {
    let lanes = row.count
    let rest = Float(1 - relaxation * relaxation).squareRoot()
    var (inverse, y) = ([Float](), [Float]())
    for k in 0..<lanes {
      inverse.append(1 / A[k][k].squareRoot())
      for i in 0..<lanes { A[k][i] *= inverse[k] }
      y.append(b[k] * inverse[k])
      for i in 0..<lanes { b[i].addProduct(-y[k], A[k][i]) }
      for i in (k + 1)..<max(lanes, k + 1) {
        let factor = A[k][i]
        for j in 0..<lanes { A[i][j].addProduct(-factor, A[k][j]) }
      }
    }
    for k in (0..<lanes).reversed() {
      var s = (1 - relaxation) * y[k] + rest * normals[k]
      for j in (k + 1..<max(lanes, k + 1)).reversed() { s.addProduct(-A[k][j], y[j]) }
      y[k] = s * inverse[k]
    }
    return (0..<lanes).map { y[$0].addingProduct(relaxation, row[$0]) }
  }

  /// The share of a normal distribution below a place.
  private static func share(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}

/// Which other rows each of some rows has ratings with; the second has none.
private struct RowRatings {
  let starts: [Int64]
  let others: [Int32]

  init(_ bench: Workbench, rows: Int, others count: Int) {
    let counts = (0..<rows).map { $0 == 2 ? 0 : $0 + 1 }
    starts = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int64($1)) }
    others = counts.flatMap { Array(0..<Int32($0)) }.map { ($0 * 3 + 1) % Int32(count) }
  }

  func others(of row: Int) -> [Int] {
    others[Int(starts[row])..<Int(starts[row + 1])].map { Int($0) }
  }
}

/// Ratings of five stars of 4 users and 6 items.
private struct StarRatings {
  let count = 300
  let x: [Float]
  let pairs: [Int32]
  let stars: [Int32]
  let users: [Float]
  let items: [Float]
  let cuts: [Float] = [-1e9, -1.5, -0.6, 0.3, 1.4, 1e9]

  init(_ bench: Workbench) {
    x = bench.normal(count)
    pairs = bench.pairs(count)
    stars = bench.indices(count, below: 5).map { Int32($0) }
    (users, items) = (bench.uniform(4).map { $0 + 0.5 }, bench.uniform(6).map { $0 + 0.5 })
  }

  func noise(_ n: Int) -> Double {
    Double(users[Int(pairs[2 * n])]) * Double(items[Int(pairs[2 * n + 1])])
  }

  func bounds(_ n: Int, _ cuts: [Float]? = nil) -> (low: Double, high: Double, root: Double) {
    let (cuts, star) = (cuts ?? self.cuts, Int(stars[n]))
    return (Double(cuts[star]), Double(cuts[star + 1]), noise(n).squareRoot())
  }
}

extension Workbench {
  /// Pairs of one of 4 users and one of 6 items.
  fileprivate func pairs(_ count: Int) -> [Int32] {
    zip(indices(count, below: 4), indices(count, below: 6)).flatMap { [Int32($0), Int32($1)] }
  }
}
