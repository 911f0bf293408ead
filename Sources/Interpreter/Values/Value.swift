public import CollabDocuments
public import CollabLearning
public import CollabTables
public import CollabTensors

/// What a name in a session can stand for.
///
/// The larger ones are indirect: values of two words and a tag are copied in registers.
public enum Value {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case tuple([Value])
  case list([Value])
  /// fastcore's `L`: a list that says how long it is.
  case longList([Value])
  case path(String)
  /// As in PyTorch.
  case tensor(Tensor)
  /// As in numpy: double precision where a tensor has single, and plain numbers when it is reduced.
  case array(Tensor)
  /// The sizes of a tensor.
  case size([Int])
  indirect case table(TableView)
  indirect case column(Column)
  case module(any Module)
  case callable(Callable)
  case object(any SessionObject)
}

/// Values of kinds that the language does not know: they bring along what it asks of values.
public protocol SessionObject: AnyObject {
  /// The kind, as `type(…)` and messages say it.
  var typeName: String { get }
  /// What a statement that gives this value shows, as text.
  var display: String { get }
  /// What a statement that gives this value shows.
  var block: Block { get }
  /// Whether that is a table.
  var isTabular: Bool { get }
  /// The kinds whose methods it has.
  var methodKinds: [String] { get }
  /// The names behind a dot.
  var memberNames: [String] { get }
  /// The value behind a dot; nil if there is none.
  func member(_ name: String) throws -> Value?
  /// The value in brackets.
  func element(_ index: Value) throws -> Value
  /// The part in brackets with a colon; `places` gives the places that are meant among so many.
  func slice(_ places: (_ count: Int) -> [Int]) throws -> Value
  /// What several parts in brackets mean, or one whose ends are no whole numbers.
  func element(_ parts: [IndexPart]) throws -> Value
  /// The values that a loop walks through; nil if there are none.
  func members() throws -> [Value]?
  /// What `len` gives; nil for the number of members.
  var length: Int? { get }
  /// Whether `value in object` holds; nil if the members say so.
  func contains(_ value: Value) -> Bool?
}

extension SessionObject {
  /// The text.
  public var block: Block { .preformatted(display) }
  /// False.
  public var isTabular: Bool { false }
  /// Its own.
  public var methodKinds: [String] { [typeName] }
  /// None.
  public var memberNames: [String] { [] }
  /// None.
  public func member(_ name: String) -> Value? { nil }
  /// Nothing is in brackets.
  public func element(_ index: Value) throws -> Value {
    throw Problem.notIndexable(typeName)
  }
  /// Nothing is in brackets with a colon.
  public func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    throw Problem.notIndexable(typeName)
  }
  /// Parts that are no slices are taken as one tuple.
  public func element(_ parts: [IndexPart]) throws -> Value {
    let indices = try parts.map { part in
      guard case .one(let index) = part else { throw Problem.notIndexable(typeName) }
      return index
    }
    return try element(indices.count == 1 ? indices[0] : .tuple(indices))
  }

  /// None.
  public func members() -> [Value]? { nil }
  /// The number of members.
  public var length: Int? { nil }
  /// The members say so.
  public func contains(_ value: Value) -> Bool? { nil }
}

/// An object with parentheses behind it.
package protocol CallableObject: SessionObject {
  /// What the call gives.
  func call(_ arguments: [Value]) throws -> Value
}

/// An object that operators treat as a column.
package protocol ColumnObject: SessionObject {
  /// The values, one a row.
  var values: Column { get }
  /// The values in the order of another such object's rows.
  func values(inOrderOf other: any ColumnObject) throws -> Column
}

// MARK: - Kinds

extension Value {
  /// The kind of value, as Python and PyTorch call it.
  public var typeName: String {
    switch self {
    case .none: "none"
    case .bool: "bool"
    case .int: "int"
    case .double: "float"
    case .string: "str"
    case .tuple: "tuple"
    case .list: "list"
    case .longList: "L"
    case .path: "Path"
    case .tensor(let tensor): tensor.isParameter ? "Parameter" : "Tensor"
    case .array: "array"
    case .size: "Size"
    case .table: "Table"
    case .column: "Column"
    case .module(let module): module.typeName
    case .callable(let callable): callable.typeName
    case .object(let object): object.typeName
    }
  }

  /// The kind with its article, for messages: `a list of 3`, `an int`.
  public var phrase: String {
    switch self {
    case .none: "none"
    case .list(let elements), .longList(let elements): "a list of \(elements.count)"
    case .tuple(let elements): "a tuple of \(elements.count)"
    case .tensor(let tensor): "a \(typeName) of shape \(tensor.shape)"
    case .string: "a text"
    default: ("aeiouAEIOU".contains(typeName.prefix(1)) ? "an " : "a ") + typeName
    }
  }

  /// Whether a condition that has this value holds.
  public func isTrue() throws -> Bool {
    switch self {
    case .none: return false
    case .bool(let value): return value
    case .int(let value): return value != 0
    case .double(let value): return value != 0
    case .string(let value): return !value.isEmpty
    case .tuple(let elements), .list(let elements), .longList(let elements):
      return !elements.isEmpty
    case .tensor(let tensor), .array(let tensor):
      guard tensor.count == 1 else { throw Problem.ambiguousTruth(tensor.shape) }
      return try tensor.item() != 0
    case .object(let mapping as Mapping): return !mapping.keys.isEmpty
    case .object(let set as ValueSet): return set.count > 0
    case .object(let view as MappingView): return view.length != 0
    case .table, .column, .object(is any ColumnObject): throw Problem.ambiguousRows(phrase)
    default: return true
    }
  }

  /// The number, if this is one; true and false are 1 and 0.
  public var number: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .double(let value): value
    case .tensor(let tensor), .array(let tensor): tensor.count == 1 ? try? tensor.item() : nil
    default: nil
    }
  }

  /// Whether this is none.
  package var isNone: Bool {
    if case .none = self { true } else { false }
  }

  /// Whether this is a number of Python's, and no tensor.
  package var isPlainNumber: Bool {
    switch self {
    case .bool, .int, .double: true
    default: false
    }
  }

  /// The whole number, if this is one.
  package var integer: Int? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): value
    case .tensor(let tensor), .array(let tensor):
      switch try? tensor.element() {
      case .integer(let value)?: value
      case .truth(let value)?: value ? 1 : 0
      default: nil
      }
    default: nil
    }
  }

  /// The members of a list, tuple or size; nil for other kinds.
  public var elements: [Value]? {
    switch self {
    case .tuple(let elements), .list(let elements), .longList(let elements): elements
    case .size(let sizes): sizes.map(Value.int)
    default: nil
    }
  }
}
