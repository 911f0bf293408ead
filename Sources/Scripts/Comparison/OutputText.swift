extension [OutputLine] {
  /// The lines of recorded or actual output, as they are compared.
  ///
  /// A line that ends with `Parameter containing:` is joined to the next one: PyTorch breaks it there.
  ///
  /// With `joinsBrackets`, lines are joined as long as a bracket is open, too.
  ///
  /// - Returns: the lines, and for each of them the lines that it is made of.
  static func lines(
    of text: [String], areExpected: Bool, joinsBrackets: Bool = false
  ) -> (lines: [OutputLine], sources: [Range<Int>]) {
    var lines: [OutputLine] = []
    var sources: [Range<Int>] = []
    var title: (place: Int, following: Int)?
    var start = 0
    while start < text.count {
      var end = start + 1
      var joined = text[start]
      while end < text.count, joined.trimmedAtEnd.hasSuffix("Parameter containing:") {
        joined = joined.trimmedAtEnd + " " + text[end]
        end += 1
      }
      if joinsBrackets, let close = text.closingLine(of: joined, before: end) {
        joined = ([joined] + text[end..<close]).joined(separator: " ")
        end = close
      }
      var line = OutputLine(joined, isExpected: areExpected)
      if let title { line.markTimes(below: title) }
      if let found = line.timeTitle { title = found }
      lines.append(line)
      sources.append(start..<end)
      start = end
    }
    return (lines, sources)
  }
}

extension [String] {
  /// The end of the lines from `next` on that close the brackets which `line` leaves open; nil if
  /// there are none, or if they stay open.
  fileprivate func closingLine(of line: String, before next: Int) -> Int? {
    var depth = line.bracketDepth
    var end = next
    while depth > 0, end < count {
      depth += self[end].bracketDepth
      end += 1
    }
    return end > next && depth <= 0 ? end : nil
  }
}

extension String {
  /// How many more brackets are opened than closed.
  fileprivate var bracketDepth: Int {
    utf8.reduce(0) { depth, byte in
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth + 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth - 1
      default: depth
      }
    }
  }

  /// The text without blanks at its end.
  var trimmedAtEnd: String {
    let last = utf8.lastIndex { !$0.isBlankInOutput }
    return String(self[..<(last.map(utf8.index(after:)) ?? startIndex)])
  }
}
