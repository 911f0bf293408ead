/// What a column of a file of ratings, or of items, may be.
enum ColumnRole: String, CaseIterable {
  case user
  case item = "movie"
  case rating
  case timestamp
  case title

  /// The names that headers give it, without capitals and punctuation, the clearest first.
  private var words: [String] {
    switch self {
    case .user:
      [
        "userid", "user", "users", "uid", "reviewerid", "customerid", "customer", "memberid",
        "member", "accountid", "account", "steamid", "raterid", "rater", "visitorid", "visitor",
        "personid", "person", "playerid", "player", "profileid", "profile", "listenerid",
        "readerid",
        "viewerid", "clientid", "client", "username", "reviewer", "reviewername", "userkey",
      ]
    case .item:
      [
        "movieid", "itemid", "movie", "item", "items", "iid", "filmid", "film", "bookid", "isbn",
        "isbn13", "book", "asin", "parentasin", "animeid", "anime", "productid", "product",
        "songid",
        "song", "trackid", "track", "artistid", "artist", "gameid", "game", "appid", "app",
        "businessid", "business", "restaurantid", "restaurant", "recipeid", "recipe", "jokeid",
        "joke", "mangaid", "showid", "show", "videoid", "video", "articleid", "article", "beerid",
        "beer", "wineid", "wine", "hotelid", "hotel", "placeid", "place", "courseid", "course",
        "podcastid", "albumid", "album", "contentid", "sku", "mid",
      ]
    case .rating:
      [
        "rating", "ratings", "score", "stars", "star", "bookrating", "movierating", "itemrating",
        "userrating", "userscore", "reviewrating", "reviewscore", "reviewoverall", "overall",
        "overallrating", "starrating", "ratingvalue", "ratingscore", "myrating", "rate", "grade",
        "vote", "preference",
      ]
    case .timestamp:
      [
        "timestamp", "unixreviewtime", "time", "date", "datetime", "reviewtime", "reviewdate",
        "ratingtimestamp", "ratingtime", "ratingdate", "ratedat", "createdat", "ts", "tstamp",
      ]
    case .title:
      [
        "title", "movietitle", "booktitle", "filmtitle", "itemtitle", "producttitle", "gametitle",
        "songtitle", "tracktitle", "animetitle",
      ]
    }
  }

  /// Names of titles where each row is an item, which `name` can only be there.
  private static let itemTitles =
    ColumnRole.title.words + [
      "name", "moviename", "bookname", "filmname", "itemname", "productname", "gamename",
      "songname",
      "trackname", "animename", "artistname", "originaltitle",
    ]

  /// Columns that stand beside the title of a review.
  private static let reviewWords: Set = ["text", "reviewtext", "review", "reviewbody"]

  /// A name as it is compared: RecBole's `user_id:token` is `userid`.
  static func plain(_ name: String) -> String {
    String(
      (name.split(separator: ":").first ?? "").lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// The positions of the roles that the names of a header tell.
  static func positions(in header: [String]) -> [ColumnRole: Int] {
    let plain = header.map(plain)
    var positions: [ColumnRole: Int] = [:]
    for role in allCases {
      if role == .title, plain.contains(where: reviewWords.contains) { continue }
      positions[role] = role.words.lazy.compactMap { plain.firstIndex(of: $0) }.first
    }
    return positions
  }

  /// The columns of ids and titles in the header of a file of items.
  ///
  /// - Parameters:
  ///   - header: The names in the first line.
  ///   - ratingsName: What the file of ratings calls the ids, if it has a header.
  /// - Returns: their positions, or nil if one is not to be found.
  static func itemPositions(
    in header: [String], like ratingsName: String?
  ) -> (id: Int, title: Int)? {
    let plain = header.map(plain)
    let ids = (ratingsName.map { [Self.plain($0)] } ?? []) + ColumnRole.item.words + ["id"]
    guard let title = itemTitles.lazy.compactMap({ plain.firstIndex(of: $0) }).first,
      let id = ids.lazy.compactMap({ plain.firstIndex(of: $0) }).first(where: { $0 != title })
    else { return nil }
    return (id, title)
  }

  /// Which columns of a header that tells too little are likely to be user, item and rating.
  ///
  /// - Parameters:
  ///   - header: The names in the first line.
  ///   - rows: Some rows below it: a rating is a number, with a point or a comma.
  /// - Returns: their positions; nil if there are fewer than three columns.
  static func guess(in header: [String], above rows: some Sequence<[String]>) -> [ColumnRole: Int]?
  {
    guard header.count >= 3 else { return nil }
    var positions = positions(in: header).filter { [.user, .item, .rating].contains($0.key) }
    let hints: [(ColumnRole, [String])] = [
      (.user, ["user", "customer", "reviewer", "member", "person", "client", "who", "name"]),
      (.rating, ["rat", "score", "star", "grade", "point", "vote", "like"]),
      (.item, ["item", "movie", "film", "book", "product", "game", "title", "id"]),
    ]
    func free(_ position: Int) -> Bool { !positions.values.contains(position) }
    for (role, words) in hints where positions[role] == nil {
      positions[role] = header.indices.first { position in
        free(position) && words.contains { plain(header[position]).contains($0) }
      }
    }
    func isTime(_ position: Int) -> Bool {
      let name = plain(header[position])
      return ["when", "time", "date"].contains { name.contains($0) }
    }
    func isNumber(_ position: Int) -> Bool {
      rows.allSatisfy { row in
        guard position < row.count, !row[position].isEmpty else { return true }
        return Double(row[position].map { $0 == "," ? "." : String($0) }.joined()) != nil
      }
    }
    // What is left over, times last: a rating tends to stand behind the others.
    for role in [ColumnRole.user, .rating, .item] where positions[role] == nil {
      let left = header.indices.filter(free)
      let likely = left.filter { !isTime($0) && (role != .rating || isNumber($0)) }
      positions[role] = role == .rating ? likely.last ?? left.last : likely.first ?? left.first
    }
    return positions
  }
}
