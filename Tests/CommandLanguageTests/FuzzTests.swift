import CollabLanguage
import Testing

/// A small generator of random numbers, the same in every run.
///
/// Source: Marsaglia, "Xorshift RNGs" (2003).
private struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

struct FuzzTests {
  private let parser = Parser(commands: Examples.commands)
  private let texts = [
    Examples.chapter, Examples.script, Examples.questions, Examples.model, Examples.python,
  ]

  /// Reads bytes in every way there is, and checks that every place lies inside them.
  private func read(_ bytes: [UInt8]) {
    let source = Source(bytes: bytes, name: "fuzz.collab")
    check(source) { () throws(Diagnostic) in
      let code = try parser.code(in: source)
      for line in code.lines {
        #expect(isInside(line.range, source) && isInside(line.recording.outputRange, source))
        for statement in line.statements { check(statement, source) }
      }
    }
    check(source) { () throws(Diagnostic) in _ = try parser.expression(in: source) }
    check(source) { () throws(Diagnostic) in
      let text = Source(source.text, name: "fuzz.collab")
      let file = try ScriptFile(text, parser: parser)
      #expect(file.bytes == text.bytes)
    }
    _ = parser.completeness(of: source)
    _ = Completer(Specs.registry, context: Nothing()).complete(source.text)
  }

  private func check(_ source: Source, _ body: () throws(Diagnostic) -> Void) {
    do {
      try body()
    } catch {
      #expect(error.range.map { isInside($0, source) } == true || error.source != source)
      #expect(!error.lines(for: .file, width: 80).isEmpty)
      #expect(!error.lines(for: .prompt(width: 10), width: 80).isEmpty)
    }
  }

  private func check(_ statement: Statement, _ source: Source) {
    #expect(isInside(statement.range, source))
    switch statement.kind {
    case .expression(let expression): #expect(isInside(expression.range, source))
    case .command(let command):
      for word in command.words {
        #expect(isInside(word.range, source))
        check(source) { () throws(Diagnostic) in _ = try word.expression() }
      }
      guard let spec = Specs.registry[command.name.name] else { return }
      check(source) { () throws(Diagnostic) in _ = try spec.bind(command) { $0.count > 4 } }
    default: break
    }
  }

  private func isInside(_ range: Range<Int>, _ source: Source) -> Bool {
    0 <= range.lowerBound && range.upperBound <= source.bytes.count
  }

  @Test(arguments: 1...8)
  func `random bytes do no harm`(_ seed: UInt64) {
    var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<100 {
      read(
        (0..<Int.random(in: 0...60, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        })
    }
  }

  @Test(arguments: 1...8)
  func `random pieces of the language do no harm`(_ seed: UInt64) {
    var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
    let pieces = [
      "(", ")", "[", "]", "{", "}", "'", "\"", "\"\"\"", "f'", "#", "#>", "#:", "%%", "\n", " ",
      "\\", "=",
      ",", ";", ":", ".", "...", "*", "**", "-", "+", "not ", " in ", " for ", " if ", "model ",
      "def ", "fit ",
      "x", "1", "1e", ".5", "?", "|", "é", "侍", "\r\n", "\t", "\u{301}", "return ", "self.",
      "class ",
      "if a:\n  ", "\nelse:\n  ", "\nelif b:", "for a in b:\n    ", "while a:", "\n    ", "\n  ",
      "class A(Module):\n  ", "def f(self, *a, **k):\n    ", "lambda x: ", " else ", " is not ",
      "pass", "break", "import a as b", "from a import (", "!ls", "%time ", "%%time\n", "{'a': ",
      "r'", "'''", "0x", "!r}", "+=", "**", "assert ", "with no_grad():\n  ", "head ", "n=",
      "torch.", "lambda ", "%% q\n", "hint:", "answer: ", "\\u{", "<", "==",
    ]
    for _ in 0..<200 {
      let count = Int.random(in: 1...25, using: &random)
      let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      read(Array(text.utf8))
    }
  }

  @Test(arguments: 1...8)
  func `truncated and damaged examples do no harm`(_ seed: UInt64) {
    var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15)
    for _ in 0..<60 {
      guard let text = texts.randomElement(using: &random) else { return }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let first = Int.random(in: 0..<lines.count, using: &random)
      var bytes = Array(lines[first...].prefix(8).joined(separator: "\n").utf8)
      bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
      if !bytes.isEmpty, Bool.random(using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      read(bytes)
    }
  }

  @Test(arguments: [Examples.model, Examples.python])
  func `every prefix of a statement can be asked for more`(_ text: String) {
    let text = Array(text.utf8)
    for count in 0..<text.count {
      let source = Source(bytes: Array(text.prefix(count)), name: Source.promptName)
      if case .mistake(let diagnostic) = parser.completeness(of: source) {
        #expect(isInside(diagnostic.range ?? 0..<Int.max, source))
      }
    }
  }
}

private struct Nothing: CompletionContext {
  let variables: [CompletionItem] = []
  let datasets: [CompletionItem] = []
  func members(of formula: String) -> [CompletionItem] { [] }
  func columns(of formula: String?) -> [String] { [] }
  func titles(like text: String, limit: Int) -> TitleMatches { TitleMatches([]) }
  func files(beginningWith text: String) -> [String] { [] }
}

struct LongTextTests {
  private let parser = Parser(commands: ["fit"])

  // What takes more than linear time would not come to an end: the limit is for that alone.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      (",", "[", "1,", "]"), ("lines", "", "x = f(1, y[:,0])\n", ""),
      ("words", "fit ", "abc ", ""), ("text", "'", "a", "'"), ("comment", "#", "a", ""),
      ("blank", "", "\n", "a"), ("names", "", "a, ", "a"),
      ("block", "def f(x) {\n", "a = x\n", "a }"),
      ("record", "a\n", "#> 1\n", ""), ("f", "f'", "{a} ", "'"), ("long", "fit [", "1 ", "]"),
      ("statements", "", "a;", "a"), ("python", "", "if a:\n  b\nelse: c\n", "d"),
      ("loop", "for a in b:\n", "    a = 1\n\n", ""), ("dict", "{", "'a': 1, ", "}"),
      ("branches", "if a: b\n", "elif a: b\n", "else: c"), ("texts", "", "'a' ", "'b'"),
      ("chain", "a", " < a", ""),
      ("members", "model T {\n", "#\n", "a = 1 }"),
    ] as [(String, String, String, String)])
  func `a long text is read to its end`(
    _ name: String, _ head: String, _ part: String, _ tail: String
  ) throws {
    let text = head + String(repeating: part, count: 100_000) + tail
    let code = try parser.code(in: Source(text, name: "long.collab"))
    #expect((code.statements.last?.range.upperBound ?? text.utf8.count) <= text.utf8.count)
  }
}
