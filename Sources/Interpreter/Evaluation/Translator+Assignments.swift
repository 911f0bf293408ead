package import CollabLanguage
import CollabTensors

/// The translated body of a function or method.
package final class FunctionBody {
  /// The defaults of the parameters, which are the first local names.
  package let defaults: [Formula?]
  /// The assignments before the result.
  package let steps: [Step]
  package let result: Formula
  /// How many places a frame needs.
  package let localCount: Int

  package init(_ definition: FunctionDefinition, in source: Source, _ library: Library) {
    let translator = Translator(source, library, isFunction: true)
    defaults = translator.parameters(definition.parameters)
    steps = definition.assignments.map(translator.step)
    result = translator.formula(definition.result)
    localCount = translator.localCount
  }
}

/// The translated body of a model: what is run to make an instance.
package final class ModelBody {
  /// The defaults of the parameters, which are the first local names.
  package let defaults: [Formula?]
  /// The formula whose value is the model, if there are no members.
  package let formula: Formula?
  /// The members that are no methods, by their places among the members.
  package let attributes: [Formula?]
  /// How many places a frame needs.
  package let localCount: Int

  package init(_ definition: ModelDefinition, in source: Source, _ library: Library) {
    let translator = Translator(source, library, isFunction: true)
    defaults = translator.parameters(definition.parameters)
    switch definition.body {
    case .formula(let expression):
      formula = translator.formula(expression)
      attributes = []
    case .members(let members):
      formula = nil
      attributes = members.map { member in
        if case .attribute(_, let expression) = member {
          translator.formula(expression)
        } else {
          nil
        }
      }
    }
    localCount = translator.localCount
  }
}

// MARK: - Assignments

extension Translator {
  /// Translates an assignment; the names it makes are seen from here on.
  package func step(_ assignment: Assignment) -> Step {
    let source = source
    let value: Formula =
      switch assignment.value {
      case .expression(let expression): formula(expression)
      case .command(let command): formula(command)
      }
    let first = assignment.targets[0]
    let valueRange =
      switch assignment.value {
      case .expression(let expression): expression.range
      case .command(let command): command.range
      }
    if let kind = assignment.operation.operator {
      let old = formula(first)
      let set = setter(first)
      return Step { frame in
        let value = try value(frame)
        let old = try old(frame)
        let result = try source.locating(first.range) {
          if case .tensor(let leaf) = old, leaf.isLeaf, leaf.requiresGradient {
            throw Problem.changedLeaf(
              source.text(in: first.range), step: "\(kind.rawValue)= \(source.text(in: valueRange))"
            )
          }
          let result = try Arithmetic.apply(kind, old, value)
          try Self.checkShape(of: result, insteadOf: old, "\(source.text(in: first.range))")
          return result
        }
        try set(result, frame)
      }
    }
    let setters = assignment.targets.map(setter)
    guard setters.count > 1 else {
      let set = setters[0]
      return Step { frame in try set(value(frame), frame) }
    }
    return Step { frame in
      let value = try value(frame)
      let parts = try source.locating(first.range) { try value.unpacked(into: setters.count) }
      for (set, part) in zip(setters, parts) { try set(part, frame) }
    }
  }

  /// Translates a command on the right of `=`, where a variable of its name comes first.
  private func formula(_ command: Command) -> Formula {
    let source = source
    let name = OuterName(command.name.name, at: command.name.range, in: source, library)
    return Formula { frame in
      if command.words.isEmpty, let value = name.found(in: frame) { return value }
      return try Evaluator(frame.scope, source).run(command)
    }
  }

  /// Refuses a result that would give a tensor another shape in place, as PyTorch does.
  private static func checkShape(
    of result: Value, insteadOf old: Value, _ name: @autoclosure () -> String
  ) throws {
    guard case .tensor(let before) = old, case .tensor(let after) = result,
      before.shape != after.shape
    else { return }
    throw Problem.growing(name(), before.shape, after.shape)
  }

  /// Translates what stands left of `+=`, as a formula.
  private func formula(_ target: AssignmentTarget) -> Formula { formula(target.path[...]) }

  private func formula(_ path: ArraySlice<Identifier>) -> Formula {
    let source = source
    let first = path[path.startIndex]
    return path.dropFirst().reduce(formula(first.name, at: first.range)) { owner, name in
      Formula { frame in try owner(frame).member(name, of: frame.scope.library, in: source) }
    }
  }

  /// Translates what gives a target its value.
  private func setter(_ target: AssignmentTarget) -> Setter {
    guard let name = target.simpleName?.name else { return memberSetter(target) }
    guard isFunction else {
      return Setter { value, frame in
        try value.requireFinite()
        frame.scope.variables[name] = value
      }
    }
    let place = place(of: name) ?? declare(name)
    forgetPicks(of: place)
    return Setter { value, frame in frame.locals[place] = value }
  }

  private func memberSetter(_ target: AssignmentTarget) -> Setter {
    let owner = formula(target.path.dropLast())
    let (last, source) = (target.path[target.path.count - 1].name, source)
    return Setter { value, frame in
      let owner = try owner(frame)
      if try source.locating(target.range, { try owner.setProperty(last, to: value) }) { return }
      guard case .module(let module) = owner, let instance = module as? ModelInstance,
        instance[last] != nil
      else { throw Problem.notAssignable("\(source.text(in: target.range))") }
      let old = instance[last] ?? .none
      instance[last] = value
      do {
        try value.requireFinite()
        try Value.module(instance).requireFinite()
      } catch {
        instance[last] = old
        throw error
      }
    }
  }
}

extension Assignment.Operation {
  /// The operator that combines the present value with the new one; nil for `=`.
  fileprivate var `operator`: Operator.Kind? {
    switch self {
    case .set: nil
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }
}
