import Collab
import FoundationEssentials
import Glibc
import CollabRandomness
import CollabTables

/// Invented ratings of a given shape, with a few popular items and many that few have rated.
///
/// Users rate as often as a Pareto distribution says, items are drawn with a probability of about
/// 1 / rank. The same sizes always give the same ratings.
struct SyntheticRatings {
  let users: Int
  let items: Int
  let ratings: Int
  /// Factors of users and items whose product is part of a rating; without them it is a sum of what they
  /// have alone.
  var factors = 0

  /// The shape of MovieLens 25M.
  static let movieLens25M = SyntheticRatings(users: 162_541, items: 59_047, ratings: 25_000_095)
  /// The shape of MovieLens 100K.
  static let movieLens100K = SyntheticRatings(users: 943, items: 1664, ratings: 100_000)

  /// The shape of MovieLens 25M with fewer ratings, users and items.
  static func likeMovieLens25M(ratings: Int, factors: Int) -> SyntheticRatings {
    let share = Double(ratings) / Double(movieLens25M.ratings)
    func part(_ count: Int) -> Int { max(200, Int((Double(count) * share).rounded())) }
    return SyntheticRatings(
      users: part(movieLens25M.users), items: part(movieLens25M.items), ratings: ratings,
      factors: factors)
  }

  /// How far ratings of the same taste scatter.
  private var noise: Double { factors > 0 ? 0.75 : 0.8 }

  /// A table of users, items and stars in halves.
  func table() throws -> Table { try tableAndPositions().table }

  /// As `table()`, with where each rating was before noise moved it and it was rounded to a star: what
  /// the best model would know.
  func tableAndPositions() throws -> (table: Table, positions: [Float]) {
    var random = SplitMix(state: 25)
    let ends = activity(&random)
    let ranks = cumulative(popularity: items)
    let order = shuffled(items, &random)
    var (userIDs, itemIDs, stars) = (
      [Int](repeating: 0, count: ratings), [Int](repeating: 0, count: ratings),
      [Double](repeating: 0, count: ratings)
    )
    var positions = [Float](repeating: 0, count: factors > 0 ? ratings : 0)
    let deviation = 0.42
    let itemFactors = (0..<(items * factors)).map { _ in random.normal() * deviation }
    var start = 0
    for user in 0..<users {
      let userFactors = (0..<factors).map { _ in random.normal() * deviation }
      let taste = random.normal() * 0.45
      for place in start..<ends[user] {
        let item = order[rank(random.uniform(), in: ranks)]
        let quality = Double(item % 97) / 97 - 0.5
        var position = 3.5 + taste + quality
        for k in 0..<factors { position += userFactors[k] * itemFactors[item * factors + k] }
        if factors > 0 { positions[place] = Float(position) }
        let rating = position + random.normal() * noise
        userIDs[place] = user + 1
        itemIDs[place] = item + 1
        stars[place] = min(5, max(0.5, (rating * 2).rounded() / 2))
      }
      start = ends[user]
    }
    let table = try Table([
      Column("userId", integers: userIDs), Column("movieId", integers: itemIDs),
      Column("rating", doubles: stars),
    ])
    return (table, positions)
  }

  /// The mean of the stars that a position gives: what the best model would predict.
  func meanStars(at position: Float) -> Float {
    var mean = 0.5
    // Half a star more for each border that noise lifts a rating above.
    for border in stride(from: 0.75, to: 5, by: 0.5) {
      mean += 0.25 * erfc((border - Double(position)) / noise / 2.0.squareRoot())
    }
    return Float(mean)
  }

  /// Writes them as MovieLens' newer sets are written; returns how many bytes that are.
  func write(to path: String) throws -> Double {
    let table = try table()
    let (users, items) = (
      try table.column("userId").integers(), try table.column("movieId").integers()
    )
    let stars = try table.column("rating").doubles()
    var random = SplitMix(state: 7)
    var text = Array("userId,movieId,rating,timestamp\n".utf8)
    text.reserveCapacity(ratings * 28)
    for row in 0..<ratings {
      let time = 1_000_000_000 + random.next() % 500_000_000
      text += "\(users[row]),\(items[row]),\(stars[row]),\(time)\n".utf8
    }
    try Data(text).write(to: URL(filePath: path))
    return Double(text.count)
  }

  /// Where the ratings of each user end.
  private func activity(_ random: inout SplitMix) -> [Int] {
    let weights = (0..<users).map { _ in
      min(20 + 45 * (1 / (1 - random.uniform()).squareRoot() - 1), Double(items) / 4)
    }
    let scale = Double(ratings) / weights.reduce(0, +)
    var sum = 0.0
    return weights.indices.map { user in
      sum += weights[user] * scale
      return user == users - 1 ? ratings : Int(sum)
    }
  }

  private func cumulative(popularity count: Int) -> [Double] {
    var sum = 0.0
    let sums = (0..<count).map { rank in
      sum += 1 / Double(rank + 60)
      return sum
    }
    return sums.map { $0 / sum }
  }

  private func rank(_ share: Double, in cumulative: [Double]) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] < share { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func shuffled(_ count: Int, _ random: inout SplitMix) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(random.next() % UInt64(i + 1)))
    }
    return order
  }
}

/// A small generator, for invented data alone.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A sum of twelve uniform numbers: near enough to normal for stars.
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}
