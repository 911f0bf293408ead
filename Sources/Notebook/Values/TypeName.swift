/// The name of a kind of value or element, as `type(…)` and `dtype` give it: shown without quotes.
final class TypeName: SessionObject {
  let display: String
  init(_ name: String) { display = name }
  var typeName: String { "type" }
}
