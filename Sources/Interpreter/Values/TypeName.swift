/// The name of a kind of value or element, as `type(…)` and `dtype` give it: shown without quotes.
package final class TypeName: SessionObject {
  package let display: String
  package init(_ name: String) { display = name }
  package var typeName: String { "type" }
  package var memberNames: [String] { ["__name__"] }

  /// `__name__` is the name without the module.
  package func member(_ name: String) -> Value? {
    guard name == "__name__" else { return nil }
    return .string(display.split(separator: ".").last.map(String.init) ?? display)
  }
}
