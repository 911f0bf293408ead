package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// What the order of elements, or how often they are there, says about a tensor.
package enum OrderingFunctions {
  package static let all = picking + together + runs

  // MARK: - One element of a line

  private static let picking: [Builtin] =
    [
      Builtin.both(
        "kthvalue", "the element with so many up to it in order, and where it is",
        [
          Parameter("k", .integer(1...1_000_000_000), example: "1", help: "which, from 1"),
          .oneDim("-1"), .keepdim,
        ], "1", result: nil
      ) { call in
        let k = try call.arguments.int("k")
        return try call.picked("kthvalue") { sorted in
          guard k <= sorted.shape[sorted.shape.count - 1] else {
            throw Problem.outOfRange(k, count: sorted.shape[sorted.shape.count - 1])
          }
          let lines = sorted.shape.dropLast() + [1]
          return try .filled(Array(lines), with: Double(k - 1), .int64)
        }
      },
      Builtin.both(
        "nanmedian", "the middle element of those that are numbers",
        [optionalDim, .keepdim], result: nil
      ) { call in
        try call.picked("nanmedian") { sorted in
          let numbers = try sorted.compared(.equal, to: sorted)
            .sum(over: [-1], keepingDimensions: true)
          return try .maximum(
            (numbers - 1).floorDivided(by: Tensor(scalar: Int64(2))), .zeros([], .int64))
        }
      },
      Builtin.both(
        "mode", "the element that is there most often, the smallest of several",
        [.oneDim("-1"), .keepdim], result: nil
      ) { call in
        try call.picked("mode") { sorted in
          let width = sorted.shape.last ?? 0
          guard width > 0 else { throw TensorError.noElements(operation: "mode") }
          let numbers = sorted.doubles()
          let places = stride(from: 0, to: numbers.count, by: width).map { start in
            Int64(lastOfLongestRun(numbers[start..<(start + width)]))
          }
          return try Tensor(places, shape: sorted.shape.dropLast() + [1])
        }
      },
    ].flatMap(\.self)
    + [
      Builtin.transformation(
        "nanquantile", "the number below which a share of the elements that are numbers lies",
        [Parameter("q", .value("Double"), example: "0.5", help: "a share, or several")], "0.5"
      ) { x, call in
        let isNumber = try x.compared(.equal, to: x)
        return try x.indexed(by: [.tensor(isNumber)]).quantile(call.tensor("q"))
      }
    ].flatMap(\.self)

  private static let optionalDim = Parameter(
    "dim", aliases: ["axis"], .integer(), .optional, example: "0",
    help: "the dimension; all if it is left out")

  /// The place of the last of those that are there most often, among numbers in order.
  private static func lastOfLongestRun(_ numbers: ArraySlice<Double>) -> Int {
    var (best, longest, length) = (numbers.startIndex, 0, 0)
    for place in numbers.indices {
      let isSame = place > numbers.startIndex && numbers[place] == numbers[place - 1]
      length = isSame ? length + 1 : 1
      if length > longest { (best, longest) = (place, length) }
    }
    return best - numbers.startIndex
  }

  // MARK: - Two results at once

  private static let together: [Builtin] =
    [
      spread("std_mean", "the standard deviation and the mean of the elements") {
        x, dims, correction, keeps throws(TensorError) in
        try x.standardDeviation(over: dims, correction: correction, keepingDimensions: keeps)
      },
      spread("var_mean", "the variance and the mean of the elements") {
        x, dims, correction, keeps throws(TensorError) in
        try x.variance(over: dims, correction: correction, keepingDimensions: keeps)
      },
    ]
    + Builtin.both(
      "aminmax", "the smallest and the largest element", [optionalDim, .keepdim], result: nil
    ) { call in
      let (x, dimension) = (try call.operand().tensor, call.arguments.optionalInt("dim"))
      let keeps = try call.arguments.bool("keepdim")
      let (least, most) =
        if let dimension {
          (
            try x.minimum(along: dimension, keepingDimensions: keeps).values,
            try x.maximum(along: dimension, keepingDimensions: keeps).values
          )
        } else { (try x.minimum(), try x.maximum()) }
      return .object(NamedTensors("aminmax", [("min", least), ("max", most)]))
    }

  private static func spread(
    _ name: String, _ summary: String,
    _ reduce: @escaping @Sendable (Tensor, [Int]?, Double, Bool) throws(TensorError) -> Tensor
  ) -> Builtin {
    .function(
      name, summary,
      [
        .x, .dim,
        Parameter(
          "correction", .number(.notNegative), default: "1", isOptionOnly: true,
          help: "what the number of elements is lowered by"), .keepdim,
      ], "\(name)(tensor([[1., 2.], [3., 4.]]), dim=1)", result: "Tuple"
    ) { call in
      let (x, dims) = (try call.tensor("x"), call.dimensions())
      let keeps = try call.arguments.bool("keepdim")
      return .tuple([
        .tensor(try reduce(x, dims, call.arguments.double("correction"), keeps)),
        .tensor(try dims == nil ? x.mean() : x.mean(over: dims ?? [], keepingDimensions: keeps)),
      ])
    }
  }

  // MARK: - Runs

  private static let runs: [Builtin] =
    Builtin.both(
      "unique_consecutive", "the elements without those that are like the one before",
      [
        Parameter(
          "return_counts", .boolean, default: "false", isOptionOnly: true,
          help: "whether to say how long each run is")
      ]
    ) { call in
      let x = try call.operand()
      let row = try call.unrecorded(x.tensor).flattened()
      let numbers = row.doubles()
      let starts = numbers.indices.filter { $0 == 0 || numbers[$0] != numbers[$0 - 1] }
      let values = x.wrap(try row.rows(at: Tensor(starts.map(Int64.init))))
      guard try call.arguments.bool("return_counts") else { return values }
      let ends = starts.dropFirst() + [numbers.count]
      return .tuple([values, x.wrap(try Tensor(zip(ends, starts).map { Int64($0 - $1) }))])
    }
    + Builtin.transformation(
      "logcumsumexp", "running logarithms of the sums of e to the power of the elements",
      [.oneDim("0")], "0"
    ) { x, call in
      let dimension = try call.arguments.int("dim")
      // The largest so far keeps the powers from growing without end.
      let most = try x.detached().cumulativeExtreme(largest: true, along: dimension)
      let whole = try most.maximum()
      return try (x - whole).exp().cumulativeSum(along: dimension).log() + whole
    }
}

extension Call {
  /// One element of each line in order, and where it was; without a dimension of all elements.
  fileprivate func picked(
    _ name: String, _ places: (_ sorted: Tensor) throws -> Tensor
  ) throws -> Value {
    let x = try operand()
    let dimension = arguments.isGiven("dim") ? arguments.optionalInt("dim") : nil
    let usual = arguments.signature.place(of: "dim").flatMap { arguments.signature.usual($0) }
    let isWhole = dimension == nil && usual == nil
    let tensor = isWhole ? try x.tensor.flattened() : x.tensor
    let along = isWhole ? 0 : dimension ?? -1
    guard !tensor.shape.isEmpty else {
      return .object(
        NamedTensors(name, [("values", tensor), ("indices", try .zeros([], .int64))]))
    }
    let lines = try tensor.transposed(along, -1)
    let (sorted, order) = try lines.sorted(along: -1)
    let place = try places(sorted)
    func result(_ lines: Tensor) throws -> Tensor {
      let whole = try lines.gathered(along: -1, at: place).transposed(along, -1)
      return try arguments.bool("keepdim") && !isWhole ? whole : whole.squeezed(along)
    }
    let values = try result(sorted)
    if isWhole || x.isArray { return x.wrap(values) }
    return .object(NamedTensors(name, [("values", values), ("indices", try result(order))]))
  }
}
