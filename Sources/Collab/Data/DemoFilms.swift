/// The films of the built-in set.
struct DemoFilms {
  /// What the five factors stand for.
  static let factorNames = ["spectacle", "darkness", "wonder", "tenderness", "modernity"]

  /// Titles with their year in brackets, by id less 1.
  private(set) var titles: [String] = []
  /// Years of release.
  private(set) var years: [Int] = []
  /// One to three genres, between `|`.
  private(set) var genres: [String] = []
  /// Five a film, row by row, scaled to their strengths.
  private(set) var factors: [Double] = []
  /// Higher for better films.
  private(set) var biases: [Double] = []
  /// Running sums of the weights with which films are picked.
  private(set) var weightSums: [Int] = []

  /// A genre and where it usually stands on each factor but the last, which is the year's.
  private struct Genre {
    let name: String
    let profile: [Double]
  }

  private static let allGenres = [
    Genre(name: "Action", profile: [2, 0.5, 0, -1]),
    Genre(name: "Adventure", profile: [1.5, -0.5, 1, 0]),
    Genre(name: "Animation", profile: [0.5, -1.5, 2, 0.5]),
    Genre(name: "Children", profile: [0, -2, 1.5, 1]),
    Genre(name: "Comedy", profile: [0, -1.5, 0, 0]),
    Genre(name: "Crime", profile: [0.5, 1.5, -0.5, -1]),
    Genre(name: "Documentary", profile: [-2, 0.5, -2, -0.5]),
    Genre(name: "Drama", profile: [-1.5, 0.5, -1, 0.5]),
    Genre(name: "Fantasy", profile: [0.5, 0, 2, 0]),
    Genre(name: "Horror", profile: [1, 2, 1, -1.5]),
    Genre(name: "Musical", profile: [0.5, -1, 0.5, 1.5]),
    Genre(name: "Mystery", profile: [-0.5, 1, 0.5, -1]),
    Genre(name: "Romance", profile: [-1, -0.5, -0.5, 2]),
    Genre(name: "Thriller", profile: [1, 1.5, -0.5, -0.5]),
    Genre(name: "War", profile: [1, 1, -1, 0]),
    Genre(name: "Western", profile: [1, 0, -0.5, -0.5]),
  ]

  init(_ process: DemoProcess) {
    var random = SplitMix(seed: process.seed)
    var titleMaker = DemoTitles(seed: process.seed &+ 1)
    let count = DemoRatings.movieCount
    var places = Array(1...count)
    random.shuffle(&places)
    for film in 0..<count {
      // The last ids are second entries of earlier films, as catalogues have them.
      if film >= count - Self.twiceEntered {
        copy(film: (film * 37) % (count - Self.twiceEntered))
        continue
      }
      let picked = Self.pickGenres(&random)
      let age = random.uniform()
      let year = 1999 - Int(clamping: 68 * age * age * age)
      years.append(year)
      genres.append(picked.map(\.name).joined(separator: "|"))
      titles.append("\(titleMaker.next()) (\(year))")
      for factor in 0..<4 {
        let typical = picked.map { $0.profile[factor] }.reduce(0, +) / Double(picked.count)
        factors.append(typical + process.ownShare * random.normal())
      }
      factors.append(Double(year - 1982) / 12 + process.ownShare * random.normal())
      let rank = 1 - 2 * Double(places[film] - 1) / Double(count - 1)
      biases.append(process.itemBias * random.normal() + process.popularityBias * rank)
    }
    standardise(to: process.strengths)
    weigh(places, offset: process.popularityOffset)
  }

  private static let twiceEntered = 18

  private static func pickGenres(_ random: inout SplitMix) -> [Genre] {
    let count = [1, 1, 2, 2, 2, 3][random.below(6)]
    var picked: Set<Int> = []
    while picked.count < count {
      // Half of all films are dramas or comedies.
      picked.insert(random.below(4) == 0 ? 7 : random.below(4) == 0 ? 4 : random.below(16))
    }
    return picked.sorted().map { allGenres[$0] }
  }

  private mutating func copy(film: Int) {
    titles.append(titles[film])
    years.append(years[film])
    genres.append(genres[film])
    factors += factors[film * 5..<film * 5 + 5]
    biases.append(biases[film])
  }

  /// Gives each factor mean 0 and the standard deviation of its strength.
  private mutating func standardise(to strengths: [Double]) {
    let count = Double(titles.count)
    for factor in 0..<5 {
      let values = stride(from: factor, to: factors.count, by: 5).map { factors[$0] }
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      let scale = strengths[factor] / variance.squareRoot()
      for (film, value) in values.enumerated() {
        factors[film * 5 + factor] = (value - mean) * scale
      }
    }
  }

  private mutating func weigh(_ places: [Int], offset: Double) {
    var sum = 0
    for place in places {
      let base = 1000 / (Double(place) + offset)
      sum += Int(clamping: 1e6 * base * base * base)
      weightSums.append(sum)
    }
  }
}

// MARK: - Picking films
extension DemoFilms {
  /// A film, with the probability of its weight.
  func pick(_ random: inout SplitMix) -> Int {
    let target = random.below(weightSums[weightSums.count - 1])
    var low = 0
    var high = weightSums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if weightSums[middle] <= target { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How much a film is to a taste: the sum of products of factors.
  func match(_ film: Int, _ taste: ArraySlice<Double>) -> Double {
    var sum = 0.0
    for factor in 0..<5 { sum += factors[film * 5 + factor] * taste[taste.startIndex + factor] }
    return sum
  }
}
