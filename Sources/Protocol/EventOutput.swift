package import CollabDocuments
internal import CollabScripts
internal import Glibc

/// The renderer for clients: blocks in, events out.
package final class EventOutput: Output {
  /// The request that the output belongs to.
  var id = 0
  /// The columns of plain text.
  var width: () -> Int = { EventOutput.usualWidth }
  private let send: (String) -> Void
  private let now: () -> Double
  private var table: LiveTable?
  private var rows: [[String]] = []
  /// What is watched below the table.
  private var picture: Plot?
  /// How many displays have a number.
  private var displayCount = 0
  /// When the table was sent last, and whether it has grown since.
  private var tableSent = -Double.infinity
  private var isTableStale = false
  private var progressStarted: Double?
  private var progressSent = -Double.infinity
  private var isProgressShown = false

  static let usualWidth = 80
  /// Nothing is sent again sooner than this, in seconds.
  private static let interval = 0.1
  /// What is over sooner than this, in seconds, has no progress.
  private static let patience = 0.5

  package init(now: @escaping () -> Double = EventOutput.seconds, send: @escaping (String) -> Void)
  {
    (self.now, self.send) = (now, send)
  }

  /// Says something that belongs to the present request.
  func say(_ name: String, _ content: some Encodable) { say(name, content, for: id) }

  /// Says something that belongs to another request, or to none.
  func say(_ name: String, _ content: some Encodable, for id: Int?) {
    send(Event(name: name, id: id, content: content).line)
  }

  package func write(_ block: Block) {
    endProgress()
    if case .frames(let plots) = block { return plots.forEach { write(.plot($0)) } }
    switch JupyterOutput(block, width: width()) {
    case .text(let text, let isWarning):
      say("text", StreamText(stream: isWarning ? "stderr" : "stdout", text: text))
    case .display(let data): say("display", Display(data: data))
    case .error(let code, let message, let lines):
      say("error", Mistake(code: code, message: message, lines: lines))
    }
  }

  package func begin(_ table: LiveTable) {
    endProgress()
    (self.table, rows) = (table, [])
    displayCount += 1
    showTable("display")
  }

  package func append(row cells: [String]) {
    precondition(table != nil, "append(row:) without begin(_:)")
    rows.append(cells)
    // While something is watched, the row comes with the picture of the same epoch.
    if picture == nil { tableDidChange() } else { isTableStale = true }
  }

  /// Draws the picture in the display of the table, until it is taken away.
  package func watch(_ picture: Plot?) {
    guard table != nil else { return }
    self.picture = picture
    tableDidChange()
  }

  private func tableDidChange() {
    isTableStale = true
    if now() - tableSent >= Self.interval { showTable("update") }
  }

  package func end() {
    if isTableStale { showTable("update") }
    endProgress()
    (table, picture) = (nil, nil)
  }

  private func showTable(_ event: String) {
    guard let table else { return }
    let lines = [table.columns.map(\.title)] + rows
    var text = lines.map { table.line($0) }.joined(separator: "\n")
    var html = HTMLRenderer.html(of: table.block(rows: rows))
    if let picture {
      text += "\n"
      PlainRenderer(to: { text += $0 }, width: width()).write(.plot(picture))
      html += SVGPlot(picture).document
    }
    say(event, Display(data: ["text/plain": text, "text/html": html], display: displayCount))
    (tableSent, isTableStale) = (now(), false)
  }

  package func progress(_ progress: Progress?) {
    guard let progress else { return endProgress() }
    let time = now()
    let start = progressStarted ?? time
    progressStarted = start
    guard time - start >= Self.patience, time - progressSent >= Self.interval else { return }
    (progressSent, isProgressShown) = (time, true)
    say(
      "progress",
      Advance(
        label: progress.label, done: progress.done, total: progress.total,
        elapsed: progress.elapsed.isFinite ? progress.elapsed : 0,
        remaining: progress.remaining.flatMap { $0.isFinite ? $0 : nil }, note: progress.note,
        text: ProgressLayout.line(progress, width: width(), glyphs: .unicode).text))
  }

  private func endProgress() {
    progressStarted = nil
    guard isProgressShown else { return }
    isProgressShown = false
    say("progress_end", Nothing())
  }

  /// The clock that is never set.
  package static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
