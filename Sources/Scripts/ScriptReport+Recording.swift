import CollabLanguage

extension ScriptReport {
  /// A file with the outputs of a run.
  public struct Recorded: Sendable {
    /// The bytes to write.
    public let bytes: [UInt8]
    /// How many lines of statements have another recorded output than before.
    public let changeCount: Int
    /// How many differ still, because `#: empty` says that they print nothing.
    public let contradictionCount: Int
  }

  /// The file with the outputs of this run below its statements.
  ///
  /// Only `#>` lines change, and of those only the ones that no longer match; times stay as they were
  /// written.
  ///
  /// - Parameter addsAll: whether statements without recorded output get theirs too. If nothing is
  ///   recorded in the file they do in any case. Statements with `check=off` or a `;` at the end of
  ///   the line are left alone.
  /// - Returns: the bytes of the file, and what is new in them.
  /// - Precondition: the run was one with `ScriptOptions.records`.
  public func recording(addingAll addsAll: Bool = false) -> Recorded {
    let source = script.file.source
    let isFirst = !script.hasRecordings
    var edits: [(range: Range<Int>, text: String)] = []
    var contradictions = 0
    for cell in cells {
      let lines = script.file.cells[cell.index].code.lines
      for result in cell.lines {
        let line = lines[result.index]
        let check = script.checks[cell.index][result.index]
        let block = RecordedBlock(line.recording, in: source)
        if let comparison = result.comparison {
          guard !comparison.matches else { continue }
          guard !check.demandsNothing else {
            contradictions += 1
            continue
          }
          edits.append((block.range, block.text(after: comparison)))
        } else if check.isOn, addsAll || isFirst || result.hasError,
          !result.output.isEmpty,
          result.hasError || line.statements.last?.isSuppressed != true
        {
          edits.append((block.range, block.text(of: result.output)))
        }
      }
    }
    return Recorded(
      bytes: source.replacing(edits), changeCount: edits.count, contradictionCount: contradictions)
  }
}

/// The `#>` lines below statements, and how others are written in their place.
private struct RecordedBlock {
  let range: Range<Int>
  private let source: Source
  private let ending: String

  init(_ recording: Recording, in source: Source) {
    (range, self.source) = (recording.outputRange, source)
    let behindFirst = source.lineRange(1).upperBound
    ending = source.bytes[behindFirst...].starts(with: "\r".utf8) ? "\r\n" : "\n"
  }

  /// All lines anew.
  func text(of lines: [String]) -> String { finished(lines.map(written)) }

  /// The lines as they are where they match, and the actual ones elsewhere.
  func text(after comparison: OutputComparison) -> String {
    let lines = comparison.correspondence
    var text: [String] = []
    for step in lines.steps {
      switch step {
      case .same(let expected, _): text += lines.expected.sources[expected].map(rawLine)
      case .removed: break
      case .added(let actual):
        text += comparison.actual[lines.actual.sources[actual]].map(written)
      case .changed(let expected, let actual):
        let source = lines.actual.sources[actual]
        guard source.count == 1 else {
          text += comparison.actual[source].map(written)
          continue
        }
        text.append(
          written(
            lines.actual.lines[actual].text(
              comparison.actual[source.lowerBound],
              withTimesOf: lines.expected.lines[expected])))
      }
    }
    return finished(text)
  }

  private func written(_ line: String) -> String { (line.isEmpty ? "#>" : "#> " + line) + ending }

  /// A `#>` line of the file with its ending.
  private func rawLine(_ index: Int) -> String {
    let number = source.line(at: range.lowerBound) + index
    let line = source.lineRange(number)
    let end = number < source.lineCount ? source.lineRange(number + 1).lowerBound : line.upperBound
    return source.text(in: line.lowerBound..<end)
  }

  /// The lines as one text that begins and ends as the place in the file wants it.
  private func finished(_ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    let isBehindLine = range.lowerBound == 0 || source.bytes[..<range.lowerBound].last == 10
    var text = lines.dropLast().map { $0.hasSuffix("\n") ? $0 : $0 + ending }.joined()
    text += lines[lines.count - 1]
    let isAtEnd = range.upperBound == source.bytes.count
    let endsOpen = isAtEnd && source.bytes.last != 10
    if endsOpen {
      while text.last?.isNewline == true { text.removeLast() }
    } else if !text.hasSuffix("\n") {
      text += ending
    }
    return (isBehindLine ? "" : ending) + text
  }
}

extension OutputLine {
  /// The line as it was printed, but with the times that are recorded where they agree.
  fileprivate func text(_ printed: String, withTimesOf expected: OutputLine) -> String {
    guard tokens.count == expected.tokens.count else { return printed }
    let bytes = Array(printed.utf8)
    var text: [UInt8] = []
    var place = 0
    for (token, recorded) in zip(tokens, expected.tokens) {
      let isTime =
        token.kind == .duration && recorded.kind == .duration
        || [.clock, .clockOfColumn].contains(token.kind) && recorded.kind == .clockOfColumn
        || token.kind == .clockOfColumn && recorded.kind == .clock
      guard isTime else { continue }
      let range = original(token.range)
      text += bytes[place..<range.lowerBound] + expected.content(recorded)
      place = range.upperBound
    }
    return String(decoding: text + bytes[place...], as: UTF8.self)
  }
}
