package import CollabInterpreter
import CollabLanguage
package import CollabTensors

/// What goes along a dimension of a tensor, compares all pairs or counts, under PyTorch's names.
package enum SeriesFunctions {
  package static let all = along + counting + products

  private static let other = Parameter(
    "other", .value("Tensor"), example: "t", help: "another tensor")

  // MARK: - Along a dimension

  private static let along: [Builtin] =
    [
      Builtin.transformation("cumprod", "running products along a dimension", [.oneDim("0")], "0") {
        x, call in try x.cumulativeProduct(along: call.arguments.int("dim"))
      },
      running("cummax", "the largest so far along a dimension", largest: true),
      running("cummin", "the smallest so far along a dimension", largest: false),
      Builtin.transformation(
        "diff", "each element less the one before it",
        [
          Parameter("n", .integer(0...1000), default: "1", help: "how often"), .oneDim("-1"),
        ]
      ) { x, call in
        try x.differences(along: call.arguments.int("dim"), times: call.arguments.int("n"))
      },
      Builtin.transformation(
        "quantile", "the number below which a share of the elements lies",
        [
          Parameter("q", .value("Double"), example: "0.5", help: "a share, or several"), .dim,
          .keepdim, interpolation,
        ],
        "0.5"
      ) { x, call in
        let exact = try call.isArrayCall ? x.converted(to: .float64) : x
        return try exact.quantile(
          call.tensor("q"), along: call.dimensions()?.first,
          keepingDimensions: call.arguments.bool("keepdim"),
          between: QuantileRule(rawValue: call.arguments.string("interpolation")) ?? .linear)
      },
      Builtin.transformation(
        "nansum", "the sum of the elements that are numbers", [.dim, .keepdim]
      ) { x, call in
        try call.reduce(x.withoutInfinities(nan: 0, positive: .infinity, negative: -.infinity))
      },
      Builtin.transformation(
        "nanmean", "the mean of the elements that are numbers", [.dim, .keepdim]
      ) { x, call in
        let exact = try call.isArrayCall ? x.converted(to: .float64) : x
        let isNumber = try exact.compared(.equal, to: exact)
        let sum = try call.reduce(
          exact.withoutInfinities(nan: 0, positive: .infinity, negative: -.infinity))
        return try sum / call.reduce(isNumber)
      },
    ].flatMap(\.self)

  private static let interpolation = Parameter(
    "interpolation", aliases: ["method"],
    .choice(QuantileRule.allCases.map { Choice($0.rawValue) }), default: "linear",
    isOptionOnly: true, help: "what stands between two elements")

  private static func running(_ name: String, _ summary: String, largest: Bool) -> [Builtin] {
    Builtin.both(name, summary, [.oneDim("0")], "0", result: nil) { call in
      let x = try call.operand()
      let dimension = try call.arguments.int("dim")
      let values = try x.tensor.cumulativeExtreme(largest: largest, along: dimension)
      guard !x.isArray else { return x.wrap(values) }
      // The last place so far at which there was as much.
      let size =
        x.tensor.shape.isEmpty
        ? 1 : x.tensor.shape[dimension < 0 ? dimension + x.tensor.shape.count : dimension]
      var shape = x.tensor.shape.map { _ in 1 }
      if !shape.isEmpty { shape[dimension < 0 ? dimension + shape.count : dimension] = size }
      let places = try Tensor.range(to: size).reshaped(to: shape)
      let isThere = try x.tensor.compared(.equal, to: values)
      let indices = try Tensor.where(isThere, places, Tensor(scalar: Int64(0)))
        .cumulativeExtreme(largest: true, along: dimension)
      return .object(NamedTensors(name, [("values", values), ("indices", indices)]))
    }
  }

  // MARK: - Counting

  private static let counting: [Builtin] =
    [
      Builtin.transformation(
        "histc", "how many elements lie in each of some equal stretches",
        [
          Parameter("bins", .integer(1...10_000_000), default: "100", help: "how many stretches"),
          Parameter("min", .number(), default: "0", help: "where the first begins"),
          Parameter(
            "max", .number(), default: "0", help: "where the last ends; both 0 for all elements"),
        ], "bins=2"
      ) { x, call in
        try x.histogram(
          call.arguments.int("bins"), from: call.arguments.double("min"),
          through: call.arguments.double("max"))
      },
      Builtin.transformation(
        "isin", "which elements are among others",
        [Parameter("others", .value("Tensor"), example: "tensor([2])", help: "the others")],
        "tensor([2.])"
      ) { x, call in try x.isIn(call.tensor("others")) },
      Builtin.transformation("corrcoef", "how the rows of a matrix go together, from −1 to 1") {
        x, call in
        try x.converted(to: call.isArrayCall ? .float64 : x.dtype).correlations()
      },
      Builtin.transformation("cov", "the covariances of the rows of a matrix") { x, call in
        try x.converted(to: call.isArrayCall ? .float64 : x.dtype).covariance()
      },
    ].flatMap(\.self)

  // MARK: - Products

  private static let products: [Builtin] =
    Builtin.both(
      "cross", "the cross product of vectors of three",
      [
        other,
        Parameter("dim", aliases: ["axis"], .integer(), default: "-1", help: "the dimension"),
      ], "ones(2, 3)"
    ) { call in
      let x = try call.operand()
      return x.wrap(try x.tensor.cross(call.tensor("other"), along: call.arguments.int("dim")))
    }.map {
      $0.showing(
        "cross(tensor([1., 0., 0.]), tensor([0., 1., 0.]))",
        "tensor([1., 0., 0.]).cross(tensor([0., 1., 0.]))")
    }
    + [
      .function(
        "cdist", "the distance of each row of a matrix from each row of another",
        [
          .x, other,
          Parameter(
            "p", .number(.positive), default: "2", help: "the power; 2 is the usual distance"),
        ], "cdist(zeros(1, 2), tensor([[3., 4.]]))"
      ) { call in
        .tensor(
          try call.tensor("x").distances(
            to: call.tensor("other"), power: call.arguments.double("p")))
      },
      .function(
        "einsum", "sums of products of elements whose indices have the same letter",
        [
          Parameter(
            "equation", .string, example: "'ij,jk->ik'", help: "letters for the dimensions"),
          Parameter(
            "tensors", .value("Tensor"), .rest(atLeast: 1), example: "a, b", help: "tensors"),
        ], "einsum('ij,ij->i', ones(2, 3), ones(2, 3))"
      ) { call in
        let given = call.arguments.all("tensors")
        let operands = given.count == 1 ? given[0].elements ?? given : given
        return .tensor(
          try .einsum(
            call.arguments.string("equation"), operands.map { try Tensor.of($0, isArray: false) }))
      },
      .function(
        "dist", "the length of the difference of two tensors", [.x, other],
        "dist(tensor([3., 4.]), zeros(2))"
      ) { call in .tensor(try (call.tensor("x") - call.tensor("other")).norm()) },
    ]
}

extension Builtin {
  /// The same with another example for the function, and for the method.
  package func showing(_ function: String, _ method: String) -> Builtin {
    let example = if case .function = spec.form { function } else { method }
    return Builtin(
      CommandSpec(
        spec.name, aliases: spec.aliases, form: spec.form, group: spec.group,
        summary: spec.summary, details: spec.details, parameters: spec.parameters,
        examples: [.init(example)], result: spec.result), run: run)
  }
}

extension Call {
  /// Whether this is about an array, whose numbers are doubles.
  fileprivate var isArrayCall: Bool {
    if case .array = receiver { true } else { false }
  }

  /// The sum over the dimensions that the arguments name.
  fileprivate func reduce(_ tensor: Tensor) throws -> Tensor {
    guard let dimensions = dimensions() else { return try tensor.sum() }
    return try tensor.sum(over: dimensions, keepingDimensions: arguments.bool("keepdim"))
  }
}

extension Tensor {
  /// The correlations of the rows of this matrix.
  package func correlations() throws(TensorError) -> Tensor {
    let covariance = try covariance()
    guard !covariance.shape.isEmpty else { return try covariance / covariance }
    let scale = try covariance.diagonal().squareRoot()
    return try covariance / scale.unsqueezed(1) / scale.unsqueezed(0)
  }

  /// The covariances of the rows of this matrix, or the variance of a vector.
  func covariance() throws(TensorError) -> Tensor {
    guard shape.count > 1 else { return try variance() }
    let gaps = try self - mean(over: [1], keepingDimensions: true)
    return try gaps.multiplied(by: gaps.transposed()) / Double(shape[1] - 1)
  }
}
