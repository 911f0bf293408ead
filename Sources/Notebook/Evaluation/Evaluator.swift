import CommandLanguage
import Learning
import Tensors

/// Runs statements and finds the values of expressions, at the prompt, in files and inside models.
struct Evaluator {
  let session: Session
  /// The text that ranges refer to.
  let source: Source
  /// What names stand for inside a function; nil at the top.
  let scope: Scope?

  init(_ session: Session, _ source: Source, scope: Scope? = nil) {
    (self.session, self.source, self.scope) = (session, source, scope)
  }
}

/// Names inside a call of a function or method.
final class Scope {
  private var locals: [(name: String, value: Value)] = []
  /// The instance whose members are seen, for a method.
  let instance: ModelInstance?
  /// The names around a comprehension.
  private let outer: Scope?

  init(instance: ModelInstance? = nil, outer: Scope? = nil) {
    (self.instance, self.outer) = (instance, outer)
    locals.reserveCapacity(8)
  }

  subscript(name: String) -> Value? {
    // A body has a handful of names: looking through them is quicker than hashing.
    get {
      for local in locals where local.name == name { return local.value }
      return outer?[name] ?? instance?[name]
    }
    set {
      guard let newValue else { return }
      if let place = locals.firstIndex(where: { $0.name == name }) {
        locals[place].value = newValue
      } else {
        locals.append((name, newValue))
      }
    }
  }
}

// MARK: - Statements

extension Evaluator {
  /// Runs a statement.
  ///
  /// - Returns: the value to show, if the statement has one.
  func execute(_ statement: Statement) throws -> Value? {
    switch statement.kind {
    case .mistake(let diagnostic): throw diagnostic
    case .expression(let expression): return try evaluate(expression)
    case .command(let command): return try run(command)
    case .assignment(let assignment): try assign(assignment)
    case .model(let definition):
      session.variables[definition.name.name] = .callable(
        .model(DefinedModel(definition, in: source)))
    case .function(let definition):
      session.variables[definition.name.name] = .callable(
        .function(DefinedFunction(definition, in: source)))
    }
    return nil
  }

  /// Runs a command line.
  func run(_ command: Command) throws -> Value {
    guard let builtin = Session.functions[command.name.name] else {
      throw Problem.unknownName(command.name.name, near: []).diagnostic(
        at: command.name.range, in: source)
    }
    let bound = try builtin.spec.bind(command, isVariable: isVariable)
    return try locating(command.range) {
      try builtin.run(
        Call(
          session: session, arguments: evaluated(bound, builtin.signature), receiver: .none))
    }
  }

  func assign(_ assignment: Assignment) throws {
    let value: Value =
      switch assignment.value {
      case .expression(let expression): try evaluate(expression)
      case .command(let command): try variable(namedLike: command) ?? run(command)
      }
    guard assignment.operation == .set else {
      guard let target = assignment.targets.first else { return }
      let old = try valueOf(target)
      let kind: Operator.Kind =
        switch assignment.operation {
        case .add, .set: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        }
      let result = try locating(target.range) {
        let result = try Arithmetic.apply(kind, old, value)
        try Self.checkShape(of: result, insteadOf: old, "\(source.text(in: target.range))")
        return result
      }
      return try set(target, to: result)
    }
    guard assignment.targets.count > 1 else {
      if let target = assignment.targets.first { try set(target, to: value) }
      return
    }
    let parts = try locating(assignment.targets[0].range) {
      try value.unpacked(into: assignment.targets.count)
    }
    for (target, part) in zip(assignment.targets, parts) { try set(target, to: part) }
  }

  /// The variable that a command without arguments may mean: on the right of `=` it comes first.
  private func variable(namedLike command: Command) throws -> Value? {
    guard command.words.isEmpty, isVariable(command.name.name) else { return nil }
    return try lookUp(command.name.name, at: command.name.range)
  }

  /// Refuses a result that would give a tensor another shape in place, as PyTorch does.
  private static func checkShape(
    of result: Value, insteadOf old: Value, _ name: String
  ) throws {
    guard case .tensor(let before) = old, case .tensor(let after) = result,
      before.shape != after.shape
    else { return }
    throw Problem.growing(name, before.shape, after.shape)
  }

  private func valueOf(_ target: AssignmentTarget) throws -> Value {
    var value = try lookUp(target.path[0].name, at: target.path[0].range)
    for name in target.path.dropFirst() { value = try member(name, of: value) }
    return value
  }

  private func set(_ target: AssignmentTarget, to value: Value) throws {
    guard let name = target.simpleName else {
      var owner = try lookUp(target.path[0].name, at: target.path[0].range)
      for name in target.path.dropFirst().dropLast() { owner = try member(name, of: owner) }
      let last = target.path[target.path.count - 1]
      guard case .module(let module) = owner, let instance = module as? ModelInstance,
        instance[last.name] != nil
      else { throw Problem.notAssignable("\(source.text(in: target.range))") }
      instance[last.name] = value
      return
    }
    if let scope { scope[name.name] = value } else { session.variables[name.name] = value }
  }
}

// MARK: - Places of mistakes

extension Evaluator {
  /// Runs `body`; a mistake that does not know its place yet gets this one.
  @inline(__always)
  func locating<Result>(_ range: Range<Int>, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let signal as Signal {
      throw signal
    } catch {
      throw Diagnostic(error, at: range, in: source)
    }
  }

  /// The commands that make the variables of the chapter.
  private static let steps = [
    "ratings": "load", "movies": "load", "dls": "load; dataloaders",
    "learn": "load; dataloaders; learner dotbias",
  ]

  /// Whether a name stands for a value here.
  func isVariable(_ name: String) -> Bool {
    scope?[name] != nil || session.variables[name] != nil
  }

  /// The value of a name: a local one, a member of the model, a variable, or a function.
  func lookUp(_ name: String, at range: Range<Int>) throws -> Value {
    if let value = scope?[name] ?? session.variables[name] { return value }
    if let builtin = Session.functions[name] { return .callable(.builtin(builtin)) }
    if name.hasPrefix("_"), let cell = Int(name.dropFirst()), let value = session.shown[cell] {
      return value
    }
    let known = Array(session.variables.keys).sorted() + Session.registry.functionNames.sorted()
    var diagnostic = Problem.unknownName(name, near: Suggestion.nearest(to: name, among: known))
      .diagnostic(at: range, in: source)
    if let step = Self.steps[name] { diagnostic.help = [step] }
    throw diagnostic
  }
}
