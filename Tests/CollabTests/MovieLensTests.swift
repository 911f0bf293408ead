import Collab
import Glibc
import CollabTables
import TestSupport
import Testing

/// The folder of MovieLens 100K that `COLLAB_DATA` names, if it is one.
private let movieLens: String? = {
  guard let folder = getenv("COLLAB_DATA").map({ String(cString: $0) }) else { return nil }
  return [folder, folder + "/ml-100k"].first { access($0 + "/u.item", R_OK) == 0 }
}()

struct MovieLensTests {
  @Test(.enabled(if: movieLens != nil, "set COLLAB_DATA to a folder with MovieLens 100K"))
  func `MovieLens 100K comes out as in the chapter`() throws {
    let data = try MovieLens.load(#require(movieLens))
    #expect(data.ratings.columnNames == ["user", "movie", "rating", "timestamp", "title"])
    #expect(data.ratings.rowCount == 100_000)
    let users = try data.ratings.head(5).column("user").integers()
    #expect(users == [196, 63, 226, 154, 306])
    #expect(try data.ratings.column("title").distinct().count == 1664)
    #expect(data.movies?.rowCount == 1682)
    let left = try MovieLens.load(#require(movieLens), order: .left)
    #expect(try left.ratings.head(5).column("user").integers() == [196, 186, 22, 244, 166])
    #expect(try left.ratings.column("rating").kind == .integers)
  }

  @Test func `a folder of comma-separated files is loaded`() throws {
    let folder = try TemporaryFolder()
    folder.write(
      "ratings.csv",
      "userId,movieId,rating,timestamp\n1,10,3.5,964982703\n1,20,4.0,964981247\n2,10,5.0,5\n")
    folder.write(
      "movies.csv",
      "movieId,title,genres\n10,\"Quiet Harbour, The (1951)\",Drama\n20,Café (1997),Comedy|Drama\n")
    let data = try MovieLens.load(folder.path)
    #expect(try data.ratings.column("user").integers() == [1, 2, 1])
    #expect(try data.ratings.column("rating").doubles() == [3.5, 5, 4])
    #expect(
      try data.ratings.column("title").texts() == [
        "Quiet Harbour, The (1951)", "Quiet Harbour, The (1951)", "Café (1997)",
      ])
    #expect(try data.movies?.column("genres").texts() == ["Drama", "Comedy|Drama"])
    #expect(data.notes == [])
  }

  @Test func `a folder of double-colon files is loaded`() throws {
    let folder = try TemporaryFolder()
    folder.write("ratings.dat", "1::10::5::978300760\n2::30::3::978302109\n")
    folder.write("movies.dat", "10::Lantern: A Tale (1995)::Drama\n")
    let data = try MovieLens.load(folder.path)
    #expect(data.ratings.row(0).last == .text("Lantern: A Tale (1995)"))
    #expect(data.ratings.rowCount == 1)
    #expect(data.notes == ["ratings of movies without a title were left out: 1"])
  }

  @Test(arguments: [
    "userId,movieId,rating,timestamp,title\n7,9,4,1,Aria\n",
    "user_id\titem_id\trating\ttimestamp\ttitle\n7\t9\t4\t1\tAria\n",
    "title;rating;user;Item;timestamp;age\nAria;4;7;9;1;33\n",
  ])
  func `a header tells which column is which`(_ text: String) throws {
    let folder = try TemporaryFolder()
    folder.write("mine.csv", text)
    let ratings = try MovieLens.load(folder.path + "/mine.csv").ratings
    #expect(ratings.columnNames == ["user", "movie", "rating", "timestamp", "title"])
    #expect(
      ratings.row(0) == [.integer(7), .integer(9), .integer(4), .integer(1), .text("Aria")])
  }

  @Test(arguments: ["7,9,4\n8,9,2\n", "7\t9\t4\n8\t9\t2\n", "7|9|4\n8|9|2\n", "7::9::4\n8::9::2"])
  func `without a header the columns are user, item and rating`(_ text: String) throws {
    let folder = try TemporaryFolder()
    folder.write("mine", text)
    let ratings = try MovieLens.load(folder.path + "/mine").ratings
    #expect(ratings.columnNames == ["user", "movie", "rating"])
    #expect(ratings.row(1) == [.integer(8), .integer(9), .integer(2)])
  }

  @Test func `films may be known by title alone`() throws {
    let folder = try TemporaryFolder()
    folder.write("mine.csv", "user,rating,title\nana,4.5,Aria\n")
    let ratings = try MovieLens.load(folder.path + "/mine.csv").ratings
    #expect(ratings.columnNames == ["user", "title", "rating"])
    #expect(ratings.row(0) == [.text("ana"), .text("Aria"), .double(4.5)])
  }

  @Test func `what is no set of ratings is refused`() throws {
    let folder = try TemporaryFolder()
    folder.write("mine.csv", "name,age\nana,33\n")
    let error = #expect(throws: DataError.self) { try MovieLens.load(folder.path + "/mine.csv") }
    #expect(
      error?.description
        == "mine.csv: cannot tell user, item and rating from the columns name, age")
    #expect(throws: DataError.noRatings(folder: folder.path)) { try MovieLens.load(folder.path) }
    #expect(
      DataError.noRatings(folder: "d").description
        == "there are no ratings in `d`: expected u.data, ratings.csv or ratings.dat")
    #expect(
      DataError.noRatingColumns(file: "f", found: ["a"], line: nil).help
        == "name them user, item and rating in the first line, or say delimiter='…'")
    #expect(throws: DataError.noPath("/nowhere")) { try MovieLens.load("/nowhere") }
  }

  @Test func `a broken row of a known file is named`() throws {
    let folder = try TemporaryFolder()
    folder.write("u.data", "196\t242\t3\t900000001\n186\t302\t3\n")
    let error = #expect(throws: DataError.self) { try MovieLens.load(folder.path) }
    #expect(error?.description == "u.data:2: expected 4 tab-separated fields, found 3")
    #expect(error?.place?.text == "186\t302\t3")
  }
}
