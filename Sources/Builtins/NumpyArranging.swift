import CollabInterpreter
import CollabLanguage
import CollabTensors

/// numpy's functions that cut arrays, put them together, and count what is in them.
enum NumpyArranging {
  static let all: [Builtin] = cutting + joining + counting

  // MARK: - Cutting

  private static let sections = Parameter(
    "indices_or_sections", .value(), example: "2", help: "how many parts, or where they begin")

  private static let cutting: [Builtin] = [
    .method(
      of: "np", "split", "the array in parts of one size, or cut at places",
      [.x, sections, .oneDim("0")], "np.split([1, 2, 3, 4], 2)", result: "List"
    ) { call in try parts(of: call, mayDiffer: false) },
    .method(
      of: "np", "array_split", "the array in parts whose sizes differ by one at most",
      [.x, sections, .oneDim("0")], "np.array_split([1, 2, 3], 2)", result: "List"
    ) { call in try parts(of: call, mayDiffer: true) },
    .method(
      of: "np", "nonzero", "the places of the elements that are not 0, an array for each dimension",
      [.x], "np.nonzero([0, 1, 2])", result: "Tuple"
    ) { call in
      let places = try call.array("x").nonzero()
      return .tuple(try (0..<places.shape[1]).map { .array(try places.selecting($0, along: 1)) })
    },
    .method(
      of: "np", "transpose", "the array with its dimensions in another order, usually the opposite",
      [
        .x,
        Parameter("axes", .value("List"), .optional, example: "(1, 0)", help: "the order"),
      ], "np.transpose([[1, 2], [3, 4]])", result: "array"
    ) { call in
      let x = try call.array("x")
      let axes = call.arguments.optionalInts("axes") ?? x.shape.indices.reversed()
      return .array(try x.permuted(axes))
    },
    .method(
      of: "np", "shape", "the sizes of the dimensions", [.x], "np.shape([[1, 2]])", result: "Tuple"
    ) { call in .tuple(try call.array("x").shape.map(Value.int)) },
  ]

  /// The parts of an array along a dimension.
  private static func parts(of call: Call, mayDiffer: Bool) throws -> Value {
    let x = try call.array("x")
    let dimension = try call.arguments.int("dim")
    guard x.shape.indices.contains(dimension < 0 ? dimension + x.shape.count : dimension) else {
      throw TensorError.unexpectedNumber(Double(dimension), expected: "a dimension of the array")
    }
    let axis = dimension < 0 ? dimension + x.shape.count : dimension
    let size = x.shape[axis]
    let cuts: [Int]
    let value = call.arguments.value("indices_or_sections") ?? .none
    if let count = value.integer {
      guard count > 0, count <= 1_000_000, mayDiffer || size % count == 0 else {
        throw Problem.wrongKind(
          "`\(call.arguments.spec.name)`",
          expected: mayDiffer ? "a number of parts" : "a number of parts that divides \(size)",
          got: "\(count)")
      }
      // The first parts are one longer where they cannot be equal.
      cuts = (1..<max(count, 1)).map { $0 * (size / count) + min($0, size % count) }
    } else {
      cuts = try call.blaming("indices_or_sections") {
        try value.members().map { member in
          guard let place = member.integer else {
            throw Problem.wrongKind("a place", expected: "a whole number", got: member.phrase)
          }
          return min(max(place < 0 ? place + size : place, 0), size)
        }
      }
    }
    let whole = [CollabTensors.Subscript](
      repeating: .slice(start: nil, stop: nil, step: 1), count: axis)
    return .list(
      try zip([0] + cuts, cuts + [size]).map { start, stop in
        .array(try x.indexed(by: whole + [.slice(start: start, stop: stop, step: 1)]))
      })
  }

  // MARK: - Putting together

  private static let joining: [Builtin] = [
    .method(
      of: "np", "append", "an array with further elements at its end",
      [.x, Parameter("values", .value(), example: "[3]", help: "the elements")],
      "np.append([1, 2], 3)", result: "array"
    ) { call in
      .array(
        try .concatenated(
          [call.array("x").flattened(), call.array("values").flattened()], along: 0)
      )
    },
    .method(
      of: "np", "column_stack", "vectors as the columns of a matrix",
      [Parameter("arrays", .value("List"), example: "([1, 2], [3, 4])", help: "the vectors")],
      "np.column_stack(([1, 2], [3, 4]))", result: "array"
    ) { call in
      let columns = try (call.arguments.value("arrays") ?? .none).members().map {
        let column = try Tensor.of($0, isArray: true)
        return column.shape.count < 2 ? try column.reshaped(to: [-1, 1]) : column
      }
      return .array(try .concatenated(columns, along: 1))
    },
    .method(
      of: "np", "meshgrid", "the coordinates of a grid, one array for each direction",
      [
        Parameter(
          "arrays", .value("array"), .rest(atLeast: 1), example: "[1, 2], [3, 4]",
          help: "the coordinates of each direction"),
        Parameter(
          "indexing", .choice([Choice("xy"), Choice("ij")]), default: "xy",
          isOptionOnly: true,
          help: "whether the first direction runs along rows, or from row to row"),
      ], "np.meshgrid([1, 2], [3, 4])", result: "Tuple"
    ) { call in
      let axes = try call.arguments.all("arrays").map { try Tensor.of($0, isArray: true) }
      let shape = axes.map(\.count)
      let isAcross = try call.arguments.string("indexing") == "xy" && axes.count > 1
      let order = isAcross ? [1, 0] + Array(2..<axes.count) : Array(axes.indices)
      return .tuple(
        try axes.enumerated().map { place, axis in
          var sizes = [Int](repeating: 1, count: axes.count)
          sizes[place] = axis.count
          return .array(try axis.reshaped(to: sizes).expanded(to: shape).permuted(order))
        })
    },
    .method(
      of: "np", "logspace", "make powers of ten at equal factors, both ends included",
      [
        Parameter("start", .number(), example: "0", help: "the first exponent"),
        Parameter("stop", .number(), example: "2", help: "the last exponent"),
        Parameter("num", .integer(0...100_000_000), default: "50", help: "how many"),
        Parameter("base", .number(), default: "10", help: "what is raised"),
      ], "np.logspace(0, 2, 3)", result: "array"
    ) { call in
      let exponents = try Tensor.evenlySpaced(
        from: call.arguments.double("start"), through: call.arguments.double("stop"),
        count: call.arguments.int("num"), .float64)
      return .array(try Tensor(scalar: call.arguments.double("base")).power(exponents))
    },
  ]

  // MARK: - Counting

  private static let counting: [Builtin] = [
    ofTensors("isclose", in: TensorFunctions.all, "np.isclose([1., 2.], [1., 2.1])"),
    ofTensors("bincount", in: TensorFunctions.all, "np.bincount([0, 1, 1])"),
    ofTensors("einsum", in: SeriesFunctions.all, "np.einsum('i,i', np.ones(3), np.ones(3))"),
    ofTensors("gcd", in: PairFunctions.all, "np.gcd(12, 18)"),
    ofTensors("lcm", in: PairFunctions.all, "np.lcm(4, 6)"),
    sets("intersect1d", "the elements that both arrays have") { $0.intersection($1) },
    sets("union1d", "the elements that one of two arrays has") { $0.union($1) },
    sets("setdiff1d", "the elements that a second array does not have") { $0.subtracting($1) },
    sets("setxor1d", "the elements that only one of two arrays has") { $0.symmetricDifference($1) },
    .method(
      of: "np", "interp", "values on the straight way from one known point to the next",
      [
        .x, Parameter("xp", .value("array"), example: "[1, 2]", help: "known places, ascending"),
        Parameter("fp", .value("array"), example: "[10, 20]", help: "the values there"),
      ], "np.interp(1.5, [1, 2], [10, 20])", result: nil
    ) { call in
      let x = try call.array("x")
      let (places, values) = (try call.array("xp").doubles(), try call.array("fp").doubles())
      guard places.count == values.count, !places.isEmpty else {
        throw Problem.unequalLengths("`xp`", places.count, "`fp`", values.count)
      }
      let found = x.doubles().map { number -> Double in
        guard !number.isNaN else { return .nan }
        let next = place(of: number, in: places, isBehind: true)
        guard next > 0 else { return values[0] }
        guard next < places.count else { return values[places.count - 1] }
        let share = (number - places[next - 1]) / (places[next] - places[next - 1])
        return values[next - 1] + share * (values[next] - values[next - 1])
      }
      return .fromArray(try Tensor(found, shape: x.shape))
    },
    .method(
      of: "np", "average", "the mean, in which elements have weights",
      [
        .x,
        Parameter("weights", .value("array"), .optional, example: "[1, 2]", help: "the weights"),
      ],
      "np.average([1, 2, 3], weights=[3, 0, 1])", result: "Double"
    ) { call in
      let x = try call.array("x").converted(to: .float64)
      guard call.arguments.isGiven("weights") else { return .fromArray(try x.mean()) }
      let weights = try call.array("weights").converted(to: .float64)
      return .fromArray(try (x * weights).sum() / weights.sum())
    },
    .method(
      of: "np", "ptp", "how far the largest element is from the smallest", [.x], "np.ptp([1, 5])",
      result: nil
    ) { call in
      let x = try call.array("x")
      return .fromArray(try x.maximum() - x.minimum())
    },
    .method(
      of: "np", "histogram",
      "how many elements lie in each of some equal stretches, and their ends",
      [.x, Parameter("bins", .integer(1...1_000_000), default: "10", help: "how many stretches")],
      "np.histogram([1, 2, 2, 3], bins=2)", result: "Tuple"
    ) { call in
      let elements = try call.array("x").converted(to: .float64).scalars(as: Double.self)
      let count = try call.arguments.int("bins")
      guard elements.allSatisfy(\.isFinite) else {
        throw Problem.wrongKind("`histogram`", expected: "finite numbers", got: "others")
      }
      let (low, high) = (elements.min() ?? 0, elements.max() ?? 1)
      let (start, end) = low < high ? (low, high) : (low - 0.5, high + 0.5)
      let edges = try Tensor.evenlySpaced(from: start, through: end, count: count + 1, .float64)
      let ends = edges.scalars(as: Double.self)
      var counts = [Int64](repeating: 0, count: count)
      for element in elements {
        // The last stretch holds its end, too.
        counts[min(place(of: element, in: ends, isBehind: true), count) - 1] += 1
      }
      return .tuple([.array(try Tensor(counts)), .array(edges)])
    },
    .method(
      of: "np", "searchsorted", "where elements would stand in an array that is in order",
      [
        .x, Parameter("v", .value("array"), example: "4", help: "the elements"),
        Parameter(
          "side", .choice([Choice("left"), Choice("right")]), default: "left",
          isOptionOnly: true,
          help: "before or behind those that are equal"),
      ], "np.searchsorted([1, 3, 5], 4)", result: nil
    ) { call in
      let order = try call.array("x").converted(to: .float64).scalars(as: Double.self)
      let values = try call.array("v")
      let isBehind = try call.arguments.string("side") == "right"
      let places = try values.converted(to: .float64).scalars(as: Double.self).map {
        Int64(place(of: $0, in: order, isBehind: isBehind))
      }
      return .fromArray(try Tensor(places, shape: values.shape))
    },
    .method(
      of: "np", "digitize", "between which of some sorted bounds elements lie",
      [
        .x, Parameter("bins", .value("array"), example: "[2, 4]", help: "the bounds"),
        Parameter(
          "right", .boolean, default: "false", help: "whether a bound belongs to what lies below"),
      ], "np.digitize([1, 5], [2, 4])", result: "array"
    ) { call in
      let (values, bounds) = (try call.array("x"), try call.array("bins").doubles())
      let isBehind = try !call.arguments.bool("right")
      let places = values.doubles().map { Int64(place(of: $0, in: bounds, isBehind: isBehind)) }
      return .fromArray(try Tensor(places, shape: values.shape))
    },
  ]

  /// A function of the different elements of two arrays, in order.
  private static func sets(
    _ name: String, _ summary: String,
    _ combine: @escaping @Sendable (Set<Double>, Set<Double>) -> Set<Double>
  ) -> Builtin {
    .method(
      of: "np", name, "\(summary), in order",
      [.x, Parameter("other", .value("array"), example: "[2, 3]", help: "the other array")],
      "np.\(name)([1, 2], [2, 3])", result: "array"
    ) { call in
      let (a, b) = (try call.array("x"), try call.array("other"))
      let found = combine(Set(a.doubles()), Set(b.doubles())).sorted()
      let isWhole = a.dtype.isWhole && b.dtype.isWhole
      return .array(try Tensor(found).converted(to: isWhole ? .int64 : .float64))
    }
  }

  /// How many numbers in order stand before a number, or before it and those that are equal.
  static func place(of number: Double, in order: [Double], isBehind: Bool) -> Int {
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if order[middle] < number || isBehind && order[middle] == number {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// A function of tensors whose results are arrays here.
  private static func ofTensors(
    _ name: String, in all: [Builtin], _ example: String
  ) -> Builtin {
    let function = all.first { $0.spec.name == name && $0.spec.form == .function }
    return .method(
      of: "np", name, function?.spec.summary ?? "", function?.spec.parameters ?? [], example,
      result: "array"
    ) { call in
      switch try function?.run(call) ?? .none {
      case .tensor(let tensor): .fromArray(tensor)
      case let other: other
      }
    }
  }
}
