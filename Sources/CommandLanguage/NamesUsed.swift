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

  /// The names that the statements make variables, also inside blocks.
  var assignedNames: [String] { statements.flatMap(\.assignedNames).map(\.name) }
}

extension Expression {
  /// The names that the formula looks up, without those that it makes itself.
  public var usedNames: Set<String> {
    var names = NameCollector()
    names.add(self)
    return names.names
  }
}

extension Statement {
  /// The statement, and those in its blocks.
  ///
  /// Those of functions and classes are not among them.
  public var withNested: [Statement] {
    let inner: [Statement] =
      switch kind {
      case .conditional(let conditional):
        conditional.branches.flatMap(\.body) + conditional.otherwise
      case .forLoop(let loop): loop.body + loop.otherwise
      case .whileLoop(let loop): loop.body + loop.otherwise
      case .withoutGradients(let body), .timed(let body): body
      default: []
      }
    return [self] + inner.flatMap(\.withNested)
  }

  /// The names that get a value when the statement runs, or may get one.
  ///
  /// Those of a definition's own values are not among them.
  public var assignedNames: [Identifier] {
    switch kind {
    case .model(let definition): [definition.name]
    case .function(let definition): [definition.name]
    case .assignment(let assignment): assignment.names
    case .conditional(let conditional):
      (conditional.branches.flatMap(\.body) + conditional.otherwise).flatMap(\.assignedNames)
    case .forLoop(let loop):
      loop.target.names + (loop.body + loop.otherwise).flatMap(\.assignedNames)
    case .whileLoop(let loop): (loop.body + loop.otherwise).flatMap(\.assignedNames)
    case .withoutGradients(let body), .timed(let body): body.flatMap(\.assignedNames)
    case .command, .expression, .deletion, .return, .break, .continue, .pass, .assertion, .imports,
      .passedOver, .mistake:
      []
    }
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
    case .conditional(let conditional):
      for branch in conditional.branches {
        add(branch.condition)
        add(branch.body)
      }
      add(conditional.otherwise)
    case .forLoop(let loop):
      add(loop.target)
      add(loop.sequence)
      add(loop.body)
      add(loop.otherwise)
    case .whileLoop(let loop):
      add(loop.condition)
      add(loop.body)
      add(loop.otherwise)
    case .deletion(let targets): for target in targets { add(target) }
    case .withoutGradients(let body), .timed(let body): add(body)
    case .return(let value): add(value)
    case .assertion(let condition, let message):
      add(condition)
      add(message)
    case .break, .continue, .pass, .imports, .passedOver, .mistake: break
    }
  }

  private mutating func add(_ statements: [Statement]) {
    for statement in statements { add(statement) }
  }

  private mutating func add(_ target: AssignmentTarget) {
    switch target.kind {
    case .name(let name): names.insert(name.name)
    case .member(let base, _): add(base)
    case .element(let base, let subscripts):
      add(base)
      add(subscripts)
    case .several(let targets): for target in targets { add(target) }
    case .rest(let target): add(target)
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
    case .methods(let methods): for method in methods { inner.add(method) }
    }
    names.formUnion(inner.names.subtracting(own))
  }

  private mutating func add(_ assignment: Assignment) {
    for target in assignment.targets { add(target) }
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
    var own =
      definition.parameters.map(\.name.name) + [definition.receiver?.name].compactMap(\.self)
    switch definition.body {
    case .straight(let assignments, let result):
      for assignment in assignments { inner.add(assignment) }
      inner.add(result)
      own += assignments.flatMap(\.names).map(\.name)
    case .block(let statements):
      inner.add(statements)
      own += statements.flatMap(\.assignedNames).map(\.name)
    }
    names.formUnion(inner.names.subtracting(own))
  }

  private mutating func add(_ parameters: [FormalParameter]) {
    for parameter in parameters { add(parameter.defaultValue) }
  }

  mutating func add(_ expression: Expression?) {
    guard let expression else { return }
    switch expression.kind {
    case .integer, .double, .string, .boolean, .none: break
    case .name(let name): names.insert(name)
    case .formatted(let parts): add(parts)
    case .tuple(let elements), .list(let elements), .set(let elements):
      for element in elements { add(element) }
    case .comprehension(let comprehension): add(comprehension, nil)
    case .dictionaryComprehension(let key, let comprehension): add(comprehension, key)
    case .dictionary(let entries):
      for entry in entries {
        add(entry.key)
        add(entry.value)
      }
    case .starred(let value): add(value)
    case .comparisons(let first, let links):
      add(first)
      for link in links { add(link.operand) }
    case .conditional(let value, let condition, let otherwise):
      add(value)
      add(condition)
      add(otherwise)
    case .lambda(let function): add(function)
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
      add(subscripts)
    }
  }

  private mutating func add(_ parts: [FormattedPart]) {
    for case .value(let expression, let format) in parts {
      add(expression)
      add(format)
    }
  }

  private mutating func add(_ comprehension: Comprehension, _ key: Expression?) {
    var inner = NameCollector()
    for clause in comprehension.clauses {
      inner.add(clause.sequence)
      for condition in clause.conditions { inner.add(condition) }
    }
    inner.add(key)
    inner.add(comprehension.element)
    let own = comprehension.clauses.flatMap(\.target.names).map(\.name)
    names.formUnion(inner.names.subtracting(own))
  }

  private mutating func add(_ subscripts: [Subscript]) {
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
