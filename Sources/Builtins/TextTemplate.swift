import CollabInterpreter
import CollabLanguage
import CollabPythonText

/// A text with braces for values, as Python's `format` fills it: `{}`, `{0}`, `{name}`, `{0[1]}`,
/// `{:.2f}`, `{!r}`.
struct TextTemplate {
  private enum Piece {
    case text(String)
    case field(Field, isRepr: Bool, spec: String)
  }

  /// Which value stands in braces.
  private enum Field {
    /// The next one, in order.
    case next
    case numbered(Int)
    case named(String)
    /// An element of another one, by its place or its key.
    indirect case element(Field, Value)
  }

  private let pieces: [Piece]

  /// - Throws: `bad-value` if the braces cannot be read.
  init(_ text: String) throws {
    var pieces: [Piece] = []
    var plain = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        plain.append(character)
        rest.removeFirst()
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw Self.loneBrace("{") }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        plain = ""
        pieces.append(try Self.field(rest[..<end]))
        rest = rest[end...].dropFirst()
      case "}": throw Self.loneBrace("}")
      default: plain.append(character)
      }
    }
    self.pieces = plain.isEmpty ? pieces : pieces + [.text(plain)]
  }

  private static func loneBrace(_ brace: String) -> Problem {
    .wrongKind("`format`", expected: "braces in pairs; \(brace)\(brace) is one brace", got: brace)
  }

  private static func field(_ text: Substring) throws -> Piece {
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    var name = text[..<colon]
    let spec = String(text[colon...].dropFirst())
    let isRepr = name.hasSuffix("!r")
    if isRepr || name.hasSuffix("!s") { name = name.dropLast(2) }
    return .field(try which(name), isRepr: isRepr, spec: spec)
  }

  private static func which(_ text: Substring) throws -> Field {
    guard let bracket = text.lastIndex(of: "["), text.hasSuffix("]") else {
      if text.isEmpty { return .next }
      if let number = Int(text) { return .numbered(number) }
      guard text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
        throw Problem.wrongKind(
          "`format`", expected: "a number, a name or nothing in braces; f'{…}' takes formulas",
          got: "{\(text)}")
      }
      return .named(String(text))
    }
    let key = text[bracket...].dropFirst().dropLast()
    return .element(
      try which(text[..<bracket]), Int(key).map(Value.int) ?? .string(String(key)))
  }

  /// The text with values in its places.
  ///
  /// - Parameters:
  ///   - values: those that are given by their places.
  ///   - named: those that are given by names.
  /// - Returns: the text.
  /// - Throws: `out-of-range` if there are too few, `unknown-key` for a name that is not given, and
  ///   what formatting throws.
  func filled(with values: [Value], named: [String: Value] = [:]) throws -> String {
    var next = 0
    func value(_ field: Field) throws -> Value {
      switch field {
      case .next:
        defer { next += 1 }
        return try value(.numbered(next))
      case .numbered(let place):
        guard values.indices.contains(place) else {
          throw Problem.outOfRange(place, count: values.count)
        }
        return values[place]
      case .named(let name):
        guard let value = named[name] else {
          throw Problem.missingKey("`\(name)`", in: "the arguments", near: named.keys.sorted())
        }
        return value
      case .element(let base, let key): return try value(base).element(key)
      }
    }
    return try pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .field(let field, let isRepr, let spec):
        let value = try value(field)
        return try isRepr ? Value.string(value.display).formatted(spec) : value.formatted(spec)
      }
    }.joined()
  }
}
