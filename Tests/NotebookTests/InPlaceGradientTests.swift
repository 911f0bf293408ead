import TestSupport
import Testing

/// Gradients through tensors that were changed in place after they were used.
struct InPlaceGradientTests {
  struct Case: Decodable, CustomStringConvertible {
    let use: String
    let changed: String
    let refused: Bool
    let gradient: [Double]

    var description: String { "\(use), \(changed) changed" }
  }

  private static let setup = """
    w = Parameter(tensor([[1.,2.],[3.,4.],[5.,6.]])); t = tensor([[2.,1.],[1.,3.],[2.,2.]]); \
    i = tensor([1,2]); v = tensor([1.,2.]); m = t > 1.5
    """

  /// Where PyTorch refuses, what was copied here may still give the right gradient.
  @Test(arguments: try Fixture.decode([Case].self, from: "in_place/cases.json"))
  func `a gradient is right or refused, and never refused where PyTorch gives it`(_ test: Case) {
    let conversation = Conversation()
    let changed = test.changed == "y" ? "y.detach()" : test.changed
    _ = conversation.type(Self.setup)
    _ = conversation.type("y = \(test.use); q = y.sum()")
    _ = conversation.type("\(changed).fill_(1)")
    let answer = conversation.type("q.backward()")
    guard answer.isEmpty else {
      #expect(answer.contains { $0.hasPrefix("error[in-place]: a tensor that ") })
      #expect(test.refused)
      return
    }
    let numbers = conversation["w.grad.flatten().tolist()"].dropFirst().dropLast()
      .split(separator: ", ").compactMap { Double($0) }
    #expect(numbers.count == test.gradient.count)
    for (number, expected) in zip(numbers, test.gradient) {
      #expect((number - expected).magnitude <= 2e-5 * max(1, expected.magnitude))
    }
  }

  @Test(arguments: [
    "i.add_(1000000000)", "i.numpy().fill_(-5)", "i.detach().mul_(77)", "i.view(2).zero_()",
    "i.data.fill_(9)", "i.copy_(tensor([7, 8]))", "i.data = tensor([100, 100])",
  ])
  func `an index that was changed cannot reach beyond a table`(_ change: String) {
    for use in [
      "w[i]", "w.index_select(0, i)", "Embedding(3, 2)(i)", "Embedding(3, 2)(i.view(1, 2))",
    ] {
      let conversation = Conversation()
      _ = conversation.type("w = Parameter(zeros(3, 2)); i = tensor([1, 2]); q = \(use).sum()")
      #expect(conversation.type(change).allSatisfy { !$0.hasPrefix("error") })
      #expect(
        conversation.type("q.backward()").contains { $0.hasPrefix("error[in-place]") }, "\(use)")
    }
  }

  @Test func `an optimiser's step and data that are assigned count as changes`() {
    let conversation = Conversation()
    _ = conversation.type("w = Parameter(ones(3)); q = (w * w).sum(); q.backward()")
    _ = conversation.type("w.data -= 0.1 * w.grad")
    #expect(conversation.type("q.backward()").contains { $0.hasPrefix("error[in-place]") })
    #expect(conversation.type("(w * w).sum().backward()") == [])
  }

  @Test func `a change in place that would lose a gradient is refused`() {
    #expect(
      Conversation.mistake("w = Parameter(ones(2)); t = ones(2)", "t.add_(w)").first
        == "error[leaf]: `add_` would lose where gradients go: what it is given has one")
    #expect(
      Conversation.last("w = Parameter(ones(2)); t = ones(2)", "t.add_(w.detach())")
        == ["tensor([2., 2.])"])
  }
}
