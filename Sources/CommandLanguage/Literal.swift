internal import CollabText

/// A value that can be written down without evaluating anything.
public indirect enum Literal: Sendable, Equatable {
  /// A whole number.
  case integer(Int)
  /// A number with a decimal point or an exponent.
  case double(Double)
  /// `true` or `false`.
  case boolean(Bool)
  /// A text, a name, or a path.
  case string(String)
  /// `none`.
  case none
  /// `(a, b)`.
  case tuple([Literal])
  /// `[a, b]`.
  case list([Literal])
}

// MARK: - From syntax

extension Literal {
  /// The value of an expression that only writes one down, such as `-0.1` or `(0, 5.5)`; nil for any
  /// other.
  public init?(_ expression: Expression) {
    switch expression.kind {
    case .integer(let value): self = .integer(value)
    case .double(let value): self = .double(value)
    case .boolean(let value): self = .boolean(value)
    case .string(let value): self = .string(value)
    case .none: self = .none
    case .tuple(let elements):
      guard let values = Literal.all(elements) else { return nil }
      self = .tuple(values)
    case .list(let elements):
      guard let values = Literal.all(elements) else { return nil }
      self = .list(values)
    case .unary(let sign, let operand) where sign == .minus || sign == .plus:
      switch (Literal(operand), sign) {
      case (.integer(let value)?, .minus): self = .integer(-value)
      case (.double(let value)?, .minus): self = .double(-value)
      case (.integer(let value)?, _): self = .integer(value)
      case (.double(let value)?, _): self = .double(value)
      default: return nil
      }
    default: return nil
    }
  }

  private static func all(_ elements: [Expression]) -> [Literal]? {
    var values: [Literal] = []
    for element in elements {
      guard let value = Literal(element) else { return nil }
      values.append(value)
    }
    return values
  }
}

// MARK: - What it holds

extension Literal {
  /// The value as a number, if it is one.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The members of a tuple or list, otherwise nil.
  public var elements: [Literal]? {
    switch self {
    case .tuple(let values), .list(let values): values
    default: nil
    }
  }

  /// What the value is, in a message: `a number`, `a list`.
  var noun: String {
    switch self {
    case .integer: "a whole number"
    case .double: "a number"
    case .boolean: "true or false"
    case .string: "a text"
    case .none: "none"
    case .tuple(let values): "a tuple of \(values.count)"
    case .list(let values): "a list of \(values.count)"
    }
  }
}

extension Literal: CustomStringConvertible {
  /// The value as it is written in the language.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .double(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .string(let value): Literal.quoted(value)
    case .none: "none"
    case .tuple(let values):
      "(\(values.map(\.description).joined(separator: ", "))\(values.count == 1 ? "," : ""))"
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    }
  }

  /// A text in quotes, with escapes where they are needed.
  public static func quoted(_ text: String) -> String {
    let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = String(quote)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\\": result += "\\\\"
      case _ where Character(scalar) == quote: result += "\\\(quote)"
      case _ where VisibleText.isActive(scalar): result += VisibleText.escape(of: scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + String(quote)
  }
}
