import Collab
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import TestSupport
import Testing

/// Somebody new at the prompt.
struct NewUserTests {
  private let films = "a = dls.items[7]; b = dls.items[9]; c = dls.items[12]"

  private static let withoutRate = [
    "baseline", "popular", "itemknn", "als factors=4", "bayes factors=3", "ease", "ials factors=4",
  ]

  /// What a model is fitted with: few sweeps are enough of one that is drawn.
  private static func fit(_ learner: String) -> String {
    if learner.hasPrefix("bayes") { return "10" }
    return withoutRate.contains(learner) ? "" : "1 5e-3"
  }

  private func prepared() -> Conversation {
    let conversation = Conversation.trained()
    _ = conversation.type(films)
    return conversation
  }

  // MARK: The value

  @Test(arguments: ["[(a, 5), (b, 1)]", "[[a, 5], [b, 1]]", "dict([(a, 5), (b, 1)])", "me"])
  func `a user is made of pairs, a dict or another user`(_ ratings: String) {
    let conversation = prepared()
    _ = conversation.type("me = user([(a, 5), (b, 1)])")
    _ = conversation.type("you = user(\(ratings))")
    #expect(conversation["you"] == "a user with 2 ratings")
    #expect(
      conversation["(you[a], you[b], len(you), a in you, c in you)"] == "(5.0, 1.0, 2, True, False)"
    )
    #expect(conversation.type("you") == conversation.type("me"))
  }

  @Test func `a user is made of the rows of a table, and gives them back`() {
    let conversation = prepared()
    _ = conversation.type("me = user([(a, 5), (b, 1)]); you = user(me.ratings)")
    #expect(conversation["(you[a], you[b], len(you))"] == "(5.0, 1.0, 2)")
    _ = conversation.type("some = user(ratings.head(3))")
    #expect(conversation["len(some)"] == "1")
  }

  @Test func `what is no rating of the data is told`() {
    let conversation = prepared()
    #expect(
      conversation.mistake(["user([('Quiet Harbor, The (1951)', 5)])"]).first
        == "error[unknown-title]: there is no item `Quiet Harbor, The (1951)`")
    #expect(
      conversation.mistake(["user([(a, 7)])"]).first
        == "error[bad-value]: a rating is a number from 1 to 5")
    #expect(conversation.mistake(["user([a, 5])"]).first?.contains("`ratings` takes") == true)
    #expect(conversation.mistake(["user(movies)"]).first?.contains("no column `rating`") == true)
  }

  // MARK: rate

  @Test func `rating adds, replaces and removes, and a mistake loses nothing`() {
    let conversation = prepared()
    #expect(conversation.type("rate") == ["a user without ratings"])
    let title = conversation["a"]
    #expect(conversation.type("rate (a) 5") == ["\(title): rated 5 · me has 1 rating"])
    _ = conversation.type("rate (b) 2")
    #expect(conversation.type("rate (a) 4") == ["\(title): rated 4 · me has 2 ratings"])
    #expect(
      conversation.mistake(["rate 'No Such Film' 3"]).first?.contains("unknown-title") == true)
    #expect(conversation.mistake(["rate (a) 9"]).first?.contains("from 1 to 5") == true)
    #expect(conversation["(me[a], me[b], len(me))"] == "(4.0, 2.0, 2)")
    #expect(conversation.type("rate (a)") == ["\(title): rated 4"])
    #expect(conversation.type("rate (a) none") == ["\(title): no longer rated · me has 1 rating"])
    #expect(conversation.type("rate").count == 1)
  }

  @Test func `what is called me already is not overwritten`() {
    let conversation = prepared()
    let lines = conversation.mistake(["me = 3", "rate (a) 5"])
    #expect(lines.first == "error[bad-value]: `me` is an int, not a user")
    #expect(conversation["me"] == "3")
  }

  // MARK: In the place of an id

  @Test(
    arguments: [
      "dot factors=4", "dotbias factors=4", "collab factors=4", "collab_nn n_act=6",
      "nn layers=[8,4]", "baseline", "popular", "itemknn", "als factors=4", "bayes factors=3",
      "ease",
      "ials factors=4",
    ])
  func `commands take somebody new for every model`(_ learner: String) {
    let conversation = prepared()
    _ = conversation.type(
      "learner \(learner); fit \(Self.fit(learner))")
    _ = conversation.type("me = user([(a, 5), (b, 1), (c, 4)])")
    #expect(conversation.type("recommend me n=4").count == 4)
    #expect(conversation["len(recommend(me, n=4))"] == "4")
    let rating = conversation["predict(me, dls.items[20])"]
    #expect(Double(rating).map { $0.isFinite } == true)
    let why = conversation.type("why = explain me (dls.items[20]); why")
    let moved =
      learner == "popular"
      ? "me has 3 ratings, and none of them moves it" : "the ratings that moved it, of 3"
    #expect(why.contains { $0.hasPrefix(moved) }, "\(why)")
    #expect(conversation["len(why[why.part == 'rating'])"] == "3")
    #expect(conversation["predict(me, dls.items[20])"] == rating)
  }

  @Test func `a model that is defined at the prompt takes in somebody new`() {
    let conversation = prepared()
    _ = conversation.type(
      """
      model Own(users, items, n=3) {
        u = Embedding(users, n)
        i = Embedding(items, n)
        b = Embedding(users, 1)
        forward(x) = sigmoid_range((u(x[:,0]) * i(x[:,1])).sum(dim=1) + b(x[:,0]).squeeze(1), 0, 5.5)
      }
      """)
    _ = conversation.type("learner (Own(len(dls.users), len(dls.items))); fit 1 1e-2")
    _ = conversation.type("before = learn.model.u.weight.clone()")
    _ = conversation.type(
      "high = user([(a, 5), (b, 5), (c, 5)]); low = user([(a, 1), (b, 1), (c, 1)])")
    #expect(conversation["(predict(high, dls.items[20]) > predict(low, dls.items[20]))"] == "True")
    #expect(conversation["(before == learn.model.u.weight).all().item()"] == "True")
    let why = conversation.type("explain high (dls.items[20])")
    #expect(why.contains { $0.contains("Own does not add up parts") })
  }

  @Test func `an item that is not in training says nothing, and a note says so`() {
    let conversation = prepared()
    _ = conversation.type("me = user([(a, 5)])")
    _ = conversation.type(
      "fewer = ratings[ratings.title != a]; dls = dataloaders fewer bs=512; learner dotbias; fit 1")
    let lines = conversation.type("recommend me n=2")
    #expect(
      lines.contains {
        $0.contains("no rating to train on is of") && $0.contains("that rating says nothing")
      }, "\(lines)")
  }

  @Test func `similar users are those of the data`() {
    let conversation = prepared()
    _ = conversation.type("me = user([(a, 5), (b, 1)]); s = similar_users me n=3")
    #expect(conversation["list(s.columns)"] == "['user', 'similarity', 'ratings']")
    #expect(conversation["len(s)"] == "3")
    #expect(conversation["(42 in list(similar_users(42, n=20).user))"] == "False")
  }

  @Test func `a known user is explained too`() {
    let conversation = prepared()
    let why = conversation.type("explain 42 (dls.items[20]) n=2")
    #expect(why.first?.hasPrefix("user 42 and ") == true)
    #expect(why.contains { $0.hasPrefix("user bias ") && $0.contains(" within (0,5.5)") }, "\(why)")
    _ = conversation.type("why = explain 42 (dls.items[20])")
    #expect(
      conversation[
        "(abs(why[why.part == 'sum'].value.values[:3].sum() - why[why.name == 'total'].value.values[0]) < 1e-5)"
      ]
        == "True")
  }

  @Test func `several users are recommended to, and predicted for in a table`() {
    let conversation = prepared()
    let lines = conversation.mistake(["predict [42, 43] (dls.items[7])"])
    #expect(
      lines.first == "error[bad-value]: `predict` takes one user, or a table with a row for each")
    #expect(
      lines.dropFirst(2) == [
        "help: recommend [42, 43] lists what several would like", "help: predict(dls.valid)",
      ])
    #expect(conversation.type("recommend [42, 43]").count > 10)
  }

  @Test func `factors that are not there are told`() {
    let conversation = prepared()
    #expect(
      conversation.mistake(["factor 5"]).first
        == "error[not-in-model]: there is no factor 5: they are 0 to 4")
    #expect(conversation.type("factor 2 n=3").count >= 9)
    #expect(conversation["len(factor(2, n=3))"] == "6")
  }

  // MARK: Kept

  @Test func `somebody new is saved with the workspace`() throws {
    let folder = try TemporaryFolder()
    let data = DataSearch(workingFolder: folder.path)
    let one = Conversation.trained(data: data)
    _ = one.type(films)
    _ = one.type("me = user([(a, 5), (b, 1)]); save all.saved")
    let two = Conversation(data: data)
    _ = two.type("restore all.saved")
    #expect(two.type("me") == one.type("me"))
    #expect(two.type("recommend me n=3") == one.type("recommend me n=3"))
  }
}
