package import CollabInterpreter
import CollabLanguage
import CollabRandomness
package import CollabTensors

/// Functions that make tensors.
package enum CreationFunctions {
  package static let all: [Builtin] =
    [
      .function(
        "tensor", aliases: ["as_tensor", "from_numpy"],
        "make a tensor of a number or of nested lists",
        [
          Parameter("data", .value(), example: "[1., 2.]", help: "numbers, or lists of them"),
          .dtype, requiresGrad,
        ], "tensor([[1, 2], [3, 4]])"
      ) { call in
        let tensor = try call.tensor("data")
        return try call.new(tensor.detached().converted(to: call.dtype() ?? tensor.dtype))
      },
      .function(
        "array", "make an array in double precision, as numpy does",
        [Parameter("data", .value(), example: "[1., 2.]", help: "numbers, or lists of them")],
        "array([0.98, 0.9, -0.9])", result: "array"
      ) { call in
        .array(
          try call.blaming("data") {
            try Tensor.of(call.arguments.value("data") ?? .none, isArray: true)
          })
      },
      .function(
        "zeros", aliases: ["empty"], "make a tensor of zeros", [.size, .dtype, requiresGrad],
        "zeros(2, 3)"
      ) { call in
        try call.new(.filled(call.sizes(), with: 0, call.dtype() ?? .float32))
      },
      .function("ones", "make a tensor of ones", [.size, .dtype, requiresGrad], "ones(3)") { call in
        try call.new(.filled(call.sizes(), with: 1, call.dtype() ?? .float32))
      },
      .function(
        "full", "make a tensor of one number",
        [
          Parameter("size", .value("Tuple"), example: "(2,3)", help: "the sizes"),
          Parameter("fill_value", .value("Double"), example: "7.", help: "the number"), .dtype,
          requiresGrad,
        ], "full((2, 3), 7.)"
      ) { call in
        let fill = try call.tensor("fill_value")
        return try call.new(.filled(call.sizes(), withElementOf: fill, call.dtype()))
      },
      .function(
        "logspace", "make powers of ten at equal factors, both ends included",
        [
          Parameter("start", .number(), example: "0", help: "the first power"),
          Parameter("end", .number(), example: "2", help: "the last power"),
          Parameter("steps", .integer(), example: "3", help: "how many"),
          Parameter("base", .number(.positive), default: "10", help: "what is raised"), .dtype,
        ], "logspace(0, 2, 3)"
      ) { call in
        let exponents = try Tensor.evenlySpaced(
          from: call.arguments.double("start"), through: call.arguments.double("end"),
          count: call.arguments.int("steps"), .float64)
        let base = try Tensor(scalar: call.arguments.double("base"))
        return .tensor(try base.power(exponents).converted(to: call.dtype() ?? .float32))
      },
      .function(
        "eye", "make a matrix with ones on the diagonal",
        [
          size("n"),
          Parameter(
            "m", .integer(), .optional, example: "4", help: "the columns; as many if left out"),
          .dtype,
        ], "eye(3)"
      ) { call in
        let identity = try Tensor.identity(
          call.arguments.int("n"), call.arguments.optionalInt("m"))
        return .tensor(try identity.converted(to: call.dtype() ?? .float32))
      },
      .function(
        "zeros_like", aliases: ["empty_like"], "make zeros of the shape of a tensor", [.x, .dtype],
        "zeros_like(ones(2, 3))"
      ) { call in
        let like = try call.tensor("x")
        return .tensor(try .filled(like.shape, with: 0, call.dtype() ?? like.dtype))
      },
      .function(
        "ones_like", "make ones of the shape of a tensor", [.x, .dtype], "ones_like(zeros(2, 3))"
      ) {
        call in
        let like = try call.tensor("x")
        return .tensor(try .filled(like.shape, with: 1, call.dtype() ?? like.dtype))
      },
      .function(
        "full_like", "make a tensor of one number, of the shape of another",
        [.x, Parameter("fill_value", .number(), example: "7.", help: "the number"), .dtype],
        "full_like(ones(2, 3), 7.)"
      ) { call in
        let like = try call.tensor("x")
        return .tensor(
          try .filled(
            like.shape, withElementOf: call.tensor("fill_value"), call.dtype() ?? like.dtype))
      },
      .function(
        "arange", "make evenly spaced numbers, the end left out",
        [
          Parameter(
            "start", .value("Double"), example: "0", help: "the first, or the end if alone"),
          Parameter("end", .value("Double"), .optional, example: "10", help: "the end"),
          Parameter("step", .value("Double"), .optional, example: "2", help: "the step"), .dtype,
        ], "arange(0, 10, 2)", run: arange),
      .function(
        "linspace", "make evenly spaced numbers, the end included",
        [
          Parameter("start", .number(), example: "0", help: "the first"),
          Parameter("end", .number(), example: "1", help: "the last"),
          Parameter("steps", .integer(), example: "5", help: "how many"), .dtype,
        ], "linspace(0, 1, 5)"
      ) { call in
        .tensor(
          try .evenlySpaced(
            from: call.arguments.double("start"), through: call.arguments.double("end"),
            count: call.arguments.int("steps"), call.dtype() ?? .float32))
      },
      .function(
        "one_hot", "make a vector of zeros with a one at an index, or at several",
        [
          Parameter("x", .value("Int"), example: "3", help: "the index, or a list of indices"),
          Parameter("c", .integer(), example: "5", help: "the number of classes"),
        ], "one_hot(3, 5)",
        details: "fastai's function of this name; `F.one_hot` makes a row for each index."
      ) { call in
        let indices = try call.tensor("x").converted(to: .int64).scalars(as: Int64.self).map(
          Int.init)
        return .tensor(try .oneHot(indices, classes: call.arguments.int("c")))
      },
    ] + random

  private static let random: [Builtin] = [
    .function(
      "normal", "draw normal numbers of a mean and a deviation",
      [
        Parameter("mean", .number(), example: "0", help: "the mean"),
        Parameter("std", .number(.notNegative), example: "1", help: "the deviation"), .size,
      ], "normal(0, 0.1, (2, 3))"
    ) { call in
      .tensor(
        try Tensor.zeros(call.sizes()).fillNormal(
          mean: call.arguments.double("mean"), std: call.arguments.double("std"),
          using: &call.scope.streams.torch))
    },
    .function("rand", "draw numbers between 0 and 1", [.size], "rand(2, 3)") { call in
      .tensor(try .uniform(call.sizes(), using: &call.scope.streams.torch))
    },
    .function(
      "rand_like", "draw numbers between 0 and 1, of the shape of a tensor", [.x],
      "rand_like(ones(2, 3))"
    ) {
      call in
      .tensor(try .uniform(call.tensor("x").shape, using: &call.scope.streams.torch))
    },
    .function(
      "randn_like", "draw standard normal numbers, of the shape of a tensor", [.x],
      "randn_like(ones(2, 3))"
    ) {
      call in
      .tensor(try .normal(call.tensor("x").shape, using: &call.scope.streams.torch))
    },
    .function("randn", "draw standard normal numbers", [.size], "randn(3)") { call in
      .tensor(try .normal(call.sizes(), using: &call.scope.streams.torch))
    },
    .function(
      "randint", "draw whole numbers",
      [
        Parameter("low", .integer(), example: "0", help: "the smallest, or the end if alone"),
        Parameter(
          "high", .anyOf([.integer(), .tuple(of: .integer())]), example: "10", help: "the end"),
        Parameter("size", .value("Tuple"), .optional, example: "(3,)", help: "the sizes"),
      ], "randint(0, 10, (3,))"
    ) { call in
      let low = try call.arguments.int("low")
      let isAlone = !call.arguments.isGiven("size")
      let sizes = isAlone ? call.arguments.optionalInts("high") ?? [] : try call.sizes()
      let high = isAlone ? low : try call.arguments.int("high")
      return .tensor(
        try .integers(
          from: isAlone ? 0 : low, to: high, sizes, using: &call.scope.streams.torch))
    },
    .function("randperm", "draw a random order of 0 to n − 1", [size("n")], "randperm(10)") {
      call in
      .tensor(try .permutation(of: call.arguments.int("n"), using: &call.scope.streams.torch))
    },
  ]

  private static let requiresGrad = Parameter(
    "requires_grad", .boolean, default: "false", isOptionOnly: true,
    help: "whether to ask for gradients")

  private static func size(_ name: String) -> Parameter {
    Parameter(name, .integer(), example: "3", help: "the size")
  }

  @Sendable
  private static func arange(_ call: Call) throws -> Value {
    let range = try range(call, .float32)
    return .tensor(try range.converted(to: call.dtype() ?? range.dtype))
  }

  /// Evenly spaced numbers: whole ones if all bounds are, else of a floating-point type.
  package static func range(_ call: Call, _ floating: DType) throws -> Tensor {
    var bounds = try ["start", "end", "step"].compactMap { try call.number($0) }
    if bounds.count == 1 { bounds.insert(try Tensor(scalar: Int64(0)), at: 0) }
    if bounds.count == 2 { bounds.append(try Tensor(scalar: Int64(1))) }
    let numbers = try bounds.map { try $0.item() }
    let wholes = bounds.compactMap { Value.tensor($0).integer }
    return wholes.count == bounds.count
      ? try Tensor.range(from: wholes[0], to: wholes[1], by: wholes[2])
      : try Tensor.range(from: numbers[0], to: numbers[1], by: numbers[2], floating)
  }
}

extension Call {
  /// A new tensor, which asks for gradients if the option `requires_grad` says so.
  fileprivate func new(_ tensor: Tensor) throws -> Value {
    guard try arguments.bool("requires_grad") else { return .tensor(tensor) }
    return .tensor(try tensor.requiringGradient(true))
  }
}
