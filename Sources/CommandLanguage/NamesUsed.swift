// The names that statements look up, so that a tool can say whether a variable matters to them.

extension Code {
  /// The names that the statements look up or assign.
  ///
  /// They stand in formulas, in words of commands, in definitions, or at the left of an assignment.
  /// Names of options and members are not among them, nor those of a definition's own values.
  public var usedNames: Set<String> {
    var names = NameCollector()
    for statement in statements { names.add(statement) }
    return names.names
  }
}

private struct NameCollector {
  private(set) var names: Set<String> = []

  mutating func add(_ statement: Statement) {
    switch statement.kind {
    case .expression(let expression): add(expression)
    case .command(let command): add(command)
    case .assignment(let assignment): add(assignment)
    case .function(let definition): add(definition)
    case .model(let definition): add(definition)
    case .mistake: break
    }
  }

  private mutating func add(_ definition: ModelDefinition) {
    var inner = NameCollector()
    inner.add(definition.parameters)
    var own = definition.parameters.map(\.name.name)
    switch definition.body {
    case .formula(let expression): inner.add(expression)
    case .members(let members):
      own += members.map(\.name.name)
      for member in members {
        switch member {
        case .attribute(_, let expression): inner.add(expression)
        case .method(let function): inner.add(function)
        }
      }
    }
    names.formUnion(inner.names.subtracting(own))
  }

  private mutating func add(_ assignment: Assignment) {
    for target in assignment.targets { names.insert(target.path[0].name) }
    switch assignment.value {
    case .expression(let expression): add(expression)
    case .command(let command): add(command)
    }
  }

  private mutating func add(_ command: Command) {
    for word in command.words {
      if let expression = try? word.expression() { add(expression) }
    }
  }

  private mutating func add(_ definition: FunctionDefinition) {
    var inner = NameCollector()
    inner.add(definition.parameters)
    for assignment in definition.assignments { inner.add(assignment) }
    inner.add(definition.result)
    let own =
      definition.parameters.map(\.name.name)
      + definition.assignments.flatMap { $0.targets.compactMap(\.simpleName?.name) }
    names.formUnion(inner.names.subtracting(own))
  }

  private mutating func add(_ parameters: [FormalParameter]) {
    for parameter in parameters { add(parameter.defaultValue) }
  }

  private mutating func add(_ expression: Expression?) {
    guard let expression else { return }
    switch expression.kind {
    case .integer, .double, .string, .boolean, .none: break
    case .name(let name): names.insert(name)
    case .formatted(let parts): for part in parts { add(part.expression) }
    case .tuple(let elements), .list(let elements): for element in elements { add(element) }
    case .comprehension(let comprehension):
      add(comprehension.sequence)
      var inner = NameCollector()
      inner.add(comprehension.condition)
      inner.add(comprehension.element)
      names.formUnion(inner.names.subtracting(comprehension.names.map(\.name)))
    case .unary(_, let operand): add(operand)
    case .binary(let left, _, let right):
      add(left)
      add(right)
    case .member(let base, _): add(base)
    case .call(let callee, let arguments):
      add(callee)
      for argument in arguments { add(argument.value) }
    case .subscripted(let base, let subscripts):
      add(base)
      for part in subscripts {
        switch part {
        case .index(let index): add(index)
        case .slice(let start, let stop, let step):
          add(start)
          add(stop)
          add(step)
        case .ellipsis: break
        }
      }
    }
  }
}
