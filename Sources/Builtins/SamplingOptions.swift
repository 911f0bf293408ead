import CollabInterpreter
import CollabLanguage
import CollabRandomness

/// What `sample` takes.
enum SamplingOptions {
  static let all = [
    Parameter(
      "n", .anyOf([.integer(0...Int.max), .nothing]), .optional, example: "3", help: "how many rows"
    ),
    Parameter(
      "frac", .anyOf([.number(.between(0, 1)), .nothing]), .optional, example: "0.5",
      isOptionOnly: true, help: "the part of the rows, instead of their number"),
    Parameter(
      "random_state", .anyOf([.integer(0...Int(UInt32.max)), .nothing]), .optional, example: "1",
      isOptionOnly: true, help: "a seed of its own; that of the session otherwise"),
  ]
}

extension Call {
  /// Rows at random, as pandas picks them.
  func sampledRows(of count: Int) throws -> [Int] {
    let part = arguments.optionalDouble("frac")
    let wanted = part.map { Int(clamping: ($0 * Double(count)).rounded(.toNearestOrEven)) }
    let size = arguments.optionalInt("n") ?? wanted ?? 1
    guard size <= count else {
      throw Problem.wrongKind("`sample`", expected: "at most \(count) rows", got: "\(size)")
    }
    if let seed = arguments.optionalInt("random_state") {
      var generator = NumpyGenerator(seed: UInt32(clamping: seed))
      return Array(generator.permutation(of: count).prefix(size))
    }
    return Array(scope.streams.numpy.permutation(of: count).prefix(size))
  }
}
