import CollabInterpreter
import Collab
import CollabLanguage
import CollabDocuments
import CollabNotebook
import CollabScripts
import Testing

/// A script, and what came of running it.
private struct Run {
  let report: ScriptReport
  /// What would be on standard output.
  let printed: [String]
  /// Failures and notes.
  let told: [String]

  init(
    _ text: String, data: DataSearch = DataSearch(workingFolder: "/proc/nonexistent"),
    secondsPerLook: Double? = nil, _ change: (inout ScriptOptions) -> Void = { _ in }
  ) throws {
    final class Texts {
      var printed = ""
      var told = ""
    }
    let texts = Texts()
    let session = Session(output: OutputRecorder(), dataSearch: data)
    session.output = PlainRenderer(
      to: { texts.printed += $0 }, failuresTo: { texts.told += $0 })
    var options = ScriptOptions()
    change(&options)
    let script = try Script(Source(text, name: "a.collab"), for: session)
    var time = 0.0
    let clock = secondsPerLook.map { step in
      {
        time += step
        return time
      }
    }
    report = ScriptRunner(session, options, now: clock).run(script)
    printed = texts.printed.split(separator: "\n").map(String.init)
    told = texts.told.split(separator: "\n").map(String.init)
  }

  /// What the file is after recording.
  static func recorded(_ text: String, all: Bool = false, keepGoing: Bool = false) throws -> String
  {
    let run = try Run(text) {
      $0.records = true
      $0.keepsGoing = keepGoing
    }
    return String(decoding: run.report.recording(addingAll: all).bytes, as: UTF8.self)
  }
}

struct ScriptRunnerTests {
  @Test func `a run prints outputs and nothing else`() throws {
    let run = try Run("%% md\n# Title\n%% id=a\n1 + 1\n#> 3\nx = 2;\nx\n%% skip\n5\n")
    #expect(run.printed == ["2", "2"])
    #expect(run.told == [])
    #expect(run.report.outcome == .finished)
    #expect(run.report.cells.map(\.status) == [.ok, .skipped])
  }

  @Test func `an echo shows prose and statements`() throws {
    let run = try Run(
      "%% md\nSome *prose*.\n%% hide\n3\n%%\nmodel T {\n  a = 1\n}\n1 + (2 +\n 3); 4\n"
    ) {
      $0.echoes = true
    }
    #expect(
      run.printed == [
        "Some prose.", "3", "collab[2]> model T {", "       {.>   a = 1", "       {.> }",
        "           1 + (2 +", "       (.>  3); 4", "6", "4",
      ])
  }

  @Test func `a check says what differs`() throws {
    let run = try Run(
      "%% id=a\n1 + 1\n#> 3\n%% id=b\n2.5\n#> 2.4\n\n4\n#: empty\n5\n#: check=off\n#> x\n"
    ) {
      $0.checks = true
      $0.isQuiet = true
    }
    #expect(run.printed == [])
    #expect(
      run.told == [
        "FAIL  a.collab:2  a", "  1 + 1", "- 3", "+ 2", "  ^ off by 1, allowed 0",
        "FAIL  a.collab:8  b", "  4", "+ 4",
      ])
    #expect(run.report.outcome == .failed)
    #expect(run.report.count(.differs) == 2)
    #expect(run.report.summary.hasPrefix("2 of 2 cells differ · "))
  }

  @Test func `options of a marker hold for its lines`() throws {
    let run = try Run("%% tol=0.5\n2.5\n#> 2.1\n2.5\n#: tol=0.1\n#> 2.1\n%% check=off\n1\n#> 2\n") {
      $0.checks = true
    }
    #expect(run.report.cells.map(\.status) == [.differs, .ok])
    #expect(run.told.contains("FAIL  a.collab:4  \(run.report.cells[0].id)"))
  }

  @Test(arguments: [
    ("tol=x", "`tol` takes a number, not below zero"),
    ("tol=-1", "`tol` takes a number, not below zero"),
    ("check=maybe", "`check` takes on or off"), ("order=none", "`order` takes any or fixed"),
    ("timeout=soon", "`timeout` takes a number, not below zero"),
    ("empty", "`empty` says that there is no output, but some is recorded"),
  ])
  func `options are checked before anything runs`(_ option: String, _ message: String) {
    let error = #expect(throws: Diagnostic.self) { try Run("1\n#: \(option)\n#> 1\n") }
    #expect(error?.message == message)
  }

  // MARK: Errors

  @Test func `a run stops at the first failure`() throws {
    let run = try Run("%% id=a\n1\ny\n2\n%% id=b\n3\n")
    #expect(run.printed == ["1"])
    #expect(run.told.first == "error[unknown-name]: there is no variable or function `y`")
    #expect(run.told.dropFirst().first == "  --> a.collab:3:1")
    #expect(run.report.cells.map(\.status) == [.failed, .notRun])
    #expect(run.report.summary.hasPrefix("1 of 2 cells failed · 1 not run"))
  }

  @Test func `what only fails because of an earlier failure is skipped`() throws {
    let run = try Run(
      """
      %% id=a
      x = 1
      m = y + 1
      n = 2
      %% id=b
      k = m + 1
      x
      %% id=c
      k
      n
      %% id=d
      other
      %% id=e
      x
      """
    ) { $0.keepsGoing = true }
    #expect(run.report.cells.map(\.status) == [.failed, .skipped, .skipped, .failed, .ok])
    #expect(run.told.contains("a.collab:6: skipped (needs `m`, cell a failed)"))
    #expect(run.told.contains("a.collab:9: skipped (needs `k`, cell a failed)"))
    #expect(run.printed == ["1", "1"])
  }

  @Test func `commands define variables too`() throws {
    let run = try Run(
      "%% id=a\nload nowhere\n%% id=b\ndataloaders\n%% id=c\nfit 1\n%% id=d\nfit 0\n"
    ) {
      $0.keepsGoing = true
    }
    #expect(run.report.cells.map(\.status) == [.failed, .skipped, .failed, .failed])
  }

  @Test func `a recorded error has to happen`() throws {
    let text =
      "y\n#> error[unknown-name]: …\n1\n#> 1\n2\n#> error[unknown-name]: …\nfit x\n#> error[…\n"
    let run = try Run(text) {
      $0.checks = true
      $0.keepsGoing = true
    }
    #expect(run.printed.first == "error[unknown-name]: there is no variable or function `y`")
    #expect(
      run.told.prefix(5) == [
        "FAIL  a.collab:5  \(run.report.cells[0].id)", "  2", "- error[unknown-name]: …", "+ 2",
        "  it is recorded to fail, but ran",
      ])
    #expect(run.report.cells[0].status == .failed)
  }

  @Test func `what stands before the message of an error is compared if it is recorded`() throws {
    for (lines, status) in [
      ("#> error[unknown-name]…\n", ScriptReport.Status.ok),
      ("#> 1\n#> error[unknown-name]…\n", .ok),
      ("#> 2\n#> error[unknown-name]…\n", .differs), ("#> …\n#> error[unknown-name]…\n", .ok),
    ] {
      #expect(try Run("1; qqqq\n" + lines) { $0.checks = true }.report.cells[0].status == status)
    }
  }

  @Test func `what follows the message of an error is compared if it is recorded`() throws {
    let head =
      "zebra_stripes = 1\nzebra_stripe\n#> error[unknown-name]: there is no variable or function `zebra_stripe`\n"
    for (text, status) in [
      (head, ScriptReport.Status.ok), (head + "#>   help: …\n", .ok),
      (head + "#>   help: no\n", .differs),
    ] {
      #expect(try Run(text) { $0.checks = true }.report.cells[0].status == status)
    }
  }

  @Test func `a line that takes too long fails`() throws {
    let text = "%% timeout=5 id=a\n1\n2\n3\n%%\n4\n#: timeout=0.5\n"
    let run = try Run(text, secondsPerLook: 1) { $0.keepsGoing = true }
    #expect(run.told.first == "error[timeout]: this took longer than the script allows")
    #expect(run.report.cells.map(\.status) == [.failed, .failed])
  }

  @Test func `a fit is stopped when its time is over`() throws {
    let run = try Run(
      "load demo; dataloaders; learner dotbias\nfit 1000\n#: timeout=0.2\n#> …\n#> error[timeout]: …\n1\n"
    ) { $0.checks = true }
    #expect(run.report.cells.map(\.status) == [.ok])
  }

  // MARK: Parts

  private let parts = "%% id=a\nx = 1\nx\n#> 7\n%% id=b\nx + 1\n%% id=c\nx + 2\n"

  @Test func `earlier cells run unseen, later ones not at all`() throws {
    let run = try Run(parts) {
      ($0.first, $0.last, $0.checks) = ("b", "b", true)
    }
    #expect(run.printed == ["2"])
    #expect(run.told == [])
    #expect(run.report.cells.map(\.id) == ["b"])
  }

  @Test func `without setup earlier cells do not run`() throws {
    let run = try Run(parts) {
      ($0.first, $0.runsEarlierCells) = ("b", false)
      $0.bindings = ["x=40", "name=ml-100k", "list=[1, 2]"].compactMap(ScriptOptions.Binding.init)
    }
    #expect(run.printed == ["41", "42"])
  }

  @Test func `a value from outside takes the place of the first assignment`() throws {
    let text = "x = 1\ny = 'a'\nx, y\nx = 3\nx\nz = learner\nz\n"
    let run = try Run(text) {
      $0.bindings = ["x=2.5", "y=b", "z=4"].compactMap(ScriptOptions.Binding.init)
    }
    #expect(run.printed == ["(2.5, 'b')", "3", "4"])
  }

  @Test(arguments: [
    ("q=1", "unknown-name"), ("w=1", "unknown-name"), ("k=1", "unknown-name"),
    ("part=1", "unknown-name"), ("own=1", "unknown-name"), ("x=a", "bad-value"),
    ("y=5", "bad-value"), ("x=[1]", "bad-value"), ("b=1", "bad-value"), ("l=3", "bad-value"),
    ("x=2.5", nil), ("y='5'", nil), ("b=false", nil), ("l=(1,2)", nil), ("n=5", nil), ("e=x", nil),
    ("used=3", nil), ("word=3", nil), ("inner=3", nil), ("sub=3", nil), ("fit=3", nil),
  ])
  func `values from outside must matter, and be of the type they replace`(
    _ binding: String, _ code: String?
  ) throws {
    let text = """
      x = 1; y = 'a'; b = true; l = [1, 2]; n = none; e = 1 + 2
      def f(q) { own = q; own * used }
      model M(k) { part = k; forward(x) = part + inner }
      [w for w in l[sub:]]
      head word n=word
      f'{fit}'
      """
    let script = try Script(Source(text), for: Session(output: OutputRecorder()))
    let binding = try #require(ScriptOptions.Binding(binding))
    var found: String?
    do throws(Diagnostic) { try script.check([binding]) } catch { found = error.code }
    #expect(found == code)
  }

  @Test(
    arguments: [
      ("a=5", .integer(5)), ("a=-0.5", .double(-0.5)), ("a=ml-100k", .string("ml-100k")),
      ("a=", .string("")),
      ("a='x y'", .string("x y")), ("a=True", .boolean(true)), ("a=b+1", .string("b+1")),
    ] as [(String, Literal)])
  func `bindings are values or texts`(_ text: String, _ value: Literal) {
    #expect(ScriptOptions.Binding(text)?.value == value)
  }

  @Test(arguments: ["a", "=5", "1=2", "a.b=3", "true=1"])
  func `bindings need a name`(_ text: String) {
    #expect(ScriptOptions.Binding(text) == nil)
  }

  @Test func `cells that need data that is not there are skipped`() throws {
    let run = try Run(
      "%% id=a needs=ml-100k\nload ml-100k\nx = 1\n%% id=b\nx\n%% id=c needs=demo\n2\n")
    #expect(run.printed == ["2"])
    #expect(
      run.told == [
        "note: ml-100k is not installed: cells that need it are skipped",
        "  help: load ml-100k at the prompt fetches it",
        "a.collab:5: skipped (needs `x`, cell a was skipped)",
      ])
    #expect(run.report.missingData == ["ml-100k"])
    #expect(run.report.outcome == .finished)
  }

  @Test func `leaving ends a run without failure`() throws {
    let run = try Run("1\nquit\n2\n")
    #expect(run.printed == ["1"])
    #expect(run.report.outcome == .quit)
  }

  // MARK: Size

  @Test func `a hundred thousand lines run`() throws {
    let text = (0..<100_000).map { "x = \($0)" }.joined(separator: "\n") + "\nx\n"
    #expect(try Run(text).printed == ["99999"])
    let cells = (0..<20_000).map { "%%\nx = \($0)\n#: empty" }.joined(separator: "\n") + "\n"
    #expect(try Run(cells) { $0.checks = true }.report.count(.ok) == 20_000)
  }

  @Test(
    arguments: [
      ("x = [" + String(repeating: "1,", count: 5_000_000) + "1]\n", "too-long"),
      ("x = " + String(repeating: "(", count: 400_000) + "1\n", "too-deep"),
      ("x = " + String(repeating: "-", count: 900_000) + "1\n", "too-deep"),
    ].map(Refused.init))
  func `refuses`(_ text: Refused) throws {
    // A diagnostic holds the text, which is too long to be shown when something is wrong.
    var code: String?
    do { _ = try Run(text.text) } catch let error as Diagnostic { code = error.code }
    #expect(code == text.code)
  }

  struct Refused: CustomTestStringConvertible {
    let text: String
    let code: String

    var testDescription: String { "\(text.prefix(8))… with \(code)" }
  }
}

struct RecordingTests {
  @Test func `a file in which all matches does not change`() throws {
    let text =
      "#!x\n\n%%  md id=a\nprose  \n%% code   id=b\n1 +  1\n\n#>2  \n[1.25, 2]\n#> [1.2…\nx = 3\n4\n5 # c\n#: tol=1\n#>   5"
    for text in [
      text, text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"),
    ] {
      #expect(try Run.recorded(text) == text)
    }
  }

  @Test func `only lines that differ change`() throws {
    let text = "print '1 2.5\\n2 00:10\\n3'\n#>1 …\n#>   2  00:07\n#> 4  \n6\n7\n#> 7.\n"
    #expect(
      try Run.recorded(text) == "print '1 2.5\\n2 00:10\\n3'\n#>1 …\n#> 2 00:10\n#> 3\n6\n7\n#> 7\n"
    )
  }

  @Test func `times stay as they were written`() throws {
    let text =
      "print 'loss time and more\\n0.5 00:10 1.2 s'\n#> loss time and more\n#> 0.7 00:01 3 ms\n"
    #expect(
      try Run.recorded(text)
        == "print 'loss time and more\\n0.5 00:10 1.2 s'\n#> loss time and more\n#> 0.5 00:01 3 ms\n"
    )
  }

  @Test func `a first recording adds everything`() throws {
    #expect(
      try Run.recorded("1\nx = 2\nx;\n3\n#: check=off\n# note\nprint 'a\\n\\nb'")
        == "1\n#> 1\nx = 2\nx;\n3\n#: check=off\n# note\nprint 'a\\n\\nb'\n#> a\n#>\n#> b")
  }

  @Test func `later outputs are added when asked for`() throws {
    #expect(try Run.recorded("1\n#> 1\n2\n") == "1\n#> 1\n2\n")
    #expect(try Run.recorded("1\n#> 1\n2\n", all: true) == "1\n#> 1\n2\n#> 2\n")
  }

  @Test func `errors are recorded with their advice`() throws {
    #expect(
      try Run.recorded(
        "zebra_stripes = 1\nzebra_stripes\n#> 2\nzebra_stripe\n4\n#> 5\n", keepGoing: true)
        == "zebra_stripes = 1\nzebra_stripes\n#> 1\nzebra_stripe\n#> error[unknown-name]: there is no variable or function `zebra_stripe`\n"
        + "#>   help: did you mean `zebra_stripes`?\n4\n#> 5\n")
    let text = "%%\nzebra_stripes = 1\nzebra_stripe\n#> 2\n%%\n4\n#> 5\n"
    #expect(
      try Run.recorded(text, keepGoing: true)
        == "%%\nzebra_stripes = 1\nzebra_stripe\n#> error[unknown-name]: there is no variable or function `zebra_stripe`\n"
        + "#>   help: did you mean `zebra_stripes`?\n%%\n4\n#> 4\n")
  }

  @Test func `a line of any number of lines stays`() throws {
    let text = "print 'a\\nb\\nc\\nd 2'\n#> a\n#> …\n#> d 1\n"
    #expect(try Run.recorded(text) == "print 'a\\nb\\nc\\nd 2'\n#> a\n#> …\n#> d 2\n")
  }

  @Test func `recording twice changes nothing more`() throws {
    for text in [
      "1\n2\n#> 3\n", "print 'a\\nb'\n#> …\n#> c\n", "1\r\n#> 2\r\n2", "%%\n1\n\n\n#> 4",
    ] {
      let once = try Run.recorded(text)
      #expect(try Run.recorded(once) == once)
      #expect(try Run(once) { $0.checks = true }.report.outcome == .finished, "\(once)")
    }
  }
}

struct FormattingTests {
  private let parser = Session.registry.parser()

  private func formatted(_ text: String) throws -> String? {
    try ScriptFile(Source(text, name: "a"), parser: parser).formatted(readBy: parser)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `markers and blank lines get one form`() throws {
    let text =
      "#!x\n\n\n\n%%   md    id=a   title='x  y'\n\n\nprose  \n\n\n\nmore\n\n\n%%code id=b\n\n1 +  1  \n\n#>2\n#:  tol=1   order=any\n\n\n# c\t\n%% raw\n\n a \n\n\n b\n%%\n"
    #expect(
      try formatted(
        text.replacing("#>2\n#:  tol=1   order=any\n", with: "#:tol=1   order=any\n#>2\n"))
        == "#!x\n\n%% md id=a title='x  y'\nprose  \n\n\n\nmore\n\n%% code id=b\n1 +  1\n#: tol=1 order=any\n#> 2\n\n# c\n\n%% raw\n a \n\n\n b\n\n%%\n"
    )
  }

  @Test func `long texts and models stay as they are`() throws {
    let text = "x = \"\"\"a  \n\n\n b\"\"\"\nmodel T {\n\n\n    a = 1\n}\n\n\n\nx\n"
    #expect(
      try formatted(text) == "x = \"\"\"a  \n\n\n b\"\"\"\nmodel T {\n\n\n    a = 1\n}\n\nx\n")
  }

  @Test func `mistakes that are meant stay`() throws {
    #expect(
      try formatted("ftt   5  \n#> error[unknown-command]: …\n")
        == "ftt   5\n#> error[unknown-command]: …\n")
  }

  @Test func `formatting twice changes nothing more`() throws {
    var generator = SystemRandomNumberGenerator()
    let lines = [
      "%% md id=a", "%%", "%%  code", "", "  ", "x = 1  ", "x", "#>  1", "#:tol=1", "# c",
      "\"\"\"a", "b\"\"\"",
      "f(", ")", "%% raw", "\\%% x", "model T { a = 1 }", "\r",
    ]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0..<12, using: &generator))
        .map { _ in lines.randomElement(using: &generator) ?? "" }.joined(separator: "\n")
      guard let file = try? ScriptFile(Source(text, name: "a"), parser: parser) else { continue }
      guard let once = file.formatted(readBy: parser) else {
        Issue.record("cannot be formatted: \(text.debugDescription)")
        continue
      }
      let twice = try ScriptFile(Source(bytes: once, name: "a"), parser: parser)
        .formatted(readBy: parser)
      #expect(twice == once, "\(text.debugDescription)")
    }
  }
}
