internal import CollabText

/// Progress as one line that fits a terminal.
package struct ProgressLayout {
  private static let longestBar = 24
  private static let shortestBar = 8

  /// The line for a state of progress, at most `width` columns wide.
  package static func line(_ progress: Progress, width: Int, glyphs: Glyphs) -> StyledText {
    let label = progress.label.isEmpty ? "" : DisplayWidth.cleaned(progress.label) + " "
    let percent = "\(Int(clamping: progress.fraction * 100))%"
    let note = DisplayWidth.cleaned(progress.note)
    guard width >= 50 else {
      let text = label + percent + (note.isEmpty ? "" : " " + note)
      return StyledText(DisplayWidth.cut(text, to: max(0, width - 1)))
    }
    var tail = " \(percent)  \(progress.done)/\(progress.total)"
    tail += "  \(TimeText.clock(progress.elapsed))"
    if let remaining = progress.remaining { tail += "<\(TimeText.clock(remaining))" }
    if !note.isEmpty { tail += "  \(note)" }

    // One column stays free: a character in the last one would scroll some terminals.
    let room = width - 1 - DisplayWidth.of(label) - DisplayWidth.of(tail) - 2
    let barWidth = min(longestBar, room)
    guard barWidth >= shortestBar else {
      return StyledText(DisplayWidth.cut(label + String(tail.dropFirst()), to: width - 1))
    }
    let bar = BarLayout.bar(share: progress.fraction, width: barWidth, glyphs: glyphs)
    let empty = barWidth - bar.count
    var line = StyledText(label)
    switch glyphs {
    case .unicode:
      line.append("▕")
      line.append(bar, .bar)
      line.append(String(repeating: " ", count: empty) + "▏")
    case .ascii:
      line.append("[")
      line.append(bar, .bar)
      line.append(String(repeating: "-", count: empty) + "]")
    }
    line.append(tail)
    return line
  }
}
