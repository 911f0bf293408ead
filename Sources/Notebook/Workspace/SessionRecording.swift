import CollabInterpreter
import Collab
import CollabLanguage
package import CollabDocuments

/// A script that grows with a session: statements that succeeded, and below each what it printed.
///
/// Every statement is written as soon as it has run, so that nothing is lost. Output is recorded as a
/// pipe would get it.
final class SessionRecording {
  /// The file, as the user wrote it.
  let path: String
  private let search: DataSearch
  private var printed = ""
  /// Whether the next statement is the first of what was typed at once.
  private var beginsCell = true
  /// The statements of a line that ran so far, and what each printed.
  private var line: [(text: String, output: String)] = []
  private var whole: (text: String, count: Int)?

  init(_ path: String, in search: DataSearch) throws {
    (self.path, self.search) = (path, search)
    // Whoever begins has asked already whether something is there.
    try FileText.write(
      Array("#!/usr/bin/env -S collab run\n".utf8), as: .script, to: path, overwrites: true,
      in: search)
  }

  /// Takes what a statement prints.
  func print(_ text: String) { printed += text }

  /// What follows is typed at once.
  func beginCell() { beginsCell = true }

  /// What follows stands on one line.
  func beginLine() {
    printed = ""
    line = []
    whole = nil
  }

  /// Takes a statement that has run.
  func add(_ statement: Statement, of line: StatementLine, in source: Source) {
    let ending = statement.isSuppressed ? ";" : ""
    self.line.append((source.text(in: statement.range) + ending, printed))
    whole = (source.text(in: line.range), line.statements.count)
    printed = ""
  }

  /// Writes the line; if a statement of it failed, those before it each on a line of its own.
  func endLine() throws {
    guard let whole, let last = line.last else { return }
    var statements = line
    if whole.count == line.count {
      let ending = last.text.hasSuffix(";") && !whole.text.hasSuffix(";") ? ";" : ""
      statements = [(whole.text + ending, line.map(\.output).joined())]
    }
    var text = beginsCell ? "\n" : ""
    for (statement, output) in statements {
      text += statement + "\n"
      var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last == "" { lines.removeLast() }
      for line in lines { text += line.isEmpty ? "#>\n" : "#> \(line)\n" }
    }
    beginsCell = false
    line = []
    try FileText.append(text, to: path, in: search)
  }
}

extension Session {
  /// Records what is typed from the next statement on.
  func beginRecording(to path: String) throws {
    let destination = self.destination
    recording = try SessionRecording(path, in: dataSearch)
    self.destination = destination
  }

  /// Ends a recording, if there is one.
  func endRecording() {
    let destination = self.destination
    recording = nil
    self.destination = destination
  }

  /// Where output goes, beside a recording that hears it too.
  package var destination: any Output {
    get { (output as? TeeOutput)?.first ?? output }
    set {
      output = recording.map { TeeOutput(newValue, PlainRenderer(to: $0.print)) } ?? newValue
    }
  }

  /// Sends output elsewhere while something runs.
  ///
  /// A recording goes on hearing it, whether it began before or begins meanwhile; afterwards output goes
  /// where it went. Whatever sends output elsewhere for a time does it by this.
  package func withOutput<Result, Failure: Error>(
    _ other: any Output, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = destination
    destination = other
    defer { destination = outer }
    return try body()
  }
}

/// An output that passes on all it is given to two others; progress only to the first.
private final class TeeOutput: Output {
  let first: any Output
  private let second: any Output

  init(_ first: any Output, _ second: any Output) { (self.first, self.second) = (first, second) }

  func write(_ block: Block) {
    first.write(block)
    second.write(block)
  }

  func begin(_ table: LiveTable) {
    first.begin(table)
    second.begin(table)
  }

  func append(row cells: [String]) {
    first.append(row: cells)
    second.append(row: cells)
  }

  func end() {
    first.end()
    second.end()
  }

  func progress(_ progress: Progress?) { first.progress(progress) }

  func watch(_ picture: Plot?) { first.watch(picture) }
}
