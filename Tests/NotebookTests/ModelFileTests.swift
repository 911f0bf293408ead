import Collab
import CollabLanguage
import CollabNotebook
import TestSupport
import Testing

/// Keeping a learner in a file, at the prompt.
struct ModelFileTests {
  private let folder: TemporaryFolder
  private let data: DataSearch

  init() throws {
    folder = try TemporaryFolder()
    data = DataSearch(workingFolder: folder.path)
  }

  @Test func `a learner goes on in another session`() {
    let one = Conversation.trained(data: data)
    let said = one.type("save_learner films.safetensors").joined(separator: " ")
    #expect(
      said.hasPrefix(
        "films.safetensors: DotProductBias · 943 users · 1,664 items · 100,000 ratings · "))
    let two = Conversation(data: data)
    #expect(
      two.type("load_learner films.safetensors") == [
        "943 users · 1,664 items · 80,000 ratings to train on, 20,000 held out", one["learn"],
      ])
    for line in [
      "recommend 42 n=20", "predict 42 (dls.items[7])", "bias items top=5 bottom=5",
      "similar (dls.items[1]) n=5", "validate", "learn", "dls", "learn.recorder.values",
      "dls.train",
    ] {
      #expect(two.type(line) == one.type(line), "\(line)")
    }
    #expect(two.type("fit 1 5e-3").count == 2)
    #expect(two.type("undo") == ["the learner is as it was before the last fit"])
    #expect(two.type("validate") == one.type("validate"))
  }

  @Test func `a name on the left is the only one that changes`() {
    let one = Conversation.trained(data: data)
    _ = one.type("save_learner films; learner dot factors=3")
    let (learner, loaders) = (one["learn"], one["dls"])
    #expect(one.type("m = load_learner films.safetensors").count == 1)
    #expect((one["learn"], one["dls"]) == (learner, loaders))
    #expect(one["m"].hasPrefix("DotProductBias"))
    _ = one.type("load_learner films")
    #expect(one["learn"] == one["m"])
    #expect(one["learn.dls"] == one["dls"])
  }

  @Test func `fastai's names lead to the same files`() {
    let one = Conversation.trained(data: data)
    #expect(one.type("learn.export('export.pkl')").first?.hasPrefix("export.safetensors: ") == true)
    let loss = one.type("validate")
    _ = one.type("learn.save('stage1'); fit 1 5e-3")
    #expect(one.type("validate") != loss)
    #expect(one.type("learn.load('stage1')") == [])
    #expect(one.type("validate") == loss)
    #expect(one.type("learn = load_learner('export.pkl'); validate").last == loss.last)
  }

  @Test func `a model of the session's own is code until it is trusted`() {
    let one = Conversation.trained(data: data)
    _ = one.type(
      """
      rng = (0, 5.5)
      def half(x) = x / 2
      model Net(nu, ni, n=3, y_range=rng) {
        u = Embedding(nu, n)
        i = Embedding(ni, n)
        forward(x) = sigmoid_range((u(x[:,0]) * i(x[:,1])).sum(dim=1), *y_range) + half(0)
      }
      """)
    _ = one.type("net = Net(len(dls.users), len(dls.items)); learner net; fit 1 5e-3")
    _ = one.type("save_learner own.safetensors")
    let two = Conversation(data: data)
    let refusal = two.mistake(["load_learner own.safetensors"])
    #expect(refusal.first?.hasPrefix("error[not-trusted]") == true)
    #expect(refusal.contains("  rng = (0, 5.5)"))
    #expect(refusal.contains("  def half(x) = x / 2"))
    #expect(refusal.contains("  Net(nu=944, ni=1665, n=3, y_range=(0, 5.5))"))
    #expect(refusal.last == "help: load_learner own.safetensors trust=true")
    #expect(two.type("vars") == ["there are no variables yet"])
    _ = two.type("load_learner own.safetensors trust=true")
    #expect(two.type("validate") == one.type("validate"))
    #expect(two.type("recommend 42") == one.type("recommend 42"))
    // Its numbers alone need no code.
    _ = one.type("fit 1 5e-3; learn.load('own.safetensors')")
    #expect(two.type("validate") == one.type("validate"))
  }

  /// A class whose model needs what it is called with.
  private static let net = """
    class Net(Module):
        def __init__(self, n_users, *sizes, n=3, name='?'):
            self.name = name
            self.u = Embedding(n_users, n)
            self.i = Embedding(sizes[0], n)
        def forward(self, x):
            return (self.u(x[:,0]) * self.i(x[:,1])).sum(dim=1)
    """

  @Test(arguments: [
    ("Net(len(dls.users), len(dls.items), 7)", "  Net(944, 1665, 7)"),
    ("Net(944, len(dls.items), name='it\\'s')", "  Net(944, 1665, name=\"it's\")"),
    ("Net(len(dls.users), len(dls.items), n=2)", "  Net(944, 1665, n=2)"),
  ])
  func `a class is called as it was when its model is loaded`(_ call: String, _ kept: String) {
    let one = Conversation.trained(data: data)
    _ = one.type(Self.net)
    _ = one.type("learner (\(call)); fit 1 5e-3; save_learner own.safetensors")
    // What a workspace keeps of it is enough too.
    _ = one.type("save all.saved; reset; restore all.saved; save_learner again.safetensors")
    for file in ["own.safetensors", "again.safetensors"] {
      let two = Conversation(data: data)
      #expect(two.mistake(["load_learner \(file)"]).contains(kept), "\(file)")
      _ = two.type("load_learner \(file) trust=true")
      #expect(two.type("validate") == one.type("validate"), "\(file)")
      #expect(two["learn.model.name"] == one["learn.model.name"])
    }
  }

  @Test func `a class that is called with the loaders is called with those of the file`() {
    let one = Conversation.trained(data: data)
    _ = one.type(
      """
      class Net(Module):
          def __init__(self, loaders, n=3):
              self.u = Embedding(len(loaders.users), n)
              self.i = Embedding(len(loaders.items), n)
          def forward(self, x):
              return (self.u(x[:,0]) * self.i(x[:,1])).sum(dim=1)
      """)
    _ = one.type("learner (Net(dls)); fit 1 5e-3; save_learner own.safetensors")
    let two = Conversation(data: data)
    #expect(two.mistake(["load_learner own.safetensors"]).contains("  Net(loaders=dls)"))
    _ = two.type("load_learner own.safetensors trust=true")
    #expect(two.type("validate") == one.type("validate"))
    // The class keeps what it is called with to itself.
    #expect(two.mistake(["learn.model.loaders"]).isEmpty == false)
  }

  @Test func `what is known of the items comes along`() {
    let one = Conversation.trained(data: data)
    _ = one.type("save_learner films.safetensors")
    let two = Conversation(data: data)
    _ = two.type("load_learner films.safetensors")
    for line in [
      "recommend 42 n=5 where='genre == \"Comedy\"'", "recommend 42 where='year > 1990'",
      "factor 2",
    ] {
      #expect(two.type(line) == one.type(line), "\(line)")
    }
    // A table of other items says nothing of these.
    _ = two.type("movies = DataFrame({'title': ['Elsewhere (1990)'], 'year': [1990]})")
    #expect(
      two.type("recommend 42 where='year > 1990'") == one.type("recommend 42 where='year > 1990'"))
    _ = two.type("movies = DataFrame({'title': [dls.items[7]], 'colour': ['red']})")
    #expect(two.type("recommend 42 where='colour == \"red\"' seen=show").count == 1)
  }

  @Test func `a model that needs what is no text is not saved`() {
    let one = Conversation.trained(data: data)
    _ = one.type("w = ones(3)")
    _ = one.type(
      """
      model Net(n) {
        u = Embedding(944, n)
        forward(x) = u(x[:,0]).sum(dim=1) + w.sum()
      }
      """)
    _ = one.type("net = Net(3); learner net")
    #expect(
      one.mistake(["save_learner own.safetensors"]).first
        == "error[not-saved]: the model needs `w`, which is a Tensor of shape [3] and cannot be kept as text"
    )
  }

  @Test func `without ratings everything is recommended and nothing learned`() {
    let one = Conversation.trained(data: data)
    _ = one.type("save_learner small.safetensors seen=false")
    let two = Conversation(data: data)
    #expect(
      two.type("load_learner small.safetensors").first
        == "943 users · 1,664 items · no ratings: what somebody has seen is not known")
    #expect(two.type("predict 42 (dls.items[7])") == one.type("predict 42 (dls.items[7])"))
    #expect(two.type("recommend 42 n=3").count == 3)
    for line in ["fit 1", "learn.fit(1)", "lr_find", "one_batch"] {
      #expect(
        two.mistake([line]).first
          == "error[no-ratings]: the learner has no ratings to learn from", "\(line)")
    }
    _ = two.type("save all.saved; reset; restore all.saved")
    #expect(two.type("recommend 42 n=3").count == 3)
  }

  @Test func `a workspace keeps losses, and loaders that came from a model file`() {
    let one = Conversation.trained(data: data)
    _ = one.type("save_learner films; reset; load_learner films; save all.saved")
    let two = Conversation(data: data)
    #expect(two.type("restore all.saved") == ["restored dls, learn"])
    for line in ["validate", "recommend 42", "learn.recorder.values", "show_batch n=3"] {
      #expect(two.type(line) == one.type(line), "\(line)")
    }
  }

  @Test func `other files are neither overwritten nor read`() {
    let one = Conversation.trained(data: data)
    folder.write("thesis.txt", "a long text")
    #expect(
      one.mistake(["save_learner thesis.txt"]) == [
        "error[exists]: there is a file `thesis.txt` already, which is no model file",
        "at thesis.txt", "help: save_learner thesis.txt overwrite=true replaces it",
      ])
    _ = one.type("save_learner films; save all.saved")
    #expect(one.type("save_learner films").count >= 1)
    #expect(one.mistake(["load_learner thesis.txt"]).first?.hasPrefix("error[bad-file]") == true)
    #expect(one.mistake(["load_learner all.saved"]).last == "help: restore all.saved")
    #expect(one.mistake(["save_learner all.saved"]).first?.hasPrefix("error[exists]") == true)
    #expect(one.mistake(["save films.safetensors"]).first?.hasPrefix("error[exists]") == true)
    #expect(
      one.mistake(["load_learner film.safetensors"]).last
        == "help: did you mean `films.safetensors`?")
    _ = one.type("save_learner thesis.txt overwrite=true")
    #expect(one.type("load_learner thesis.txt").count == 2)
    _ = one.type("learner collab_nn")
    #expect(
      one.mistake(["learn.load('films')"]).first?.contains("it has no `user_factors.weight`")
        == true)
  }

  @Test func `a file of fastai's becomes a learner`() {
    let one = Conversation(data: data)
    _ = one.type("load_learner '\(Fixture.path("model_file/dot_bias.safetensors"))'")
    #expect(one["dls.items"].contains("Amélie (2001)"))
    #expect(one.type("recommend 12 n=1").first?.contains("Kolya") == true)
  }

  @Test func `without ratings somebody new is taken in all the same`() {
    let one = Conversation.trained(data: data)
    _ = one.type("save_learner small.safetensors seen=false")
    let two = Conversation(data: data)
    _ = two.type("load_learner small.safetensors; a = dls.items[7]; b = dls.items[9]")
    _ = two.type("high = user([(a, 5), (b, 5)]); low = user([(a, 1), (b, 1)])")
    #expect(two["(predict(high, a) > predict(low, a) + 0.05)"] == "True")
    // Whether anybody has rated something is not known, so nobody is left out for it.
    #expect(two.type("similar_users high n=3").allSatisfy { !$0.contains("ratings") })
    #expect(two["len(similar_users(high, n=3))"] == "3")
    #expect(two["len(factor(2, n=3))"] == "6")
    #expect(two.type("recommend high n=3 by=rank").count == 3)
  }
}
