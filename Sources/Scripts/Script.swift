import CollabInterpreter
public import CollabNotebook
public import CollabLanguage
import CollabText

/// A file that is ready to run: everything in it was read and understood.
///
///     let script = try Script(source, for: session)
///     let report = ScriptRunner(session, ScriptOptions()).run(script)
public struct Script: Sendable {
  /// The file and its cells.
  public let file: ScriptFile
  /// How each line of statements is checked, cell by cell.
  let checks: [[LineCheck]]

  /// Reads a file.
  ///
  /// Names that it defines are not known yet, so it reads the same whatever ran before.
  ///
  /// - Parameters:
  ///   - source: the text of the file.
  ///   - session: what its statements will be run by.
  ///   - keepsMistakes: whether a cell that cannot be read is kept, and fails when it runs.
  /// - Throws: the first mistake.
  public init(
    _ source: Source, for session: Session, keepsMistakes: Bool = false
  ) throws(Diagnostic) {
    try Script.checkSize(of: source)
    file = try ScriptFile(source, parser: session.parser, keepsMistakes: keepsMistakes)
    var checks: [[LineCheck]] = []
    for cell in file.cells {
      var lines: [LineCheck] = []
      for line in cell.code.lines { lines.append(try LineCheck(line, in: cell, of: source)) }
      checks.append(lines)
    }
    self.checks = checks
  }

  /// Whether any output is recorded.
  public var hasRecordings: Bool {
    file.cells.contains { $0.code.lines.contains { $0.recording.output != nil } }
  }

  /// - Throws: what is too long, without the text: drawing it would take longer than reading it.
  private static func checkSize(of source: Source) throws(Diagnostic) {
    guard source.bytes.count <= ScriptFile.limits.file else {
      throw Diagnostic(
        "too-long", "\(source.name) is larger than \(ScriptFile.limits.file >> 20) MB")
    }
    guard source.bytes.count > ScriptFile.limits.line else { return }
    for number in 1...source.lineCount where source.lineRange(number).count > ScriptFile.limits.line
    {
      throw Diagnostic(
        "too-long",
        "line \(grouped(number)) of \(source.name) is longer than \(ScriptFile.limits.line >> 20) MB",
        help: ["keep large data in a file and read it"])
    }
  }
}

/// How the output of one line of statements is checked.
struct LineCheck: Sendable, Equatable {
  /// How lines are compared.
  var comparison = OutputComparison.Options()
  /// Whether output is compared at all.
  var isOn = true
  /// Whether there may be no output.
  var demandsNothing = false
  /// The seconds that the line may take.
  var timeout: Double?
  /// The seconds that its cell may take.
  var cellTimeout: Double?

  /// Reads the `#:` line below statements; what it does not say, the marker of the cell says.
  init(_ line: StatementLine, in cell: Cell, of source: Source) throws(Diagnostic) {
    for attribute in cell.attributes { try read(attribute, in: source) }
    (cellTimeout, timeout) = (timeout, nil)
    for attribute in line.recording.options { try read(attribute, in: source) }
    guard demandsNothing, line.recording.output != nil else { return }
    throw Diagnostic(
      "bad-attribute", "`empty` says that there is no output, but some is recorded",
      at: line.recording.options.first { $0.name == "empty" }?.range, in: source)
  }

  private mutating func read(_ attribute: Attribute, in source: Source) throws(Diagnostic) {
    func problem(_ expected: String) -> Diagnostic {
      Diagnostic(
        "bad-attribute", "`\(attribute.name)` takes \(expected)", at: attribute.range, in: source)
    }
    let value = attribute.value ?? ""
    func number() throws(Diagnostic) -> Double {
      guard let number = Double(value), number.isFinite, number >= 0, !value.contains("x") else {
        throw problem("a number, not below zero")
      }
      return number
    }
    switch attribute.name {
    case "tol": comparison.tolerance = try number()
    case "rtol": comparison.relativeTolerance = try number()
    case "timeout": timeout = try number()
    case "check":
      guard ["on", "off"].contains(value) else { throw problem("on or off") }
      isOn = value == "on"
    case "order":
      guard ["any", "fixed"].contains(value) else { throw problem("any or fixed") }
      comparison.ignoresOrder = value == "any"
    case "empty": demandsNothing = true
    default: break
    }
  }
}
