package import CollabLanguage
import Glibc
package import CollabTables
import CollabTensors

/// What operators do with values: numbers as in Python, tensors as in PyTorch.
package enum Arithmetic {
  /// `left operation right`.
  package static func apply(_ operation: Operator.Kind, _ left: Value, _ right: Value) throws
    -> Value
  {
    switch (left, right) {
    case (.tensor(let a), .tensor(let b)) where operation != .in:
      return .tensor(try apply(operation, a, b, isArray: false, left, right))
    case (.tensor, _), (_, .tensor), (.array, _), (_, .array):
      if operation == .in { return try contains(left, right) }
      if operation == .equal || operation == .notEqual, left.isNone || right.isNone {
        return .bool(operation == .notEqual)
      }
      return try tensors(operation, left, right)
    case (.int(let a), .int(let b)): return try integers(operation, a, b, left, right)
    default: break
    }
    if case .object(let one as any ColumnObject) = left,
      case .object(let other as any ColumnObject) = right
    {
      return try apply(operation, .column(one.values), .column(other.values(inOrderOf: one)))
    }
    if case .object(let series as any ColumnObject) = left {
      return try apply(operation, .column(series.values), right)
    }
    if case .object(let series as any ColumnObject) = right, operation != .in {
      return try apply(operation, left, .column(series.values))
    }
    if case .column = left { return try columns(operation, left, right) }
    if case .column = right, operation != .in { return try columns(operation, left, right) }
    switch operation {
    case .equal: return .bool(equal(left, right))
    case .notEqual: return .bool(!equal(left, right))
    case .in: return try contains(left, right)
    default: break
    }
    if case .string(let a) = left, case .string(let b) = right {
      return try texts(operation, a, b, left, right)
    }
    if case .path(let folder) = left, case .string(let name) = right, operation == .divide {
      return .path(folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)")
    }
    if operation == .multiply, let repeated = try repeated(left, right) ?? repeated(right, left) {
      return repeated
    }
    if left.elements != nil || right.elements != nil {
      if [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation),
        let a = left.elements, let b = right.elements
      {
        return try lexicographic(operation, a, b)
      }
      throw Problem.listArithmetic(operation.rawValue)
    }
    guard let a = left.number, let b = right.number else {
      throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
    }
    if case .bool(let a) = left, case .bool(let b) = right,
      let bits = BitOperation(rawValue: operation.rawValue)
    {
      return .bool(bits.apply(a ? 1 : 0, b ? 1 : 0) != 0)
    }
    if let a = left.integer, let b = right.integer {
      return try integers(operation, a, b, left, right)
    }
    if let relation = ColumnRelation(rawValue: operation.rawValue),
      let a = left.cell, let b = right.cell
    {
      return .bool(relation.holds(ValueOrder(a, b)))
    }
    return try doubles(operation, a, b, left, right)
  }

  /// `-value`.
  package static func negative(_ value: Value) throws -> Value {
    switch value {
    case .int(let number):
      guard number != .min else { throw Problem.tooLarge("this number") }
      return .int(-number)
    case .bool(let flag): return .int(flag ? -1 : 0)
    case .double(let number): return .double(-number)
    case .tensor(let tensor): return .tensor(try -tensor)
    case .array(let tensor): return .array(try -tensor)
    default: throw Problem.unsupported("-", Value.int(0).phrase, value.phrase)
    }
  }
}

extension Arithmetic {
  /// `~value`.
  package static func inverted(_ value: Value) throws -> Value {
    switch value {
    case .int(let number): return .int(~number)
    case .bool(let flag): return .int(flag ? -2 : -1)
    case .tensor(let tensor): return .tensor(try tensor.inverted())
    case .array(let tensor): return .array(try tensor.inverted())
    case .column(let column) where column.kind == .integers:
      return .array(try column.tensor().inverted())
    case .object(let series as any ColumnObject): return try inverted(.column(series.values))
    default: throw Problem.wrongKind("`~`", expected: "a condition", got: value.phrase)
    }
  }
}

// MARK: - Numbers and texts

extension Arithmetic {
  private static func integers(
    _ operation: Operator.Kind, _ a: Int, _ b: Int, _ left: Value, _ right: Value
  ) throws -> Value {
    func exact(_ result: (partialValue: Int, overflow: Bool)) throws -> Value {
      guard !result.overflow else { throw Problem.tooLarge("the result") }
      return .int(result.partialValue)
    }
    switch operation {
    case .add: return try exact(a.addingReportingOverflow(b))
    case .subtract: return try exact(a.subtractingReportingOverflow(b))
    case .multiply: return try exact(a.multipliedReportingOverflow(by: b))
    case .floorDivide, .remainder:
      guard b != 0 else { throw Problem.divisionByZero }
      if b == -1, operation == .remainder { return .int(0) }
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      guard !overflow else { throw Problem.tooLarge("the result") }
      let rest = a - quotient * b
      let isLow = rest != 0 && (rest < 0) != (b < 0)
      return .int(operation == .floorDivide ? quotient - (isLow ? 1 : 0) : rest + (isLow ? b : 0))
    case .power where b >= 0:
      var (result, base, exponent) = (1, a, b)
      while exponent > 0 {
        if exponent & 1 == 1 {
          guard case .int(let product) = try exact(result.multipliedReportingOverflow(by: base))
          else { break }
          result = product
        }
        exponent >>= 1
        guard exponent > 0 else { break }
        guard case .int(let square) = try exact(base.multipliedReportingOverflow(by: base)) else {
          break
        }
        base = square
      }
      return .int(result)
    case .bitAnd: return .int(a & b)
    case .bitOr: return .int(a | b)
    case .bitExclusiveOr: return .int(a ^ b)
    case .equal: return .bool(a == b)
    case .notEqual: return .bool(a != b)
    case .less: return .bool(a < b)
    case .lessOrEqual: return .bool(a <= b)
    case .greater: return .bool(a > b)
    case .greaterOrEqual: return .bool(a >= b)
    default: return try doubles(operation, Double(a), Double(b), left, right)
    }
  }

  private static func doubles(
    _ operation: Operator.Kind, _ a: Double, _ b: Double, _ left: Value, _ right: Value
  ) throws -> Value {
    switch operation {
    case .add: return .double(a + b)
    case .subtract: return .double(a - b)
    case .multiply: return .double(a * b)
    case .divide:
      guard b != 0 else { throw Problem.divisionByZero }
      return .double(a / b)
    case .floorDivide:
      guard b != 0 else { throw Problem.divisionByZero }
      return .double((a / b).rounded(.down))
    case .remainder:
      guard b != 0 else { throw Problem.divisionByZero }
      let rest = fmod(a, b)
      return .double(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    case .power:
      guard a != 0 || b >= 0 else { throw Problem.divisionByZero }
      return .double(pow(a, b))
    case .equal: return .bool(a == b)
    case .notEqual: return .bool(a != b)
    case .less: return .bool(a < b)
    case .lessOrEqual: return .bool(a <= b)
    case .greater: return .bool(a > b)
    case .greaterOrEqual: return .bool(a >= b)
    default: throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
    }
  }

  private static func texts(
    _ operation: Operator.Kind, _ a: String, _ b: String, _ left: Value, _ right: Value
  ) throws -> Value {
    var isLess: Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
    var isMore: Bool { b.utf8.lexicographicallyPrecedes(a.utf8) }
    switch operation {
    case .add: return try .joining([a, b])
    case .less: return .bool(isLess)
    case .lessOrEqual: return .bool(!isMore)
    case .greater: return .bool(isMore)
    case .greaterOrEqual: return .bool(!isLess)
    default: throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
    }
  }

  /// A text or list some times over; nil if these are no text or list and number.
  private static func repeated(_ value: Value, _ count: Value) throws -> Value? {
    guard let times = count.integer, case .string(let text) = value else { return nil }
    let (total, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(times, 0))
    guard !overflow, total <= 10_000_000 else { throw Problem.tooLarge("the result") }
    return try .repeating(text, max(times, 0))
  }

  private static func lexicographic(
    _ operation: Operator.Kind, _ a: [Value], _ b: [Value]
  ) throws -> Value {
    for (one, other) in zip(a, b) where !equal(one, other) {
      return try apply(operation, one, other)
    }
    return try apply(operation, .int(a.count), .int(b.count))
  }

  /// Whether two values that are no tensors are equal.
  package static func equal(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none): return true
    case (.string(let a), .string(let b)), (.path(let a), .path(let b)):
      return a.utf8.elementsEqual(b.utf8)
    case (.object(let a as TypeName), .object(let b as TypeName)): return a.display == b.display
    case (.object(let type as TypeName), .string(let name)),
      (.string(let name), .object(let type as TypeName)):
      return type.display == name
    case (.object(let a as Mapping), .object(let b as Mapping)): return a.equals(b)
    case (.tensor(let a), .tensor(let b)), (.array(let a), .array(let b)):
      guard a.shape == b.shape else { return false }
      guard a.dtype == .int64, b.dtype == .int64 else { return a.doubles() == b.doubles() }
      return a.scalars(as: Int64.self) == b.scalars(as: Int64.self)
    default: break
    }
    if let a = left.elements, let b = right.elements {
      return a.count == b.count && zip(a, b).allSatisfy(equal)
    }
    if left.number != nil, right.number != nil, let a = left.cell, let b = right.cell {
      return ColumnRelation.equal.holds(ValueOrder(a, b))
    }
    return false
  }

  private static func contains(_ element: Value, _ whole: Value) throws -> Value {
    if case .string(let text) = whole, case .string(let part) = element {
      return .bool(text.contains(part) || part.isEmpty)
    }
    if case .object(let object) = whole, let isMember = object.contains(element) {
      return .bool(isMember)
    }
    return .bool(try whole.members().contains { equal($0, element) })
  }
}

// MARK: - Tensors

extension Arithmetic {
  private static func tensors(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws -> Value {
    let isArray =
      switch (left, right) {
      case (.tensor, _), (_, .tensor): false
      default: true
      }
    func tensor(_ value: Value, beside other: Value) throws -> Tensor {
      switch value {
      case .tensor(let tensor), .array(let tensor): return tensor
      case .bool(let flag): return try Tensor(scalar: flag)
      case .int(let number):
        return try Tensor(scalar: Int64(number)).besideTensor(other.dtype)
      case .double(let number):
        let isDouble = isArray || other.dtype == .float64
        return try isDouble ? Tensor(scalar: number) : Tensor(scalar: Float(number))
      case .column(let column) where column.kind != .text: return try column.tensor()
      case .object(let series as any ColumnObject) where series.values.kind != .text:
        return try series.values.tensor()
      case .list where isArray, .tuple where isArray:
        return try Tensor.of(value, isArray: true)
      case .list, .longList:
        throw Problem.listBesideTensor(operation.rawValue, left.phrase, right.phrase)
      default: throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
      }
    }
    let (a, b) = (try tensor(left, beside: right), try tensor(right, beside: left))
    let result = try apply(operation, a, b, isArray: isArray, left, right)
    if let name = gradientName(operation, left, right) { result.named(name) }
    return isArray ? .fromArray(result) : .tensor(result)
  }

  /// What PyTorch calls the gradient of an operation with a number, where it is not that of the
  /// operation with a tensor.
  private static func gradientName(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) -> StaticString? {
    if right.isPlainNumber { return operation == .power ? "PowBackward0" : nil }
    guard left.isPlainNumber else { return nil }
    return switch operation {
    case .subtract: "RsubBackward1"
    // The reciprocal, times the number.
    case .divide: "MulBackward0"
    case .power: "PowBackward2"
    default: nil
    }
  }

  private static func apply(
    _ operation: Operator.Kind, _ a: Tensor, _ b: Tensor, isArray: Bool, _ left: Value,
    _ right: Value
  ) throws -> Tensor {
    switch operation {
    case .add: return try a + b
    case .subtract: return try a - b
    case .multiply: return try a * b
    case .divide:
      let isWhole = !a.dtype.isFloatingPoint && !b.dtype.isFloatingPoint
      return try isArray && isWhole ? a.converted(to: .float64) / b : a / b
    case .matrixMultiply: return try a.multiplied(by: b)
    case .floorDivide: return try a.floorDivided(by: b)
    case .remainder: return try a.remainder(dividingBy: b)
    case .power: return try a.power(b)
    case .equal: return try a.compared(.equal, to: b)
    case .notEqual: return try a.compared(.notEqual, to: b)
    case .less: return try a.compared(.less, to: b)
    case .lessOrEqual: return try a.compared(.lessOrEqual, to: b)
    case .greater: return try a.compared(.greater, to: b)
    case .greaterOrEqual: return try a.compared(.greaterOrEqual, to: b)
    case .bitAnd: return try a.bitwise(.and, b)
    case .bitOr: return try a.bitwise(.or, b)
    case .bitExclusiveOr: return try a.bitwise(.exclusiveOr, b)
    case .and, .or, .in: throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
    }
  }

  private static func columns(
    _ operation: Operator.Kind, _ left: Value, _ right: Value
  ) throws -> Value {
    if let relation = ColumnRelation(rawValue: operation.rawValue) {
      if case .column(let column) = left, let flags = try compared(relation, column, right) {
        return .array(try Tensor(flags))
      }
      if case .column(let column) = right,
        let flags = try compared(relation.reversed, column, left)
      {
        return .array(try Tensor(flags))
      }
    }
    func tensor(_ value: Value) throws -> Value {
      guard case .column(let column) = value else { return value }
      guard column.kind != .text else {
        throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
      }
      return .array(try column.tensor())
    }
    return try apply(operation, tensor(left), tensor(right))
  }

  /// Whether a relation holds in each row, without a detour over rounded numbers; nil for what has
  /// to become an array first.
  private static func compared(
    _ relation: ColumnRelation, _ column: Column, _ other: Value
  ) throws -> [Bool]? {
    switch other {
    case .column(let other):
      guard column.count == other.count else {
        throw Problem.maskDoesNotFit(other.count, column.count)
      }
      guard (column.kind == .text) == (other.kind == .text) else {
        throw TableError.unlikeKeys(column: column.name, left: column.kind, right: other.kind)
      }
      return column.compared(relation, to: other)
    case .bool, .int, .double, .string:
      try requireLike(column, other)
      return other.cell.map { column.compared(relation, to: $0) }
    default: return nil
    }
  }

  /// Refuses a text beside a column of numbers, and a number beside one of texts.
  package static func requireLike(_ column: Column, _ other: Value) throws {
    switch other {
    case .string(let text) where column.kind != .text:
      let isNumber = Int(text) != nil || Double(text) != nil
      throw Problem.numberBesideText(
        column: column.name, kind: column.kind.description, text: other.display,
        number: isNumber ? text : nil)
    case .bool where column.kind == .text, .int where column.kind == .text,
      .double(_) where column.kind == .text:
      throw Problem.textBesideNumber(column: column.name, number: other.text)
    default: break
    }
  }
}
