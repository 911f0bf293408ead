import CollabLanguage
import CollabTensors

extension Translator {
  /// Translates statements that are run one after the other.
  func block(_ statements: [Statement]) -> Action {
    let actions = statements.map(action)
    if actions.count == 1 { return actions[0] }
    return Action { frame in
      for index in actions.indices {
        switch try actions[index](frame) {
        case .next: continue
        case let end: return end
        }
      }
      return .next
    }
  }

  /// Translates a statement of a block.
  func action(_ statement: Statement) -> Action {
    let source = source
    switch statement.kind {
    case .assignment(let assignment):
      let step = step(assignment)
      return Action { frame in
        try step(frame)
        return .next
      }
    case .expression(let expression): return action(expression, of: statement)
    case .command(let command): return action(command, isShown: !statement.isSuppressed)
    case .conditional(let conditional): return action(conditional)
    case .forLoop(let loop): return action(loop)
    case .whileLoop(let loop): return action(loop)
    case .deletion(let targets):
      let steps = targets.map(deletion)
      return Action { frame in
        for step in steps { try step(frame) }
        return .next
      }
    case .withoutGradients(let body):
      let body = block(body)
      return Action { frame in try GradientMode.withoutRecording { try body(frame) } }
    case .return(let value):
      guard let value = value.map(formula) else { return Action { _ in .return(.none) } }
      return Action { frame in .return(try value(frame)) }
    case .break: return Action { _ in .break }
    case .continue: return Action { _ in .continue }
    case .pass: return Action { _ in .next }
    case .assertion(let condition, let message):
      let (holds, message) = (self.condition(condition), message.map(formula))
      return Action { frame in
        guard try holds(frame) else {
          throw try Evaluator(frame.scope, source).failure(
            of: condition, message: message.map { try $0(frame) })
        }
        return .next
      }
    case .function(let definition) where isFunction:
      let function = closure(definition)
      let set = setter(
        AssignmentTarget(.name(definition.name), at: definition.name.range))
      return Action { frame in
        try set(function(frame), frame)
        return .next
      }
    case .function, .model, .imports, .passedOver, .timed, .mistake:
      // What makes variables of the session, or says something, is no different inside a block.
      return Action { frame in
        _ = try Evaluator(frame.scope, source).execute(statement)
        return .next
      }
    }
  }

  /// Translates a formula whose value nobody asks for.
  private func action(_ expression: Expression, of statement: Statement) -> Action {
    let (formula, source) = (formula(expression), source)
    let spec = statement.calledName.flatMap { library.functions[$0]?.spec }
    guard let spec, spec.result != nil, !spec.defines.isEmpty else {
      return Action { frame in
        _ = try formula(frame)
        return .next
      }
    }
    return Action { frame in
      _ = try Evaluator(frame.scope, source).named(formula(frame), by: spec.name)
      return .next
    }
  }

  /// Translates a command, which shows its value as it does outside of blocks.
  private func action(_ command: Command, isShown: Bool) -> Action {
    let (source, locals) = (source, localValues)
    return Action { frame in
      let evaluator = Evaluator(frame.scope, source)
      let value = try evaluator.named(
        try evaluator.run(command, seeing: locals(frame)), by: command.name.name)
      if isShown, !value.isNone { frame.scope.show(value) }
      return .next
    }
  }

  /// The local names that have values, and these, for words of a command.
  var localValues: (Frame) -> [(name: String, value: Value)] {
    let places = visible
    return { frame in
      places.compactMap { name, place in
        if case .object(is Unassigned) = frame.locals[place] { return nil }
        return (name, frame.locals[place])
      }
    }
  }
}

// MARK: - Branches and loops

extension Translator {
  private func action(_ conditional: Conditional) -> Action {
    let branches = conditional.branches.map { (condition($0.condition), block($0.body)) }
    let otherwise = block(conditional.otherwise)
    return Action { frame in
      for (holds, body) in branches where try holds(frame) { return try body(frame) }
      return try otherwise(frame)
    }
  }

  private func action(_ loop: WhileLoop) -> Action {
    let (holds, body) = (condition(loop.condition), block(loop.body))
    let otherwise = block(loop.otherwise)
    return Action { frame in
      var patience = Patience(frame.scope)
      while try holds(frame) {
        try patience.check()
        switch try body(frame) {
        case .next, .continue: continue
        case .break: return .next
        case .return(let value): return .return(value)
        }
      }
      return try otherwise(frame)
    }
  }

  private func action(_ loop: ForLoop) -> Action {
    let (source, range) = (source, loop.sequence.range)
    let sequence = formula(loop.sequence)
    let numbers = self.range(loop.sequence)
    let (set, body) = (setter(loop.target), block(loop.body))
    let otherwise = block(loop.otherwise)
    return Action { frame in
      var patience = Patience(frame.scope)
      /// What the loop leads to; nil as long as it goes on.
      func run(_ member: consuming Value) throws -> Flow? {
        try patience.check()
        try set(member, frame)
        return switch try body(frame) {
        case .next, .continue: nil
        case .break: .next
        case .return(let value): .return(value)
        }
      }
      if let numbers = try numbers?(frame) {
        for number in numbers { if let end = try run(.int(number)) { return end } }
        return try otherwise(frame)
      }
      let members = try source.locating(range) { try sequence(frame).members() }
      for member in members { if let end = try run(member) { return end } }
      return try otherwise(frame)
    }
  }

  /// Translates `range(…)` as numbers that are counted and not kept; nil for other formulas.
  private func range(_ expression: Expression) -> ((Frame) throws -> StrideTo<Int>?)? {
    guard case .call(let callee, let arguments) = expression.kind,
      case .name("range") = callee.kind,
      place(of: "range") == nil, (1...3).contains(arguments.count),
      arguments.allSatisfy({ $0.kind == .positional })
    else { return nil }
    let name = outerName("range", at: callee.range)
    let bounds = arguments.map { formula($0.value) }
    return { frame in
      guard name.found(in: frame) == nil else { return nil }
      let numbers = try bounds.map { try $0(frame).integer }
      let known = numbers.compactMap(\.self)
      // What is wrong with others the function itself says.
      guard known.count == numbers.count else { return nil }
      let step = known.count == 3 ? known[2] : 1
      guard step != 0 else { return nil }
      return known.count == 1
        ? stride(from: 0, to: known[0], by: 1) : stride(from: known[0], to: known[1], by: step)
    }
  }
}

/// Asks from time to time whether the user wants to stop a loop.
///
/// Inside a model it is the fit that stops, and keeps what was learned, unless a loop there takes long.
private struct Patience {
  private let scope: Scope
  private var rounds = 0
  private var start: ContinuousClock.Instant?

  init(_ scope: Scope) { self.scope = scope }

  @inline(__always)
  mutating func check() throws {
    rounds &+= 1
    if rounds & 15 == 0 { try ask() }
  }

  private mutating func ask() throws {
    guard scope.isInterrupted() else { return }
    if scope.forwardDepth > 0 {
      let now = ContinuousClock.now
      guard let start else {
        self.start = now
        return
      }
      if start.duration(to: now) < .seconds(1) { return }
    }
    throw scope.interrupted()
  }
}
