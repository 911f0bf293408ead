private import CollabText

/// Candidates as lines below the prompt: with summaries one to a line, else in columns.
package struct CompletionListing {
  /// The lines, each with its newline, taking at most a third of the window.
  package static func text(
    _ candidates: [Completions.Candidate], omitting omittedCount: Int = 0, width: Int,
    height: Int
  ) -> String {
    let candidates = candidates.map(\.shown)
    let lines =
      candidates.contains { !$0.summary.isEmpty }
      ? summarised(candidates, width: width) : columns(candidates, width: width)
    let most = max(height / 3, 3)
    guard lines.count > most || omittedCount > 0 else {
      return lines.map { $0.text + "\n" }.joined()
    }
    let shown = lines.prefix(most - 1)
    let rest = candidates.count + omittedCount - shown.reduce(0) { $0 + $1.count }
    return shown.map { $0.text + "\n" }.joined() + "  … \(rest) more\n"
  }

  private struct Line {
    let text: String
    let count: Int
  }

  private static func summarised(
    _ candidates: [Completions.Candidate], width: Int
  ) -> [Line] {
    let longest = candidates.reduce(0) { max($0, DisplayWidth.of($1.label)) }
    let nameWidth = min(longest, max(width / 2, 8))
    return candidates.map { candidate in
      let name = DisplayWidth.padded(
        DisplayWidth.cut(candidate.label, to: nameWidth), to: nameWidth)
      let line = "  " + (candidate.summary.isEmpty ? name : name + "   " + candidate.summary)
      return Line(text: DisplayWidth.trimmedAtEnd(DisplayWidth.cut(line, to: width - 1)), count: 1)
    }
  }

  private static func columns(_ candidates: [Completions.Candidate], width: Int) -> [Line] {
    let longest = candidates.reduce(0) { max($0, DisplayWidth.of($1.label)) }
    let cell = min(longest, max(width - 3, 1)) + 2
    let perLine = max((width - 3) / cell, 1)
    let lineCount = (candidates.count + perLine - 1) / perLine
    return (0..<lineCount).map { line in
      let own = stride(from: line, to: candidates.count, by: lineCount).map { candidates[$0] }
      let cells = own.map {
        DisplayWidth.padded(DisplayWidth.cut($0.label, to: cell - 2), to: cell)
      }
      return Line(text: "  " + DisplayWidth.trimmedAtEnd(cells.joined()), count: own.count)
    }
  }
}

extension Completions.Candidate {
  /// The same, with nothing in it that a terminal would obey.
  fileprivate var shown: Completions.Candidate {
    Completions.Candidate(
      text, summary: VisibleText.shown(summary), ending: ending, label: VisibleText.shown(label))
  }
}
