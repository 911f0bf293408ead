import Collab
import CollabLanguage
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

/// What commands say about ratings that are not like the chapter's.
struct LoaderNotesTests {
  /// A conversation in which these lines are the ratings.
  private func conversation(_ lines: String) throws -> Conversation {
    let folder = try TemporaryFolder()
    folder.write("own.csv", lines)
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    _ = conversation.type("t = read_csv own.csv; ratings = t")
    return conversation
  }

  /// Ratings of so many users and items, each of each, from a formula of both.
  private func grid(
    _ users: Int, _ items: Int, header: String = "user,movie,rating",
    _ rating: (Int, Int) -> String
  ) -> String {
    let rows = (1...users).flatMap { user in
      (1...items).map { item in "\(user),\(item),\(rating(user, item))" }
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  // MARK: Rows

  @Test func `missing ratings are an error with the row and a statement`() throws {
    let conversation = try conversation(grid(5, 4) { $0 == 3 && $1 > 2 ? "" : "\($0)" })
    #expect(
      conversation.mistake(["dls = dataloaders bs=4"]) == [
        "error[bad-data]: 2 ratings are missing, the first in row 10",
        "at dataloaders bs=4",
        "help: dataloaders ratings.dropna() bs=4",
      ])
    #expect(
      conversation.mistake(["dataloaders(t, bs=4)"]).last
        == "help: dataloaders(t.dropna(), bs=4)")
    #expect(
      conversation.mistake(["dataloaders(bs=4)"]).last
        == "help: dataloaders(ratings.dropna(), bs=4)")
  }

  @Test func `missing users are mentioned`() throws {
    let lines = grid(5, 4) { "\(($0 + $1) % 5 + 1)" } + ",2,3\n,3,1\n"
    let conversation = try conversation(lines)
    #expect(
      conversation.type("dls = dataloaders bs=4") == [
        "note: 2 rows have no user (the first is row 20): #na# stands for what is missing",
        "  help: dataloaders ratings.dropna() bs=4",
      ])
    #expect(
      conversation.type("len(dls.users), '3' in dls.users, 'nan' in dls.users") == [
        "(6, True, False)"
      ])
    #expect(
      conversation.mistake(["learner dotbias factors=2", "recommend nan"]).first
        == "error[unknown-user]: no rating to train on is from user nan")
  }

  @Test func `repeated pairs are mentioned`() throws {
    let conversation = try conversation(grid(5, 4) { "\($0 + $1 - $1)" } + "1,1,5\n1,1,4\n")
    #expect(
      conversation.type("dls = dataloaders bs=4") == [
        "note: 2 ratings are of a pair of user and movie rated before; pairs on both sides of the "
          + "split make the validation loss look too good",
        "  help: dataloaders ratings.drop_duplicates(['user', 'movie'], keep='last') bs=4",
      ])
    #expect(
      conversation.type("describe").contains(
        "repeated         2 ratings are of a pair rated before"))
    #expect(
      conversation.type("describe").contains("filled           100.00 % of the user × movie table"))
  }

  @Test func `nothing is said of ratings without flaws`() {
    #expect(Conversation.last("load demo", "dls = dataloaders") == [])
  }

  @Test func `shares that leave a side empty have advice`() throws {
    let conversation = try conversation(grid(5, 4) { "\($0 + $1 - $1)" })
    #expect(
      conversation.mistake(["dls = dataloaders valid_pct=0.01 bs=4"]) == [
        "error[bad-data]: a share of 0.01 of 20 ratings is less than one rating to hold out",
        "at valid_pct=0.01", "help: dataloaders valid_pct=0.2 bs=4",
        "help: dataloaders valid_pct=0 bs=4",
      ])
    #expect(
      conversation.mistake(["dls = dataloaders"]).last == "help: dataloaders bs=16")
    #expect(
      conversation.mistake(["dataloaders valid_pct=1"]).last == "help: dataloaders valid_pct=0.2")
  }

  @Test func `with nothing held out a fit has no validation loss`() throws {
    let conversation = try conversation(grid(5, 4) { "\($0 + $1 - $1)" })
    _ = conversation.type("dataloaders valid_pct=0 bs=4; learner dotbias factors=2")
    let rows = conversation.type("fit 2 5e-3")
    #expect(rows.count == 3)
    #expect(rows.dropFirst().allSatisfy { $0.split(separator: " ")[2] == "–" })
    #expect(
      conversation.mistake(["validate"]).first
        == "error[no-validation]: no ratings are held out to validate with")
  }

  @Test func `a table can be tested with`() throws {
    let conversation = try conversation(grid(6, 4) { "\($0 % 5 + $1 - $1 + 1)" })
    _ = conversation.type("a = ratings.filter(ratings.user < 5)")
    _ = conversation.type("b = ratings.filter(ratings.user > 4)")
    #expect(conversation.type("dls = dataloaders a valid=b bs=4") == [])
    #expect(conversation.type("dls.train.n, dls.valid.n, len(dls.users)") == ["(16, 8, 5)"])
    #expect(
      conversation.mistake(["learner dotbias factors=2", "recommend 6"]) == [
        "error[unknown-user]: no rating to train on is from user 6", "at 6",
        "all 4 of their ratings are held out for validation", "help: dls.users",
      ])
    #expect(
      conversation.mistake(["dataloaders a valid=b valid_pct=0.5"]).first?.hasPrefix(
        "error[bad-value]") == true)
  }

  @Test func `users and items that are only held out are said to be unknown`() throws {
    let conversation = try conversation(
      "user,movie,rating\nAda,A,5\nBo,A,4\nAda,B,3\nBo,B,1\nCy,C,2\n")
    // Of five rows one is held out; a seed that takes the last one is among the first.
    for seed in 0..<50 {
      _ = conversation.type("dataloaders bs=2 seed=\(seed); learner dotbias factors=2")
      let lines = conversation.type("recommend Cy n=1")
      let predicted = conversation.type("predict Cy C")
      guard predicted.count == 2 else { continue }
      #expect(
        lines.first
          == "note: no rating to train on is from Cy, so the model knows nothing of them")
      #expect(
        predicted[0]
          == "note: user never rated anything in training, item never rated in training: this is what the baseline says"
      )
      return
    }
    Issue.record("no seed holds out the last row")
  }

  @Test func `who has rated everything is told so`() throws {
    let conversation = try conversation(grid(5, 4) { "\($0 + $1 - $1)" })
    _ = conversation.type("dataloaders bs=4; learner dotbias factors=2")
    #expect(conversation.type("recommend 3") == ["3 has rated every movie there is"])
  }

  @Test(arguments: [
    "dataloaders", "dataloaders t", "dataloaders(t)", "dataloaders()", "dls = dataloaders bs=3",
    "dls = dataloaders(bs=3)", "x = dataloaders t item=movie bs=3",
    "[dataloaders(t) for i in [1]]",
    "dataloaders table=t bs=3", "dataloaders(bs=3, table=t)", "dataloaders t.head(9)",
    "dataloaders (t.head(9)) valid=t.head(4)", "dataloaders t.head(2) valid=t",
    "dataloaders t.head(0)", "dataloaders t valid_pct=0.001", "dataloaders t valid_pct=1 bs=2",
  ])
  func `advice can be read, and takes the arguments that were given`(_ input: String) throws {
    for lines in [
      grid(5, 4) { $0 == 1 ? "" : "\($0 + $1 - $1)" },
      grid(5, 4) { "\($0 + $1 - $1)" } + ",2,3\n1,1,3\n",
    ] {
      let conversation = try conversation(lines)
      let advice = conversation.type(input).filter { $0.hasPrefix("  help: ") }
      for line in advice where !line.contains("blank") {
        let source = Source(String(line.dropFirst("  help: ".count)))
        let statements = try Session.registry.parser(variables: ["t"]).code(in: source).statements
        #expect(statements.count == 1, "\(line)")
        guard let command = statements.first?.command else { continue }
        let spec = try #require(Session.registry[command.name.name])
        _ = try spec.bind(command) { $0 == "t" || $0 == "ratings" }
      }
    }
  }

  // MARK: Scales

  @Test(arguments: [
    (10, "ratings go from 1 to 10: y_range=(0.5,10.5)"),
    (4, "ratings go from 1 to 4: y_range=(0.5,4.5)"),
  ])
  func `a learner says which range fits`(_ highest: Int, _ line: String) throws {
    let conversation = try conversation(grid(10, 4) { "\(($0 + $1) % highest + 1)" })
    _ = conversation.type("dataloaders bs=4")
    for model in ["dotbias", "dotbias_raw", "collab", "collab_nn", "nn"] {
      #expect(conversation.type("learner \(model)").first == line)
    }
    #expect(conversation.type("learner dot").count == 1)
    #expect(conversation.type("learner dotbias y_range=(0,5.5)").count == 1)
    #expect(conversation.type("learner dotbias y_range=none").count == 1)
  }

  @Test func `where all ratings are equal there is nothing to beat`() throws {
    let conversation = try conversation(grid(10, 4) { _, _ in "1" })
    _ = conversation.type("seed 1; dataloaders bs=4")
    #expect(conversation.type("learner dotbias").first == "every rating is 1: y_range=(0.5,1.5)")
    #expect(!conversation.type("fit 1").contains { $0.hasPrefix("note") })
  }

  @Test func `help for few ratings leads on`() throws {
    let one = try conversation("user,item,rating\n1,2,3\n")
    var input = "dataloaders"
    for next in ["dataloaders valid_pct=0", "dataloaders valid_pct=0 bs=1"] {
      #expect(one.type(input).last == "  help: \(next)")
      input = next
    }
    #expect(one.type(input) == ["train 1 · valid 0 · 2 users · 2 items · batches of 1"])
    let none = try conversation("user,item,rating\n")
    #expect(
      none.mistake(["dataloaders"]).first == "error[bad-data]: there are no ratings to learn from")
  }

  @Test func `the chapter's range stays for whole stars`() {
    #expect(Conversation.last("load demo; dataloaders", "learner dotbias").count == 1)
  }

  @Test func `a loss worse than the mean's has a note with the reason`() throws {
    let conversation = try conversation(grid(10, 8) { "\(($0 * $1) % 10 + 1)" })
    _ = conversation.type("seed 1; dataloaders bs=8")
    let lines = conversation.type("learner dotbias factors=2 y_range=(0,5.5); fit 2 5e-3")
    #expect(
      lines.suffix(2) == [
        "  ratings reach 10, predictions end at 5.5",
        "  help: learner dotbias factors=2 y_range=(0.5,10.5)",
      ])
    #expect(lines.dropLast(2).last?.hasPrefix("note: saying ") == true)
    _ = conversation.type("x = learner collab y_range=(3,11)")
    #expect(
      conversation.type("x.fit(1, 5e-3)").suffix(2) == [
        "  ratings go down to 1, predictions end at 3",
        "  help: x = learner collab y_range=(0.5,10.5)",
      ])
    #expect(
      conversation.type("learner dot; fit 1 1e-4").suffix(2) == [
        "  it has not learned enough yet", "  help: fit 5 5e-3",
      ])
  }

  // MARK: Names

  @Test func `describe takes columns of any names`() throws {
    let lines = grid(5, 4, header: "person,tea,points") { "\(10 * ($0 % 5) + 10 + $1 - $1)" }
    let conversation = try conversation(lines)
    let facts = conversation.type("describe t")
    #expect(facts.contains("teas            4"))
    #expect(facts.contains("filled          100.00 % of the user × tea table"))
    #expect(facts.contains("mean            30.000"))
    #expect(conversation.type("describe t user=tea item=person").contains("persons           5"))
    _ = conversation.type("dls = dataloaders t user=tea item=person rating=points bs=4")
    #expect(conversation.type("describe t").contains("persons           5"))
  }

  @Test func `many different ratings are counted in tenths`() throws {
    let conversation = try conversation(grid(10, 10) { "\(10 * $0 + $1)" })
    let rows = conversation.type("describe").suffix(10)
    #expect(rows.allSatisfy { $0.contains("10  10.0 %") })
    #expect(rows.first?.hasPrefix("11.0 to 20.9") == true)
  }
}
