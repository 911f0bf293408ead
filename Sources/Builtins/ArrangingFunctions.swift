package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// What picks, repeats and spreads elements of tensors in less common ways, under PyTorch's names.
package enum ArrangingFunctions {
  package static let all = picking + spreading + asking

  private static let sample = "tensor([[1., 2.], [3., 4.]])"
  private static let dim = Parameter("dim", .integer(), example: "0", help: "the dimension")

  private static let picking: [Builtin] =
    [
      Builtin.transformation(
        "take", "the elements at some indices, counted through all",
        [Parameter("index", .value("Tensor"), example: "tensor([0])", help: "whole numbers")],
        "tensor([0, 3])"
      ) { x, call in try x.flattened().rows(at: call.tensor("index")).named("TakeBackward0") },
      Builtin.transformation(
        "masked_select", "the elements where a mask is true",
        [Parameter("mask", .value("Tensor"), example: "t > 0", help: "a bool tensor")],
        "\(sample) > 2"
      ) { x, call in
        let mask = try call.tensor("mask")
        return try x.indexed(by: [.tensor(mask)]).named("MaskedSelectBackward0")
      },
      Builtin.transformation(
        "narrow", "a stretch of a dimension",
        [
          dim, Parameter("start", .integer(), example: "0", help: "where it begins"),
          Parameter("length", .integer(0...1_000_000_000), example: "1", help: "how long it is"),
        ], "0, 0, 1"
      ) { x, call in
        let (start, length) = (try call.arguments.int("start"), try call.arguments.int("length"))
        let moved = try x.transposed(0, call.arguments.int("dim"))
        let (end, overflow) = start.addingReportingOverflow(length)
        guard start >= 0, !overflow, end <= moved.shape[0] else {
          throw Problem.outOfRange(overflow ? .max : end, count: moved.shape[0])
        }
        let part = try moved.split(into: [start, length, moved.shape[0] - end])[1]
        return try part.transposed(0, call.arguments.int("dim"))
      },
      Builtin.transformation(
        "argwhere", "the indices of the elements that are not 0, a row for each"
      ) { x, _ in try x.nonzero() },
    ].flatMap(\.self)

  private static let spreading: [Builtin] =
    [
      Builtin.transformation(
        "tile", "the tensor so many times along its last dimensions",
        [Parameter("dims", .value("Int"), .rest(atLeast: 0), example: "2", help: "how often")], "2"
      ) { x, call in
        let times = try call.sizes("dims")
        let padding = [Int](repeating: 1, count: max(x.shape.count - times.count, 0))
        return try x.repeated(padding + times)
      },
      Builtin.transformation(
        "repeat_interleave", "each element so many times",
        [
          Parameter("repeats", .value("Int"), example: "2", help: "how often, or how often each"),
          Parameter(
            "dim", aliases: ["axis"], .integer(), .optional, example: "0",
            help: "the dimension; all elements in one if it is left out"),
        ], "2"
      ) { x, call in
        let dimension = call.arguments.optionalInt("dim")
        let whole = try dimension == nil ? x.flattened() : x.transposed(0, dimension ?? 0)
        let given = try call.tensor("repeats").converted(to: .int64).scalars(as: Int64.self)
          .map(Int.init)
        let size = whole.shape.first ?? 0
        let counts = given.count == 1 ? Array(repeating: given[0], count: size) : given
        guard counts.count == size, counts.allSatisfy({ $0 >= 0 }) else {
          throw TensorError.unexpectedShape([counts.count], expected: "\(size) counts")
        }
        let total = counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
        try MemoryBudget.require(total, of: 8)
        let places = counts.enumerated().flatMap { place, count in
          Array(repeating: Int64(place), count: count)
        }
        let rows = try whole.rows(at: Tensor(places))
        return try dimension == nil ? rows : rows.transposed(0, dimension ?? 0)
      },
      Builtin.transformation(
        "broadcast_to", "the tensor repeated to a shape", [.size], "2, 2, 2"
      ) { x, call in try x.expanded(to: call.sizes()) },
      Builtin.transformation(
        "movedim", aliases: ["moveaxis"], "the tensor with a dimension moved to another place",
        [
          Parameter("source", .integer(), example: "0", help: "where it is"),
          Parameter("destination", .integer(), example: "1", help: "where it goes"),
        ], "0, 1"
      ) { x, call in
        func place(_ name: String) throws -> Int {
          let given = try call.arguments.int(name)
          let place = given < 0 ? given + x.shape.count : given
          guard x.shape.indices.contains(place) else {
            throw TensorError.noDimension(given, shape: x.shape)
          }
          return place
        }
        let (source, destination) = (try place("source"), try place("destination"))
        var order = Array(x.shape.indices)
        order.insert(order.remove(at: source), at: destination)
        return try x.permuted(order)
      },
      Builtin.transformation("fliplr", "the columns from the last to the first") { x, _ in
        try x.flipped([1])
      },
      Builtin.transformation("flipud", "the rows from the last to the first") { x, _ in
        try x.flipped([0])
      },
    ].flatMap(\.self)
    + [
      .function(
        "meshgrid", "the coordinates of a grid, one tensor for each direction",
        [
          Parameter(
            "tensors", .value("Tensor"), .rest(atLeast: 1), example: "a, b", help: "vectors"),
          Parameter(
            "indexing", .choice([Choice("ij"), Choice("xy")]), default: "ij", isOptionOnly: true,
            help: "whether the first counts rows or columns"),
        ], "meshgrid(arange(2), arange(3), indexing='ij')", result: "Tuple"
      ) { call in
        let given = call.arguments.all("tensors")
        let vectors = try (given.count == 1 ? given[0].elements ?? given : given).map {
          try Tensor.of($0, isArray: false).flattened()
        }
        let isXY = try call.arguments.string("indexing") == "xy" && vectors.count > 1
        let order = isXY ? [1, 0] + (2..<vectors.count) : Array(vectors.indices)
        let shape = order.map { vectors[$0].count }
        return .tuple(
          try vectors.enumerated().map { place, vector in
            var sizes = shape.map { _ in 1 }
            sizes[order.firstIndex(of: place) ?? place] = vector.count
            return .tensor(try vector.reshaped(to: sizes).expanded(to: shape))
          })
      },
      .method(
        "new_zeros", "zeros of the same type", [.size], "\(sample).new_zeros(2)"
      ) { call in .tensor(try .filled(call.sizes(), with: 0, call.operand().tensor.dtype)) },
      .method("new_ones", "ones of the same type", [.size], "\(sample).new_ones(2)") { call in
        .tensor(try .filled(call.sizes(), with: 1, call.operand().tensor.dtype))
      },
    ]

  // MARK: - Questions and types

  private static let asking: [Builtin] =
    Builtin.both(
      "is_floating_point", "whether the elements have a fraction", result: "Bool"
    ) { call in .bool(try call.operand().tensor.dtype.isFloatingPoint) }
    + [
      .function(
        "is_tensor", "whether a value is a tensor",
        [Parameter("x", .value(), example: "t", help: "a value")], "is_tensor(ones(2))",
        result: "Bool"
      ) { call in
        if case .tensor? = call.arguments.value("x") { return .bool(true) }
        return .bool(false)
      },
      .method(
        "to", aliases: ["astype", "type"], "the elements as another type",
        [
          Parameter(
            "dtype", .anyOf([Parameter.dtype.type, .choice([Choice("cpu")])]), example: "float64",
            help: "the type; a device is always the CPU")
        ], "\(sample).to(torch.float64)"
      ) { call in
        let x = try call.operand()
        return x.wrap(
          try x.tensor.converted(to: call.dtype(isArray: x.isArray) ?? x.tensor.dtype))
      },
    ]
}
