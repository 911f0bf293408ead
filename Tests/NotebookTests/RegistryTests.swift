import CommandLanguage
import Notebook
import Testing

struct RegistryTests {
  @Test func `every entry has a summary, help for its parameters, and examples that parse`() {
    #expect(Session.registry.problems() == [])
  }

  @Test(arguments: Session.registry.specs)
  func `every example works`(_ spec: CommandSpec) throws {
    for example in spec.examples {
      let conversation = Conversation.trained()
      if spec.name == "undo" { _ = conversation.type("fit 1 5e-3") }
      #expect(throws: Never.self, "\(example.code)") {
        try conversation.session.run(Source(example.code))
      }
    }
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
