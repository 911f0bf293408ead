import CollabThreading

extension Evaluation {
  /// Figures and their intervals, from what each model was found to do with each user.
  ///
  /// - Parameters:
  ///   - judgements: a name and a judgement for each model, all of the same users.
  ///   - heldOut: those users.
  ///   - metrics: the columns of the judgements.
  ///   - itemCount: how many items there are to list.
  ///   - bootstrap: draws the users anew.
  ///   - threads: how many may be used.
  init(
    _ judgements: [(model: String, judgement: Judgement)], _ heldOut: HeldOut, _ metrics: [Metric],
    itemCount: Int, _ bootstrap: Bootstrap, _ threads: Threads
  ) {
    // The sums that figures are ratios of: ratings, users whose lists are judged, users whose order is,
    // then the parts of each model.
    let columns = 3 + judgements.count * metrics.count
    var values = [Double](repeating: 0, count: heldOut.users.count * columns)
    for (row, user) in heldOut.users.enumerated() {
      values[row * columns] = Double(user.places.count)
      values[row * columns + 1] = user.isJudged ? 1 : 0
      values[row * columns + 2] = user.isOrdered ? 1 : 0
      for (place, one) in judgements.enumerated() {
        let target = row * columns + 3 + place * metrics.count
        for metric in metrics.indices {
          values[target + metric] = one.judgement.parts[row * metrics.count + metric]
        }
      }
    }
    var totals = [Double](repeating: 0, count: columns)
    for (place, value) in values.enumerated() { totals[place % columns] += value }
    let listed = judgements.map { one in
      metrics.map { $0.kind == .coverage ? ListedItems(one.judgement.lists, k: $0.k) : nil }
    }
    var covered = [Int32](
      repeating: 0, count: bootstrap.resamples * judgements.count * metrics.count)
    let sums = covered.withUnsafeMutableBufferPointer { covered in
      // Each resample has its own part.
      nonisolated(unsafe) let covered = covered
      return bootstrap.sums(of: values, columns: columns, threads) { resample, weights in
        for (model, columns) in listed.enumerated() {
          for (metric, items) in columns.enumerated() {
            guard let items else { continue }
            let place = (resample * judgements.count + model) * metrics.count + metric
            covered[place] = Int32(clamping: items.count(among: weights))
          }
        }
      }
    }
    func figure(_ metric: Int, of model: Int, _ sums: ArraySlice<Double>, covered: Int) -> Double {
      let (first, kind) = (sums.startIndex, metrics[metric].kind)
      let part = sums[first + 3 + model * metrics.count + metric]
      return switch kind {
      case .coverage: Double(covered) / Double(itemCount)
      case .rmse: (part / sums[first]).squareRoot()
      case .mae: part / sums[first]
      case .auc: part / sums[first + 2]
      default: part / sums[first + 1]
      }
    }
    var resampled: [[[Double]]] = []
    var rows: [Row] = []
    for (model, one) in judgements.enumerated() {
      var estimates: [Estimate] = []
      var figures: [[Double]] = []
      for metric in metrics.indices {
        let value = figure(
          metric, of: model, totals[...], covered: listed[model][metric]?.count ?? 0)
        var drawn = (0..<bootstrap.resamples).map { resample in
          figure(
            metric, of: model, sums[(resample * columns)..<((resample + 1) * columns)],
            covered: Int(covered[(resample * judgements.count + model) * metrics.count + metric]))
        }
        if metrics[metric].kind == .coverage {
          // Users drawn anew are fewer different ones, and list fewer different items.
          let shift = value - drawn.reduce(0, +) / Double(max(drawn.count, 1))
          drawn = drawn.map { $0 + shift }
        }
        estimates.append(Estimate(value, resampled: drawn))
        figures.append(drawn)
      }
      rows.append(Row(model: one.model, estimates: estimates))
      resampled.append(figures)
    }
    self.init(
      metrics: metrics, rows: rows, userCount: heldOut.users.count,
      judgedCount: heldOut.users.count(where: \.isJudged), relevant: heldOut.threshold,
      resamples: bootstrap.resamples, resampled: resampled)
  }
}

/// Who lists each item.
private struct ListedItems {
  /// Users with the item in their list, for each item that is in one.
  private let listers: [[Int32]]

  init(_ lists: [[Int32]], k: Int) {
    var listers: [Int32: [Int32]] = [:]
    for (user, list) in lists.enumerated() {
      for item in list.prefix(k) { listers[item, default: []].append(Int32(clamping: user)) }
    }
    self.listers = listers.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Items in any list.
  var count: Int { listers.count }

  /// Items in the list of a user who was drawn.
  func count(among weights: [UInt16]) -> Int {
    listers.count { $0.contains { weights[Int($0)] > 0 } }
  }
}
