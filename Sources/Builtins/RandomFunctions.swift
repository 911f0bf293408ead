package import CollabInterpreter
import CollabLanguage
import CollabRandomness
import CollabTensors

/// Random numbers as numpy and Python draw them: `np.random` and `random`.
package enum RandomFunctions {
  package static let all = numbers + picks + python + seeds

  private static let low = Parameter("low", .number(), default: "0", help: "the lower end")
  private static let high = Parameter("high", .number(), default: "1", help: "the upper end")
  private static let size = Parameter(
    "size", .anyOf([.integer(0...100_000_000), .tuple(of: .integer(0...100_000_000)), .nothing]),
    .optional, example: "3", help: "how many, or a tuple of sizes; one number if it is left out")
  private static let sizes = Parameter(
    "sizes", .value("Int"), .rest(atLeast: 0), example: "2, 3", help: "sizes, one by one")

  // MARK: - numpy

  /// Doubles that numpy's own generator draws.
  private static func drawing(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ example: String,
    _ draw: @escaping @Sendable (inout NumpyGenerator, Call) throws -> Double
  ) -> Builtin {
    .method(
      of: "np.random", name, summary, parameters, "np.random.\(example)", result: "array"
    ) { call in
      let sizes = try call.drawnSizes()
      let numbers = try (0..<call.count(of: sizes)).map { _ in
        try draw(&call.scope.streams.numpy, call)
      }
      return .fromArray(try Tensor(numbers, shape: sizes))
    }
  }

  private static let numbers: [Builtin] = [
    drawing("rand", "draw doubles between 0 and 1", [sizes], "rand(3)") { generator, _ in
      generator.double()
    },
    drawing("random", "draw doubles between 0 and 1", [size], "random(3)") { generator, _ in
      generator.double()
    },
    drawing("uniform", "draw doubles between two ends", [low, high, size], "uniform(0, 5, 3)") {
      generator, call in
      let (low, high) = (try call.arguments.double("low"), try call.arguments.double("high"))
      return low + (high - low) * generator.double()
    },
    drawing("randn", "draw normal numbers", [sizes], "randn(3)") { generator, _ in
      generator.normal()
    },
    drawing(
      "normal", "draw normal numbers",
      [
        Parameter("loc", .number(), default: "0", help: "the mean"),
        Parameter("scale", .number(.notNegative), default: "1", help: "the deviation"), size,
      ], "normal(0, 0.1, 3)"
    ) { generator, call in
      try call.arguments.double("loc") + call.arguments.double("scale") * generator.normal()
    },
    .method(
      of: "np.random", "randint", "draw whole numbers, the end left out",
      [
        Parameter("low", .integer(), example: "0", help: "the least, or the end if alone"),
        Parameter(
          "high", .anyOf([.integer(), .nothing]), .optional, example: "10", help: "the end"),
        size,
      ], "np.random.randint(0, 10, 5)", result: "array"
    ) { call in
      let first = try call.arguments.int("low")
      let (low, high) = call.arguments.optionalInt("high").map { (first, $0) } ?? (0, first)
      guard low < high else {
        throw Problem.wrongKind("`randint`", expected: "an end above \(low)", got: "\(high)")
      }
      let sizes = try call.drawnSizes()
      let numbers = try (0..<call.count(of: sizes)).map { _ in
        Int64(call.scope.streams.numpy.integer(in: low...(high - 1)))
      }
      return .fromArray(try Tensor(numbers, shape: sizes))
    },
  ]

  private static let members = Parameter(
    "x", .value("List"), example: "[1, 2, 3]", help: "members, or how many numbers from 0 on")

  private static let picks: [Builtin] = [
    .method(
      of: "np.random", "permutation", "the members of a list in another order", [members],
      "np.random.permutation(5)", result: "array"
    ) { call in
      let members = try call.membersOrNumbers()
      let order = call.scope.streams.numpy.permutation(of: members.count)
      return try .arrayIfNumbers(order.map { members[$0] })
    },
    .method(
      of: "np.random", "shuffle", "put the members of an array in another order",
      [Parameter("x", .value("array"), example: "np.arange(4)", help: "an array")],
      "np.random.shuffle(np.arange(4))", result: nil
    ) { call in
      guard case .array(let array)? = call.arguments.value("x"), !array.shape.isEmpty else {
        throw Problem.wrongKind(
          "`shuffle`", expected: "an array, and `np.random.permutation` a list",
          got: call.value("x").phrase)
      }
      let order = call.scope.streams.numpy.permutation(of: array.shape[0])
      try array.replaceElements(by: array.indexed(by: [.tensor(Tensor(order.map(Int64.init)))]))
      return .none
    },
    .method(
      of: "np.random", "choice", "pick members of a list",
      [
        members, size,
        Parameter("replace", .boolean, default: "true", help: "whether one may come again"),
        Parameter(
          "p", .value("List"), .optional, example: "[0.5, 0.3, 0.2]", help: "how likely each is"),
      ], "np.random.choice([1, 2, 3], 2)", result: "array"
    ) { call in
      let members = try call.membersOrNumbers()
      guard !members.isEmpty else {
        throw Problem.wrongKind("`choice`", expected: "at least one member", got: "none")
      }
      let sizes = try call.drawnSizes()
      let picks = try call.picks(call.count(of: sizes), of: members.count).map { members[$0] }
      guard call.arguments.optionalInts("size") != nil else { return picks[0] }
      let picked = try Value.arrayIfNumbers(picks)
      guard case .array(let array) = picked else { return picked }
      return .array(try array.reshaped(to: sizes))
    },
  ]

  // MARK: - Python

  private static let sequence = Parameter(
    "x", .value("List"), example: "['a', 'b']", help: "members")

  private static let python: [Builtin] = [
    .method(
      of: "random", "random", "draw a number between 0 and 1", [], "random.random()",
      result: "Double"
    ) { call in .double(call.scope.streams.python.double()) },
    .method(
      of: "random", "uniform", "draw a number between two ends",
      [
        Parameter("a", .number(), example: "0", help: "one end"),
        Parameter("b", .number(), example: "5", help: "the other"),
      ], "random.uniform(0, 5)", result: "Double"
    ) { call in
      let (a, b) = (try call.arguments.double("a"), try call.arguments.double("b"))
      return .double(a + (b - a) * call.scope.streams.python.double())
    },
    .method(
      of: "random", "randint", "draw a whole number, both ends among them",
      [
        Parameter("a", .integer(), example: "1", help: "the least"),
        Parameter("b", .integer(), example: "6", help: "the largest"),
      ], "random.randint(1, 6)", result: "Int"
    ) { call in
      let (a, b) = (try call.arguments.int("a"), try call.arguments.int("b"))
      guard a <= b else {
        throw Problem.wrongKind("`randint`", expected: "an end from \(a) on", got: "\(b)")
      }
      return .int(call.scope.streams.python.integer(in: a...b))
    },
    .method(
      of: "random", "choice", "pick a member", [sequence], "random.choice(['a', 'b'])", result: nil
    ) { call in
      let members = try call.blaming("x") { try call.value("x").members() }
      guard !members.isEmpty else {
        throw Problem.wrongKind("`choice`", expected: "at least one member", got: "none")
      }
      return members[call.scope.streams.python.integer(in: 0...(members.count - 1))]
    },
    .method(
      of: "random", "sample", "pick some members, none of them twice",
      [sequence, Parameter("k", .integer(0...100_000_000), example: "2", help: "how many")],
      "random.sample([1, 2, 3], 2)", result: "List"
    ) { call in
      let members = try call.blaming("x") { try call.value("x").members() }
      let count = try call.arguments.int("k")
      guard count <= members.count else {
        throw Problem.wrongKind(
          "`sample`", expected: "at most \(members.count) members", got: "\(count)")
      }
      return .list(
        call.scope.streams.python.sample(count, of: members.count).map { members[$0] })
    },
  ]

  // MARK: - Seeds

  private static let seeds: [Builtin] = ["np.random", "random"].map { module in
    .method(
      of: module, "seed", "begin the random numbers of this module anew",
      [Parameter("seed", .integer(0...Int(UInt32.max)), example: "42", help: "a whole number")],
      "\(module).seed(42)", result: nil
    ) { call in
      let seed = try call.arguments.int("seed")
      if module == "random" {
        call.scope.streams.python = PythonGenerator(seed: UInt64(clamping: seed))
      } else {
        call.scope.streams.numpy = NumpyGenerator(seed: UInt32(clamping: seed))
      }
      return .none
    }
  }
}

extension Call {
  /// The sizes of what is drawn: those of `size`, or one by one.
  fileprivate func drawnSizes() throws -> [Int] {
    let isRest = arguments.spec.parameters.contains { $0.name == "sizes" }
    return try isRest ? sizes("sizes") : arguments.optionalInts("size") ?? []
  }

  /// How many numbers an array of these sizes has.
  fileprivate func count(of sizes: [Int]) throws -> Int {
    let count = max(sizes.cappedProduct, 0)
    try MemoryBudget.require(count, of: 8)
    return count
  }

  /// The members of the argument `x`, or the numbers below it.
  fileprivate func membersOrNumbers() throws -> [Value] {
    try blaming("x") {
      guard let count = value("x").integer else { return try value("x").members() }
      try MemoryBudget.require(max(count, 0), of: Value.listedBytes)
      return (0..<max(count, 0)).map(Value.int)
    }
  }

  /// Places among so many, as `np.random.choice` picks them.
  fileprivate func picks(_ size: Int, of count: Int) throws -> [Int] {
    if arguments.isGiven("p"), !value("p").isNone {
      let weights = try blaming("p") { try Tensor.of(value("p"), isArray: true).doubles() }
      guard weights.count == count else {
        throw Problem.unequalLengths("`p`", weights.count, "the list", count)
      }
      var sums = weights
      for place in sums.indices.dropFirst() { sums[place] += sums[place - 1] }
      guard let last = sums.last, last > 0, !weights.contains(where: { $0 < 0 }),
        try arguments.bool("replace")
      else {
        throw Problem.wrongKind(
          "`choice`", expected: "with `p` numbers that are not negative, and replace=True",
          got: value("p").text)
      }
      return (0..<size).map { _ in
        let draw = scope.streams.numpy.double()
        return sums.firstIndex { $0 / last > draw } ?? count - 1
      }
    }
    if try arguments.bool("replace") {
      return (0..<size).map { _ in scope.streams.numpy.integer(in: 0...(count - 1)) }
    }
    guard size <= count else {
      throw Problem.wrongKind("`choice`", expected: "at most \(count) members", got: "\(size)")
    }
    return Array(scope.streams.numpy.permutation(of: count).prefix(size))
  }
}

extension Value {
  /// Members as an array where all are numbers, else as a list.
  fileprivate static func arrayIfNumbers(_ members: [Value]) throws -> Value {
    guard members.allSatisfy({ $0.number != nil || $0.asTensor != nil }) else {
      return .list(members)
    }
    return .array(try Tensor.of(.list(members), isArray: true))
  }
}
