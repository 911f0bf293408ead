import CCollabKernels

extension KernelCase {
  /// Kernels of models that are not trained by gradients.
  static let neighbors: [KernelCase] = [
    KernelCase("ck_add_products") { bench in
      for count in Workbench.counts {
        let (others, own) = (bench.mixed(count), bench.normal(1)[0])
        let index = bench.indices(count, below: 12).map { Int32(truncatingIfNeeded: $0) }
        let before = bench.normal(4 * 12)
        let sums = bench.place(before)
        ck_add_products(sums, own, bench.place(index), bench.place(others), Int64(count))
        var expected = before
        for (item, other) in zip(index, others) {
          let first = 4 * Int(item)
          expected[first].addProduct(own, other)
          expected[first + 1].addProduct(own, own)
          expected[first + 2].addProduct(other, other)
          expected[first + 3] += 1
        }
        bench.expect(bench.values(sums, 4 * 12), expected, "\(count) ratings")
      }
    },
    KernelCase("ck_correlations") { bench in
      for count in Workbench.counts {
        for shrinkage: Float in [0, 100] {
          let (products, squares) = (bench.normal(count), bench.uniform(2 * count))
          let numbers = bench.indices(count, below: 5)
          var sums: [Float] = []
          for place in 0..<count {
            // Some have nothing in common, or no spread.
            let spread = place % 5 == 4 ? 0 : squares[place]
            sums += [products[place], spread, squares[count + place], Float(numbers[place])]
          }
          let out = bench.room(count)
          ck_correlations(out, bench.place(sums), shrinkage, Int64(count))
          let expected = (0..<count).map { place -> Float in
            let spread = sums[4 * place + 1].squareRoot() * sums[4 * place + 2].squareRoot()
            let others = sums[4 * place + 3] - 1
            guard others > 0, spread > 0 else { return 0 }
            let weight = others / (others + shrinkage)
            let correlation = products[place] / spread
            return weight * correlation
          }
          bench.expect(bench.values(out, count), expected, "\(count) items, \(shrinkage)")
        }
      }
    },
    KernelCase("ck_neighbor_offsets") { bench in
      for kept in [1, 3, 8, 40] {
        for most in [1, 3, 100] { offsets(bench, kept, most) }
      }
    },
    KernelCase("ck_least_squares") { bench in
      for factors in [1, 5, 6, 7, 14, 22, 30] {
        for count in [1, 3, 20, 129] {
          for ridge: Float in [0, 3] { solve(bench, factors, count, ridge) }
        }
      }
      solve(bench, 50, 260, 3)
    },
    KernelCase("ck_implicit_squares") { bench in
      for factors in [1, 6, 7, 8, 22, 64] {
        for count in [0, 1, 20, 129] { solveImplicit(bench, factors, count) }
      }
    },
    KernelCase("ck_add_scattered") { bench in
      for count in Workbench.counts {
        let (before, x) = (bench.normal(12), bench.mixed(count))
        let index = bench.indices(count, below: 12).map { Int32(truncatingIfNeeded: $0) }
        let out = bench.place(before)
        ck_add_scattered(out, 0.7, bench.place(index), bench.place(x), Int64(count))
        var expected = before
        for (place, x) in zip(index, x) { expected[Int(place)].addProduct(0.7, x) }
        bench.expect(bench.values(out, 12), expected, "\(count) numbers")
      }
    },
    KernelCase("ck_add_weighted_rows") { bench in
      for columns in Workbench.counts {
        let (count, stride) = (5, columns + 3)
        let table = bench.normal(7 * stride)
        let (before, weights) = (bench.normal(columns), bench.normal(count))
        let index = bench.indices(count, below: 7).map { Int32(truncatingIfNeeded: $0) }
        let out = bench.place(before)
        ck_add_weighted_rows(
          out, bench.place(table), Int64(stride), bench.place(index), bench.place(weights),
          Int64(count), Int64(columns))
        var expected = before
        for (row, weight) in zip(index, weights) {
          for column in 0..<columns {
            expected[column].addProduct(weight, table[Int(row) * stride + column])
          }
        }
        bench.expect(bench.values(out, columns), expected, "\(columns) columns")
      }
    },
  ]

  /// Neighbours of eleven items, some of which are none, and a taste that knows some.
  private static func offsets(_ bench: Workbench, _ kept: Int, _ most: Int) {
    let itemCount = 11
    let neighbors = bench.indices(itemCount * kept, below: itemCount + 3).map { $0 - 1 }
    let similarities = bench.normal(itemCount * kept).map { $0 + 1 }
    let known = bench.uniform(itemCount)
    let taste = zip(bench.normal(itemCount), known).map { $1 < 0.4 ? Float.nan : $0 }
    let items = bench.indices(30, below: itemCount)
    let out = bench.room(items.count)
    ck_neighbor_offsets(
      out, bench.place(items), Int64(items.count), bench.place(taste), Int64(itemCount),
      bench.place(neighbors), bench.place(similarities), Int64(kept), Int64(most))
    let expected = items.map { item -> Float in
      var (weight, sum, used): (Float, Float, Int) = (0, 0, 0)
      for place in Int(item) * kept..<Int(item + 1) * kept {
        guard used < most, similarities[place] > 0 else { break }
        let neighbor = Int(neighbors[place])
        guard taste.indices.contains(neighbor), !taste[neighbor].isNaN else { continue }
        weight += similarities[place]
        sum.addProduct(similarities[place], taste[neighbor])
        used += 1
      }
      return used > 0 ? sum / weight : 0
    }
    bench.expect(bench.values(out, items.count), expected, "\(most) of \(kept) neighbours")
  }

  /// Equations of some ratings, of which a third is of one row.
  private static func solve(_ bench: Workbench, _ factors: Int, _ count: Int, _ ridge: Float) {
    let rows = 40
    let (table, bias) = (bench.normal(rows * factors), bench.normal(rows))
    let index = bench.indices(count, below: rows).map { Int32(truncatingIfNeeded: $0) }
    let stars = bench.uniform(count).map { ($0 * 5).rounded(.up) }
    let width = (factors + 2 + 7) / 8 * 8
    let depth = Int(CK_SQUARES_DEPTH)
    let (out, error) = (bench.room(factors + 1), bench.room(1))
    ck_least_squares(
      out, error, bench.room((depth + width) * width), bench.place(table), bench.place(bias),
      bench.place(index), bench.place(stars), 3.5, ridge, Int64(count), Int64(factors))
    // Unknowns of a rating, and its target behind them.
    let last = factors + 1
    let ratings = zip(index, stars).map { row, stars in
      Array(table[(Int(row) * factors)..<(Int(row + 1) * factors)])
        + [1, stars - 3.5 - bias[Int(row)]]
    }
    var matrix = sums(of: ratings, unknowns: last, piece: depth) { _, _ in 0 }
    let (solution, cost) = solve(&matrix, ridge)
    let note = "\(factors) factors, \(count) ratings, ridge \(ridge)"
    bench.expect(bench.values(out, last), solution, note)
    bench.expect(bench.values(error, 1), [matrix[last][last] - ridge * cost], "\(note): error")
  }

  /// The equations of factors from targets that count by weights, and from products of all rows.
  private static func solveImplicit(_ bench: Workbench, _ factors: Int, _ count: Int) {
    let rows = 40
    let table = bench.normal(rows * factors)
    let all = (0..<factors * factors).map { place -> Float in
      place / factors == place % factors ? 2 : 0.1
    }
    let index = bench.indices(count, below: rows).map { Int32(truncatingIfNeeded: $0) }
    let (weights, targets) = (bench.uniform(count), bench.normal(count))
    let width = (factors + 2 + 7) / 8 * 8
    let depth = Int(CK_SQUARES_DEPTH)
    let out = bench.room(factors)
    ck_implicit_squares(
      out, bench.room((depth + width) * width), bench.place(table), bench.place(all),
      bench.place(index), bench.place(weights), bench.place(targets), 0.5, Int64(count),
      Int64(factors))
    let known = index.indices.map { place -> [Float] in
      let (root, first) = (weights[place].squareRoot(), Int(index[place]) * factors)
      return (table[first..<(first + factors)] + [targets[place]]).map { root * $0 }
    }
    var matrix = sums(of: known, unknowns: factors, piece: depth) { i, j in
      i < factors && j < factors ? all[i * factors + j] : 0
    }
    let solution = solve(&matrix, 0.5).solution
    bench.expect(bench.values(out, factors), solution, "\(factors) factors, \(count) targets")
  }

  /// The products of unknowns and target with each other, some rows at a time, on top of a start.
  private static func sums(
    of rows: [[Float]], unknowns: Int, piece: Int, from start: (Int, Int) -> Float
  ) -> [[Float]] {
    var matrix = (0...unknowns).map { i in (0...unknowns).map { j in start(i, j) } }
    for first in stride(from: 0, to: rows.count, by: piece) {
      for i in 0...unknowns {
        for j in i...unknowns {
          var sum: Float = 0
          for row in rows[first..<min(first + piece, rows.count)] {
            sum.addProduct(row[i], row[j])
          }
          matrix[i][j] += sum
        }
      }
    }
    return matrix
  }

  /// The unknowns of equations, of which the part from the diagonal on counts, and their squares' sum.
  private static func solve(
    _ matrix: inout [[Float]], _ ridge: Float
  ) -> (solution: [Float], cost: Float) {
    let last = matrix.count - 1
    for i in 0..<last { matrix[i][i] += ridge }
    let squares = (0..<last).map { matrix[$0][$0] }
    for k in 0..<last {
      let inverse = matrix[k][k] > 1e-6 * squares[k] ? 1 / matrix[k][k].squareRoot() : 0
      for j in k...last { matrix[k][j] *= inverse }
      for i in (k + 1)...last {
        for j in i...last { matrix[i][j].addProduct(-matrix[k][i], matrix[k][j]) }
      }
      matrix[k][k] = inverse
    }
    var solution = [Float](repeating: 0, count: last)
    var cost: Float = 0
    for k in stride(from: last - 1, through: 0, by: -1) {
      var sum = matrix[k][last]
      for j in (k + 1)..<max(last, k + 1) { sum.addProduct(-matrix[k][j], solution[j]) }
      solution[k] = sum * matrix[k][k]
      cost.addProduct(solution[k], solution[k])
    }
    return (solution, cost)
  }
}
