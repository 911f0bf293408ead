import Collab
import TestSupport
import Testing

/// What is said after a fit that does worse than the mean.
struct LossNoteTests {
  /// A conversation with 40 people who gave 4 or 5 stars to 30 films.
  private func conversation() throws -> Conversation {
    let folder = try TemporaryFolder()
    let rows = (1...40).flatMap { user in
      (1...30).map { film in
        "\(user),\(film),\(user * film == 1 ? 1 : 4 + user * film % 2),\(user * 100 + film)"
      }
    }
    folder.write(
      "own.csv", (["user,movie,rating,timestamp"] + rows).joined(separator: "\n") + "\n")
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    _ = conversation.type("t = read_csv own.csv; ratings = t; seed 1")
    return conversation
  }

  @Test(arguments: [
    ("user", "evaluate fold_in=[1,5,20]"), ("time", "evaluate metrics=[rmse]"),
  ])
  func `where strangers are held out no other training is advised`(
    split: String, advice: String
  ) throws {
    let conversation = try conversation()
    _ = conversation.type("dls = dataloaders item=movie split=\(split) bs=64; learner collab;")
    let lines = conversation.type("fit 3 5e-3")
    #expect(
      lines.suffix(2) == [
        "  100 % of the ratings held out are of people whom it never met", "  help: \(advice)",
      ])
    // What is advised runs.
    #expect(!conversation.type(advice).contains { $0.hasPrefix("error") })
  }

  @Test func `where everybody is known the advice is another`() throws {
    let conversation = try conversation()
    _ = conversation.type("dls = dataloaders item=movie bs=64; learner dot;")
    #expect(
      conversation.type("fit 1 1e-4").suffix(2) == [
        "  it has not learned enough yet", "  help: fit 5 5e-3",
      ])
  }
}
