import Collab
import CollabTables
import Testing

/// The set is made once for all tests; nothing changes it.
private let demo = DemoRatings.generate()

struct DemoRatingsTests {
  @Test func `it has the sizes of MovieLens 100K`() throws {
    let summary = try RatingsSummary(demo.data().ratings)
    #expect(summary.ratingCount == 100_000)
    #expect(summary.userCount == 943)
    #expect(summary.itemCount == 1682)
    #expect(summary.titleCount == 1664)
    #expect(summary.sharedTitleCount == 18)
  }

  @Test func `stars are spread as in MovieLens 100K`() throws {
    let summary = try RatingsSummary(demo.data().ratings)
    #expect(summary.histogram.map(\.stars) == [1, 2, 3, 4, 5])
    #expect(summary.histogram.map(\.count) == [6_110, 11_370, 27_145, 34_174, 21_201])
    #expect(abs(summary.mean - 3.52986) < 1e-9)
  }

  @Test func `every user has rated at least 20 films and every film has a rating`() throws {
    let summary = try RatingsSummary(demo.data().ratings)
    #expect(summary.ratingsPerUser.minimum >= 20)
    #expect((50...80).contains(summary.ratingsPerUser.median))
    #expect((400...900).contains(summary.ratingsPerUser.maximum))
    #expect(summary.ratingsPerItem.minimum >= 1)
    #expect((20...40).contains(summary.ratingsPerItem.median))
    #expect((250...600).contains(summary.ratingsPerItem.maximum))
  }

  @Test func `no user rates a film twice`() throws {
    let users = try demo.ratings.column("user").integers()
    let movies = try demo.ratings.column("movie").integers()
    #expect(Set(zip(users, movies).map { $0 * 10_000 + $1 }).count == 100_000)
  }

  @Test func `times are seconds of the year 2000 or soon after`() throws {
    let times = try demo.ratings.column("timestamp").integers()
    #expect(times.allSatisfy { (946_684_800..<1_009_843_200).contains($0) })
  }

  @Test func `titles are as awkward as real ones`() throws {
    let titles = try titles()
    #expect(titles.contains { $0.contains(", The (") })
    #expect(titles.contains { $0.hasPrefix("'") })
    #expect(titles.contains { $0.first?.isNumber == true })
    #expect(titles.contains { $0.contains("\"") })
    #expect(titles.contains { $0.contains(": ") })
    #expect(titles.contains { $0.contains("é") })
    #expect(titles.contains { ($0.utf8.first ?? 0) >= 0x80 })
    #expect(titles.allSatisfy { $0.hasSuffix(")") && $0.count <= 70 })
    let years = try demo.movies.column("year").integers()
    #expect(zip(titles, years).allSatisfy { $0.hasSuffix(" (\($1))") })
  }

  @Test func `films have genres`() throws {
    let genres = try demo.movies.column("genres").texts().compactMap(\.self)
    #expect(genres.allSatisfy { (1...3).contains($0.split(separator: "|").count) })
    #expect(genres.contains("Drama"))
  }

  @Test func `the truth has a row for each user and film`() {
    #expect(demo.truth.factorNames.count == 5)
    #expect(demo.truth.userFactors.count == 943 * 5)
    #expect(demo.truth.itemFactors.count == 1682 * 5)
    #expect(demo.truth.userBias.count == 943)
    #expect(demo.truth.itemBias.count == 1682)
  }

  @Test func `ratings follow the truth`() throws {
    let users = try demo.ratings.column("user").integers()
    let movies = try demo.ratings.column("movie").integers()
    let stars = try demo.ratings.column("rating").doubles()
    let scores = zip(users, movies).map { user, movie in
      var score = demo.truth.userBias[user - 1] + demo.truth.itemBias[movie - 1]
      for factor in 0..<5 {
        score +=
          demo.truth.userFactors[(user - 1) * 5 + factor]
          * demo.truth.itemFactors[(movie - 1) * 5 + factor]
      }
      return Double(score)
    }
    #expect((0.6...0.9).contains(correlation(scores, stars)))
  }

  @Test func `it is the same on every machine`() throws {
    var checksum: UInt64 = 14_695_981_039_346_656_037
    func add(_ value: UInt64) { checksum = (checksum ^ value) &* 1_099_511_628_211 }
    for column in demo.ratings.columns {
      for value in try column.integers() { add(UInt64(value)) }
    }
    for title in try titles() { for byte in title.utf8 { add(UInt64(byte)) } }
    for value in demo.truth.itemFactors + demo.truth.userFactors { add(UInt64(value.bitPattern)) }
    #expect(checksum == 14_107_941_513_630_701_155)
  }

  /// The title of each film.
  private func titles() throws -> [String] {
    try demo.movies.column("title").texts().compactMap(\.self)
  }

  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let meanX = x.reduce(0, +) / count
    let meanY = y.reduce(0, +) / count
    var sums = (xy: 0.0, xx: 0.0, yy: 0.0)
    for (x, y) in zip(x, y) {
      sums.xy += (x - meanX) * (y - meanY)
      sums.xx += (x - meanX) * (x - meanX)
      sums.yy += (y - meanY) * (y - meanY)
    }
    return sums.xy / (sums.xx * sums.yy).squareRoot()
  }
}
