import CollabInterpreter
import Collab
import CollabLanguage
import FoundationEssentials
import CollabNotebook
import TestSupport
import Testing

struct SessionTests {
  static let data = ProcessInfo.processInfo.environment["COLLAB_DATA"]
  static let isMissing: Comment = "COLLAB_DATA does not name the folder of MovieLens 100K"

  @Test(.enabled(if: data != nil, isMissing), arguments: [42, 7])
  func `commands print the tables of the chapter`(seed: Int) throws {
    let learners = [
      "dot": "learner dot", "dot_range": "learner dot y_range=(0,5.5)",
      "dotbias_plain": "learner dotbias y_range=none",
      "collab": "learner collab factors=50 y_range=(0,5.5)",
    ]
    for fit in try Golden.chapter(seed: seed).fits {
      guard let learner = learners[fit.model] else { continue }
      let conversation = Conversation(data: .current())
      _ = conversation.type("seed \(seed); load ml-100k; dataloaders bs=64; \(learner)")
      let decay = fit.wd == "default" ? "" : " wd=\(fit.wd)"
      let lines = conversation.type("fit 5 5e-3\(decay)")
      #expect(lines.first == "epoch  train_loss  valid_loss  time")
      for (line, golden) in zip(lines.dropFirst(), fit.table) {
        let cells = line.split(separator: " ")
        let losses = cells[1...2].compactMap { Double($0) }
        #expect(isClose(losses, golden, within: 2.5e-6), "\(fit.model): \(line)")
      }
      #expect(lines.count == 6)
    }
  }

  @Test func `a new learner around the trained model starts with a fresh optimiser`() {
    let conversation = Conversation.trained()
    let before = conversation.type("validate")
    #expect(conversation.type("learner learn.model").first?.contains("DotProductBias") == true)
    #expect(conversation.type("validate") == before)
    #expect(conversation.type("summary").joined(separator: " ").contains("not trained yet"))
  }

  @Test func `a statement that fails changes nothing`() {
    let (one, other) = (Conversation.trained(), Conversation.trained())
    _ = one.type("fit 1 5e-3 wd=high")
    _ = one.type("x, y = validate")
    _ = one.type("learner nn layers=[10,0]")
    #expect(one.type("validate") == other.type("validate"))
    #expect(one.type("fit 1 5e-3") == other.type("fit 1 5e-3"))
  }

  @Test func `a diverging fit says so and restores the parameters`() {
    let conversation = Conversation.trained()
    let before = conversation.type("validate")
    let lines = conversation.type("learner dot; fit 1 1e20 schedule=flat")
    #expect(lines.contains { $0.hasPrefix("error[nan-loss]") })
    #expect(lines.contains { $0.contains("the parameters are those from before this fit") })
    #expect(before.count == 1)
  }

  @Test func `undo goes back to before the last fit`() {
    let conversation = Conversation.trained()
    let before = conversation.type("validate")
    let first = conversation.type("fit 1 5e-3")
    _ = conversation.type("undo")
    #expect(conversation.type("fit 1 5e-3") != first)  // validate took draws
    _ = conversation.type("undo")
    #expect(conversation.type("validate") == before)
    // The fit of the beginning is the only one left.
    #expect(conversation.type("undo").contains { $0.contains("as it was before the last fit") })
    #expect(conversation.type("undo").contains { $0.contains("nothing-to-undo") })
  }

  @Test func `several fits are taken back one after the other`() {
    let conversation = Conversation.trained()
    var losses = [conversation.type("learn.validate()")]
    for _ in 0..<3 {
      _ = conversation.type("fit 1 5e-3")
      losses.append(conversation.type("learn.validate()"))
    }
    #expect(Set(losses).count == 4)
    for number in [2, 1, 0] {
      _ = conversation.type("undo")
      #expect(conversation.type("learn.validate()") == losses[number])
    }
  }

  @Test func `an interrupted fit keeps what was learned`() {
    let conversation = Conversation.trained()
    var asked = 0
    conversation.session.isInterrupted = {
      asked += 1
      // An epoch of 156 batches asks some two hundred times.
      return asked == 300
    }
    let lines = conversation.type("fit 3 5e-3")
    let note = /interrupted in epoch 1 after \d+ of 156 batches; what was learned is kept/
    #expect(lines.contains { $0.wholeMatch(of: note) != nil })
    #expect(lines.contains { $0.hasPrefix("  help: fit 2 5e-3 trains on") })
  }

  @Test func `of a text that cannot be read nothing is run, and it is said`() {
    let conversation = Conversation()
    #expect(conversation.mistake(["a = 1\nb = (\nc = 3"]).contains("nothing was run"))
    #expect(!conversation.mistake(["b = )"]).contains("nothing was run"))
    #expect(conversation.type("vars").allSatisfy { !$0.contains("a ") })
  }

  @Test(arguments: [
    ("nope\nb = 2\nc = 3", "the lines below were not run"),
    ("a = 1\nnope\nc = 3", "the lines above were run, those below were not"),
    ("a = 1\nb = 2\nnope", "the lines above were run"),
  ])
  func `of a text that fails half-way it is said what ran`(_ text: String, _ note: String) {
    #expect(Conversation.mistake(text).contains(note))
  }
}
