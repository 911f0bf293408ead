import CollabInterpreter
import CollabNotebook
import Testing

/// Loaders and learners beside the current ones.
struct SideBySideTests {
  /// A conversation with loaders `dls` and a learner `learn` of three factors.
  private func conversation() -> Conversation {
    let conversation = Conversation()
    _ = conversation.type("load demo; dataloaders bs=512; learner dotbias factors=3")
    return conversation
  }

  @Test(arguments: [
    "small = dataloaders bs=64 valid_pct=0.5", "other = learner dot factors=7",
    "other = Learner(dls, learn.model, loss_func=L1LossFlat())",
    "other = collab_learner(dls, n_factors=7)", "other = collab_learner dls n_factors=7",
    "other = [collab_learner(dls, n_factors=k) for k in [5, 7]]",
    "def make(k) = collab_learner(dls, n_factors=k)\nother = make(7)", "make(7)",
    "collab_learner(dls, n_factors=7).fit(1, 1e-3)", "len([Learner(dls, learn.model)])",
    "a, b = learner dot factors=7",
  ])
  func `what has a name of its own leaves the current ones as they are`(_ input: String) {
    let conversation = conversation()
    _ = conversation.type("def make(k) = collab_learner(dls, n_factors=k)")
    let before = [conversation["dls"], conversation["learn"]]
    _ = conversation.type(input)
    #expect([conversation["dls"], conversation["learn"]] == before)
  }

  @Test(arguments: [
    ("dataloaders bs=64", "dls.bs", "64"),
    ("dataloaders(bs=64)", "dls.bs", "64"),
    ("dataloaders bs=64;", "dls.bs", "64"),
    ("learner dotbias factors=7;", "learn.model.user_factors.weight.shape[1]", "7"),
    ("learner('dotbias', factors=7)", "learn.model.user_factors.weight.shape[1]", "7"),
    ("Learner(dls, learn.model, loss_func=L1LossFlat())", "learn.loss", "'L1LossFlat'"),
    ("collab_learner(dls, n_factors=7)", "learn.model.u_weight.weight.shape[1]", "7"),
    ("collab_learner dls n_factors=7", "learn.model.u_weight.weight.shape[1]", "7"),
    ("learn = learner dotbias factors=7", "learn.model.user_factors.weight.shape[1]", "7"),
  ])
  func `without a name they are the current ones`(_ input: String, _ asked: String, _ value: String)
  {
    let conversation = conversation()
    _ = conversation.type(input)
    #expect(conversation.type(asked) == [value])
  }

  @Test(arguments: [
    "recommend 42 n=3", "similar (dls.items[1]) n=3", "bias items top=3",
    "predict 42 (dls.items[7])", "validate", "summary", "plot_loss", "pca items n=3 axes=(0,1)",
  ])
  func `commands that look at a learner take another one`(_ command: String) {
    let conversation = conversation()
    _ = conversation.type("other = learner dotbias factors=5")
    _ = conversation.type("fit 1 5e-3 learn=other; fit 1 1e-3")
    let own = conversation.type("seed 1; \(command)")
    let others = conversation.type("seed 1; \(command) learn=other")
    _ = conversation.type("learn = other")
    #expect(own != others)
    #expect(conversation.type("seed 1; \(command)") == others)
  }

  @Test func `methods act on their learner`() {
    let conversation = conversation()
    _ = conversation.type("other = learner dotbias factors=5")
    let before = conversation.type("validate")
    let others = conversation.type("validate learn=other")
    _ = conversation.type("other.fit_one_cycle(1, 5e-3)")
    #expect(conversation.type("validate") == before)
    #expect(conversation.type("other.validate()") != others)
    #expect(conversation.type("undo learn=learn").contains { $0.contains("nothing-to-undo") })
    _ = conversation.type("undo learn=other")
    #expect(conversation.type("other.validate()") == others)
  }

  @Test func `loaders can be named`() {
    let conversation = conversation()
    _ = conversation.type("small = dataloaders bs=64 valid_pct=0.5")
    #expect(
      conversation.type("x, y = one_batch dls=small; [y.shape[0], dls.bs]") == ["[64, 512]"])
    #expect(
      conversation.type("show_batch n=3 dls=small").last
        == "3 of 64 in this batch · train 50,000 · valid 50,000")
    #expect(conversation.type("other = learner dot dls=small; other.dls.bs") == ["64"])
    #expect(conversation.type("learn.dls.bs") == ["512"])
  }

  @Test func `advice names the learner that it is about`() {
    let conversation = conversation()
    _ = conversation.type("other = learner dot")
    var batches = 0
    conversation.session.isInterrupted = {
      batches += 1
      return batches == 20
    }
    let lines = conversation.type("other.fit(3, 5e-3)")
    #expect(
      lines.last
        == "  help: fit 3 5e-3 schedule=flat learn=other trains on, undo goes back to before this fit"
    )
  }
}
