import CollabLanguage
import CollabInterpreter
import CollabNotebook
import Testing

struct EvaluatorTests {
  // MARK: - Names

  @Test func `a method sees locals, then members, then the model's parameters, then variables`() {
    let model = """
      model M(a, b, c) {
          b = 'member b'
          c = 'member c'
          d = c
          say(c) = [a, b, c, d, e]
      }
      """
    #expect(
      Conversation.last(
        "a = 'variable a'; e = 'variable e'", model, "M('a', 'b', 'c').say('local c')")
        == ["['a', 'member b', 'local c', 'c', 'variable e']"])
  }

  @Test func `a member that is not declared yet is looked for further out`() {
    let model = """
      model M {
          say() = k
          early = say()
          k = 'member'
          late = say()
      }
      """
    #expect(
      Conversation.last("k = 'variable'", model, "m = M(); [m.early, m.late]") == [
        "['variable', 'member']"
      ])
    let hidden = """
      model M(k) {
          say() = k
          early = say()
          k = 'member'
          late = say()
      }
      """
    #expect(
      Conversation.last(hidden, "m = M('parameter'); [m.early, m.late]") == [
        "['parameter', 'member']"
      ])
  }

  @Test func `a variable hides a function of its name, even one that is defined later`() {
    #expect(Conversation.last("def f(x) = abs(x)", "def abs(x) = x * 100", "f(-2)") == ["-200"])
    #expect(
      Conversation.mistake("def f(x) = abs(x)", "f(tensor([-1.]))", "abs = 3", "f(2)") == [
        "error[not-callable]: an int cannot be called", "at abs", "in `f`, called as `f(2)`",
      ])
    #expect(Conversation.last("sum = 3", "sum + 1") == ["4"])
  }

  @Test func `an assignment in a function makes a local name`() {
    #expect(
      Conversation.last("y = 1", "def f(x) { y = y + x; y += 1; y }", "[f(5), y]") == ["[7, 1]"])
    #expect(
      Conversation.last("def f(p) { a, b = p; a, b = b, a; [a, b] }", "f((1, 2))") == ["[2, 1]"])
  }

  @Test func `a default is evaluated inside the function, parameter by parameter`() {
    #expect(
      Conversation.last("b = 10", "def f(a, b=a + 1, c=b * 2) = [a, b, c]", "f(1)") == ["[1, 2, 4]"]
    )
    #expect(Conversation.last("b = 10", "def f(a=b, b=2) = [a, b]", "f(b=5)") == ["[10, 5]"])
    #expect(
      Conversation.last("def f(a, b=[x * a for x in [1, 2]], c=3) = [b, c]", "f(2)") == [
        "[[2, 4], 3]"
      ])
    #expect(
      Conversation.last(
        "model M(k) { twice = k * 2; say(x=twice) = x }", "m = M(4); [m.say(), m.say(1)]")
        == ["[8, 1]"])
  }

  @Test func `names of a comprehension are its own`() {
    #expect(
      Conversation.last("x = 5; y = 2", "z = [x * y for x in [1, x]]", "[z, x]") == ["[[2, 10], 5]"]
    )
    #expect(Conversation.last("[[x + y for y in range(x)] for x in [1, 2]]") == ["[[1], [2, 3]]"])
    #expect(Conversation.last("[a - b for a, b in [(3, 1), (5, 2)] if a > 3]") == ["[3]"])
    #expect(
      Conversation.last("def f(x) { z = [x + 1 for x in [x, x * 2]]; [z, x] }", "f(1)") == [
        "[[2, 3], 1]"
      ])
    #expect(
      Conversation.last(
        "model M { k = 3; say(n) = [[k for k in range(n) if k > 0], k] }", "M().say(3)")
        == ["[[1, 2], 3]"])
    #expect(
      Conversation.mistake("[a for a, b in [1]]") == [
        "error[unpack]: an int does not give 2 values", "at a, b",
      ])
  }

  @Test func `an underscore is the last value shown, and with a number that of a cell`() {
    #expect(Conversation.last("1 + 1", "x = 5", "_ * 10") == ["20"])
    #expect(Conversation.last("1 + 1", "2 + 5", "_1 * 10") == ["20"])
    #expect(Conversation.last("def f(x) = _ + x", "3", "f(1)") == ["4"])
    #expect(
      Conversation.mistake("_9") == [
        "error[unknown-name]: there is no variable or function `_9`", "at _9",
      ])
  }

  // MARK: - Calls

  @Test func `starred arguments stand where their members would`() {
    let f = "def f(a, b, c=3) = [a, b, c]"
    #expect(
      Conversation.last("p = (0, 4)", f, "[f(*p), f(1, *p), f(*p, c=2)]") == [
        "[[0, 4, 3], [1, 0, 4], [0, 4, 2]]"
      ])
    #expect(
      Conversation.last(
        f, "def g(p, q) = f(*p, *q)", "[g([1], [2]), g([], [1, 2, 3]), g([1, 2], [])]")
        == ["[[1, 2, 3], [1, 2, 3], [1, 2, 3]]"])
    #expect(
      Conversation.last(
        f, "def g(p, q) = f(*p, *q, c=9)", "[g([1, 2], []), g([1], [2]), g([], [1, 2])]")
        == ["[[1, 2, 9], [1, 2, 9], [1, 2, 9]]"])
    #expect(
      Conversation.last("r = (0, 5.5)", "sigmoid_range(tensor([0., 100.]), *r)")
        == ["tensor([2.7500, 5.5000])"])
    #expect(
      Conversation.mistake(f, "def g(p, q) = f(*p, *q)", "g([1, 2], [3, 4])") == [
        "error[too-many-arguments]: `f` takes no more than `f(A, B, [c=VALUE])`", "at *q",
        "in `g`, called as `g([1, 2], [3, 4])`",
      ])
    #expect(
      Conversation.mistake("def f(p) = max(*p, *nowhere)", "f([1])").prefix(2) == [
        "error[unknown-name]: there is no variable or function `nowhere`", "at nowhere",
      ])
    #expect(
      Conversation.mistake("max(*3)") == [
        "error[bad-value]: this place takes several values, got an int", "at *3",
      ])
  }

  @Test func `a bare word stands for itself unless it is a name`() {
    #expect(Conversation.last("Embedding(2, 3, init=torch)") == ["Embedding(2, 3)"])
    #expect(
      Conversation.last("def f(n) = Embedding(n, 3, init=torch)", "f(2)") == ["Embedding(2, 3)"])
    #expect(
      Conversation.last("def f(init) = Embedding(2, 3, init=init)", "f('torch')") == [
        "Embedding(2, 3)"
      ])
    #expect(Conversation.last("def f() = ones(2).sum(0, on)", "f()") == ["tensor([2.])"])
    #expect(
      Conversation.mistake("def f() = ones(2).sum(0, on)", "f()", "on = 3", "f()") == [
        "error[bad-value]: `keepdim` takes true or false", "at on", "in `f`, called as `f()`",
        "help: for example false",
      ])
    #expect(
      Conversation.mistake("def f(init) = Embedding(2, 3, init=init)", "f('other')") == [
        "error[bad-value]: `init` takes fastai or torch", "at init=init",
        "in `f`, called as `f('other')`", "help: for example init=fastai",
      ])
    #expect(
      Conversation.mistake("zeros(2).sum(keepdim=maybe)") == [
        "error[bad-value]: `keepdim` takes true or false", "at keepdim=maybe",
        "help: for example keepdim=false",
      ])
  }

  @Test func `all arguments are evaluated before any is refused`() {
    #expect(
      Conversation.mistake("n = 'a'", "Embedding(n, 1/0)") == [
        "error[division-by-zero]: division by zero", "at /",
      ])
    #expect(
      Conversation.mistake("n = 'a'", "Embedding(n, 2, what=3)") == [
        "error[bad-value]: `n` takes a whole number from 1 to 100000000", "at n",
        "help: for example 944",
      ])
    #expect(
      Conversation.mistake("zeros(2).sum(1, 2, 3)") == [
        "error[bad-value]: `keepdim` takes true or false", "at 2",
        "help: for example false",
      ])
    #expect(
      Conversation.mistake("zeros(2).sum(what=2)") == [
        "error[unknown-option]: `sum` has no option `what`", "at what",
        "help: known are dim, keepdim, dtype",
      ])
  }

  @Test func `the same call may meet different values`() {
    #expect(Conversation.last("def n(x) = x.shape[0]", "[n(ones(3)), n(ones(2, 2))]") == ["[3, 2]"])
    #expect(
      Conversation.last("def f(x) = x.sum()", "[f(tensor([1., 2.])), f(array([1, 2]))]") == [
        "[tensor(3.), 3]"
      ])
    let call = "def call(f) = f(tensor([-1., 2.]))"
    #expect(
      Conversation.last(call, "def g(x, y=2) = x * y", "[call(f) for f in [relu, g, ReLU(), abs]]")
        == [
          "[tensor([0., 2.]), tensor([-2.,  4.]), tensor([0., 2.]), tensor([1., 2.])]"
        ])
    #expect(
      Conversation.mistake(call, "[call(f) for f in [relu, Embedding]]") == [
        "error[bad-value]: `n` takes a whole number from 1 to 100000000", "at tensor([-1., 2.])",
        "in `call`, called as `call(f)`", "help: for example 944",
      ])
  }

  @Test func `a list maps functions of every kind`() {
    #expect(Conversation.last("def f(x, y=2) = x * y", "[1, 2].map(f)") == ["[2, 4]"])
    #expect(Conversation.last("[1, 2].map(str)") == ["['1', '2']"])
    #expect(Conversation.last("[tensor([-1., 2.])].map(ReLU())") == ["[tensor([0., 2.])]"])
    #expect(
      Conversation.mistake("def f(x, y) = x * y", "[1, 2].map(f)") == [
        "error[missing-argument]: `f` needs Y", "at [1, 2].map(f)",
      ])
  }

  @Test func `no_grad evaluates its argument without recording`() {
    let input = "p = Parameter(ones(2))"
    #expect(Conversation.last(input, "(p * 2).requires_grad") == ["True"])
    #expect(Conversation.last(input, "no_grad(p * 2).requires_grad") == ["False"])
    #expect(
      Conversation.last("def f(p) = no_grad(p * 2)", input, "f(p).requires_grad") == ["False"])
  }

  @Test func `and and or evaluate the right side only if it matters`() {
    #expect(Conversation.last("[0 and nowhere, 1 or nowhere, 1 and 2, 0 or 3]") == ["[0, 1, 2, 3]"])
    #expect(Conversation.last("def f(n) = n < 2 and 1 or n * f(n - 1)", "f(10)") == ["3628800"])
  }

  @Test(arguments: [
    ("f(x) = [x[:,0], x[:,0]]", "[tensor([1, 3]), tensor([1, 3])]"),
    ("def f(x) { a = x[:,0]; x = x + 1; [a, x[:,0]] }", "[tensor([1, 3]), tensor([2, 4])]"),
    ("def f(x) { a = x[:,0]; x += 1; [a, x[:,0]] }", "[tensor([1, 3]), tensor([2, 4])]"),
    ("def f(x) { a = x[:,0]; c = x.add_(1); [a, x[:,0]] }", "[tensor([1, 3]), tensor([2, 4])]"),
    ("def f(x) { a = x[:,0]; c = a.add_(1); [a, x[:,0]] }", "[tensor([2, 4]), tensor([1, 3])]"),
    (
      "def g(x) = x.add_(1); def f(x) { a = x[:,0]; b = g(x); [a, x[:,0]] }",
      "[tensor([1, 3]), tensor([2, 4])]"
    ),
    ("def f(x) = [x[:,0] + i for i in [0, 1]]", "[tensor([1, 3]), tensor([2, 4])]"),
    (
      "def f(x) = [[x[:,0] for x in [y, y + 1]] for y in [x]]",
      "[[tensor([1, 3]), tensor([2, 4])]]"
    ),
  ])
  func `what is picked out of a parameter is what it holds then`(
    definition: String, expected: String
  ) {
    let call = "\(definition.hasPrefix("f") ? "def " : "")\(definition)"
    #expect(Conversation.last(call, "f(tensor([[1, 2], [3, 4]]))") == [expected])
  }

  @Test func `columns of a matrix are picked as everywhere else`() {
    let x = "x = tensor([[1, 2], [3, 4], [5, 6]])"
    #expect(Conversation.last(x, "[x[:,0], x[:,-1]]") == ["[tensor([1, 3, 5]), tensor([2, 4, 6])]"])
    #expect(
      Conversation.last(x, "i = 1", "[x[:,i], x[:,i:].shape]") == [
        "[tensor([2, 4, 6]), torch.Size([3, 1])]"
      ])
    #expect(Conversation.last("ones(3, 1)[:,0]") == ["tensor([1., 1., 1.])"])
    #expect(Conversation.last("ones(2, 2, 3)[:,1].shape") == ["torch.Size([2, 3])"])
    #expect(
      Conversation.last(
        "p = Parameter(ones(2, 2))", "(p[:,1] * 3).sum().backward()", "p.grad.tolist()")
        == ["[[0.0, 3.0], [0.0, 3.0]]"])
    #expect(
      Conversation.mistake(x, "x[:,2]") == [
        "error[out-of-range]: index 2 is out of range for dimension 1 of size 2", "at x[:,2]",
      ])
    #expect(
      Conversation.mistake("ones(3)[:,0]") == [
        "error[shape]: 2 subscripts for 1 dimensions, those of shape [3]", "at ones(3)[:,0]",
      ])
  }
}
