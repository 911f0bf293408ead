import CollabTables
import CollabTensors

/// What stands between the brackets of `a[…] =`.
enum EvaluatedSubscript {
  case index(Value)
  case slice(start: Int?, stop: Int?, step: Int?)
  case ellipsis

  /// The subscript of a tensor.
  var ofTensor: CollabTensors.Subscript {
    get throws {
      switch self {
      case .ellipsis: .ellipsis
      case .slice(let start, let stop, let step): .slice(start: start, stop: stop, step: step ?? 1)
      case .index(let value): try SubscriptCode.subscript(value)
      }
    }
  }
}

extension Value {
  /// Gives an element another value.
  mutating func set(_ subscripts: [EvaluatedSubscript], to value: Value) throws {
    switch self {
    case .tensor(let tensor), .array(let tensor):
      return try tensor.set(subscripts.map { try $0.ofTensor }, to: value)
    case .tuple, .string, .size: throw Problem.unchangeable(phrase)
    default: break
    }
    guard subscripts.count == 1, case .index(let index) = subscripts[0] else {
      throw Problem.notAssignable("a part of \(phrase)")
    }
    switch self {
    case .list(let list): try setMember(of: list, index, to: value, Value.list)
    case .longList(let list): try setMember(of: list, index, to: value, Value.longList)
    case .object(let mapping as Mapping): try mapping.set(index, to: value)
    case .table(let view):
      guard case .string(let name) = index else {
        throw Problem.wrongKind("table[…] =", expected: "the name of a column", got: index.phrase)
      }
      let column = try value.column(named: name, rowCount: view.table.rowCount)
      self = .table(TableView(try view.table.adding(column)))
    default: throw Problem.notAssignable("an element of \(phrase)")
    }
  }

  private mutating func setMember(
    of list: consuming [Value], _ index: Value, to value: Value, _ make: ([Value]) -> Value
  ) throws {
    guard let number = index.integer else {
      throw Problem.wrongKind("an index", expected: "a whole number", got: index.phrase)
    }
    let place = try Self.position(number, count: list.count)
    try value.requireShallow()
    // The members are not copied while nothing else holds them.
    var members = list
    self = .none
    members[place] = value
    self = make(members)
  }

  /// Refuses what is nested so deeply that a list of it would be too deep.
  func requireShallow() throws {
    if !held.isEmpty { try Value.list([self]).requireFinite() }
  }

  /// The value as a column of a table: one value for all rows, or one a row.
  private func column(named name: String, rowCount: Int) throws -> Column {
    let cells: [Column.Value]
    switch self {
    case .column(let column): cells = (0..<column.count).map { column.value(at: $0) }
    case .object(let object as any ColumnObject):
      cells = (0..<object.values.count).map { object.values.value(at: $0) }
    case .list, .longList, .tuple, .tensor, .array:
      cells = try members().map { try $0.requiredCell() }
    default: cells = Array(repeating: try requiredCell(), count: rowCount)
    }
    return Column(name, cells)
  }

  private func requiredCell() throws -> Column.Value {
    guard let cell else {
      throw Problem.wrongKind("a column", expected: "numbers or texts", got: phrase)
    }
    return cell
  }
}

extension Column {
  /// A column of cells: of whole numbers if all are, else of numbers, or of texts if one is.
  fileprivate init(_ name: String, _ cells: [Column.Value]) {
    let wholes = cells.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    if wholes.count == cells.count {
      self.init(name, integers: wholes)
    } else if cells.contains(where: { if case .text = $0 { true } else { false } }) {
      self.init(name, texts: cells.map { if case .missing = $0 { nil } else { $0.display } })
    } else {
      self.init(
        name,
        doubles: cells.map { cell in
          switch cell {
          case .integer(let number): Double(number)
          case .double(let number): number
          case .text, .missing: .nan
          }
        })
    }
  }
}

// MARK: - Tensors

extension Tensor {
  /// Gives the elements that subscripts pick other values, as PyTorch does.
  fileprivate func set(_ subscripts: [CollabTensors.Subscript], to value: Value) throws {
    let other: Tensor
    switch value {
    case .tensor(let tensor), .array(let tensor): other = tensor
    default: other = try Tensor.of(value, isArray: dtype == .float64)
    }
    if GradientMode.isRecording, requiresGradient || other.requiresGradient {
      throw Problem.recordedChange
    }
    try MemoryBudget.require(count, of: MemoryLayout<Int64>.stride)
    let places = try Tensor((0..<count).map(Int64.init), shape: shape).indexed(by: subscripts)
    let elements = try other.converted(to: dtype).expanded(to: places.shape)
    try replaceElements(by: try replacing(places.scalars(as: Int64.self), by: elements))
  }

  private func replacing(_ places: [Int64], by elements: Tensor) throws -> Tensor {
    func result<Scalar: TensorScalar>(_ type: Scalar.Type) throws -> Tensor {
      var scalars = scalars(as: type)
      for (place, element) in zip(places, elements.scalars(as: type)) {
        scalars[Int(place)] = element
      }
      return try Tensor(scalars, shape: shape)
    }
    return switch dtype {
    case .bool: try result(Bool.self)
    case .int64: try result(Int64.self)
    case .float32: try result(Float.self)
    case .float64: try result(Double.self)
    }
  }
}
