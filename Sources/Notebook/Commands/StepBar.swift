import CollabDocuments

/// The bar of work that goes on in steps of one kind.
final class StepBar {
  private let label: String
  private let total: Int
  private let output: any Output
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var done = 0
  private var drawnAt: ContinuousClock.Instant

  /// A bar that shows nothing yet.
  init(_ label: String, of total: Int, on output: any Output) {
    (self.label, self.total, self.output) = (label, total, output)
    start = clock.now
    drawnAt = start
  }

  /// Counts steps, and draws the bar a few times a second.
  ///
  /// - Parameter count: how many steps were made.
  /// - Returns: whether it was drawn: the moment to ask whether to go on.
  func step(_ count: Int = 1) -> Bool {
    done += count
    let now = clock.now
    guard now - drawnAt > .milliseconds(50) else { return false }
    drawnAt = now
    output.progress(
      Progress(label: label, done: done, total: total, elapsed: (now - start) / .seconds(1)))
    return true
  }

  /// Takes the bar away.
  func end() { output.progress(nil) }
}
