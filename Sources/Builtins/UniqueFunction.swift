import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors
import CollabThreading

/// `unique`: the different elements, or the different parts along a dimension, in order.
enum UniqueFunction {
  static let all: [Builtin] = Builtin.both(
    "unique", "the different elements in order",
    [
      Parameter(
        "sorted", .boolean, default: "true", help: "whether they are in order, which they are"),
      Parameter(
        "return_inverse", .boolean, default: "false", isOptionOnly: true,
        help: "whether to say which of them each element is"),
      Parameter(
        "return_counts", .boolean, default: "false", isOptionOnly: true,
        help: "whether to say how often each occurs"),
      Parameter(
        "dim", aliases: ["axis"], .integer(), .optional, example: "0", isOptionOnly: true,
        help: "the dimension whose parts are compared; all elements if it is left out"),
    ]
  ) { call in
    // `pd.unique` keeps the order of the rows.
    if call.receiver.isNone, let column = call.value("x").series?.values {
      return try column.unique().values()
    }
    let x = try call.operand()
    let dimension = call.arguments.optionalInt("dim")
    let (wantsPlaces, wantsCounts) = (
      try call.arguments.bool("return_inverse"), try call.arguments.bool("return_counts")
    )
    guard wantsPlaces || dimension != nil else {
      let (values, counts) = try x.tensor.unique()
      return wantsCounts ? .tuple([x.wrap(values), x.wrap(counts)]) : x.wrap(values)
    }
    let lines = x.tensor.detached()
    let whole =
      if let dimension { try lines.transposed(0, dimension) } else {
        try lines.reshaped(to: [lines.count, 1])
      }
    let parts = try DifferentParts(of: whole)
    let rows = try whole.rows(at: Tensor(parts.first))
    let values =
      if let dimension { try rows.transposed(0, dimension) } else { try rows.flattened() }
    var results = [x.wrap(values)]
    if wantsPlaces {
      let places = try Tensor(parts.places)
      results.append(
        x.wrap(dimension == nil ? try places.reshaped(to: lines.shape) : places))
    }
    if wantsCounts { results.append(x.wrap(try Tensor(parts.counts))) }
    return results.count == 1 ? results[0] : .tuple(results)
  }
}

/// The different rows of a tensor, in order.
private struct DifferentParts {
  /// Where each of them is first.
  private(set) var first: [Int64] = []
  /// How often each of them is there.
  private(set) var counts: [Int64] = []
  /// Which of them each row is.
  private(set) var places: [Int64]

  init(of tensor: Tensor) throws {
    let count = tensor.shape[0]
    let width = count == 0 ? 0 : tensor.count / count
    try MemoryBudget.require(tensor.count, of: 24)
    let numbers = tensor.doubles()
    func row(_ place: Int) -> ArraySlice<Double> {
      numbers[(place * width)..<((place + 1) * width)]
    }
    places = [Int64](repeating: 0, count: count)
    var comparisons = 0
    let order = try (0..<count).sorted { one, other in
      comparisons &+= 1
      if comparisons & 0xFFFFF == 0 { try Interruption.check() }
      let (a, b) = (row(one), row(other))
      for (x, y) in zip(a, b) where x != y { return x < y }
      return one < other
    }
    for place in order {
      if let last = first.last, row(Int(last)) == row(place) {
        counts[counts.count - 1] += 1
      } else {
        first.append(Int64(place))
        counts.append(1)
      }
      places[place] = Int64(first.count - 1)
    }
  }
}
