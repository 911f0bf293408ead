package import CollabInterpreter
import CollabLanguage
import CollabTensors
import CollabThreading

/// Methods of tensors that are no functions: shapes, types, and gradients.
package enum TensorMethods {
  package static let all = shapingInBothForms + shaping + converting + changing

  private static let sample = "tensor([[1., 2.], [3., 4.]])"

  private static func shaped(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ arguments: String = "", _ apply: @escaping @Sendable (Tensor, Call) throws -> Tensor
  ) -> Builtin {
    .method(name, aliases: aliases, summary, parameters, "\(sample).\(name)(\(arguments))") {
      call in
      let x = try call.operand()
      return x.wrap(try apply(x.tensor, call))
    }
  }

  private static let like = Parameter(
    "other", .value("Tensor"), example: "t", help: "the other tensor")
  private static let optionalDim = Parameter(
    "dim", .integer(), .optional, example: "0", help: "the dimension; all if it is left out")

  private static let diagonal = Parameter(
    "diagonal", .integer(), default: "0", help: "how far the diagonal lies above the main one")

  private static let shapingInBothForms: [Builtin] = [
    Builtin.transformation("reshape", "the same elements under another shape", [.size], "4") {
      x, call in
      try x.reshaped(to: call.sizes())
    },
    Builtin.transformation(
      "flatten", aliases: ["ravel"], "all elements in one dimension, or those of some dimensions",
      [
        Parameter("start_dim", .integer(), default: "0", help: "the first of the dimensions"),
        Parameter("end_dim", .integer(), default: "-1", help: "the last of them"),
      ]
    ) { x, call in
      try x.flattened(
        from: call.arguments.int("start_dim"), through: call.arguments.int("end_dim"))
    },
    Builtin.transformation("squeeze", "the tensor without dimensions of size 1", [optionalDim]) {
      x, call in
      try x.squeezed(call.arguments.optionalInt("dim"))
    },
    Builtin.transformation(
      "unsqueeze", "the tensor with a new dimension of size 1",
      [Parameter("dim", .integer(), example: "0", help: "where the new dimension stands")], "0"
    ) { x, call in try x.unsqueezed(call.arguments.int("dim")) },
    Builtin.transformation(
      "transpose", aliases: ["swapaxes", "swapdims"], "the tensor with two dimensions exchanged",
      [
        Parameter("dim0", .integer(), example: "0", help: "one dimension"),
        Parameter("dim1", .integer(), example: "1", help: "the other"),
      ], "0, 1"
    ) { x, call in try x.transposed(call.arguments.int("dim0"), call.arguments.int("dim1")) },
    Builtin.transformation(
      "permute", "the tensor with its dimensions in another order", [.size], "1, 0"
    ) {
      x, call in
      try x.permuted(call.sizes())
    },
    Builtin.transformation(
      "unflatten", "the tensor with one dimension made several",
      [
        Parameter("dim", .integer(), example: "0", help: "the dimension"),
        Parameter("sizes", .value("Tuple"), example: "(2, 1)", help: "their sizes"),
      ], "0, (2, 1)"
    ) { x, call in
      let given = try call.arguments.int("dim")
      let place = given < 0 ? given + x.shape.count : given
      guard x.shape.indices.contains(place) else {
        throw TensorError.noDimension(given, shape: x.shape)
      }
      return try x.reshaped(
        to: x.shape[..<place] + call.sizes("sizes") + x.shape[(place + 1)...])
    },
    Builtin.transformation("tril", "the elements on and below a diagonal", [diagonal]) { x, call in
      try x.lowerTriangle(diagonal: call.arguments.int("diagonal"))
    },
    Builtin.transformation("triu", "the elements on and above a diagonal", [diagonal]) { x, call in
      try x.upperTriangle(diagonal: call.arguments.int("diagonal"))
    },
  ].flatMap(\.self)

  private static let shaping: [Builtin] = [
    shaped("t", "the transpose of a matrix") { x, _ in try x.transposed() },
    shaped("view", "the same elements under another shape", [.size], "4") {
      x, call in
      try x.reshaped(to: call.sizes())
    },
    shaped(
      "expand_as", "the tensor repeated to the shape of another", [like], "ones(3, 2, 2)"
    ) { x, call in try x.expanded(to: call.tensor("other").shape) },
    shaped(
      "view_as", aliases: ["reshape_as"], "the same elements under the shape of another", [like],
      "ones(4)"
    ) { x, call in try x.reshaped(to: call.tensor("other").shape) },
    shaped("type_as", "the elements as the type of another tensor", [like], "ones(1)") { x, call in
      try x.converted(to: call.tensor("other").dtype)
    },
    shaped("expand", "the tensor repeated to a shape that it broadcasts to", [.size], "3, 2, 2") {
      x, call in
      try x.expanded(to: call.sizes())
    },
    shaped("repeat", "the tensor so many times along each dimension", [.size], "2, 1") { x, call in
      try x.repeated(call.sizes())
    },
    .method(
      "size", "the shape, or the size of one dimension", [optionalDim], "\(sample).size(0)",
      result: nil
    ) {
      call in
      let shape = try call.operand().tensor.shape
      guard let dimension = call.arguments.optionalInt("dim") else { return .size(shape) }
      let place = dimension < 0 ? dimension + shape.count : dimension
      guard shape.indices.contains(place) else {
        throw TensorError.noDimension(dimension, shape: shape)
      }
      return .int(shape[place])
    },
    .method("dim", "the number of dimensions", [], "\(sample).dim()", result: "Int") { call in
      .int(try call.operand().tensor.shape.count)
    },
  ]

  // MARK: - Types

  private static func conversion(_ name: String, aliases: [String] = [], _ dtype: DType) -> Builtin
  {
    shaped(name, aliases: aliases, "the elements as \(dtype.rawValue)") { x, _ in
      try x.converted(to: dtype)
    }
  }

  private static let converting: [Builtin] = [
    conversion("float", .float32), conversion("double", .float64),
    conversion("long", .int64), conversion("int", .int32), conversion("short", .int16),
    conversion("char", .int8), conversion("byte", .uint8), conversion("bool", .bool),
    .method("item", "the only element as a number", [], "tensor(3.5).item()", result: "Double") {
      call in
      try Value(elementOf: call.operand().tensor)
    },
    .method("tolist", "the elements as nested lists", [], "\(sample).tolist()", result: "List") {
      call in
      let tensor = try call.operand().tensor
      // Lists of one element are the worst: each has a header.
      try MemoryBudget.require(tensor.count, of: 4 * MemoryLayout<Value>.stride)
      return try tensor.nested()
    },
    .method("numpy", "the elements as an array", [], "\(sample).numpy()", result: "array") { call in
      .array(try call.operand().tensor.detached())
    },
    .method(
      "detach", aliases: ["cpu", "contiguous", "data_ptr"],
      "the elements without what they were computed from",
      [], "\(sample).detach()"
    ) { call in
      let x = try call.operand()
      return x.wrap(x.tensor.detached())
    },
    .method("clone", aliases: ["copy"], "a copy of the elements", [], "\(sample).clone()") { call in
      let x = try call.operand()
      return x.wrap(try x.tensor.copied())
    },
  ]

  // MARK: - Changing

  private static let changing: [Builtin] = [
    .method(
      "requires_grad_", "ask for gradients",
      [Parameter("requires_grad", .boolean, default: "true", help: "false to stop asking")],
      "\(sample).requires_grad_()"
    ) { call in
      .tensor(
        try call.operand().tensor.requiringGradient(call.arguments.bool("requires_grad")))
    },
    .method(
      "backward", "add gradients to everything that went into this number", [],
      "(ones(3).requires_grad_() * 2).sum().backward()", result: nil
    ) { call in
      try call.operand().tensor.backward()
      return .none
    },
  ]
}

extension Tensor {
  /// The elements as nested lists.
  fileprivate func nested() throws -> Value {
    guard shape.isEmpty else {
      return .list(
        try (0..<shape[0]).map { place in
          if place & 0xFFF == 0 { try Interruption.check() }
          return try selecting(place).nested()
        })
    }
    return try Value(elementOf: self)
  }
}
