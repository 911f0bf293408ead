import CollabInterpreter
import CollabLanguage
import CollabNotebook

/// What is thought of an answer.
enum Verdict: Equatable {
  /// It is right; perhaps with a remark.
  case right(String?)
  /// It is wrong; perhaps with a reason.
  case wrong(String?)
  /// It is no answer to this question, and does not count as a try.
  case notAnAnswer(String)
}

/// Judges answers on the present workspace, which it leaves as it is.
///
/// The lesson and the check of a lesson file use the same rules.
struct QuestionJudge {
  let question: LessonQuestion
  let session: Session
  /// Whether what is said about a wrong answer keeps from telling the right one.
  var hidesRight = false
  /// Whether the answer was typed as a percentage: it is none of a share of 1 that was meant.
  var saysPercent = false

  /// An answer in letters, as the options they stand for.
  func verdict(onOptions chosen: [LessonQuestion.Option]) -> Verdict {
    let wrong = chosen.filter { !$0.isRight }
    guard wrong.isEmpty else {
      let remarks = wrong.compactMap { option in
        option.feedback.map { chosen.count > 1 ? "\(option.text): \($0)" : $0 }
      }
      return .wrong(remarks.isEmpty ? nil : remarks.joined(separator: "; "))
    }
    let rightCount = question.options.count(where: \.isRight)
    guard chosen.count == rightCount else {
      return .wrong("that is right, but it is not all")
    }
    return .right(chosen.compactMap(\.feedback).first)
  }

  /// A phrase, compared without regard to case and punctuation.
  func verdict(onPhrase phrase: String) -> Verdict {
    // Blanks too say nothing: `L 2`.
    func joined(_ text: String) -> String { Self.plain(text).replacing(" ", with: "") }
    let said = AnswerText.plain(phrase)
    let forms = [joined(said), joined(AnswerText.without(AnswerText.openings, said))]
    if question.phrases.contains(where: { forms.contains(joined($0)) }) { return .right(nil) }
    let wrong = question.wrongPhrases.first { forms.contains(joined($0.text)) }
    return .wrong(wrong?.feedback)
  }

  /// A value: a number, a shape, or what the checks are about.
  func verdict(onValue value: Value) throws(Diagnostic) -> Verdict {
    switch question.kind {
    case .number:
      guard let number = Self.number(value) else { return try notANumber(value) }
      for right in question.right where try isNear(number, right) { return .right(right.feedback) }
      if let remark = try feedback(on: value) { return .wrong(remark) }
      for right in question.right where question.asksForPercent && !saysPercent {
        guard try isNear(100 * number, right) else { continue }
        return .wrong("that is a share of 1; a percentage is a hundred times as much")
      }
      return .wrong(nil)
    case .shape:
      guard let sizes = Self.sizes(value) else {
        return .notAnAnswer("this is \(value.phrase); a shape is asked for, such as [64, 2]")
      }
      for right in question.right where try isEqual(sizes, right) { return .right(right.feedback) }
    default:
      if case .none = value { return .notAnAnswer("this is none; a value is asked for") }
      let verdict = verdictOfChecks(with: ["ans": value])
      guard case .wrong(let failure) = verdict else { return verdict }
      return .wrong(try feedback(on: value) ?? failure)
    }
    return .wrong(try feedback(on: value))
  }

  /// The workspace after statements of the reader.
  func verdictOnWorkspace() -> Verdict { verdictOfChecks(with: [:]) }

  /// What a reader's own words mention, and what they do not.
  func mentions(in text: String) -> (found: [String], missing: [String]) {
    let text = text.lowercased()
    var (found, missing): ([String], [String]) = ([], [])
    for idea in question.mentions {
      if let spelling = idea.first(where: { text.contains($0.lowercased()) }) {
        found.append(spelling)
      } else if let first = idea.first {
        missing.append(first)
      }
    }
    return (found, missing)
  }
}

// MARK: - Values

extension QuestionJudge {
  private func evaluated(_ expression: Expression) throws(Diagnostic) -> Value {
    try session.value(of: expression, in: question.source)
  }

  private func notANumber(_ value: Value) throws(Diagnostic) -> Verdict {
    let remark = try feedback(on: value)
    if value.elements != nil {
      return .wrong(remark ?? "\(value.display) is \(value.phrase); expected one number")
    }
    return .notAnAnswer("this is \(value.phrase); expected one number")
  }

  private func isNear(
    _ number: Double, _ expected: LessonQuestion.Expected
  ) throws(Diagnostic) -> Bool {
    let value = try evaluated(expected.expression)
    guard let right = value.number else { return false }
    var allowed = abs(right) * 1e-6
    // One more is another count.
    if case .int = value { allowed = min(allowed, 0.5) }
    if let tolerance = expected.tolerance, let value = try evaluated(tolerance).number {
      // The bounds themselves are meant to be right, whatever the last bit says.
      allowed = value * (1 + 1e-9)
    }
    return abs(number - right) <= max(allowed, 1e-12)
  }

  private func isEqual(
    _ sizes: [Int], _ expected: LessonQuestion.Expected
  ) throws(Diagnostic) -> Bool {
    Self.sizes(try evaluated(expected.expression)) == sizes
  }

  /// What to say about a value that is known to be wrong.
  private func feedback(on value: Value) throws(Diagnostic) -> String? {
    for wrong in question.wrong {
      let known = try evaluated(wrong.expression)
      if let number = Self.number(value), Self.number(known) != nil {
        if try isNear(number, wrong) { return wrong.feedback }
      } else if PlainValue(value) == PlainValue(known) {
        return wrong.feedback
      }
    }
    return nil
  }

  /// A number that is not just true or false.
  private static func number(_ value: Value) -> Double? {
    if case .bool = value { nil } else { value.number }
  }

  /// The whole numbers of a shape.
  static func sizes(_ value: Value) -> [Int]? {
    if case .int(let size) = value { return [size] }
    guard let elements = value.elements else { return nil }
    var sizes: [Int] = []
    for element in elements {
      guard case .int(let size) = element else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// A text with only its letters and digits, in lower case: `L²` is `l2`, and an article in front says
  /// nothing.
  static func plain(_ text: String) -> String {
    let kept = AnswerText.plain(text).lowercased().map { character -> Character in
      if let digit = character.wholeNumberValue, 0...9 ~= digit { return Character("\(digit)") }
      return character.isLetter || character.isNumber ? character : " "
    }
    let words = String(kept).split(separator: " ")
    let isArticle = words.count > 1 && ["a", "an", "the"].contains(words[0])
    return words.dropFirst(isArticle ? 1 : 0).joined(separator: " ")
  }
}

/// A value without the difference between a list, a tuple and a tensor.
private indirect enum PlainValue: Equatable {
  case number(Double)
  case list([PlainValue])
  case other(String)

  init(_ value: Value) {
    if let number = value.number {
      self = .number(number)
    } else if case .string(let text) = value {
      self = .other(text)
    } else if let members = try? value.members() {
      self = .list(members.map(PlainValue.init))
    } else {
      self = .other(value.display)
    }
  }
}

// MARK: - Checks

extension QuestionJudge {
  /// What the first check says that does not hold.
  private func verdictOfChecks(with bindings: [String: Value]) -> Verdict {
    do {
      return try failedCheck(with: bindings).map { .wrong($0) } ?? .right(nil)
    } catch {
      return .notAnAnswer("interrupted before it was judged; this counts as no try")
    }
  }

  /// What the first check says that does not hold; nil if all do.
  ///
  /// - Throws: that it was interrupted, and nothing else.
  private func failedCheck(with bindings: [String: Value]) throws(Diagnostic) -> String? {
    for check in question.checks {
      let text = question.source.text(in: check.range).trimmed
      var left: (text: String, value: Value?)?
      do {
        var (expression, known) = (check.expression, bindings)
        // The left side of a comparison is found once: what it prints or changes happens once.
        if case .binary(let side, let sign, let right) = expression.kind,
          Self.comparisons.contains(sign.kind)
        {
          left = (question.source.text(in: side.range).trimmed, nil)
          let value = try session.value(of: side, in: question.source, with: bindings)
          left?.value = value
          known[Self.leftSide] = value
          let place = Expression(.name(Self.leftSide), at: side.range)
          expression = Expression(.binary(place, sign, right), at: expression.range)
        }
        let holds = try session.value(of: expression, in: question.source, with: known)
        guard (try? holds.isTrue()) != true else { continue }
        let value = left?.value.flatMap(Self.inFewWords)
        if hidesRight, let left {
          return "`\(left.text)` is \(value ?? "something else"), which is not what is asked for"
        }
        // A check of a value may name the value; one of statements says what they should have done.
        if hidesRight, question.kind == .value { return "that is not what is asked for" }
        return "`\(text)` should be true" + (value.map { ", and the left side is \($0)" } ?? "")
      } catch {
        if error.isInterruption { throw error }
        if hidesRight, let left { return "`\(left.text)` cannot be looked at: \(error.message)" }
        return "`\(text)` should be true, but \(error.message)"
      }
    }
    return nil
  }

  /// A name that nobody can write: it stands for the left side of a comparison that was found.
  private static let leftSide = "left side"

  /// A value as it is told in a sentence; nil for a long one.
  private static func inFewWords(_ value: Value) -> String? {
    let text = value.display
    return text.isEmpty || text.count > 40 || text.contains("\n") ? nil : text
  }

  private static let comparisons: Set<Operator.Kind> = [
    .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
  ]
}
