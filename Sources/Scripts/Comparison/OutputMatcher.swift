/// Says whether lines of output are what was recorded.
///
/// `…` is matched from the left, each piece between two of them at the first place where it fits; that
/// finds a match whenever there is one. Pieces of ordinary length take linear time. For others there is
/// a bound on the work, behind which nothing matches any more.
struct OutputMatcher {
  let tolerance: Tolerance
  /// How many more tokens may be looked at.
  private var budget: Int

  init(_ tolerance: Tolerance, budget: Int = 30_000_000) {
    (self.tolerance, self.budget) = (tolerance, budget)
  }

  /// Whether the bound on the work was reached.
  var isExhausted: Bool { budget < 0 }

  /// Whether the lines are those that were recorded, where a lone `…` stands for any of them.
  mutating func matches(_ expected: [OutputLine], _ actual: [OutputLine]) -> Bool {
    let pieces = expected.split(omittingEmptySubsequences: false, whereSeparator: \.isWildcard)
    return finds(pieces.map { Array($0) }, in: actual, test: { $0.matches($1, $2) })
  }

  /// Whether a line is the recorded one.
  mutating func matches(_ expected: OutputLine, _ actual: OutputLine) -> Bool {
    budget -= 1
    guard budget >= 0 else { return false }
    guard expected.hasWildcard else {
      guard expected.tokens.count == actual.tokens.count else { return false }
      budget -= expected.tokens.count
      return zip(expected.tokens, actual.tokens).allSatisfy { pair in
        pair.0.isAfterBlank == pair.1.isAfterBlank
          && accepts(pair.1, of: actual, for: pair.0, of: expected)
      }
    }
    // Digits beside `…` may be a part of a number, so that they are text.
    return matches(expected, actual, splittingNumbers: false)
      || expected.hasNumberBesideWildcard && matches(expected, actual, splittingNumbers: true)
  }

  /// Whether a token may stand for a recorded one, whatever is around them.
  func accepts(
    _ actual: OutputLine.Token, of line: OutputLine, for expected: OutputLine.Token,
    of expectedLine: OutputLine
  ) -> Bool {
    switch (expected.kind, actual.kind) {
    case (.duration, .duration): return true
    case (.clockOfColumn, .clock), (.clock, .clockOfColumn), (.clockOfColumn, .clockOfColumn):
      return true
    default: break
    }
    guard expected.kind == actual.kind else { return false }
    if expectedLine.content(expected) == line.content(actual) { return true }
    guard expected.kind == .number else { return false }
    return tolerance.accepts(
      PrintedNumber(line.content(actual)), for: PrintedNumber(expectedLine.content(expected)))
  }
}

// MARK: - `…` within a line

extension OutputMatcher {
  /// Text next to `…` may be part of a word, so it is compared letter by letter.
  private mutating func matches(
    _ expected: OutputLine, _ actual: OutputLine, splittingNumbers: Bool
  ) -> Bool {
    var pieces: [[OutputLine.Letter]] = [[]]
    // Whether what stands for `…` begins with a blank, if it is anything and not the end.
    var beginsWithBlank: [Bool] = []
    for letter in expected.letters(splittingNumbers: splittingNumbers) {
      if letter.token.kind == .wildcard {
        pieces.append([])
        beginsWithBlank.append(letter.isAfterBlank ?? false)
      } else {
        pieces[pieces.count - 1].append(letter)
      }
    }
    for index in pieces.indices.dropFirst() where pieces[index].first?.isAfterBlank == false {
      pieces[index][0].isAfterBlank = nil
    }
    let letters = actual.letters(splittingNumbers: splittingNumbers)
    return finds(pieces, in: letters) { piece, place in
      piece == beginsWithBlank.count || !beginsWithBlank[piece] || place == letters.count
        || letters[place].isAfterBlank != false
    } test: { matcher, letter, other in
      let isBlankRight =
        letter.isAfterBlank == nil || other.isAfterBlank == nil
        || letter.isAfterBlank == other.isAfterBlank
      return isBlankRight
        && matcher.accepts(other.token, of: actual, for: letter.token, of: expected)
    }
  }
}

extension OutputLine {
  /// A token that is not text, or a byte of text.
  struct Letter {
    let token: Token
    /// Whether a blank in front of it counts; nil if there may be one or not.
    var isAfterBlank: Bool?
  }

  /// Whether `…` touches a number or a time.
  fileprivate var hasNumberBesideWildcard: Bool {
    zip(tokens, tokens.dropFirst()).contains { left, right in
      !right.isAfterBlank && (left.kind == .wildcard) != (right.kind == .wildcard)
        && left.kind != .text && right.kind != .text
    }
  }

  /// The line letter by letter, where numbers and times are one letter each unless they are split.
  fileprivate func letters(splittingNumbers: Bool) -> [Letter] {
    var letters: [Letter] = []
    for token in tokens {
      guard token.kind == .text || splittingNumbers && token.kind != .wildcard else {
        letters.append(Letter(token: token, isAfterBlank: token.isAfterBlank))
        continue
      }
      for place in token.range {
        let isAfterBlank =
          place == token.range.lowerBound
          ? token.isAfterBlank : place > 0 && bytes[place - 1].isBlankInOutput
        letters.append(
          Letter(
            token: Token(kind: .text, range: place..<place + 1, isAfterBlank: isAfterBlank),
            isAfterBlank: isAfterBlank))
      }
    }
    if letters.first?.token.kind != .wildcard, !letters.isEmpty { letters[0].isAfterBlank = nil }
    return letters
  }
}

// MARK: - Pieces in order

extension OutputMatcher {
  /// Whether the pieces occur one after the other: the first at the start, the last at the end, the
  /// others anywhere between.
  ///
  /// - Parameters:
  ///   - pieces: what to find, at least one; a single one has to be everything.
  ///   - actual: where to find it.
  ///   - mayEnd: whether the piece of this number may end at this place.
  ///   - test: whether two elements fit.
  /// - Returns: whether they do.
  private mutating func finds<Element, Other>(
    _ pieces: [[Element]], in actual: [Other], mayEnd: (Int, Int) -> Bool = { _, _ in true },
    test: (inout OutputMatcher, Element, Other) -> Bool
  ) -> Bool {
    func fits(_ piece: [Element], at place: Int) -> Bool {
      for (offset, element) in piece.enumerated() {
        budget -= 1
        guard budget >= 0, test(&self, element, actual[place + offset]) else { return false }
      }
      return true
    }
    guard let first = pieces.first, let last = pieces.last else { return actual.isEmpty }
    guard pieces.count > 1 else { return first.count == actual.count && fits(first, at: 0) }
    guard pieces.reduce(0, { $0 + $1.count }) <= actual.count, fits(first, at: 0),
      mayEnd(0, first.count)
    else { return false }
    var place = first.count
    let end = actual.count - last.count
    for (index, piece) in pieces.enumerated().dropFirst().dropLast() {
      while place + piece.count <= end {
        if fits(piece, at: place), mayEnd(index, place + piece.count) { break }
        if budget < 0 { return false }
        place += 1
      }
      guard place + piece.count <= end else { return false }
      place += piece.count
    }
    return place <= end && fits(last, at: end)
  }
}
