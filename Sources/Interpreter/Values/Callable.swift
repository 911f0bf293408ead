/// Something with parentheses behind it: a builtin, or what `def`, `lambda`, `class` or `model` made.
///
/// Values know its names alone, and so stand below what runs it.
public class Callable {
  /// The name behind which it was found.
  package let name: String
  package let typeName: String
  /// The names of what it takes.
  package var parameterNames: [String] { [] }

  init(_ name: String, _ typeName: String) { (self.name, self.typeName) = (name, typeName) }
}
