import CollabInterpreter
import CollabLanguage
import CollabNotebook
import TestSupport
import Testing

/// Classes as the chapter writes them.
struct PythonClassTests {
  private static let dotProduct = """
    class Dot(Module):
        def __init__(self, n_users, n_items, n_factors, y_range=(0, 5.5)):
            super().__init__()
            self.users, self.items = Embedding(n_users, n_factors), Embedding(n_items, n_factors)
            self.y_range = y_range

        def forward(self, x):
            "Predictions."
            users = self.users(x[:,0])
            items = self.items(x[:,1])
            return sigmoid_range((users * items).sum(dim=1), *self.y_range)
    """
  private static let braces = """
    model DotInBraces(n_users, n_items, n_factors, y_range=(0, 5.5)) {
        users = Embedding(n_users, n_factors)
        items = Embedding(n_items, n_factors)
        forward(x) {
            users = users(x[:,0])
            items = items(x[:,1])
            sigmoid_range((users * items).sum(dim=1), *y_range)
        }
    }
    """

  @Test func `a class trains as the same model in braces does`() {
    let conversation = Conversation()
    _ = conversation.type("load demo; dataloaders bs=512")
    _ = conversation.type(Self.dotProduct)
    _ = conversation.type(Self.braces)
    let losses = ["Dot", "DotInBraces"].map { name in
      _ = conversation.type(
        "seed 42; dataloaders bs=512; learner \(name)(len(dls.users), len(dls.items), 5); fit 1 5e-3"
      )
      return conversation.type("validate")
    }
    #expect(!losses[0].isEmpty && losses[0] == losses[1])
  }

  @Test func `a class has the layers that it gives to self`() {
    #expect(
      Conversation.last(Self.dotProduct, "Dot(3, 4, 2)") == [
        "Dot(", "  (users): Embedding(3, 2)", "  (items): Embedding(4, 2)", ")",
      ])
    let layers = """
      class A(nn.Module):
          def __init__(self, sizes):
              self.layers = [nn.Linear(a, b) for a, b in sizes]
              self.last = nn.Linear(1, 1)
              if len(sizes) > 1:
                  self.bias = nn.Parameter(torch.zeros(2))
      """
    #expect(
      Conversation.last(layers, "L(A([(1, 2), (2, 1)]).parameters()).map(lambda p: list(p.shape))")
        == ["(#3) [[2], [1, 1], [1]]"])
  }

  @Test func `self is a value, and members are no names`() {
    let counter = """
      class Counter(Module):
          def __init__(self):
              self.n = 0
              self.seen = []
          def add(self, x):
              self.n += x
              self.seen.append(x)
              return self
          def total(self): return sum(map_all(self, lambda x: x * self.n))
      def map_all(c, f): return [f(x) for x in c.seen]
      """
    #expect(Conversation.last(counter, "c = Counter(); c.add(2).add(3).total()") == ["25"])
    #expect(Conversation.last(counter, "c = Counter(); d = c.add(2); c.n, c.seen") == ["(2, [2])"])
    let bare = "class A(Module):\n    def __init__(self): self.k = 1\n    def f(self): return k"
    #expect(
      Conversation.mistake(bare, "A().f()") == [
        "error[unknown-name]: there is no variable or function `k`", "at k",
        "in `f`, called as `A().f()`",
      ])
  }

  @Test func `what a class lacks is said with the place`() {
    let model = """
      class A(Module):
          def forward(self, x):
              return x @ self.b
      """
    #expect(
      Conversation.mistake(model, "A()(zeros(2))") == [
        "error[unknown-member]: an A has no `b`", "at b", "in `forward`, called as `A()(zeros(2))`",
      ])
    #expect(
      Conversation.mistake("class A(Module):\n  def f(self): pass", "A()(zeros(2))").prefix(2)
        == ["error[bad-model]: `A` has no `forward`", "at A()(zeros(2))"])
    #expect(
      Conversation.mistake("class A(Module):\n  def __init__(self, a): self.a = a", "A()").first
        == "error[missing-argument]: `A` needs A")
  }

  @Test func `a class comes back with a saved session`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/session"
    let conversation = Conversation()
    _ = conversation.type(Self.dotProduct)
    _ = conversation.type("if true:\n    def twice(x): return 2 * x")
    _ = conversation.type("m = Dot(3, 4, 2); y = m(tensor([[1, 2]])); save '\(path)'")
    let other = Conversation()
    _ = other.type("restore '\(path)'")
    #expect(other.type("(m(tensor([[1, 2]])) == y).all(), twice(3)") == ["(tensor(True), 6)"])
  }

  // MARK: - Commands and notes

  @Test func `commands run in blocks, and see the names of a function`() {
    let sweep = """
      for n in [1, 2]:
          seed 42
          x = randn(n)
          print n x.shape
      """
    #expect(
      Conversation.last(sweep) == ["1 torch.Size([1])", "2 torch.Size([2])"])
    let function = """
      def show(rows):
          head ratings n=rows
      """
    #expect(Conversation.last("load demo", function, "show(2)").count == 4)
  }

  @Test func `a variable is a formula although a command has its name`() {
    #expect(Conversation.last("bias = 3", "bias + 1") == ["4"])
    #expect(Conversation.last("bias = 3\nbias") == ["3"])
    #expect(Conversation.last("def f(bias):\n    return bias\nf(4)") == ["4"])
  }

  @Test func `imports do nothing and say so once`() {
    let conversation = Conversation()
    let note = "note: imports do nothing: every function is already here"
    #expect(
      conversation.type("import numpy as np, torch\nfrom torch import (nn,\n  optim)") == [note])
    #expect(conversation.type("from fastai.collab import *; np.array([1])") == ["array([1])"])
    #expect(conversation.type("from numpy import array as a") == [])
    #expect(conversation.type("a([1])") == ["array([1])"])
    #expect(
      Conversation.mistake("import sklearn") == [
        "error[python]: there is no module `sklearn` here", "at sklearn",
        "help: `pca` shows titles in two dimensions, and `similar 'TITLE'` finds neighbours",
      ])
  }

  @Test func `lines for a shell are passed over, and time is told`() {
    #expect(
      Conversation.last("!pip install -q fastai\n%matplotlib inline\n1 + 1") == [
        "note: `!pip` is passed over: there is no shell and no notebook here", "2",
      ])
    let timed = Conversation.last("%%time\nx = 2\nx + 1")
    #expect(timed.first == "3" && timed.last?.hasPrefix("Wall time: ") == true)
    #expect(Conversation.last("%time 1 + 1").count == 2)
  }

  // MARK: - Mistakes and ends

  @Test func `a loop keeps what the rounds before a mistake gave`() {
    let conversation = Conversation()
    _ = conversation.type("x = []")
    _ = conversation.type("for i in range(5):\n    x.append(i)\n    if i == 2: x.nothing")
    #expect(conversation["x"] == "[0, 1, 2]")
  }

  @Test func `an endless loop stops when the user asks`() {
    let conversation = Conversation()
    var rounds = 0
    conversation.session.isInterrupted = {
      rounds += 1
      return rounds > 5
    }
    #expect(conversation.type("n = 0\nwhile True: n += 1") == ["interrupted"])
    conversation.session.isInterrupted = { false }
    #expect((Int(conversation["n"]) ?? 0) > 10)
  }

  @Test func `recursion has an end`() {
    #expect(
      Conversation.mistake("def f(n):\n    if n: return f(n + 1)\n    return 0", "f(1)").first
        == "error[recursion]: functions call each other without end")
  }

  @Test func `an assertion says what does not hold`() {
    #expect(Conversation.last("assert 1 < 2, 'never'") == [])
    #expect(
      Conversation.mistake("x = 3", "assert x > 3, f'{x} is small'") == [
        "error[assertion]: 3 is small", "at x > 3",
      ])
    #expect(
      Conversation.mistake("assert 1 == 2").first == "error[assertion]: `1 == 2` does not hold")
  }

  @Test func `a name that has no value yet is no other name`() {
    #expect(
      Conversation.mistake(
        "x = 1", "def f(a):\n    if a: x = 2\n    return x", "f(0)"
      ).prefix(2) == [
        "error[unknown-name]: `x` has no value yet: the function assigns it, but not before this",
        "at x",
      ])
  }

  @Test func `elements of tensors are assigned to`() {
    let conversation = Conversation()
    _ = conversation.type("x = zeros(2, 3); x[0] = 1; x[:, 2] = tensor([5., 6.]); x[x == 0] = 9")
    #expect(conversation.type("x") == ["tensor([[1., 1., 5.],", "        [9., 9., 6.]])"])
    #expect(
      Conversation.mistake("w = zeros(2).requires_grad_()", "w[0] = 1").first
        == "error[leaf]: elements that gradients go through cannot be replaced while they are "
        + "recorded")
    #expect(
      Conversation.last("w = zeros(2).requires_grad_()", "with no_grad():\n    w[0] = 1", "w")
        == ["tensor([1., 0.], requires_grad=True)"])
  }

  @Test func `comparisons of columns do not chain`() {
    #expect(
      Conversation.mistake("x = tensor([1, 7])", "0 < x < 5") == [
        "error[ambiguous]: `a < b < c` is for single truth values, not for several at a time",
        "at 0 < x < 5", "help: (0 < x) & (x < 5)",
      ])
  }
}
