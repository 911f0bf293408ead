import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabLearning
import CollabTensors

/// What a model has learned.
enum InterpretationCommands {
  static let all = [bias, similar, recommend, predict]

  static let bias = Builtin(
    CommandSpec(
      "bias", group: .lookingIn, summary: "list items or users by their learned bias",
      details: """
        A bias is what a rating owes to the item alone, apart from the tastes it meets: films with \
        a low one are disliked even by those who should like them.
        """,
      parameters: [
        Parameter(
          "side",
          .choice([
            Choice("items", "films"), Choice("movies", "films"), Choice("users", "the raters"),
          ]), default: "items", help: "items or users"),
        Parameter(
          "top", .integer(0...100_000), .optional, example: "5", isOptionOnly: true,
          help: "how many with the largest bias"),
        Parameter(
          "bottom", .integer(0...100_000), .optional, example: "5", isOptionOnly: true,
          help: "how many with the smallest bias"),
        .learner,
      ],
      examples: ["bias items top=5", "bias items top=5 bottom=5"], seeAlso: ["similar"],
      chapter: "Interpreting embeddings and biases")
  ) { call in
    let side: RatingSide = try call.arguments.string("side") == "users" ? .users : .items
    // #na# stands for those who are not in the training ratings.
    let biases = try call.learnerOption().biases(of: side).filter { $0.index > 0 }
    var (top, bottom) = (
      call.arguments.optionalInt("top"), call.arguments.optionalInt("bottom")
    )
    if top == nil && bottom == nil { (top, bottom) = (5, 5) }
    let largest = top.map { biases.reversed().prefix($0).map(\.bar) }
    let smallest = bottom.map { biases.prefix($0).map(\.bar) }
    let isPair = largest != nil && smallest != nil
    if let largest {
      if isPair { call.output.write(.paragraph("largest")) }
      call.output.write(.bars(BarChart(largest, comparedWith: smallest ?? [])))
    }
    if let smallest {
      if isPair { call.output.write(.paragraph("smallest")) }
      call.output.write(.bars(BarChart(smallest, comparedWith: largest ?? [])))
    }
    return .none
  }

  static let similar = Builtin(
    CommandSpec(
      "similar", group: .lookingIn,
      summary: "list the items whose factors are nearest to an item's",
      details:
        "The score is the cosine of the angle between the factors: 1 for the same direction.",
      parameters: [
        Parameter(
          "title", .string, example: "'Quiet Harbour, The (1951)'", completes: .titles,
          help: "the item to compare with"),
        Parameter("n", .integer(1...100_000), default: "5", help: "how many"), .learner,
      ],
      examples: ["similar (dls.items[1]) n=3"], seeAlso: ["bias"],
      chapter: "Embedding distance")
  ) { call in
    let learner = try call.learnerOption()
    let index = try call.item("title", of: learner)
    let count = try call.arguments.int("n")
    call.noteUnknown([(.items, index)], to: learner)
    let neighbors = try learner.neighbors(of: index, count: count + 1).filter { $0.index > 0 }
    call.output.write(.bars(BarChart(neighbors.prefix(count).map(\.bar))))
    return .none
  }

  private static let user = Parameter(
    "user", .anyOf([.integer(), .string]), example: "42", help: "the id or name of a user")

  static let recommend = Builtin(
    CommandSpec(
      "recommend", group: .lookingIn,
      summary: "list the items with the highest predictions for a user",
      details: "Items that the user has rated are left out, in training or validation.",
      parameters: [
        user,
        Parameter("n", .integer(1...100_000), default: "5", help: "how many"), .learner,
      ],
      examples: ["recommend 42 n=3", "recommend 42 learn=learn"], seeAlso: ["predict", "similar"])
  ) { call in
    let learner = try call.learnerOption()
    let user = try call.user("user", of: learner)
    call.noteUnknown([(.users, user)], to: learner)
    let found = try Recommender(learner).recommendations(
      for: [user], count: call.arguments.int("n"))
    let best = found.first ?? []
    guard !best.isEmpty else {
      call.output.write(
        .paragraph(
          "\(learner.loaders.users[user]) has rated every \(learner.loaders.items.name) there is"))
      return .none
    }
    let bars = best.map { one in
      BarChart.Bar(
        learner.loaders.items[one.item], value: Double(one.rating),
        text: fixed(Double(one.rating), 2))
    }
    call.output.write(.bars(BarChart(bars)))
    return .none
  }

  static let predict = Builtin(
    CommandSpec(
      "predict", group: .lookingIn, summary: "predict what a user would give an item",
      parameters: [
        user,
        Parameter(
          "title", .string, example: "'Quiet Harbour, The (1951)'", completes: .titles,
          help: "the item"),
        Parameter(
          "stars", .boolean, default: "false", isOptionOnly: true,
          help: "show how probable each star is, where the model says: see bayes"),
        .learner,
      ],
      examples: ["predict 42 (dls.items[7])"], seeAlso: ["recommend"], result: "Double")
  ) { call in
    let learner = try call.learnerOption()
    let (user, item) = (
      try call.user("user", of: learner), try call.item("title", of: learner)
    )
    call.noteUnknown([(.users, user), (.items, item)], to: learner)
    if try call.arguments.bool("stars") {
      try call.showStars(of: learner, user: user, item: item)
    }
    let pair = [Int64(user), Int64(item)]
    learner.model.train(false)
    return try GradientMode.withoutRecording {
      .double(try learner.model.forward(Tensor(pair, shape: [1, 2])).item())
    }
  }
}

extension Call {
  /// The index of the item that an argument names.
  fileprivate func item(_ name: String, of learner: Learner) throws -> Int {
    let title = try arguments.string(name)
    let items = learner.loaders.items
    guard let index = items.index(of: title) else {
      throw SessionProblem.unknownTitle(title, near: items.near(title))
        .diagnostic(at: arguments.range(of: name), in: arguments.source)
    }
    return index
  }

  /// The index of the user with an id or name.
  fileprivate func user(_ name: String, of learner: Learner) throws -> Int {
    let id = (arguments.value(name) ?? .none).text
    let users = learner.loaders.users
    guard let index = users.index(of: id) else {
      var diagnostic = SessionProblem.unknownUser(id, near: Int(id) == nil ? users.near(id) : [])
        .diagnostic(at: arguments.range(of: name), in: arguments.source)
      if let count = learner.loaders.heldOutCount(of: id) {
        diagnostic.notes.append(
          count == 1
            ? "the only rating of theirs is held out for validation"
            : "all \(grouped(count)) of their ratings are held out for validation")
      }
      throw diagnostic
    }
    return index
  }

  /// Says of users and items without a rating to learn from that the model knows nothing of them.
  fileprivate func noteUnknown(_ classes: [(side: RatingSide, index: Int)], to learner: Learner) {
    let loaders = learner.loaders
    for (side, index) in classes where index > 0 && !loaders.isTrained(index, of: side) {
      let name = (side == .users ? loaders.users : loaders.items)[index]
      let line =
        "note: no rating to train on is \(side == .users ? "from" : "of") \(name), "
        + "so the model knows nothing of \(side == .users ? "them" : "it")"
      output.write(.failure(Failure(lines: [line], severity: .note)))
    }
  }
}

extension ScoredClass {
  /// The name with its score as a bar.
  fileprivate var bar: BarChart.Bar {
    .init(name, value: Double(score), text: fixed(Double(score), 2))
  }
}

extension Suggestion {
  /// Titles that may have been meant: mistyped ones, or those that contain the text.
  static func titles(like text: String, among titles: [String]) -> [String] {
    let near = nearest(to: text, among: titles)
    // A long text is in no title, and takes long to look for.
    guard near.isEmpty, text.utf8.count <= 200, text.count >= 3 else { return near }
    let wanted = text.lowercased()
    return Array(titles.filter { $0.lowercased().contains(wanted) }.prefix(3))
  }
}
