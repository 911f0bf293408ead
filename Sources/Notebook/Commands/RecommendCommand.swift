import Collab
import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors
import CollabText

/// `recommend`: the items with the highest predictions.
enum RecommendCommand {
  /// So many items may be made unlike each other: each is compared with those above it.
  fileprivate static let mostDiverse = 1000

  static let recommend = Builtin(
    CommandSpec(
      "recommend", group: .lookingIn,
      summary: "list the items with the highest predictions for a user",
      details: """
        Items that the user has rated are left out, in training or validation, and so are items \
        without a rating to learn from.

        For one user the value is a table with `rank`, `item` and `rating`, the prediction. For a \
        list of users, or `all` with a rating to learn from, it has a row for each `user` and `rank`, \
        with `item` and `score`. With `save` the lists go to a file instead, a few users at a time: \
        CSV, or what the end of the name says: .tsv, .json, .jsonl or .md.

        A model of ratings lists what it thinks would be rated highest: with `dot` often items that \
        few have met, with `dotbias` and weight decay such as many know. As lists of what somebody \
        goes on to like both are poor. On MovieLens 100K, with a fifth of \
        the ratings held out (the mean of u1 to u5), ndcg@10 of dotbias is 0.08, where the most rated \
        items for everybody reach 0.20, bayes with `by=rank` 0.24, ials 0.41 and ease 0.42. \
        `learner ease; fit` makes a model that ranks. (Held-out ratings favour what is often rated; \
        the figures are of the usual kind all the same.)

        With `diverse` an item counts the less the more it is like one above it: by the angle between \
        their factors, or for a model without factors by how many have rated both.

        `where` takes a condition on the columns of `movies`, such as 'year > 1990'; a column such as \
        `genres` with several between | has a `genre` that holds if one of them does. It also takes \
        a table or a list of the items that are allowed.
        """,
      parameters: [
        .users,
        Parameter("n", .integer(1...100_000), default: "5", help: "how many for each user"),
        Parameter(
          "seen",
          .choice([
            Choice("hide", "what the user has rated is left out"),
            Choice("hide_train", "only what is learned from is left out, for judging the lists"),
            Choice("show", "nothing is left out"),
          ]), default: "hide", isOptionOnly: true, help: "what is done with rated items"),
        Parameter(
          "exclude", .anyOf([.string, .list(of: .string), .value("Table")]), .optional,
          example: "['Northbound Thimble (1981)']", isOptionOnly: true,
          help: "items that are left out: titles, or a table of them"),
        Parameter(
          "where", .anyOf([.string, .list(of: .string), .value("Table")]), .optional,
          example: "'genre == \"Comedy\"'", isOptionOnly: true,
          help: "the only items that are allowed: a condition, titles, or a table of them"),
        Parameter(
          "diverse", .number(.between(0, 1)), default: "0", example: "0.3", isOptionOnly: true,
          help: "how much likeness to the items above counts against an item"),
        Parameter(
          "by",
          .choice([
            Choice("rating", "what the model predicts"),
            Choice(
              "rank",
              "what the model ranks by; of ratings how likely it is liked, times √ of its ratings"),
          ]), .optional, example: "rank", isOptionOnly: true,
          help: "what puts items in order; what the model ranks by without it"),
        Parameter(
          "unrated", .boolean, default: "false", isOptionOnly: true,
          help: "whether items without a rating to learn from are listed too"),
        Parameter(
          "save", .path, .optional, example: "'recs.csv'", isOptionOnly: true, completes: .files,
          help: "a file for the lists"),
        .learner,
      ],
      examples: [
        "recommend 42 n=3", "recommend 42 learn=learn", "recs = recommend 42 n=20; recs.item[0]",
        "recommend 42 n=3 where='genre == \"Comedy\"'", "recommend 42 n=3 diverse=0.3",
        "recommend 42 n=3 by=rank",
        "me = user([(dls.items[7], 5)]); recommend me n=3", "recommend [42, 43] n=2",
        "recommend all n=1",
      ], seeAlso: ["predict", "explain", "similar", "user"], result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let users = try call.users("user", of: learner)
    let count = try call.arguments.int("n")
    call.noteBlank(learner)
    call.noteLists(by: learner)
    let recommender = try call.lookingInto(learner, for: "diverse") {
      try Recommender(learner, call.recommendationOptions(for: learner))
    }
    switch users {
    case .one(let user):
      call.noteUnknown([(.users, user)], to: learner)
      return try call.result(
        recommender.recommendations(for: [user], count: count)[0],
        for: learner.loaders.users[user], learner.loaders)
    case .new(let user):
      let rater = try call.rater(user, for: learner)
      return try call.result(
        recommender.recommendations(for: rater, count: count),
        for: call.session.name(of: user) ?? "the user", learner.loaders)
    case .several(let users):
      if let path = call.arguments.optionalString("save") {
        return try call.save(to: path) { write in
          try call.forEachTable(of: users, count, recommender, learner.loaders, write)
        }
      }
      try MemoryBudget.require(users.count, of: count * RecommendationRows.bytes)
      var rows = RecommendationRows(score: "score", hasUsers: true)
      try call.forEachList(of: users, count, recommender) { rows.add($1, for: $0) }
      return .table(TableView(rows.table(learner.loaders)))
    }
  }
}

extension Call {
  fileprivate func recommendationOptions(
    for learner: Learner
  ) throws -> RecommendationOptions {
    var options = RecommendationOptions()
    options.order = arguments.optionalString("by").flatMap(RecommendationOptions.Order.init)
    options.seen = RecommendationOptions.Seen(rawValue: try arguments.string("seen")) ?? .hide
    options.excluded = try itemSet("exclude", of: learner) ?? []
    options.allowed = try allowedItems("where", of: learner)
    options.includesUnrated = try arguments.bool("unrated")
    options.diversity = try arguments.double("diverse")
    let count = try arguments.int("n")
    guard options.diversity == 0 || count <= RecommendCommand.mostDiverse else {
      throw Diagnostic(
        "bad-value", "`diverse` is for lists of at most \(RecommendCommand.mostDiverse) items",
        at: arguments.range(of: "n"), in: arguments.source,
        help: ["n=\(RecommendCommand.mostDiverse)"])
    }
    return options
  }

  /// Says once a session what a list by predicted ratings is worth, and how there are better ones.
  fileprivate func noteLists(by learner: Learner) {
    guard !session.hasSpokenOfLists, !arguments.isGiven("by"), !learner.ranksApart,
      !learner.isBlank
    else { return }
    session.hasSpokenOfLists = true
    output.write(
      .failure(
        Failure(
          lines: [
            "note: these have the highest predicted ratings; what somebody goes on to like is found "
              + "better by a model that ranks",
            "  help: learner ease; fit",
          ], severity: .note)))
  }

  /// The list of one user as a table, which is shown as bars or goes to a file.
  fileprivate func result(
    _ list: [Recommendation], for user: String, _ loaders: DataLoaders
  ) throws -> Value {
    var rows = RecommendationRows(score: "rating", hasUsers: false)
    rows.add(list, for: 0)
    let table = rows.table(loaders)
    if let path = arguments.optionalString("save") {
      return try save(to: path) { try $0(table) }
    }
    return .table(TableView(table, shownAs: [presentation(of: list, for: user, loaders)]))
  }

  /// A list as bars, or why there is none.
  private func presentation(
    of list: [Recommendation], for user: String, _ loaders: DataLoaders
  ) -> Block {
    guard !list.isEmpty else {
      let isChosen = ["exclude", "where"].contains(where: arguments.isGiven)
      return .paragraph(
        "\(user) has rated every \(loaders.items.name) "
          + (isChosen ? "that is allowed" : "there is"))
    }
    return .bars(
      BarChart(list.map { BarChart.Bar(loaders.items[$0.item], score: $0.rating) }))
  }

  /// Hands on each user's list, and shows how far it has come.
  fileprivate func forEachList(
    of users: [Int], _ count: Int, _ recommender: Recommender,
    _ body: (Int, [Recommendation]) throws -> Void
  ) throws {
    let bar = StepBar("recommend", of: users.count, on: output)
    defer { bar.end() }
    try recommender.forEachUser(of: users, count: count) { user, list in
      try body(user, list)
      if bar.step(), session.isInterrupted() { throw session.interrupted() }
    }
  }

  /// Hands on the lists as tables of some users each; at least one, which may be empty.
  fileprivate func forEachTable(
    of users: [Int], _ count: Int, _ recommender: Recommender, _ loaders: DataLoaders,
    _ body: (Table) throws -> Void
  ) throws {
    var rows = RecommendationRows(score: "score", hasUsers: true)
    try forEachList(of: users, count, recommender) { user, list in
      rows.add(list, for: user)
      guard rows.count >= RecommendationRows.blockRows else { return }
      try body(rows.table(loaders))
      rows.removeAll()
    }
    try body(rows.table(loaders))
  }

  /// Writes tables of the same columns to a file, one below the other.
  fileprivate func save(
    to path: String, _ body: ((Table) throws -> Void) throws -> Void
  ) throws -> Value {
    let (kind, format) = TableFile.kind(of: path)
    var count = 0
    try blaming("save") {
      var encoder = TableEncoder(format)
      try FileText.write(as: kind, to: path, in: session.dataSearch) { write in
        try body { table in
          count += table.rowCount
          try write(encoder.bytes(of: table))
        }
        try write(encoder.end())
      }
    }
    output.write(.paragraph("\(path) · \(counted(count, "row"))"))
    return .none
  }
}

/// Recommendations as rows of a table, as they come.
private struct RecommendationRows {
  /// So many rows are worth writing.
  static let blockRows = 4096
  /// About what a row takes while the table is made.
  static let bytes = 64

  private let score: String
  private let hasUsers: Bool
  private var users: [Int] = []
  private var ranks: [Int] = []
  private var items: [Int] = []
  private var ratings: [Double] = []

  init(score: String, hasUsers: Bool) { (self.score, self.hasUsers) = (score, hasUsers) }

  var count: Int { items.count }

  mutating func add(_ list: [Recommendation], for user: Int) {
    for (place, one) in list.enumerated() {
      users.append(user)
      ranks.append(place + 1)
      items.append(one.item)
      ratings.append(Double(one.rating))
    }
  }

  mutating func removeAll() {
    self = RecommendationRows(score: score, hasUsers: hasUsers)
  }

  func table(_ loaders: DataLoaders) -> Table {
    Table(
      equallyLong: (hasUsers ? [loaders.column(of: users, on: .users)] : []) + [
        Column("rank", integers: ranks), loaders.column(of: items, on: .items),
        Column(score, doubles: ratings),
      ])
  }
}
