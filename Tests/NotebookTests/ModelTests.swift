import CollabInterpreter
import CollabNotebook
import Testing

struct ModelTests {
  private static let scaled = """
    model Scaled(k) {
        weight = Parameter(ones(2))
        scale  = k
        forward(x) = no_grad(x * weight * scale)
    }
    """

  @Test func `defining a model again does not change its instances`() {
    let again = "model Scaled(k) { forward(x) = x + k }"
    #expect(
      Conversation.last(Self.scaled, "m = Scaled(3)", again, "[m(ones(2)), Scaled(3)(ones(2))]")
        == ["[tensor([3., 3.]), tensor([4., 4.])]"])
  }

  @Test func `a member that is assigned is what methods see`() {
    #expect(
      Conversation.last(Self.scaled, "m = Scaled(3)", "m.scale = 5", "m(ones(2))") == [
        "tensor([5., 5.])"
      ])
    #expect(Conversation.last(Self.scaled, "m = Scaled(3)", "m.scale += 4", "m.scale") == ["7"])
    #expect(
      Conversation.mistake(Self.scaled, "m = Scaled(3)", "m.other = 5") == [
        "error[bad-target]: `m.other` cannot be assigned to", "at m.other",
        "help: names, members of a model, and the data and grad of a tensor can be",
      ])
    #expect(
      Conversation.last("model M { a = 1; s() { a += 4; a } }", "m = M()", "[m.s(), m.a]") == [
        "[5, 1]"
      ])
  }

  @Test func `models are parts of models`() {
    let outer = """
      model Outer {
          first = Scaled(2)
          rest = [Scaled(3), Scaled(5)]
          forward(x) = rest[1](rest[0](first(x)))
      }
      """
    #expect(Conversation.last(Self.scaled, outer, "Outer()(ones(2))") == ["tensor([30., 30.])"])
    #expect(
      Conversation.last(Self.scaled, "model Four = Scaled(4)", "Four()(ones(2))") == [
        "tensor([4., 4.])"
      ])
  }

  @Test func `a session's model trains to the same numbers as the built-in one`() {
    func table(_ definition: String, _ learner: String) -> [String] {
      Conversation.last(
        "load demo; dataloaders bs=512", "n_users, n_movies = len(dls.users), len(dls.items)",
        definition, learner, "fit 2 5e-3")
    }
    let definition = """
      model DotProductBias(n_users, n_movies, n_factors, y_range=(0,5.5)) {
          user_factors  = Embedding(n_users, n_factors)
          user_bias     = Embedding(n_users, 1)
          movie_factors = Embedding(n_movies, n_factors)
          movie_bias    = Embedding(n_movies, 1)

          forward(x) {
              users  = user_factors(x[:,0])
              movies = movie_factors(x[:,1])
              res = (users * movies).sum(dim=1, keepdim=true)
              res += user_bias(x[:,0]) + movie_bias(x[:,1])
              sigmoid_range(res, *y_range)
          }
      }
      """
    let built = table("", "learner dotbias factors=5")
    #expect(built.count == 3)
    #expect(table(definition, "learner DotProductBias(n_users, n_movies, 5)") == built)
  }

  // MARK: - Mistakes

  @Test func `a mistake in a function points into its definition`() {
    #expect(
      Conversation.mistake("def f(x) = g(x) * 2", "def g(x) { y = x / 0; y }", "1 + f(1)") == [
        "error[division-by-zero]: division by zero", "at /", "in `g`, called as `g(x)`",
        "in `f`, called as `f(1)`",
      ])
    #expect(
      Conversation.mistake("def f(x) = x @ x", "f(ones(2, 3))") == [
        "error[shape]: cannot multiply [2, 3] by [2, 3]: the inner sizes differ (3 and 2)", "at @",
        "in `f`, called as `f(ones(2, 3))`", "help: x.t() @ x gives [3, 3]",
      ])
    #expect(
      Conversation.mistake("def f(x) = x[0, 0]", "f(ones(2))") == [
        "error[shape]: 2 subscripts for 1 dimensions, those of shape [2]", "at x[0, 0]",
        "in `f`, called as `f(ones(2))`",
      ])
    #expect(
      Conversation.mistake("def f(x) { y, z = x; y }", "f([1, 2, 3])") == [
        "error[unpack]: a list of 3 does not give 2 values", "at y, z",
        "in `f`, called as `f([1, 2, 3])`",
      ])
  }

  @Test func `a mistake in a call points at the call`() {
    let f = "def f(x, y) = x"
    #expect(Conversation.mistake(f, "f(1)") == ["error[missing-argument]: `f` needs Y", "at f(1)"])
    #expect(
      Conversation.mistake(f, "f(1, 2, 3)") == [
        "error[too-many-arguments]: `f` takes no more than `f(X, Y)`", "at 3",
      ])
    #expect(
      Conversation.mistake(f, "f(1, x=3)") == ["error[repeated]: `x` is given twice", "at x"])
    #expect(
      Conversation.mistake(f, "f(1, z=3)") == [
        "error[unknown-option]: `f` has no option `z`", "at z", "help: known are x, y",
      ])
    #expect(
      Conversation.mistake("1(2)") == ["error[not-callable]: an int cannot be called", "at 1"])
  }

  @Test func `a mistake in forward names the call, also while training`() {
    let model = """
      model M(n) {
          rows = Embedding(n, 1)
          forward(x) { y = rows(x); y @ ones(7) }
      }
      """
    let message = "error[shape]: cannot multiply [2, 1] by [7]: the inner sizes differ (1 and 7)"
    #expect(
      Conversation.mistake(model, "M(3)(tensor([0, 1]))") == [
        message, "at @", "in `forward`, called as `M(3)(tensor([0, 1]))`",
      ])
    #expect(
      Conversation.mistake("load demo; dataloaders", model, "learner M(9999)") == [
        "error[shape]: cannot multiply [64, 2, 1] by [7]: the inner sizes differ (1 and 7)", "at @",
        "in `forward` of `M`", "`learner M(9999)` tries the model on the first ratings",
      ])
    #expect(
      Conversation.mistake(model, "M(3)(1)") == [
        "error[bad-model]: `Embedding` takes one tensor, got an int", "at rows(x)",
        "in `forward`, called as `M(3)(1)`",
      ])
    #expect(
      Conversation.mistake(model, "M(3)()") == [
        "error[missing-argument]: `forward` needs X", "at M(3)()",
      ])
    #expect(
      Conversation.mistake("Embedding(3, 1)()") == [
        "error[bad-model]: `Embedding` takes one tensor, got nothing", "at Embedding(3, 1)()",
      ])
    #expect(
      Conversation.mistake("model M { a = 1 }", "M()(1)") == [
        "error[bad-model]: `M` has no `forward`", "at M()(1)",
        "help: add a line such as forward(x) = layer(x[:,0]) to the model",
      ])
    #expect(
      Conversation.mistake(
        "load demo; dataloaders", "model M { a = Embedding(9, 1); forward(x) = 1 }", "learner M()"
      ) == [
        "error[bad-model]: `forward` of `M` gives an int instead of a tensor of predictions",
        "at 1", "`learner M()` tries the model on the first ratings",
      ])
  }

  @Test func `a learner refuses a model that does not give one prediction a rating`() {
    let model = "model M { a = Embedding(9999, 2); forward(x) = a(x[:,0]) }"
    #expect(
      Conversation.mistake("load demo; dataloaders bs=32", model, "learner M()") == [
        "error[bad-model]: `M` gives [32, 2] for a batch of [32, 2]: expected one prediction a "
          + "rating, [32]", "at a(x[:,0])",
        "`learner M()` tries the model on the first ratings",
        "help: (users * movies).sum(dim=1)",
      ])
    let conversation = Conversation()
    for input in ["load demo; dataloaders bs=32; learner dot", model, "seed 5"] {
      _ = conversation.type(input)
    }
    let before = conversation["learn"]
    _ = conversation.type("learner M()")
    #expect(conversation["learn"] == before)
  }

  @Test func `trying a model draws no random numbers`() {
    let model = "model M { a = Embedding(9999, 1); d = Dropout(0.5); forward(x) = d(a(x[:,0])) }"
    let drawn = Conversation.last("load demo; dataloaders", model, "m = M()", "seed 3", "randn(2)")
    #expect(
      Conversation.last(
        "load demo; dataloaders", model, "m = M()", "seed 3", "learner m; randn(2)"
      ).last == drawn.last)
  }

  @Test func `a learner can make another loss small`() {
    let lines = Conversation.last(
      "load demo; dataloaders bs=512", "learner dot loss=l1", "fit 1 5e-3", "validate")
    let absolute = Conversation.last(
      "load demo; dataloaders bs=512", "learner dot loss=l1", "fit 1 5e-3",
      "Learner(dls, learn.model, loss_func=MSELossFlat())", "validate")
    #expect(lines != absolute)
    #expect(
      Conversation.mistake(
        "load demo; dataloaders", "Learner(dls, Embedding(1, 1), loss_func=L1LossFlat())"
      ).first?.hasPrefix("error[out-of-range]") == true)
    #expect(
      Conversation.last("load demo; dataloaders", "learner dot loss=L1LossFlat") == [
        "DotProduct · 130,450 parameters · L1LossFlat"
      ])
  }

  @Test func `endless recursion is a mistake`() {
    let conversation = Conversation()
    let lines = conversation.mistake(["def f(x) = f(x + 1)", "f(1)"])
    #expect(
      lines == [
        "error[recursion]: functions call each other without end", "at f(x + 1)",
        "in `f`, called as `f(x + 1)`", "in `f`, called as `f(x + 1)`", "in `f`, called as `f(1)`",
        "help: check where the recursion stops",
      ])
    _ = conversation.type("def g(n) = n == 0 and 'done' or g(n - 1)")
    #expect(conversation.type("g(198)") == ["'done'"])
    #expect(
      Conversation.mistake("model M { part = M() }", "M()") == [
        "error[recursion]: functions call each other without end", "at M()",
        "help: check where the recursion stops",
      ])
  }

  @Test func `a statement that fails in the middle changes nothing`() {
    let conversation = Conversation()
    _ = conversation.type("a = 1; b = 2")
    #expect(
      conversation.mistake(["a, b = [7]"]) == [
        "error[unpack]: a list of 1 does not give 2 values", "at a, b",
      ])
    _ = conversation.mistake(["a, b = 5, nowhere"])
    #expect(conversation.type("[a, b]") == ["[1, 2]"])
  }
}
