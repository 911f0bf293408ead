import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import TestSupport
import Testing

struct NeighborsTests {
  @Test func `similarities are cosines`() throws {
    let table = try Tensor([[3, 4], [6, 8], [-4, 3], [0, 0], [-3, -4]] as [[Float]])
    let cosines = try Neighbors.similarities(to: 0, in: table)
    #expect(isClose(cosines, [1, 1, 0, 0, -1], within: 1e-6))
    #expect(try Neighbors.nearest(2, to: 0, in: table).map(\.index) == [1, 2])
    #expect(throws: TensorError.indexOutOfRange(5, size: 5, dimension: 0)) {
      try Neighbors.nearest(1, to: 5, in: table)
    }
  }

  @Test func `similarities of wide rows agree with double sums`() throws {
    var random = TorchGenerator(seed: 1)
    let rows = (0..<9).map { _ in random.normal(count: 50) }
    let cosines = try Neighbors.similarities(to: 4, in: Tensor(rows))
    func dot(_ a: [Float], _ b: [Float]) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let expected = rows.map {
      Float(dot($0, rows[4]) / (dot($0, $0) * dot(rows[4], rows[4])).squareRoot())
    }
    #expect(isClose(cosines, expected, within: 5e-7))
  }
}

struct RecommendationTests {
  @Test(arguments: ["dot", "dotbias", "dotbias_raw", "collab", "nn"])
  func `the highest predictions of unrated items come first`(name: String) throws {
    let session = try ChapterSession(ChapterSession.small(), seed: 42, sampler: "shuffle")
    let learner = try session.learner(#require(ChapterModel(name)))
    try learner.fit(epochs: 3, .oneCycle(maximum: 5e-3))
    let users = Array(1..<session.loaders.users.count)
    let lists = try Recommender(learner).recommendations(for: users, count: 4)
    for (user, list) in zip(users, lists) {
      var rated: Set<Int> = [0]
      for set in [session.loaders.training, session.loaders.validation] {
        for (other, item) in zip(set.users, set.items) where Int(other) == user {
          rated.insert(Int(item))
        }
      }
      let open = (0..<session.loaders.items.count).filter { !rated.contains($0) }
      let pairs = open.flatMap { [Int64(user), Int64($0)] }
      let ratings = try learner.model.forward(Tensor(pairs, shape: [open.count, 2]))
        .scalars(as: Float.self)
      let best = ratings.sorted(by: >).prefix(4)
      #expect(isClose(list.map(\.rating), Array(best), within: 2e-6))
      #expect(list.allSatisfy { !rated.contains($0.item) })
    }
  }
}
