import FoundationEssentials
import Testing

@Suite(.enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"))
struct ProgramTests {
  private static let good = "%% id=a\nx = 1.25\nx\n#> 1.25\n%% id=b\nx + 1\n#> 2.2…\n"

  @Test(arguments: [
    ("run good", 0), ("check good", 0), ("run --check good", 0), ("check bad", 1), ("run bad", 0),
    ("run error", 1), ("check error good", 1), ("run broken", 4), ("run good broken", 4),
    ("run missing", 4), ("run .", 4), ("run", 2), ("run --from c good", 2), ("run --set 5 good", 2),
    ("run --threads 0 good", 2), ("check needs", 0), ("check --skip-missing needs", 77),
    ("check --skip-missing needs bad", 1), ("record -", 2), ("record error", 1), ("fmt broken", 4),
    ("run - <good", 0), ("run - <broken", 4), ("run /dev/zero", 4), ("<good", 0), ("<error", 1),
    ("html good", 0), ("html error", 1), ("html --keep-going error", 1), ("html broken", 4),
    ("html missing", 4), ("html needs", 0), ("html good -o no/where.html", 4), ("html - <good", 0),
    ("ipynb good", 0), ("ipynb --no-run error", 0), ("ipynb error", 1), ("ipynb broken", 4),
    ("ipynb --import good", 4), ("teach good --auto", 0), ("teach error --auto", 1),
    ("teach broken --auto", 4), ("teach missing", 4), ("teach good --auto --steps good", 2),
  ])
  func `leaves with`(_ command: String, _ code: Int32) throws {
    let workspace = try ProgramFolder()
    try workspace.write("good", Self.good)
    try workspace.write("bad", "1\n#> 2\n")
    try workspace.write("error", "1\ny\n2\n")
    try workspace.write("broken", "1\n(\n")
    try workspace.write("needs", "%% needs=ml-100k\nload ml-100k\n")
    let result = try workspace.shell("collab \(command)")
    #expect(result.code == code, "\(result.output)")
    if code == 4 { #expect(!result.output.hasPrefix("1\n")) }
  }

  @Test func `a page stands beside its notebook, and a notebook comes back`() throws {
    let workspace = try ProgramFolder()
    let text = "%% md id=a\n# A & <b>\n\n%% code id=b title='T'\n6 * 7\n"
    try workspace.write("n.collab", text)
    #expect(
      try workspace.shell("collab html n.collab; collab ipynb n.collab; ls").output
        == "n.collab\nn.html\nn.ipynb\n")
    #expect(try workspace.read("n.html").contains("<h1 id=\"a-b\">A &amp; &lt;b&gt;</h1>"))
    #expect(try workspace.read("n.html").contains(">42</pre>"))
    #expect(try workspace.shell("collab ipynb --import n.ipynb -o back; cat back").output == text)
    #expect(try workspace.shell("collab html n.collab -o - | cmp - n.html").code == 0)
  }

  @Test func `a page of a run that failed is written up to there, and says so`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("n", "1 + 1\n\nnothing\n\n# the end\n")
    let result = try workspace.shell("collab html n -o n.html")
    #expect(result.output.hasPrefix("error[unknown-name]"))
    let page = try workspace.read("n.html")
    #expect(page.contains(">2</pre>") && page.contains("unknown-name") && page.contains("the end"))
  }

  @Test func `lines of a file are typed into a lesson, which goes on after quit`() throws {
    let workspace = try ProgramFolder()
    try workspace.write(
      "lesson", "%% code id=a\nx = 2\n%% q id=b kind=number\nTwice x?\nright: 4\nhint: Add.\n")
    try workspace.write("steps", "⏎\n3\nhint\nquit\n1\nx + x\n")
    let result = try workspace.shell("collab teach lesson --steps steps")
    #expect(result.code == 0)
    let said = [
      "Not yet.", "hint 1/1: Add.", "saved at 2/2", "Welcome back.", "Right.",
      "That was the last step",
    ]
    let places = said.map { result.output.firstRange(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil }, "\(result.output)")
    #expect(places.compactMap(\.self).sorted() == places.compactMap(\.self))
  }

  @Test func `a check ends with a count and with what to do`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("a b", "%% id=x\n0.5\n#> 0.7\n%%\n1\n")
    let output = try workspace.shell("collab check 'a b'").output
    let time = try #require(output.split(separator: "·").last?.split(separator: "\n").first)
    #expect(
      output == """
        FAIL  a b:2  x
          0.5
        - 0.7
        + 0.5
          ^^^ off by 0.2, allowed 0.1
        1 of 2 cells differs · 1 ok ·\(time)
          help: `collab record 'a b'` accepts the new output

        """)
  }

  @Test func `output is the same with colours as without, colours aside`() throws {
    let workspace = try ProgramFolder()
    try workspace.write(
      "a", "%% md\n# Title\n%%\nload demo\nhead ratings\ny\n#> error[unknown-name]…\n")
    let plain = try workspace.shell("collab run --echo a").output
    let colored = try workspace.shell("collab run --echo --color always a").output
    #expect(colored != plain)
    let command = "collab run --echo --color always a | sed 's/\\x1b\\[[0-9;]*m//g'"
    #expect(try workspace.shell(command).output == plain)
    #expect(try workspace.shell("COLUMNS=40 collab run --echo a").output == plain)
  }

  @Test func `a reader that stops ends the run quietly`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("a", (0..<20_000).map { "\($0)\n" }.joined())
    let result = try workspace.shell("collab run a | head -n 1; exit ${PIPESTATUS[0]}")
    #expect(result.output == "0\n")
    #expect(result.code == 141)
  }

  @Test func `an interrupt ends the run`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("a", "load demo; dataloaders; learner dotbias;\n1\nfit 100000\n2\n")
    let result = try workspace.shell(
      "'\(try #require(ProgramFolder.program))' run a & sleep 1; kill -INT $!; wait $!")
    #expect(result.code == 130)
    #expect(!result.output.hasSuffix("\n2\n"))
  }

  @Test func `an interrupt ends a run whose output nobody reads`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("a", "for i in range(100000): print('a line that fills the pipe', i)\n")
    // Nobody opens the other end for reading but to keep it open.
    let result = try workspace.shell(
      "mkfifo p; exec 3<>p; '\(try #require(ProgramFolder.program))' run a >p & "
        + "sleep 1; kill -INT $!; wait $!")
    #expect(result.code == 130)
  }

  @Test func `recording changes what differs and keeps the rest`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("good", Self.good)
    let before = try workspace.shell("stat -c %i,%Y,%a good").output
    #expect(try workspace.shell("collab record good").output == "good: unchanged\n")
    #expect(try workspace.shell("stat -c %i,%Y,%a good").output == before)
    try workspace.write("bad", Self.good + "x = 3 # three\n\nx\n#> 4\n")
    #expect(try workspace.shell("chmod 640 bad; ln -s bad link; collab record link").code == 0)
    #expect(try workspace.read("bad") == Self.good + "x = 3 # three\n\nx\n#> 3\n")
    #expect(
      try workspace.shell("stat -c %a bad; test -L link; ls").output
        == "640\nbad\ngood\nlink\n")
  }

  @Test func `a file with an error is recorded only by force`() throws {
    let workspace = try ProgramFolder()
    let text = "%%\n1\n#> 2\n%%\nqqqq\n%%\n3\n#> 4\n"
    try workspace.write("a", text)
    #expect(try workspace.shell("collab record a").code == 1)
    #expect(try workspace.read("a") == text)
    #expect(try workspace.shell("collab record --force a").code == 1)
    #expect(
      try workspace.read("a")
        == "%%\n1\n#> 1\n%%\nqqqq\n#> error[unknown-name]: there is no variable or function `qqqq`\n%%\n3\n#> 3\n"
    )
    #expect(try workspace.shell("collab check a").code == 0)
  }

  @Test func `formatting rewrites files and filters`() throws {
    let workspace = try ProgramFolder()
    try workspace.write("a", "%%   code\r\n1\r\n#>1\r\n")
    #expect(try workspace.shell("collab fmt - <a").output == "%% code\n1\n#> 1\n")
    #expect(try workspace.shell("collab fmt a; collab fmt a").output == "a: formatted\n")
    #expect(try workspace.read("a") == "%% code\n1\n#> 1\n")
  }
}

@Suite(.enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"))
struct MalformedFileTests {
  @Test func `a block that stays open is shown where it begins, and nothing runs`() throws {
    let folder = try ProgramFolder()
    try folder.write(
      "models.collab",
      "%% code\nprint 'hello'\nmodel DotProduct(nu, ni, nf) {\n  x = 1\n\n%% md\nText.\n")
    let (output, code) = try folder.shell("collab run models.collab")
    #expect(code == 4)
    #expect(
      output == """
        error[unclosed]: `{` is never closed
          --> models.collab:3:30
        3 | model DotProduct(nu, ni, nf) {
          |                              ^ opened here
          | the cell ends at line 6 (`%% md`)
        nothing was run

        """)
  }

  @Test func `a row of another form is shown with its line`() throws {
    let folder = try ProgramFolder()
    try folder.write("u.data", "1\t2\t3\t4\n1\t2\t3\n")
    try folder.write("a.collab", "ratings = read_csv u.data delimiter='\\t' header=none\n")
    let (output, code) = try folder.shell("collab run a.collab")
    #expect(code == 1)
    #expect(output.contains("error[bad-row]: u.data:2: expected 4 tab-separated fields, found 3\n"))
    #expect(output.contains("  help: skip_bad=true leaves such rows out\n"))
  }
}
