package import CollabLanguage

/// Runs the statements of a text, and finds the values of its formulas.
///
/// Whatever runs is translated first, by ``Translator``: a definition once, when it is made, and
/// anything else when its turn comes.
package struct Evaluator {
  package let scope: Scope
  /// The text that ranges refer to.
  package let source: Source

  package init(_ scope: Scope, _ source: Source) {
    (self.scope, self.source) = (scope, source)
  }
}

// MARK: - Statements

extension Evaluator {
  /// Runs a statement.
  ///
  /// - Returns: the value to show, if the statement has one.
  package func execute(_ statement: Statement) throws -> Value? {
    switch statement.kind {
    case .mistake(let diagnostic): throw diagnostic
    case .expression(let expression):
      // What a variable of the name calls defines nothing.
      let called = statement.calledName.flatMap { scope.variables[$0] == nil ? $0 : nil }
      return try named(evaluate(expression), by: called)
    case .command(let command): return try named(run(command), by: command.name.name)
    case .assignment(let assignment):
      let translator = Translator(source, scope.library)
      let step = translator.step(assignment)
      try Frame.run(scope, localCount: translator.localCount) { frame in try step(frame) }
    case .model(let definition):
      scope.variables[definition.name.name] = .callable(
        DefinedModel(definition, in: source, scope.library))
    case .function(let definition):
      let usual = try definition.earlyDefaults.map { try $0.map(evaluate) }
      scope.variables[definition.name.name] = .callable(
        DefinedFunction(definition, in: source, scope.library, usual: usual))
    case .conditional, .forLoop, .whileLoop, .withoutGradients, .deletion:
      let translator = Translator(source, scope.library)
      let action = translator.action(statement)
      do {
        _ = try Frame.run(scope, localCount: translator.localCount) { frame in try action(frame) }
      } catch {
        // As in Python: what the rounds before gave is not lost.
        scope.keepChanges()
        throw error
      }
    case .assertion(let condition, let message):
      guard try source.locating(condition.range, { try evaluate(condition).isTrue() }) else {
        throw try failure(of: condition, message: message.map(evaluate))
      }
    case .imports(let imports): for item in imports { try run(item) }
    case .passedOver(let text): passOver(text)
    case .timed(let statements): try time(statements)
    // These stand in functions and loops, which the parser sees to.
    case .return, .break, .continue, .pass: break
    }
    return nil
  }

  /// What is thrown where an assertion does not hold.
  package func failure(of condition: Expression, message: Value?) throws -> Diagnostic {
    let text = message?.text ?? "`\(source.text(in: condition.range))` does not hold"
    return Problem.assertion(text).diagnostic(at: condition.range, in: source)
  }

  /// Gives a value the name that the command which made it defines, and its members the others.
  package func named(_ value: Value, by command: String?) throws -> Value {
    guard let spec = command.flatMap({ scope.library.functions[$0]?.spec }), spec.result != nil,
      let name = spec.defines.first
    else { return value }
    scope.variables[name] = value
    if case .object(let object) = value {
      for name in spec.defines.dropFirst() { scope.variables[name] = try object.member(name) }
    }
    return value
  }

  /// The value of a formula that stands in no function.
  package func evaluate(_ expression: Expression) throws -> Value {
    let translator = Translator(source, scope.library)
    let formula = translator.formula(expression)
    return try Frame.run(scope, localCount: translator.localCount) { frame in
      try formula(frame)
    }
  }

  /// Runs a command line, whose words may use some local names.
  package func run(
    _ command: Command, seeing locals: [(name: String, value: Value)] = []
  ) throws -> Value {
    guard let builtin = scope.library.functions[command.name.name] else {
      throw Problem.unknownName(command.name.name, near: []).diagnostic(
        at: command.name.range, in: source)
    }
    let bound = try builtin.spec.bind(command) { name in
      scope.variables[name] != nil || locals.contains { $0.name == name }
    }
    return try source.locating(command.range) {
      let arguments = try Arguments(
        bound, builtin.signature, of: CallSite(at: bound.range, in: source)
      ) { expression, _ in try evaluate(expression, seeing: locals) }
      return try builtin.run(Call(scope: scope, arguments: arguments, receiver: .none))
    }
  }

  /// The value of a formula that sees some local names.
  package func evaluate(
    _ expression: Expression, seeing locals: [(name: String, value: Value)]
  ) throws -> Value {
    guard !locals.isEmpty else { return try evaluate(expression) }
    let translator = Translator(source, scope.library, isFunction: true)
    let places = locals.map { translator.declare($0.name) }
    let formula = translator.formula(expression)
    return try Frame.run(scope, localCount: translator.localCount) { frame in
      for (place, local) in zip(places, locals) { frame.locals[place] = local.value }
      return try formula(frame)
    }
  }

  /// Calls something with values.
  package func apply(_ function: Value, to values: [Value], at range: Range<Int>) throws -> Value {
    try CallSite(at: range, in: source).apply(function, to: values, in: scope)
  }
}
