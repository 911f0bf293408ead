/// The smallest piece of a statement that has a meaning.
struct Token: Equatable {
  enum Kind: Equatable {
    case name(String)
    case integer(Int)
    case double(Double)
    case string(StringToken)
    case symbol(Symbol)
    /// A line that begins with `!` or `%`, up to its end.
    case magic
    case newline
    case end
  }

  let kind: Kind
  let range: Range<Int>

  func `is`(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }

  /// Whether this is a word of the language; most names are told from it by their length alone.
  func `is`(_ word: String) -> Bool { range.count == word.utf8.count && name == word }

  var name: String? {
    if case .name(let name) = kind { name } else { nil }
  }

  /// Whether a name before this token is a formula, or the beginning of one: it ends, or an operator
  /// follows.
  var continuesExpression: Bool {
    switch kind {
    case .name(let word): ["and", "or", "in", "not", "is", "if"].contains(word)
    case .symbol(let symbol): symbol != .tilde && symbol != .question && symbol != .leftBrace
    default: endsStatement
    }
  }

  /// Whether parameters of a `lambda` can begin with this token, or end before it.
  var beginsParameters: Bool {
    switch kind {
    case .name, .symbol(.colon), .symbol(.star), .symbol(.doubleStar): true
    default: false
    }
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
  /// Whether an `r` stands before it: backslashes are what they are.
  let isRaw: Bool
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
  case leftShift = "<<"
  case rightShift = ">>"
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case doubleSlashAssign = "//="
  case percentAssign = "%="
  case doubleStarAssign = "**="
  case ampersandAssign = "&="
  case barAssign = "|="
  case atAssign = "@="
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
  case arrow = "->"
  case bar = "|"
  case ampersand = "&"
  case caret = "^"
  case tilde = "~"
  case question = "?"

  /// The operation of an assignment that this symbol makes.
  // A switch, and no way through the texts of both: it is asked behind every formula.
  var assignment: Assignment.Operation? {
    switch self {
    case .assign: .set
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .doubleSlashAssign: .floorDivide
    case .percentAssign: .remainder
    case .doubleStarAssign: .power
    case .ampersandAssign: .bitAnd
    case .barAssign: .bitOr
    case .atAssign: .matrixMultiply
    default: nil
    }
  }
}
