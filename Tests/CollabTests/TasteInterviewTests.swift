import Collab
import Testing

/// The interview asks what tells most.
struct TasteInterviewTests {
  private let learner: Learner
  private let popular: [Int]

  init() throws {
    let golden = try FoldInTests.Golden.read()
    let loaders = try golden.loaders()
    learner = Learner(loaders, try golden.model(loaders))
    popular = (1..<loaders.items.count).sorted {
      let counts = [$0, $1].map { loaders.trainingByItem.places(of: $0).count }
      return counts[0] == counts[1] ? $0 < $1 : counts[0] > counts[1]
    }
  }

  @Test func `the most rated come first, unknown ones included`() throws {
    var interview = TasteInterview(learner)
    for (place, stars) in [5, nil, 1, nil].enumerated() {
      let item = try #require(try interview.next())
      #expect(item == popular[place])
      interview.answer(item, stars.map { Float($0) })
    }
    #expect(interview.ratings.count == 2)
    #expect(try interview.next() == popular[4])
  }

  @Test func `after three ratings it asks what is expected to tell most`() throws {
    var interview = TasteInterview(learner)
    for item in popular.prefix(3) { interview.answer(item, 3) }
    let left = popular.dropFirst(3)
    let drops = try #require(
      try learner.folding().expectedDrops(of: Array(left), after: interview.ratings))
    let worth = zip(left, drops).map { item, drop in
      (item: item, value: Double(learner.loaders.trainingByItem.places(of: item).count) * drop)
    }
    #expect(try interview.next() == worth.max { $0.value < $1.value }?.item)
  }

  @Test func `an answer can be taken back, and questions come to an end`() throws {
    var interview = TasteInterview(learner)
    #expect(interview.takeBack() == nil)
    interview.answer(popular[0], 4)
    #expect(interview.takeBack() == popular[0])
    #expect(try interview.next() == popular[0])
    var count = 0
    while let item = try interview.next() {
      interview.answer(item, 3)
      count += 1
    }
    #expect(count == popular.count)
    #expect(Set(interview.answers.map(\.item)).count == count)
  }
}
