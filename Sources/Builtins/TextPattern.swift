import CollabInterpreter

/// A part of a text, or a regular expression, to look for.
struct TextPattern: @unchecked Sendable {
  /// A compiled expression is only read.
  private let regex: Regex<AnyRegexOutput>
  /// The names of the groups; those without one have their numbers, from 0.
  let groupNames: [String]

  /// A pattern.
  ///
  /// - Throws: `bad-value` for an expression that cannot be read.
  init(_ text: String, isExpression: Bool, ignoresCase: Bool) throws {
    let expression = isExpression ? text.replacing("(?P<", with: "(?<") : Self.quoted(text)
    guard let regex = try? Regex(expression) else {
      throw Problem.wrongKind("`pat`", expected: "a regular expression", got: "'\(text)'")
    }
    self.regex = ignoresCase ? regex.ignoresCase() : regex
    // Only a match tells what groups there are, so it is asked for one with nothing instead.
    let groups = (try? Regex("(?:\(expression))|").firstMatch(in: ""))?.output.dropFirst()
    groupNames = groups.map { $0.enumerated().map { $1.name ?? "\($0)" } } ?? []
  }

  /// An expression that means the text itself.
  private static func quoted(_ text: String) -> String {
    String(
      text.flatMap { character -> [Character] in
        #"\^$.|?*+()[]{}/-"#.contains(character) ? ["\\", character] : [character]
      })
  }

  func firstMatch(in text: String) -> Range<String.Index>? {
    try? regex.firstMatch(in: text)?.range
  }

  func prefixMatch(in text: String) -> Range<String.Index>? {
    try? regex.prefixMatch(in: text)?.range
  }

  func wholeMatch(in text: String) -> Range<String.Index>? {
    try? regex.wholeMatch(in: text)?.range
  }

  func count(in text: String) -> Int { text.matches(of: regex).count }

  /// All matches, each with its groups behind the whole.
  func matches(in text: String) -> [[Substring?]] {
    text.matches(of: regex).map { $0.output.map(\.substring) }
  }

  /// The match at a place, with its groups behind the whole; nil if there is none.
  func match(_ place: PatternMatch.Place, in text: String) -> [Substring?]? {
    let match =
      switch place {
      case .search: try? regex.firstMatch(in: text)
      case .match: try? regex.prefixMatch(in: text)
      case .fullmatch: try? regex.wholeMatch(in: text)
      }
    return match.map { $0.output.map(\.substring) }
  }

  /// What the groups of the first match are; nil if there is none.
  func firstGroups(in text: String) -> [String?]? {
    guard let match = try? regex.firstMatch(in: text) else { return nil }
    return match.output.dropFirst().map { $0.substring.map(String.init) }
  }

  /// The text with another part in place of each match; `\1` is the first group.
  func replacing(in text: String, by new: String) -> String {
    text.replacing(regex) { match in
      var (result, isEscaped) = ("", false)
      for character in new {
        if isEscaped {
          if let group = character.wholeNumberValue, group < match.output.count {
            result += match.output[group].substring ?? ""
          } else {
            result.append(character)
          }
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else {
          result.append(character)
        }
      }
      return result
    }
  }
}
