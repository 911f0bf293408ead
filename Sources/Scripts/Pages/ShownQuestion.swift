import CollabLanguage

/// What a reader sees of a question: options in an order that tells nothing, and what is unfolded.
struct ShownQuestion {
  let prose: String
  let options: [String]
  let hints: [String]
  /// The model answers, or else what is right.
  let answers: [String]

  /// The question of a cell; nil for another cell.
  init?(_ cell: Cell) {
    guard case .question(let question) = cell.content else { return nil }
    prose = question.prose
    let isChoice = ["choice", "multi"].contains(cell.attribute("kind")?.value)
    let fields = question.fields("right") + question.fields("wrong")
    // The order of the alphabet does not tell which is right.
    options = isChoice ? fields.map { $0.text.components(before: " — ") }.sorted() : []
    hints = question.fields("hint").map(\.text)
    let answers = question.fields("answer").map(\.text)
    self.answers = answers.isEmpty ? question.fields("right").map(\.text) : answers
  }

  /// The options as a list in markdown.
  var list: String { options.map { "- \($0)" }.joined(separator: "\n") }
}

extension String {
  /// The part in front of a mark; everything if it does not occur.
  fileprivate func components(before mark: String) -> String {
    firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
  }
}
