import CollabInterpreter
import CollabLanguage
import CollabTables

/// A formula in a text, of the columns of a table: what `query` and `eval` take.
///
/// As in pandas `and`, `or` and `not` go through all rows, `&`, `|` and `~` are other names for them,
/// `in` asks each row, and `@` before a name says that it is no column.
struct RowFormula {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The value of the formula for all rows of a table.
  func value(for view: TableView, in scope: Scope) throws -> Value {
    let source = Source(plainText, name: "<formula>")
    let formula = try Parser(commands: []).expression(in: source).forAllRows
    let columns = try view.table.columnNames.map { name in
      (name: name, value: try view.column(name).value)
    }
    return try Evaluator(scope, source).evaluate(
      formula, seeing: [("index", .object(Index(view.labels)))] + columns)
  }

  /// The formula as the language has it: outside of quotes, words for `&`, `|` and `~`, and no `@`.
  private var plainText: String {
    var quote: Character?
    var plain = ""
    for character in text {
      if let open = quote {
        plain.append(character)
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        plain.append(character)
      case "&": plain += " and "
      case "|": plain += " or "
      case "~": plain += " not "
      case "@": break
      default: plain.append(character)
      }
    }
    return plain
  }
}

extension Expression {
  /// The formula with signs that go through all rows in place of words that do not.
  fileprivate var forAllRows: Expression {
    func make(_ kind: Kind) -> Expression { Expression(kind, at: range) }
    switch kind {
    case .binary(let left, let sign, let right):
      let (left, right) = (left.forAllRows, right.forAllRows)
      switch sign.kind {
      case .and: return make(.binary(left, Operator(.bitAnd, at: sign.range), right))
      case .or: return make(.binary(left, Operator(.bitOr, at: sign.range), right))
      case .in:
        let isAmong = make(.member(left, Identifier("isin", at: sign.range)))
        return make(.call(isAmong, [Argument(.positional, right, at: right.range)]))
      default: return make(.binary(left, sign, right))
      }
    case .unary(.not, let operand): return make(.unary(.invert, operand.forAllRows))
    case .unary(let sign, let operand): return make(.unary(sign, operand.forAllRows))
    case .comparisons(let first, let links):
      var (left, whole) = (first, Expression?.none)
      for link in links {
        let plain = make(.binary(left, link.sign, link.operand))
        let next = (link.isNegated ? make(.unary(.not, plain)) : plain).forAllRows
        let both = Operator(.bitAnd, at: link.sign.range)
        whole = whole.map { make(.binary($0, both, next)) } ?? next
        left = link.operand
      }
      return whole ?? self
    default: return self
    }
  }
}
