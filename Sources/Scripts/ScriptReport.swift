import CollabLanguage
public import CollabDocuments
import CollabText

/// What came of running a script.
public struct ScriptReport: Sendable {
  /// What came of a cell.
  public enum Status: Sendable, Equatable {
    /// It ran, and its output is what was recorded.
    case ok
    /// Its output is not what was recorded.
    case differs
    /// A statement failed.
    case failed
    /// It was left out, or needs something that an earlier cell did not make.
    case skipped
    /// The script ended before it.
    case notRun
  }

  /// One cell of statements.
  public struct CellResult: Sendable {
    /// Its place among the cells of the file.
    public let index: Int
    /// Its id.
    public let id: String
    /// The line of the file on which it begins.
    public let line: Int
    /// What came of it.
    public internal(set) var status = Status.notRun
    /// How long it took, in seconds.
    public internal(set) var seconds = 0.0
    /// What came of its lines, as far as they ran; for recording.
    var lines: [LineResult] = []
  }

  /// What a line of statements printed.
  struct LineResult: Sendable {
    let index: Int
    /// The output as it would be recorded.
    let output: [String]
    /// How it compares with what is recorded; nil if it is not compared.
    let comparison: OutputComparison?
    /// Whether it ends with an error that is not recorded.
    let hasError: Bool
  }

  /// The script.
  public let script: Script
  /// Its cells of statements that were to run, in order.
  public internal(set) var cells: [CellResult]
  /// How it ended.
  public internal(set) var outcome = ScriptOutcome.finished
  /// How long it took, in seconds.
  public internal(set) var seconds = 0.0
  /// Data sets that cells need and that are not installed.
  public internal(set) var missingData: [String] = []
  /// Questions that were checked.
  public internal(set) var questionCount = 0
  /// Questions that cannot be answered, or accept an answer that is listed as wrong.
  public internal(set) var badQuestionCount = 0
  /// Whether a statement failed that was not expected to.
  public internal(set) var hasErrors = false

  /// How many cells have a status.
  public func count(_ status: Status) -> Int { cells.count { $0.status == status } }
}

// MARK: - In words

extension ScriptReport {
  /// The last line of a check: `1 of 52 cells differs · 51 ok · 48.2 s`.
  public var summary: String {
    let (differing, failed) = (count(.differs), count(.failed))
    let total = counted(cells.count, "cell")
    var parts: [String] = []
    func add(_ count: Int, _ word: String) {
      if count > 0 { parts.append("\(grouped(count)) \(word)") }
    }
    switch (differing, failed) {
    case (0, 0) where count(.ok) == cells.count: parts.append("\(total) ok")
    case (0, 0): add(count(.ok), "of \(total) ok")
    case (_, 0):
      add(differing, "of \(total) \(differing == 1 ? "differs" : "differ")")
      add(count(.ok), "ok")
    case (0, _):
      add(failed, "of \(total) failed")
      add(count(.ok), "ok")
    default:
      add(differing + failed, "of \(total) failed or \(differing == 1 ? "differs" : "differ")")
      add(count(.ok), "ok")
    }
    add(count(.skipped), "skipped")
    add(count(.notRun), "not run")
    if parts.isEmpty { parts.append(total) }
    switch (questionCount, badQuestionCount) {
    case (0, _): break
    case (_, 0): add(questionCount, questionCount == 1 ? "question ok" : "questions ok")
    default: add(badQuestionCount, "of \(grouped(questionCount)) questions failed")
    }
    return (parts + ["\(fixed(seconds, 1)) s"]).joined(separator: " · ")
  }

  /// The seconds that each cell took.
  public var timings: Block {
    let shown = cells.filter { $0.status != .notRun && $0.status != .skipped }
    return .table(
      TableBlock(
        columns: [.number("line"), .text("cell"), .number("seconds")],
        rows: shown.map { ["\($0.line)", $0.id, fixed($0.seconds, 2)] },
        footer: "\(fixed(seconds, 2)) s in all"))
  }
}
