import Collab
import CollabFiles
import CollabNotebook
import TestSupport
import Testing

/// Statements that somebody else wrote, and files that are none of their business.
struct BoundaryTests {
  private let folder: TemporaryFolder
  private let conversation: Conversation

  init() throws {
    folder = try TemporaryFolder()
    let data =
      "user,item,rating\n" + (0..<12).map { "\($0 % 4),\($0 % 3),\($0 % 5 + 1)\n" }.joined()
    folder.write("in/a.csv", data)
    folder.write("in/a.collab", "x = 1\n")
    folder.write("out/a.csv", data)
    folder.write("sets/ml-100k/u.data", "1\t2\t3\t4\n")
    var search = DataSearch(
      environment: ["COLLAB_DATA": folder.path + "/sets"], workingFolder: folder.path + "/in")
    search.boundary = FileBoundary(
      folder: folder.path + "/in", advice: "`collab run --no-safe a.collab`")
    conversation = Conversation(data: search)
    _ = conversation.type("x = ones(2); q = read_csv a.csv; plot([1, 2])")
    let trained = conversation.type("load a.csv; dataloaders bs=4; learner dot factors=2; fit 1")
    #expect(!trained.contains { $0.hasPrefix("error") }, "\(trained)")
  }

  @Test(arguments: [
    "read_csv '../out/a.csv'", "pd.read_csv('../out/a.csv')", "load '../out/a.csv'",
    "load '../out'",
    "load path='../out'", "load '/dev/zero'", "restore '/etc/passwd'", "load_learner '../out/a'",
    "save '../out/a.saved'", "save '~/a.saved'", "np.save('../out/x', x)",
    "record '../out/a.collab'",
    "record '/dev/stdout'", "q.to_csv('../out/b.csv')", "q.to_csv('/dev/stderr')",
    "plot([1, 2], save='../out/a.svg')", "plot([1, 2]).save('../out/a.svg')",
    "recommend all save='../out/a.csv'", "save_learner '../out/a'", "learn.export('../out/a')",
    "learn.save('../out/a')", "run a.collab",
  ])
  func `a file outside is refused, and nothing is written`(_ statement: String) {
    let lines = conversation.type(statement)
    #expect(lines.contains { $0.hasPrefix("error[refused]: ") }, "\(lines)")
    #expect(lines.contains("  help: `collab run --no-safe a.collab` allows it"), "\(lines)")
    #expect(Files.entries(of: folder.path + "/out").map(\.name) == ["a.csv"])
  }

  @Test(arguments: [
    "read_csv './a.csv'", "save a.saved; restore a.saved", "q.to_csv('b.csv')", "record b.collab",
    "np.save('x', x)", "plot([1, 2], save='a.svg')", "save_learner a; load_learner a", "load a.csv",
    "read_csv '../sets/ml-100k/u.data' header=none delimiter='\\t'",
  ])
  func `files in the folder and the data that the user chose can be used`(_ statement: String) {
    let lines = conversation.type(statement)
    #expect(!lines.contains { $0.hasPrefix("error") }, "\(lines)")
  }

  @Test func `a line for a shell is passed over`() {
    #expect(
      conversation.type("!touch ../out/b") == [
        "note: `!touch` is passed over: there is no shell and no notebook here"
      ])
    #expect(Files.entries(of: folder.path + "/out").map(\.name) == ["a.csv"])
  }
}
