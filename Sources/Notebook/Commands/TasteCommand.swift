import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabText

/// `taste`: asks somebody new about items.
enum TasteCommand {
  static let all = [taste]

  static let taste = Builtin(
    CommandSpec(
      "taste", group: .lookingIn, summary: "ask for a few ratings, and make them the user `me`",
      details: """
        Asks about items that many have an opinion on: first the most rated ones, after three ratings \
        those whose answer is expected to tell most about all the others. One key is an answer: a \
        number of stars, a blank for what is not known, Backspace to go back, q for enough. What is \
        recommended so far is shown with each question. Ctrl-C ends it too, and keeps the answers.

        From a pipe answers are read as lines, one each. `answers` takes them as a list, with none for \
        what is not known, so that a script needs nobody.
        """,
      parameters: [
        Parameter(
          "n", .integer(1...TasteInterview.itemLimit), default: "15",
          help: "how many ratings are enough"),
        Parameter(
          "answers", .list(of: .anyOf([.number(), .nothing, .string])), .optional,
          example: "[5, none, 3]", isOptionOnly: true,
          help: "the answers, in the order of the questions"),
        .learner,
      ],
      examples: ["taste answers=[5, none, 3]", "friend = taste answers=[2, 4]"],
      seeAlso: ["rate", "user", "recommend"], result: "User", defines: ["me"], needs: ["learn"])
  ) { call in
    let learner = try call.learnerOption()
    let given = call.arguments.value("answers")?.elements?.map { $0.isNone ? "" : $0.text }
    let keys = TasteKeys(learner.loaders.scale)
    if let wrong = given?.first(where: { keys.answer($0) == nil }) {
      throw Diagnostic(
        "bad-value", "`\(wrong)` is no answer", at: call.arguments.range(of: "answers"),
        in: call.arguments.source, caption: keys.hint)
    }
    guard let answerer = given.map(ListedAnswers.init) ?? call.session.answerer else {
      throw Diagnostic(
        "bad-value", "nobody is there to answer", at: call.arguments.range,
        in: call.arguments.source, help: ["taste answers=[5, none, 3]"])
    }
    var talk = TasteTalk(learner, enough: try call.arguments.int("n"))
    try talk.hold(with: answerer)
    let user = talk.user
    if given != nil, !talk.lines.isEmpty {
      call.output.write(.preformatted(talk.lines.joined(separator: "\n")))
    }
    call.output.write(
      .paragraph(
        user.ratings.isEmpty
          ? "no ratings: `rate` and `user` take them too"
          : "\(counted(user.ratings.count, "rating")) · recommend me"))
    return .object(user)
  }
}

/// Answers that were given beforehand.
private final class ListedAnswers: Answerer {
  private var answers: ArraySlice<String>

  init(_ answers: [String]) { self.answers = answers[...] }

  func answer(to question: Question) -> String? { answers.popFirst() }
  func end() {}
}

/// An interview that somebody sees.
private struct TasteTalk {
  /// So many items are recommended meanwhile.
  private static let listed = 5
  /// Answers that are still shown.
  private static let remembered = 3

  private let learner: Learner
  private let keys: TasteKeys
  private let enough: Int
  private var interview: TasteInterview

  init(_ learner: Learner, enough: Int) {
    (self.learner, self.enough) = (learner, enough)
    keys = TasteKeys(learner.loaders.scale)
    interview = TasteInterview(learner)
  }

  /// Asks until there are enough answers.
  mutating func hold(with answerer: any Answerer) throws {
    defer { answerer.end() }
    var remark: String?
    while interview.ratings.count < enough, let item = try interview.next() {
      guard let text = answerer.answer(to: try question(about: item, remark)) else { return }
      remark = nil
      switch keys.answer(text) {
      case .stars(let stars): interview.answer(item, Float(stars))
      case .unseen: interview.answer(item, nil)
      case .back: interview.takeBack()
      case .halfMore: remark = addHalf() ? nil : "there is no rating to add half a star to"
      case .enough: return
      case nil: remark = "`\(text)` is no answer"
      }
    }
  }

  /// Adds half a star to the answer before.
  private mutating func addHalf() -> Bool {
    guard let last = interview.answers.last, let stars = last.stars,
      Double(stars) + 0.5 <= keys.highest, stars == stars.rounded()
    else { return false }
    interview.takeBack()
    interview.answer(last.item, stars + 0.5)
    return true
  }

  /// A line an answer.
  var lines: [String] {
    interview.answers.map { item, stars in
      "\(learner.loaders.items[item]): \(stars.map { starsText(Double($0)) } ?? "not known")"
    }
  }

  /// The user that the answers make.
  var user: NewUser {
    NewUser(
      interview.ratings.map {
        NewUser.NamedRating(name: learner.loaders.items[$0.item], stars: Double($0.stars))
      })
  }

  private func question(about item: Int, _ remark: String?) throws -> Question {
    var screen = lines.suffix(Self.remembered).map { "  \($0)" }
    if !interview.ratings.isEmpty {
      let me = try learner.foldIn(interview.ratings)
      let list = try Recommender(learner).recommendations(for: me, count: Self.listed)
      screen += ["", "so far you would like"]
      screen += list.map { "  \(fixed(Double($0.rating), 2))  \(learner.loaders.items[$0.item])" }
    }
    screen += ["", "\(interview.answers.count + 1). \(learner.loaders.items[item])", keys.hint]
    if let remark { screen.append(remark) }
    return Question(screen: screen)
  }
}
