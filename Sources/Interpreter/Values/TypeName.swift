import CollabTensors

/// The name of a kind of value or element, as `type(…)` and `dtype` give it: shown without quotes.
package final class TypeName: SessionObject {
  package let display: String
  package init(_ name: String) { display = name }
  package var typeName: String { "type" }

  /// Whether a text or a function of this name means the type: `dtype('int64')` is also `int64`.
  package func answers(to name: String) -> Bool {
    guard display.hasPrefix("dtype('") else { return display == name }
    let own = display.dropFirst(7).dropLast(2)
    return name == own || name == display
      || [
        "int64": ["int"], "float64": ["float"], "O": ["object", "str"], "bool": [],
      ][own]?.contains(name) ?? false
  }
  package var memberNames: [String] { ["__name__"] }

  /// `__name__` is the name without the module.
  package func member(_ name: String) -> Value? {
    guard name == "__name__" else { return nil }
    return .string(display.split(separator: ".").last.map(String.init) ?? display)
  }
}

/// A type of numpy's, which makes a number of another: `np.float64(3)`.
extension TypeName: CallableObject {
  package func call(_ arguments: [Value]) throws -> Value {
    guard arguments.count == 1 else { throw Problem.notCallable("a type") }
    let type = String(display.split(separator: ".").last ?? "")
    switch arguments[0] {
    case .tensor, .array, .list, .tuple:
      guard let dtype = DType(rawValue: type) else { break }
      return .fromArray(try Tensor.of(arguments[0], isArray: true).converted(to: dtype))
    default: break
    }
    let text = if case .string(let text) = arguments[0] { Double(text) } else { Double?.none }
    guard let number = text ?? arguments[0].number else {
      throw Problem.wrongKind("`\(display)`", expected: "a number", got: arguments[0].phrase)
    }
    switch type {
    case "float64", "float": return .double(number)
    case "float32": return .double(Double(Float(number)))
    case "bool": return .bool(number != 0)
    case let type where type.contains("int"):
      if let whole = arguments[0].integer { return .int(whole) }
      guard let whole = Int(exactly: number.rounded(.towardZero)) else {
        throw Problem.wrongKind("`\(display)`", expected: "a number", got: arguments[0].text)
      }
      return .int(whole)
    default: throw Problem.notCallable("a type")
    }
  }
}
