import CollabLanguage

/// What can be typed next to steer a lesson: a word and what it does.
public struct LessonCompletion: Sendable {
  /// The end of what was typed, which a word takes the place of.
  public let replaced: String
  /// The words with what is said about them.
  public let words: [(text: String, note: String)]
  /// Whether statements of the language can stand there as well.
  public let allowsStatements: Bool
}

extension LessonRunner {
  /// The words of the lesson, or the ids of its steps behind `goto`; nil where neither can stand.
  public func completion(of typed: String) -> LessonCompletion? {
    guard state == .step, !typed.contains("\n") else { return nil }
    if typed.hasPrefix("goto ") {
      let place = typed.dropFirst(5).drop { $0 == " " }
      // A statement such as `goto = 3` is none of ours.
      guard place.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
        return nil
      }
      return LessonCompletion(
        replaced: String(place),
        words: lesson.steps.filter { $0.id.hasPrefix(place) }.map {
          ($0.id, lesson.sections[$0.section].title)
        }, allowsStatements: false)
    }
    guard typed.allSatisfy(\.isLetter) else { return nil }
    // Enter is a key and no word.
    let words = LessonWord.explanations.dropFirst().filter { $0.word.hasPrefix(typed) }
    return LessonCompletion(
      replaced: typed, words: words.map { ($0.word, $0.text) }, allowsStatements: true)
  }
}
