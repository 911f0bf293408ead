import Collab
import CollabLanguage
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

struct RegistryTests {
  @Test func `every entry has a summary, help for its parameters, and examples that parse`() {
    #expect(Session.registry.problems() == [])
  }

  @Test(arguments: Session.registry.specs)
  func `every example works`(_ spec: CommandSpec) throws {
    for example in spec.examples {
      let folder = try Self.folder()
      let conversation = Conversation.trained(data: DataSearch(workingFolder: folder.path))
      conversation.session.prompt = PromptActions(
        runShell: { _ in 0 }, enterFolder: { _ in }, edit: { _ in }, teach: { _ in },
        programHelp: { _ in nil })
      if spec.name == "undo" { _ = conversation.type("fit 1 5e-3") }
      if ["load", "load_learner"].contains(spec.name) {
        _ = conversation.type("save_learner films.safetensors")
      }
      if spec.name == "restore" { _ = conversation.type("save films.saved") }
      #expect(throws: Never.self, "\(example.code)") {
        try conversation.session.run(Source(example.code))
      }
    }
  }

  /// The files that examples name.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    folder.write("ml-100k/u.data", "196\t242\t3\t900000001\n186\t302\t3\t900000002\n")
    folder.write("ml-100k/u.item", "242|Kolya (1996)|24-Jan-1997\n")
    folder.write("ratings.csv", "user,title,rating\n1,Ada,3\n1,Bea,4\n2,Ada,5\n2,Bea,2\n3,Ada,1\n")
    folder.write("statements.collab", "x = 1\nx + 1\n#> 2\n")
    return folder
  }

  @Test(arguments: Session.registry.specs)
  func `help explains every entry`(_ spec: CommandSpec) throws {
    let lines = try Help(Session.registry).topic(spec.name)
    #expect(lines.count > 2)
  }

  @Test func `help on one screen lists every command`() {
    let overview = Help(Session.registry).overview(width: 200).joined(separator: "\n")
    for name in Session.registry.specs.filter({ $0.form == .command }).map(\.name) {
      #expect(overview.contains("\n  \(name)"))
    }
  }
}
