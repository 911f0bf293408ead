package import CollabLanguage
import CollabPythonText
import Glibc
package import CollabTables
import CollabTensors

/// What operators do with values: numbers as in Python, tensors as in PyTorch.
package enum Arithmetic {
  /// `left operation right`.
  package static func apply(_ operation: Operator.Kind, _ left: Value, _ right: Value) throws
    -> Value
  {
    if operation == .is { return .bool(isSame(left, right)) }
    switch (left, right) {
    case (.tensor(let a), .tensor(let b)) where operation != .in:
      return .tensor(try apply(operation, a, b, isArray: false, left, right))
    case (.tensor, _), (_, .tensor), (.array, _), (_, .array):
      if operation == .in { return try contains(left, right) }
      if left.isArrayBesideRows(right) { return try columns(operation, left, right) }
      if operation == .equal || operation == .notEqual, left.isNone || right.isNone {
        return .bool(operation == .notEqual)
      }
      return try tensors(operation, left, right)
    case (.int(let a), .int(let b)): return try integers(operation, a, b, left, right)
    default: break
    }
    if left.isColumn || right.isColumn && operation != .in {
      return try columns(operation, left, right)
    }
    if left.isTable || right.isTable && operation != .in {
      return try tables(operation, left, right)
    }
    switch operation {
    case .equal: return .bool(equal(left, right))
    case .notEqual: return .bool(!equal(left, right))
    case .in: return try contains(left, right)
    default: break
    }
    if operation == .remainder, case .string(let template) = left {
      return try filled(template, right)
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
    if case .object(let a as Mapping) = left, case .object(let b as Mapping) = right,
      let counts = try a.counts(operation, b)
    {
      return .object(counts)
    }
    if operation == .bitOr, case .object(let a as Mapping) = left,
      case .object(let b as Mapping) = right
    {
      return .object(
        try Mapping([a, b].flatMap { Swift.zip($0.keys, $0.values).map { ($0, $1) } }))
    }
    if case .object(let a as ValueSet) = left, case .object(let b as ValueSet) = right,
      let result = try a.combined(operation, with: b)
    {
      return result
    }
    if case .object(let view as MappingView) = left, let set = try view.set() {
      return try apply(operation, .object(set), right)
    }
    if case .object(let view as MappingView) = right, let set = try view.set() {
      return try apply(operation, left, .object(set))
    }
    if operation == .add, let sum = try joined(left, right) { return sum }
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
    case .column, .object(is any ColumnObject), .table:
      return try apply(.subtract, .int(0), value)
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
    // As fastcore's list does.
    case .longList(let members): return .longList(try members.map { .bool(try !$0.isTrue()) })
    case .tensor(let tensor): return .tensor(try tensor.inverted())
    case .array(let tensor): return .array(try tensor.inverted())
    case .column, .object(is any ColumnObject):
      guard let column = value.numbers, column.kind == .integers else { break }
      let inverted = try Column(column.name, column.tensor().inverted())
      return value.series?.with(inverted).value ?? .column(inverted)
    case .table(let view):
      return .table(
        view.with(
          try Table(
            view.table.columns.map { try Column($0.name, $0.tensor().inverted()) })))
    default: break
    }
    throw Problem.wrongKind("`~`", expected: "a condition", got: value.phrase)
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
    case .leftShift, .rightShift: return try shifted(operation, a, b)
    case .equal: return .bool(a == b)
    case .notEqual: return .bool(a != b)
    case .less: return .bool(a < b)
    case .lessOrEqual: return .bool(a <= b)
    case .greater: return .bool(a > b)
    case .greaterOrEqual: return .bool(a >= b)
    default: return try doubles(operation, Double(a), Double(b), left, right)
    }
  }

  private static func shifted(_ operation: Operator.Kind, _ a: Int, _ count: Int) throws -> Value {
    guard count >= 0 else {
      throw Problem.wrongKind(
        "`\(operation.rawValue)`", expected: "a number of bits that is not negative",
        got: "\(count)")
    }
    guard operation == .leftShift else { return .int(a >> count) }
    let result = a << count
    guard a == 0 || count < Int.bitWidth && result >> count == a else {
      throw Problem.tooLarge("the result")
    }
    return .int(result)
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
    guard let times = count.integer else { return nil }
    if let elements = value.elements { return try value.like(repeating(elements, max(times, 0))) }
    guard case .string(let text) = value else { return nil }
    let (total, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(times, 0))
    guard !overflow, total <= 10_000_000 else { throw Problem.tooLarge("the result") }
    return try .repeating(text, max(times, 0))
  }

  private static func repeating(_ elements: [Value], _ times: Int) throws -> [Value] {
    let (total, overflow) = elements.count.multipliedReportingOverflow(by: times)
    guard !overflow, total <= 10_000_000 else { throw Problem.tooLarge("the result") }
    try MemoryBudget.require(total, of: Value.listedBytes)
    return (0..<times).flatMap { _ in elements }
  }

  /// Two lists, or two tuples, one behind the other.
  ///
  /// fastcore's list takes whatever has members.
  ///
  /// - Returns: nil for other values.
  private static func joined(_ left: Value, _ right: Value) throws -> Value? {
    let members: [Value]
    switch (left, right) {
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)): members = a + b
    case (.longList(let a), _): members = a + ((try? right.members()) ?? [right])
    case (_, .longList(let b)):
      return .longList(((try? left.members()) ?? [left]) + b)
    case (.size(let a), .size(let b)): return .size(a + b)
    case (.size, .tuple), (.tuple, .size):
      return .tuple((left.elements ?? []) + (right.elements ?? []))
    default: return nil
    }
    try MemoryBudget.require(members.count, of: Value.listedBytes)
    return left.like(members)
  }

  /// A text with values in the places that `%` marks.
  private static func filled(_ template: String, _ values: Value) throws -> Value {
    var template = template
    var members = if case .tuple(let members) = values { members } else { [values] }
    if case .object(let mapping as Mapping) = values {
      (template, members) = try unnamed(template, mapping)
    }
    do {
      return try .joining([
        PercentFormat.text(template, members.map { ($0.formattable, $0.display) })
      ])
    } catch let mistake as PercentFormat.Mistake {
      switch mistake {
      case .count(let places, let count):
        throw Problem.unequalLengths("the text", places, "what stands behind %", count)
      case .unknownConversion(let place), .unsuitable(let place):
        throw Problem.wrongKind("`%`", expected: "places such as %d, %.2f and %s", got: place)
      }
    }
  }

  /// A text whose places have names, such as `%(a)s`, without them, and the values that they name.
  private static func unnamed(
    _ template: String, _ mapping: Mapping
  ) throws -> (String, [Value]) {
    var (plain, members, rest) = ("", [Value](), template[...])
    while let sign = rest.firstIndex(of: "%") {
      plain += rest[...sign]
      rest = rest[sign...].dropFirst()
      if rest.first == "(", let end = rest.firstIndex(of: ")") {
        members.append(try mapping.element(.string(String(rest[..<end].dropFirst()))))
        rest = rest[end...].dropFirst()
      } else if rest.first == "%" {
        plain += "%"
        rest = rest.dropFirst()
      } else {
        return (template, [.object(mapping)])
      }
    }
    return (plain + rest, members)
  }

  /// Whether two values are one and the same, as `is` asks: what has no identity here is compared.
  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.none, _), (_, .none): left.isNone && right.isNone
    case (.bool(let a), .bool(let b)): a == b
    case (.bool, _), (_, .bool): false
    case (.tensor(let a), .tensor(let b)), (.array(let a), .array(let b)): a === b
    case (.module(let a), .module(let b)): a === b
    case (.object(is TypeName), _), (_, .object(is TypeName)): equal(left, right)
    case (.object(let a), .object(let b)): a === b
    default: left.typeName == right.typeName && equal(left, right)
    }
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
      return type.answers(to: name)
    // `type(x) == list`: a kind, and the function that makes one.
    case (.object(let type as TypeName), .callable(let maker)),
      (.callable(let maker), .object(let type as TypeName)):
      return type.answers(to: maker.name)
        || type.display.split(separator: ".").last.map(String.init) == maker.name
    case (.object(let a as Mapping), .object(let b as Mapping)): return a.equals(b)
    case (.object(let a as ValueSet), .object(let b as ValueSet)): return a.equals(b)
    case (.tensor(let a), .tensor(let b)), (.array(let a), .array(let b)):
      guard a.shape == b.shape else { return false }
      guard a.dtype.isWhole, b.dtype.isWhole else { return a.doubles() == b.doubles() }
      return a.scalars(as: Int64.self) == b.scalars(as: Int64.self)
    default: break
    }
    if case .object(let tuple as NamedTuple) = left { return equal(.tuple(tuple.values), right) }
    if case .object(let tuple as NamedTuple) = right { return equal(left, .tuple(tuple.values)) }
    if let a = left.elements, let b = right.elements {
      // As in Python a list is no tuple, whatever is in them.
      if left.isList && right.isTuple || left.isTuple && right.isList { return false }
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
    case .leftShift, .rightShift:
      return try a.shifted(by: b, isLeft: operation == .leftShift)
    case .and, .or, .in, .is:
      throw Problem.unsupported(operation.rawValue, left.phrase, right.phrase)
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

extension Value {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
  fileprivate var isTuple: Bool { if case .tuple = self { true } else { false } }

  /// A list, a tuple or an `L` as this is, with other members.
  package func like(_ members: [Value]) -> Value {
    switch self {
    case .tuple, .size: .tuple(members)
    case .longList: .longList(members)
    default: .list(members)
    }
  }
}
