/// The name of a kind of value or element, as `type(…)` and `dtype` give it: shown without quotes.
package final class TypeName: SessionObject {
  package let display: String
  package init(_ name: String) { display = name }
  package var typeName: String { "type" }
}
