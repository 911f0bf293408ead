public import CollabRandomness

/// What a model is worth for somebody new, by how many of their ratings are known.
///
/// The ratings that are held out must be of users whom training does not know. For each number, so many
/// of a user's ratings, drawn once, are folded in, and the others predicted: the same others for all
/// numbers, so that rows compare.
public struct FoldInEvaluation: Sendable {
  /// How far predictions are off when so many ratings are known.
  public struct Row: Sendable {
    /// How many ratings of each user were folded in.
    public let known: Int
    /// Root of the mean squared error of the model.
    public let model: Double
    /// That of the items' means, drawn to the mean of all, the same for everybody.
    public let itemMeans: Double
    /// That of the means of the user's known ratings, drawn to the mean of all.
    public let userMean: Double
  }

  /// A row for each number, in the order given.
  public let rows: [Row]
  /// How many users have ratings enough.
  public let userCount: Int

  /// As many ratings of the mean as a user's or an item's mean is drawn to it by.
  private static let shrinkage = 10.0

  /// Folds in users who are held out; nil if it was stopped.
  ///
  /// - Parameters:
  ///   - learner: whose model is judged.
  ///   - numbers: how many ratings are known.
  ///   - streams: draws which of them.
  ///   - goesOn: is told how much is done, from 0 to 1, and says whether to go on.
  /// - Throws: ``EvaluationError/nobodyNew(most:)``, and what the model throws.
  public init?(
    _ learner: Learner, knowing numbers: [Int], using streams: RandomStreams,
    while goesOn: (Double) -> Bool = { _ in true }
  ) throws {
    let loaders = learner.loaders
    let most = numbers.max() ?? 0
    guard let scale = loaders.scale else { throw EvaluationError.nothingHeldOut }
    let (items, stars) = (Array(loaders.validation.items), Array(loaders.validation.stars))
    var order = try HeldOut(loaders, relevant: 0).users.filter { !$0.isKnown }.map { user in
      user.places.map { Int($0) }.filter { loaders.isTrained(Int(items[$0]), of: .items) }
    }.filter { $0.count > most }
    guard !order.isEmpty else { throw EvaluationError.nobodyNew(most: most) }
    order = order.map { places in
      streams.torch.permutation(of: places.count).map { places[Int($0)] }
    }
    let mean = loaders.baseline.mean
    let byItem = loaders.trainingByItem
    func itemMean(_ item: Int) -> Double {
      let stars = byItem.stars(of: item)
      return (stars.reduce(0) { $0 + Double($1) } + Self.shrinkage * mean)
        / (Double(stars.count) + Self.shrinkage)
    }
    var rows: [Row] = []
    for (number, known) in numbers.enumerated() {
      var (model, byItems, byUser, count) = (0.0, 0.0, 0.0, 0)
      for (done, places) in order.enumerated() {
        guard
          goesOn(
            (Double(number) + Double(done) / Double(order.count)) / Double(numbers.count))
        else { return nil }
        let ratings = places.prefix(known).map {
          ItemRating(item: Int(items[$0]), stars: stars[$0])
        }
        let others = places.dropFirst(most).map { Int(items[$0]) }
        let predictions = try learner.foldIn(ratings).predictions(of: others)
        let own =
          (ratings.reduce(0) { $0 + Double($1.stars) } + Self.shrinkage * mean)
          / (Double(known) + Self.shrinkage)
        for (place, prediction) in zip(places.dropFirst(most), predictions) {
          let rating = Double(stars[place])
          func error(_ value: Double) -> Double {
            let bounded = min(max(value, scale.lowest), scale.highest) - rating
            return bounded * bounded
          }
          model += error(Double(prediction))
          byItems += error(itemMean(Int(items[place])))
          byUser += error(own)
          count += 1
        }
      }
      func root(_ sum: Double) -> Double { (sum / Double(count)).squareRoot() }
      rows.append(
        Row(known: known, model: root(model), itemMeans: root(byItems), userMean: root(byUser)))
    }
    (self.rows, userCount) = (rows, order.count)
  }
}
