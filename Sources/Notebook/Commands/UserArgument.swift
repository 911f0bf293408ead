import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTables
import CollabTensors
import CollabText

/// Whom an argument names.
enum UserArgument {
  /// One user of the learner, by index.
  case one(Int)
  /// Several, one after the other.
  case several([Int])
  /// Somebody whom the data has not.
  case new(NewUser)
}

extension Parameter {
  /// One user, several, or all of them.
  static let users = Parameter(
    "user",
    .anyOf([
      .choice([Choice("all", "everybody with a rating to learn from")]), .integer(), .string,
      .value("User"),
    ]), example: "42",
    help: "the id or name of a user, a list of them, all, or what `user` made")
}

extension Call {
  /// The users that an argument names.
  func users(_ name: String, of learner: Learner) throws -> UserArgument {
    let value = arguments.value(name) ?? .none
    let loaders = learner.loaders
    if case .object(let user as NewUser) = value { return .new(user) }
    if value.text == "all", loaders.users.index(of: "all") == nil {
      return .several(
        (1..<max(loaders.users.count, 1)).filter { loaders.isTrained($0, of: .users) })
    }
    guard value.isSequence else { return .one(try user(value, name, of: learner)) }
    return .several(try value.members().map { try user($0, name, of: learner) })
  }

  /// The index of the item that an argument names.
  func item(_ name: String, of learner: Learner) throws -> Int {
    try item(.string(arguments.string(name)), name, of: learner)
  }

  /// The index of an item that a value in an argument names, by an id if the loaders have ids, or by its
  /// title.
  func item(_ value: Value, _ name: String, of learner: Learner) throws -> Int {
    let (title, items) = (value.text, learner.loaders.items)
    if let index = items.index(of: title) { return index }
    let titles = session.itemTitles(of: learner)
    // Of films that are called alike the one is meant that most have rated.
    let called = titles.filter { $0.title == title }.map(\.index)
    let loaders = learner.loaders
    if let index = called.max(by: {
      loaders.trainingCount(of: $0, .items) < loaders.trainingCount(of: $1, .items)
    }) {
      return index
    }
    let near =
      titles.isEmpty
      ? items.near(title) : Suggestion.titles(like: title, among: titles.map(\.title))
    throw SessionProblem.unknownTitle(title, near: near)
      .diagnostic(at: arguments.range(of: name), in: arguments.source)
  }

  /// The index of the user with an id or name.
  func user(_ value: Value, _ name: String, of learner: Learner) throws -> Int {
    let id = value.text
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
  func noteUnknown(_ classes: [(side: RatingSide, index: Int)], to learner: Learner) {
    let loaders = learner.loaders
    for (side, index) in classes where index > 0 && !loaders.isTrained(index, of: side) {
      let name = (side == .users ? loaders.users : loaders.items)[index]
      note(
        "no rating to train on is \(side == .users ? "from" : "of") \(name), "
          + "so the model knows nothing of \(side == .users ? "them" : "it")")
    }
  }

  /// Says of a model that has not been fitted that it has nothing to say.
  func noteBlank(_ learner: Learner) {
    guard learner.isBlank else { return }
    let which = arguments.isGiven("learn") ? " \(typed("learn"))" : ""
    output.write(
      .failure(
        Failure(
          lines: [
            "note: \(learner.model.typeName) has not been fitted: it says the same of everything",
            "  help: fit\(which)",
          ], severity: .note)))
  }

  /// Says something beside the result.
  func note(_ text: String) {
    output.write(.failure(Failure(lines: ["note: \(text)"], severity: .note)))
  }
}

extension Value {
  /// Whether this holds several values, one after the other.
  var isSequence: Bool {
    switch self {
    case .list, .longList, .tuple, .column: true
    case .tensor(let tensor), .array(let tensor): !tensor.shape.isEmpty
    case .object(let object): object is any ColumnObject
    default: false
    }
  }
}

extension Session {
  /// The titles of a learner's items that go by an id, as the table of films has them; none if they go by
  /// their titles.
  fileprivate func itemTitles(of learner: Learner) -> [(title: String, index: Int)] {
    let items = learner.loaders.items
    guard items.name != "title", let table = itemTable(of: learner.loaders),
      let ids = try? table.column(items.name), let titles = try? table.column("title").texts()
    else { return [] }
    return titles.enumerated().compactMap { row, title in
      guard let title, let index = items.index(of: ids, at: row) else { return nil }
      return (title, index)
    }
  }
}
