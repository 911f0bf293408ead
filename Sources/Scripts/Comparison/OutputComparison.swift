/// Recorded output beside what was printed, and whether they agree.
///
///     let comparison = OutputComparison(
///       expected: ["0  1.296978  00:01"], actual: ["0  1.296979  00:02"])
///     comparison.matches  // false: the last digit may differ by one, but the time has no title
///
/// Lines are compared one by one, blanks at their ends aside. Within a line,
///
/// - runs of blanks count as one, since columns may move, and a blank behind `[` or `(` as none;
/// - a number agrees if it is at most one unit of the last recorded digit away, so that writing fewer
///   digits loosens the check; or within the bounds that `tol` and `rtol` set. Whole numbers, `3.`,
///   `nan` and `inf` only equal themselves;
/// - a time such as `00:12` agrees with every other below the title `time`, and a duration such as
///   `1.2 s` or `12 ms` everywhere;
/// - `…` and `...` stand for any text, also none; alone on a line for any number of lines;
/// - `True`, `False` and `None` are `true`, `false` and `none`, and `torch.Size([64, 2])` is
///   `[64, 2]`; a line break behind `Parameter containing:`, and one inside brackets, is a blank; a
///   line that is one text in quotes is the text, which Python's `print` shows without them.
public struct OutputComparison: Sendable {
  /// How output is compared.
  public struct Options: Sendable, Equatable {
    /// An absolute bound on the distance of numbers.
    public var tolerance: Double?
    /// A bound relative to the recorded number; added to the absolute one if there are both.
    public var relativeTolerance: Double?
    /// Whether lines may stand in any order.
    public var ignoresOrder: Bool

    /// Lines in order, and numbers to the last recorded digit unless bounds are given.
    public init(
      tolerance: Double? = nil, relativeTolerance: Double? = nil, ignoresOrder: Bool = false
    ) {
      self.tolerance = tolerance
      self.relativeTolerance = relativeTolerance
      self.ignoresOrder = ignoresOrder
    }
  }

  /// What was recorded.
  public let expected: [String]
  /// What was printed.
  public let actual: [String]
  /// How they were compared.
  public let options: Options
  /// Whether they agree.
  public let matches: Bool

  /// Compares lines.
  ///
  /// - Complexity: linear in the length of the text, unless long pieces stand between `…`.
  public init(expected: [String], actual: [String], options: Options = Options()) {
    (self.expected, self.actual, self.options) = (expected, actual, options)
    if expected == actual {
      matches = true
      return
    }
    let expectedLines = [OutputLine].lines(of: expected, areExpected: true).lines
    let actualLines = [OutputLine].lines(of: actual, areExpected: false).lines
    var matcher = OutputMatcher(options.bounds)
    if options.ignoresOrder {
      let alignment = OutputAlignment(anyOrder: expectedLines, actualLines, &matcher)
      matches = alignment.steps.allSatisfy { if case .same = $0 { true } else { false } }
    } else {
      matches =
        matcher.matches(expectedLines, actualLines)
        || Self.matchesInBrackets(expected, actual, options)
    }
  }
}

extension OutputComparison {
  /// Whether the lines agree when a line break inside brackets is a blank.
  private static func matchesInBrackets(
    _ expected: [String], _ actual: [String], _ options: Options
  ) -> Bool {
    let expectedLines = [OutputLine].lines(of: expected, areExpected: true, joinsBrackets: true)
    let actualLines = [OutputLine].lines(of: actual, areExpected: false, joinsBrackets: true)
    // Without brackets over several lines it is what was compared before.
    guard expectedLines.lines.count < expected.count || actualLines.lines.count < actual.count
    else { return false }
    var matcher = OutputMatcher(options.bounds)
    return matcher.matches(expectedLines.lines, actualLines.lines)
  }
}

extension OutputComparison.Options {
  var bounds: Tolerance { Tolerance(absolute: tolerance, relative: relativeTolerance) }
}

// MARK: - Lines side by side

extension OutputComparison {
  /// The lines as they were compared, and how they correspond.
  struct Correspondence {
    let expected: (lines: [OutputLine], sources: [Range<Int>])
    let actual: (lines: [OutputLine], sources: [Range<Int>])
    let steps: [OutputAlignment.Step]
    /// Whether there was too much to compare.
    let isIncomplete: Bool
  }

  var correspondence: Correspondence {
    let expectedLines = [OutputLine].lines(of: expected, areExpected: true)
    let actualLines = [OutputLine].lines(of: actual, areExpected: false)
    var matcher = OutputMatcher(options.bounds)
    let alignment =
      options.ignoresOrder
      ? OutputAlignment(anyOrder: expectedLines.lines, actualLines.lines, &matcher)
      : OutputAlignment(expectedLines.lines, actualLines.lines, &matcher)
    return Correspondence(
      expected: expectedLines, actual: actualLines, steps: alignment.steps,
      isIncomplete: matcher.isExhausted)
  }
}
