/// The smallest piece of a statement that has a meaning.
struct Token: Equatable {
  enum Kind: Equatable {
    case name(String)
    case integer(Int)
    case double(Double)
    case string(StringToken)
    case symbol(Symbol)
    case newline
    case end
  }

  let kind: Kind
  let range: Range<Int>

  func `is`(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

  func `is`(_ word: String) -> Bool { kind == .name(word) }

  var name: String? {
    if case .name(let name) = kind { name } else { nil }
  }

  /// Whether a statement can end before this token.
  var endsStatement: Bool {
    switch kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.rightBrace): true
    default: false
    }
  }
}

/// A text in quotes, not yet decoded.
struct StringToken: Equatable {
  /// The bytes between the quotes.
  let content: Range<Int>
  /// Whether an `f` stands before it.
  let isFormatted: Bool
}

/// Operators and punctuation.
enum Symbol: String {
  case plus = "+"
  case minus = "-"
  case star = "*"
  case doubleStar = "**"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."
  case ellipsis = "..."
  case semicolon = ";"
  case bar = "|"
  case ampersand = "&"
  case caret = "^"
  case tilde = "~"
  case question = "?"

  /// The operation of an assignment that this symbol makes.
  var assignment: Assignment.Operation? { Assignment.Operation(rawValue: rawValue) }
}
