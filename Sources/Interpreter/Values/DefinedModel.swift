package import CollabLanguage

/// What `model` or `class` made, from which instances are made.
public final class DefinedModel: Callable {
  package let definition: ModelDefinition
  /// The text that the definition's ranges refer to.
  package let source: Source
  package let signature: Signature
  package let body: ModelBody

  package init(_ definition: ModelDefinition, in source: Source, _ library: Library) {
    (self.definition, self.source) = (definition, source)
    signature = Signature(definition.name.name, definition.parameters)
    body = ModelBody(definition, in: source, library)
    super.init(definition.name.name, "model")
  }

  package override var parameterNames: [String] { definition.parameters.map(\.name.name) }
}
