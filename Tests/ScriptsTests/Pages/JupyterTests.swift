import CollabLanguage
import FoundationEssentials
import CollabNotebook
import CollabScripts
import TestSupport
import Testing

struct JupyterTests {
  private static let parser = Session.registry.parser()

  private func back(_ json: String) throws -> ImportedNotebook {
    try ImportedNotebook(Array(json.utf8), name: "n.ipynb", parser: Self.parser)
  }

  private func bundled(_ path: String) throws -> String {
    String(decoding: try Fixture.bytes("../../\(path)"), as: UTF8.self)
  }

  /// A script without what is recorded in it, its first line and empty lines, which an import need
  /// not give back.
  private func essence(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter {
      !($0.hasPrefix("#>") || $0.hasPrefix("#:") || $0.hasPrefix("#!"))
    }
  }

  @Test func `a question keeps its options, hints and answers`() throws {
    let text = """
      %% q id=a kind=choice
      Which <b>?
      right: two
      wrong: three — no
      hint: Count.
      answer: two, since 1 + 1 is

      """
    let notebook = try PageTests.played(text, runs: false).jupyter()
    for line in [
      #""Which \\<b>?\n""#, #""- three\n""#, #""- two\n""#,
      #""<details><summary>Hint</summary>\n""#, #""Count.\n""#, #""two, since 1 + 1 is\n""#,
    ] { #expect(notebook.contains(line), "\(line)\n\(notebook)") }
    #expect(!notebook.contains(#""- three — no"#))
  }

  @Test(arguments: [
    "Notebooks/08_collab.collab", "Notebooks/08_questionnaire.collab",
    "Tests/Fixtures/pages/pictures.collab", "Examples/seed-notebook.collab",
    "Examples/one-page-lesson.collab",
  ])
  func `code, markdown and questions come back as they were`(path: String) throws {
    let text = try bundled(path)
    let notebook = try PageTests.played(text, name: path, runs: false).jupyter()
    #expect(try JupyterStructure.problems(of: notebook) == [])
    let imported = try back(notebook)
    #expect(imported.unreadable.isEmpty)
    #expect(essence(imported.text) == essence(text))
    // And it is a script again.
    _ = try ScriptFile(Source(imported.text, name: path), parser: Self.parser)
  }

  @Test func `what cells show has the structure of nbformat`() throws {
    let text = String(decoding: try Fixture.bytes("pages/pictures.collab"), as: UTF8.self)
    let notebook = try PageTests.played(text).jupyter()
    #expect(try JupyterStructure.problems(of: notebook) == [])
    for type in ["image/svg+xml", "text/html", "\"stream\"", "\"error\"", "display_data"] {
      #expect(notebook.contains(type), "\(type)")
    }
  }

  @Test func `in Jupyter too, text that looks like a tag stays text`() throws {
    let text = "%% md\n# A <script>alert(1)</script>\n\n`<b>` and 1 < 2, ``a ` <i>``\n"
    let notebook = try PageTests.played(text).jupyter()
    #expect(!notebook.contains("A <script>"))
    #expect(notebook.contains(#"A \\<script>alert(1)\\</script>"#))
    #expect(notebook.contains("`<b>` and 1 < 2, ``a ` <i>``"))
    #expect(essence(try back(notebook).text) == essence(text))
  }

  @Test func `cells of equal or unusual names get ids of their own`() throws {
    let notebook = try PageTests.played("%% q id=a.b\nWhy?\nanswer: x\n\n%% md id=a-b\ny\n")
      .jupyter()
    #expect(try JupyterStructure.problems(of: notebook) == [])
  }

  @Test func `a notebook from elsewhere keeps its code in another language as text`() throws {
    let imported = try back(
      """
      {"cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title\\n", "%% not a marker"]},
        {"cell_type": "code", "id": "one", "metadata": {}, "execution_count": null, "outputs": [],
         "source": "with open('x') as f:\\n    text = f.read()"},
        {"cell_type": "code", "id": "two", "metadata": {}, "execution_count": 1, "outputs": [],
         "source": ["x = ones(3)\\n", "x.sum()"]},
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [],
         "source": "%%time\\nfit 1 1"}
      ], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
      """)
    #expect(imported.unreadable.map(\.number) == [2])
    #expect(
      imported.text == """
        %% md
        # Title
        \\%% not a marker

        %% raw
        with open('x') as f:
            text = f.read()

        %% code id=two
        x = ones(3)
        x.sum()

        %% code
         %%time
        fit 1 1

        """)
  }

  @Test(arguments: [
    "", "{", "[]", "{\"cells\": 3}",
    "{\"cells\": [], \"metadata\": {}, \"nbformat\": 3, \"nbformat_minor\": 0}",
  ])
  func `what is no notebook is refused`(text: String) {
    #expect { try back(text) } throws: { ($0 as? Diagnostic)?.code == "bad-notebook" }
  }

  private func imported(_ cell: String) throws -> String {
    try back("{\"cells\": [\(cell)], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}")
      .text
  }

  @Test(arguments: [
    // A marker that says something else than the cell.
    (
      #"{"cell_type": "markdown", "metadata": {"collab": {"marker": "code"}}, "source": "quit"}"#,
      "md"
    ),
    (
      #"{"cell_type": "markdown", "metadata": {"collab": {"marker": "id=a"}}, "source": "quit"}"#,
      "md"
    ),
    (
      #"{"cell_type": "raw", "metadata": {"collab": {"marker": "code", "text": "x"}}, "source": "quit"}"#,
      "raw"
    ),
    (
      #"{"cell_type": "code", "metadata": {"collab": {"marker": "code", "text": "x = 1"}}, "source": "quit"}"#,
      "code"
    ),
    (#"{"cell_type": "markdown", "metadata": {"collab": 3}, "source": "quit"}"#, "md"),
    (#"{"cell_type": "markdown", "source": "quit"}"#, "md"),
    // Ids that would be more than an id.
    (#"{"cell_type": "markdown", "id": "a\n%% code", "metadata": {}, "source": "quit"}"#, "md"),
    (#"{"cell_type": "markdown", "id": "a hide", "metadata": {}, "source": "quit"}"#, "md"),
    (#"{"cell_type": "markdown", "id": 7, "metadata": {}, "source": "quit"}"#, "md"),
    (#"{"cell_type": "markdown", "id": "a-1_B", "metadata": {}, "source": "quit"}"#, "md id=a-1_B"),
  ])
  func `prose stays prose, whatever its metadata say`(_ cell: String, _ marker: String) throws {
    #expect(try imported(cell) == "%% \(marker)\nquit\n")
  }

  @Test(arguments: ["\\r\\n", "\\r", "\\n"])
  func `a marker in prose is prose behind any end of a line`(_ ending: String) throws {
    let text = try imported(
      #"{"cell_type": "markdown", "metadata": {}, "source": "a\#(ending)%% code\#(ending)quit"}"#)
    #expect(text == "%% md\na\n\\%% code\nquit\n")
    let file = try ScriptFile(Source(text, name: "n"), parser: Self.parser)
    #expect(file.cells.map(\.kind) == [.markdown])
  }

  @Test func `a cell that was copied has an id of its own`() throws {
    let cell =
      #"{"cell_type": "code", "metadata": {"collab": {"marker": "id=a hide"}}, "source": "1"}"#
    let text = try imported("\(cell), \(cell)")
    #expect(text == "%% id=a hide\n1\n\n%% hide\n1\n")
    _ = try ScriptFile(Source(text, name: "n"), parser: Self.parser)
  }

  @Test func `outputs, attachments and what others add may be of any form`() throws {
    let text = try imported(
      """
      {"cell_type": "code", "execution_count": 3, "metadata": {"tags": ["a"], "jupyter": {"x": [1]}},
       "outputs": [
         {"output_type": "display_data", "metadata": {"image/png": {"width": 3}},
          "data": {"application/json": {"a": [1, null]}, "text/plain": "x"}},
         {"output_type": "execute_result", "execution_count": 1, "metadata": {},
          "data": {"application/vnd.x+json": [1, 2]}}], "source": "1 + 1"},
      {"cell_type": "markdown", "metadata": {}, "attachments": {"a.png": {"image/png": "aGk="}},
       "source": ["![a](attachment:a.png)"]}
      """)
    #expect(text == "%% code\n1 + 1\n\n%% md\n![a](attachment:a.png)\n")
  }

  @Test func `a marker of several lines cannot smuggle in cells`() throws {
    let imported = try back(
      """
      {"cells": [{"cell_type": "markdown", "metadata": {"collab": {"marker": "md\\n%% code\\nquit"}},
        "source": "x"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
      """)
    #expect(imported.text == "%% md\nx\n")
  }
}

/// What nbformat 4.5 asks of a notebook.
///
/// Source: nbformat, `nbformat.v4.5.schema.json`.
enum JupyterStructure {
  private struct Notebook: Decodable {
    let cells: [Cell]
    let metadata: Metadata
    let nbformat: Int
    let minor: Int

    enum CodingKeys: String, CodingKey {
      case cells, metadata, nbformat
      case minor = "nbformat_minor"
    }
  }

  private struct Metadata: Decodable {
    let language: Language

    struct Language: Decodable { let name: String }
    enum CodingKeys: String, CodingKey { case language = "language_info" }
  }

  private struct Cell: Decodable {
    let type: String
    let id: String
    let source: [String]
    let outputs: [Output]?
    let hasCount: Bool

    enum CodingKeys: String, CodingKey {
      case id, source, outputs, metadata
      case type = "cell_type"
      case count = "execution_count"
    }

    struct Anything: Decodable {}

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      type = try container.decode(String.self, forKey: .type)
      id = try container.decode(String.self, forKey: .id)
      source = try container.decode([String].self, forKey: .source)
      outputs = try container.decodeIfPresent([Output].self, forKey: .outputs)
      hasCount = container.contains(.count)
      _ = try container.decode(Anything.self, forKey: .metadata)
    }
  }

  private struct Output: Decodable {
    let type: String
    let name: String?
    let text: [String]?
    let data: [String: [String]]?
    let metadata: [String: String]?
    let ename: String?
    let evalue: String?
    let traceback: [String]?

    enum CodingKeys: String, CodingKey {
      case name, text, data, metadata, ename, evalue, traceback
      case type = "output_type"
    }

    var isComplete: Bool {
      switch type {
      case "stream": name == "stdout" && text != nil && data == nil
      case "display_data": data?["text/plain"] != nil && metadata != nil && text == nil
      case "error": ename != nil && evalue != nil && traceback != nil && text == nil
      default: false
      }
    }
  }

  /// What is missing or too much.
  static func problems(of json: String) throws -> [String] {
    let notebook = try JSONDecoder().decode(Notebook.self, from: Data(json.utf8))
    var problems: [String] = []
    if (notebook.nbformat, notebook.minor) != (4, 5) { problems.append("the version") }
    if notebook.metadata.language.name.isEmpty { problems.append("the language") }
    if Set(notebook.cells.map(\.id)).count != notebook.cells.count {
      problems.append("an id twice")
    }
    for cell in notebook.cells {
      let isPlain = cell.id.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
      }
      if !isPlain || !(1...64).contains(cell.id.count) { problems.append("the id \(cell.id)") }
      for (number, line) in cell.source.enumerated() {
        let isLast = number == cell.source.count - 1
        if line.dropLast().contains("\n") || (!isLast && line.last != "\n") {
          problems.append("the lines of \(cell.id)")
        }
      }
      switch cell.type {
      case "code":
        if !cell.hasCount || cell.outputs == nil { problems.append("\(cell.id) is not complete") }
        if cell.outputs?.allSatisfy(\.isComplete) == false {
          problems.append("an output of \(cell.id)")
        }
      case "markdown", "raw":
        if cell.hasCount || cell.outputs != nil { problems.append("\(cell.id) has too much") }
      default: problems.append("the type \(cell.type)")
      }
    }
    return problems
  }
}
