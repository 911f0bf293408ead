extension [OutputLine] {
  /// The lines of recorded or actual output, as they are compared.
  ///
  /// A line that ends with `Parameter containing:` is joined to the next one: PyTorch breaks it there.
  ///
  /// - Returns: the lines, and for each of them the lines that it is made of.
  static func lines(
    of text: [String], areExpected: Bool
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

extension String {
  /// The text without blanks at its end.
  var trimmedAtEnd: String {
    var text = self[...]
    while let last = text.utf8.last, last.isBlankInOutput { text = text.dropLast() }
    return String(text)
  }
}
