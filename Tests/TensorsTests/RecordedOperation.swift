import CollabRandomness
import CollabTensors

/// The operations that cases were recorded of, by name.
enum RecordedOperation {
  /// What an operation is given.
  struct Given {
    let tensors: [Tensor]
    /// Nil where the argument was left out.
    let numbers: [Double?]
    let subscripts: [String]

    var x: Tensor { tensors[0] }
    var y: Tensor { tensors[1] }
    var integers: [Int] { numbers.map { Int($0 ?? 0) } }
    var dimensions: [Int]? { numbers.isEmpty ? nil : [integers[0]] }
    var keepsDimensions: Bool { integers.count > 1 && integers[1] == 1 }

    func number(_ n: Int) -> Double { numbers[n] ?? 0 }

    /// A number as an operand for the first tensor.
    func bound(_ n: Int) throws -> Tensor? {
      try numbers[n].map { number in
        try Int64(exactly: number).map { try Tensor(scalar: $0) } ?? Tensor.operand(number, for: x)
      }
    }

    func generator() -> TorchGenerator { TorchGenerator(seed: UInt32(integers[0])) }

    func parsedSubscripts() -> [Subscript] {
      subscripts.map { text in
        if text == "None" { return .newAxis }
        if text == "..." { return .ellipsis }
        if text.hasPrefix("t") { return .tensor(tensors[Int(text.dropFirst()) ?? 0]) }
        guard text.contains(":") else { return .index(Int(text) ?? 0) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        return .slice(start: parts[0], stop: parts[1], step: (parts.count > 2 ? parts[2] : 1) ?? 1)
      }
    }
  }

  typealias Operation = @Sendable (Given) throws -> [Tensor]

  static let all: [String: Operation] = [
    unary, binary, relations, reducing, ordering, shaping, others, creating,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  static let unary: [String: Operation] = [
    "exp": { [try $0.x.exp()] }, "log": { [try $0.x.log()] },
    "sqrt": { [try $0.x.squareRoot()] }, "sin": { [try $0.x.sin()] },
    "cos": { [try $0.x.cos()] }, "tanh": { [try $0.x.tanh()] },
    "sigmoid": { [try $0.x.sigmoid()] }, "relu": { [try $0.x.relu()] },
    "abs": { [try $0.x.absolute()] }, "sign": { [try $0.x.sign()] },
    "round": { [try $0.x.rounded()] }, "floor": { [try $0.x.floor()] },
    "ceil": { [try $0.x.ceil()] }, "not": { [try $0.x.not()] },
    "float": { [try $0.x.converted(to: .float32)] },
    "double": { [try $0.x.converted(to: .float64)] },
    "long": { [try $0.x.converted(to: .int64)] }, "bool": { [try $0.x.converted(to: .bool)] },
    "zeros_like": { [try Tensor.zeros($0.x.shape, $0.x.dtype)] },
    "ones_like": { [try Tensor.ones($0.x.shape, $0.x.dtype)] },
    "nonzero": { [try $0.x.nonzero()] }, "t": { [try $0.x.transposed()] },
  ]

  static let binary: [String: Operation] = [
    "+": { [try $0.x + $0.y] }, "-": { [try $0.x - $0.y] }, "*": { [try $0.x * $0.y] },
    "/": { [try $0.x / $0.y] }, "//": { [try $0.x.floorDivided(by: $0.y)] },
    "%": { [try $0.x.remainder(dividingBy: $0.y)] }, "**": { [try $0.x.power($0.y)] },
    "and": { [try $0.x.and($0.y)] }, "or": { [try $0.x.or($0.y)] },
    "maximum": { [try Tensor.maximum($0.x, $0.y)] },
    "minimum": { [try Tensor.minimum($0.x, $0.y)] },
    "@": { [try $0.x.multiplied(by: $0.y)] }, "dot": { [try $0.x.dot($0.y)] },
    "outer": { [try $0.x.outer($0.y)] }, "isclose": { [try $0.x.isClose(to: $0.y)] },
    "allclose": { [try Tensor(scalar: $0.x.isAllClose(to: $0.y))] },
    "scalar+": { [try $0.x + $0.number(0)] }, "scalar*": { [try $0.x * $0.number(0)] },
    "scalar/": { [try $0.x / $0.number(0)] }, "scalar**": { [try $0.x.power($0.number(0))] },
    "int+": { [try $0.x + $0.integers[0]] }, "int*": { [try $0.x * $0.integers[0]] },
    "int/": { [try $0.x / $0.integers[0]] }, "int**": { [try $0.x.power($0.integers[0])] },
  ]

  static let relations: [String: Operation] = Relation.allCases.reduce(into: [:]) {
    operations, relation in
    operations[relation.rawValue] = { [try $0.x.compared(relation, to: $0.y)] }
  }

  static let reducing: [String: Operation] = [
    "sum": {
      guard let dimensions = $0.dimensions else { return [try $0.x.sum()] }
      return [try $0.x.sum(over: dimensions, keepingDimensions: $0.keepsDimensions)]
    },
    "mean": {
      guard let dimensions = $0.dimensions else { return [try $0.x.mean()] }
      return [try $0.x.mean(over: dimensions, keepingDimensions: $0.keepsDimensions)]
    },
    "max": {
      guard let d = $0.dimensions else { return [try $0.x.maximum()] }
      let (values, indices) = try $0.x.maximum(along: d[0], keepingDimensions: $0.keepsDimensions)
      return [values, indices]
    },
    "min": {
      guard let d = $0.dimensions else { return [try $0.x.minimum()] }
      let (values, indices) = try $0.x.minimum(along: d[0], keepingDimensions: $0.keepsDimensions)
      return [values, indices]
    },
    "median": {
      guard let d = $0.dimensions else { return [try $0.x.median()] }
      let (values, indices) = try $0.x.median(along: d[0], keepingDimensions: $0.keepsDimensions)
      return [values, indices]
    },
    "argmax": {
      [try $0.x.argmax(along: $0.dimensions?[0], keepingDimensions: $0.keepsDimensions)]
    },
    "argmin": {
      [try $0.x.argmin(along: $0.dimensions?[0], keepingDimensions: $0.keepsDimensions)]
    },
    "std": {
      [try $0.x.standardDeviation(over: $0.dimensions, keepingDimensions: $0.keepsDimensions)]
    },
    "var": { [try $0.x.variance(over: $0.dimensions, keepingDimensions: $0.keepsDimensions)] },
    "var0": { [try $0.x.variance(over: $0.dimensions, correction: 0)] },
    "prod": { [try $0.x.product(over: $0.dimensions, keepingDimensions: $0.keepsDimensions)] },
    "any": { [try $0.x.any(over: $0.dimensions, keepingDimensions: $0.keepsDimensions)] },
    "all": { [try $0.x.all(over: $0.dimensions, keepingDimensions: $0.keepsDimensions)] },
    "norm": { [try $0.x.norm($0.number(0), over: [Int($0.number(1))])] },
    "norm_all": { [try $0.x.norm($0.number(0))] },
    "cumsum": { [try $0.x.cumulativeSum(along: $0.integers[0])] },
    "softmax": { [try $0.x.softmax(along: $0.integers[0])] },
    "log_softmax": { [try $0.x.logSoftmax(along: $0.integers[0])] },
  ]

  static let ordering: [String: Operation] = [
    "argsort": { [try $0.x.argsorted(along: $0.integers[0], descending: $0.integers[1] == 1)] },
    "sort": {
      let (values, indices) = try $0.x.sorted(
        along: $0.integers[0], descending: $0.integers[1] == 1)
      return [values, indices]
    },
    "topk": {
      let (values, indices) = try $0.x.top(
        $0.integers[0], along: $0.integers[1], largest: $0.integers[2] == 1)
      return [values, indices]
    },
    "unique": {
      let (values, counts) = try $0.x.unique()
      return [values, counts]
    },
    "bincount": { [try $0.x.binCounts(minimumLength: $0.integers[0])] },
  ]

  static let shaping: [String: Operation] = [
    "index": { [try $0.x.indexed(by: $0.parsedSubscripts())] },
    "permute": { [try $0.x.permuted($0.integers)] },
    "transpose": { [try $0.x.transposed($0.integers[0], $0.integers[1])] },
    "reshape": { [try $0.x.reshaped(to: $0.integers)] },
    "flatten": {
      [
        try $0.x.flattened(
          from: $0.integers.first ?? 0, through: $0.integers.count > 1 ? $0.integers[1] : -1)
      ]
    },
    "squeeze": { [try $0.x.squeezed($0.integers.first)] },
    "unsqueeze": { [try $0.x.unsqueezed($0.integers[0])] },
    "expand": { [try $0.x.expanded(to: $0.integers)] },
    "repeat": { [try $0.x.repeated($0.integers)] },
    "stack": { [try Tensor.stacked($0.tensors, along: $0.integers[0])] },
    "cat": { [try Tensor.concatenated($0.tensors, along: $0.integers[0])] },
    "split": { try $0.x.split(every: $0.integers[0], along: $0.integers[1]) },
    "split_sizes": { try $0.x.split(into: Array($0.integers.dropFirst()), along: $0.integers[0]) },
    "chunk": { try $0.x.chunked(into: $0.integers[0], along: $0.integers[1]) },
    "unbind": { try $0.x.unbound(along: $0.integers[0]) },
    "flip": { [try $0.x.flipped($0.integers)] },
    "tril": { [try $0.x.lowerTriangle(diagonal: $0.integers[0])] },
    "triu": { [try $0.x.upperTriangle(diagonal: $0.integers[0])] },
  ]

  static let others: [String: Operation] = [
    "clamp": { [try $0.x.clamped(from: $0.bound(0), to: $0.bound(1))] },
    "where": { [try Tensor.where($0.x, $0.y, $0.tensors[2])] },
    "cosine": { [try Tensor.cosineSimilarity($0.x, $0.y, along: $0.integers[0])] },
    "pca": { [try $0.x.principalComponents($0.integers[0])] },
    "svd": {
      let (left, values, right) = try $0.x.singularValueDecomposition()
      return [left, values, right]
    },
  ]

  static let creating: [String: Operation] = [
    "one_hot": { [try Tensor.oneHot(Array($0.integers.dropFirst()), classes: $0.integers[0])] },
    "arange": {
      let a = $0.integers
      return [
        try Tensor.range(
          from: a.count > 1 ? a[0] : 0, to: a.count > 1 ? a[1] : a[0], by: a.count > 2 ? a[2] : 1)
      ]
    },
    "arange_float": {
      let a = $0.numbers.compactMap(\.self)
      return [
        try Tensor.range(
          from: a.count > 1 ? a[0] : 0, to: a.count > 1 ? a[1] : a[0], by: a.count > 2 ? a[2] : 1)
      ]
    },
    "linspace": {
      [try Tensor.evenlySpaced(from: $0.number(0), through: $0.number(1), count: $0.integers[2])]
    },
    "eye": { [try Tensor.identity($0.integers[0], $0.integers.dropFirst().first)] },
    "zeros": { [try Tensor.zeros($0.integers)] },
    "full": { [try Tensor.filled(Array($0.integers.dropFirst()), with: $0.number(0))] },
    "randperm": {
      var torch = $0.generator()
      return [try Tensor.permutation(of: $0.integers[1], using: &torch)]
    },
    "rand": {
      var torch = $0.generator()
      return [try Tensor.uniform(Array($0.integers.dropFirst()), using: &torch)]
    },
    "randn": {
      var torch = $0.generator()
      return [try Tensor.normal(Array($0.integers.dropFirst()), using: &torch)]
    },
    "randint": {
      var torch = $0.generator()
      let a = $0.integers
      return [try Tensor.integers(from: a[1], to: a[2], Array(a[3...]), using: &torch)]
    },
  ]
}
