import Collab
import CommandLanguage
import Learning
import Tensors

/// An evaluated argument and where it stands.
struct EvaluatedArgument {
  let name: Identifier?
  let value: Value
  let range: Range<Int>
}

extension Evaluator {
  /// The deepest chain of calls of the session's own functions.
  private static let maximumDepth = 200

  /// The value of `callee(arguments)`.
  func call(_ callee: Expression, _ arguments: [Argument], at range: Range<Int>) throws -> Value {
    if case .name("no_grad") = callee.kind, let body = arguments.first?.value {
      // The argument itself must not be recorded, so it is evaluated inside.
      return try GradientMode.withoutRecording { try evaluate(body) }
    }
    let function: Value
    if case .member(let base, let name) = callee.kind {
      let receiver = try evaluate(base)
      // Methods of tensors are called at every step of a model of the session.
      if case .tensor = receiver, let method = Session.tensorMethods[name.name] {
        return try call(method, receiver, arguments, at: range)
      }
      function = try member(name, of: receiver)
    } else {
      function = try evaluate(callee)
    }
    switch function {
    case .callable(.builtin(let builtin)):
      return try call(builtin, .none, arguments, at: range)
    case .callable(.method(let builtin, let receiver)):
      return try call(builtin, receiver, arguments, at: range)
    case .callable(.function(let function)):
      return try call(function, with: evaluated(arguments), at: range)
    case .callable(.model(let model)):
      return try locating(range) { try instance(of: model, evaluated(arguments), at: range) }
    case .module(let module):
      return try call(module, with: evaluated(arguments), at: range)
    case .object(let object as any CallableObject):
      let values = try evaluated(arguments).map(\.value)
      return try locating(range) { try object.call(values) }
    default: throw Problem.notCallable(function.phrase).diagnostic(at: callee.range, in: source)
    }
  }

  /// Calls something with one value.
  func apply(_ function: Value, to value: Value, at range: Range<Int>) throws -> Value {
    let argument = EvaluatedArgument(name: nil, value: value, range: range)
    switch function {
    case .callable(.function(let function)): return try call(function, with: [argument], at: range)
    case .callable(.builtin(let builtin)):
      let arguments = try placed([argument], builtin.signature, at: range)
      return try builtin.run(Call(session: session, arguments: arguments, receiver: .none))
    case .module(let module): return try call(module, with: [argument], at: range)
    default: throw Problem.notCallable(function.phrase).diagnostic(at: range, in: source)
    }
  }

  /// Calls a built-in command, function or method.
  private func call(
    _ builtin: Builtin, _ receiver: Value, _ arguments: [Argument], at range: Range<Int>
  ) throws -> Value {
    let bound: Arguments =
      if arguments.contains(where: isWord) {
        try evaluated(
          builtin.spec.bind(arguments, call: range, in: source, isVariable: isName),
          builtin.signature)
      } else {
        try placed(evaluated(arguments), builtin.signature, at: range)
      }
    return try locating(range) {
      try builtin.run(Call(session: session, arguments: bound, receiver: receiver))
    }
  }

  /// Whether an argument is a bare word that may stand for itself, as in `schedule=flat`.
  private func isWord(_ argument: Argument) -> Bool {
    switch argument.value.kind {
    case .name(let name): !isName(name)
    case .list(let elements), .tuple(let elements):
      elements.contains { if case .name(let name) = $0.kind { !isName(name) } else { false } }
    default: false
    }
  }

  /// Whether a name in a call stands for a value rather than for itself.
  private func isName(_ name: String) -> Bool {
    isVariable(name) || Session.functions[name] != nil
  }

  /// Evaluates arguments, and takes starred ones apart.
  func evaluated(_ arguments: [Argument]) throws -> [EvaluatedArgument] {
    var values: [EvaluatedArgument] = []
    values.reserveCapacity(arguments.count)
    for argument in arguments {
      let value = try evaluate(argument.value)
      guard argument.kind == .starred else {
        values.append(.init(name: argument.name, value: value, range: argument.range))
        continue
      }
      for member in try locating(argument.range, { try value.members() }) {
        values.append(.init(name: nil, value: member, range: argument.range))
      }
    }
    return values
  }

  /// Evaluates what binding left as expressions, and checks it.
  func evaluated(_ bound: BoundArguments, _ signature: Signature) throws -> Arguments {
    var arguments = Arguments(signature, at: bound.range, in: source)
    for (place, parameter) in bound.spec.parameters.enumerated() {
      for one in bound.all(parameter.name) {
        let value: Value =
          switch one.value {
          case .literal(let literal): Value(literal)
          case .expression(let expression): try evaluate(expression)
          }
        try arguments.add(value, to: place, at: one.range)
      }
    }
    return arguments
  }

  /// Binds arguments that are evaluated already.
  private func placed(
    _ values: [EvaluatedArgument], _ signature: Signature, at range: Range<Int>
  ) throws -> Arguments {
    var arguments = Arguments(signature, at: range, in: source, count: values.count)
    var next = 0
    for value in values {
      let place: Int?
      if let name = value.name {
        place = signature.place(of: name.name)
      } else {
        place = next < signature.positional.count ? signature.positional[next] : signature.rest
        next += 1
      }
      guard let place else { throw try misplaced(values, signature.spec, at: range) }
      try arguments.add(value.value, to: place, at: value.range)
    }
    guard arguments.isComplete else { throw try misplaced(values, signature.spec, at: range) }
    return arguments
  }

  /// What is wrong with arguments that do not fit the parameters.
  private func misplaced(
    _ values: [EvaluatedArgument], _ spec: CommandSpec, at range: Range<Int>
  ) throws -> Diagnostic {
    _ = try spec.place(
      positional: values.filter { $0.name == nil }.map(\.range),
      options: values.compactMap(\.name), call: range, in: source)
    return Diagnostic("bad-call", "the arguments do not fit", at: range, in: source)
  }
}

// MARK: - The session's own functions

extension Evaluator {
  /// Calls a function or method that was defined in the session.
  func call(
    _ function: DefinedFunction, with arguments: [EvaluatedArgument], at range: Range<Int>
  ) throws -> Value {
    guard session.callDepth < Self.maximumDepth else {
      throw Problem.tooDeep.diagnostic(at: range, in: source)
    }
    session.callDepth += 1
    defer { session.callDepth -= 1 }
    let definition = function.definition
    let scope = Scope(instance: function.instance)
    let inner = Evaluator(session, function.source, scope: scope)
    try inner.bind(
      definition.parameters, function.signature, to: arguments, caller: self, at: range)
    do {
      for assignment in definition.assignments { try inner.assign(assignment) }
      return try inner.evaluate(definition.result)
    } catch var diagnostic as Diagnostic {
      if session.callDepth <= 3 {
        let place = source.isPrompt ? "" : " at \(source.name):\(source.line(at: range.lowerBound))"
        diagnostic.notes.append(
          "in `\(definition.name)`, called as `\(source.excerpt(range))`\(place)")
      }
      throw diagnostic
    }
  }

  /// Gives the parameters of a definition their values.
  private func bind(
    _ parameters: [FormalParameter], _ signature: Signature, to arguments: [EvaluatedArgument],
    caller: Evaluator, at range: Range<Int>
  ) throws {
    let placed = try caller.placed(arguments, signature, at: range)
    for (place, parameter) in parameters.enumerated() {
      if let value = placed[place] {
        scope?[parameter.name.name] = value
      } else if let value = parameter.defaultValue {
        scope?[parameter.name.name] = try evaluate(value)
      }
    }
  }

  /// Calls a layer or model: its forward pass.
  func call(
    _ module: any Module, with arguments: [EvaluatedArgument], at range: Range<Int>
  ) throws -> Value {
    if let instance = module as? ModelInstance {
      guard let forward = instance.forward else {
        throw ModelProblem.noForward(instance.typeName).diagnostic(at: range, in: source)
      }
      return try call(forward, with: arguments, at: range)
    }
    guard arguments.count == 1, case .tensor(let input) = arguments[0].value else {
      throw ModelProblem.oneTensor(module.typeName, given: arguments.map(\.value))
        .diagnostic(at: range, in: source)
    }
    return try locating(range) { .tensor(try module.forward(input)) }
  }

  /// Makes an instance of a model: its members are evaluated in their order.
  func instance(
    of model: DefinedModel, _ arguments: [EvaluatedArgument], at range: Range<Int>
  ) throws -> Value {
    let instance = ModelInstance(model, session)
    let scope = Scope(instance: instance)
    let inner = Evaluator(session, model.source, scope: scope)
    try inner.bind(
      model.definition.parameters, model.signature, to: arguments, caller: self, at: range)
    for parameter in model.definition.parameters {
      if let value = scope[parameter.name.name] {
        instance.settingsByName.append((parameter.name.name, value))
      }
    }
    switch model.definition.body {
    case .formula(let expression): return try inner.evaluate(expression)
    case .members(let members):
      for member in members {
        switch member {
        case .attribute(let name, let expression):
          instance.add(name.name, try inner.evaluate(expression))
        case .method(let function):
          instance.add(
            function.name.name,
            .callable(.function(DefinedFunction(function, in: model.source, of: instance))))
        }
      }
    }
    return .module(instance)
  }
}

extension Source {
  /// A stretch of text on one line, cut where it is long.
  func excerpt(_ range: Range<Int>) -> String {
    let line = text(in: range).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 60 ? "\(line.prefix(57))…" : line
  }
}
