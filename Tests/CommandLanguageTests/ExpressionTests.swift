import CollabLanguage
import Testing

/// Writes a part of an f-string.
private func shown(_ part: FormattedPart) -> String {
  switch part {
  case .text(let text): text
  case .value(let value, let format):
    "{\(shown(value))\(format.isEmpty ? "" : ":")\(format.map(shown).joined())}"
  }
}

/// Writes an expression with all its parentheses.
func shown(_ expression: Expression) -> String {
  switch expression.kind {
  case .integer(let value): return "\(value)"
  case .double(let value): return "\(value)"
  case .string(let value): return Literal.quoted(value)
  case .boolean(let value): return "\(value)"
  case .none: return "none"
  case .name(let name): return name
  case .formatted(let parts):
    return "f'\(parts.map(shown).joined())'"
  case .tuple(let elements): return "(\(elements.map(shown).joined(separator: ", ")),)"
  case .list(let elements): return "[\(elements.map(shown).joined(separator: ", "))]"
  case .set(let elements): return "{\(elements.map(shown).joined(separator: ", "))}"
  case .comprehension(let parts): return "[\(shown(parts.element))\(shown(parts.clauses))]"
  case .dictionaryComprehension(let key, let parts):
    return "{\(shown(key)): \(shown(parts.element))\(shown(parts.clauses))}"
  case .dictionary(let entries):
    let texts = entries.map { entry in
      entry.key.map { "\(shown($0)): \(shown(entry.value))" } ?? "**\(shown(entry.value))"
    }
    return "{\(texts.joined(separator: ", "))}"
  case .starred(let value): return "*\(shown(value))"
  case .comparisons(let first, let links):
    let texts = links.map { link in
      "\(link.isNegated ? "not " : "")\(link.sign.kind.rawValue) \(shown(link.operand))"
    }
    return "(\(shown(first)) \(texts.joined(separator: " ")))"
  case .conditional(let value, let condition, let otherwise):
    return "(\(shown(value)) if \(shown(condition)) else \(shown(otherwise)))"
  case .lambda(let function):
    guard case .straight(_, let result) = function.body else { return "lambda" }
    let names = function.parameters.map(\.name.name).joined(separator: ", ")
    return "(lambda \(names): \(shown(result)))"
  case .unary(let sign, let operand): return "(\(sign.rawValue) \(shown(operand)))"
  case .binary(let left, let sign, let right):
    return "(\(shown(left)) \(sign.kind.rawValue) \(shown(right)))"
  case .member(let base, let name): return "\(shown(base)).\(name)"
  case .call(let callee, let arguments):
    let texts = arguments.map { argument in
      switch argument.kind {
      case .positional: shown(argument.value)
      case .option(let name): "\(name)=\(shown(argument.value))"
      case .starred: "*\(shown(argument.value))"
      case .doubleStarred: "**\(shown(argument.value))"
      }
    }
    return "\(shown(callee))(\(texts.joined(separator: ", ")))"
  case .subscripted(let base, let subscripts):
    let texts = subscripts.map { part in
      switch part {
      case .index(let index): shown(index)
      case .slice(let start, let stop, let step):
        [start, stop, step].map { $0.map(shown) ?? "" }.joined(separator: ":")
      case .ellipsis: "..."
      }
    }
    return "\(shown(base))[\(texts.joined(separator: ", "))]"
  }
}

private func shown(_ clauses: [Comprehension.Clause]) -> String {
  clauses.map { clause in
    let conditions = clause.conditions.map { " if \(shown($0))" }.joined()
    return " for \(shown(clause.target)) in \(shown(clause.sequence))\(conditions)"
  }.joined()
}

/// Writes what is assigned to.
func shown(_ target: AssignmentTarget) -> String {
  switch target.kind {
  case .name(let name): name.name
  case .member(let base, let name): "\(shown(base)).\(name)"
  case .element(let base, let subscripts):
    shown(Expression(.subscripted(base, subscripts), at: target.range))
  case .several(let targets): "(\(targets.map(shown).joined(separator: ", ")),)"
  case .rest(let target): "*\(shown(target))"
  }
}

struct ExpressionTests {
  private func parse(_ text: String) throws -> Expression {
    try Parser(commands: []).expression(in: Source(text))
  }

  @Test(arguments: [
    ("a + b * c", "(a + (b * c))"),
    ("a * b + c", "((a * b) + c)"),
    ("a - b - c", "((a - b) - c)"),
    ("a / b // c % d @ e", "((((a / b) // c) % d) @ e)"),
    ("-x**2", "(- (x ** 2))"),
    ("x**-2", "(x ** (- 2))"),
    ("a**b**c", "(a ** (b ** c))"),
    ("-a * b", "((- a) * b)"),
    ("not a == b", "(not (a == b))"),
    ("not not a", "(not (not a))"),
    ("a or b and c", "(a or (b and c))"),
    ("a and not b or c", "((a and (not b)) or c)"),
    ("a < b + 1 and c >= d", "((a < (b + 1)) and (c >= d))"),
    ("a in b", "(a in b)"),
    ("a not in b", "(not (a in b))"),
    ("a + b.c(d)[e]", "(a + b.c(d)[e])"),
    ("(a + b) * c", "((a + b) * c)"),
    ("a.t() @ b", "(a.t() @ b)"),
    ("- a.b ** 2", "(- (a.b ** 2))"),
    ("a, b", "(a, b,)"),
  ])
  func `operators bind as in the table`(_ text: String, _ tree: String) throws {
    #expect(try shown(parse(text)) == tree)
  }

  @Test(arguments: [
    ("1_000", "1000"), (".5", "0.5"), ("5e-3", "0.005"), ("5.", "5.0"), ("1.5E+2", "150.0"),
    ("5.sum()", "5.sum()"), ("()", "(,)"), ("(a,)", "(a,)"), ("[]", "[]"), ("[1, 2,]", "[1, 2]"),
    ("x[:,0]", "x[::, 0]"), ("x[1:2:3, ...]", "x[1:2:3, ...]"), ("x[none]", "x[none]"),
    ("x[:-1]", "x[:(- 1):]"), ("None", "none"), ("True", "true"), ("False", "false"),
    ("Embedding(*size)", "Embedding(*size)"), ("f(a, b=1, )", "f(a, b=1)"),
    ("[a*x for a in [1,2] if a > 1]", "[(a * x) for a in [1, 2] if (a > 1)]"),
    ("[a*b for a, b in zip(x, y)]", "[(a * b) for (a, b,) in zip(x, y)]"),
    ("[a for i, (a, *b) in x]", "[a for (i, (a, *b,),) in x]"),
    ("[a for b in c for a in b if a if b]", "[a for b in c for a in b if a if b]"),
    ("sum(a for a in b)", "sum([a for a in b])"), ("(a for a in b)", "[a for a in b]"),
    ("a if b else c if d else e", "(a if b else (c if d else e))"),
    ("[a if b else c for b in d]", "[(a if b else c) for b in d]"),
    ("lambda: 1", "(lambda : 1)"), ("lambda x, y=2: x + y", "(lambda x, y: (x + y))"),
    (
      "sorted(a, key=lambda x: x[1], reverse=True)",
      "sorted(a, key=(lambda x: x[1]), reverse=true)"
    ),
    ("a < b <= c", "(a < b <= c)"), ("a is not none", "(not (a is none))"),
    ("a < b not in c", "(a < b not in c)"), ("a is b", "(a is b)"),
    ("{}", "{}"), ("{'a': 1, **b}", "{'a': 1, **b}"),
    (
      "{k: v for k, v in d}",
      "{k: v for (k, v,) in d}"
    ),
    ("{'a':\n  [1,\n  2]\n}", "{'a': [1, 2]}"),
    ("f(*a, b=1, **c)", "f(*a, b=1, **c)"), ("[*a, b]", "[*a, b]"),
    ("0x1F", "31"), ("0b101", "5"), ("0o17", "15"), ("'a' \"b\"", "'ab'"),
    ("'a' f'{b}'", "f'a{b}'"), (#"r'\d'"#, #"'\\d'"#), ("'''a\nb'''", #"'a\nb'"#),
    (#"'\x41\u00e9'"#, "'Aé'"), ("x[::-1]", "x[::(- 1)]"),
    ("torch.randn(3)", "randn(3)"), ("torch.nn.Linear(1, 2)", "Linear(1, 2)"),
    ("F.mse_loss(a)", "F.mse_loss(a)"), ("np.pi", "np.pi"), ("x.F.y()", "x.F.y()"),
    ("nn.Sequential(nn.ReLU())", "Sequential(ReLU())"),
    ("self", "self"), ("lambda_", "lambda_"), ("größe * 名前", "(größe * 名前)"),
    (#"'it\'s \u{1F600}\n'"#, "\"it's 😀\\n\""), ("\"\"\"a\nb\"\"\"", "'a\\nb'"),
  ])
  func `reads`(_ text: String, _ tree: String) throws {
    #expect(try shown(parse(text)) == tree)
  }

  @Test(
    arguments: [
      ("f'Hello {a}, {x}.'", "f'Hello {a}, {x}.'"),
      ("f'{a:.3f}'", "f'{a:.3f}'"),
      ("f'{{{a}}}'", "f'{{a}}'"),
      ("f'{f(a, [1, 2])}%'", "f'{f(a, [1, 2])}%'"),
      ("f\"{d['k']}\"", "f'{d['k']}'"),
      ("f'{a + b * 2:.2f} stars'", "f'{(a + (b * 2)):.2f} stars'"),
      ("f''", "f''"),
      ("f'{a!r:>5}|{b!s}'", "f'{repr(a):>5}|{str(b)}'"),
      ("f'{a=}'", "f'a={repr(a)}'"),
      ("f'{d[\"k\"]} {[x for x in y if x != 3]}'", "f'{d['k']} {[x for x in y if (x != 3)]}'"),
    ] as [(String, String?)])
  func `f-strings are text and expressions`(_ text: String, _ tree: String?) throws {
    guard let tree else {
      #expect(throws: Diagnostic.self) { try parse(text) }
      return
    }
    #expect(try shown(parse(text)) == tree)
  }

  @Test func `ranges reach from the first to the last byte`() throws {
    let source = Source("größe.sum( x ) + 1")
    let expression = try Parser(commands: []).expression(in: source)
    guard case .binary(let left, let sign, let right) = expression.kind else {
      Issue.record("not a sum")
      return
    }
    #expect(expression.range == source.range)
    #expect(source.text(in: left.range) == "größe.sum( x )")
    #expect(source.text(in: sign.range) == "+")
    #expect(source.text(in: right.range) == "1")
  }

  @Test(arguments: [
    ("(user1*last).sum()", "( user1 * last ).sum( )"), ("'a'", "\"a\""), ("0.005", "5e-3"),
    ("torch.tensor([1])", "tensor([1,])"),
  ])
  func `equality is about the tree`(_ first: String, _ second: String) throws {
    #expect(try parse(first) == parse(second))
  }

  @Test func `commands are equal if their words mean the same`() throws {
    let parser = Parser(commands: ["fit", "plot"])
    let first = try parser.code(in: Source("fit 5 5e-3; plot x (a * x**2)"))
    let second = try parser.code(in: Source("fit   5 0.005 # again\nplot x a*x**2"))
    let third = try parser.code(in: Source("fit 5 5e-4"))
    #expect(first.statements == second.statements)
    #expect(first.statements.first != third.statements.first)
  }

  @Test(arguments: [
    String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000),
    String(repeating: "f(", count: 100_000), String(repeating: "-", count: 100_000),
    String(repeating: "not ", count: 100_000), String(repeating: "a[", count: 100_000),
    String(repeating: "2**", count: 100_000) + "2", String(repeating: "a.", count: 100_000) + "a",
    String(repeating: "1+", count: 100_000) + "1",
    String(repeating: "f", count: 1) + "'{" + String(repeating: "(", count: 100_000) + "}'",
  ])
  func `deep nesting is refused`(_ text: String) throws {
    do {
      _ = try parse(text)
      Issue.record("not refused")
    } catch let error as Diagnostic {
      #expect(error.code == "too-deep")
    }
  }
}
