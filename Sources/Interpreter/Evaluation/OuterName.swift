package import CollabLanguage
import CollabTensors

/// A name in a formula that is no local one: a member of the model, a variable, or a function.
///
/// What it stands for is looked up each time, because a variable of the name may be made later.
package final class OuterName {
  package let name: String
  /// The command or function of this name, which anything else hides.
  package let builtin: Builtin?
  private let range: Range<Int>
  private let source: Source
  /// Whether it may be a member of the instance: not where methods say `self`.
  private let seesMembers: Bool
  /// The place among the names of the instance, when there were so many of them.
  // Nothing else runs while these are used; the checks were a twentieth of a forward pass.
  @exclusivity(unchecked) private var place: Int?
  @exclusivity(unchecked) private var nameCount = 0
  /// How often variables had changed when there was none of the name.
  @exclusivity(unchecked) private var missedAt = -1

  package init(
    _ name: String, at range: Range<Int>, in source: Source, _ library: Library,
    seesMembers: Bool = true
  ) {
    self.seesMembers = seesMembers
    (self.name, self.range, self.source) = (name, range, source)
    builtin = library.functions[name]
  }

  /// The value that an instance has under this name.
  package func value(of instance: ModelInstance) -> Value? {
    if instance.nameCount != nameCount {
      (place, nameCount) = (instance.place(of: name), instance.nameCount)
    }
    guard let place else { return nil }
    return instance.value(at: place)
  }

  /// The value, unless it is the builtin.
  package func found(in frame: Frame) -> Value? {
    if seesMembers, let instance = frame.instance, let value = value(of: instance) { return value }
    let scope = frame.scope
    guard scope.variableChanges != missedAt else { return nil }
    let value = scope.variables[name]
    if value == nil { missedAt = scope.variableChanges }
    return value
  }

  /// The value.
  ///
  /// - Throws: `unknown-name`.
  package func value(in frame: Frame) throws -> Value {
    if let value = found(in: frame) { return value }
    if let builtin { return .callable(BuiltinFunction(builtin)) }
    if let namespace = frame.scope.library.namespaces[name] {
      return .object(NamespaceObject(namespace, frame.scope.library))
    }
    if name.hasPrefix("_"), let cell = Int(name.dropFirst()), let value = frame.scope.shown[cell] {
      return value
    }
    if let type = DType(rawValue: name) { return .object(TypeName("torch.\(type.rawValue)")) }
    throw unknown(in: frame.scope)
  }

  private func unknown(in scope: Scope) -> Diagnostic {
    let known =
      Array(scope.variables.keys).sorted() + scope.library.registry.functionNames.sorted()
    var diagnostic = Problem.unknownName(name, near: Suggestion.nearest(to: name, among: known))
      .diagnostic(at: range, in: source)
    if let instead = ForeignNames.instead(of: name) { diagnostic.help = [instead] }
    let advice = scope.advice(onUnknown: name)
    if !advice.isEmpty { diagnostic.help = advice }
    return diagnostic
  }
}
