import Collab
import CollabInterpreter
import CollabNotebook
import Foundation
import TestSupport
import Testing

/// `evaluate`, `compare`, `crossval` and `sweep`, and the pictures of what they give.
struct JudgingTests {
  private let conversation = Conversation()

  /// A baseline of a small part of the built-in data.
  private func prepare(_ more: String...) {
    for cell in ["load demo; small = ratings.head(6000); dataloaders small bs=512"] + more {
      _ = conversation.type(cell)
    }
  }

  private func value(_ formula: String) -> String {
    conversation.type("print(\(formula))").joined(separator: "\n")
  }

  @Test func `figures are what predictions and lists say`() {
    prepare("learner popular; fit; e = evaluate(metrics=['rmse', 'mae', 'precision', 'hit'])")
    _ = conversation.type("p = predict(dls.valid); d = p.prediction.clip(1, 5) - p.rating")
    #expect(value("abs((d**2).mean()**0.5 - e.rmse[0]) < 1e-6") == "True")
    #expect(value("abs(d.abs().mean() - e.mae[0]) < 1e-6") == "True")
    // Lists against what was held out, user by user.
    _ = conversation.type(
      "r = recommend(all, n=10, seen='hide_train').rename(columns={'item': 'title'})")
    _ = conversation.type("liked = p[(p.rating >= 4) & p.user.isin(r.user)]")
    _ = conversation.type("liked = liked.drop_duplicates(['user', 'title']); hits = liked.merge(r)")
    _ = conversation.type("n = liked.user.nunique()")
    #expect(value("abs(len(hits) / n / 10 - e['precision@10'][0]) < 1e-9") == "True")
    #expect(value("abs(hits.user.nunique() / n - e['hit@10'][0]) < 1e-9") == "True")
  }

  @Test func `of strangers no list is judged, and a note says what tells more`() {
    prepare("dataloaders small bs=512 split=user; learner baseline; fit")
    let lines = conversation.type("evaluate metrics=[rmse,ndcg,coverage] resamples=50")
    #expect(lines[1].split(separator: " ").suffix(2) == ["–", "–"])
    #expect(!lines.contains { $0.contains("–––") || $0.contains("told apart") })
    let text = lines.joined(separator: " ")
    #expect(text.contains("so that no list is judged"))
    #expect(text.contains("have no rating to learn from"))
    #expect(text.contains("evaluate fold_in=[1,5,20]"))
    let folded = conversation.type("evaluate fold_in=[1,5]")
    #expect(folded.count == 4 && folded[0].hasPrefix("known"))
  }

  @Test func `nobody who likes nothing is judged by lists`() {
    prepare("learner baseline; fit")
    let text = conversation.type("evaluate metrics=[ndcg] relevant=6 resamples=50")
      .joined(separator: " ")
    #expect(text.contains("who gave 6 or more, so that no list is judged"))
    #expect(
      value("evaluate(metrics=['coverage'], relevant=6, resamples=50)['coverage@10'][0]") == "nan")
  }

  @Test func `groups say how many ratings stand behind them`() {
    prepare("learner baseline; fit")
    let lines = conversation.type("evaluate by=activity metrics=[rmse] resamples=50")
    #expect(lines[0].contains("ratings") && lines[1].hasPrefix("users with 1 to "))
    _ = conversation.type("g = evaluate(by='activity', metrics=['rmse'], resamples=50)")
    #expect(value("g.ratings[:3].sum() <= len(small) / 5") == "True")
    #expect(lines.joined(separator: " ").contains("draws of the users of a group"))
  }

  @Test func `learners are compared under the names that they are given by`() {
    prepare("learner baseline; fit; b = learner popular; fit learn=b; c = b")
    let lines = conversation.type("compare c base=learn metrics=[rmse] resamples=50")
    #expect(lines[1].hasPrefix("c ") && lines[3].hasPrefix("base "))
    #expect(lines.last?.hasPrefix("rmse: c is worse than base (+") == true)
    #expect(value("list(compare(learn, b, metrics=['mae'], resamples=50).model)") == "['learn']")
    #expect(
      conversation.mistake(["compare learn"]).first
        == "error[missing-argument]: `compare` needs two learners or more")
  }

  @Test func `what is named twice is measured once, or refused`() {
    prepare("learner baseline; fit")
    #expect(
      value("list(evaluate(metrics=['rmse', 'RMSE', 'ndcg@5', 'ndcg@5'], resamples=9).columns[:3])")
        == "['model', 'rmse', 'ndcg@5']")
    #expect(
      conversation.mistake(["evaluate metrics=['mrr@5', 'mrr@10'] resamples=9"]).first
        == "error[bad-value]: `mrr` is measured on lists of one length at a time")
    #expect(
      conversation.type("fit metrics=[rmse,rmse]")[0].components(separatedBy: "rmse").count == 2)
    for names in ["rmse=[1,2]", "x=[1] x=[2]", "rmse_low=[1]"] {
      #expect(
        conversation.mistake(["sweep \(names) resamples=9 { learner baseline; fit }"]).first?
          .hasPrefix("error[bad-value]: two columns of the result would be called") == true)
    }
  }

  @Test func `only where the ratings of a learner have times, a random split sees the future`() {
    prepare("learner baseline; fit")
    func isNoted() -> Bool {
      conversation.type("evaluate metrics=[rmse] resamples=9").contains {
        $0.contains("the split is random")
      }
    }
    #expect(isNoted())
    _ = conversation.type(
      "own = DataFrame({'who': [1, 1, 2, 2, 3, 3], 'what': [1, 2, 1, 2, 1, 2], 'stars': [1, 2, 3, 4, 5, 1]})"
    )
    _ = conversation.type("dataloaders own bs=2; learner baseline; fit")
    #expect(!isNoted())
  }

  // MARK: Pictures

  @Test func `a table of figures is drawn, a panel a metric`() {
    prepare("learner baseline; fit; e = evaluate(metrics=['rmse', 'ndcg'], resamples=50)")
    let lines = conversation.type("plot e")
    #expect(lines[0] == "rmse" && lines[1].hasPrefix("baseline") && lines[2].hasPrefix("popular"))
    #expect(lines[1].contains("├") && lines[1].contains("●") && lines[1].contains("┤"))
    #expect(lines[4...].contains("ndcg@10"))
    // The points stand in the order of the values.
    let points = [1, 2].map { lines[$0].prefix { $0 != "●" }.count }
    #expect((points[0] < points[1]) == (value("e.rmse[0] < e.rmse[1]") == "True"))
  }

  @Test func `differences are drawn around zero`() {
    prepare("a = learner baseline; fit learn=a; b = learner popular; fit learn=b")
    _ = conversation.type("c = compare a b metrics=[rmse] resamples=50")
    let lines = conversation.type("plot c title='Two models'")
    #expect(lines[0] == "Two models" && lines[1] == "rmse")
    #expect(lines[2].hasPrefix("a - b") && lines[2].contains("┊"))
  }

  @Test func `a sweep is drawn by the values that were tried`() {
    prepare()
    _ = conversation.type(
      "s = sweep reg_users=[5,50] resamples=50 { learner baseline reg_users=reg_users; fit }")
    let lines = conversation.type("plot s")
    #expect(lines[0] == "rmse")
    #expect(lines[1].hasPrefix("reg_users=5 ") && lines[2].hasPrefix("reg_users=50"))
    #expect(conversation.mistake(["plot ratings"]).isEmpty == false)
  }

  @Test func `the picture of stars can be written to a file`() throws {
    let folder = try TemporaryFolder()
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    for cell in [
      "load demo; small = ratings.head(4000); dataloaders small bs=512", "learner bayes; fit 20",
    ] {
      _ = conversation.type(cell)
    }
    let lines = conversation.type("predict (dls.users[5]) (dls.items[7]) save='stars.svg'")
    #expect(lines[0].hasPrefix("5  "))
    #expect(lines.contains { $0.contains("wrote stars.svg") })
    let svg = try String(contentsOfFile: folder.path + "/stars.svg", encoding: .utf8)
    #expect(svg.components(separatedBy: "<rect class=\"fill").count == 6)
    #expect(
      conversation.mistake(["predict dls.valid stars=true"]).first
        == "error[missing-argument]: the probabilities of stars are those of a user and an item")
  }

  // MARK: Long fits

  @Test func `what a long fit will take is told above its table`() {
    prepare("learner bayes factors=3")
    // Ctrl-C comes when the trial is over and the fit is under way.
    var questions = 0
    conversation.session.isInterrupted = {
      questions += 1
      return questions > 5000
    }
    let lines = conversation.type("fit 1000000")
    #expect(lines[0].hasPrefix("note: this fit will take about "))
    #expect(lines[0].contains(" and ") && lines[0].contains("of memory"))
    #expect(lines.contains { $0.hasPrefix("epoch ") })
  }

  // MARK: Ids

  @Test func `where items have ids their titles are known too`() {
    prepare("dataloaders small item=movie bs=512; learner baseline; fit")
    _ = conversation.type("t = small.title[0]; m = small.movie[0]")
    #expect(value("predict(41, t) == predict(41, m)") == "True")
    let lines = conversation.mistake(["predict 41 'Paper Lantern, Teh (1980)'"])
    #expect(lines.last == "help: did you mean `Paper Lantern, The (1980)`?")
  }
}
