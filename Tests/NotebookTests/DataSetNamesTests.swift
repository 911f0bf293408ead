import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import TestSupport
import Testing

/// What is said where a data set or a file of ratings is not what was meant.
struct DataSetNamesTests {
  @Test(arguments: [
    ("ml100k", ["ml-100k"]), ("ML_1M", ["ml-1m"]), ("MovieLens-25M", ["ml-25m"]),
    ("movielens", ["ml-100k"]), ("movilens", ["ml-100k"]), ("ml-10k", ["ml-100k", "ml-1m"]),
    ("dmeo", ["demo"]), ("imdb", []),
  ])
  func `a name finds the data set that was meant`(_ name: String, _ near: [String]) {
    #expect(DataSetNames.near(name) == near)
  }

  /// The code and the help of what a statement fails with, in a folder.
  private func failure(of statement: String, in folder: TemporaryFolder) -> (String, [String])? {
    let session = Session(
      output: OutputRecorder(), dataSearch: DataSearch(workingFolder: folder.path))
    do throws(Diagnostic) {
      _ = try session.run(Source(statement))
      return nil
    } catch {
      return (error.code, error.help)
    }
  }

  @Test func `load says which names there are, or which was meant`() throws {
    let folder = try TemporaryFolder()
    folder.write("films.csv", "user,item,rating\n1,2,3\n")
    #expect(try #require(failure(of: "load ml100k", in: folder)).1 == ["did you mean `ml-100k`?"])
    #expect(
      try #require(failure(of: "load film.csv", in: folder)).1 == ["did you mean `films.csv`?"])
    #expect(
      try #require(failure(of: "load imdb", in: folder)).1
        == ["known by name are ml-100k, ml-1m, ml-25m, demo"])
    #expect(try #require(failure(of: "load there/nothing.csv", in: folder)).1 == [])
  }

  @Test func `a column of numbers is proposed as rating, whatever comes behind it`() throws {
    let folder = try TemporaryFolder()
    folder.write("odd.csv", "Person;Film;Sterne;Wann\nAnna;M;4,5;2020-01-01\nBert;M;3;2020-01-02\n")
    let (code, help) = try #require(failure(of: "load odd.csv", in: folder))
    #expect(code == "bad-column")
    #expect(help == ["load 'odd.csv' user='Person' item='Film' rating='Sterne'"])
    #expect(failure(of: help[0], in: folder) == nil)
  }

  @Test func `who met what, without ratings, is told how to go on`() throws {
    let folder = try TemporaryFolder()
    let pairs = (0..<400).map { "u\($0 / 20),i\($0 % 20)" }.joined(separator: "\n")
    folder.write("clicks.csv", "who,what\n\(pairs)\n")
    let (code, help) = try #require(failure(of: "load clicks.csv", in: folder))
    #expect(code == "bad-column")
    #expect(
      help == [
        "met = read_csv 'clicks.csv'; met['rating'] = 1; dataloaders met user='who' item='what'"
      ])
    #expect(failure(of: help[0], in: folder) == nil)
  }
}
