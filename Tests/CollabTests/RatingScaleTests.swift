import Collab
import CollabLearning
import Testing

struct RatingScaleTests {
  @Test(
    arguments: [
      ([1, 2, 3, 4, 5], 0, 5.5), ([3, 5, 1], 0, 5.5), ([4, 5], 0, 5.5),
      ([0.5, 1, 1.5, 2, 5], 0.25, 5.25), ([1, 1.5, 5], 0.75, 5.25),
      ([1, 2, 10], 0.5, 10.5), ([0, 1, 2, 3, 4, 5], -0.5, 5.5), ([1, 2, 3, 4], 0.5, 4.5),
      ([-1, 0, 1], -1.5, 1.5), ([-1, -0.5, 0, 1], -1.25, 1.25), ([0, 1], -0.5, 1.5),
      ([0.1, 0.2, 0.3, 1], 0.05, 1.05), ([1], 0.5, 1.5),
      ([-10, 3.57, 3.58, 10], -10.01, 10.01),
    ] as [([Float], Double, Double)])
  func `predictions end half a step beyond the ratings`(
    _ ratings: [Float], _ low: Double, _ high: Double
  ) throws {
    #expect(try #require(RatingScale(ratings)).range == RatingRange(low, high))
  }

  @Test func `a hundred whole numbers have steps of one`() throws {
    #expect(
      try #require(RatingScale((0...100).map(Float.init))).range == RatingRange(-0.5, 100.5))
  }

  @Test func `of ratings that may be any number a thousandth is the step`() throws {
    let ratings = (0...4000).map { Float(Double($0) / 2000 - 1) }
    #expect(try #require(RatingScale(ratings)).range == RatingRange(-1.001, 1.001))
    #expect(RatingScale([] as [Float]) == nil)
  }
}
