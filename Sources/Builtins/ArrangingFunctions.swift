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

  /// The places of the elements of a matrix on one side of a diagonal, rows and columns.
  private static func indices(
    _ name: String, _ side: String, _ isWithin: @escaping @Sendable (Int, Int) -> Bool
  ) -> Builtin {
    .function(
      name, "the rows and columns of the elements \(side) a diagonal of a matrix",
      [
        Parameter("row", .integer(0...10_000), example: "2", help: "how many rows"),
        Parameter("col", .integer(0...10_000), example: "2", help: "how many columns"),
        Parameter("offset", .integer(), default: "0", help: "how far above the main diagonal"),
      ], "\(name)(2, 2)"
    ) { call in
      let (rows, columns) = (try call.arguments.int("row"), try call.arguments.int("col"))
      let offset = try call.arguments.int("offset")
      try MemoryBudget.require(rows * columns, of: 32)
      let places = (0..<rows).flatMap { row in
        (0..<columns).filter { isWithin($0 &- offset, row) }.map { (Int64(row), Int64($0)) }
      }
      return .tensor(try Tensor([places.map(\.0), places.map(\.1)]))
    }
  }

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
        try MemoryBudget.require(counts.cappedSum, of: 8)
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
      Builtin.transformation(
        "rot90", "the first two dimensions turned by quarters, against the clock",
        [Parameter("k", .integer(), default: "1", help: "how many quarters")]
      ) { x, call in
        switch (try call.arguments.int("k") % 4 + 4) % 4 {
        case 1: try x.flipped([1]).transposed(0, 1)
        case 2: try x.flipped([0, 1])
        case 3: try x.flipped([0]).transposed(0, 1)
        default: x
        }
      },
      Builtin.transformation("atleast_1d", "the tensor with one dimension or more") { x, _ in
        x.shape.isEmpty ? try x.reshaped(to: [1]) : x
      },
      Builtin.transformation("atleast_2d", "the tensor with two dimensions or more") { x, _ in
        x.shape.count < 2 ? try x.reshaped(to: [1, -1]) : x
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
      .function(
        "cartesian_prod", "all pairs of elements of two vectors, or of more, a row for each",
        [
          Parameter(
            "tensors", .value("Tensor"), .rest(atLeast: 1), example: "a, b", help: "vectors")
        ], "cartesian_prod(tensor([1, 2]), tensor([3, 4]))"
      ) { call in
        let vectors = try call.arguments.all("tensors").map { try Tensor.of($0, isArray: false) }
        guard vectors.count > 1 else { return .tensor(vectors[0]) }
        let shape = vectors.map(\.count)
        let columns = try vectors.enumerated().map { place, vector in
          var sizes = shape.map { _ in 1 }
          sizes[place] = vector.count
          return try vector.reshaped(to: sizes).expanded(to: shape).flattened()
        }
        return .tensor(try .stacked(columns, along: 1))
      },
      indices("tril_indices", "on and below") { $0 <= $1 },
      indices("triu_indices", "on and above") { $0 >= $1 },
      .method(
        "new_tensor", "numbers as a tensor of the same type",
        [Parameter("data", .value(), example: "[1, 2]", help: "the numbers")],
        "\(sample).new_tensor([1, 2])"
      ) { call in
        .tensor(try call.tensor("data").detached().converted(to: call.operand().tensor.dtype))
      },
      .function(
        "combinations", "all choices of so many elements of a vector, a row for each",
        [.x, Parameter("r", .integer(0...1000), default: "2", help: "how many elements")],
        "combinations(tensor([1, 2, 3]))"
      ) { call in
        let (x, count) = (try call.tensor("x"), try call.arguments.int("r"))
        guard x.shape.count == 1 else {
          throw TensorError.unexpectedShape(x.shape, expected: "a vector")
        }
        let places = try Selections.combinations(of: x.count, count)
        return .tensor(
          try x.rows(at: Tensor(places.joined().map(Int64.init)))
            .reshaped(to: [places.count, count]))
      },
      .method(
        "new_zeros", "zeros of the same type", [.size], "\(sample).new_zeros(2)"
      ) { call in .tensor(try .filled(call.sizes(), with: 0, call.operand().tensor.dtype)) },
      .method("new_ones", "ones of the same type", [.size], "\(sample).new_ones(2)") { call in
        .tensor(try .filled(call.sizes(), with: 1, call.operand().tensor.dtype))
      },
    ]

  // MARK: - Questions and types

  private static func limits(_ name: String, of what: String, example: String) -> Builtin {
    .function(
      name, "the ends of a type \(what): .max, .min, .bits",
      [Parameter("dtype", Parameter.dtype.type, example: example, help: "the type")],
      "torch.\(name)(torch.\(example)).max", result: "object"
    ) { call in
      guard let dtype = DType(named: try call.arguments.string("dtype")), dtype != .bool,
        dtype.isFloatingPoint == (name == "finfo")
      else { throw TensorError.unexpectedType(.bool, expected: "a type \(what)") }
      return .object(TypeLimits(dtype))
    }
  }

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
        "type", "the elements as another type, or the name of their type",
        [
          Parameter(
            "dtype", Parameter.dtype.type, .optional, example: "int64", help: "the other type")
        ], "\(sample).type(torch.int64)", result: nil
      ) { call in
        let x = try call.operand()
        guard call.arguments.isGiven("dtype") else {
          return .string("torch.\(x.tensor.dtype.className)Tensor")
        }
        return x.wrap(try x.tensor.converted(to: call.dtype(isArray: false) ?? x.tensor.dtype))
      },
      .method(
        "element_size", "the bytes that an element takes in PyTorch", [],
        "\(sample).element_size()", result: "Int"
      ) { call in .int(try call.operand().tensor.dtype.bitCount / 8) },
      .method(
        "stride", "how many elements lie between neighbours along each dimension", [],
        "\(sample).stride()", result: "Tuple"
      ) { call in
        let shape = try call.operand().tensor.shape
        return .tuple(
          shape.indices.map { place in .int(shape[(place + 1)...].reduce(1) { $0 * max($1, 1) }) })
      },
      .method(
        "is_contiguous", "whether elements lie in order, which they always do", [],
        "\(sample).is_contiguous()", result: "Bool"
      ) { _ in .bool(true) },
      .function(
        "get_default_dtype", "the type of tensors of numbers with a fraction", [],
        "torch.get_default_dtype()", result: "type"
      ) { _ in .object(TypeName("torch.float32")) },
      .function(
        "result_type", "the type that an operation on two tensors gives",
        [.x, Parameter("other", .value("Tensor"), example: "1.5", help: "a tensor or a number")],
        "torch.result_type(tensor([1]), 1.5)", result: "type"
      ) { call in
        let (x, other) = (
          call.arguments.value("x") ?? .none, call.arguments.value("other") ?? .none
        )
        guard case .tensor(let sum) = try Arithmetic.apply(.multiply, x, other) else {
          throw Problem.wrongKind("`result_type`", expected: "a tensor", got: x.phrase)
        }
        return .object(TypeName("torch.\(sum.dtype.rawValue)"))
      },
      .function(
        "can_cast", "whether numbers of one type may become those of another in place",
        [
          Parameter("from", Parameter.dtype.type, example: "int64", help: "the one type"),
          Parameter("to", Parameter.dtype.type, example: "float32", help: "the other type"),
        ], "torch.can_cast(torch.int64, torch.float32)", result: "Bool"
      ) { call in
        guard let from = DType(named: try call.arguments.string("from")),
          let to = DType(named: try call.arguments.string("to"))
        else { return .bool(false) }
        return .bool(from.rank <= to.rank)
      },
      limits("finfo", of: "with a fraction", example: "float32"),
      limits("iinfo", of: "of whole numbers", example: "int32"),
      .method(
        "to", aliases: ["astype"], "the elements as another type",
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

/// What `finfo` and `iinfo` say about a type of elements.
private final class TypeLimits: SessionObject {
  private let dtype: DType

  init(_ dtype: DType) { self.dtype = dtype }

  var typeName: String { dtype.isFloatingPoint ? "finfo" : "iinfo" }
  var display: String {
    let names = memberNames.filter { $0 != "bits" && $0 != "dtype" }
    return "\(typeName)(dtype=\(dtype.rawValue), "
      + names.map { "\($0)=\(member($0)?.text ?? "")" }.joined(separator: ", ") + ")"
  }

  var memberNames: [String] {
    dtype.isFloatingPoint
      ? ["bits", "dtype", "eps", "max", "min", "tiny"] : ["bits", "max", "min"]
  }

  func member(_ name: String) -> Value? {
    guard memberNames.contains(name) else { return nil }
    let isSingle = dtype == .float32
    let most: Double = isSingle ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    // The largest of so many bits, one of which is for the sign.
    let largest = dtype == .uint8 ? 255 : Int.max >> (64 - dtype.bitCount)
    switch name {
    case "bits": return .int(dtype.bitCount)
    case "dtype": return .string(dtype.rawValue)
    case "eps": return .double(isSingle ? Double(Float.ulpOfOne) : .ulpOfOne)
    case "tiny":
      return .double(isSingle ? Double(Float.leastNormalMagnitude) : .leastNormalMagnitude)
    case "max": return dtype.isFloatingPoint ? .double(most) : .int(largest)
    default:
      return dtype.isFloatingPoint
        ? .double(-most) : .int(dtype == .uint8 ? 0 : -largest - 1)
    }
  }
}

extension DType {
  /// How many bits an element takes in PyTorch.
  fileprivate var bitCount: Int {
    switch self {
    case .bool, .uint8, .int8: 8
    case .int16: 16
    case .int32, .float32: 32
    case .int64, .float64: 64
    }
  }

  /// The name of its tensors' class.
  fileprivate var className: String {
    switch self {
    case .bool: "Bool"
    case .uint8: "Byte"
    case .int8: "Char"
    case .int16: "Short"
    case .int32: "Int"
    case .int64: "Long"
    case .float32: "Float"
    case .float64: "Double"
    }
  }

  /// Truth values before whole numbers before those with a fraction.
  fileprivate var rank: Int { self == .bool ? 0 : isFloatingPoint ? 2 : 1 }
}
