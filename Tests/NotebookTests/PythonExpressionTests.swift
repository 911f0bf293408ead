import CollabLanguage
import CollabNotebook
import FoundationEssentials
import TestSupport
import Testing

/// A formula, and what Python, numpy, PyTorch or fastcore showed for it.
private struct Shown: Decodable {
  let code: String
  let shows: String
}

struct PythonExpressionTests {
  @Test func `formulas show what Python shows`() throws {
    let cases = try Fixture.decode([Shown].self, from: "expressions/python.json")
    #expect(cases.count > 800)
    for shown in cases {
      let lines = Conversation().type(shown.code).map(trimmed)
        .filter { !$0.hasPrefix("note: imports") }
      #expect(
        lines
          == shown.shows.split(separator: "\n", omittingEmptySubsequences: false)
          .map { trimmed(String($0)) }.filter { !(lines.isEmpty && $0.isEmpty) }, "\(shown.code)")
    }
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  @Test func `the page for those who know Python is the one that the registry makes`() throws {
    let path = Fixture.path("../../Documentation/python.md")
    let kept = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(
      kept == Session.pythonPage,
      "collab help --python > Documentation/python.md brings it up to date")
  }

  @Test func `help python lists what stands for fastai's names`() {
    let lines = Conversation.last("help python")
    #expect(lines.contains { $0.contains("CollabDataLoaders.from_df") })
    #expect(lines.contains { $0.contains("dataloaders · split the ratings") })
    #expect(lines.contains { $0.contains("learn.lr_find()") })
  }

  @Test func `a list that does not fit has a line for each member`() {
    let titles = (0..<3).map { "'A title that is rather long, number \($0)'" }
    #expect(
      Conversation.last("[\(titles.joined(separator: ", "))]") == [
        "[\(titles[0]),", " \(titles[1]),", " \(titles[2])]",
      ])
    #expect(Conversation.last("list(range(12))") == ["[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"])
  }

  @Test func `printing goes on in the line within a statement`() {
    #expect(Conversation.last("for i in range(3): print(i, end=' ')") == ["0 1 2 "])
    #expect(Conversation.last("print(1, 2, sep=', ')") == ["1, 2"])
  }

  @Test func `a member that is missing but names a command says so`() {
    let conversation = Conversation.trained()
    #expect(
      conversation.mistake(["learn.recommend"]) == [
        "error[unknown-member]: a Learner has no `recommend`", "at recommend",
        "help: `recommend` is a command: recommend 42 n=3",
      ])
  }

  @Test func `whole numbers of narrow types wrap`() {
    #expect(
      Conversation.last("tensor([127], dtype=torch.int8) + tensor([1], dtype=torch.int8)")
        == ["tensor([-128], dtype=torch.int8)"])
    #expect(Conversation.last("tensor([1, 2]).int().dtype") == ["torch.int32"])
  }

  @Test func `fastai's names forward to commands`() {
    let conversation = Conversation()
    _ = conversation.type("load demo")
    _ = conversation.type("dls = CollabDataLoaders.from_df(ratings, item_name='title', bs=512)")
    #expect(conversation.type("dls.show_batch(2)").count == 4)
    #expect(conversation.type("x, y = dls.one_batch(); y.dtype") == ["torch.int8"])
    #expect(conversation.type("dls.classes['user'][:3]") == ["['#na#', 1, 2]"])
    _ = conversation.type("learn = collab_learner(dls, n_factors=5, y_range=(0,5.5))")
    _ = conversation.type("learn.fit_one_cycle(1, 5e-3)")
    #expect(conversation.type("learn.get_preds()[0].shape") == ["torch.Size([20000, 1])"])
    #expect(
      conversation.type(
        "allclose(learn.model.bias(dls.items[1:3]), learn.model.i_bias.weight[1:3].squeeze())")
        == ["True"])
    #expect(conversation.type("learn.model.weight(dls.items[1:3]).shape") == ["torch.Size([2, 5])"])
  }

  @Test func `what plt draws is shown at the end of a cell`() {
    let conversation = Conversation()
    #expect(
      conversation.type("plt.scatter([1, 2], [3, 1])\nplt.title('A title')").first == "A title")
    #expect(conversation.type("1 + 1") == ["2"])
  }
}
