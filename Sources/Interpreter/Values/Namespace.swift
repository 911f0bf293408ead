/// A name of a Python module or class with functions behind its dot: `np`, `plt`, `math`, `URLs`.
///
/// Its own functions are registered as methods of its name. What it does not have itself may be a
/// function that stands for itself here: `torch.exp` is `exp`.
public struct Namespace: Sendable {
  /// The name before the dot.
  package let name: String
  /// What Python calls it.
  package let title: String
  /// Under which name its own functions are registered.
  package let kind: String
  /// Values behind the dot that are no functions.
  package let constants: [String: Constant]
  /// Whether functions that have no namespace are found here, too.
  package let hasFunctions: Bool

  /// A value that is always the same.
  package enum Constant: Sendable {
    case number(Double)
    case text(String)
    case type(String)
    case nothing

    fileprivate var value: Value {
      switch self {
      case .number(let number): .double(number)
      case .text(let text): .string(text)
      case .type(let name): .object(TypeName(name))
      case .nothing: Value.none
      }
    }
  }

  package init(
    _ name: String, title: String, kind: String? = nil, constants: [String: Constant] = [:],
    hasFunctions: Bool = false
  ) {
    (self.name, self.title, self.kind) = (name, title, kind ?? name)
    (self.constants, self.hasFunctions) = (constants, hasFunctions)
  }
}

/// A namespace as a value.
package final class NamespaceObject: SessionObject {
  package let namespace: Namespace
  private let library: Library

  package init(_ namespace: Namespace, _ library: Library) {
    (self.namespace, self.library) = (namespace, library)
  }

  package var typeName: String { namespace.name }
  package var display: String { namespace.title }
  package var methodKinds: [String] { [namespace.kind] }
  package var memberNames: [String] {
    namespace.constants.keys.sorted()
      + library.namespaces.keys.filter { $0.hasPrefix(inner("")) }
      .map { String($0.dropFirst(inner("").count)) }.sorted()
  }

  /// The name of a namespace inside this one.
  private func inner(_ name: String) -> String { "\(namespace.name).\(name)" }

  package func member(_ name: String) -> Value? {
    if let constant = namespace.constants[name] { return constant.value }
    if let inner = library.namespaces[inner(name)] {
      return .object(NamespaceObject(inner, library))
    }
    guard namespace.hasFunctions, library.methods[namespace.kind]?[name] == nil else { return nil }
    return library.functions[name].map { .callable(BuiltinFunction($0)) }
  }
}
