import CollabText
import CollabLanguage

/// A question of a lesson, with everything in it parsed.
package struct LessonQuestion: Sendable {
  /// How it is answered.
  enum Kind: String, Sendable, CaseIterable {
    /// One of several options.
    case choice
    /// All that are right of several options.
    case multi
    case number, shape
    /// A formula, about which every check must be true.
    case value
    /// Statements, after which every check must be true.
    case run
    /// A few words that are known exactly.
    case match
    /// Own words, which the reader compares with an answer.
    case text
    /// Own words or none: the question above others, with its answer.
    case open
  }

  /// The names of the kinds that a marker may have.
  package static let kindNames = Kind.allCases.filter { $0 != .open }.map(\.rawValue)

  /// An answer to choose.
  struct Option: Sendable, Equatable {
    let text: String
    let feedback: String?
    let isRight: Bool
  }

  /// A value that is right or wrong.
  struct Expected: Sendable {
    let expression: Expression
    /// How far a number may be away; nil for a millionth of it.
    let tolerance: Expression?
    let feedback: String?
    /// Where it stands.
    let range: Range<Int>
  }

  /// A condition on the answer.
  struct Check: Sendable {
    let expression: Expression
    let range: Range<Int>
  }

  let id: String
  let kind: Kind
  let prose: String
  /// The text that ranges refer to.
  let source: Source
  let range: Range<Int>
  private(set) var options: [Option] = []
  let isShuffled: Bool
  private(set) var right: [Expected] = []
  private(set) var wrong: [Expected] = []
  /// The right phrases, and the wrong ones with what to say.
  private(set) var phrases: [String] = []
  private(set) var wrongPhrases: [(text: String, feedback: String?)] = []
  private(set) var checks: [Check] = []
  /// Ideas that an answer in own words should have, each in several spellings.
  private(set) var mentions: [[String]] = []
  let hints: [String]
  /// The model answer as text.
  let answer: String?
  /// The model answer as a formula or as statements.
  private(set) var answerExpression: Expression?
  private(set) var answerCode: Code?

  /// - Throws: what is wrong with the question.
  init(_ cell: Cell, of file: ScriptFile, parser: Parser) throws(Diagnostic) {
    guard case .question(let question) = cell.content else {
      preconditionFailure("cell \(cell.id) is no question")
    }
    (id, prose, source) = (cell.id, question.prose, file.source)
    range = cell.markerRange ?? cell.range
    kind = try Self.kind(of: cell, question, in: file.source)
    let order = cell.attribute("order")
    if let order, order.value != "fixed" {
      throw Diagnostic(
        "bad-question", "options have no order `\(order.value ?? "")`", at: order.range,
        in: file.source, help: ["write order=fixed, or leave it out: options are shuffled then"])
    }
    isShuffled = order == nil
    hints = question.fields("hint").map { Self.joined($0.text) }
    let answer = question.fields("answer").first
    let isCode = [.number, .shape, .value, .run].contains(kind)
    self.answer = answer.map { isCode ? $0.text : Self.joined($0.text) }
    let reader = FieldReader(source: source, parser: parser)
    for field in question.fields {
      guard Self.fields[kind]?.contains(field.name) == true else {
        throw problem("a question of kind \(kind.rawValue) has no `\(field.name)`", field.nameRange)
      }
      try read(field, reader)
    }
    try requireFields()
  }

  /// Whether it asks for a percentage.
  var asksForPercent: Bool {
    let prose = prose.lowercased()
    return prose.contains("percent") || prose.contains("per cent") || prose.contains("%")
  }

  private static let fields: [Kind: Set<String>] = [
    .choice: ["right", "wrong", "hint", "answer"], .multi: ["right", "wrong", "hint", "answer"],
    .number: ["right", "wrong", "hint", "answer"], .shape: ["right", "wrong", "hint", "answer"],
    .value: ["check", "wrong", "hint", "answer"], .run: ["check", "hint", "answer"],
    .match: ["right", "wrong", "hint", "answer"], .text: ["mention", "hint", "answer"],
    .open: ["hint", "answer"],
  ]

  private static func kind(
    of cell: Cell, _ question: Question, in source: Source
  ) throws(Diagnostic) -> Kind {
    guard let attribute = cell.attribute("kind") else {
      guard let field = question.fields.first(where: { !["answer", "hint"].contains($0.name) })
      else { return .open }
      throw Diagnostic(
        "bad-question", "a question with `\(field.name)` needs a kind", at: field.nameRange,
        in: source, help: ["write %% q id=\(cell.id) kind=choice, for example"])
    }
    let name = attribute.value ?? ""
    guard let kind = Kind(rawValue: name), kind != .open else {
      let near = Suggestion.nearest(to: name, among: kindNames)
      throw Diagnostic(
        "bad-question", "there is no kind of question `\(name)`", at: attribute.range, in: source,
        help: Suggestion.help(for: near) + ["kinds are \(kindNames.joined(separator: ", "))"])
    }
    // A text with a right answer is a fixed phrase.
    return kind == .text && !question.fields("right").isEmpty ? .match : kind
  }

  private func problem(_ message: String, _ range: Range<Int>) -> Diagnostic {
    Diagnostic("bad-question", message, at: range, in: source)
  }
}

// MARK: - Fields

extension LessonQuestion {
  private mutating func read(_ field: Question.Field, _ reader: FieldReader) throws(Diagnostic) {
    let parts = FeedbackParts(field.text)
    switch (field.name, kind) {
    case ("right", .choice), ("right", .multi), ("wrong", .choice), ("wrong", .multi):
      options.append(
        Option(
          text: Self.joined(parts.value), feedback: parts.feedback.map(Self.joined),
          isRight: field.name == "right"))
    case ("right", .match):
      phrases += parts.value.split(separator: "|").map(\.trimmed).filter { !$0.isEmpty }
    case ("wrong", .match):
      wrongPhrases.append((Self.joined(parts.value), parts.feedback.map(Self.joined)))
    case ("right", _): right.append(try reader.expected(field))
    case ("wrong", _): wrong.append(try reader.expected(field))
    case ("check", _):
      checks.append(Check(expression: try reader.expression(field), range: field.valueRange))
    case ("mention", _):
      mentions.append(field.text.split(separator: "|").map(\.trimmed).filter { !$0.isEmpty })
    case ("answer", .run): answerCode = try reader.code(field)
    case ("answer", .number), ("answer", .shape), ("answer", .value):
      answerExpression = try reader.expression(field)
    default: break
    }
  }

  private func requireFields() throws(Diagnostic) {
    switch kind {
    case .choice:
      guard options.count(where: \.isRight) == 1 else {
        throw problem("a choice needs exactly one `right`; kind=multi may have several", range)
      }
      guard options.count > 1 else { throw problem("a choice needs a `wrong` option", range) }
    case .multi:
      guard options.contains(where: \.isRight) else { throw problem("no option is `right`", range) }
      guard options.count <= 26 else { throw problem("there are more options than letters", range) }
    case .number, .shape:
      guard right.count == 1 else { throw problem("exactly one `right` is needed", range) }
    case .match: guard !phrases.isEmpty else { throw problem("`right` is missing", range) }
    case .value, .run:
      guard !checks.isEmpty else { throw problem("there is nothing to `check`", range) }
      guard answer != nil else { throw problem("`answer` is missing", range) }
    case .text, .open: guard answer != nil else { throw problem("`answer` is missing", range) }
    }
  }

  /// A text that was broken into lines, as one.
  private static func joined(_ text: String) -> String {
    text.split(separator: "\n").map(\.trimmed).joined(separator: " ")
  }
}

/// A value and what to say about it: `22.4 — that is the sum`.
private struct FeedbackParts {
  let value: String
  let feedback: String?

  init(_ text: String) {
    let length = FeedbackParts.valueLength(Array(text.utf8))
    value = String(decoding: Array(text.utf8)[..<length], as: UTF8.self).trimmed
    let rest = String(decoding: Array(text.utf8)[length...], as: UTF8.self).trimmed
    feedback = rest.isEmpty ? nil : rest.dropFirst().trimmed
  }

  /// The bytes in front of a dash that has white space on both sides; all if there is none.
  static func valueLength(_ bytes: [UInt8]) -> Int {
    let dash = Array("—".utf8)
    func isBlank(_ place: Int) -> Bool { bytes[place] == 32 || bytes[place] == 10 }
    for place in bytes.indices where bytes[place...].starts(with: dash) {
      let end = place + dash.count
      if place > 0, isBlank(place - 1), end < bytes.count, isBlank(end) { return place }
    }
    return bytes.count
  }
}

/// Parses the values of fields where they stand, so that messages point at them.
private struct FieldReader {
  let source: Source
  let parser: Parser

  func expression(_ field: Question.Field) throws(Diagnostic) -> Expression {
    try parser.expression(in: source, range: field.valueRange)
  }

  func code(_ field: Question.Field) throws(Diagnostic) -> Code {
    try parser.code(in: source, range: field.valueRange)
  }

  /// `value ± tolerance — feedback`.
  func expected(_ field: Question.Field) throws(Diagnostic) -> LessonQuestion.Expected {
    let bytes = Array(source.bytes[field.valueRange])
    let start = field.valueRange.lowerBound
    let end = start + FeedbackParts.valueLength(bytes)
    let sign = Array("±".utf8)
    for typed in ["+-", "+/-"] {
      if let place = (start..<end).first(where: { source.bytes[$0...].starts(with: typed.utf8) }) {
        throw Diagnostic(
          "bad-question", "`\(typed)` gives no tolerance", at: place..<place + typed.utf8.count,
          in: source, help: ["write 6.3 ± 0.05"])
      }
    }
    let place = (start..<end).first { source.bytes[$0...].starts(with: sign) }
    var tolerance: Expression?
    if let place {
      tolerance = try parser.expression(in: source, range: place + sign.count..<end)
    }
    let value = start..<(place ?? end)
    return LessonQuestion.Expected(
      expression: try parser.expression(in: source, range: value), tolerance: tolerance,
      feedback: FeedbackParts(field.text).feedback.map {
        $0.split(separator: "\n").map(\.trimmed).joined(separator: " ")
      }, range: value)
  }
}

// MARK: - Options in order

extension LessonQuestion {
  /// The options in the order in which they are shown.
  ///
  /// Source: Fisher and Yates's shuffle, over SplitMix64.
  func shuffledOptions(seed: UInt32) -> [Option] {
    guard isShuffled else { return options }
    var state = StableHash.of("\(seed) \(id)".utf8)
    var shuffled = options
    for last in stride(from: shuffled.count - 1, to: 0, by: -1) {
      state &+= 0x9e37_79b9_7f4a_7c15
      var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
      shuffled.swapAt(last, Int((bits ^ (bits >> 31)) % UInt64(last + 1)))
    }
    return shuffled
  }
}
