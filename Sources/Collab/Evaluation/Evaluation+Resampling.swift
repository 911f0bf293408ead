import CollabTensors
import CollabThreading

extension Evaluation {
  /// Figures and their intervals, from what each model was found to do with each user.
  ///
  /// What was found of the same user in several splits is drawn together.
  ///
  /// - Parameters:
  ///   - models: what they are called.
  ///   - splits: ratings that were held out, with a judgement for each model.
  ///   - metrics: the columns of the judgements.
  ///   - bootstrap: draws the users anew.
  ///   - threads: how many may be used.
  /// - Throws: ``TensorError/interrupted``.
  init(
    _ models: [String], _ splits: [JudgedSplit], _ metrics: [Metric], _ bootstrap: Bootstrap,
    _ threads: Threads
  ) throws(TensorError) {
    // The sums that figures are ratios of: ratings, users whose lists are judged, users whose order is,
    // then the parts of each model.
    let columns = 3 + models.count * metrics.count
    let keys = Set(splits.flatMap { $0.heldOut.users.map(\.key) }).sorted()
    let rows = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    let known = Set(splits.flatMap { $0.heldOut.users.filter(\.isKnown).map(\.key) })
    var values = [Double](repeating: 0, count: keys.count * columns)
    for split in splits {
      for (place, user) in split.heldOut.users.enumerated() {
        let row = rows[user.key, default: 0] * columns
        values[row] += Double(user.places.count)
        values[row + 1] += user.isJudged ? 1 : 0
        values[row + 2] += user.isOrdered ? 1 : 0
        for (model, judgement) in split.judgements.enumerated() {
          for metric in metrics.indices {
            values[row + 3 + model * metrics.count + metric] +=
              judgement.parts[place * metrics.count + metric]
          }
        }
      }
    }
    var totals = [Double](repeating: 0, count: columns)
    for (place, value) in values.enumerated() { totals[place % columns] += value }
    let listed = models.indices.map { model in
      metrics.map { metric in
        metric.kind == .coverage
          ? ListedItems(splits, of: model, k: metric.k) { rows[$0, default: 0] } : nil
      }
    }
    let itemCount = splits.reduce(0) { $0 + $1.itemCount }
    var covered = [Int32](
      repeating: 0, count: bootstrap.resamples * models.count * metrics.count)
    let sums = try covered.withUnsafeMutableBufferPointer { covered throws(TensorError) in
      // Each resample has its own part.
      nonisolated(unsafe) let covered = covered
      return try bootstrap.sums(of: values, columns: columns, threads) { resample, weights in
        for (model, columns) in listed.enumerated() {
          for (metric, items) in columns.enumerated() {
            guard let items else { continue }
            let place = (resample * models.count + model) * metrics.count + metric
            covered[place] = Int32(clamping: items.count(among: weights))
          }
        }
      }
    }
    func figure(_ metric: Int, of model: Int, _ sums: ArraySlice<Double>, covered: Int) -> Double {
      let (first, kind) = (sums.startIndex, metrics[metric].kind)
      let part = sums[first + 3 + model * metrics.count + metric]
      return switch kind {
      // Where nobody is listed for, nothing can be said.
      case .coverage: sums[first + 1] > 0 ? Double(covered) / Double(itemCount) : .nan
      case .rmse: (part / sums[first]).squareRoot()
      case .mae: part / sums[first]
      case .auc: part / sums[first + 2]
      default: part / sums[first + 1]
      }
    }
    var resampled: [[[Double]]] = []
    var shown: [Row] = []
    for (model, name) in models.enumerated() {
      var estimates: [Estimate] = []
      var figures: [[Double]] = []
      for metric in metrics.indices {
        let value = figure(
          metric, of: model, totals[...], covered: listed[model][metric]?.count ?? 0)
        var drawn = (0..<bootstrap.resamples).map { resample in
          figure(
            metric, of: model, sums[(resample * columns)..<((resample + 1) * columns)],
            covered: Int(covered[(resample * models.count + model) * metrics.count + metric]))
        }
        if metrics[metric].kind == .coverage {
          // Users drawn anew are fewer different ones, and list fewer different items.
          let known = drawn.filter { !$0.isNaN }
          let shift = value - known.reduce(0, +) / Double(max(known.count, 1))
          drawn = drawn.map { $0 + shift }
        }
        estimates.append(Estimate(value, resampled: drawn))
        figures.append(drawn)
      }
      shown.append(Row(model: name, estimates: estimates))
      resampled.append(figures)
    }
    self.init(
      metrics: metrics, rows: shown, userCount: keys.count,
      judgedCount: keys.indices.count { values[$0 * columns + 1] > 0 },
      strangerCount: keys.count - known.count,
      relevant: splits.first?.heldOut.threshold ?? .nan,
      resamples: bootstrap.resamples, resampled: resampled)
  }
}

/// Who lists each item.
private struct ListedItems {
  /// Users with the item in their list, for each item that is in one.
  private let listers: [[Int32]]

  /// - Parameters:
  ///   - splits: what was listed.
  ///   - model: whose lists they are.
  ///   - k: how many items of each list count.
  ///   - row: the row of a user in the weights.
  init(_ splits: [JudgedSplit], of model: Int, k: Int, row: (Int32) -> Int) {
    listers = splits.flatMap { split in
      var (items, users): ([Int32], [Int32]) = ([], [])
      for (user, list) in zip(split.heldOut.users, split.judgements[model].lists)
      where !list.isEmpty {
        items += list.prefix(k)
        users += repeatElement(Int32(clamping: row(user.key)), count: min(k, list.count))
      }
      let groups = EqualKeys(items)
      return (0..<groups.count).map { groups[$0].map { users[Int($0)] } }
    }
  }

  /// Items in any list.
  var count: Int { listers.count }

  /// Items in the list of a user who was drawn.
  func count(among weights: [UInt16]) -> Int {
    listers.count { $0.contains { weights[Int($0)] > 0 } }
  }
}
