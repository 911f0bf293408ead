import Collab
import FoundationEssentials
import Glibc
import CollabTables

/// One run of the benchmark: what to measure, and what was found.
final class Bench {
  /// What is wrong with the command line.
  enum UsageError: Error, CustomStringConvertible {
    case unknown(String)
    case missingValue(String)
    case noMark(String)

    var description: String {
      switch self {
      case .unknown(let word):
        "there is no benchmark or option '\(word)'; there are "
          + Case.all.map(\.name).joined(separator: ", ")
          + ", --data, --python, --ratings, --repeats, --full, --page, --json and --compare"
      case .missingValue(let option): "\(option) needs a value"
      case .noMark(let mark): "the page has no comments around '\(mark)'"
      }
    }
  }

  /// Samples of each figure.
  private(set) var repeats = 5
  /// Ratings of the set on which learners are compared.
  private(set) var ratingCount = SyntheticRatings.movieLens25M.ratings
  /// Whether whole epochs of the large shape are run.
  private(set) var isFull = false
  /// Whether the page about performance gets the figures.
  private(set) var fillsPage = false

  private var names: [String] = []
  /// Where MovieLens 100K is, if it is anywhere.
  private(set) var dataFolder = ProcessInfo.processInfo.environment["COLLAB_DATA"]
  /// The Python that has the peers, if any.
  private(set) var python = ProcessInfo.processInfo.environment["COLLAB_PYTHON"]
  private var jsonPath: String?
  private(set) var earlier: [String: Measurement] = [:]
  private(set) var measurements: [Measurement] = []

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    func value(of option: String) throws -> String {
      guard let value = rest.popFirst() else { throw UsageError.missingValue(option) }
      return value
    }
    while let word = rest.popFirst() {
      switch word {
      case "--data": dataFolder = try value(of: word)
      case "--python": python = try value(of: word)
      case "--repeats": repeats = max(1, Int(try value(of: word)) ?? 5)
      case "--ratings":
        ratingCount = max(100_000, Int(try value(of: word)) ?? ratingCount)
      case "--full": isFull = true
      case "--page": fillsPage = true
      case "--json": jsonPath = try value(of: word)
      case "--compare":
        let data = try Data(contentsOf: URL(filePath: value(of: word)))
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
          positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        for old in try decoder.decode([Measurement].self, from: data) {
          earlier[old.name] = old
        }
      case _ where Case.all.contains { $0.name == word }: names.append(word)
      default: throw UsageError.unknown(word)
      }
    }
  }

  func runAll() throws {
    print(Machine.line)
    Machine.wake()
    print(
      row(["", "median", "fastest", "slowest", "processor", "goal", "floor", "ratio", "peak MB"]))
    let cases = Case.all.filter { names.isEmpty ? !$0.isApart : names.contains($0.name) }
    for item in cases { try item.run(self) }
    // What is apart puts its own figures where they belong.
    if fillsPage, !measurements.isEmpty, cases.contains(where: { !$0.isApart }) {
      try replace("figures", by: table)
    }
    guard let jsonPath else { return }
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(measurements).write(to: URL(filePath: jsonPath))
  }

  /// MovieLens 100K, or ratings of its shape where the data is missing.
  func movieLens100K() throws -> Table {
    guard let folder = dataFolder else {
      return try SyntheticRatings.movieLens100K.table()
    }
    var ratings = DelimitedReader()
    (ratings.delimiter, ratings.hasHeader) = ("\t", false)
    ratings.names = ["user", "movie", "rating", "timestamp"]
    var movies = DelimitedReader()
    (movies.delimiter, movies.hasHeader, movies.encoding) = ("|", false, .latin1)
    (movies.names, movies.columns) = (["movie", "title"], .positions([0, 1]))
    return try ratings.read("\(folder)/u.data")
      .merge(movies.read("\(folder)/u.item"), order: .grouped)
  }
}

// MARK: - Reporting

extension Bench {
  /// The median of a figure of this run, if it was measured.
  func median(_ name: String) -> Double? { measurements.last { $0.name == name }?.median }

  /// Notes a figure and prints it beside its goal, its floor and what it was.
  func report(
    _ name: String, _ unit: String, _ samples: some Sequence<(wall: Double, processor: Double)>,
    goal: Double?, floor: Double?
  ) {
    let samples = Array(samples)
    let found = Measurement(
      name: name, unit: unit, samples: samples.map(\.wall), processor: samples.map(\.processor),
      goal: goal, floor: floor, peakMegabytes: Machine.peakMegabytes)
    measurements.append(found)
    let holds = goal.map { found.median <= $0 ? "" : " missed" } ?? ""
    var cells = [
      "\(name) [\(unit)]", number(found.median), number(found.fastest), number(found.slowest),
      number(found.processorMedian), goal.map { number($0) + holds } ?? "", floor.map(number) ?? "",
      floor.map { number(found.processorMedian / $0) } ?? "", number(found.peakMegabytes),
    ]
    if let old = earlier[name] {
      cells.append("was \(number(old.median)), processor \(number(old.processorMedian))")
    }
    print(row(cells))
    fflush(nil)
  }

  /// Cells of a line, padded.
  func row(_ cells: [String]) -> String {
    cells.enumerated().map { place, cell in
      let width = place == 0 ? 28 : place == 5 ? 16 : 10
      return cell + String(repeating: " ", count: max(1, width - cell.count))
    }.joined()
  }

  /// Three digits that count.
  func number(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    var digits = 0
    var scaled = abs(value)
    while scaled < 100, digits < 6 {
      scaled *= 10
      digits += 1
    }
    let unit = (0..<digits).reduce(1.0) { unit, _ in unit * 10 }
    let rounded = (value * unit).rounded() / unit
    return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
  }

  static func log(_ value: Double) -> Double { Glibc.log(value) }
}
