/// Where the cells of a text begin and end.
struct CellLayout {
  /// The lines of one cell.
  struct Piece {
    /// The `%%` line with its ending; nil for lines before the first marker.
    let marker: Range<Int>?
    let body: Range<Int>
    /// Whether an unmarked cell is nothing but comments.
    let isProse: Bool
  }

  private(set) var preamble = 0..<0
  private(set) var pieces: [Piece] = []
  private let source: Source

  init(_ source: Source) {
    self.source = source
    let markers = (1...source.lineCount).map(fullLine).filter { begins("%%", at: $0.lowerBound) }
    let head = markers.first?.lowerBound ?? source.bytes.count
    var start = 0
    if begins("#!", at: 0) { start = fullLine(1).upperBound }
    var line = source.line(at: start)
    while start < head, isBlank(line) {
      start = fullLine(line).upperBound
      line += 1
    }
    preamble = 0..<start
    splitUnmarked(start..<head)
    for (index, marker) in markers.enumerated() {
      let end = index + 1 < markers.count ? markers[index + 1].lowerBound : source.bytes.count
      pieces.append(Piece(marker: marker, body: marker.upperBound..<end, isProse: false))
    }
  }

  /// A line with its ending.
  private func fullLine(_ number: Int) -> Range<Int> {
    let start = source.lineStarts[number - 1]
    return start..<(number < source.lineCount ? source.lineStarts[number] : source.bytes.count)
  }

  private func begins(_ text: String, at offset: Int) -> Bool {
    source.bytes[offset...].starts(with: text.utf8)
  }

  private func isBlank(_ line: Int) -> Bool {
    source.bytes[source.lineRange(line)].allSatisfy(\.isBlank)
  }

  // MARK: Lines before the first marker

  /// Cuts lines at the blank lines between them, but not inside a bracket and not before recorded
  /// output.
  private mutating func splitUnmarked(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var nesting = Nesting()
    var start = range.lowerBound
    var isProse = true
    var hasText = false
    var hasGap = false
    var line = source.line(at: start)
    while line <= source.lineCount, source.lineStarts[line - 1] < range.upperBound {
      let full = fullLine(line)
      let isRecorded = begins("#>", at: full.lowerBound) || begins("#:", at: full.lowerBound)
      if isBlank(line), nesting.isAtTop {
        hasGap = hasText
      } else {
        // What is indented belongs to the block above, and so does another branch of it.
        let isIndented =
          source.bytes[full.lowerBound].isBlank || begins("else", at: full.lowerBound)
          || begins("elif", at: full.lowerBound)
        if hasGap, !isRecorded, !isIndented {
          pieces.append(Piece(marker: nil, body: start..<full.lowerBound, isProse: isProse))
          (start, isProse) = (full.lowerBound, true)
        }
        let first = source.bytes[full].first { !$0.isBlank }
        if first != .hash || isRecorded || !nesting.isAtTop { isProse = false }
        nesting.read(source.bytes[source.lineRange(line)])
        (hasText, hasGap) = (true, false)
      }
      line += 1
    }
    pieces.append(Piece(marker: nil, body: start..<range.upperBound, isProse: isProse))
  }
}

/// Which brackets and long texts are open at the end of a line.
private struct Nesting {
  private var depth = 0
  /// The quote of a text over several lines.
  private var longQuote: UInt8?

  var isAtTop: Bool { depth == 0 && longQuote == nil }

  mutating func read(_ line: ArraySlice<UInt8>) {
    var offset = line.startIndex
    var quote: UInt8?
    while offset < line.endIndex {
      let byte = line[offset]
      let isTriple =
        (byte == .doubleQuote || byte == .singleQuote)
        && line[offset...].prefix(3).elementsEqual([byte, byte, byte])
      if byte == .backslash, longQuote != nil || quote != nil {
        offset += 1
      } else if let open = longQuote {
        if isTriple, byte == open {
          longQuote = nil
          offset += 2
        }
      } else if let open = quote {
        if byte == open { quote = nil }
      } else {
        switch byte {
        case .hash: return
        case .singleQuote where isTriple, .doubleQuote where isTriple:
          longQuote = byte
          offset += 2
        case .singleQuote, .doubleQuote: quote = byte
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
      }
      offset += 1
    }
  }
}
