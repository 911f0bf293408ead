import Collab
import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import TestSupport
import Testing

/// Results of commands are values: tables that are shown in their own way.
struct ResultTests {
  private let conversation = Conversation.trained()

  private func value(_ formula: String) -> String {
    conversation.type("print(\(formula))").joined(separator: "\n")
  }

  // MARK: Tables

  @Test func `what is recommended is a table, shown as bars`() {
    let shown = conversation.type("recommend 42 n=3")
    #expect(shown.count == 3 && shown[0].hasPrefix(" 1  "))
    #expect(conversation.type("recs = recommend 42 n=20") == [])
    #expect(conversation.type("recs") == conversation.type("recommend 42 n=20"))
    #expect(value("list(recs.columns)") == "['rank', 'item', 'rating']")
    #expect(value("recs.shape") == "(20, 3)")
    #expect(shown[0].contains(value("recs.item[0]")))
    #expect(value("recs.rating[0] == predict(42, recs.item[0])") == "True")
    // Whatever is made of it is shown by its rows.
    #expect(conversation.type("recs.head(1)").first?.contains("rank  item") == true)
    #expect(conversation.type("print(recs)").last == "20 rows × 3 columns")
    #expect(conversation.type("recommend(42, n=3)") == shown)
    #expect(conversation.type("recommend 42 n=3;") == [])
  }

  @Test func `neighbours and biases are tables with the ratings behind them`() {
    #expect(
      value("list(similar(dls.items[1], n=4).columns)") == "['item', 'similarity', 'ratings']")
    #expect(value("(similar(dls.items[1], n=4, min_count=150).ratings >= 150).all()") == "True")
    #expect(
      conversation.type("similar (dls.items[1]) n=2").allSatisfy { $0.hasSuffix(" ratings") })
    #expect(value("bias('items', top=3, bottom=2).shape") == "(5, 3)")
    #expect(value("list(bias('users', top=3).columns)") == "['user', 'bias', 'ratings']")
    #expect(value("bias(top=100000, bottom=5).shape[0] == len(dls.items) - 1") == "True")
    #expect(
      value("(bias(top=9).bias == bias(top=9).bias.sort_values(ascending=false)).all()") == "True")
  }

  @Test func `the ratings behind an item are those that are learned from`() {
    _ = conversation.type("b = bias top=1")
    _ = conversation.type("t = b.item[0]; r = ratings[ratings.title == t]")
    _ = conversation.type("p = predict(dls.valid); held = p[p.title == t]")
    #expect(value("b.ratings[0] == len(r) - len(held)") == "True")
  }

  @Test func `a table of ratings gets a column of predictions`() {
    for input in ["p = predict(dls.valid)", "p = predict dls.valid"] {
      #expect(conversation.type(input) == [])
      #expect(value("list(p.columns)") == "['user', 'title', 'rating', 'prediction']")
      #expect(value("abs(((p.prediction - p.rating)**2).mean() - validate()) < 1e-5") == "True")
    }
    #expect(
      value("predict(p.head(2)).prediction[1] == predict(p.user[1], p.title[1])") == "True")
    let lines = conversation.mistake(["predict(ratings.select('user', 'rating'))"])
    #expect(lines.first?.contains("title") == true, "\(lines)")
    #expect(
      conversation.mistake(["predict 42"]).first?.hasPrefix("error[missing-argument]") == true)
  }

  @Test func `strangers get the baseline's answer, and that is said`() throws {
    let lines = conversation.type("predict 9999 (dls.items[7])")
    #expect(
      lines.first == "note: user never rated anything in training: this is what the baseline says")
    #expect(lines.count == 2)
    let (trained, folder) = try inFolder()
    let title = "\"Paper Lantern, The (1980)\""
    folder.write("t.csv", "user,title\n1,\(title)\n9999,\(title)\n")
    let rows = trained.type("predict(read_csv('t.csv'))")
    #expect(
      rows.first == "note: 1 row of users or items never rated in training: what the baseline says")
    #expect(
      conversation.mistake(["predict 42 'No such film'"]).first?.hasPrefix("error[unknown-title]")
        == true)
    #expect(
      conversation.mistake(["predict nobody (dls.items[7])"]).first?.hasPrefix(
        "error[unknown-user]") == true)
  }

  // MARK: Everybody

  @Test func `all users have their lists in one table`() {
    _ = conversation.type("recs = recommend all n=3")
    #expect(value("list(recs.columns)") == "['user', 'rank', 'item', 'score']")
    #expect(value("recs.shape") == "(2829, 4)")
    #expect(
      value("recs[recs.user == 42].item.tolist() == recommend(42, n=3).item.tolist()") == "True")
    #expect(value("recommend([42, 43], n=3).shape") == "(6, 4)")
    #expect(value("recommend(all, n=1, seen='hide_train').shape") == "(943, 4)")
    #expect(conversation.type("recommend all n=2").last == "1,886 rows × 4 columns")
  }

  // MARK: Which items

  @Test func `conditions, titles and tables say which items are allowed`() {
    let usual = value("recommend(42, n=20).item.tolist()")
    #expect(value("recommend(42, n=20, exclude=[]).item.tolist()") == usual)
    _ = conversation.type("r = recommend(42, n=30, where='genre == \"Comedy\"')")
    _ = conversation.type("all = movies[['Comedy' in g for g in movies.genres]].title")
    #expect(value("[t for t in r.item if not t in list(all)]") == "[]")
    _ = conversation.type("c = movies[movies.genres == 'Comedy']")
    #expect(value("len(r)") == "30")
    _ = conversation.type("x = recommend(42, n=30, where=c)")
    #expect(value("len(x)") == "30")
    #expect(
      value("recommend(42, n=9, where=recommend(42, n=3).item).item.tolist()")
        == value("recommend(42, n=3).item.tolist()"))
    _ = conversation.type("two = recommend(42, n=2).item.tolist()")
    #expect(
      value("recommend(42, n=3, exclude=two).item.tolist()")
        == value("recommend(42, n=5).item.tolist()[2:]"))
    _ = conversation.type("late = recommend(42, n=1000, where='year > 1998')")
    #expect(value("min([int(t[-5:-1]) for t in late.item])") == "1999")
  }

  @Test(arguments: [
    ("recommend 42 where='yaer > 1990'", "error[unknown-name]"),
    ("recommend 42 where='year'", "error[bad-value]"),
    ("recommend 42 where='year >'", "error[unfinished]"),
    ("recommend 42 exclude=['No such film']", "error[unknown-title]"),
    ("recommend 42 where=ratings.select('user')", "error["),
    ("recommend 42 n=2000 diverse=0.5", "error[bad-value]"),
    ("recommend 99999", "error[unknown-user]"),
    ("recommend [42, 99999]", "error[unknown-user]"),
  ])
  func `a wrong choice of items is a mistake`(_ input: String, _ code: String) {
    let before = conversation.type("vars")
    #expect(conversation.mistake([input]).first?.hasPrefix(code) == true, "\(input)")
    #expect(conversation.type("vars") == before)
  }

  @Test func `without a table of items a condition says what is missing`() {
    _ = conversation.type("del movies")
    let lines = conversation.mistake(["recommend 42 where='year > 1990'"])
    #expect(lines.first?.contains("needs a table `movies`") == true)
  }

  // MARK: Files

  private func inFolder() throws -> (Conversation, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (Conversation.trained(data: DataSearch(workingFolder: folder.path)), folder)
  }

  @Test func `tables are written and read again`() throws {
    let (conversation, folder) = try inFolder()
    _ = conversation.type("recs = recommend 42 n=20; recs.to_csv('recs.csv')")
    #expect(folder.read("recs.csv").hasPrefix("rank,item,rating\n1,"))
    _ = conversation.type("back = read_csv recs.csv")
    #expect(conversation["(back.rating == recs.rating).all()"] == "True")
    #expect(conversation["(back.item == recs.item).all()"] == "True")
    #expect(conversation.type("recs.to_csv('recs.csv')") == [])
    _ = conversation.type("recs.to_json('recs.json', lines=true); recs.to_markdown('recs.md')")
    #expect(folder.read("recs.json").hasPrefix("{\"rank\":1,"))
    #expect(folder.read("recs.md").hasPrefix("| rank | item | rating |\n"))
    #expect(conversation["ratings.head(2).to_csv(index=true)"].hasPrefix("\"\",user,"))
    #expect(conversation["recs.head(1).rank.to_csv()"] == "rank\n1\n")
    #expect(
      conversation["ratings.title.value_counts().head(1).to_json(orient='records')"].hasPrefix(
        "[{\"title\":"))
  }

  @Test func `a file of another kind stays`() throws {
    let (conversation, folder) = try inFolder()
    folder.write("thesis.txt", "years of work")
    folder.write("model.csv", "binary\u{0}bytes")
    for name in ["thesis.txt", "model.csv"] {
      let before = folder.read(name)
      let lines = conversation.mistake(["ratings.head().to_csv('\(name)')"])
      #expect(lines.first?.hasPrefix("error[exists]") == true)
      #expect(lines.last == "help: ratings.head().to_csv('\(name)', overwrite=true) replaces it")
      #expect(folder.read(name) == before)
    }
    #expect(conversation.type("ratings.head(1).to_csv('thesis.txt', overwrite=true)") == [])
    #expect(folder.read("thesis.txt").hasPrefix("user,"))
  }

  @Test func `lists of all users go to a file, or to none if they are stopped`() throws {
    let (conversation, folder) = try inFolder()
    #expect(
      conversation.type("recommend all n=10 save='all.csv'") == ["all.csv · 9,430 rows"])
    let lines = folder.read("all.csv").split(separator: "\n")
    #expect(lines.count == 9431 && lines[0] == "user,rank,item,score")
    _ = conversation.type("back = read_csv all.csv; recs = recommend all n=10")
    #expect(conversation["(back.score == recs.score).all()"] == "True")
    #expect(conversation.type("recommend 42 n=2 save='one.json'") == ["one.json · 2 rows"])
    #expect(folder.read("one.json").hasPrefix("[{\"rank\":1,"))
    // Lists of many items take long enough to be asked whether to go on.
    var isWanted = false
    conversation.session.isInterrupted = { isWanted }
    isWanted = true
    let outcome = try? conversation.session.run(Source("recommend all n=1000 save='more.csv'"))
    #expect(outcome == .interrupted)
    #expect(!Files.exists("\(folder.path)/more.csv"))
  }

  // MARK: Arrays

  @Test(arguments: [
    ("tensor([[1.,2.],[3.,4.]])", "'<f4'", "(2, 2)", 16),
    ("array([1.,2.,3.])", "'<f8'", "(3,)", 24),
    ("tensor([1,2,3])", "'<i8'", "(3,)", 24), ("tensor(5.)", "'<f4'", "()", 4),
    ("tensor([true,false])", "'|b1'", "(2,)", 2), ("zeros(0, 3)", "'<f4'", "(0, 3)", 0),
    ("tensor([[1.,2.],[3.,4.]]).t()", "'<f4'", "(2, 2)", 16),
  ])
  func `arrays are written as numpy reads them`(
    _ formula: String, _ type: String, _ shape: String, _ count: Int
  ) throws {
    let folder = try TemporaryFolder()
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    #expect(conversation.type("t = \(formula); np.save('x.npy', t); t.save('y')") == [])
    let bytes = try Files.read("\(folder.path)/x.npy")
    #expect(try Files.read("\(folder.path)/y.npy") == bytes)
    #expect(bytes.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]))
    let length = Int(bytes[8]) + 256 * Int(bytes[9])
    #expect((10 + length) % 64 == 0)
    let header = String(decoding: bytes[10..<(10 + length)], as: UTF8.self)
    #expect(
      header.trimmedAtEnd == "{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }")
    #expect(bytes.count == 10 + length + count)
    if formula.hasSuffix(".t()") {
      // 1, 3, 2, 4, the lowest byte first.
      #expect(Array(bytes.suffix(16)) == [0, 0, 128, 63, 0, 0, 64, 64, 0, 0, 0, 64, 0, 0, 128, 64])
    }
  }

  // MARK: For programs

  private func data(_ format: ResultFormat, _ input: String) -> String {
    var text = ""
    let session = Session(
      output: DataRenderer(to: { text += $0 }, notesTo: OutputRecorder()),
      dataSearch: DataSearch(workingFolder: "/proc/nonexistent"))
    session.resultFormat = format
    _ = try? session.run(Source(input))
    return text
  }

  @Test(arguments: [
    ("1 + 1", "2\n", "2\n"), ("1 / 4", "0.25\n", "0.25\n"), ("'a, b'", "\"a, b\"\n", "\"a, b\"\n"),
    ("1 > 2", "False\n", "false\n"), ("[1, 2]", "1\n2\n", "[1,2]\n"),
    ("(1, 'x')", "1\nx\n", "[1,\"x\"]\n"), ("[[1, 2], [3, 4]]", "1,2\n3,4\n", "[[1,2],[3,4]]\n"),
    ("tensor([[1.5, 2.], [3., 4.]])", "1.5,2.0\n3.0,4.0\n", "[[1.5,2.0],[3.0,4.0]]\n"),
    ("tensor(3)", "3\n", "3\n"), ("float('nan')", "\"\"\n", "null\n"), ("print('x')", "", ""),
    ("load demo", "", ""), ("load demo; dataloaders", "", ""), ("zeros", "", ""), ("x = 5", "", ""),
    (
      "load demo; ratings.head(1).select('user'); ratings.head(1).rating",
      "user\n1\n\nrating\n4\n", "[{\"user\":1}]\n[{\"rating\":4}]\n"
    ),
  ])
  func `values of statements are data`(_ input: String, _ csv: String, _ json: String) {
    if input.hasPrefix("load demo; ratings") {
      // Which rows come first is the matter of the built-in data.
      #expect(data(.csv, input).split(separator: "\n", omittingEmptySubsequences: false).count == 6)
      #expect(data(.json, input).hasPrefix("[{\"user\":"))
      return
    }
    #expect(data(.csv, input) == csv)
    #expect(data(.json, input) == json)
  }

  @Test func `lists of all users are a table for programs`() {
    let start = "load demo; dataloaders bs=512; learner dotbias factors=5; fit 1 5e-3; "
    let lines = data(.csv, start + "recommend all n=10").split(separator: "\n")
    #expect(lines.count == 9431 && lines[0] == "user,rank,item,score")
    let two = data(.csv, start + "recommend 42 n=1; print(bias(top=1)); validate")
    #expect(
      two.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty }
        == [false, false, true, false, false, true, false, true])
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    String(reversed().drop { $0.isWhitespace }.reversed())
  }
}
