import FoundationEssentials

// MARK: - The page about performance

extension Bench {
  static let page = "Documentation/performance.md"

  /// Puts lines in the place of those between two comments of a page, that about performance if no other
  /// is named.
  ///
  /// - Throws: `UsageError` if the page has no such comments.
  func replace(_ mark: String, by lines: [String], in page: String = Bench.page) throws {
    let url = URL(filePath: page)
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let (start, end) = ("<!-- \(mark) -->\n", "<!-- end of \(mark) -->\n")
    guard let first = text.firstRange(of: start), let last = text.firstRange(of: end),
      first.upperBound <= last.lowerBound
    else { throw UsageError.noMark(mark) }
    let filled = text[..<first.upperBound] + lines.joined(separator: "\n") + "\n"
    try Data((filled + text[last.lowerBound...]).utf8).write(to: url)
  }

  /// The figures of this run as a table.
  var table: [String] {
    let head = [
      Machine.line + ".", "",
      "| figure | median | fastest – slowest | processor | goal | floor | ratio | was |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    return head
      + measurements.map { found in
        let goal = found.goal.map { number($0) + (found.median <= $0 ? "" : ", missed") } ?? ""
        let cells = [
          "\(found.name), \(found.unit)", number(found.median),
          "\(number(found.fastest)) – \(number(found.slowest))",
          found.processorMedian > 0 ? number(found.processorMedian) : "", goal,
          found.floor.map(number) ?? "", found.floor.map { number(found.median / $0) } ?? "",
          earlier[found.name].map { number($0.median) } ?? "",
        ]
        return "| " + cells.joined(separator: " | ") + " |"
      }
  }
}
