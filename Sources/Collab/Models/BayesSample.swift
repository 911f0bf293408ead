import CCollabKernels
import CollabLearning
import CollabTensors

/// A draw of everything that predictions need; it does not change.
final class BayesSample {
  let users: Tensor
  let items: Tensor
  let usersNoise: Tensor
  let itemsNoise: Tensor
  /// What each item adds to the means of the users who have rated it, `[items, lanes]`.
  let implicit: Tensor
  /// Of users' lanes the means and precisions, then mean and variance of `implicit` over ratings; then
  /// freedom, scale and how many ratings are typical of a user; then cuts.
  let numbers: Tensor

  /// A copy of where a chain stands.
  init(_ chain: GibbsChain, _ ratings: GibbsRatings) throws(TensorError) {
    func copy(_ tensor: Tensor) throws(TensorError) -> Tensor {
      try Tensor(tensor.scalars(as: Float.self), shape: tensor.shape)
    }
    (users, items) = (try copy(chain.users.rows), try copy(chain.items.rows))
    (usersNoise, itemsNoise) = (try copy(chain.users.noise), try copy(chain.items.noise))
    implicit = try copy(chain.users.implicit)
    let moments = ratings.moments(ofItems: implicit)
    numbers = try Tensor(
      chain.users.lanes.scalars(as: Float.self).prefix(2 * chain.lanes) + moments.mean
        + moments.variance + [chain.users.freedom.elements[0], chain[.scale], ratings.typicalCount]
        + UnsafeBufferPointer(start: chain.cuts, count: GibbsChain.cutCount))
  }

  /// One that was kept, if its tensors have the sizes of a chain.
  init?(_ tensors: [String: Tensor], like chain: GibbsChain) {
    let lanes = chain.lanes
    func tensor(_ name: String, _ shape: [Int]) -> Tensor? {
      tensors[name].flatMap { $0.shape == shape && $0.dtype == .float32 ? $0 : nil }
    }
    guard let users = tensor("users", [chain.users.count, lanes]),
      let items = tensor("items", [chain.items.count, lanes]),
      let usersNoise = tensor("users_noise", [chain.users.count]),
      let itemsNoise = tensor("items_noise", [chain.items.count]),
      let implicit = tensor("implicit", [chain.items.count, lanes]),
      let numbers = tensor("numbers", [Self.numberCount(lanes)])
    else { return nil }
    (self.users, self.items) = (users, items)
    (self.usersNoise, self.itemsNoise) = (usersNoise, itemsNoise)
    (self.implicit, self.numbers) = (implicit, numbers)
  }

  private static func numberCount(_ lanes: Int) -> Int { 4 * lanes + 3 + GibbsChain.cutCount }

  /// Lanes of a row.
  var lanes: Int { users.shape[1] }
  /// The precision of all ratings.
  var scale: Float { numbers.elements[4 * lanes + 1] }
  /// The degrees of freedom of the noise of users.
  var freedom: Float { numbers.elements[4 * lanes] }
  /// How many ratings are typical of a user.
  var typicalCount: Float { numbers.elements[4 * lanes + 2] }
  /// The mean of users' lanes.
  var mean: UnsafeMutablePointer<Float> { numbers.elements }
  /// The precisions of users' lanes.
  var precision: UnsafeMutablePointer<Float> { numbers.elements + lanes }
  /// The cuts of an ordinal likelihood, after one that is below all.
  var cuts: UnsafeMutablePointer<Float> { numbers.elements + 4 * lanes + 3 }
  /// The mean of ``implicit`` over all ratings.
  var implicitMean: UnsafeMutablePointer<Float> { numbers.elements + 2 * lanes }
  /// Its variance.
  var implicitVariance: UnsafeMutablePointer<Float> { numbers.elements + 3 * lanes }

  /// Its tensors by name.
  func members(_ place: Int) -> [Member] {
    let tensors = [
      ("users", users), ("items", items), ("users_noise", usersNoise), ("items_noise", itemsNoise),
      ("implicit", implicit), ("numbers", numbers),
    ]
    return tensors.map { .buffer("samples.\(place).\($0)", $1) }
  }

  /// How many bytes a draw of so many users and items takes.
  static func byteCount(users: Int, items: Int, lanes: Int) -> Int {
    4 * (users * (lanes + 1) + items * (2 * lanes + 1) + numberCount(lanes))
  }
}
