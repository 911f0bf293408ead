package import CollabInterpreter
import CollabLanguage
import CollabTensors

/// What puts elements of one tensor at places of another, under PyTorch's names.
package enum ScatteringFunctions {
  package static let all: [Builtin] =
    [
      Builtin.transformation(
        "scatter_add", "the elements, and others added at some indices along a dimension",
        [dim, index, source], "1, tensor([[0], [1]]), ones(2, 1)"
      ) { x, call in
        try call.sum(x, with: call.source(for: x), at: call.places(in: x))
      },
      Builtin.transformation(
        "index_add", "the elements, and the parts of another tensor added at some indices",
        [dim, index, source], "0, tensor([1]), ones(1, 2)"
      ) { x, call in
        let (dimension, index) = (try call.arguments.int("dim"), try call.tensor("index"))
        let moved = try x.transposed(0, dimension)
        let others = try call.tensor("source").transposed(0, dimension)
        let rows = try call.rows(index, of: moved)
        guard others.shape == [rows.count] + moved.shape.dropFirst() else {
          throw TensorError.unexpectedShape(
            others.shape, expected: "\([rows.count] + moved.shape.dropFirst())")
        }
        let width = moved.shape.dropFirst().reduce(1, *)
        let places = rows.flatMap { row in (0..<width).map { row * width + $0 } }
        return try call.sum(moved, with: others, at: places).transposed(0, dimension)
      },
      Builtin.transformation(
        "index_fill", "the elements, and a number at some indices of a dimension",
        [dim, index, Parameter("value", .number(), example: "0", help: "the number")],
        "0, tensor([1]), 9."
      ) { x, call in
        let (dimension, index) = (try call.arguments.int("dim"), try call.tensor("index"))
        let moved = try x.transposed(0, dimension)
        var isFilled = [Bool](repeating: false, count: moved.shape[0])
        for row in try call.rows(index, of: moved) { isFilled[row] = true }
        let sizes = [isFilled.count] + moved.shape.dropFirst().map { _ in 1 }
        let value = try Tensor.filled([], withElementOf: call.tensor("value"), x.dtype)
        return try Tensor.where(Tensor(isFilled).reshaped(to: sizes), value, moved)
          .transposed(0, dimension).named("IndexFillBackward0")
      },
    ].flatMap(\.self)
    + [
      // The function of this name draws points.
      .method(
        "scatter", "the elements, and others at some indices along a dimension",
        [
          dim, index,
          Parameter(
            "src", aliases: ["value"], .value("Tensor"), example: "1.",
            help: "what stands there: a number, or one for each index"),
        ], "tensor([[1., 2.], [3., 4.]]).scatter(1, tensor([[0], [1]]), 9.)"
      ) { call in
        let operand = try call.operand()
        let x = operand.tensor
        let places = try call.places(in: x)
        let others = try call.source(for: x)
        // Which element of both tensors, one behind the other, stands at each place.
        var origins = (0..<x.count).map(Int64.init)
        for (n, place) in places.enumerated() { origins[place] = Int64(x.count + n) }
        let all = try Tensor.concatenated([
          x.flattened(), others.converted(to: x.dtype).flattened(),
        ])
        return operand.wrap(
          try all.rows(at: Tensor(origins)).reshaped(to: x.shape).named("ScatterBackward0"))
      },
      .function(
        "take_along_dim", "one element along a dimension for each index",
        [
          .x, Parameter("indices", .value("Tensor"), example: "tensor([[0]])", help: "the indices"),
          .oneDim("-1"),
        ], "take_along_dim(tensor([[3, 1, 2]]), tensor([[1, 2]]), dim=1)"
      ) { call in
        .tensor(
          try call.tensor("x").gathered(
            along: call.arguments.int("dim"), at: call.tensor("indices")))
      },
    ]

  private static let dim = Parameter("dim", .integer(), example: "0", help: "the dimension")
  private static let index = Parameter(
    "index", .value("Tensor"), example: "tensor([0])", help: "whole numbers, as a tensor")
  private static let source = Parameter(
    "source", aliases: ["src"], .value("Tensor"), example: "ones(1)", help: "what is added")
}

extension Call {
  /// The place among all elements of a tensor that each of the indices means.
  fileprivate func places(in x: Tensor) throws -> [Int] {
    let numbers = try Tensor.range(to: x.count).reshaped(to: x.shape)
    let index = try tensor("index")
    return try numbers.gathered(along: arguments.int("dim"), at: index)
      .scalars(as: Int64.self).map(Int.init)
  }

  /// What stands at the indices, in their shape.
  fileprivate func source(for x: Tensor) throws -> Tensor {
    let name = arguments.signature.place(of: "src") == nil ? "source" : "src"
    let (source, shape) = (try tensor(name), try tensor("index").shape)
    guard !source.shape.isEmpty else { return try source.expanded(to: shape) }
    guard source.shape.count == shape.count,
      zip(shape, source.shape).allSatisfy({ $0 <= $1 })
    else { throw TensorError.unexpectedShape(source.shape, expected: "\(shape)") }
    return try source.indexed(
      by: shape.map { .slice(start: 0, stop: $0, step: 1) })
  }

  /// The rows that indices mean, of a tensor that has some.
  fileprivate func rows(_ index: Tensor, of tensor: Tensor) throws -> [Int] {
    let numbers = try Tensor.range(to: tensor.shape.first ?? 0)
    return try numbers.rows(at: index.flattened()).scalars(as: Int64.self).map(Int.init)
  }

  /// A tensor with others added at some places.
  fileprivate func sum(_ x: Tensor, with others: Tensor, at places: [Int]) throws -> Tensor {
    let (x, others) = (try unrecorded(x), try unrecorded(others))
    guard x.dtype.isFloatingPoint else {
      var sums = try x.converted(to: .int64).scalars(as: Int64.self)
      let added = try others.converted(to: .int64).scalars(as: Int64.self)
      for (n, place) in places.enumerated() { sums[place] &+= added[n] }
      return try Tensor(sums, shape: x.shape).converted(to: x.dtype)
    }
    var sums = x.doubles()
    for (place, number) in zip(places, others.doubles()) { sums[place] += number }
    return try Tensor(sums, shape: x.shape).converted(to: x.dtype)
  }
}
