import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors
import Glibc

/// Each row of a column with those above it: what `rolling` and `expanding` give.
final class Windows: SessionObject {
  fileprivate let series: Series
  /// How many rows a window has at most; nil for all above.
  private let size: Int?
  /// How many values a window needs; nil for what its size says.
  private let least: Int?
  /// Whether a row stands in the middle of its window.
  private let isCentred: Bool

  init(_ series: Series, size: Int?, least: Int?, isCentred: Bool) {
    (self.series, self.size, self.least, self.isCentred) = (series, size, least, isCentred)
  }

  var typeName: String { "Rolling" }
  var display: String { size.map { "Rolling [window=\($0)]" } ?? "Expanding" }

  /// A number of each window; none where too few of its rows have a value.
  fileprivate func numbers(_ aggregate: Aggregate, _ call: Call) throws -> Value {
    let numbers = try series.values.doubles()
    let needed = least ?? size ?? 1
    let shift = isCentred ? ((size ?? 1) - 1) / 2 : 0
    var (sum, count, window) = (CompensatedSum(), 0, 0..<0)
    let results = try numbers.indices.map { row -> Double in
      if row % 1024 == 0, call.scope.isInterrupted() { throw call.scope.interrupted() }
      let end = min(row + shift + 1, numbers.count)
      let start = min(max(row + shift + 1 - (size ?? numbers.count), 0), end)
      for new in numbers[window.upperBound..<end] where !new.isNaN {
        sum.add(new)
        count += 1
      }
      for old in numbers[window.lowerBound..<start] where !old.isNaN {
        sum.add(-old)
        count -= 1
      }
      window = start..<end
      guard (aggregate == .count ? window.count : count) >= needed else { return .nan }
      switch aggregate {
      case .count: return Double(count)
      case .sum: return sum.value
      case .mean: return count == 0 ? .nan : sum.value / Double(count)
      default:
        let values = numbers[window].filter { !$0.isNaN }
        guard !values.isEmpty else { return .nan }
        return try Column("", doubles: values).aggregated(aggregate).number ?? .nan
      }
    }
    return series.with(Column(series.values.name, doubles: results)).value
  }
}

/// A sum from which numbers can be taken away again without a trace of them.
///
/// Source: Kahan, "Further remarks on reducing truncation errors" (1965), which pandas uses here.
private struct CompensatedSum {
  private(set) var value = 0.0
  private var error = 0.0

  mutating func add(_ number: Double) {
    let corrected = number - error
    let sum = value + corrected
    error = (sum - value) - corrected
    value = sum
  }
}

/// What is calculated of each row and those above it, under pandas' names.
enum WindowMethods {
  static let all: [Builtin] =
    [
      .method(
        of: "Column", "rolling", "each value with those above it, so many together",
        [
          Parameter("window", .integer(1...100_000_000), example: "3", help: "how many rows"),
          least(nil), .flag("center", false, "whether a row stands in the middle of its window"),
        ], "ratings.rating.head(5).rolling(2).mean()", result: "Rolling"
      ) { call in
        .object(
          try Windows(
            call.seriesReceiver(), size: call.arguments.int("window"),
            least: call.arguments.optionalInt("min_periods"),
            isCentred: call.arguments.bool("center")))
      },
      .method(
        of: "Column", "expanding", "each value with all above it", [least("1")],
        "ratings.rating.head(5).expanding().mean()", result: "Rolling"
      ) { call in
        .object(
          try Windows(
            call.seriesReceiver(), size: nil, least: call.arguments.optionalInt("min_periods"),
            isCentred: false))
      },
    ]
    + ExponentialWindow.methods
    + [Aggregate.sum, .mean, .min, .max, .median, .std, .variance, .count].map { kind in
      .method(
        of: "Rolling", kind.rawValue, "the \(kind.phrase) of each window", [],
        "ratings.rating.head(5).rolling(2).\(kind.rawValue)()", result: "Column"
      ) { call in
        guard case .object(let windows as Windows) = call.receiver else {
          throw Problem.notCallable(call.receiver.phrase)
        }
        return try windows.numbers(kind, call)
      }
    }

  private static func least(_ usual: String?) -> Parameter {
    Parameter(
      "min_periods", .integer(0...100_000_000), .optional, default: usual, example: "1",
      help: "how many values a window needs; its size if it is left out")
  }
}

/// Each row with those above it, which count the less the farther they are: what `ewm` gives.
private final class ExponentialWindow: SessionObject {
  private let series: Series
  /// How much of the weight of a row the one above it has.
  private let decay: Double
  /// Whether weights are divided by their sum.
  private let isAdjusted: Bool

  init(_ series: Series, decay: Double, isAdjusted: Bool) {
    (self.series, self.decay, self.isAdjusted) = (series, decay, isAdjusted)
  }

  var typeName: String { "Exponential" }
  var display: String { "Exponential [alpha=\(Value.double(1 - decay).text)]" }

  /// The mean of each row and those above.
  func means() throws -> Value {
    var (mean, weight, hasOne) = (Double.nan, 1.0, false)
    let means = try series.values.doubles().map { number -> Double in
      guard hasOne else {
        (mean, hasOne) = (number, !number.isNaN)
        return mean
      }
      weight *= decay
      guard !number.isNaN else { return mean }
      let own = isAdjusted ? 1 : 1 - decay
      mean = (weight * mean + own * number) / (weight + own)
      weight = isAdjusted ? weight + own : 1
      return mean
    }
    return series.with(Column(series.values.name, doubles: means)).value
  }

  static let methods: [Builtin] = [
    .method(
      of: "Column", "ewm", "each value with those above it, the farther the less",
      [
        decay("alpha", .between(0.000001, 1), "0.5", "how much of the weight a row has itself"),
        decay("span", .between(1, 1e9), "3", "as an alpha of 2 / (span + 1)"),
        decay("com", .notNegative, "1", "as an alpha of 1 / (1 + com)"),
        decay("halflife", .positive, "2", "after how many rows half of the weight is left"),
        .flag("adjust", true, "whether weights are divided by their sum"),
      ], "ratings.rating.head(5).ewm(alpha=0.5).mean()", result: "Exponential"
    ) { call in
      let given: [(String, (Double) -> Double)] = [
        ("alpha", { 1 - $0 }), ("span", { 1 - 2 / ($0 + 1) }), ("com", { 1 - 1 / (1 + $0) }),
        ("halflife", { exp2(-1 / $0) }),
      ]
      let decays = given.compactMap { name, decay in
        call.arguments.optionalDouble(name).map(decay)
      }
      guard decays.count == 1 else { return try call.arguments.required("alpha", nil) }
      return .object(
        ExponentialWindow(
          try call.seriesReceiver(), decay: decays[0],
          isAdjusted: try call.arguments.bool("adjust")))
    },
    .method(
      of: "Exponential", "mean", "the mean of each row and those above", [],
      "ratings.rating.head(5).ewm(alpha=0.5).mean()", result: "Column"
    ) { call in
      guard case .object(let window as ExponentialWindow) = call.receiver else {
        throw Problem.notCallable(call.receiver.phrase)
      }
      return try window.means()
    },
  ]

  private static func decay(
    _ name: String, _ bounds: NumberBounds, _ example: String, _ help: String
  ) -> Parameter {
    Parameter(name, .number(bounds), .optional, example: example, isOptionOnly: true, help: help)
  }
}
