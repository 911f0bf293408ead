package import CollabLanguage

/// What `def` or `lambda` made, or a method of a model.
public final class DefinedFunction: Callable {
  package let definition: FunctionDefinition
  /// The text that the definition's ranges refer to.
  package let source: Source
  /// The instance whose members the body sees, for a method.
  package let instance: ModelInstance?
  package let signature: Signature
  package let body: FunctionBody
  /// What it knows of the function in which it was made, by the places of its names.
  package let captured: [(place: Int, value: Value)]
  /// The values of defaults that were found when it was made, by the places of the parameters; empty
  /// without any.
  package let usual: [Value?]
  /// Whether it can be made again of the text of a statement: not what a function has made.
  package let isStatement: Bool

  /// A function that a statement makes, or a method, which mistakes in calls may name otherwise.
  package init(
    _ definition: FunctionDefinition, in source: Source, _ library: Library,
    of instance: ModelInstance? = nil, calledAs name: String? = nil, usual: [Value?] = []
  ) {
    (self.definition, self.source, self.instance) = (definition, source, instance)
    signature = Signature(name ?? definition.name.name, definition.parameters)
    body = FunctionBody(definition, in: source, library)
    (captured, self.usual, isStatement) = ([], usual, true)
    super.init(definition.name.name, "function")
  }

  /// A function that a function makes.
  init(
    _ definition: FunctionDefinition, in source: Source, _ signature: Signature,
    _ body: FunctionBody, of instance: ModelInstance?, captured: [(place: Int, value: Value)],
    usual: [Value?]
  ) {
    (self.definition, self.source, self.instance) = (definition, source, instance)
    (self.signature, self.body) = (signature, body)
    (self.captured, self.usual, isStatement) = (captured, usual, false)
    super.init(definition.name.name, "function")
  }

  package override var parameterNames: [String] { definition.parameters.map(\.name.name) }
}

extension Signature {
  /// The signature of a function or model of the session, whose parameters take any value.
  package convenience init(_ name: String, _ parameters: [FormalParameter]) {
    self.init(
      CommandSpec(
        name, form: .function, group: .functions, summary: "",
        // What takes the options that are left takes no argument of its own.
        parameters: parameters.filter { $0.kind != .options }.map {
          Parameter(
            $0.name.name, .value(), $0.kind == .rest ? .rest(atLeast: 0) : $0.presence,
            isOptionOnly: $0.kind == .named)
        }, examples: []))
  }
}

extension FormalParameter {
  fileprivate var presence: Parameter.Presence { defaultValue == nil ? .required : .optional }
}
