package import CollabLanguage

/// The translated body of a function or method.
package final class FunctionBody {
  /// The defaults of the parameters, which are the first local names.
  package let defaults: [Formula?]
  /// The parameters that take what others leave: `*rest`, `**options`.
  package let restPlace: Int?
  package let optionsPlace: Int?
  /// How many places a frame needs.
  package let localCount: Int
  /// Where the instance of a method is kept, if more is asked for than its members.
  package let receiverPlace: Int?
  /// The places of what the function around this one knows, there and here.
  package let captures: [(name: String, outer: Int, place: Int)]
  /// Whether a call gives the parameters their values, and nothing else.
  package let isPlain: Bool
  private let code: Code

  private enum Code {
    /// The assignments before the result, and this.
    case straight([Step], Formula)
    /// Statements, and the places that have no value before they run.
    case block(Action, unassigned: [Int])
  }

  package init(
    _ definition: FunctionDefinition, in source: Source, _ library: Library,
    within outer: Translator? = nil
  ) {
    let translator = Translator(
      source, library, isFunction: true, receiver: definition.receiver?.name, within: outer)
    defaults = translator.parameters(definition.parameters)
    restPlace = definition.parameters.firstIndex { $0.kind == .rest }
    optionsPlace = definition.parameters.firstIndex { $0.kind == .options }
    switch definition.body {
    case .straight(let assignments, let result):
      let steps = assignments.map(translator.step)
      code = .straight(steps, translator.formula(result))
    case .block(let statements):
      translator.declareLate(statements.flatMap(\.assignedNames).map(\.name))
      code = .block(translator.block(statements), unassigned: Array(translator.late))
    }
    localCount = translator.localCount
    receiverPlace = translator.receiverPlace
    captures = translator.captures
    isPlain = restPlace == nil && optionsPlace == nil && receiverPlace == nil && captures.isEmpty
  }

  /// Runs the body in a frame whose parameters have their values.
  @inline(__always)
  package func run(in frame: Frame) throws -> Value {
    switch code {
    case .straight(let steps, let result):
      for index in steps.indices { try steps[index](frame) }
      return try result(frame)
    case .block(let action, let unassigned):
      for place in unassigned { frame.locals[place] = Unassigned.value }
      if case .return(let value) = try action(frame) { return value }
      return .none
    }
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
    // Its `__init__` is a method.
    case .methods: (formula, attributes) = (nil, [])
    }
    localCount = translator.localCount
  }
}

extension Translator {
  /// Translates a `lambda`, or a `def` inside a function: what it uses of the names around it is kept
  /// as it is when the function is made.
  func closure(_ definition: FunctionDefinition) -> Formula {
    let source = source
    let body = FunctionBody(definition, in: source, library, within: self)
    let signature = Signature(definition.name.name, definition.parameters)
    let usual = definition.earlyDefaults.map { $0.map(formula) }
    return Formula { frame in
      .callable(
        DefinedFunction(
          definition, in: source, signature, body, of: frame.instance,
          captured: body.captures.map { ($0.place, frame.locals[$0.outer]) },
          usual: try usual.map { try $0?(frame) }))
    }
  }
}

extension FunctionDefinition {
  /// The defaults, by the places of their parameters, whose values are found when the function is made,
  /// as in Python: those that are not written out, and that use no parameter.
  ///
  /// Empty without any.
  package var earlyDefaults: [Expression?] {
    let names = Set(parameters.map(\.name.name))
    let defaults = parameters.map { parameter -> Expression? in
      guard let value = parameter.defaultValue, Literal(value) == nil,
        value.usedNames.isDisjoint(with: names) || value.kind == .name(parameter.name.name)
      else { return nil }
      return value
    }
    return defaults.contains { $0 != nil } ? defaults : []
  }
}
