public import CollabLanguage

// Values that a script gets from outside, instead of those it gives itself.
extension Script {
  /// The first assignment of nothing but a name, outside of definitions.
  ///
  /// A value from outside takes its place: set before the script it would be overwritten.
  func firstAssignment(of name: String) -> (statement: Statement, assignment: Assignment)? {
    for cell in file.cells where cell.kind == .code {
      for statement in cell.code.statements {
        if case .assignment(let assignment) = statement.kind, assignment.operation == .set,
          assignment.targets.count == 1, assignment.targets[0].simpleName?.name == name
        {
          return (statement, assignment)
        }
      }
    }
    return nil
  }

  /// Looks whether values from outside can take effect.
  ///
  /// - Throws: `unknown-name` if no statement uses a name, `bad-value` if the script itself gives it a
  ///   value of another type.
  public func check(_ bindings: [ScriptOptions.Binding]) throws(Diagnostic) {
    let used = file.cells.reduce(into: Set<String>()) { names, cell in
      if cell.kind == .code { names.formUnion(cell.code.usedNames) }
    }
    for binding in bindings {
      guard used.contains(binding.name) else {
        throw Diagnostic(
          "unknown-name", "no statement of \(file.source.name) uses `\(binding.name)`",
          help: Suggestion.help(for: Suggestion.nearest(to: binding.name, among: used)))
      }
      try check(binding)
    }
  }

  private func check(_ binding: ScriptOptions.Binding) throws(Diagnostic) {
    guard let (statement, assignment) = firstAssignment(of: binding.name),
      case .expression(let expression) = assignment.value, let literal = Literal(expression),
      let wanted = literal.kindOfValue, let given = binding.value.kindOfValue, wanted != given
    else { return }
    let source = file.source
    let text = source.text(in: expression.range)
    throw Diagnostic(
      "bad-value", "`\(binding.name)` takes \(wanted), got \(given)", at: statement.range,
      in: source, help: ["for example --set \(binding.name)=\(text)"])
  }
}

extension Literal {
  /// What kind of value it is, for comparing two; nil for `none`, in whose place anything may be.
  ///
  /// Whole numbers and others count as one kind: `wd = 0` may become 0.1.
  fileprivate var kindOfValue: String? {
    switch self {
    case .integer, .double: "a number"
    case .string: "a text"
    case .boolean: "true or false"
    case .tuple, .list: "a list"
    case .none: nil
    }
  }
}
