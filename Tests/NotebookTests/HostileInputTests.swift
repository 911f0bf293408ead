import Collab
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

/// Numbers at the ends of their types, sizes of nothing and of everything, and what is deep.
struct HostileInputTests {
  private static let statements = (try? Fixture.bytes("hostile/statements.txt")).map {
    String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `every statement ends in a value or a message`() throws {
    let statements = try #require(Self.statements)
    #expect(statements.count > 300)
    for statement in statements {
      let lines = Conversation().type(statement)
      #expect(!lines.contains { $0.hasPrefix("error[internal]") }, "\(statement): \(lines)")
    }
  }

  @Test(arguments: [
    ("tensor([9007199254740993])", "tensor([9007199254740993])"),
    ("tensor([9223372036854775807])", "tensor([9223372036854775807])"),
    ("(tensor([-9223372036854775807-1])-1).tolist()", "[9223372036854775807]"),
    ("(tensor([9223372036854775807])+1).tolist()", "[-9223372036854775808]"),
    ("(tensor([9223372036854775807])*2).tolist()", "[-2]"),
    ("tensor([9223372036854775807, 1]).sum().item()", "-9223372036854775808"),
    (
      "tensor([9223372036854775807, 1]).cumsum(0).tolist()",
      "[9223372036854775807, -9223372036854775808]"
    ),
    ("tensor(9007199254740993).item()", "9007199254740993"),
    ("int(tensor(9223372036854775807))", "9223372036854775807"),
    ("f'{tensor(9007199254740993):,}'", "'9,007,199,254,740,993'"),
    ("tensor([9007199254740993]) == 9007199254740992", "tensor([False])"),
    (
      "tensor([9007199254740993, 9007199254740992]).unique().tolist()",
      "[9007199254740992, 9007199254740993]"
    ),
    ("tensor([9007199254740992, 9007199254740993]).topk(1).indices.tolist()", "[1]"),
    ("where(tensor([True]), 9007199254740993, 0).tolist()", "[9007199254740993]"),
    ("full((1,), 9007199254740993).tolist()", "[9007199254740993]"),
    ("full_like(tensor([1]), 9007199254740993).tolist()", "[9007199254740993]"),
    ("tensor([1]).fill_(9007199254740993).tolist()", "[9007199254740993]"),
    ("tensor([1]).masked_fill(tensor([True]), 9007199254740993).tolist()", "[9007199254740993]"),
    ("arange(9007199254740993, 9007199254740995).tolist()", "[9007199254740993, 9007199254740994]"),
    ("round(9007199254740993)", "9007199254740993"),
    ("round(9223372036854775807, -18)", "9000000000000000000"),
    ("round(25, -1)", "20"), ("round(-35, -1)", "-40"),
    ("[9007199254740993] == [9007199254740992]", "False"),
    ("9007199254740993 in [9007199254740992]", "False"),
    ("array([9007199254740993])[0]", "9007199254740993"),
    // Rounded once, and not to a double before: 2^60 + 2^36 + 1 lies above the middle of two floats.
    ("tensor([1152921573326323713]).float().long().tolist()", "[1152921642045800448]"),
    ("(-9223372036854775807-1) % -1", "0"),
  ])
  func `whole numbers are exact, and wrap as PyTorch's`(_ formula: String, _ result: String) {
    #expect(Conversation.last(formula) == [result])
  }

  @Test func `what would wrap is refused for numbers that are no tensors`() {
    for formula in ["abs(-9223372036854775807-1)", "x = -9223372036854775807-1; -x", "2**63"] {
      #expect(
        Conversation.mistake(formula).first == "error[too-large]: the result is too large"
          || Conversation.mistake(formula).first == "error[too-large]: this number is too large")
    }
  }

  @Test(arguments: [
    "tensor([1., 2., 3., 4.]).repeat_interleave(2**62)", "np.random.rand(2**62, 4)",
    "Counter({'a': 2**62, 'b': 2**62, 'c': 2**62, 'd': 2**62}).elements()",
  ])
  func `what wraps round to little is as large as it is`(_ statement: String) {
    let message = Conversation.mistake(statement).first ?? ""
    #expect(message.hasPrefix("error[too-large]"), "\(message)")
  }

  @Test func `no group has a row at a place beyond all`() {
    for place in ["9223372036854775807", "(-9223372036854775807-1)", "2", "-3"] {
      let rows = "len(pd.DataFrame({'a': [1, 1, 2]}).groupby('a').nth(\(place)))"
      #expect(Conversation.last(rows) == ["0"], "\(place)")
    }
  }

  @Test func `memory that is not there is refused`() {
    let message = Conversation.mistake("eye(45000)").first ?? ""
    #expect(message.isEmpty || message.hasPrefix("error[too-large]"))
    #expect(
      Conversation.mistake("zeros(10**15)").first
        == "error[too-large]: a tensor of shape [1000000000000000] does not fit in memory")
  }

  @Test func `texts take memory too, and repeating one is fast`() {
    #expect(Conversation.last("('é,'*3, ''*5, 'a'*0, 'a'*(-1))") == ["('é,é,é,', '', '', '')"])
    #expect(Conversation.last("len('ab'*5000000)") == ["10000000"])
    #expect(Conversation.last("sum([len('a'*1000000) for i in range(100)])") == ["100000000"])
    #expect(Conversation.last("', '.join(['a', '', 'b']) + f'{1}{2}'") == ["'a, , b12'"])
  }

  @Test func `a long title is unknown at once`() {
    let conversation = Conversation()
    _ = conversation.type("load demo; dataloaders; learner dot factors=2")
    let lines = conversation.type("similar ('a' * 1000000)")
    #expect(
      lines.contains { $0.hasPrefix("error[unknown-title]: ") }, "\(lines.map { $0.prefix(90) })")
  }

  @Test func `a large tensor is printed from its ends alone`() {
    #expect(
      Conversation.last("cat([zeros(10**6), tensor([5.])])") == [
        "tensor([0., 0., 0.,  ..., 0., 0., 5.])"
      ])
    #expect(
      Conversation.last("arange(2002).reshape(2, 1001)") == [
        "tensor([[   0,    1,    2,  ...,  998,  999, 1000],",
        "        [1001, 1002, 1003,  ..., 1999, 2000, 2001]])",
      ])
    #expect(
      Conversation.last("arange(2002).reshape(1001, 2).numpy()") == [
        "array([[   0,    1],", "       [   2,    3],", "       [   4,    5],", "       ...,",
        "       [1996, 1997],", "       [1998, 1999],", "       [2000, 2001]], shape=(1001, 2))",
      ])
  }

  @Test(arguments: [
    "x = randn(200, 200).pca(2)", "x = rand(2 * 10**6).sort()", "x = randperm(10**6)",
    "x = randint(0, 9, (10**6,))", "x = rand(10**6).exp()", "x = zeros(10**5).tolist()",
    "x = t.sort_values('c')", "x = t.groupby('b').agg({'c': 'mean'})", "x = t.c.value_counts()",
    "x = t.merge(t, on='b')", "x = t.pivot_table(index='a', columns='b', values='c')",
    "x = t.c.unique()", "x = t.c.describe()", "x = t.c.rank()", "x = t.drop_duplicates()",
  ])
  func `a long operation can be interrupted, and leaves everything as it was`(_ statement: String) {
    let conversation = Conversation()
    _ = conversation.type("n = 3 * 10**5; a = np.array(randint(0, 9, (n,)))")
    _ = conversation.type("b = np.array(randint(0, n // 4, (n,))); c = np.array(rand(n))")
    _ = conversation.type("t = pd.DataFrame({'a': a, 'b': b, 'c': c}); x = 1")
    var count = 0
    conversation.session.isInterrupted = {
      count += 1
      return count == 2
    }
    #expect(conversation.type(statement).last == "interrupted")
    #expect(conversation.type("x") == ["1"])
  }

  // MARK: What is deep

  @Test func `long chains of operations are let go`() {
    let conversation = Conversation()
    let build = "q = sum([Parameter(zeros(1)) for i in range(50000)])"
    #expect(conversation.type(build) == [])
    #expect(conversation.type("q.sum().backward(); q = 1") == [])
    #expect(conversation.type("x = ones(1); y = sum([x for i in range(10)]); y = 2; y") == ["2"])
  }

  @Test func `lists within lists have an end, and can be saved as far as they go`() throws {
    let folder = try TemporaryFolder()
    let conversation = Conversation(data: .init(workingFolder: folder.path))
    _ = conversation.type("x = 1")
    var answer: [String] = []
    for _ in 0..<1000 where answer.isEmpty { answer = conversation.type("x = [x]") }
    #expect(answer.contains("error[too-large]: this list has too many parts within parts"))
    _ = conversation.type("save deep.saved; x = 2; restore deep.saved")
    #expect(conversation.type("len(x)") == ["1"])
  }

  @Test func `lists that share their members have an end`() {
    let conversation = Conversation()
    _ = conversation.type("x = [1]")
    var answer: [String] = []
    for _ in 0..<50 where answer.isEmpty { answer = conversation.type("x = [x, x]") }
    #expect(answer.contains("error[too-large]: this list has too many parts within parts"))
  }

  @Test func `models that share their parts have an end`() {
    let conversation = Conversation()
    _ = conversation.type("s = Sequential(ReLU())")
    var answer: [String] = []
    for _ in 0..<50 where answer.isEmpty { answer = conversation.type("s = Sequential(s, s)") }
    #expect(answer.contains("error[too-large]: this model has too many parts within parts"))
    #expect(conversation.type("s(ones(2))") == ["tensor([1., 1.])"])
    #expect(conversation.type("t = s; print(len(f'{t}') > 100)") == ["True"])
  }

  @Test func `a model is not inside itself`() {
    let conversation = Conversation()
    _ = conversation.type("model Net() { a = ReLU(); forward(x) = a(x) }")
    _ = conversation.type("n = Net()")
    #expect(
      conversation.type("n.a = Sequential(n)").contains(
        "error[too-large]: this model has too many parts within parts"))
    #expect(conversation.type("n(ones(1))") == ["tensor([1.])"])
  }
}
