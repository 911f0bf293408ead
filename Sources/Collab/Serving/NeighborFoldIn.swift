import CollabTensors

/// Takes somebody new into a neighbourhood model, which needs no fitting: it predicts from what they have
/// given to similar items.
///
/// Their bias is what the baseline's training would find.
final class NeighborFoldIn: FoldIn {
  private let model: ItemKNN

  init(_ model: ItemKNN) { self.model = model }

  func rater(of ratings: [ItemRating]) -> Rater {
    let (mean, biases) = (
      model.baseline.mean.scalars(as: Float.self)[0],
      model.baseline.itemBias.scalars(as: Float.self)
    )
    let bias = model.baseline.bias(of: ratings)
    var taste = model.unknownTaste()
    model.learn(
      &taste, ratings.map { Int32(clamping: $0.item) }[...], ratings.map(\.stars)[...],
      userBias: bias)
    return Rater(ratings: ratings, bias: bias) { [model, taste] items in
      zip(items, model.offsets(of: items.map { Int64($0) }[...], taste)).map { item, offset in
        mean + bias + biases[item] + offset
      }
    }
  }
}
