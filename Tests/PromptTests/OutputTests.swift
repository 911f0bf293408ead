internal import Glibc
import TestSupport
import Testing

/// Where the program's bytes go: devices, pipes, links, limits, and a terminal that acts on some.
@Suite(
  .enabled(if: PseudoTerminal.isAvailable, "this system gives no pseudo-terminal"),
  .serialized)
struct OutputTests {
  private let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  private var program: String { PseudoTerminal.path(ofProduct: "collab") }

  /// Runs commands of a shell in the folder, and gives back their status and what they print.
  private func shell(_ script: String) throws -> (status: Int32?, text: String) {
    let terminal = try PseudoTerminal(
      running: .shell(
        "cd \(home.path); export HOME=\(home.path) NO_COLOR=1; collab=\(program)\n\(script)"))
    let status = terminal.exitStatus()
    return (status, String(decoding: terminal.output, as: UTF8.self))
  }

  private func prompt() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      running: .product(
        "collab",
        setting: ["HOME": home.path, "XDG_STATE_HOME": home.path + "/state", "NO_COLOR": "1"]))
    #expect(terminal.shows("collab[1]> "))
    return terminal
  }

  /// The sequences and marks that are not the editor's own.
  private func foreign(in terminal: PseudoTerminal) -> [String] {
    let text = String(decoding: terminal.output, as: UTF8.self)
    return [
      "\u{1B}[2J", "\u{1B}]", "\u{9B}", "\u{7}Evil", "\u{202E}", "\u{2028}", "\u{E}", "\u{7F}",
    ]
    .filter(text.contains)
  }

  // MARK: Lost output

  @Test(arguments: [
    "run x.collab", "-c '1 + 1'", "help fit", "help", "--help", "--version", "check x.collab",
    "html x.collab -o -", "ipynb x.collab -o -", "fmt - < x.collab", "help --markdown",
    "< x.collab", "record y.collab", "run --timings --quiet x.collab",
  ])
  func `output that a full device does not take is an error`(_ arguments: String) throws {
    home.write("x.collab", "print  'a'\n")
    home.write("y.collab", "print 'a'\n")
    let (status, text) = try shell("$collab \(arguments) > /dev/full")
    #expect(status == 74)
    #expect(text == "error: standard output cannot be written: No space left on device\r\n")
  }

  @Test func `a closed pipe is silence`() throws {
    let (_, text) = try shell(
      "($collab help; echo $? >&2) | true; ($collab -c 'for_ = zeros(1); print(for_)' || echo $? >&2) | true"
    )
    #expect(text.split(separator: "\r\n").allSatisfy { $0 == "141" }, "\(text)")
  }

  @Test func `a limit for the size of files is an error that leaves nothing`() throws {
    home.write("x.collab", "print 'a'\n")
    let (status, text) = try shell("ulimit -f 1; $collab html x.collab -o page.html")
    #expect(status == 4)
    #expect(text.contains("`page.html` cannot be written: File too large"))
    let (_, names) = try shell("ls -A")
    #expect(!names.contains("page") && !names.contains(".collab-"))
  }

  // MARK: Files

  @Test func `what is no file is written to, and what is a link stays one`() throws {
    home.write("x.collab", "print 'a'\n")
    let (status, text) = try shell(
      """
      mknod null c 1 3 2>/dev/null || ln -s /dev/null null
      $collab html x.collab -o null && test -c null && echo device
      ln -s page.html link && $collab html x.collab -o link && test -L link && test -s page.html && echo link
      chmod 600 page.html && $collab html x.collab -o page.html && stat -c %a page.html
      (umask 077; $collab html x.collab -o own.html && stat -c %a own.html)
      $collab html x.collab -o /dev/stdout | head -c 15; echo
      echo text > thesis.txt; $collab html x.collab -o thesis.txt; cat thesis.txt
      $collab html x.collab -o thesis.txt --overwrite && head -c 15 thesis.txt
      """)
    #expect(status == 0)
    #expect(
      text == """
        device\r
        link\r
        600\r
        600\r
        <!DOCTYPE html>\r
        error[exists]: there is a file `thesis.txt` already, which is no HTML page\r
          help: -o names another place, --overwrite replaces it\r
        text\r
        <!DOCTYPE html>
        """)
  }

  // MARK: Options and files that are not as expected

  @Test(
    arguments: [
      ("-c '-5'", 0, "-5\r\n"), ("-c -5", 0, "-5\r\n"),
      (
        "--data /proc/nonexistent -c 1", 2,
        "error[no-file]: --data: no folder `/proc/nonexistent`\r\n"
      ),
      ("run .", 4, "error[no-file]: `.` cannot be read: Is a directory\r\n"),
      ("run /proc/nonexistent/x", 4, "error[no-file]: no file `/proc/nonexistent/x`\r\n"),
      ("run /dev/zero", 4, "error[too-long]: `/dev/zero` is larger than 64 MB\r\n"),
    ] as [(String, Int32, String)])
  func `what cannot be meant is told as it is`(
    _ arguments: String, _ expected: Int32, _ output: String
  ) throws {
    let (status, text) = try shell("$collab \(arguments)")
    #expect(status == expected)
    #expect(text == output)
  }

  @Test(.enabled(if: geteuid() != 0, "nothing is forbidden to the superuser"))
  func `what may not be read is not said to be missing`() throws {
    home.write("x.collab", "1\n")
    let (status, text) = try shell("chmod 000 x.collab; $collab run x.collab")
    #expect(status == 4)
    #expect(text == "error[no-file]: `x.collab` cannot be read: Permission denied\r\n")
  }

  @Test func `a history that is a pipe does not keep the prompt waiting`() throws {
    home.write("state/collab/other", "")
    mkfifo(home.path + "/state/collab/history", 0o600)
    let terminal = try prompt()
    terminal.type("1 + 1\r")
    #expect(terminal.shows("\r\n2\r\n"))
  }

  // MARK: Stopping

  @Test(arguments: ["run pipe", "check pipe", "html pipe", "teach pipe --auto", "-c 'run pipe'"])
  func `control-C ends a wait for a pipe`(_ arguments: String) throws {
    mkfifo(home.path + "/pipe", 0o600)
    let terminal = try PseudoTerminal(
      running: .shell("cd \(home.path); HOME=. \(program) \(arguments); echo status $?"))
    usleep(1_000_000)
    terminal.type("\u{3}")
    #expect(terminal.shows("status 130"))
  }

  @Test(arguments: [
    "run x.collab", "teach x.collab --auto", "check x.collab", "html x.collab", "-c 'run x.collab'",
  ])
  func `control-C in the last statement leaves with 130`(_ arguments: String) throws {
    home.write(
      "x.collab",
      "%% code id=a\nload demo; dataloaders; learner dotbias\nprint 'begins'; fit 5000 5e-3\n")
    let terminal = try PseudoTerminal(
      running: .shell("cd \(home.path); HOME=. \(program) \(arguments); echo status $?"))
    usleep(3_000_000)
    terminal.type("\u{3}")
    #expect(terminal.shows("status 130"))
  }

  // MARK: Escapes

  private static let evil =
    "\u{1B}[2J\u{1B}]0;pwn\u{7}Evil\u{9B}31m\u{7F}\u{202E}abc\u{2028}x\u{8}\u{E}"

  @Test func `Tab sends nothing that the terminal obeys`() throws {
    let rows = (0..<4).map { "\($0),\(Self.evil)t\($0),\($0)" }
    home.write("evil.csv", "user,title,\(Self.evil)\n" + rows.joined(separator: "\n") + "\n")
    let terminal = try prompt()
    terminal.type("ratings = read_csv('\(home.path)/evil.csv')\r")
    #expect(terminal.shows("collab[2]> "))
    terminal.type("print(ratings)\r")
    #expect(terminal.shows("␛[2J␛]0;pwn␇Evil"))
    #expect(terminal.shows("collab[3]> "))
    for text in ["similar ", "ratings.", "ratings['", "ratings.select('", "head ratings sort="] {
      terminal.type(text + "\t\t")
      usleep(200_000)
      terminal.type("\u{15}")
    }
    terminal.type("print 'ready'\r")
    #expect(terminal.shows("\r\nready\r\n"))
    #expect(foreign(in: terminal) == [])
  }

  @Test func `a statement of the history is drawn, not obeyed`() throws {
    home.write("state/collab/history", "print '\(Self.evil)'\n")
    let terminal = try prompt()
    terminal.type("\u{1B}[A")
    #expect(terminal.shows("Evil"))
    terminal.type("\r")
    #expect(terminal.shows("collab[2]> "))
    terminal.type("history\r")
    #expect(terminal.shows("collab[3]> "))
    #expect(foreign(in: terminal) == [])
  }

  @Test(arguments: [
    "'\(evil)'", "run '\(evil)'", "'--\(evil)' x", "--color '\(evil)'",
    "run x --set '\(evil)'", "--data '\(evil)' -c 1", "-c 'print \(evil)'", "teach '\(evil)'",
    "run x.collab --from '\(evil)'", "help '\(evil)'", "html '\(evil)' -o x", "fmt '\(evil)'",
  ])
  func `a mistake on the command line is shown without what a terminal obeys`(
    _ arguments: String
  ) throws {
    home.write("x.collab", "1\n")
    let terminal = try PseudoTerminal(
      running: .shell("cd \(home.path); HOME=. NO_COLOR=1 \(program) \(arguments)"))
    #expect(terminal.exitStatus() != 0)
    #expect(foreign(in: terminal) == [])
  }
}
