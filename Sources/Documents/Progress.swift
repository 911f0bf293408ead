/// How far something has come, for a line that is drawn over and over.
///
///     output.progress(
///       Progress(
///         label: "2/5", done: 742, total: 1250, elapsed: 1.4, remaining: 0.9,
///         note: "loss 0.8921"))
public struct Progress: Equatable, Sendable {
  /// What is being done, such as the epoch `2/5`; may be empty.
  public let label: String
  /// How many steps are done.
  public let done: Int
  /// How many steps there are.
  public let total: Int
  /// The time spent so far, in seconds.
  public let elapsed: Double
  /// The time still needed, in seconds, when it can be told.
  public let remaining: Double?
  /// What else is worth seeing, such as `loss 0.8921`.
  public let note: String

  /// Makes a state of progress; without `remaining` it is estimated from the steps done.
  public init(
    label: String = "", done: Int, total: Int, elapsed: Double, remaining: Double? = nil,
    note: String = ""
  ) {
    self.label = label
    self.done = done
    self.total = total
    self.elapsed = elapsed
    self.note = note
    self.remaining = remaining ?? Progress.estimate(done: done, total: total, elapsed: elapsed)
  }

  /// The part that is done, between 0 and 1.
  public var fraction: Double {
    total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
  }

  /// The time still needed, once 3 % or half a second make an estimate worth showing.
  private static func estimate(done: Int, total: Int, elapsed: Double) -> Double? {
    guard done > 0, total >= done, Double(done) >= 0.03 * Double(total) || elapsed >= 0.5 else {
      return nil
    }
    return elapsed / Double(done) * Double(total - done)
  }
}

/// Times as they are shown to people.
public enum TimeText {
  /// Whole seconds as `MM:SS`, or `H:MM:SS` past an hour.
  ///
  ///     TimeText.clock(83.9)  // "01:23"
  ///
  /// Source: fastprogress, `format_time`.
  public static func clock(_ seconds: Double) -> String {
    let whole = seconds.isFinite ? Int(clamping: min(max(seconds, 0), 1e9)) : 0
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let tail = "\(twoDigits(minutes)):\(twoDigits(rest))"
    return hours > 0 ? "\(hours):\(tail)" : tail
  }

  /// A length of time as one says it: `20 seconds`, `25 minutes`, `3 hours`.
  public static func words(_ seconds: Double) -> String {
    let minutes = seconds / 60
    let (count, unit) =
      seconds < 90
      ? (seconds, "second") : minutes < 90 ? (minutes, "minute") : (minutes / 60, "hour")
    let whole = Int(clamping: max(count, 0).rounded())
    return "\(whole) \(unit)\(whole == 1 ? "" : "s")"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
