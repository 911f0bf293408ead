import Collab
import Glibc
import CollabTables
import TestSupport
import Testing

/// Loads a file of this content.
private func load(
  _ text: String, _ change: (inout LoadOptions) -> Void = { _ in }
) throws -> RatingsData {
  let folder = try TemporaryFolder()
  var options = LoadOptions()
  change(&options)
  return try MovieLens.load(folder.write("mine.csv", text), options: options)
}

/// The error of loading a file of this content as `mine.csv`.
private func failure(_ text: String) throws -> DataError? {
  let folder = try TemporaryFolder()
  let path = folder.write("mine.csv", text)
  do {
    _ = try MovieLens.load(path, shownAs: "mine.csv")
    return nil
  } catch { return error }
}

struct RatingsFileTests {
  @Test(arguments: [
    "userId,movieId,rating,timestamp\n7,9,4,1\n",
    "movieId,userId,rating,timestamp\n9,7,4,1\n",
    "user_id,book_id,rating,date\n7,9,4,1\n",
    "\"User-ID\";\"ISBN\";\"Book-Rating\";\"Time\"\n\"7\";\"9\";\"4\";\"1\"\n",
    "overall,unixReviewTime,asin,reviewerID\n4,1,9,7\n",
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t9\t4\t1\n",
    "uid iid stars ts\n7 9 4 1\n", "USER | x | Item|Score|time\n7|0|9|4|1\n",
    "userId,movieId,rating,timestamp,,,\n7,9,4,1,,,\n",
    "\u{FEFF}user,item,rating,time\r\n7,9,4,1\r\n",
    "username,anime_id,my_rating,rated_at\n7,9,4,1\n",
    "userId,movieId,rating,timestamp\n7,9,4,1,\n",
  ])
  func `columns are found by the names of many headers`(text: String) throws {
    let ratings = try load(text).ratings
    #expect(ratings.columnNames == ["user", "movie", "rating", "timestamp"])
    #expect(ratings.row(0) == [.integer(7), .integer(9), .integer(4), .integer(1)])
  }

  @Test(arguments: [
    "8 7 2.5\n25 3 1.5\n", "    8      7   2.5\n   25      3   1.5\n", "8;7;2,5\n25;3;1,5\n",
    "8::7::2.5\n25::3::1.5\n",
  ])
  func `rows without a header are user, item and rating`(text: String) throws {
    let data = try load(text)
    #expect(data.ratings.row(1) == [.integer(25), .integer(3), .double(1.5)])
    #expect(data.notes.first?.contains("no header") == true)
  }

  @Test(arguments: [
    "5,3,0,1,2,4\n0,1,2,2,3,5\n4,4,1,0,0,2\n", "901,5,,1,2,4\n902,1,2,,3,5\n",
  ])
  func `a matrix without names is no file of ratings`(text: String) throws {
    #expect(try failure(text)?.description.contains("a row a user and a column an item") == true)
  }

  @Test func `likes and dislikes are all ratings`() throws {
    let rows = (0..<9).map { "\($0),1,\($0 % 3 - 1)\n" }.joined()
    #expect(try load("user,item,rating\n" + rows).notes.isEmpty)
    let anime = (0..<9).map { "\($0),1,\([-1, 7, 9][$0 % 3])\n" }.joined()
    #expect(
      try load("user,item,rating\n" + anime).notes.first?.hasPrefix("rating -1 occurs 3 times")
        == true)
  }

  @Test func `seconds are no stars`() throws {
    let data = try load("1,2,978300000,4\n2,3,978300001,5\n")
    #expect(data.ratings.row(0) == [.integer(1), .integer(2), .integer(4), .integer(978_300_000)])
  }

  @Test func `the title of a review is not that of an item`() throws {
    let data = try load("rating,title,text,asin,user_id\n5,Great!,I like it,B1,u1\n")
    #expect(data.ratings.columnNames == ["user", "movie", "rating"])
  }

  @Test func `plain files are loaded without a word`() throws {
    #expect(try load("user,movie,rating\n1,2,3\n2,2,4\n").notes == [])
    #expect(try load("movieId,userId,rating\n1,2,3\n2,2,4\n").notes == [])
    #expect(
      try load("User-ID;ISBN;Book-Rating\n1;2;3\n2;2;4\n").notes == [
        "mine.csv: item is `ISBN`, rating is `Book-Rating` · separated by `;`"
      ])
  }

  @Test func `a missing rating, user or item is missing`() throws {
    let ratings = try load("user,item,rating\n1,2,3\n,2,null\n3,NA,4\n").ratings
    #expect(try ratings.column("user").missingRows == [1])
    #expect(try ratings.column("movie").missingRows == [2])
    #expect(try ratings.column("rating").missingRows == [1])
  }

  @Test func `a word among the ratings is named with its line`() throws {
    let error = try failure("user,item,rating\n1,2,3\n1,3,abc\n")
    #expect(
      error?.description == "mine.csv:3: expected a number in column `rating`, found `abc`")
    let rest = try load("user,item,rating\n1,2,3\n1,3,abc\n") { $0.skipsBadRows = true }
    #expect(rest.ratings.rowCount == 1)
  }

  @Test func `options say what a header does not`() throws {
    let text = "who,what,how much\n007,3,4\n7,4,?\n"
    let data = try load(text) {
      ($0.user, $0.item, $0.rating) = ("who", "what", "how much")
      $0.types = ["who": .text]
      $0.missingWords.insert("?")
      $0.rowLimit = 2
    }
    #expect(try data.ratings.column("user").texts() == ["007", "7"])
    #expect(try data.ratings.column("rating").missingRows == [1])
  }

  @Test func `unknown columns are named, and a line to type is given`() throws {
    let error = try failure("when,thing's name,customer,points:float\n1,2,3,4\nx,2,3,4\n")
    #expect(error?.code == "bad-column")
    #expect(
      error?.help == "load 'mine.csv' user='customer' item='thing\\'s name' rating='points:float'")
  }

  @Test func `a matrix is told from rows of ratings`() throws {
    let error = try failure(";m1;m2;m3\nana;5;;3\nbo;4;2;\n")
    #expect(
      error?.help == """
        t = read_csv 'mine.csv' delimiter=';' decimal=','
        t = t.melt(id_vars='Unnamed: 0', var_name='item', value_name='rating').dropna()
        dataloaders t user='Unnamed: 0' item='item' rating='rating'
        """)
    #expect(try failure("user,1,2,3\nana,5,,3\nbo,4,2,\n")?.code == "bad-column")
  }

  @Test func `what may mean not rated is mentioned and kept`() throws {
    let data = try load("user_id,anime_id,rating\n1,2,-1\n1,3,8\n2,3,10\n")
    #expect(data.ratings.rowCount == 3)
    #expect(data.notes.last?.contains("ratings.filter(ratings.rating > -1)") == true)
    #expect(try load("user,item,rating\n1,2,-1\n1,3,-0.5\n2,3,1\n").notes == [])
  }
}

struct RatingsFolderTests {
  private static let movies =
    "movieId,title,genres\n10,\"Harbour, The (1951)\",Drama\n20,Null,War\n"

  private static func load(_ files: [String: String]) throws -> RatingsData {
    let folder = try TemporaryFolder()
    for (name, text) in files { folder.write(name, text) }
    return try MovieLens.load(folder.path)
  }

  @Test(arguments: [
    "movieId,userId,rating,timestamp\n10,1,4,5\n20,2,3,5\n",
    "userId,movieId,rating\n1,10,4\n2,20,3\n",
    "userId,movieId,rating,timestamp,,,\n1,10,4,5,,,\n2,20,3,5,,,\n",
  ])
  func `headers count in folders too`(ratings: String) throws {
    let data = try Self.load([
      "ratings.csv": ratings, "movies.csv": Self.movies, "links.csv": "movieId,imdbId\n10,1\n",
      "tags.csv": "userId,movieId,tag,timestamp\n1,10,sea,5\n",
    ])
    #expect(try data.ratings.column("user").integers() == [1, 2])
    #expect(try data.ratings.column("title").texts() == ["Harbour, The (1951)", "Null"])
    #expect(data.notes == [])
  }

  @Test func `the title is the column called title, and others stay`() throws {
    let data = try Self.load([
      "rating.csv":
        "\"userId\",\"movieId\",\"rating\",\"timestamp\"\n1,10,4,\"2005-04-02 23:53:47\"\n",
      "movie.csv": "movieId,imdbId,title,genres\n10,tt1,Harbour,Drama\n10,tt2,Again,War\n",
    ])
    #expect(try data.ratings.column("title").texts() == ["Harbour"])
    #expect(data.movies?.columnNames == ["movie", "imdbId", "title", "genres"])
    #expect(data.notes == ["movie.csv: 1 rows have no id, or one of before"])
  }

  @Test func `ids of text in one file are ids of text in both`() throws {
    let data = try Self.load([
      "BX-Book-Ratings.csv": "\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"1\";\"0049\";\"7\"\n",
      "BX-Books.csv": "\"ISBN\";\"Book-Title\"\n\"0049\";\"The \\\"Big\\\" One\"\n\"1X\";\"B\"\n",
    ])
    #expect(
      data.ratings.row(0) == [
        .integer(1), .text("0049"), .integer(7), .text("The \"Big\" One"),
      ])
  }

  @Test func `a file of ratings may have any name, but there must be one`() throws {
    let ratings = "user,item,stars\n1,10,4\n"
    let data = try Self.load([
      "what.tsv": ratings.replacing(",", with: "\t"), "notes.txt": "hello\n",
    ])
    #expect(data.ratings.rowCount == 1)
    #expect(throws: DataError.self) { try Self.load(["a.csv": ratings, "b.csv": ratings]) }
  }

  @Test func `files without a header have UTF-8 titles or Latin-1 ones`() throws {
    let ratings = "1::1::5::978300760\n"
    let data = try Self.load(["ratings.dat": ratings, "movies.dat": "1::Café: \"A\"::War|Drama\n"])
    #expect(try data.ratings.column("title").texts() == ["Café: \"A\""])
    let folder = try TemporaryFolder()
    folder.write("ratings.dat", ratings)
    let path = folder.write("movies.dat", "")
    let file = try #require(fopen(path, "w"))
    let bytes = Array("1::Caf".utf8) + [0xE9] + Array("::War\n".utf8)
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    let latin = try MovieLens.load(folder.path)
    #expect(try latin.ratings.column("title").texts() == ["Café"])
    #expect(latin.notes == ["movies.dat: Latin-1"])
  }

  @Test func `packed files are read and nothing is left behind`() throws {
    let folder = try TemporaryFolder()
    let temporary = try TemporaryFolder()
    let file = folder.write("ratings.csv", "user,movie,rating\n1,2,3\n")
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let unpacker = Unpacker(environment: ["PATH": path, "TMPDIR": temporary.path])
    func run(_ command: String) -> Int32 {
      var child = pid_t()
      let words = (["/bin/sh", "-c", command] as [String]).map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      var status: Int32 = -1
      guard posix_spawn(&child, "/bin/sh", nil, nil, words, environ) == 0 else { return -1 }
      waitpid(child, &status, 0)
      return status
    }
    try #require(run("gzip \(file)") == 0)
    let data = try MovieLens.load(file + ".gz", unpacker: unpacker)
    #expect(data.ratings.row(0) == [.integer(1), .integer(2), .integer(3)])
    #expect(try MovieLens.load(folder.path, unpacker: unpacker).ratings == data.ratings)
    // Half of it tells nothing, and leaves nothing.
    try #require(run("head -c 30 \(file).gz > \(folder.path)/half.csv.gz") == 0)
    do {
      _ = try MovieLens.load(folder.path + "/half.csv.gz", unpacker: unpacker)
      Issue.record("half of a packed file was read")
    } catch {
      guard case .cannotUnpack("half.csv.gz", let reason) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(reason.contains("unexpected end of file"))
    }
    try #require(run("rm \(folder.path)/half.csv.gz") == 0)
    #expect(rmdir(temporary.path) == 0)
    let none = Unpacker(environment: ["PATH": "/nowhere"])
    #expect(throws: DataError.cannotUnpack("ratings.csv.gz", reason: "gzip is not installed")) {
      try MovieLens.load(file + ".gz", unpacker: none)
    }
  }
}
