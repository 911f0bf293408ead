import CollabInterpreter
import CollabLanguage
import CollabNotebook

/// Writes statements that are mostly well formed: the grammar of the language with the names of all
/// commands, functions and methods, and values of their parameters' types.
struct StatementGrammar {
  /// What each word in angle brackets may be.
  ///
  /// Those that are not here are written by code.
  private static let rules: [String: [String]] = [
    "cell": [
      "<statement>", "<statement>", "<statement>\n<cell>", "<statement>; <statement>",
      "<statement>\n<statement>\n<statement>",
    ],
    "statement": [
      "<formula>", "<formula>", "<name> = <formula>", "<name> = <formula>", "<command>",
      "<command>", "<name> = <command>", "<example>", "<name>, <name> = <formula>",
      "<name>[<index>] = <formula>", "<name> <inplace> <formula>", "<block>", "<block>",
      "assert <formula>, <text>", "del <name>", "print(<formula>, <formula>)",
      "<name>.<word> = <formula>",
      "<name>[<index>] <inplace> <formula>", "import numpy as np", "from torch import nn",
      "%time <formula>", "%%time\n<statement>", "!ls <name>", "'''a\n<text>'''",
      "<name>: int = <formula>", "<name> = <name> = <formula>", "<name>.columns = <formula>",
      "(<name>, *<name>), <name> = <formula>", "# <text>", "from os import path", "global <name>",
      "<name>, *<name> = <formula>", "pass", "<formula>;", "from itertools import chain",
      "from math import <word>", "import math as <name>", "<name>.pop('<column>')",
      "<name>.insert(<small>, <text>, <formula>)", "<table>.drop(<small>, inplace=<formula>)",
      "<name>.sort_values('<column>', inplace=true)", "<name>.<column>.fillna(0, inplace=True)",
      "<name>[[<number>, <number>]] = <formula>", "<name> = defaultdict(<name>)",
    ],
    "block": [
      "def f(<parameters>):<body>", "def g(x): return <formula>", "if <formula>:<body>",
      "if <formula>:<body>\nelse:<body>", "if <formula>:<body>\nelif <formula>:<body>",
      "for <name> in <formula>:<body>", "for i in range(<small>):<body>",
      "for i, <name> in enumerate(<formula>):<body>", "while <formula>:<body>",
      "class A(Module):\n  def __init__(self<extra>): self.w = <formula>\n  def forward(self, x): return <formula>",
      "class B:\n  def __init__(self<extra>): self.w, self.v = <formula>, <formula>\n  def m(self): return self.w",
      "with no_grad():<body>", "model T(n) {\n  a = <formula>\n  forward(x) = <formula>\n}",
      "for <name> in <formula>:<body>\nelse:<body>", "while <formula>:<body>\nelse:<body>",
      "def f(<parameters>):\n  'a'\n  def g(x): return <formula>\n  return g(<formula>)",
      "for i in range(<small>):\n\tx = <formula>\n        y = x", "try:<body>\nexcept:<body>",
      "def h(n): return 1 if n == 0 else h(n - 1) + <formula>", "f(x) = <formula>",
    ],
    "set": [
      "{<formula>}", "{<formula>, <formula>, *<formula>}", "set()", "set(<formula>)", "s",
      "{<formula> for i in range(<small>)}", "{1, 2.0, 'a', None, (1, 2)}", "{<number>, <number>}",
    ],
    "setoperator": ["|", "&", "-", "^", "<=", "<", ">", "==", "in"],
    "setmethod": [
      "add(<formula>)", "union(<formula>)", "update(<formula>)", "pop()", "discard(<number>)",
      "issubset(<set>)", "symmetric_difference(<formula>)", "remove(<formula>)", "clear()",
    ],
    "namespace": [
      "np", "np.random", "np.linalg", "torch", "nn", "F", "pd", "math", "random", "re", "itertools",
      "collections", "functools", "string", "copy", "chain", "dict", "str", "L",
    ],
    "query": [
      "'<column> > <number>'", "'<column> in [<number>] & ~(<column> < 3)'", "<text>",
      "'1 < <column> <= <number> or not <column> == 2'", "'@x + <column>'", "\"<formula>\"",
    ],
    "parameters": ["", "x", "x, y=<formula>", "*x", "x, **y", "x, *y, z=1"],
    "extra": ["", ", n", ", n=3", ", *n"],
    "formula": [
      "<atom>", "<atom>", "<atom>", "<formula> <operator> <formula>", "<call>", "<call>", "<call>",
      "<atom>.<method>", "<atom>.<method>", "<formula>.<method>.<method>", "<atom>[<index>]",
      "<atom>[<index>]", "-<formula>", "not <formula>", "(<formula>)", "[<formula>, <formula>]",
      "(<formula>, <formula>)", "{<text>: <formula>, 'b': <formula>}", "[]", "()", "{}",
      "[<formula> for i in range(<small>)]", "[<name> for <name> in <formula> if <formula>]",
      "{i: <formula> for i in range(3)}", "lambda x: <formula>",
      "(lambda x, y=2: <formula>)(<formula>)",
      "<formula> if <formula> else <formula>", "f'{<formula>:<spec>} {<name>!r} {<name>=}'",
      "<name>(<formula>)", "A(3)", "B()", "f(<formula>)", "g(<formula>)", "h(<number>)", "T(3)(x)",
      "<name>.<word>", "<formula> < <formula> < <formula>", "*<name>",
      "sum(<formula> for i in range(9))", "<set>", "<set>.<setmethod>",
      "<set> <setoperator> <set>", "[*<formula>, <formula>]", "(<formula>, *<formula>)",
      "{**<formula>, 'a': <formula>}", "<formula> is not <formula>", "(<name> := <formula>)",
      "f'''<formula>\n{<formula>}'''", "<name>(*<formula>, **<formula>)",
      "<namespace>.<method>", "<table>.query(<query>)", "<table>.eval(<query>)",
      "next(iter(<formula>))", "Counter(<formula>)", "frozenset(<formula>)",
      "namedtuple('P', 'x y')(<formula>, <formula>)", "partial(<name>, <formula>)(<formula>)",
      "'%(a)s %(b)d' % <formula>", "<formula>.__class__", "<text> % {'a': <formula>}",
    ],
    "atom": [
      "<name>", "<name>", "<name>", "<name>", "<number>", "<number>", "<text>", "true", "None",
      "tensor([<number>, <number>])", "<table>", "<table>", "<table>['<column>']",
      "<table>.<column>",
      "zeros(<small>, <small>)", "randn(<small>, 3)", "arange(<number>)", "learn", "dls",
      "learn.model",
      "[<number>, <number>, <number>]", "Parameter(ones(3))", "'<column>'",
    ],
    "index": [
      "<number>", "<number>", "<formula>", ":", "<number>:<number>", "::<number>", ":, <number>",
      "<number>, :", "'<column>'", "['<column>', '<column>']", "None", "...", "...,<number>",
      "<table>.<column> > <number>", "[<number>, <number>]", "-1",
    ],
    "operator": [
      "+", "-", "*", "/", "//", "%", "**", "@", "==", "!=", "<", ">=", "and", "or", "in", "not in",
      "is", "&", "|", "^", "<<",
    ],
    "inplace": ["+=", "-=", "*=", "/=", "//=", "**=", "%=", "@="],
    "name": ["x", "x", "w", "i", "t", "n", "s", "d", "l", "p", "_", "y", "col", "q", "users"],
    "table": ["ratings", "movies", "q", "ratings.head()", "movies.head(0)"],
    "column": ["user", "item", "rating", "title", "timestamp", "none", "a"],
    "word": [
      "shape", "T", "grad", "weight", "w", "v", "rating", "model", "index", "values", "dtype",
      "columns",
    ],
    "small": ["0", "1", "2", "3", "5", "17", "-1"],
    "spec": ["", ".2f", ">10", "d", ",", "e", "08.3f", "%", "x", "<300", ".0f", "s", "^7"],
  ]

  private enum Piece {
    case text(String)
    case rule(String)
  }

  private let pieces: [String: [[Piece]]]
  private let specs: [CommandSpec]
  private let functions: [CommandSpec]
  private let methods: [CommandSpec]
  private let commands: [CommandSpec]
  private let examples: [String]
  /// So deep that a statement ends soon.
  private static let deepest = 7

  /// The grammar with the names that a session knows.
  init() {
    pieces = Self.rules.mapValues { $0.map(Self.pieces) }
    specs = Session.registry.specs.filter { !["quit", "exit"].contains($0.name) }
    functions = specs.filter { !$0.isMethod }
    methods = specs.filter(\.isMethod)
    commands = specs.filter { $0.form == .command }
    examples = specs.flatMap(\.examples).map(\.code).filter { !$0.hasPrefix("load ml") }
  }

  private static func pieces(_ text: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "<"),
      let close = rest[open...].firstIndex(of: ">"),
      rest[rest.index(after: open)..<close].allSatisfy(\.isLetter), rest.index(after: open) < close
    {
      if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
      pieces.append(.rule(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    return pieces
  }

  /// Statements.
  func cell(_ random: inout FuzzRandom) -> String { text("cell", 0, "", &random) }

  private func text(
    _ rule: String, _ depth: Int, _ indent: String, _ random: inout FuzzRandom
  ) -> String {
    let isDeep = depth > Self.deepest
    switch rule {
    case "number": return number(&random)
    case "text": return literal(&random)
    case "example":
      let example = random.pick(examples)
      return random.once(in: 3) ? example : withOtherNumbers(example, &random)
    case "call":
      return isDeep ? "x" : call(of: random.pick(functions), depth, indent, &random)
    case "method":
      return isDeep ? "shape" : call(of: random.pick(methods), depth, indent, &random)
    case "command": return command(random.pick(commands), depth, indent, &random)
    case "body":
      let inner = indent + "  "
      let count = isDeep ? 1 : 1 + random.below(2)
      return (0..<count).map { _ in
        "\n" + inner
          + text(isDeep ? "name" : "statement", depth + 2, inner, &random)
          + (random.once(in: 8) ? random.pick(["\n\(inner)break", "\n\(inner)return x"]) : "")
      }.joined()
    default:
      guard let alternatives = pieces[rule] else { return "<\(rule)>" }
      let chosen = isDeep && rule == "formula" ? [.rule("atom")] : random.pick(alternatives)
      return chosen.reduce(into: "") { text, piece in
        switch piece {
        case .text(let fixed):
          text +=
            indent.isEmpty
            ? fixed
            : fixed.split(
              separator: "\n", omittingEmptySubsequences: false
            ).joined(separator: "\n" + indent)
        case .rule(let rule): text += self.text(rule, depth + 1, indent, &random)
        }
      }
    }
  }

  /// A statement, in which every second number is another.
  private func withOtherNumbers(_ statement: String, _ random: inout FuzzRandom) -> String {
    var (text, rest) = ("", statement[...])
    while let start = rest.firstIndex(where: \.isNumber) {
      let digits = rest[start...].prefix { $0.isNumber || $0 == "." }
      let isPart = rest[..<start].last.map { $0.isLetter || $0 == "_" || $0 == "'" } ?? false
      text += rest[..<start]
      text += isPart || random.once(in: 2) ? String(digits) : number(&random)
      rest = rest[digits.endIndex...]
    }
    return text + rest
  }

  private func number(_ random: inout FuzzRandom) -> String {
    random.pick([
      "0", "1", "2", "3", "-1", "5", "0.5", "1e-3", "17", "100", "-2", "0", "1", "2", "3.7",
      "9223372036854775807", "(-9223372036854775807-1)", "1e308", "-1e308", "5e-324", "inf", "nan",
      "9007199254740993", "4611686018427387904", "2147483648", "10**5", "10**9", "-0.0", "256",
      "65536", "1_000", "0x1F",
    ])
  }

  private func literal(_ random: inout FuzzRandom) -> String {
    random.pick([
      "'a'", "''", "'title'", "'{:d}'", "'侍 é'", "'a\\x1b[2Jb'", "'%d %s'", "'A Film (1994)'",
      "'0'",
      "'\\u{202e}x'", "'out.csv'", "'out.svg'", "'out.saved'", "'ratings.csv'", "'..'", "'/'",
      "'%Y'",
      "'((((a'", "'a,b\\nc'",
    ])
  }

  private func call(
    of spec: CommandSpec, _ depth: Int, _ indent: String, _ random: inout FuzzRandom
  ) -> String {
    let arguments = arguments(of: spec, &random).map { parameter, isNamed in
      (isNamed ? "\(parameter.name)=" : "")
        + value(of: parameter.type, depth + 1, indent, &random)
    }
    return "\(spec.name)(\(arguments.joined(separator: ", ")))"
  }

  private func command(
    _ spec: CommandSpec, _ depth: Int, _ indent: String, _ random: inout FuzzRandom
  ) -> String {
    let words = arguments(of: spec, &random).map { parameter, isNamed in
      (isNamed ? "\(parameter.name)=" : "")
        + value(of: parameter.type, depth + 1, indent, &random)
        .replacing(" ", with: random.once(in: 20) ? " " : "")
    }
    return ([spec.name] + words).joined(separator: " ")
  }

  /// Which parameters are given, and whether by name; now and then one more or one less than is right.
  private func arguments(
    of spec: CommandSpec, _ random: inout FuzzRandom
  ) -> [(Parameter, isNamed: Bool)] {
    var given: [(Parameter, isNamed: Bool)] = []
    for parameter in spec.parameters {
      guard parameter.isRequired ? !random.once(in: 25) : random.once(in: 3) else { continue }
      given.append((parameter, parameter.isOptionOnly || random.once(in: 6)))
      if parameter.isRest, random.once(in: 2) { given.append((parameter, isNamed: false)) }
    }
    if let last = given.last, random.once(in: 30) { given.append(last) }
    return given
  }

  private func value(
    of type: ParameterType, _ depth: Int, _ indent: String, _ random: inout FuzzRandom
  ) -> String {
    if random.once(in: 12) { return text("formula", depth + 2, indent, &random) }
    switch type {
    case .integer, .number: return number(&random)
    case .boolean: return random.pick(["true", "false", "on"])
    case .name: return random.pick(["x", "y", "bs", "color", "width"])
    case .choice(let choices): return random.pick(choices).name
    case .path: return literal(&random)
    case .string: return literal(&random)
    case .column: return text("column", depth, indent, &random)
    case .nothing: return "none"
    case .tuple(let member, let count):
      return "("
        + (0..<(count ?? 1 + random.below(3))).map { _ in
          value(of: member, depth + 1, indent, &random)
        }.joined(separator: ", ") + ")"
    case .list(let member):
      return "["
        + (0..<random.below(4)).map { _ in
          value(of: member, depth + 1, indent, &random)
        }.joined(separator: ", ") + "]"
    case .block: return "{ \(text("statement", depth + 1, indent, &random)) }"
    case .value(let kind):
      switch kind {
      case "Table": return text("table", depth, indent, &random)
      case "Function": return random.pick(["abs", "lambda x: x", "f", "relu", "sum", "len"])
      default: return text(random.once(in: 3) ? "formula" : "atom", depth + 1, indent, &random)
      }
    case .anyOf(let types): return value(of: random.pick(types), depth, indent, &random)
    }
  }
}
