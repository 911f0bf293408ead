import CollabLanguage
import Testing

private struct Workspace: CompletionContext {
  let variables = [
    CompletionItem("ratings", note: "a Table", kind: "Table"),
    CompletionItem("learn", note: "a Learner", kind: "Learner"),
    CompletionItem("Net", note: "a model", isCallable: true),
  ]
  let datasets = [CompletionItem("ml-100k")]

  func members(of formula: String) -> [CompletionItem] {
    switch formula {
    case "learn": [CompletionItem("model"), CompletionItem("fit", isCallable: true)]
    case "learn.model", "f(a, b)[0]": [CompletionItem("bias")]
    default: []
    }
  }

  func columns(of formula: String?) -> [String] {
    formula == "ratings" ? ["rating", "title", "timestamp"] : []
  }

  func titles(like text: String, limit: Int) -> TitleMatches {
    let titles = ["Silence of the Lambs, The (1991)", "Schindler's List (1993)"]
    return TitleMatches(titles.filter { $0.lowercased().hasPrefix(text.lowercased()) })
  }

  func files(beginningWith text: String) -> [String] {
    ["data/", "data/u.data", "demo.collab"].filter { $0.hasPrefix(text) }
  }
}

struct CompletionTests {
  private let completer = Completer(Specs.registry, context: Workspace())

  private func complete(_ text: String) -> [String] {
    completer.complete(text).candidates.map { $0.text + $0.suffix }
  }

  @Test(arguments: [
    ("fi", ["fit "]), ("le", ["learner ", "learn"]), ("x = le", ["learner ", "learn"]),
    ("a = 1; pri", ["print "]), ("model T {\n lins", ["linspace("]),
    ("l = learner dotb", ["dotbias "]),
    (
      "learner ",
      [
        "dot ", "dotbias ", "nn ", "Net(", "factors=", "y_range=", "layers=",
      ]
    ),
    ("learner d", ["dot ", "dotbias "]), ("learner dot fac", ["factors="]),
    ("learner dot factors=3 ", ["y_range=", "layers="]), ("learner N", ["Net("]),
    ("learner dot y_range=", ["none "]), ("fit 5 5e-3 schedule=f", ["flat "]),
    ("fit 5 5e-3 schedule=", ["onecycle ", "flat "]), ("fit 5 1 nothing=", []),
    ("head rat", ["ratings"]), ("head ratings sort=t", ["title ", "timestamp "]),
    ("plot x y grid=", ["true ", "false "]), ("read_csv da", ["data/", "data/u.data "]),
    ("read_csv data/", ["data/", "data/u.data "]), ("read_csv 'data/u", ["data/u.data'"]),
    ("similar 'Si", ["Silence of the Lambs, The (1991)'"]),
    ("similar 'sil", ["Silence of the Lambs, The (1991)'"]),
    ("similar sil", ["'Silence of the Lambs, The (1991)' "]),
    ("similar 'Sch", [#"Schindler\'s List (1993)'"#]),
    ("similar \"Sch", ["Schindler's List (1993)\""]),
    ("similar ", ["'Silence of the Lambs, The (1991)' ", "\"Schindler's List (1993)\" ", "n="]),
    ("learn.", ["model", "fit("]), ("learn.mo", ["model"]), ("plot learn.model.b", ["bias"]),
    ("x = f(a, b)[0].b", ["bias"]), ("5.", []), ("ratings['tit", ["title'"]),
    ("dls.classes['title'].o2i['Sile", ["Silence of the Lambs, The (1991)'"]),
    ("linspace(0, 1, st", ["start=", "steps="]), ("(rat", ["ratings"]),
    ("print (le", ["learn", "learner("]),
    ("fit # le", []), ("zzz", []), ("learner dotb!", []),
    ("learner dotb! ", ["factors=", "y_range=", "layers="]),
    ("head ratings!", []), ("x!", []), ("f(x)", []), ("print(1) + le", ["learn", "learner("]),
    ("learner dot+", ["Net("]),
  ])
  func `completes`(_ text: String, _ candidates: [String]) {
    #expect(complete(text) == candidates)
  }

  @Test func `a candidate replaces the word up to the cursor`() {
    #expect(completer.complete("x = learn.mo + 1", cursor: 12).range == 10..<12)
    #expect(completer.complete("similar 'Si").range == 9..<11)
    #expect(completer.complete("read_csv da").range == 9..<11)
  }
}
