import CollabText

/// A number as people write it: `6.3%`, `6,3`, `1/16`, `3 020 800`, `about 4 stars`, `64 x 944`.
///
///     NumberAnswer("6,3 %", asksForPercent: true).readings  // ["6.3"]
package struct NumberAnswer {
  /// The formulas that the text may stand for, the likeliest first; never empty.
  package let readings: [String]

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - asksForPercent: whether the question speaks of percent, so that 6.3 and 6.3 % are the same.
  package init(_ text: String, asksForPercent: Bool) {
    var text = Self.withPlainSigns(text)
    let isPercent = Self.removePercent(from: &text)
    let (numeral, scale) = Self.withoutUnit(text)
    var readings =
      Numeral(numeral)?.readings?.map { number in scale.map { "\(number)*\($0)" } ?? number } ?? [
        text
      ]
    if isPercent, !asksForPercent {
      // What is larger than all may be a percentage whose question does not say so; a share it is not.
      readings =
        readings.filter { Double($0).map { abs($0) > 1 } ?? true }
        + readings.map { "(\($0))/100" }
    }
    // A sixteenth of all is a share, whatever it is asked in.
    if !isPercent, asksForPercent, Self.isProperFraction(text) { readings.append("100*\(text)") }
    self.readings = readings
  }

  /// The text with the signs of the language, and without words that say that it is rounded.
  private static func withPlainSigns(_ text: String) -> String {
    var text = AnswerText.plain(text).replacing("×", with: "*").replacing("·", with: "*")
      .replacing("÷", with: "/")
    text = AnswerText.without(starts, AnswerText.withoutFullStop(text))
    // A tolerance says the same as "about".
    if let sign = text.firstIndex(of: "±"), sign > text.startIndex {
      let (number, tolerance) = (text[..<sign].trimmed, text[sign...].dropFirst().trimmed)
      // One that is wider than a tenth says that nothing is known.
      if let size = Double(number), let width = Double(tolerance), width <= abs(size) / 10 {
        text = number
      }
    }
    for minus in ["minus ", "negative "] where text.lowercased().hasPrefix(minus) {
      text = "-" + text.dropFirst(minus.count)
    }
    return withTimes(text)
  }

  /// Words that say that a number is rounded, or that here it comes.
  private static let starts =
    [
      "=", "≈", "~", "about ", "ca. ", "circa ", "approximately ", "approx. ", "approx ",
      "roughly ", "around ", "nearly ", "almost ",
    ] + AnswerText.openings

  /// `64 x 944` with the sign of the language, where there is nothing but numbers around it.
  private static func withTimes(_ text: String) -> String {
    let factors = text.split(whereSeparator: { $0 == "x" || $0 == "X" }).map(\.trimmed)
    guard factors.count > 1, text.count(where: { $0 == "x" || $0 == "X" }) == factors.count - 1,
      factors.allSatisfy({ Double($0) != nil })
    else { return text }
    return factors.joined(separator: " * ")
  }

  private static func removePercent(from text: inout String) -> Bool {
    for end in ["%", " percent", " per cent"] where text.hasSuffix(end) {
      text = text.dropLast(end.count).trimmed
      return true
    }
    return false
  }

  /// The number without the words behind it, if there is nothing else: `4 stars`; and what the first of
  /// them multiplies it by.
  private static func withoutUnit(_ text: String) -> (numeral: String, scale: Int?) {
    let words = text.split(separator: " ")
    let units = words.reversed().prefix { $0.allSatisfy(\.isLetter) }
    return (
      words.dropLast(units.count).joined(separator: " "),
      units.last.flatMap { scales[$0.lowercased()] }
    )
  }

  /// Units that multiply: `3 million`.
  private static let scales = ["thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000]

  private static func isProperFraction(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.trimmed }
    guard parts.count == 2, let above = Int(parts[0]), let below = Int(parts[1]) else {
      return false
    }
    return 0 < above && above < below
  }
}

/// Digits with points, commas, blanks or apostrophes among them, which mean different things to
/// different people.
private struct Numeral {
  private let sign: String
  private let digits: String

  /// - Returns: nil if there is anything else in the text.
  init?(_ text: String) {
    let marks: Set<Character> = [".", ",", " ", "'", "’", "\u{a0}", "\u{202f}"]
    let isSigned = text.hasPrefix("-") || text.hasPrefix("+")
    sign = isSigned ? String(text.prefix(1)) : ""
    digits = text.dropFirst(sign.count).trimmed
    guard digits.contains(where: \.isNumber),
      digits.allSatisfy({ marks.contains($0) || ($0.isASCII && $0.isNumber) })
    else { return nil }
  }

  /// What it may stand for; nil if it is no number but several.
  var readings: [String]? {
    let marks = Set(digits.filter { !$0.isNumber })
    guard !marks.isEmpty else { return [sign + digits] }
    var readings: [String] = []
    for decimal: Character? in [".", nil, ","] {
      guard let reading = reading(decimal: decimal, marks: marks), !readings.contains(reading)
      else { continue }
      readings.append(reading)
    }
    return readings.isEmpty ? nil : readings
  }

  /// The number, if this mark stands before decimals and the others between thousands.
  private func reading(decimal: Character?, marks: Set<Character>) -> String? {
    let others = decimal.map { marks.subtracting([$0]) } ?? marks
    guard others.count <= 1, decimal.map(marks.contains) ?? true else { return nil }
    let parts =
      decimal.map { digits.split(separator: $0, omittingEmptySubsequences: false) } ?? [digits[...]]
    guard parts.count <= 2, parts.count == 1 || !parts[1].contains(where: { !$0.isNumber }) else {
      return nil
    }
    let groups = parts[0].split(omittingEmptySubsequences: false) { others.contains($0) }
    // A number does not begin with a group of zeros.
    let isGrouped =
      groups.count == 1
      || (1...3 ~= groups[0].count && !groups[0].hasPrefix("0")
        && groups.dropFirst().allSatisfy { $0.count == 3 })
    guard isGrouped else { return nil }
    return sign + groups.joined() + (parts.count == 2 ? "." + parts[1] : "")
  }
}
