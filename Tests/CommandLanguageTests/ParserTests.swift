import CollabLanguage
import Testing

struct ParserTests {
  private let parser = Parser(commands: Examples.commands)

  private func kind(_ text: String) throws -> Statement.Kind {
    try #require(parser.code(in: Source(text)).statements.first).kind
  }

  private func command(_ text: String) throws -> Command {
    try #require(parser.code(in: Source(text)).statements.first?.command)
  }

  private func mistake(_ text: String) -> Diagnostic? {
    do {
      _ = try parser.code(in: Source(text))
      return nil
    } catch {
      return error
    }
  }

  // MARK: The chapter

  @Test func `every statement of the chapter parses`() throws {
    let code = try parser.code(in: Source(Examples.chapter, name: "08_collab.collab"))
    #expect(code.statements.count == 89)
    #expect(code.lines.filter { $0.recording.output != nil }.count == 11)
  }

  @Test func `the model with biases has its members in order`() throws {
    guard case .model(let model) = try kind(Examples.model) else {
      Issue.record("not a model")
      return
    }
    #expect(model.name.name == "DotProductBias")
    #expect(model.parameters.map(\.name.name) == ["n_users", "n_movies", "n_factors", "y_range"])
    guard case .members(let members) = model.body, case .method(let forward)? = members.last else {
      Issue.record("no members")
      return
    }
    #expect(
      members.map(\.name.name) == [
        "user_factors", "user_bias", "movie_factors", "movie_bias", "forward",
      ])
    guard case .straight(let assignments, _) = forward.body else {
      Issue.record("not assignments and a result")
      return
    }
    #expect(assignments.map(\.operation) == [.set, .set, .set, .add])
  }

  // MARK: What a line is

  @Test func `a command keeps its words as they were typed`() throws {
    let command = try command("fit 5 5e-3 wd=0.1")
    #expect(command.name.name == "fit")
    #expect(command.words.map(\.text) == ["5", "5e-3", "0.1"])
    #expect(command.words.map { $0.option?.name } == [nil, nil, "wd"])
  }

  @Test(arguments: [
    ("plot x (a * x**2)", ["x", "(a * x**2)"]),
    ("plot x a*x**2", ["x", "a*x**2"]),
    ("similar 'Silence of the Lambs, The (1991)'", ["'Silence of the Lambs, The (1991)'"]),
    ("read_csv path/'u.data' delimiter='\\t'", ["path/'u.data'", "'\\t'"]),
    ("run ~/a.collab # later", ["~/a.collab"]),
    ("plot x [a\n  for a in y # why\n ] z", ["x", "[a\n  for a in y # why\n ]", "z"]),
    ("fit 5 \\\n  5e-3", ["5", "5e-3"]),
    ("head ratings; vars", ["ratings"]),
    ("print a==b f'{a} {b}'", ["a==b", "f'{a} {b}'"]),
    ("head a#b", ["a#b"]),
  ])
  func `words are split at blanks outside brackets and quotes`(_ text: String, _ words: [String])
    throws
  {
    #expect(try command(text).words.map(\.text) == words)
  }

  @Test func `a command can stand on the right of an assignment`() throws {
    guard case .assignment(let assignment) = try kind("x, y = one_batch"),
      case .command(let command) = assignment.value
    else {
      Issue.record("not an assignment of a command")
      return
    }
    #expect(assignment.names.map(\.name) == ["x", "y"])
    #expect(command.name.name == "one_batch")
  }

  @Test(arguments: ["hint = 3", "fit = 3", "head, bias = x", "fit += 1", "learn.model = m"])
  func `no command name is taken from the user`(_ text: String) throws {
    guard case .assignment = try kind(text) else {
      Issue.record("not an assignment")
      return
    }
  }

  @Test(arguments: ["fit(5, 5e-3)", "(hint)", "head.x", "fit[0]", "fit + 1", "x == 3"])
  func `what does not follow a blank is no argument`(_ text: String) throws {
    if text == "fit + 1" {
      #expect(mistake(text)?.code == "lone-operator")
    } else if case .expression = try kind(text) {
    } else {
      Issue.record("not an expression")
    }
  }

  @Test(arguments: ["help fit", "?fit", "fit?", "? fit"])
  func `a question mark asks for help`(_ text: String) throws {
    let command = try command(text)
    #expect(command.name.name == "help")
    #expect(command.words.map(\.text) == ["fit"])
  }

  @Test func `help reaches members and error codes`() throws {
    #expect(try command("learn.fit_one_cycle?").words.map(\.text) == ["learn.fit_one_cycle"])
    #expect(try command("unknown-command?").words.map(\.text) == ["unknown-command"])
    #expect(try command("?").words.isEmpty)
  }

  @Test func `a semicolon at the end of a line suppresses the last value`() throws {
    let code = try parser.code(in: Source("a; b;  # quiet\nc\nfit 5;\nd ; head x"))
    #expect(code.lines.map(\.statements.count) == [2, 1, 1, 2])
    #expect(code.statements.map(\.isSuppressed) == [false, true, false, true, false, false])
  }

  @Test func `a line ends neither behind an operator nor inside brackets`() throws {
    let code = try parser.code(in: Source("a +\n  b\nL(\n1\n)\nx = # why\n 3\ny = 1, \\\n 2"))
    #expect(code.lines.count == 4)
  }

  @Test func `a shebang, a byte order mark and CRLF are no trouble`() throws {
    let text = "\u{FEFF}#!/usr/bin/env collab\r\na = 1\r\nmodel T {\r\n a = 3\r\n}\r\nfit 5\r\n"
    let code = try parser.code(in: Source(text, name: "a.collab"))
    #expect(code.statements.count == 3)
    #expect(code.statements.last?.command?.words.map(\.text) == ["5"])
  }

  // MARK: Recorded output

  @Test func `options and output belong to the line above`() throws {
    let text = "fit 5 5e-3\n#: tol=1e-6 empty\n#> epoch\n#>\n#> 4  …\na\n"
    let source = Source(text, name: "a.collab")
    let code = try parser.code(in: source)
    let recording = try #require(code.lines.first).recording
    #expect(recording.options.map(\.name) == ["tol", "empty"])
    #expect(recording.options.map(\.value) == ["1e-6", nil])
    #expect(recording.output == ["epoch", "", "4  …"])
    #expect(source.text(in: recording.outputRange) == "#> epoch\n#>\n#> 4  …\n")
    #expect(code.lines.last?.recording.outputRange == text.utf8.count..<text.utf8.count)
  }

  @Test func `a mistake that the file expects is kept`() throws {
    let text = "a = 1\nftt 5\n#> error[unknown-command]: …\nb\n"
    let code = try parser.code(in: Source(text, name: "a.collab"))
    #expect(code.lines.count == 3)
    guard case .mistake(let diagnostic) = code.lines[1].statements[0].kind else {
      Issue.record("not a mistake")
      return
    }
    #expect(diagnostic.code == "unknown-command")
    #expect(code.lines[1].recording.output == ["error[unknown-command]: …"])
  }

  @Test func `output without a statement is refused in files and ignored at the prompt`() throws {
    #expect(throws: Diagnostic.self) {
      try parser.code(in: Source("#> 3\na", name: "a.collab"))
    }
    #expect(try parser.code(in: Source("#> 3\na")).statements.count == 1)
  }

  // MARK: What is refused

  @Test(arguments: [
    ("plot x a * x**2", "lone-operator", "*"),
    ("fit 5 wd = 0.1", "blank-in-option", "="),
    ("fit 5 wd= 0.1", "blank-in-option", "wd="),
    ("fit 5 wd =0.1", "blank-in-option", "="),
    ("ratings | head", "no-pipe", "|"),
    ("head ratings | vars", "no-pipe", "|"),
    ("class DotProduct(Module):", "unfinished", ":"),
    ("class A(Base):\n  pass", "python", "Base"),
    ("class A(Module):\n  a = 1", "python", "a = 1"),
    ("class A(Module):\n  def f(): pass", "python", "f"),
    ("class A(Module):\n  def f(self): 1\n  def f(self): 2", "repeated", "f"),
    ("def f():\n  class A(Module):\n    pass", "python", "class"),
    ("def f(x):\nreturn x", "indentation", "return"),
    ("if a:\n    b\n  c", "indentation", "c"), ("if a:\n  b\n    c", "indentation", "c"),
    ("if a:\n\tb\n        c", "indentation", "c"),
    ("if a: for b in c: d", "syntax", "for"), ("else: a", "syntax", "else"),
    ("if a:\n  b\nelse:\n  c\nelse:\n  d", "syntax", "else"),
    ("return 1", "syntax", "return"), ("break", "syntax", "break"),
    ("for a in b:\n  def f():\n    break", "syntax", "break"),
    ("with open(f):\n  a", "python", "with"), ("try:\n  a", "python", "try"),
    ("raise a", "python", "raise"), ("global a", "python", "global"),
    ("@a\ndef f(): pass", "python", "@"),
    ("model T {\n  def f(self): 1\n}", "syntax", ":"),
    ("model T {\n  self.a = 1\n}", "python", "self.a"),
    ("for a b in c: d", "syntax", "b"), ("while a\n  b", "syntax", "\n"),
    ("(a, b) += 1", "bad-target", "b"), ("f(x) = 1", "bad-target", "f(x)"),
    ("5.sum()", "", ""),
    ("ftt 5 5e-3", "unknown-command", "ftt"),
    ("a, b += 3", "bad-target", "b"),
    ("(a]", "mismatched", "]"),
    ("a)", "mismatched", ")"),
    ("head (a]", "mismatched", "]"),
    ("'abc", "unclosed-string", "'"),
    ("head 'abc", "unclosed-string", "'"),
    ("f(", "unclosed", "("),
    ("head [a", "unclosed", "["),
    ("model T {", "unclosed", "{"),
    ("model T { f(x) {", "unclosed", "{"),
    ("\"\"\"a\nb", "unclosed", "\"\"\""),
    ("a +", "unfinished", "+"),
    ("a = ", "unfinished", "="),
    ("a, ", "unfinished", ","),
    ("fit 5 \\", "unfinished", "\\"),
    ("5e", "bad-number", "5e"),
    ("100k", "bad-number", "100k"),
    ("99999999999999999999", "bad-number", "99999999999999999999"),
    ("1e999", "bad-number", "1e999"),
    ("'\\q'", "bad-escape", "\\q"),
    ("f'{a'", "bad-format", "{"),
    ("f'a}'", "bad-format", "}"),
    ("f'{}'", "bad-format", "{}"),
    ("f(b=1, 2)", "argument-order", "2"),
    ("f(b=1, b=2)", "repeated", "b"),
    ("model T { a = 1; a = 2 }", "repeated", "a"),
    ("def f(a, a) = 1", "repeated", "a"),
    ("def f(a=1, b): pass", "argument-order", "b"), ("lambda a=1, b: a", "argument-order", "b"),
    ("def f(*a, *b): pass", "argument-order", "b"), ("def f(**a, b): pass", "argument-order", "b"),
    ("x = [1,\ny = 3]", "syntax", "="), ("x = [1, 2\ny = 3", "syntax", "y"),
    ("if a = 5:\n  pass", "syntax", "="), (">>> x", "python", ">>>"),
    ("{1: 2, 3}", "syntax", "}"), ("for in a: b", "syntax", "in"),
    ("f'{a:{b}'", "bad-format", "{"), ("{1, 2: 3}", "syntax", ":"), ("{1 2}", "syntax", "2"),
    ("(n := 5)", "python", ":="), ("if (n := 5) > 3: pass", "python", ":="),
    ("[y := 1]", "python", ":="), ("f(n := 5)", "python", ":="),
    ("def f(a) { b = 1 }", "no-result", "f"),
    ("a > 3 & b == 1", "loose-condition", "&"), ("a | b == 1", "loose-condition", "|"),
    ("a < b ^ c < d", "loose-condition", "^"), ("a !b", "syntax", "!"),
    ("x = ‘a’", "unexpected-character", "‘"),
    ("a b", "unknown-command", "a"),
    ("a[]", "syntax", "[]"),
  ])
  func `refuses with a code and points at the place`(_ text: String, _ code: String, _ at: String) {
    let mistake = mistake(text)
    #expect(mistake?.code ?? "" == code)
    #expect(mistake?.range.flatMap { mistake?.source?.text(in: $0) } ?? "" == at)
  }

  @Test(arguments: [
    ("plot x a * x**2", "put the expression in parentheses: (a * b)"),
    ("class A(Base):\n  pass", "class A(Module):"),
    ("def f(x):\nreturn x", "indent what belongs to line 1 by four blanks; `pass` does nothing"),
    ("raise a", "assert condition, 'message' stops with a message"),
    ("(n := 2)", "give the name its value in a line before this one"),
    ("x = [1, 2\ny = 3", "`[` in line 1 is still open: close it before this line"),
    ("def f(a=1, b): pass", "write b before it, or give it a default: b=None"),
    ("if a = 5:\n  pass", "`==` compares"),
    ("ratings.a | head", "use a method or a call: head(ratings.a)"),
    ("lernar dot", "did you mean `learner`?"),
  ])
  func `says what to type instead`(_ text: String, _ help: String) {
    #expect(mistake(text)?.help.first == help)
  }

  @Test func `a variable before a blank is not an unknown command`() {
    let parser = Parser(commands: ["fit"], variables: ["x"])
    #expect(throws: Diagnostic.self) { try parser.code(in: Source("x 5")) }
    do {
      _ = try parser.code(in: Source("x 5"))
    } catch {
      #expect(error.message == "`x` is a variable, not a command")
    }
  }

  // MARK: Completeness

  @Test(arguments: [
    ("model T {\n a = Parameter(ones(3))\n", "{", 1),
    ("model T {\n\n a = L(", "(", 3),
    ("L(", "(", 1),
    ("a = [1,", "[", 1),
    ("x = 1\ny = x *  # why", "*", 2),
    ("x,", ",", 1),
    ("x =", "=", 1),
    ("not", "not", 1),
    ("fit 5 \\", "\\", 1),
    ("\"\"\"abc", "\"\"\"", 1),
    ("plot x [a for a in", "[", 1),
    ("def f(x) {\n", "{", 1),
    ("model T(", "(", 1), ("a = {'b':", "{", 1), ("'''a", "'''", 1),
    ("for a in b:", ":", 1), ("for a in b:\n    c", ":", 1), ("if a: b", ":", 1),
    ("x\nclass T(Module):\n  def f(self):\n    pass", ":", 2),
    ("def f():\n  # why", ":", 1),
  ])
  func `an open text says what is open, and where`(_ text: String, _ symbol: String, _ line: Int) {
    guard case .incomplete(let opening) = parser.completeness(of: Source(text)) else {
      Issue.record("not incomplete")
      return
    }
    #expect(opening.symbol == symbol)
    #expect(opening.line == line)
  }

  @Test(arguments: [
    "", "a", "a;", "fit 5", "# a", "model T { a = 1 }", "read_csv data/", "x\n\n",
    "for a in b:\n  c\n", "for a in b:\n  c\n\nx", "for a in b: c", "def f(x): x\n",
    "if a:\n  b\n\n  c\n  ", "def f(x):\n  x\n# done\n", "a = {\n}", "{'a': 1}",
  ])
  func `a finished text is complete`(_ text: String) {
    #expect(parser.completeness(of: Source(text)) == .complete)
  }

  @Test(arguments: ["a b", "f'{a +'", "(]", "'abc", "model T { a = = 3"])
  func `a wrong text does not ask for more`(_ text: String) {
    guard case .mistake = parser.completeness(of: Source(text)) else {
      Issue.record("not a mistake")
      return
    }
  }
}
