package import CollabLanguage
import CollabLearning
import CollabTensors

/// A call in a text: where it stands, and its arguments, translated.
///
/// What is called may differ each time; what was found out about the last one is kept.
package final class CallSite {
  /// Where the call stands.
  package let range: Range<Int>
  /// What is called stands here.
  private let calleeRange: Range<Int>
  /// The text that ranges refer to.
  package let source: Source
  private let syntax: [Argument]
  private let values: [Formula]
  /// Names in the arguments that stand for themselves if they are not found.
  private let words: [OuterName]
  private let localNames: [String]
  private let hasStarred: Bool
  private let hasDoubleStarred: Bool
  private let isConstant: Bool

  /// Where the arguments of the last call went.
  private var placement: Placement?
  /// The arguments of the last call, if they are the same in each.
  private var constants: Arguments?
  /// Arguments of a call that is over, for those of the next.
  private var spare: Arguments?

  package init(
    _ arguments: [(syntax: Argument, value: Formula)] = [], words: [OuterName] = [],
    localNames: [String] = [], at range: Range<Int>, callee: Range<Int>? = nil, in source: Source
  ) {
    (syntax, values) = (arguments.map(\.syntax), arguments.map(\.value))
    (self.words, self.localNames) = (words, localNames)
    (self.range, calleeRange, self.source) = (range, callee ?? range, source)
    hasDoubleStarred = syntax.contains { $0.kind == .doubleStarred }
    hasStarred = hasDoubleStarred || syntax.contains { $0.kind == .starred }
    isConstant = !hasStarred && syntax.allSatisfy { Literal($0.value) != nil }
  }
}

// MARK: - What is called

extension CallSite {
  /// Calls a value.
  package func call(_ function: Value, in frame: Frame) throws -> Value {
    switch function {
    case .module(let module): return try call(module, in: frame)
    case .callable(let function as DefinedFunction):
      return try call(function, with: given(in: frame), in: frame.scope)
    case .callable(let function as BuiltinFunction):
      return try call(function.builtin, .none, in: frame)
    case .callable(let method as BoundMethod):
      return try call(method.builtin, method.receiver, in: frame)
    case .callable(let model as DefinedModel):
      return try source.locating(range) {
        try instance(of: model, with: given(in: frame), in: frame.scope)
      }
    case .callable(let maker as NamedTupleMaker):
      return try source.locating(range) { try maker.make(given(in: frame)) }
    case .callable(let partial as PartialFunction):
      return try apply(partial, with: given(in: frame), in: frame.scope)
    case .object(let object as any CallableObject):
      let values = try given(in: frame).map(\.value)
      return try source.locating(range) { try object.call(values) }
    default:
      throw Problem.notCallable(function.phrase).diagnostic(at: calleeRange, in: source)
    }
  }

  /// Calls something with values.
  package func apply(_ function: Value, to values: [Value], in scope: Scope) throws -> Value {
    try apply(
      function, with: values.map { EvaluatedArgument(name: nil, value: $0, range: range) },
      in: scope)
  }

  private func apply(
    _ partial: PartialFunction, with given: [EvaluatedArgument], in scope: Scope
  ) throws -> Value {
    try apply(partial.function, with: partial.arguments(given), in: scope)
  }

  private func apply(
    _ function: Value, with given: [EvaluatedArgument], in scope: Scope
  ) throws -> Value {
    func call(_ builtin: Builtin, of receiver: Value) throws -> Value {
      let arguments = try Arguments(given, placed(given, builtin.signature), of: self)
      return try builtin.run(Call(scope: scope, arguments: arguments, receiver: receiver))
    }
    switch function {
    // The command of this name takes words; as a function it is Python's.
    case .callable(let function as BuiltinFunction) where function.name == "set":
      return .object(try ValueSet(given.first?.value.members() ?? []))
    case .callable(let function as DefinedFunction):
      return try self.call(function, with: given, in: scope)
    case .callable(let function as BuiltinFunction):
      return try call(function.builtin, of: .none)
    case .callable(let method as BoundMethod):
      return try call(method.builtin, of: method.receiver)
    case .callable(let model as DefinedModel):
      return try instance(of: model, with: given, in: scope)
    case .callable(let maker as NamedTupleMaker): return try maker.make(given)
    case .callable(let partial as PartialFunction):
      return try apply(partial, with: given, in: scope)
    case .object(let object as any CallableObject): return try object.call(given.map(\.value))
    case .module(let module): return try self.call(module, with: given, in: scope)
    default: throw Problem.notCallable(function.phrase).diagnostic(at: range, in: source)
    }
  }

  /// Calls a built-in command, function or method.
  package func call(_ builtin: Builtin, _ receiver: consuming Value, in frame: Frame) throws
    -> Value
  {
    var arguments = try arguments(for: builtin, in: frame)
    let result = try run(
      builtin, Call(scope: frame.scope, arguments: arguments, receiver: receiver))
    if isKnownUniquelyReferenced(&arguments) {
      arguments.clear()
      spare = arguments
    }
    return result
  }

  private func run(_ builtin: Builtin, _ call: consuming Call) throws -> Value {
    let call = call
    return try source.locating(range) { try builtin.run(call) }
  }

  private func call(_ module: any Module, in frame: Frame) throws -> Value {
    guard values.count == 1, !hasStarred, !(module is ModelInstance) else {
      return try call(module, with: given(in: frame), in: frame.scope)
    }
    // Without an array for the only argument.
    let value = try values[0](frame)
    guard case .tensor(let input) = value else { throw notOneTensor(module, [value]) }
    return try source.locating(range) { .tensor(try module.forward(input)) }
  }

  /// Calls a layer or model: its forward pass.
  private func call(
    _ module: any Module, with given: [EvaluatedArgument], in scope: Scope
  ) throws -> Value {
    if let instance = module as? ModelInstance {
      guard let forward = instance.forward else {
        throw Diagnostic(instance.noForward, at: range, in: source)
      }
      return try call(forward, with: given, in: scope)
    }
    guard given.count == 1, case .tensor(let input) = given[0].value else {
      throw notOneTensor(module, given.map(\.value))
    }
    return try source.locating(range) { .tensor(try module.forward(input)) }
  }

  private func notOneTensor(_ module: any Module, _ given: [Value]) -> Diagnostic {
    ModelProblem.oneTensor(module.typeName, given: given).diagnostic(at: range, in: source)
  }
}

// MARK: - Arguments

extension CallSite {
  /// Evaluates the arguments, and takes starred ones apart.
  ///
  /// `list` may have the arguments of an earlier call: where they are as many, only values change.
  private func given(
    in frame: Frame, _ list: consuming [EvaluatedArgument] = []
  ) throws -> [EvaluatedArgument] {
    var given = list
    var count = 0
    func put(_ value: consuming Value, _ index: Int, named option: Identifier? = nil) {
      if count < given.count, !hasDoubleStarred, given[count].range == syntax[index].range {
        given[count].value = value
      } else {
        given.removeSubrange(count...)
        let (name, range) = (option ?? syntax[index].name, syntax[index].range)
        given.append(EvaluatedArgument(name: name, value: value, range: range))
      }
      count += 1
    }
    for index in values.indices {
      let value = try values[index](frame)
      switch syntax[index].kind {
      case .starred where hasStarred:
        let members = try source.locating(syntax[index].range) { try value.members() }
        for member in members { put(member, index) }
      case .doubleStarred where hasStarred:
        for (name, value) in try options(in: value, at: syntax[index].range) {
          put(value, index, named: name)
        }
      default: put(value, index)
      }
    }
    given.removeSubrange(count...)
    return given
  }

  /// The names and values that `**value` stands for.
  private func options(
    in value: Value, at range: Range<Int>
  ) throws -> [(Identifier, Value)] {
    guard case .object(let mapping as Mapping) = value else {
      throw Problem.wrongKind("`**`", expected: "a dict", got: value.phrase).diagnostic(
        at: range, in: source)
    }
    return try zip(mapping.keys, mapping.values).map { key, value in
      guard case .string(let name) = key else {
        throw Problem.wrongKind("`**`", expected: "texts as keys", got: key.phrase).diagnostic(
          at: range, in: source)
      }
      return (Identifier(name, at: range), value)
    }
  }

  /// Evaluates the arguments for a builtin, and checks them.
  func arguments(for builtin: Builtin, in frame: Frame) throws -> Arguments {
    if let constants, constants.signature === builtin.signature { return constants }
    if !words.isEmpty, words.contains(where: { $0.found(in: frame) == nil }) {
      return try bound(to: builtin, in: frame)
    }
    if let spare = spare.take() {
      let given = try given(in: frame, spare.takeList())
      try spare.refill(given, placed(given, builtin.signature))
      return spare
    }
    let given = try given(in: frame)
    let arguments = try Arguments(given, placed(given, builtin.signature), of: self)
    if isConstant { constants = arguments }
    return arguments
  }

  /// Binds arguments, some of which are words that may stand for themselves, and evaluates the rest.
  private func bound(to builtin: Builtin, in frame: Frame) throws -> Arguments {
    let bound = try builtin.spec.bind(syntax, call: range, in: source) { name in
      localNames.contains(name) || frame.isVariable(name)
        || frame.scope.library.functions[name] != nil
    }
    return try Arguments(bound, builtin.signature, of: self) { _, range in
      guard let index = syntax.firstIndex(where: { $0.range == range }) else { return .none }
      return try values[index](frame)
    }
  }

  /// The parameter of each argument.
  package func placed(_ given: [EvaluatedArgument], _ signature: Signature) throws -> Placement {
    // Arguments with names stand behind the others, so as many of them find the same parameters.
    if let placement, !hasDoubleStarred, placement.signature === signature,
      placement.places.count == given.count
    {
      return placement
    }
    guard let found = signature.placement(of: given) else { throw misplaced(given, signature) }
    placement = found
    return found
  }

  /// What is wrong with arguments that do not fit the parameters: the first mistake among them.
  private func misplaced(_ given: [EvaluatedArgument], _ signature: Signature) -> any Error {
    do {
      for (place, argument) in zip(signature.places(of: given), given) {
        guard let place else { break }
        _ = try signature.checked(argument, at: place, in: source)
      }
      _ = try signature.spec.place(
        positional: given.filter { $0.name == nil }.map(\.range),
        options: given.compactMap(\.name), call: range, in: source)
      return Diagnostic("bad-call", "the arguments do not fit", at: range, in: source)
    } catch {
      return error
    }
  }
}

// MARK: - The session's own functions

extension CallSite {
  /// The deepest chain of calls of the session's own functions.
  private static let maximumDepth = 200

  /// Calls a function or method that was defined in the session.
  package func call(
    _ function: DefinedFunction, with given: [EvaluatedArgument], in scope: Scope
  ) throws -> Value {
    try deeper(in: scope) {
      let body = function.body
      return try Frame.run(scope, instance: function.instance, localCount: body.localCount) {
        frame in
        if body.isPlain {
          try bind(given, function.signature, body.defaults, function.usual, in: frame)
        } else {
          try bind(given, to: function, in: frame)
        }
        do {
          return try body.run(in: frame)
        } catch var diagnostic as Diagnostic {
          if scope.callDepth <= 3 { diagnostic.notes.append(note(on: function)) }
          throw diagnostic
        }
      }
    }
  }

  @inline(__always)
  private func deeper<Result>(in scope: Scope, _ body: () throws -> Result) throws -> Result {
    guard scope.callDepth < Self.maximumDepth else {
      throw Problem.tooDeep.diagnostic(at: range, in: source)
    }
    scope.callDepth += 1
    defer { scope.callDepth -= 1 }
    return try body()
  }

  private func note(on function: DefinedFunction) -> String {
    guard source.name != ModelInstance.trainingSource else {
      return "in `\(function.definition.name)` of \(source.excerpt(range))"
    }
    return "in `\(function.definition.name)`, called as \(source.place(of: range))"
  }

  /// Gives the parameters of a definition their values.
  private func bind(
    _ given: [EvaluatedArgument], _ signature: Signature, _ defaults: [Formula?],
    _ known: [Value?] = [], in frame: Frame
  ) throws {
    let placement = try placed(given, signature)
    for index in given.indices { frame.locals[placement.places[index]] = given[index].value }
    for place in placement.missing {
      try setUsual(place, defaults, known, in: frame)
    }
  }

  /// Gives a parameter the value it has where a call gives none.
  private func setUsual(
    _ place: Int, _ defaults: [Formula?], _ known: [Value?], in frame: Frame
  ) throws {
    if !known.isEmpty, let value = known[place] {
      frame.locals[place] = value
    } else if let usual = defaults[place] {
      frame.locals[place] = try usual(frame)
    }
  }

  /// Gives the parameters their values, and what else a function knows.
  private func bind(
    _ given: [EvaluatedArgument], to function: DefinedFunction, in frame: Frame
  ) throws {
    let body = function.body
    var given = given
    if let place = body.optionsPlace {
      // Names that no parameter has are kept in a dict.
      let options = given.filter { argument in
        argument.name.map { function.signature.place(of: $0.name) == nil } ?? false
      }
      given.removeAll { argument in
        argument.name.map { function.signature.place(of: $0.name) == nil } ?? false
      }
      frame.locals[place] = .object(
        try Mapping(options.map { (.string($0.name?.name ?? ""), $0.value) }))
      placement = nil
    }
    let placement = try placed(given, function.signature)
    if let rest = body.restPlace {
      let members = given.indices.filter { placement.places[$0] == rest }
      frame.locals[rest] = .tuple(members.map { given[$0].value })
    }
    for index in given.indices where placement.places[index] != body.restPlace {
      frame.locals[placement.places[index]] = given[index].value
    }
    for (place, value) in function.captured { frame.locals[place] = value }
    for place in placement.missing where place != body.restPlace {
      try setUsual(place, body.defaults, function.usual, in: frame)
    }
    if let place = body.receiverPlace, let instance = function.instance {
      frame.locals[place] = .module(instance)
    }
    // A function inside a function may call itself.
    for capture in body.captures where capture.name == function.definition.name.name {
      frame.locals[capture.place] = .callable(function)
    }
  }

  /// Makes an instance of a model: its members are evaluated in their order.
  private func instance(
    of model: DefinedModel, with given: [EvaluatedArgument], in scope: Scope
  ) throws -> Value {
    let (definition, body) = (model.definition, model.body)
    let instance = ModelInstance(model, scope)
    if case .methods(let methods) = definition.body {
      try initialize(instance, methods, with: given, in: scope)
      return .module(instance)
    }
    return try deeper(in: scope) {
      try Frame.run(scope, instance: instance, localCount: body.localCount) { frame in
        try bind(given, model.signature, body.defaults, in: frame)
        for (place, parameter) in definition.parameters.enumerated() {
          instance.settingsByName.append((parameter.name.name, frame.locals[place]))
        }
        switch definition.body {
        case .formula: return try body.formula?(frame) ?? .none
        case .members(let members):
          for (member, attribute) in zip(members, body.attributes) {
            switch member {
            case .attribute(let name, _):
              instance.add(name.name, try attribute?(frame) ?? .none)
            case .method(let function):
              let method = DefinedFunction(
                function, in: model.source, scope.library, of: instance)
              instance.add(function.name.name, .callable(method))
            }
          }
          try Value.module(instance).requireFinite()
          return .module(instance)
        case .methods: return .module(instance)
        }
      }
    }
  }

  /// Gives an instance of a class its methods, and runs its `__init__`.
  private func initialize(
    _ instance: ModelInstance, _ methods: [FunctionDefinition], with given: [EvaluatedArgument],
    in scope: Scope
  ) throws {
    instance.addMethods(methods, scope.library)
    let model = instance.definition
    guard let definition = methods.first(where: { $0.name.name == "__init__" }) else {
      _ = try placed(given, model.signature)
      return
    }
    let method = DefinedFunction(
      definition, in: model.source, scope.library, of: instance,
      calledAs: model.definition.name.name)
    _ = try call(method, with: given, in: scope)
    // Where `*args` takes the rest, only the place says what an argument is.
    let names = method.body.restPlace == nil ? method.signature.spec.parameters.map(\.name) : []
    instance.settingsByName = given.enumerated().map { place, argument in
      (argument.name?.name ?? (names.indices.contains(place) ? names[place] : ""), argument.value)
    }
  }
}

extension Source {
  /// A stretch of text, and where it stands unless that is the prompt.
  package func place(of range: Range<Int>) -> String {
    let place = isPrompt ? "" : " at \(name):\(line(at: range.lowerBound))"
    return "`\(excerpt(range))`\(place)"
  }

  /// A stretch of text on one line, cut where it is long.
  fileprivate func excerpt(_ range: Range<Int>) -> String {
    let line = text(in: range).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > 60 ? "\(line.prefix(57))…" : line
  }
}
