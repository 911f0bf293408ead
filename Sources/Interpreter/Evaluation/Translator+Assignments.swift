package import CollabLanguage
import CollabTensors

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
      let isHeld = if case .element = first.kind { false } else { true }
      return Step { frame in
        let value = try value(frame)
        let old = try old(frame)
        let result = try source.locating(first.range) {
          if case .tensor(let leaf) = old, leaf.isLeaf, leaf.requiresGradient,
            GradientMode.isRecording
          {
            throw Problem.changedLeaf(
              source.text(in: first.range), step: "\(kind.rawValue)= \(source.text(in: valueRange))"
            )
          }
          let result = try Arithmetic.apply(kind, old, value)
          try Self.checkShape(of: result, insteadOf: old, "\(source.text(in: first.range))")
          return result
        }
        if isHeld, try Self.replace(old, by: result) { return }
        try set(result, frame)
      }
    }
    let setters = assignment.targets.map { setter($0) }
    guard setters.count > 1 else {
      let set = setters[0]
      return Step { frame in try set(value(frame), frame) }
    }
    return Step { frame in
      let value = try value(frame)
      for set in setters { try set(value, frame) }
    }
  }

  /// Translates a command on the right of `=`, where a variable of its name comes first.
  private func formula(_ command: Command) -> Formula {
    let source = source
    let name = outerName(command.name.name, at: command.name.range)
    let locals = localValues
    return Formula { frame in
      if command.words.isEmpty, let value = name.found(in: frame) { return value }
      return try Evaluator(frame.scope, source).run(command, seeing: locals(frame))
    }
  }

  /// Gives a tensor the elements of a result, so that all who hold it see them, as in PyTorch; a result
  /// of another type, and one that gradients go through, is a tensor of its own.
  private static func replace(_ old: Value, by result: Value) throws -> Bool {
    switch (old, result) {
    case (.tensor(let tensor), .tensor(let other)), (.array(let tensor), .array(let other)):
      guard tensor.dtype == other.dtype, tensor.shape == other.shape, !other.requiresGradient,
        !GradientMode.isRecording || !tensor.requiresGradient
      else { return false }
      try tensor.replaceElements(by: other)
      return true
    default: return false
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
  private func formula(_ target: AssignmentTarget) -> Formula {
    switch target.kind {
    case .name(let name): formula(name.name, at: target.range)
    case .member(let base, let name): formula(Expression(.member(base, name), at: target.range))
    case .element(let base, let subscripts):
      formula(Expression(.subscripted(base, subscripts), at: target.range))
    // Only one thing is changed by `+=`, which the parser sees to.
    case .several, .rest: Formula { _ in .none }
    }
  }

  /// Translates what gives a target its value.
  ///
  /// Where it declares them, the names in it are new and hide others.
  func setter(_ target: AssignmentTarget, declares: Bool = false) -> Setter {
    switch target.kind {
    case .name(let name): return setter(name.name, declares: declares)
    case .member(let base, let name): return memberSetter(base, name, at: target.range)
    case .element(let base, let subscripts):
      return elementSetter(base, subscripts, at: target.range)
    case .several(let targets): return setter(targets, at: target.range, declares: declares)
    case .rest(let inner): return setter(inner, declares: declares)
    }
  }

  private func setter(_ name: String, declares: Bool) -> Setter {
    guard isFunction || declares else {
      return Setter { value, frame in
        try value.requireFinite()
        frame.scope.variables[name] = value
      }
    }
    let place = declares ? declare(name) : assignedPlace(of: name)
    forgetPicks(of: place)
    return Setter { value, frame in frame.locals[place] = value }
  }

  /// Translates targets that take a value apart.
  private func setter(
    _ targets: [AssignmentTarget], at range: Range<Int>, declares: Bool
  ) -> Setter {
    let (setters, source) = (targets.map { setter($0, declares: declares) }, source)
    let rest = targets.firstIndex { if case .rest = $0.kind { true } else { false } }
    guard let rest else {
      return Setter { value, frame in
        let whole = value
        let parts = try source.locating(range) { try whole.unpacked(into: setters.count) }
        for (set, part) in zip(setters, parts) { try set(part, frame) }
      }
    }
    let behind = targets.count - rest - 1
    return Setter { value, frame in
      let whole = value
      let members = try source.locating(range) { () throws -> [Value] in
        let members = try whole.members()
        guard members.count >= setters.count - 1 else {
          throw Problem.notUnpackable(setters.count - 1, whole.phrase)
        }
        return members
      }
      let end = members.count - behind
      for place in 0..<rest { try setters[place](members[place], frame) }
      try setters[rest](.list(Array(members[rest..<end])), frame)
      for place in 0..<behind { try setters[rest + 1 + place](members[end + place], frame) }
    }
  }

  private func memberSetter(
    _ base: Expression, _ name: Identifier, at range: Range<Int>
  ) -> Setter {
    let (owner, last, source) = (formula(base), name.name, source)
    let labels = TableView.LabelKind(rawValue: last)
    let table = labels == nil ? nil : changeablePlace(base)
    return Setter { value, frame in
      let owner = try owner(frame)
      let value = value
      if let labels, let table, case .table(let view) = owner {
        let renamed = try source.locating(range) { try view.calling(labels, value.members()) }
        return try table(frame) { $0 = .table(renamed) }
      }
      if try source.locating(range, { try owner.setProperty(last, to: value) }) { return }
      guard case .module(let module) = owner, let instance = module as? ModelInstance,
        instance.takes(last)
      else {
        throw Problem.notAssignable("\(source.text(in: range))").diagnostic(at: range, in: source)
      }
      try source.locating(range) { try instance.set(last, to: value) }
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
    case .floorDivide: .floorDivide
    case .remainder: .remainder
    case .power: .power
    case .bitAnd: .bitAnd
    case .bitOr: .bitOr
    case .matrixMultiply: .matrixMultiply
    }
  }
}
