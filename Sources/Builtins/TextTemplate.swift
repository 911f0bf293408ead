import CollabInterpreter
import CollabLanguage
import CollabPythonText

/// A text with braces for values, as Python's `format` fills it: `{}`, `{0}`, `{:.2f}`, `{!r}`.
struct TextTemplate {
  private enum Piece {
    case text(String)
    case field(number: Int?, isRepr: Bool, spec: String)
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
    guard name.isEmpty || Int(name) != nil else {
      throw Problem.wrongKind(
        "`format`", expected: "numbers or nothing in braces; names work in f'{name}'",
        got: "{\(name)}")
    }
    return .field(number: Int(name), isRepr: isRepr, spec: spec)
  }

  /// The text with values in its places.
  ///
  /// - Throws: `out-of-range` if there are too few, and what formatting throws.
  func filled(with values: [Value]) throws -> String {
    var next = 0
    return try pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .field(let number, let isRepr, let spec):
        let place = number ?? next
        if number == nil { next += 1 }
        guard values.indices.contains(place) else {
          throw Problem.outOfRange(place, count: values.count)
        }
        return try isRepr
          ? Value.string(values[place].display).formatted(spec) : values[place].formatted(spec)
      }
    }.joined()
  }
}
