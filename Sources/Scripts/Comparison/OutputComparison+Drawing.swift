import CollabDocuments
import Glibc
import CollabText

extension OutputComparison {
  /// The lines that differ: recorded ones behind `-`, printed ones behind `+`, and below them marks
  /// and the distance of numbers.
  ///
  ///     - 4      0.728835    0.875706    00:01
  ///     + 4      0.728835    0.875714    00:01
  ///                          ^^^^^^^^ off by 8e-06, allowed 1e-06
  ///
  /// - Parameter limit: the most pairs to show.
  /// - Returns: lines without endings.
  public func differences(limit: Int = 10) -> [String] {
    let lines = correspondence
    var drawn: [String] = []
    var count = 0
    for step in lines.steps {
      if case .same = step { continue }
      count += 1
      guard count <= limit else { continue }
      switch step {
      case .same: break
      case .removed(let index): drawn += prefixed("-", expected, lines.expected.sources[index])
      case .added(let index): drawn += prefixed("+", actual, lines.actual.sources[index])
      case .changed(let index, let other):
        drawn += prefixed("-", expected, lines.expected.sources[index])
        drawn += prefixed("+", actual, lines.actual.sources[other])
        guard lines.actual.sources[other].count == 1 else { continue }
        let marks = LineMarks(
          lines.expected.lines[index], lines.actual.lines[other], options.bounds)
        if let text = marks.text(below: actual[lines.actual.sources[other].lowerBound]) {
          drawn.append("  " + text)
        }
      }
    }
    if count > limit { drawn.append("  and \(grouped(count - limit)) more lines differ") }
    if count == 0 || lines.isIncomplete {
      drawn.append("  there is too much between `…` to be compared")
    }
    return drawn
  }

  private func prefixed(_ mark: String, _ lines: [String], _ range: Range<Int>) -> [String] {
    lines[range].map { line in
      let line = DisplayWidth.cleaned(line.count > 2000 ? line.prefix(2000) + "…" : line)
      return line.isEmpty ? mark : "\(mark) \(line)"
    }
  }
}

/// What to mark in a printed line that is not the recorded one.
private struct LineMarks {
  private var ranges: [Range<Int>] = []
  private var worst: (distance: Double, allowed: Double)?
  private let isOneNumber: Bool

  init(_ expected: OutputLine, _ actual: OutputLine, _ tolerance: Tolerance) {
    let matcher = OutputMatcher(tolerance)
    var numbers = 0
    for (token, other) in zip(expected.tokens, actual.tokens) {
      if token.kind == .wildcard { break }
      let isRight =
        token.isAfterBlank == other.isAfterBlank
        && matcher.accepts(other, of: actual, for: token, of: expected)
      if isRight { continue }
      // A line that is another one from its first word on needs no mark.
      let isFirst = token.range.lowerBound == expected.tokens.first?.range.lowerBound
      if isFirst, token.kind != .number { break }
      ranges.append(actual.original(other.range))
      guard token.kind == .number, other.kind == .number else { break }
      let (first, second) = (
        PrintedNumber(expected.content(token)), PrintedNumber(actual.content(other))
      )
      guard first.isWhole == second.isWhole else { break }
      numbers += 1
      let distance = first.distance(to: second)
      let allowed = tolerance.allowed(for: first)
      if worst.map({ distance - allowed > $0.distance - $0.allowed }) ?? true {
        worst = (distance, allowed)
      }
    }
    isOneNumber = numbers == 1
  }

  /// The marks in their columns; nil if there is nothing to mark.
  func text(below line: String) -> String? {
    guard !ranges.isEmpty, line.utf8.count <= 2000 else { return nil }
    var text = ""
    var column = 0
    let bytes = Array(line.utf8)
    for range in ranges {
      let start = DisplayWidth.of(String(decoding: bytes[..<range.lowerBound], as: UTF8.self))
      let width = DisplayWidth.of(String(decoding: bytes[range], as: UTF8.self))
      text += String(repeating: " ", count: max(0, start - column))
      text += String(repeating: "^", count: max(1, width))
      column = start + max(1, width)
    }
    guard let worst else { return text }
    let distance = (isOneNumber ? "" : "up to ") + shortest(worst.distance)
    return text + " off by \(distance), allowed \(shortest(worst.allowed))"
  }

  /// Two digits that count, as `%.2g` prints them.
  private func shortest(_ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 32)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.2g", $0) }
    return String(decoding: buffer.prefix(Int(length)).map(UInt8.init), as: UTF8.self)
  }
}
