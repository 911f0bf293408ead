import CommandLanguage
import Testing

struct ParserTests {
  @Test func `a command keeps its words as they were typed`() throws {
    let code = try Parser(commands: ["fit"]).code(in: Source("fit 5 5e-3 wd=0.1"))
    guard case .command(let command) = try #require(code.statements.first).kind else {
      Issue.record("not a command")
      return
    }
    #expect(command.name.name == "fit")
    #expect(command.words.map(\.text) == ["5", "5e-3", "0.1"])
    #expect(command.words.map { $0.option?.name } == [nil, nil, "wd"])
  }
}
