public import CollabLanguage
import CollabTensors

/// All commands, functions and methods that a session has, found by name.
public final class Library: Sendable {
  /// Their descriptions, and what errors mean.
  public let registry: CommandRegistry
  /// Commands and functions by name and alias.
  package let functions: [String: Builtin]
  /// Methods by the kind of value and their names.
  package let methods: [String: [String: Builtin]]
  /// Methods of tensors by name.
  package let tensorMethods: [String: Builtin]
  /// Modules and classes by name; those inside others have a dotted name.
  package let namespaces: [String: Namespace]

  /// A library of some builtins.
  public init(
    _ builtins: [Builtin], errors: [ErrorExplanation], namespaces: [Namespace] = []
  ) {
    self.namespaces = Dictionary(uniqueKeysWithValues: namespaces.map { ($0.name, $0) })
    registry = CommandRegistry(builtins.map(\.spec), errors: errors)
    var functions: [String: Builtin] = [:]
    var methods: [String: [String: Builtin]] = [:]
    for builtin in builtins {
      for name in [builtin.spec.name] + builtin.spec.aliases {
        if case .method(let kind) = builtin.spec.form {
          methods[kind, default: [:]][name] = builtin
        } else {
          functions[name] = builtin
        }
      }
    }
    (self.functions, self.methods) = (functions, methods)
    tensorMethods = methods["Tensor"] ?? [:]
  }

  /// Whether a formula can begin with a name, as far as it is no variable.
  public func knows(_ name: String) -> Bool {
    functions[name] != nil || namespaces[name] != nil || DType(rawValue: name) != nil
  }
}
