import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabText

/// `predict`: what users would give to items.
enum PredictCommand {
  static let predict = Builtin(
    CommandSpec(
      "predict", group: .lookingIn, summary: "predict what a user would give an item",
      details: """
        Of a user and an item the value is a number. Of a table with a column of users and one of \
        items, or of `dls.valid`, it is the table with a column `prediction`.

        `stars=true` shows how probable each star is; `save='stars.svg'` writes that picture to a file.

        A model knows nothing of users and items without a rating to learn from. For them the \
        baseline answers, the mean rating with the biases that are known, and a note says so.

        A model without `y_range` may predict more than the highest rating, or less than the lowest; \
        `evaluate` takes such a prediction for that rating.
        """,
      parameters: [
        Parameter(
          "user", .anyOf([.integer(), .string, .value("Table")]), example: "42",
          help: "the id or name of a user, what `user` made, or a table"),
        Parameter(
          "title", .anyOf([.string, .integer()]), .optional,
          example: "'Quiet Harbour, The (1951)'", completes: .titles, help: "the item"),
        Parameter(
          "stars", .boolean, default: "false", isOptionOnly: true,
          help: "show how probable each star is, where the model says: see bayes"),
        PlotCommands.file, .learner,
      ],
      examples: [
        "predict 42 (dls.items[7])",
        "me = user([(dls.items[7], 5)]); predict me (dls.items[9])",
        "p = predict(dls.valid); ((p.prediction - p.rating)**2).mean()",
        "predict(ratings.head(3))",
      ], seeAlso: ["recommend", "explain"], result: "Double")
  ) { call in
    let learner = try call.learnerOption()
    call.noteBlank(learner)
    guard call.arguments.isGiven("title") else {
      try call.refuseStarsOfTables()
      return try call.predictions(by: learner)
    }
    if case .object(let user as NewUser)? = call.arguments.value("user") {
      return .double(try call.prediction(for: user, by: learner))
    }
    if let users = call.arguments.value("user"), users.isSequence {
      throw Diagnostic(
        "bad-value", "`predict` takes one user, or a table with a row for each",
        at: call.arguments.range(of: "user"), in: call.arguments.source,
        help: [
          "recommend \(call.typed("user")) lists what several would like", "predict(dls.valid)",
        ])
    }
    let pair = (try call.ratingUser(of: learner), try call.ratedItem(of: learner))
    if try call.wantsStars {
      try call.showStars(of: learner, rater: learner.rater(pair.0), item: pair.1)
    }
    let predictions = try learner.predictions(of: [pair])
    let unknown = [
      predictions.unknownUsers.isEmpty ? nil : "user never rated anything in training",
      predictions.unknownItems.isEmpty ? nil : "item never rated in training",
    ].compactMap(\.self)
    if !unknown.isEmpty {
      call.note("\(unknown.joined(separator: ", ")): this is what the baseline says")
    }
    return .double(Double(predictions.ratings[0]))
  }
}

// MARK: - A pair

extension Call {
  /// What somebody new would give the item that is asked about.
  fileprivate func prediction(for user: NewUser, by learner: Learner) throws -> Double {
    let item = try ratedItem(of: learner)
    guard learner.loaders.isTrained(item, of: .items) else {
      note("item never rated in training: this is what the baseline says")
      return learner.loaders.baseline[0, item]
    }
    let rater = try rater(user, for: learner)
    if try wantsStars { try showStars(of: learner, rater: rater, item: item) }
    return Double(try rater.predictions(of: [item]).first ?? .nan)
  }

  /// Whether the probabilities of stars are shown; a file for their picture says so too.
  fileprivate var wantsStars: Bool {
    get throws { try arguments.bool("stars") || arguments.isGiven("save") }
  }

  /// - Throws: `missing-argument` if stars are wanted of more than a pair.
  fileprivate func refuseStarsOfTables() throws {
    guard try wantsStars else { return }
    throw Diagnostic(
      "missing-argument", "the probabilities of stars are those of a user and an item",
      at: arguments.range(of: arguments.isGiven("stars") ? "stars" : "save"), in: arguments.source,
      help: ["predict 42 (dls.items[7]) stars=true"])
  }

  /// The index of the user that is asked about; 0 for somebody without a rating to learn from.
  ///
  /// - Throws: `unknown-user` for a name that nobody has.
  fileprivate func ratingUser(of learner: Learner) throws -> Int {
    let value = arguments.value("user") ?? .none
    let loaders = learner.loaders
    if loaders.users.lacks(value) || loaders.heldOutCount(of: value.text) != nil { return 0 }
    return try user(value, "user", of: learner)
  }

  /// The index of the item that is asked about; 0 for one without a rating to learn from.
  ///
  /// - Throws: `unknown-title` for a title that nothing has.
  fileprivate func ratedItem(of learner: Learner) throws -> Int {
    let value = arguments.value("title") ?? .none
    return learner.loaders.items.lacks(value) ? 0 : try item(value, "title", of: learner)
  }
}

extension Vocabulary {
  /// Whether a value is a number that is not here, though numbers are: no word that is mistyped.
  fileprivate func lacks(_ value: Value) -> Bool {
    values.kind != .text && Double(value.text)?.isFinite ?? false && index(of: value.text) == nil
  }
}

// MARK: - A table

extension Call {
  /// The table that is asked about, with a prediction for each row.
  fileprivate func predictions(by learner: Learner) throws -> Value {
    let table = try predictedTable()
    let loaders = learner.loaders
    let (users, items) = try blaming("user") {
      (
        try loaders.users.places(of: table.column(loaders.users.name)),
        try loaders.items.places(of: table.column(loaders.items.name))
      )
    }
    let bar = StepBar("predict", of: table.rowCount, on: output)
    defer { bar.end() }
    var done = 0
    let predictions = try learner.predictions(of: Array(zip(users, items))) { count in
      defer { done = count }
      if bar.step(count - done), session.isInterrupted() { throw session.interrupted() }
    }
    bar.end()
    let unknown = Set(predictions.unknownUsers).union(predictions.unknownItems).count
    if unknown > 0 {
      note(
        "\(counted(unknown, "row")) of users or items never rated in training: what the baseline says"
      )
    }
    return .table(
      TableView(
        try table.adding(Column("prediction", doubles: predictions.ratings.map(Double.init)))))
  }

  private func predictedTable() throws -> Table {
    var value = arguments.value("user") ?? .none
    // Beside ids and names, a formula without blanks is read as a text.
    if case .string(let text) = value, text.contains(where: { ".([".contains($0) }) {
      value = try blaming("user") {
        try Evaluator(session, arguments.source).evaluate(
          session.parser.expression(in: Source(text)))
      }
    }
    switch value {
    case .table(let view): return view.table
    case .object(let loader as LoaderObject): return loader.table
    default:
      throw Diagnostic(
        "missing-argument", "`predict` needs a user and an item, or a table", at: arguments.range,
        in: arguments.source,
        help: ["for example \(arguments.spec.examples[0].code)", "predict(dls.valid)"])
    }
  }
}

extension Vocabulary {
  /// The index of the value in each row; 0 for those that are not here.
  fileprivate func places(of column: Column) -> [Int] {
    let coded = column.coded()
    let indices = (0..<coded.levels.count).map {
      index(of: coded.levels, at: $0) ?? 0
    }
    return coded.codes.map { $0 < 0 ? 0 : indices[Int($0)] }
  }
}
