import CollabLearning
package import CollabTables
package import CollabTensors

extension Value {
  /// The values that a loop walks through.
  public func members() throws -> [Value] {
    if let elements { return elements }
    switch self {
    case .string(let text):
      try text.requireRoom(forPartsAt: { _ in true })
      return text.map { .string(String($0)) }
    case .tensor(let tensor): return try Self.rows(of: tensor).map(Value.tensor)
    case .array(let tensor): return try Self.rows(of: tensor).map(Value.fromArray)
    case .column(let column):
      try MemoryBudget.require(column.count, of: Value.listedBytes)
      return (0..<column.count).map(column.cell)
    case .table(let view): return view.table.columnNames.map(Value.string)
    case .module(let module as Sequential): return module.layers.map { .module($0) }
    case .object(let object):
      if let members = try object.members() { return members }
    default: break
    }
    throw Problem.wrongKind("this place", expected: "several values", got: self.phrase)
  }

  /// Exactly so many values, for as many names.
  package func unpacked(into count: Int) throws -> [Value] {
    guard let parts = try? members(), parts.count == count else {
      throw Problem.notUnpackable(count, phrase)
    }
    return parts
  }

  private static func rows(of tensor: Tensor) throws -> [Tensor] {
    guard let count = tensor.shape.first else {
      throw Problem.wrongKind(
        "this place", expected: "several values", got: Value.tensor(tensor).phrase)
    }
    // An object for each, with the list of its sizes and what it lies in.
    try MemoryBudget.require(count, of: 512)
    return try (0..<count).map { try tensor.selecting($0) }
  }

  /// A numpy array as a value: a plain number if it has no dimensions.
  package static func fromArray(_ tensor: Tensor) -> Value {
    guard tensor.shape.isEmpty, let value = try? Value(elementOf: tensor) else {
      return .array(tensor)
    }
    return value
  }

  /// The only element of a tensor, as what it is.
  package init(elementOf tensor: Tensor) throws(TensorError) {
    self =
      switch try tensor.element() {
      case .truth(let flag): .bool(flag)
      case .integer(let number): .int(number)
      case .number(let number): .double(number)
      case .list: .none
      }
  }

  /// A cell of a table.
  package init(_ cell: Column.Value) {
    self =
      switch cell {
      case .integer(let value): .int(value)
      case .double(let value): .double(value)
      case .text(let text): .string(text)
      case .missing: .double(.nan)
      }
  }
}

extension Column {
  /// The cells as a list of texts or an array of numbers.
  package func values() throws -> CollabInterpreter.Value {
    guard kind != .text else {
      return .list((0..<count).map(cell))
    }
    return .array(try tensor())
  }

  /// The numbers as a tensor.
  package func tensor() throws -> Tensor {
    if let truths { return try Tensor(truths) }
    return kind == .integers ? try Tensor(integers().map(Int64.init)) : try Tensor(doubles())
  }
}

extension Tensor {
  /// A tensor of nested lists of numbers.
  ///
  /// The elements are of the widest type among the numbers: a tensor's floats are single, an
  /// array's double.
  package static func of(_ value: Value, isArray: Bool) throws -> Tensor {
    var shape: [Int] = []
    var numbers: [Double] = []
    // Beside doubles, which do not have all whole numbers, for as long as there are no others.
    var wholes: [Int64] = []
    var dtype = DType.bool
    func add(_ value: Value, depth: Int) throws {
      if let elements = value.elements {
        if depth == shape.count && numbers.isEmpty { shape.append(elements.count) }
        guard depth < shape.count, shape[depth] == elements.count else { throw TensorError.ragged }
        for element in elements { try add(element, depth: depth + 1) }
        return
      }
      guard depth == shape.count else { throw TensorError.ragged }
      switch value {
      case .bool(let flag): add(flag ? 1 : 0)
      case .int(let number):
        add(Int64(number))
        if dtype == .bool { dtype = .int64 }
      case .double(let number):
        numbers.append(number)
        dtype = isArray ? .float64 : .float32
      case .tensor(let tensor) where tensor.count == 1, .array(let tensor) where tensor.count == 1:
        if tensor.dtype.isFloatingPoint {
          numbers.append(try tensor.item())
          dtype = isArray ? .float64 : .float32
        } else {
          add(Int64(value.integer ?? 0))
          if dtype == .bool { dtype = tensor.dtype }
        }
      default: throw Problem.wrongKind("a tensor", expected: "numbers", got: value.phrase)
      }
    }
    func add(_ whole: Int64) {
      numbers.append(Double(whole))
      if !dtype.isFloatingPoint { wholes.append(whole) }
    }
    switch value {
    case .tensor(let tensor), .array(let tensor): return tensor
    case .column, .object(is any ColumnObject):
      if let column = value.numbers { return try column.tensor() }
      try add(.list(value.members()), depth: 0)
    default: try add(value, depth: 0)
    }
    if numbers.isEmpty { dtype = isArray ? .float64 : .float32 }
    return dtype.isFloatingPoint
      ? try Tensor(numbers, shape: shape).converted(to: dtype)
      : try Tensor(wholes, shape: shape).converted(to: dtype)
  }

  /// A whole number as an operand beside a value: of the type of a tensor of floats, else itself.
  package func besideTensor(_ other: DType?) throws -> Tensor {
    guard let other, other.isFloatingPoint else { return self }
    return try converted(to: other)
  }

  /// The elements as doubles.
  package func doubles() -> [Double] {
    ((try? converted(to: .float64)) ?? self).scalars(as: Double.self)
  }
}

extension Value {
  /// The column of numbers that this is, or has.
  package var numbers: Column? {
    let column: Column? =
      switch self {
      case .column(let column): column
      case .object(let object as any ColumnObject): object.values
      default: nil
      }
    return column.flatMap { $0.kind == .text ? nil : $0 }
  }
}

extension Value {
  /// The element type, if this is a tensor or an array.
  package var dtype: DType? {
    switch self {
    case .tensor(let tensor), .array(let tensor): tensor.dtype
    default: nil
    }
  }
}
