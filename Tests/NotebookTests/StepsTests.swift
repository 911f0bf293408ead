import CollabLanguage
import CollabNotebook
import Testing

/// What to type before a statement that needs something.
struct StepsTests {
  @Test(arguments: [
    ("ratings", ["load"]), ("movies", ["load"]), ("dls", ["load", "dataloaders"]),
    ("learn", ["load", "dataloaders", "learner dotbias"]), ("nothing", []),
  ])
  func `the steps to a variable follow from what commands define and need`(
    _ name: String, _ steps: [String]
  ) {
    #expect(Session.registry.steps(to: name) == steps)
  }

  @Test(arguments: [
    ([], "load; dataloaders; learner dotbias factors=50"),
    (["ratings"], "dataloaders; learner dotbias factors=50"),
    (["ratings", "dls"], "learner dotbias factors=50"), (["dls"], "learner dotbias factors=50"),
  ])
  func `what is there is not made again`(_ variables: [String], _ steps: String) {
    let advised = Session.registry.steps(to: "learn", having: variables, as: .firstExample)
    #expect(advised.joined(separator: "; ") == steps)
  }

  @Test func `the advice of an error about what is missing can be typed`() {
    let conversation = Conversation()
    for (statement, headline) in [
      ("fit 1", "error[no-learner]: there is no learner yet"),
      ("learner dot", "error[no-dataloaders]: the ratings are not split and batched yet"),
      ("dataloaders", "error[no-ratings]: there are no ratings yet"),
    ] {
      let lines = conversation.type(statement)
      #expect(lines.contains(headline), "\(lines)")
    }
    #expect(conversation.type("dataloaders").last == "  help: load")
    #expect(conversation.type("learner dot").last == "  help: load; dataloaders bs=64")
  }

  @Test func `a command that needs what it defines ends the steps`() {
    let registry = CommandRegistry([
      CommandSpec("a", group: .data, summary: "", examples: [], defines: ["x"], needs: ["y"]),
      CommandSpec("b", group: .data, summary: "", examples: [], defines: ["y"], needs: ["x"]),
      CommandSpec("c", group: .data, summary: "c", examples: ["c"], needs: ["z"]),
    ])
    #expect(registry.steps(to: "x") == ["b", "a"])
    #expect(registry.problems().contains("c: needs 'z', which no command defines"))
  }
}
