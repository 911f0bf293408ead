import CollabLanguage

/// A tuple whose members have names: what Python's `namedtuple` makes.
package final class NamedTuple: HoldingObject {
  package let typeName: String
  /// The names of the members, in their order.
  package let memberNames: [String]
  /// The members.
  package let values: [Value]

  package init(_ typeName: String, _ names: [String], _ values: [Value]) {
    (self.typeName, memberNames, self.values) = (typeName, names, values)
  }

  package var methodKinds: [String] { ["NamedTuple", "List"] }

  package var display: String {
    let parts = zip(memberNames, values).map { "\($0)=\($1.display)" }
    return "\(typeName)(\(parts.joined(separator: ", ")))"
  }

  package func members() -> [Value]? { values }
  package var heldValues: [Value] { values }

  package func member(_ name: String) -> Value? {
    if name == "_fields" { return .tuple(memberNames.map(Value.string)) }
    return memberNames.firstIndex(of: name).map { values[$0] }
  }

  package func element(_ index: Value) throws -> Value { try Value.tuple(values).element(index) }

  package func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    .tuple(places(values.count).map { values[$0] })
  }
}

/// What `namedtuple('Point', 'x y')` gives: called with a value for each name.
package final class NamedTupleMaker: Callable {
  /// The names of the members, in their order.
  package let names: [String]
  /// Values of the last names, for calls that leave them out.
  package let usual: [Value]

  package init(_ name: String, _ names: [String], usual: [Value]) {
    (self.names, self.usual) = (names, usual)
    super.init(name, "type")
  }

  package override var parameterNames: [String] { names }

  /// The tuple of the arguments of a call.
  func make(_ given: [EvaluatedArgument]) throws -> Value {
    var values: [Value?] = [Value?](repeating: nil, count: names.count - usual.count) + usual
    var next = 0
    for argument in given {
      let place = argument.name.map { names.firstIndex(of: $0.name) ?? names.count } ?? next
      if argument.name == nil { next += 1 }
      guard place < names.count else {
        throw Problem.wrongKind(
          "`\(name)`", expected: "values for \(names.joined(separator: ", "))",
          got: argument.name.map { "one for `\($0.name)`" } ?? "\(given.count)")
      }
      values[place] = argument.value
    }
    let complete = values.compactMap(\.self)
    guard complete.count == names.count else {
      throw Problem.wrongKind(
        "`\(name)`", expected: "values for \(names.joined(separator: ", "))",
        got: "\(given.count)")
    }
    return .object(NamedTuple(name, names, complete))
  }
}
