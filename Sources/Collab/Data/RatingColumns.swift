import CollabTables

/// Which columns of a table hold users, items and ratings.
public struct RatingColumnNames: Sendable, Equatable {
  /// The column of users; `user` if there is one, else the first one, if nil.
  public var user: String?
  /// The column of items; `title` if there is one, else the second, if nil.
  public var item: String?
  /// The column of ratings; `rating` if there is one, else the third, if nil.
  public var rating: String?

  /// Names, or nil for the usual columns.
  public init(user: String? = nil, item: String? = nil, rating: String? = nil) {
    (self.user, self.item, self.rating) = (user, item, rating)
  }
}

/// The three columns of a table that matter.
struct RatingColumns {
  let user: Column
  let item: Column
  let rating: Column
  /// Where items are told apart by title: the column of their ids, if there is one.
  let itemID: Column?

  /// Finds the columns.
  ///
  /// - Throws: ``LoaderError/table(_:)`` and ``LoaderError/tooFewColumns(_:)``.
  init(of table: Table, _ names: RatingColumnNames) throws(LoaderError) {
    func given(_ name: String?, _ usual: String) throws(LoaderError) -> Column? {
      try LoaderError.wrapping { () throws(TableError) in
        if let name { return try table.column(name) }
        return table.hasColumn(usual) ? try table.column(usual) : nil
      }
    }
    /// The column at a place, or the next one that is something else.
    func usual(_ place: Int, besides others: [Column?]) throws(LoaderError) -> Column {
      guard table.columns.count >= 3 else { throw .tooFewColumns(table.columnNames) }
      let taken = others.compactMap { $0?.name }
      let free = table.columns.filter { !taken.contains($0.name) }
      let column = table.columns.indices.contains(place) ? table.columns[place] : nil
      guard let column = column.flatMap({ taken.contains($0.name) ? nil : $0 }) ?? free.first
      else { throw .tooFewColumns(table.columnNames) }
      return column
    }
    let givenUser = try given(names.user, "user")
    let givenItem = try given(names.item, "title")
    let givenRating = try given(names.rating, "rating")
    if let givenUser {
      user = givenUser
    } else {
      user = try usual(0, besides: [givenItem, givenRating])
    }
    if let givenItem {
      item = givenItem
    } else {
      item = try usual(1, besides: [user, givenRating])
    }
    if let givenRating {
      rating = givenRating
    } else {
      rating = try usual(2, besides: [user, item])
    }
    let hasTitles = item.name == "title" && table.hasColumn("movie")
    itemID = hasTitles ? table.columns.first { $0.name == "movie" } : nil
  }

  private init(user: Column, item: Column, rating: Column, itemID: Column?) {
    (self.user, self.item, self.rating, self.itemID) = (user, item, rating, itemID)
  }

  /// The names as they are in the table.
  var names: RatingColumnNames {
    RatingColumnNames(user: user.name, item: item.name, rating: rating.name)
  }

  /// The three columns alone.
  func table() throws(LoaderError) -> Table {
    try LoaderError.wrapping { () throws(TableError) in try Table([user, item, rating]) }
  }

  /// The ratings as numbers to learn from.
  ///
  /// - Throws: ``LoaderError`` that names the first row without a number.
  func stars() throws(LoaderError) -> [Float] {
    if rating.kind == .text {
      let texts = (try? rating.texts()) ?? []
      let row = texts.firstIndex { $0.map { Double($0) == nil } ?? false } ?? 0
      throw .notNumbers(column: rating.name, text: texts.isEmpty ? nil : texts[row], row: row)
    }
    let missing = rating.missingRows
    if let first = missing.first { throw .missingRatings(missing.count, firstRow: first) }
    let stars = try LoaderError.wrapping { () throws(TableError) in try rating.floats() }
    if let row = stars.firstIndex(where: { !$0.isFinite }) {
      throw .infiniteRating(column: rating.name, row: row)
    }
    return stars
  }

  /// The rows of this table, and below them those of another.
  ///
  /// - Throws: ``LoaderError/otherKind(column:found:expected:)``.
  func appending(_ other: RatingColumns) throws(LoaderError) -> RatingColumns {
    RatingColumns(
      user: try user.appending(other.user), item: try item.appending(other.item),
      rating: try rating.appending(other.rating), itemID: nil)
  }
}

extension Column {
  /// The values of this column, and below them those of another, under this one's name.
  fileprivate func appending(_ other: Column) throws(LoaderError) -> Column {
    do throws(TableError) {
      switch (kind, other.kind) {
      case (.integers, .integers):
        return Column(name, integers: try integers() + other.integers())
      case (.text, .text): return Column(name, texts: try texts() + other.texts())
      case (.text, _), (_, .text):
        throw .wrongKind(column: name, found: other.kind, expected: kind)
      default: return Column(name, doubles: try doubles() + other.doubles())
      }
    } catch {
      guard case .wrongKind(let name, let found, let expected) = error else { throw .table(error) }
      throw .otherKind(column: name, found: found, expected: expected)
    }
  }
}
