package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// What picks, moves and joins elements of tensors, under PyTorch's names.
package enum SelectionFunctions {
  package static let all: [Builtin] = picking + joining

  private static let index = Parameter(
    "index", .value("Tensor"), example: "tensor([0])", help: "whole numbers, as a tensor")
  private static let dim = Parameter("dim", .integer(), example: "0", help: "the dimension")

  private static let offset = Parameter(
    "diagonal", aliases: ["k", "offset"], .integer(), default: "0",
    help: "how far the diagonal lies above the main one")

  private static let picking: [Builtin] = [
    Builtin.both(
      "nonzero", "the indices of the elements that are not 0, a row for each",
      [
        Parameter(
          "as_tuple", .boolean, default: "false", isOptionOnly: true,
          help: "whether to give a tensor for each dimension")
      ]
    ) { call in
      let x = try call.operand()
      let places = try x.tensor.nonzero()
      guard try call.arguments.bool("as_tuple") else { return x.wrap(places) }
      return .tuple(
        try (0..<places.shape[1]).map { x.wrap(try places.selecting($0, along: 1)) })
    },
    Builtin.transformation(
      "masked_fill", "the elements, and another number where a mask is true",
      [
        Parameter("mask", .value("Tensor"), example: "t > 0", help: "a bool tensor"),
        Parameter("value", .number(), example: "0", help: "the number"),
      ], "tensor([[True, False], [False, True]]), 0."
    ) { x, call in
      let value = try Tensor.filled([], withElementOf: call.tensor("value"), x.dtype)
      return try Tensor.where(call.tensor("mask"), value, x).named("MaskedFillBackward0")
    },
    Builtin.transformation(
      "index_select", "the parts at some indices of a dimension", [dim, index], "0, tensor([1, 0])"
    ) { x, call in
      let dimension = try call.arguments.int("dim")
      let moved = try x.transposed(0, dimension).rows(at: call.tensor("index"))
      return try moved.transposed(0, dimension).named("IndexSelectBackward0")
    },
    Builtin.transformation(
      "gather", "one element along a dimension for each index", [dim, index],
      "1, tensor([[0], [1]])"
    ) { x, call in
      try x.gathered(along: call.arguments.int("dim"), at: call.tensor("index"))
    },
    Builtin.transformation(
      "diag", "a diagonal of a matrix, or a matrix with this diagonal", [offset]
    ) { x, call in
      let offset = try call.arguments.int("diagonal")
      guard x.shape.count == 1, offset != 0 else { return try x.diagonal(offset) }
      // The matrix of a diagonal beside the main one is larger, with zeros before and behind.
      let gap = try Tensor.zeros([try x.gap(of: offset)], x.dtype)
      let longer = try Tensor.concatenated(offset > 0 ? [x, gap] : [gap, x])
      return try longer.diagonal().rolled(by: offset, along: 1)
    },
    Builtin.transformation("diagonal", "a diagonal of a matrix", [offset]) { x, call in
      guard x.shape.count == 2 else {
        throw TensorError.unexpectedShape(x.shape, expected: "a matrix")
      }
      return try x.diagonal(call.arguments.int("diagonal"))
    },
    Builtin.transformation("trace", "the sum of the diagonal of a matrix") { x, _ in
      try x.diagonal().sum().named("TraceBackward0")
    },
    Builtin.transformation(
      "roll", "the elements moved on, those at the end to the beginning",
      [
        Parameter("shifts", .integer(), example: "1", help: "how far"),
        Parameter("dims", .integer(), .optional, example: "0", help: "the dimension; all as one"),
      ], "1, 0"
    ) { x, call in
      guard let dimension = call.arguments.optionalInt("dims") else {
        return try x.flattened().rolled(by: call.arguments.int("shifts"), along: 0)
          .reshaped(to: x.shape).named("RollBackward0")
      }
      return try x.rolled(by: call.arguments.int("shifts"), along: dimension)
    },
  ].flatMap(\.self)

  // MARK: - Joining and taking apart

  private static let parts = Parameter(
    "tensors", .value("List"), example: "(a, b)", help: "tensors in a list or tuple")

  private static let joining: [Builtin] =
    [
      .function(
        "cat", aliases: ["concatenate"], "put tensors one after the other",
        [parts, .oneDim("0")],
        "cat((ones(2, 3), zeros(2, 3)), dim=1)"
      ) { call in
        .tensor(try Tensor.concatenated(call.parts(), along: call.arguments.int("dim")))
      },
      .function(
        "stack", "put tensors of one shape along a new dimension", [parts, .oneDim("0")],
        "stack([ones(3), zeros(3)])"
      ) { call in
        .tensor(try Tensor.stacked(call.parts(), along: call.arguments.int("dim")))
      },
      .function(
        "hstack", "put tensors beside each other", [parts], "hstack([ones(2), zeros(2)])"
      ) { call in
        let parts = try call.parts()
        return .tensor(
          try Tensor.concatenated(parts, along: (parts.first?.shape.count ?? 1) > 1 ? 1 : 0))
      },
      .function(
        "vstack", "put tensors below each other", [parts], "vstack([ones(2), zeros(2)])"
      ) { call in
        .tensor(
          try Tensor.concatenated(
            call.parts().map { $0.shape.count < 2 ? try $0.reshaped(to: [1, -1]) : $0 }))
      },
    ]
    + [
      .function(
        "column_stack", "put vectors beside each other as the columns of a matrix", [parts],
        "column_stack([ones(2), zeros(2)])"
      ) { call in
        .tensor(
          try Tensor.concatenated(
            call.parts().map { $0.shape.count < 2 ? try $0.reshaped(to: [-1, 1]) : $0 }, along: 1))
      },
      .function(
        "block_diag", "matrices along the diagonal of a larger one, with zeros elsewhere",
        [
          Parameter(
            "tensors", .value("Tensor"), .rest(atLeast: 1), example: "a, b", help: "matrices")
        ], "block_diag(ones(1, 2), ones(2, 1))"
      ) { call in
        let blocks = try call.arguments.all("tensors").map {
          let block = try Tensor.of($0, isArray: false)
          return block.shape.count < 2 ? try block.reshaped(to: [1, -1]) : block
        }
        let width = blocks.reduce(0) { $0 + $1.shape[1] }
        var before = 0
        return .tensor(
          try .concatenated(
            blocks.map { block in
              let (rows, columns) = (block.shape[0], block.shape[1])
              let left = try Tensor.zeros([rows, before], block.dtype)
              let right = try Tensor.zeros([rows, width - before - columns], block.dtype)
              before += columns
              return try .concatenated([left, block, right], along: 1)
            }))
      },
    ]
    + Builtin.both(
      "tensor_split", "the tensor in parts whose sizes differ by one at most",
      [
        Parameter("sections", .integer(1...1_000_000), example: "2", help: "how many parts"),
        .oneDim("0"),
      ], "2", result: "Tuple"
    ) { call in
      let (x, dimension) = (try call.operand(), try call.arguments.int("dim"))
      let count = try call.arguments.int("sections")
      let size = try x.tensor.transposed(0, dimension).shape[0]
      let sizes = (0..<count).map { size / count + ($0 < size % count ? 1 : 0) }
      return .tuple(try x.tensor.split(into: sizes, along: dimension).map(x.wrap))
    }
    + Builtin.both(
      "split", "the tensor in parts of one size, or of several sizes",
      [
        Parameter(
          "size", aliases: ["split_size_or_sections", "split_size"], .value("Int"), example: "2",
          help: "the size of a part, or a list of sizes"),
        .oneDim("0"),
      ], "1", result: "Tuple"
    ) { call in
      let (x, dimension) = (try call.operand(), try call.arguments.int("dim"))
      guard let size = call.arguments.value("size")?.integer else {
        return .tuple(try x.tensor.split(into: call.sizes("size"), along: dimension).map(x.wrap))
      }
      guard size > 0 else {
        throw TensorError.unexpectedNumber(Double(size), expected: "a size of parts above 0")
      }
      return .tuple(try x.tensor.split(every: size, along: dimension).map(x.wrap))
    }
    + Builtin.both(
      "chunk", "the tensor in so many parts",
      [
        Parameter("chunks", .integer(1...1_000_000), example: "2", help: "how many parts"),
        .oneDim("0"),
      ], "2", result: "Tuple"
    ) { call in
      let x = try call.operand()
      return .tuple(
        try x.tensor.chunked(into: call.arguments.int("chunks"), along: call.arguments.int("dim"))
          .map(x.wrap))
    }
    + Builtin.both(
      "unbind", "the parts along a dimension", [.oneDim("0")], result: "Tuple"
    ) { call in
      let x = try call.operand()
      return .tuple(try x.tensor.unbound(along: call.arguments.int("dim")).map(x.wrap))
    }
}

extension Call {
  /// The tensors of a list.
  fileprivate func parts() throws -> [Tensor] {
    guard let members = arguments.value("tensors")?.elements else {
      return try arguments.required("tensors", nil)
    }
    return try members.map { member in
      switch member {
      case .tensor(let tensor), .array(let tensor): tensor
      default: throw Problem.wrongKind("`tensors`", expected: "tensors", got: member.phrase)
      }
    }
  }
}

extension Tensor {
  /// How many zeros a diagonal so far from the main one needs.
  fileprivate func gap(of offset: Int) throws -> Int {
    guard offset.magnitude <= 1_000_000 else {
      throw TensorError.unexpectedNumber(Double(offset), expected: "a diagonal near the main one")
    }
    return abs(offset)
  }

  /// A diagonal of this matrix.
  fileprivate func diagonal(_ offset: Int) throws -> Tensor {
    guard offset != 0, shape.count == 2 else { return try diagonal() }
    let dimension = offset > 0 ? 1 : 0
    let start = min(Int(clamping: offset.magnitude), shape[dimension])
    let parts = try split(into: [start, shape[dimension] - start], along: dimension)
    return try parts[1].diagonal()
  }
}
