import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabText

/// Somebody by what they have rated: `user({'Fargo (1996)': 5})`.
///
/// It knows items by name, so that it stays the same person for other learners and after a restart. It
/// never changes: `rate` puts another one in its place.
final class NewUser: SessionObject {
  /// An item by its name, and what it was given.
  struct NamedRating {
    let name: String
    let stars: Double
  }

  /// One an item, in the order in which they were first given.
  let ratings: [NamedRating]

  /// Somebody with some ratings; of several of an item the last counts.
  init(_ ratings: some Sequence<NamedRating>) {
    var places: [String: Int] = [:]
    var kept: [NamedRating] = []
    for rating in ratings {
      if let place = places[rating.name] {
        kept[place] = rating
      } else {
        places[rating.name] = kept.count
        kept.append(rating)
      }
    }
    self.ratings = kept
  }

  /// The same with one more rating, or without the one of an item.
  func rating(_ name: String, _ stars: Double?) -> NewUser {
    guard let stars else { return NewUser(ratings.filter { $0.name != name }) }
    return NewUser(ratings + [NamedRating(name: name, stars: stars)])
  }

  /// What they gave an item; nil if they have not rated it.
  func stars(of name: String) -> Double? { ratings.first { $0.name == name }?.stars }

  /// The ratings as a table.
  var table: Table {
    Table(equallyLong: [
      Column("item", texts: ratings.map(\.name)), Column("rating", doubles: ratings.map(\.stars)),
    ])
  }
}

// MARK: - As a value

extension NewUser {
  var typeName: String { "User" }
  var display: String {
    guard !ratings.isEmpty else { return "a user without ratings" }
    return "a user with \(counted(ratings.count, "rating"))"
  }
  var block: Block {
    guard !ratings.isEmpty else { return .paragraph(display) }
    return .bars(
      BarChart(
        ratings.map { .init($0.name, value: $0.stars, text: "\(starsText($0.stars))") },
        isRanked: false))
  }
  var memberNames: [String] { ["ratings"] }
  var length: Int? { ratings.count }

  func member(_ name: String) -> Value? { name == "ratings" ? .table(TableView(table)) : nil }

  func element(_ index: Value) throws -> Value {
    guard let stars = stars(of: index.text) else {
      throw Problem.missingKey(
        index.text, in: "the user's ratings",
        near: Suggestion.titles(like: index.text, among: ratings.map(\.name)))
    }
    return .double(stars)
  }

  func members() -> [Value]? { ratings.map { .string($0.name) } }

  func contains(_ value: Value) -> Bool? { stars(of: value.text) != nil }
}

/// Stars without a needless point: `5`, `4.5`.
func starsText(_ stars: Double) -> String { Int(exactly: stars).map { "\($0)" } ?? "\(stars)" }
