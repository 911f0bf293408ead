import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTables
import CollabText

/// Somebody new, and whom they are like.
enum UserCommands {
  static let all = [user, rate, similarUsers]

  static let user = Builtin(
    CommandSpec(
      "user", form: .function, group: .lookingIn,
      summary: "somebody new, by what they have rated",
      details: """
        Commands that look at a user take the value in the place of an id: `recommend me`, \
        `predict me 'a title'`, `explain me 'a title'`. The model itself does not change: numbers of \
        their own are found for them from the ratings. `rate` adds to `me` at the prompt, and `taste` \
        asks.
        """,
      parameters: [
        Parameter(
          "ratings", .value("Dict"), .optional, example: "[('Quiet Harbour, The (1951)', 5)]",
          help: "ratings by title: a dict, a list of pairs, or a table with item and rating")
      ],
      examples: [
        "me = user([(dls.items[7], 5), (dls.items[9], 1)])", "me = user()",
      ], seeAlso: ["rate", "taste", "recommend"], result: "User", needs: ["dls"])
  ) { call in .object(try call.newUser("ratings", call.currentLoaders())) }

  static let rate = Builtin(
    CommandSpec(
      "rate", group: .lookingIn, summary: "add a rating to `me`, or show the ratings",
      details: """
        `me` stands for somebody new, whom the model was not trained with; it comes into being with \
        the first rating. `rate TITLE none` takes a rating back, `rate` alone shows them all.
        """,
      parameters: [
        Parameter(
          "title", .anyOf([.string, .integer()]), .optional,
          example: "'Quiet Harbour, The (1951)'", completes: .titles, help: "the item"),
        Parameter(
          "stars", .anyOf([.number(), .nothing]), .optional, example: "5",
          help: "what it is worth, on the scale of the data; none takes it back"),
      ],
      examples: ["rate (dls.items[7]) 5", "rate (dls.items[7]) none", "rate"],
      seeAlso: ["user", "taste", "recommend"], defines: ["me"], needs: ["dls"])
  ) { call in
    let loaders = try call.currentLoaders()
    let me = try call.session.newcomer()
    guard let item = call.arguments.value("title") else {
      call.session.variables["me"] = .object(me)
      call.output.write(me.block)
      return .none
    }
    let name = try call.itemName(item, "title", loaders)
    guard call.arguments.isGiven("stars") else {
      let stars = me.stars(of: name).map { "rated \(starsText($0))" } ?? "not rated yet"
      call.output.write(.paragraph("\(name): \(stars)"))
      return .none
    }
    let value = call.arguments.value("stars") ?? .none
    let stars = value.isNone ? nil : try call.stars(value, "stars", loaders)
    let changed = me.rating(name, stars)
    call.session.variables["me"] = .object(changed)
    let what = stars.map { "rated \(starsText($0))" } ?? "no longer rated"
    call.output.write(
      .paragraph("\(name): \(what) · me has \(counted(changed.ratings.count, "rating"))"))
    return .none
  }

  static let similarUsers = Builtin(
    CommandSpec(
      "similar_users", group: .lookingIn,
      summary: "list the users whose factors are nearest to a user's",
      details: """
        The score is the cosine of the angle between the factors: 1 for the same direction. Beside it \
        stands how many ratings to learn from a user has given.
        """,
      parameters: [
        .rater, Parameter("n", .integer(1...100_000), default: "5", help: "how many"), .learner,
      ],
      examples: ["similar_users 42 n=3", "me = user([(dls.items[7], 5)]); similar_users me n=3"],
      seeAlso: ["similar", "user"], chapter: "Embedding distance", result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let someone = try call.someone("user", of: learner)
    let found = try call.lookingInto(learner) {
      try learner.similarUsers(
        to: someone.rater, leavingOut: someone.index, count: call.arguments.int("n"))
    }
    let table = learner.loaders.table(of: found, on: .users, score: "similarity")
    let bars = learner.loaders.bars(of: found, on: .users)
    return .table(TableView(table, shownAs: [.bars(BarChart(bars))]))
  }
}

// MARK: - Whom an argument names

extension Parameter {
  /// A user of the data, or somebody new.
  static let rater = Parameter(
    "user", .anyOf([.integer(), .string, .value("User")]), example: "42",
    help: "the id or name of a user, or a value that `user` or `taste` made")
}

/// Somebody whom an argument names.
struct Someone {
  let rater: Rater
  /// What messages call them.
  let name: String
  /// The index of a user that the data has; nil for somebody new.
  let index: Int?
}

extension Call {
  /// The user that an argument names, as a learner's model sees them.
  func someone(_ parameter: String, of learner: Learner) throws -> Someone {
    if case .object(let user as NewUser)? = arguments.value(parameter) {
      return Someone(
        rater: try rater(user, for: learner), name: session.name(of: user) ?? "the user", index: nil
      )
    }
    let index = try user(arguments.value(parameter) ?? .none, parameter, of: learner)
    noteUnknown([(.users, index)], to: learner)
    return Someone(
      rater: learner.rater(index), name: "user \(learner.loaders.users[index])", index: index)
  }

  /// The loaders that titles are looked up in: those of the current learner, if there is one.
  func currentLoaders() throws -> DataLoaders {
    if case .object(let learner as Learner)? = session.variables["learn"] { return learner.loaders }
    return try session.loaders()
  }
}

extension Session {
  /// The user that `rate` adds to, who is there from the first rating on.
  ///
  /// - Throws: `bad-value` if `me` stands for something else.
  func newcomer() throws -> NewUser {
    switch variables["me"] {
    case nil: return NewUser([])
    case .object(let user as NewUser)?: return user
    case let other?:
      throw Diagnostic(
        "bad-value", "`me` is \(other.phrase), not a user", at: nil, in: nil,
        help: ["del me", "me = user()"])
    }
  }
}
