import CollabDocuments

/// The output of a session that runs a script: what statements print is passed on, and kept as it
/// would be recorded.
final class ScriptOutput: Output {
  private let destination: any Output
  /// Whether blocks are passed on; progress always is.
  var isPrinting = true
  /// Whether a statement has printed something since this was last set.
  var hasPrinted = false
  /// Whether text is kept.
  private let isKeeping: Bool
  private let kept = KeptText()
  private let renderer: PlainRenderer

  private final class KeptText {
    var text = ""
  }

  init(_ destination: any Output, isKeeping: Bool) {
    (self.destination, self.isKeeping) = (destination, isKeeping)
    // Notes and warnings go to standard error, so that they are not recorded.
    renderer = PlainRenderer(to: { [kept] in kept.text += $0 }, failuresTo: { _ in })
  }

  /// The lines that were printed since the last time.
  func takeLines() -> [String] {
    defer { kept.text = "" }
    guard !kept.text.isEmpty else { return [] }
    var lines = kept.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// Prints something that is no output.
  func echo(_ block: Block) { destination.write(block) }

  func write(_ block: Block) {
    hasPrinted = true
    if isPrinting { destination.write(block) }
    if isKeeping { renderer.write(block) }
  }

  func begin(_ table: LiveTable) {
    hasPrinted = true
    if isPrinting { destination.begin(table) }
    if isKeeping { renderer.begin(table) }
  }

  func append(row cells: [String]) {
    if isPrinting { destination.append(row: cells) }
    if isKeeping { renderer.append(row: cells) }
  }

  func end() {
    if isPrinting { destination.end() }
    if isKeeping { renderer.end() }
  }

  func progress(_ progress: Progress?) { destination.progress(progress) }

  func watch(_ picture: Plot?) {
    if isPrinting { destination.watch(picture) }
  }
}
