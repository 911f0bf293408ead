import CollabLanguage
import CollabThreading
import Testing

struct ScriptFileTests {
  private let parser = Parser(commands: Examples.commands)

  private func read(_ text: String) throws -> ScriptFile {
    try ScriptFile(Source(text, name: "a.collab"), parser: parser)
  }

  private func mistake(_ text: String) -> Diagnostic? {
    do {
      _ = try read(text)
      return nil
    } catch let error as Diagnostic {
      return error
    } catch {
      return nil
    }
  }

  @Test(arguments: [false, true])
  func `reading stops when it is asked to, which is no mistake of a cell`(_ keeps: Bool) throws {
    let source = Source("%% code\na = 1\n%% code\nb = (\n", name: "a.collab")
    let error = #expect(throws: Diagnostic.self) {
      try Interruption.observed(by: { true }) {
        try ScriptFile(source, parser: parser, keepsMistakes: keeps)
      }
    }
    #expect(error?.isInterruption == true)
  }

  @Test func `markers cut a file into cells`() throws {
    let file = try read(Examples.script)
    #expect(file.cells.map(\.kind) == [.markdown, .code, .code, .code])
    #expect(file.cells.map(\.id) == ["dot", "skywalker", "first-fit", "typo"])
    #expect(file.source.text(in: file.preambleRange) == "#!/usr/bin/env -S collab run\n")
    #expect(file.cell("first-fit")?.attribute("needs")?.value == "ml-100k")
    let prose = try #require(file.cell("dot"))
    #expect(
      file.text(of: prose) == """
        ## Dot products
        The match between a film and a viewer is the **dot product** of their factors.
        """)
    #expect(file.cell("skywalker")?.code.statements.count == 3)
    guard case .mistake = file.cell("typo")?.code.statements.first?.kind else {
      Issue.record("not a mistake")
      return
    }
  }

  @Test(arguments: [
    Examples.script, Examples.chapter, Examples.questions, Examples.model, "", "\n", "\n\n%%",
    "%%\n",
    "%% md\n\\%% not a marker\n", "a\n\n\n\nb", "#!x", "#!x\n\n\na", "%% raw\n{{{\n\n%% code\na",
    "# prose\n# more\n\na = 1\n#> x\n\n#> y\n",
  ])
  func `writing gives the same bytes, with either line ending`(_ text: String) throws {
    for text in [
      text, text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"),
    ] {
      if text == "# prose\n# more\n\na = 1\n#> x\n\n#> y\n" { continue }
      guard let file = try? read(text) else { continue }
      #expect(file.bytes == Array(text.utf8))
      var position = file.preambleRange.upperBound
      for cell in file.cells {
        #expect(cell.range.lowerBound == position)
        position = cell.range.upperBound
      }
      #expect(position == text.utf8.count)
    }
  }

  @Test func `the examples are read with either line ending`() throws {
    for text in [Examples.script, Examples.questions, Examples.chapter] {
      let windows = text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\r\n")
      let (first, second) = (try read(text), try read(windows))
      #expect(first.cells.map(\.id) == second.cells.map(\.id))
      #expect(first.cells.map(first.text) == second.cells.map(second.text))
      #expect(first.cells.dropLast().map(\.code) == second.cells.dropLast().map(\.code))
      #expect(
        first.cells.flatMap(\.code.lines).map(\.recording.output)
          == second.cells.flatMap(\.code.lines).map(\.recording.output))
    }
  }

  @Test func `without markers blank lines separate cells`() throws {
    let file = try read(
      "#!/bin/x\n# Title\n# more\n\na = 1 # c\n# note\n\nmodel T {\n\n  a = 1\n\n}\nb\n\n\n#> 3\nL(\n\n)\n\n# end"
    )
    #expect(file.cells.map(\.kind) == [.markdown, .code, .code, .markdown])
    #expect(file.cells.map { $0.code.statements.count } == [0, 1, 3, 0])
    #expect(file.text(of: file.cells[0]) == "Title\nmore")
    #expect(file.cells[2].code.lines[1].recording.output == ["3"])
  }

  @Test func `prose keeps its hashes and its escaped markers`() throws {
    let file = try read("%% md\n# Head\n\n\\%% is a marker\n#> quoted\n\n")
    #expect(file.text(of: file.cells[0]) == "# Head\n\n%% is a marker\n#> quoted")
  }

  @Test func `a missing id comes from the content, but not from recorded output`() throws {
    let first = try read("%%\nx\n#> 1\n%%\ny\n%%\nx\n")
    let second = try read("%% hide\nx\n#> 2\n#> 3\n")
    #expect(first.cells[0].id == second.cells[0].id)
    #expect(first.cells[2].id == first.cells[0].id + "-2")
    #expect(Set(first.cells.map(\.id)).count == 3)
    #expect(!first.cells[0].hasWrittenID)
  }

  @Test func `many equal cells get different ids in linear time`() throws {
    let file = try read(String(repeating: "%%\nx\n", count: 2_000))
    #expect(Set(file.cells.map(\.id)).count == 2_000)
    #expect(file.cells[3].id == file.cells[0].id + "-4")
  }

  @Test(arguments: [
    ("%% id=a\n%% md id=a\n", "duplicate-id", "id=a"), ("%% id=a/b\n", "bad-attribute", "id=a/b"),
    ("%% cdoe\n", "unknown-attribute", "cdoe"),
    ("%% md hide tilte=x", "unknown-attribute", "tilte=x"),
    ("%% id\n", "bad-attribute", "id"), ("%% =x", "bad-attribute", "=x"),
    ("%%time\n", "unknown-attribute", "time"),
    ("%% tol=1 tol=2", "repeated", "tol=2"),
    ("a\n#: tolerance=3", "unknown-attribute", "tolerance=3"),
    ("%%\nf(\n%%\n)", "unclosed", "("), ("%% title='abc\n", "unclosed-string", "'"),
    ("%% q id=q\nWhat?\nright: 3\nwrnog: 4", "bad-field", "wrnog"),
    ("# prose\n\n#> y\n", "stray-output", "#> y"),
  ])
  func `refuses`(_ text: String, _ code: String, _ at: String) {
    let mistake = mistake(text)
    #expect(mistake?.code == code)
    #expect(mistake?.range.flatMap { mistake?.source?.text(in: $0) } == at)
  }

  @Test func `a file that is not UTF-8 is refused at the first such byte`() throws {
    do {
      let source = Source(bytes: [0x61, 0x0A, 0xE9, 0x0A], name: "a.collab")
      _ = try ScriptFile(source, parser: parser)
      Issue.record("not refused")
    } catch {
      #expect(error.code == "not-utf8")
      #expect(error.range == 2..<3)
    }
  }

  @Test func `attributes may hold blanks in quotes and brackets`() throws {
    let file = try read("%% code title=\"Dot products\" tags=[a, b] hide\n")
    #expect(file.cells[0].attribute("title")?.value == "Dot products")
    #expect(file.cells[0].attribute("tags")?.value == "[a, b]")
    #expect(file.cells[0].has("hide"))
  }

  @Test func `questions have prose and fields`() throws {
    let file = try read(Examples.questions)
    #expect(file.cells.map(\.id) == ["q14", "q14.a", "q07.a", "q15.a", "q06.a"])
    guard case .question(let run) = try #require(file.cell("q15.a")).content,
      case .question(let text) = try #require(file.cell("q06.a")).content
    else {
      Issue.record("not questions")
      return
    }
    #expect(run.fields.map(\.name) == ["answer", "check", "check"])
    #expect(
      run.fields[0].text.hasPrefix("model DotProduct(nu, ni, nf) {\n    u = Embedding(nu, nf)"))
    #expect(try parser.code(in: file.source, range: run.fields[0].valueRange).statements.count == 3)
    let check = try parser.expression(in: file.source, range: run.fields[1].valueRange)
    #expect(file.source.text(in: check.range) == "len(learn.model.parameters()) == 2")
    #expect(text.prose == "What is a latent factor? Why is it \"latent\"?")
    #expect(
      text.fields("mention").map(\.text) == [
        "learn|learned|trained", "hidden|implicit|not given|unlabelled",
      ])
    #expect(text.fields[0].text.contains("latent because\nnobody measured it"))
  }

  @Test func `a backslash keeps a word from being a field`() throws {
    let file = try read("%% q\n\\hint: is a word\nIt is: so\nhint: yes")
    guard case .question(let question) = file.cells[0].content else {
      Issue.record("not a question")
      return
    }
    #expect(question.prose == "hint: is a word\nIt is: so")
    #expect(question.fields.map(\.text) == ["yes"])
  }

  @Test(arguments: ["\n", "\r\n"])
  func `recording changes the output and nothing else`(_ ending: String) throws {
    let lines = ["a  # why", "#> 1", "#> 2", "", "b", "c ;", "#: tol=1", "", "# end", "d"]
    let file = try read(lines.joined(separator: ending))
    let code = file.cells.flatMap(\.code.lines)
    #expect(code.count == 4)
    let written = file.recording([
      (code[0], ["3"]), (code[1], ["x", ""]), (code[2], nil), (code[3], ["last"]),
    ])
    let expected = [
      "a  # why", "#> 3", "", "b", "#> x", "#>", "c ;", "#: tol=1", "", "# end", "d", "#> last",
    ]
    #expect(String(decoding: written, as: UTF8.self) == expected.joined(separator: ending))
    #expect(file.recording(code.map { ($0, $0.recording.output) }) == file.bytes)
  }

  @Test func `empty lines inside a block do not cut a cell`() throws {
    let text = """
      class T(Module):
          def f(self):
              pass

          def g(self):
              pass

      if a:
          b

      else:
          c
      """
    let file = try ScriptFile(Source(text, name: "a.collab"), parser: Parser(commands: []))
    #expect(file.cells.map(\.code.statements.count) == [1, 1])
  }
}
