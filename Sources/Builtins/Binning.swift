import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors
import Glibc

/// Numbers sorted into stretches: pandas' `cut` and `qcut`.
enum Binning {
  static let all: [Builtin] = [cut, qcut]

  private static let labels = Parameter(
    "labels", .anyOf([.list(of: .string), .boolean, .value("List"), .nothing]), .optional,
    example: "['low', 'high']", isOptionOnly: true,
    help: "what the stretches are called; false for their numbers, from 0")
  private static let precision = Parameter(
    "precision", .integer(0...15), default: "3", isOptionOnly: true,
    help: "decimals of the ends in names")

  private static let cut = Builtin.function(
    "cut", "in which stretch each number lies: of equal length, or between ends of your own",
    [
      Parameter("x", .value("Column"), example: "ratings.rating", help: "numbers"),
      Parameter("bins", .value(), example: "[0, 2, 5]", help: "how many, or the ends in order"),
      .flag("right", true, "whether the right end belongs to a stretch, and not the left one"),
      labels, .flag("include_lowest", false, "whether the lowest end belongs to the first"),
      precision,
    ], "cut(ratings.rating, [0, 2, 5], labels=['low', 'high']).head(3)", result: "Column",
    details: "Names of stretches are texts: `(0, 2]` holds what is above 0, up to 2."
  ) { call in
    let numbers = try call.numbers()
    let bins = call.value("bins")
    let isRight = try call.arguments.bool("right")
    guard let count = bins.integer else {
      let ends = try call.blaming("bins") { try Column("", membersOf: bins) }
      return try call.binned(
        numbers, Stretches(ends.doubles(), isWhole: ends.kind == .integers),
        isRight: isRight, takesLowest: call.arguments.bool("include_lowest"))
    }
    guard 1...1_000_000 ~= count else {
      throw Problem.wrongKind("`bins`", expected: "a number of stretches", got: "\(count)")
    }
    let known = numbers.filter(\.isFinite)
    guard var low = known.min(), var high = known.max() else {
      throw Problem.wrongKind("`cut`", expected: "numbers", got: "none")
    }
    let isFlat = low == high
    if isFlat {
      let margin = low == 0 ? 0.001 : 0.001 * low.magnitude
      (low, high) = (low - margin, high + margin)
    }
    var ends = try Tensor.evenlySpaced(from: low, through: high, count: count + 1, .float64)
      .doubles()
    // The ends belong to stretches, too.
    if !isFlat { ends[isRight ? 0 : count] += (isRight ? -0.001 : 0.001) * (high - low) }
    return try call.binned(numbers, Stretches(ends), isRight: isRight, takesLowest: false)
  }

  private static let qcut = Builtin.function(
    "qcut", "in which stretch each number lies, where all hold equally many",
    [
      Parameter("x", .value("Column"), example: "ratings.rating", help: "numbers"),
      Parameter("q", .value(), example: "4", help: "how many stretches, or shares from 0 to 1"),
      labels, precision,
      Parameter(
        "duplicates", .choice([Choice("raise"), Choice("drop")]), default: "raise",
        isOptionOnly: true, help: "what is done where two ends are equal"),
    ], "qcut(ratings.user, 2).head(3)", result: "Column"
  ) { call in
    let numbers = try call.numbers()
    let count = call.value("q").integer
    let shares =
      try count.map { count in
        guard 1...1_000_000 ~= count else {
          throw Problem.wrongKind("`q`", expected: "a number of stretches", got: "\(count)")
        }
        return (0...count).map { Double($0) / Double(count) }
      } ?? call.blaming("q") { try Column("", membersOf: call.value("q")).doubles() }
    let column = Column("", doubles: numbers)
    var ends = try call.blaming("q") { try shares.map { try column.quantile($0) } }
    if Set(ends).count < ends.count {
      guard try call.arguments.string("duplicates") == "drop" else {
        throw Problem.wrongKind(
          "`qcut`", expected: "so few stretches that their ends differ, or duplicates='drop'",
          got: "\(ends.count - 1)")
      }
      ends = Set(ends).sorted()
    }
    return try call.binned(numbers, Stretches(ends), isRight: true, takesLowest: true)
  }
}

/// Stretches of numbers that lie one behind the other.
private struct Stretches {
  let ends: [Double]
  /// Whether ends are shown as whole numbers.
  let isWhole: Bool
  var count: Int { ends.count - 1 }

  init(_ ends: [Double], isWhole: Bool = false) throws {
    guard ends.count > 1, zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Problem.wrongKind(
        "`cut`", expected: "ends in ascending order", got: Value.list(ends.map(Value.double)).text)
    }
    (self.ends, self.isWhole) = (ends, isWhole)
  }

  /// The number of the stretch in which a number lies; nil if it is in none.
  func place(of number: Double, isRight: Bool, takesLowest: Bool) -> Int? {
    guard !number.isNaN else { return nil }
    if takesLowest, number == (isRight ? ends.first : ends.last) { return isRight ? 0 : count - 1 }
    let before = NumpyArranging.place(of: number, in: ends, isBehind: !isRight)
    return before == 0 || before == ends.count ? nil : before - 1
  }

  /// What the stretches are called, as pandas writes intervals.
  ///
  /// Source: `_format_labels` in pandas/core/reshape/tile.py.
  func names(precision: Int, isRight: Bool, takesLowest: Bool) -> [String] {
    var shown = ends
    var digits = precision
    for more in precision..<20 where !isWhole {
      digits = more
      shown = ends.map { Self.rounded($0, digits: more) }
      if Set(shown).count == ends.count { break }
    }
    if takesLowest, isRight {
      shown[0] -= isWhole ? 1 : pow(10, -Double(digits))
      if !isWhole {
        shown[0] = (shown[0] * pow(10, Double(digits))).rounded() / pow(10, Double(digits))
      }
    }
    let texts = shown.map {
      isWhole ? Value.int(Int(exactly: $0) ?? 0).text : Value.double($0).text
    }
    return zip(texts, texts.dropFirst()).map { isRight ? "(\($0), \($1)]" : "[\($0), \($1))" }
  }

  /// A number with so many digits behind the point, or behind the zeros there.
  private static func rounded(_ number: Double, digits: Int) -> Double {
    guard number.isFinite, number != 0 else { return number }
    let fraction = number - number.rounded(.towardZero)
    let isBelowOne = number.rounded(.towardZero) == 0
    let zeros = isBelowOne ? -log10(fraction.magnitude).rounded(.down) - 1 : 0
    let scale = pow(10, zeros + Double(digits))
    return (number * scale).rounded(.toNearestOrEven) / scale
  }
}

extension Call {
  /// The numbers of the argument `x`.
  fileprivate func numbers() throws -> [Double] {
    let value = self.value("x")
    return try blaming("x") {
      try value.series.map { try $0.values.doubles() }
        ?? Tensor.of(value, isArray: true).doubles()
    }
  }

  /// Names or numbers of the stretches in which numbers lie, as the argument `x` has them.
  fileprivate func binned(
    _ numbers: [Double], _ stretches: Stretches, isRight: Bool, takesLowest: Bool
  ) throws -> Value {
    let places = numbers.map {
      stretches.place(of: $0, isRight: isRight, takesLowest: takesLowest)
    }
    let names: [Value]
    switch value("labels") {
    case .bool(false): names = (0..<stretches.count).map(Value.int)
    case .none, .bool(true):
      let texts = try stretches.names(
        precision: arguments.int("precision"), isRight: isRight, takesLowest: takesLowest)
      names = texts.map(Value.string)
    case let labels:
      names = try labels.members()
      guard names.count == stretches.count else {
        throw Problem.unequalLengths("`labels`", names.count, "the cut", stretches.count)
      }
    }
    let series = value("x").series
    let levels = try Column("", cells: names)
    let cells = try levels.rows(padding: places.map { $0 ?? -1 }).renamed(series?.values.name ?? "")
    return series?.with(cells).value ?? .list((0..<cells.count).map(cells.cell))
  }
}
