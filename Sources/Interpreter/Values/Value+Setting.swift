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
    case .tensor(let tensor):
      return try tensor.set(subscripts.map { try $0.ofTensor }, to: value)
    case .array(let array):
      return try array.set(
        subscripts.map { try $0.ofTensor }, to: value, allowsReversal: true)
    case .tuple, .string, .size: throw Problem.unchangeable(phrase)
    case .object(let labels as Labels): return try labels.set(subscripts.map(\.part), to: value)
    case .object(let places as Places): return try places.set(subscripts.map(\.part), to: value)
    default: break
    }
    guard subscripts.count == 1 else { throw Problem.notAssignable("a part of \(phrase)") }
    if case .slice(let start, let stop, let step) = subscripts[0] {
      return try changeMembers { members in
        try members.replace(start, stop, step, by: value.members())
      }
    }
    guard case .index(let index) = subscripts[0] else {
      throw Problem.notAssignable("a part of \(phrase)")
    }
    // fastcore's list takes several places at once.
    if case .longList(let list) = self, let chosen = index.elements {
      let places = try Self.places(chosen, among: list.count)
      // As many as there are on both sides, or one value for all.
      let values = value.elements ?? places.map { _ in value }
      return try changeMembers { members in
        for (place, one) in zip(places, values) { members[place] = one }
      }
    }
    switch self {
    case .list(let list): try setMember(of: list, index, to: value, Value.list)
    case .longList(let list): try setMember(of: list, index, to: value, Value.longList)
    case .object(let mapping as Mapping): try mapping.set(index, to: value)
    case .table(let view):
      guard case .string(let name) = index else {
        throw Problem.wrongKind("table[…] =", expected: "the name of a column", got: index.phrase)
      }
      self = .table(try view.setting(name, to: value))
    case .column, .object(is Series):
      let labels = Labels(of: self)
      try labels.set([.one(index)], to: value)
      self = labels.whole
    default: throw Problem.notAssignable("an element of \(phrase)")
    }
  }

  /// The places that whole numbers mean.
  private static func places(_ chosen: [Value], among count: Int) throws -> [Int] {
    try chosen.map { place in
      guard let number = place.integer else {
        throw Problem.wrongKind("an index", expected: "a whole number", got: place.phrase)
      }
      return try position(number, count: count)
    }
  }

  /// Removes what subscripts pick: members of a list, a key of a dict, a column of a table.
  mutating func remove(_ subscripts: [EvaluatedSubscript]) throws {
    switch (self, subscripts.count == 1 ? subscripts[0] : .ellipsis) {
    case (.list, .index(let index)), (.longList, .index(let index)):
      guard let number = index.integer else {
        throw Problem.wrongKind("an index", expected: "a whole number", got: index.phrase)
      }
      try changeMembers { members in
        members.remove(at: try Self.position(number, count: members.count))
      }
    case (.list, .slice(let start, let stop, let step)),
      (.longList, .slice(let start, let stop, let step)):
      try changeMembers { members in
        for place in try Self.positions(start, stop, step, count: members.count).sorted().reversed()
        {
          members.remove(at: place)
        }
      }
    case (.object(let mapping as Mapping), .index(let key)):
      guard try mapping.remove(key) != nil else {
        throw Problem.missingKey(key.display, in: "the dict", near: [])
      }
    case (.table(let view), .index(.string(let name))):
      _ = try view.column(name)
      self = .table(view.with(view.table.dropping(name)))
    default: throw Problem.notAssignable("a part of \(phrase)")
    }
  }

  /// Changes the members of a list, which are not copied while nothing else holds them.
  private mutating func changeMembers(_ change: (inout [Value]) throws -> Void) throws {
    let isLong: Bool
    var members: [Value]
    switch self {
    case .list(let list): (members, isLong) = (list, false)
    case .longList(let list): (members, isLong) = (list, true)
    default: throw Problem.notAssignable("a part of \(phrase)")
    }
    self = .none
    defer { self = isLong ? .longList(members) : .list(members) }
    try change(&members)
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

  /// Whether `.loc` and `.iloc` lead to its rows.
  var hasRows: Bool {
    switch self {
    case .table, .column, .object(is Series): true
    default: false
    }
  }

  /// Changes the rows behind `.loc` or `.iloc`.
  mutating func changeRows(_ name: String, _ change: (inout Value) throws -> Void) throws {
    guard var part = try property(name) else { return }
    try change(&part)
    switch part {
    case .object(let labels as Labels): self = labels.whole
    case .object(let places as Places): self = places.whole
    default: break
    }
  }
}

extension EvaluatedSubscript {
  /// The part as `.loc` and `.iloc` take it.
  fileprivate var part: IndexPart {
    switch self {
    case .index(let value): .one(value)
    case .slice(let start, let stop, let step):
      .slice(
        start: start.map(Value.int) ?? .none, stop: stop.map(Value.int) ?? .none,
        step: step.map(Value.int) ?? .none)
    case .ellipsis: .all
    }
  }
}

extension [Value] {
  /// Puts others in the place of a slice; as many where it has a step.
  fileprivate mutating func replace(
    _ start: Int?, _ stop: Int?, _ step: Int?, by others: [Value]
  ) throws {
    try MemoryBudget.require(others.count, of: Value.listedBytes)
    for other in others { try other.requireShallow() }
    let places = try Value.positions(start, stop, step, count: count)
    guard (step ?? 1) != 1 else {
      // Of an empty slice only its beginning is known.
      let first = try Value.positions(start, nil, 1, count: count).first ?? count
      let begin = places.first ?? first
      return replaceSubrange(begin..<(begin + places.count), with: others)
    }
    guard places.count == others.count else {
      throw Problem.notUnpackable(places.count, Value.list(others).phrase)
    }
    for (place, other) in zip(places, others) { self[place] = other }
  }
}

// MARK: - Tensors

extension Tensor {
  /// Gives the elements that subscripts pick other values, as PyTorch does.
  fileprivate func set(
    _ subscripts: [CollabTensors.Subscript], to value: Value, allowsReversal: Bool = false
  ) throws {
    let other: Tensor
    switch value {
    case .tensor(let tensor), .array(let tensor): other = tensor
    default: other = try Tensor.of(value, isArray: dtype == .float64)
    }
    if GradientMode.isRecording, requiresGradient || other.requiresGradient {
      throw Problem.recordedChange
    }
    try MemoryBudget.require(count, of: MemoryLayout<Int64>.stride)
    let places = try Tensor((0..<count).map(Int64.init), shape: shape).indexed(
      by: subscripts, allowsReversal: allowsReversal)
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
    case .int64, .int32, .int16, .int8, .uint8:
      try result(Int64.self).converted(to: dtype)
    case .float32: try result(Float.self)
    case .float64: try result(Double.self)
    }
  }
}
