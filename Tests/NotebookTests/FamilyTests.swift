import Collab
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

/// Families that are not trained by gradients, at the prompt.
struct FamilyTests {
  private static let setting = "load demo; small = ratings.head(4000); dataloaders small bs=512"

  /// The lines of a table of losses without their times.
  private func losses(_ table: [String]) -> [Substring] { table.map { $0.prefix(29) } }

  @Test(arguments: [
    ("popular", "Popularity", "fit"), ("itemknn", "ItemKNN", "fit"), ("als", "ALS", "fit 10"),
    ("baseline", "Baseline", "fit 10"), ("ease", "EASE", "fit"), ("ials", "IALS", "fit 10"),
  ])
  func `what a family is not trained with is refused, with what it takes`(
    _ name: String, _ model: String, _ fit: String
  ) {
    let conversation = Conversation()
    for cell in [Self.setting, "learner \(name)"] { _ = conversation.type(cell) }
    for option in ["lr=5e-3", "wd=0.1", "optimizer=dense", "schedule=flat"] {
      let word = option.prefix { $0 != "=" }
      let lines = conversation.mistake(["fit 1 \(option)"])
      #expect(lines.first == "error[unknown-option]: \(model) is trained without `\(word)`")
      #expect(lines.last == "help: \(fit)")
    }
    #expect(conversation.type(fit).count > 1)
  }

  @Test(arguments: ["popular", "itemknn", "ease"])
  func `what goes through the ratings once takes no other number of epochs`(_ name: String) {
    let conversation = Conversation()
    for cell in [Self.setting, "m = learner \(name)"] { _ = conversation.type(cell) }
    let lines = conversation.mistake(["fit 5 learn=m"])
    #expect(lines.first?.hasSuffix("is trained without `epochs`") == true)
    #expect(lines.last == "help: fit learn=m")
    let once = losses(conversation.type("fit learn=m"))
    #expect(once.count == 2)
    #expect(losses(conversation.type("fit 1 learn=m")) == once)
    #expect(losses(conversation.type("m.fit(1)")) == once)
  }

  @Test(arguments: [
    ("als", "y_range=(0,5)", "`factors`, `reg`, `nu`"), ("ease", "nu=1", "`reg`, `graded`"),
    ("ials", "k=3", "`factors`, `reg`, `nu`, `unobserved`, `graded`"),
    ("popular", "k=3", "`reg_items`, `relevant`"),
    ("baseline", "factors=3", "`reg_users`, `reg_items`"), ("dot", "nu=1", "`factors`, `y_range`"),
    ("nn", "factors=3", "`layers`, `y_range`"),
  ])
  func `what another family has is refused, with what can be chosen`(
    _ name: String, _ option: String, _ choices: String
  ) {
    let word = option.prefix { $0 != "=" }
    #expect(
      Conversation.mistake(Self.setting, "learner \(name) \(option)") == [
        "error[unknown-option]: \(name) has no `\(word)`", "at \(option)",
        "what can be chosen of it: \(choices)", "help: learner \(name)",
      ])
  }

  @Test(arguments: ["popular", "itemknn", "als factors=5"])
  func `a family is fitted, used and taken back like any other`(_ name: String) {
    let conversation = Conversation()
    for cell in [Self.setting, "learner \(name)"] { _ = conversation.type(cell) }
    let before = conversation.type("validate")
    let table = losses(conversation.type("fit"))
    #expect(table.first?.contains("valid_loss") == true)
    let after = conversation.type("validate")
    #expect(after != before)
    #expect(conversation.type("recommend (dls.users[5]) n=3").count == 3)
    #expect(conversation.type("predict (dls.users[5]) (dls.items[7])").count == 1)
    #expect(conversation.type("summary").count > 4)
    #expect(conversation.type("undo") == ["the learner is as it was before the last fit"])
    #expect(conversation.type("validate") == before)
    #expect(losses(conversation.type("fit")) == table)
    #expect(conversation.type("validate") == after)
  }

  @Test func `similar shows the neighbours that itemknn predicts from`() {
    let conversation = Conversation()
    for cell in [Self.setting, "learner itemknn", "fit"] { _ = conversation.type(cell) }
    #expect(conversation.type("similar (dls.items[1]) n=3").count == 3)
    #expect(conversation.mistake(["learner popular; similar (dls.items[1])"]).count > 0)
  }

  @Test(arguments: [
    ("baseline", "factor 0", "bias items"), ("popular", "bias users", "bias items"),
    ("itemknn", "factor 0", "similar "), ("ease", "similar_users (dls.users[5])", "similar "),
    ("nn", "bias users", "similar "), ("popular", "similar (dls.items[1])", "bias items"),
  ])
  func `where a model lacks something, help has lines that run`(
    _ name: String, _ line: String, _ help: String
  ) {
    let conversation = Conversation()
    for cell in [Self.setting, "m = learner \(name)", "fit 1 learn=m"] {
      _ = conversation.type(cell)
    }
    let lines = conversation.mistake(["\(line) learn=m"])
    #expect(lines.first?.hasPrefix("error[not-in-model]: ") == true, "\(lines)")
    let advice = lines.filter { $0.hasPrefix("help: ") }.map { String($0.dropFirst(6)) }
    #expect(advice.first?.hasPrefix(help) == true, "\(lines)")
    for line in advice { #expect(conversation.mistake([line]) == [], "\(line)") }
  }

  @Test(arguments: ["baseline", "popular", "itemknn", "als", "ease", "ials", "bayes"])
  func `a model that has not been fitted says that it has nothing to say`(_ name: String) {
    let conversation = Conversation()
    for cell in [Self.setting, "m = learner \(name)"] { _ = conversation.type(cell) }
    let note = "has not been fitted: it says the same of everything"
    let cells = [
      "recommend (dls.users[5]) n=2 learn=m", "predict (dls.users[5]) (dls.items[7]) learn=m",
      "explain (dls.users[5]) (dls.items[7]) learn=m",
      "evaluate metrics=[rmse] resamples=10 learn=m",
    ]
    for cell in cells {
      let lines = conversation.type(cell)
      let place = lines.firstIndex { $0.contains(note) }
      #expect(place.map { lines[$0 + 1] } == "  help: fit learn=m", "\(cell): \(lines)")
    }
    _ = conversation.type("fit learn=m")
    for cell in cells {
      #expect(!conversation.type(cell).contains { $0.contains(note) }, "\(cell)")
    }
  }

  @Test(arguments: ["baseline", "popular", "itemknn", "ease"])
  func `lists of models without factors are made diverse too`(_ name: String) {
    let conversation = Conversation()
    for cell in [Self.setting, "learner \(name)", "fit", "u = dls.users[5]"] {
      _ = conversation.type(cell)
    }
    for cell in ["a = recommend(u, n=20)", "b = recommend(u, n=20, diverse=0.5)"] {
      #expect(conversation.mistake([cell]) == [])
    }
    #expect(
      conversation.type("print(a.item[0] == b.item[0], list(a.item) == list(b.item))")
        == ["True False"])
  }

  @Test func `what looks at no rating of a user says that none moves it`() {
    let conversation = Conversation()
    for cell in [Self.setting, "learner popular", "fit", "me = user([(dls.items[7], 5)])"] {
      _ = conversation.type(cell)
    }
    #expect(
      conversation.type("explain me (dls.items[9])").last
        == "me has 1 rating, and none of them moves it")
  }

  @Test func `als begins with factors that the seed draws, and goes on at the next fit`() {
    func losses(_ seed: Int, _ fits: String...) -> [String] {
      Conversation.last(
        Self.setting, "seed \(seed)", "learner als factors=5", fits.joined(separator: "; "),
        "validate")
    }
    #expect(losses(1, "fit 5") == losses(1, "fit 5"))
    #expect(losses(1, "fit 5") != losses(2, "fit 5"))
    #expect(losses(1, "fit 2", "fit 3") == losses(1, "fit 5"))
  }

  @Test func `an interrupted fit of als says what is kept and how to go on`() {
    let conversation = Conversation()
    for cell in [Self.setting, "learner als factors=5"] { _ = conversation.type(cell) }
    guard case .object(let learner as Learner)? = conversation.session.variables["learn"] else {
      Issue.record("no learner")
      return
    }
    var isAsked = false
    conversation.session.isInterrupted = {
      guard !isAsked, learner.recorder.epochs.count == 1 else { return false }
      isAsked = true
      return true
    }
    let lines = conversation.type("fit 6 anneal=32")
    #expect(
      lines.contains { $0.hasPrefix("interrupted in epoch 1; what was learned before it is kept") })
    // What is left goes on with the penalty of its first pass: 32 has come down to 16.
    #expect(lines.contains { $0.hasPrefix("  help: fit 5 anneal=16") })
  }

  @Test func `the help of learner has a line for each family`() {
    let lines = Conversation.last("help learner").joined(separator: "\n")
    for name in ["popular", "itemknn", "als", "baseline", "dotbias", "ease", "ials"] {
      #expect(lines.contains("\(name) "), "\(name)")
    }
  }
}
