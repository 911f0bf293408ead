import Collab
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabText

extension Call {
  /// Somebody by the ratings that an argument holds: a dict, pairs, a table, or such a user.
  ///
  /// - Throws: `unknown-title` for an item that the data has not, `bad-value` for what is no rating.
  func newUser(_ parameter: String, _ loaders: DataLoaders) throws -> NewUser {
    let pairs: [(item: Value, stars: Value)]
    switch arguments.value(parameter) {
    case nil, .some(.none): pairs = []
    case .object(let user as NewUser)?: return user
    case .object(let mapping as Mapping)?:
      pairs = zip(mapping.keys, mapping.values).map { ($0, $1) }
    case .table(let view)?: pairs = try ratingPairs(in: view.table, parameter, loaders)
    case let value?:
      let members = value.elements?.map { $0.elements ?? [] }
      guard let members, members.allSatisfy({ $0.count == 2 }) else {
        return try arguments.required(parameter, nil)
      }
      pairs = members.map { ($0[0], $0[1]) }
    }
    return NewUser(
      try pairs.map { item, stars in
        NewUser.NamedRating(
          name: try itemName(item, parameter, loaders),
          stars: try self.stars(stars, parameter, loaders))
      })
  }

  /// The columns of items and ratings of a table.
  private func ratingPairs(
    in table: Table, _ parameter: String, _ loaders: DataLoaders
  ) throws -> [(item: Value, stars: Value)] {
    func column(_ names: [String]) throws -> [Value] {
      guard let name = names.first(where: table.hasColumn) else {
        throw Diagnostic(
          "bad-column", "the table has no column `\(names[0])`",
          at: arguments.range(of: parameter), in: arguments.source,
          caption: "its columns are \(table.columnNames.joined(separator: ", "))")
      }
      let column = try table.column(name)
      return (0..<table.rowCount).map { row in
        switch column.value(at: row) {
        case .integer(let number): .int(number)
        case .double(let number): .double(number)
        case .text(let text): .string(text)
        case .missing: .none
        }
      }
    }
    let items = try column([loaders.items.name, "item", "title", "movie"])
    return zip(items, try column(["rating", "stars"])).map { ($0, $1) }
  }

  /// The name of an item of the data.
  ///
  /// - Throws: `unknown-title`.
  func itemName(_ item: Value, _ parameter: String, _ loaders: DataLoaders) throws -> String {
    let name = item.text
    guard let index = loaders.items.index(of: name), index > 0 else {
      throw SessionProblem.unknownTitle(name, near: loaders.items.near(name))
        .diagnostic(at: arguments.range(of: parameter), in: arguments.source)
    }
    return loaders.items[index]
  }

  /// A rating on the scale of the data.
  ///
  /// - Throws: `bad-value`.
  func stars(_ value: Value, _ parameter: String, _ loaders: DataLoaders) throws -> Double {
    let scale = loaders.scale
    if let stars = value.number, stars.isFinite,
      scale.map({ ($0.lowest...$0.highest).contains(stars) }) ?? true
    {
      return stars
    }
    let ends = scale.map { " from \(starsText($0.lowest)) to \(starsText($0.highest))" } ?? ""
    throw Diagnostic(
      "bad-value", "a rating is a number\(ends)", at: arguments.range(of: parameter),
      in: arguments.source, caption: "`\(value.text)` is none")
  }
}

// MARK: - Folded in

extension Call {
  /// The ratings of somebody new by the indices that a learner has for their items.
  ///
  /// Says which of them tell the model nothing.
  func ratings(of user: NewUser, for learner: Learner) -> [ItemRating] {
    let loaders = learner.loaders
    var (known, unknown): ([ItemRating], [String]) = ([], [])
    for rating in user.ratings {
      let index = loaders.items.index(of: rating.name)
      if let index, loaders.isTrained(index, of: .items) {
        known.append(ItemRating(item: index, stars: Float(rating.stars)))
      } else {
        unknown.append(rating.name)
      }
    }
    if !unknown.isEmpty {
      let shown = unknown.prefix(3).joined(separator: ", ") + (unknown.count > 3 ? ", …" : "")
      note(
        "no rating to train on is of \(shown), so "
          + (unknown.count == 1 ? "that rating says nothing" : "those ratings say nothing"))
    }
    return known
  }

  /// Somebody new as a learner's model sees them.
  func rater(_ user: NewUser, for learner: Learner) throws -> Rater {
    try learner.foldIn(ratings(of: user, for: learner))
  }
}
