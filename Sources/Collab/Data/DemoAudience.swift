/// The users of the built-in set and what they rated.
struct DemoAudience {
  /// The taste of users, five each, row by row; normal with standard deviation 1.
  private(set) var factors: [Double] = []
  /// Higher for generous users.
  private(set) var biases: [Double] = []

  // One of each for every rating.
  private(set) var users: [Int] = []
  private(set) var movies: [Int] = []
  private(set) var stars: [Int] = []
  private(set) var times: [Int] = []

  private var scores: [Double] = []

  /// Of 100,000 ratings, those of one, two, three and four stars in MovieLens 100K.
  private static let starCounts = [6_110, 11_370, 27_145, 34_174]

  init(_ process: DemoProcess, _ films: DemoFilms) {
    var random = SplitMix(seed: process.seed &+ 2)
    let counts = Self.ratingCounts(&random)
    for _ in counts {
      for _ in 0..<5 { factors.append(random.normal()) }
      biases.append(process.userBias * random.normal())
    }
    // Every film has a first viewer, so that none is without a rating.
    var first = counts.map { _ in [Int]() }
    for film in 0..<DemoRatings.movieCount {
      var user = random.below(counts.count)
      while first[user].count * 2 >= counts[user] { user = random.below(counts.count) }
      first[user].append(film)
    }
    let spread = process.strengths.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for user in counts.indices {
      let taste = factors[user * 5..<user * 5 + 5]
      var seen = [Bool](repeating: false, count: DemoRatings.movieCount)
      var picked = first[user]
      for film in picked { seen[film] = true }
      while picked.count < counts[user] {
        let film = films.pick(&random)
        if seen[film] { continue }
        let liking = films.match(film, taste) / spread
        let chance = min(max(0.5 + 0.5 * process.selectivity * liking, 0.05), 1)
        if random.uniform() >= chance { continue }
        seen[film] = true
        picked.append(film)
      }
      random.shuffle(&picked)
      rate(picked, by: user, process, films, &random)
    }
    assignStars()
    shuffleRows(&random)
  }

  /// How many films each user rates: at least 20, half of them below 60, a few several hundred.
  private static func ratingCounts(_ random: inout SplitMix) -> [Int] {
    var counts = (0..<DemoRatings.userCount).map { _ in
      let place = random.uniform()
      return 20 + Int(clamping: 39 * place / (1.05 - place))
    }
    var rest = DemoRatings.ratingCount - counts.reduce(0, +)
    while rest != 0 {
      let user = random.below(counts.count)
      if rest < 0, counts[user] <= 20 { continue }
      counts[user] += rest.signum()
      rest -= rest.signum()
    }
    return counts
  }

  private mutating func rate(
    _ picked: [Int], by user: Int, _ process: DemoProcess, _ films: DemoFilms,
    _ random: inout SplitMix
  ) {
    let taste = factors[user * 5..<user * 5 + 5]
    // Some day in the first 200 of the year 2000, then one film after the other.
    var time = 946_684_800 + random.below(200 * 86_400)
    for film in picked {
      users.append(user + 1)
      movies.append(film + 1)
      scores.append(
        biases[user] + films.biases[film] + films.match(film, taste)
          + process.noise * random.normal())
      times.append(time)
      // Now and then the user comes back days later.
      time += random.below(60) == 0 ? random.below(10 * 86_400) : 3 + random.below(60)
    }
  }

  /// Cuts the scores where the shares of stars ask for it.
  private mutating func assignStars() {
    let sorted = scores.sorted()
    var cuts: [Double] = []
    var place = 0
    for count in Self.starCounts {
      place += count
      cuts.append(sorted[place])
    }
    stars = scores.map { score in 1 + cuts.count { score >= $0 } }
  }

  private mutating func shuffleRows(_ random: inout SplitMix) {
    var order = Array(users.indices)
    random.shuffle(&order)
    users = order.map { users[$0] }
    movies = order.map { movies[$0] }
    stars = order.map { stars[$0] }
    times = order.map { times[$0] }
  }
}
