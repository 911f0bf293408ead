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
        .model(DefinedModel(definition, in: source, scope.library)))
    case .function(let definition):
      scope.variables[definition.name.name] = .callable(
        .function(DefinedFunction(definition, in: source, scope.library)))
    }
    return nil
  }

  /// Gives a value the name that the command which made it defines, and its members the others.
  private func named(_ value: Value, by command: String?) throws -> Value {
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

  /// Runs a command line.
  package func run(_ command: Command) throws -> Value {
    guard let builtin = scope.library.functions[command.name.name] else {
      throw Problem.unknownName(command.name.name, near: []).diagnostic(
        at: command.name.range, in: source)
    }
    let bound = try builtin.spec.bind(command) { scope.variables[$0] != nil }
    return try source.locating(command.range) {
      let arguments = try Arguments(
        bound, builtin.signature, of: CallSite(at: bound.range, in: source)
      ) { expression, _ in try evaluate(expression) }
      return try builtin.run(Call(scope: scope, arguments: arguments, receiver: .none))
    }
  }

  /// Calls something with one value.
  package func apply(_ function: Value, to value: Value, at range: Range<Int>) throws -> Value {
    try CallSite(at: range, in: source).apply(function, to: value, in: scope)
  }
}
