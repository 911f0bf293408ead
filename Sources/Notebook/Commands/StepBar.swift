import CollabDocuments
import CollabInterpreter

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

extension Call {
  /// Shows a bar while work goes on that says how much of it is done.
  ///
  /// - Parameters:
  ///   - label: what the bar is called.
  ///   - work: is given whom to tell, from 0 to 1, who says whether to go on; gives nothing if it was
  ///     stopped.
  /// - Returns: what `work` gave.
  /// - Throws: what `work` throws, and that the user has stopped it.
  func shown<Result>(
    _ label: String, _ work: (_ goesOn: (Double) -> Bool) throws -> Result?
  ) throws -> Result {
    let steps = 1000
    let bar = StepBar(label, of: steps, on: output)
    defer { bar.end() }
    var reached = 0
    let result = try work { part in
      let now = max(Int(clamping: part * Double(steps)), reached)
      defer { reached = now }
      return !(bar.step(now - reached) && session.isInterrupted())
    }
    guard let result else { throw session.interrupted() }
    return result
  }
}
