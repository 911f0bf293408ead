import Collab
import CollabLanguage
import CollabDocuments
import FoundationEssentials
import CollabInterpreter
import CollabNotebook
import CollabScripts
import TestSupport
import Testing

/// Files that a session reads and writes.
struct WorkspaceTests {
  private let folder: TemporaryFolder
  private let data: DataSearch

  init() throws {
    folder = try TemporaryFolder()
    data = DataSearch(workingFolder: folder.path)
  }

  private static let definitions = """
    model Net(n, y_range=(0,5.5)) {
      w = Parameter(ones(3))
      fixed = tensor([1., 2., 3.])
      forward(x) = w * fixed
      say() = f'Net of {n}'
    }
    """

  // MARK: Saving

  @Test func `what was saved is restored in another session`() throws {
    let one = Conversation.trained(data: data)
    _ = one.type(Self.definitions)
    _ = one.type("def twice(x) = 2 * x")
    _ = one.type("a = 1; b = 2.5; c = 'Zoë'; d = (1, [true, none]); s = ones(2).shape")
    _ = one.type("t = tensor([[1.,2.],[3.,4.]]); u = array([1.5, 2.5])")
    _ = one.type(
      "weight = learn.model.movie_bias.weight; net = Net(3); net.w = Parameter(2 * ones(3))")
    #expect(one.type("save all.saved").first?.contains("variables saved") == true)

    let two = Conversation(data: data)
    let names = two.type("restore all.saved").joined()
    #expect(names.hasPrefix("restored Net, a, b, c, d, dls, learn, movies, net, ratings, s, t"))
    for name in ["a", "b", "c", "d", "s", "t", "u", "ratings", "movies", "dls", "learn", "weight"] {
      #expect(two[name] == one[name], "\(name)")
    }
    #expect(two.type("validate") == one.type("validate"))
    #expect(two.type("bias items top=3") == one.type("bias items top=3"))
    #expect(two["net.w"] == one["net.w"])
    #expect(two.type("net(0)") == one.type("net(0)"))
    #expect(two.type("net.say()") == ["'Net of 3'"])
    #expect(two.type("twice(4)") == ["8"])
    #expect(two.type("vars") == one.type("vars"))
  }

  @Test func `a tensor that belongs to a model still does after it was restored`() {
    let one = Conversation.trained(data: data)
    _ = one.type("b = learn.model.movie_bias.weight; save shared.saved")
    let two = Conversation(data: data)
    _ = two.type("restore shared.saved; fit 1 5e-3")
    #expect(two["b"] == two["learn.model.movie_bias.weight"])
    #expect(two["b"] != one["b"])
  }

  @Test(arguments: [
    "learner dot factors=3", "learner dotbias_raw", "learner collab y_range=none",
    "learner collab_nn n_act=7", "learner nn layers=[9,4]",
    "learner dotbias y_range=(0,6)", "learner baseline reg_users=3", "learner popular relevant=4",
    "learner itemknn k=5 keep=20", "learner als factors=4 reg=0.2 nu=1",
    "learner bayes factors=3 samples=10", "learner ease reg=20 graded=false",
    "learner ials factors=4 unobserved=0.4 reg=2",
  ])
  func `built-in models are restored with their sizes`(_ learner: String) {
    let one = Conversation.trained(data: data)
    let families = ["baseline", "popular", "itemknn", "als", "bayes", "ease"]
    let rate = families.contains { learner.contains($0) } ? "" : "5e-3"
    _ = one.type("\(learner); fit 1 \(rate); save model.saved")
    let two = Conversation(data: data)
    _ = two.type("restore model.saved")
    func sizes(_ conversation: Conversation) -> [String] {
      conversation.type("summary").filter { !$0.contains("Adam") && !$0.contains("step") }
    }
    #expect(sizes(two).prefix(4) == sizes(one).prefix(4))
    for line in ["validate", "recommend 42 n=3", "predict 42 (dls.items[20])"] {
      #expect(two.type(line) == one.type(line), "\(line)")
    }
  }

  @Test func `a baseline goes on with its shrinkage after it was restored`() {
    let one = Conversation.trained(data: data)
    _ = one.type("learner baseline reg_users=3 reg_items=0.5; save base.saved")
    let two = Conversation(data: data)
    _ = two.type("restore base.saved")
    #expect(two.type("summary").joined().contains("shrinkage 3.0 for users, 0.5 for items"))
    #expect(two.type("fit; validate").last == one.type("fit; validate").last)
  }

  @Test func `a file that is damaged or foreign is refused and changes nothing`() throws {
    let conversation = Conversation(data: data)
    _ = conversation.type("x = 1; t = ones(100); save good.saved")
    let good = try Data(contentsOf: URL(filePath: folder.path + "/good.saved"))
    func message(_ bytes: Data) throws -> String {
      try bytes.write(to: URL(filePath: folder.path + "/bad.saved"))
      let lines = conversation.type("restore bad.saved")
      return lines.first { $0.hasPrefix("error") } ?? "\(lines)"
    }
    #expect(try message(Data("user,movie\n".utf8)).hasSuffix("it was not written by `save`"))
    #expect(try message(good.prefix(200)).contains("its end is missing: "))
    #expect(try message(good.prefix(10)).contains("its end is missing"))
    var changed = good
    changed[changed.count - 5] ^= 1
    #expect(try message(changed).hasSuffix("it has been changed since it was written"))
    var later = good
    later[8] = 9
    #expect(try message(later).contains("it has the format 9"))
    #expect(conversation["x"] == "1")
  }

  /// The bytes with a header that fits them, as a forger would write it.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let body = bytes.dropFirst(28)
    let hash = body.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    func eight(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(number >> (8 * $0) & 255) } }
    return bytes.prefix(12) + eight(UInt64(body.count)) + eight(hash) + body
  }

  @Test func `a forged file is refused or restored, and ends nothing`() throws {
    let conversation = Conversation(data: data)
    _ = conversation.type(
      "m = Sequential(Linear(2, 3), ReLU(), BatchNorm1d(3), Embedding(2, 2), Dropout(0.1))")
    _ = conversation.type(
      "x = [1, (2., 'a')]; t = tensor([[1., 2.]]); i = tensor([1]); s = t.shape")
    _ = conversation.type("def f(x) = 2 * x")
    _ = conversation.type("model Net(n) { w = Parameter(ones(n)); forward(x) = w }")
    _ = conversation.type("n = Net(2); save good.saved")
    let path = folder.path + "/good.saved"
    let good = [UInt8](try Data(contentsOf: URL(filePath: path)))
    func restore(_ bytes: [UInt8]) throws {
      try Data(Self.sealed(bytes)).write(to: URL(filePath: folder.path + "/bad.saved"))
      let lines = Conversation(data: data).type("restore bad.saved")
      let isAnswer = lines.contains { $0.hasPrefix("restored") || $0.hasPrefix("error[") }
      #expect(isAnswer, "\(lines)")
    }
    for place in 28..<good.count {
      for byte in [good[place] ^ 0x80, good[place] &+ 1] {
        var bytes = good
        bytes[place] = byte
        try restore(bytes)
      }
    }
    for count in 28..<good.count { try restore(Array(good.prefix(count))) }
  }

  @Test func `a layer is no larger than the file that claims it`() throws {
    let conversation = Conversation(data: data)
    _ = conversation.type("m = Linear(2, 3); save good.saved")
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/good.saved")))
    // The sizes follow the tags of a value that is a module and of a module that is linear.
    let sizes: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    let place = try #require(
      bytes.indices.first { bytes[$0...].prefix(16).elementsEqual(sizes) })
    (bytes[place + 1], bytes[place + 9]) = (140, 140)
    bytes += [UInt8](repeating: 0, count: 36_000)
    try Data(Self.sealed(bytes)).write(to: URL(filePath: folder.path + "/bad.saved"))
    #expect(
      conversation.type("restore bad.saved").contains {
        $0.hasSuffix("cannot be restored: its parts do not fit together")
      })
  }

  // A billion, infinity, half a thing.
  @Test(arguments: [0x41CD_CD65_0000_0000, 0x7FF0_0000_0000_0000, 0x3FE0_0000_0000_0000 as UInt64])
  func `an option is not believed that the file has no room for`(_ forged: UInt64) throws {
    let (option, value) = ("n_act", 2.0)
    let conversation = Conversation.trained(data: data)
    _ = conversation.type("learner collab_nn n_act=2; save good.saved")
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/good.saved")))
    func eight(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(number >> (8 * $0) & 255) } }
    // The name, how many numbers there are, and the number.
    let written = Array(option.utf8) + eight(1) + eight(value.bitPattern)
    let place = try #require(
      bytes.indices.first { bytes[$0...].prefix(written.count).elementsEqual(written) })
    bytes.replaceSubrange(place + written.count - 8..<place + written.count, with: eight(forged))
    try Data(Self.sealed(bytes)).write(to: URL(filePath: folder.path + "/bad.saved"))
    #expect(
      conversation.type("restore bad.saved").contains {
        $0.hasSuffix("cannot be restored: its parts do not fit together")
      })
  }

  @Test func `a file of the first version of the format is read`() throws {
    let file = try #require(Data(base64Encoded: Self.version1))
    try file.write(to: URL(filePath: folder.path + "/old.saved"))
    let conversation = Conversation(data: data)
    #expect(conversation.type("restore old.saved") == ["restored a, b, c, d"])
    _ = conversation.type("p = tensor([[1,1],[2,1]])")
    // What the session printed that saved them.
    let printed = [
      "a": ["2.9999, 2.9998"], "b": ["[3.4587]", "[3.4591]"], "c": ["[-0.3576]", "[-0.3567]"],
      "d": ["0., 0."],
    ]
    for (name, numbers) in printed {
      let text = conversation["\(name)(p)"]
      for number in numbers { #expect(text.contains(number), "\(name): \(text)") }
    }
  }

  /// Four models of three users and two items: dot, collab_nn with n_act=2, nn with layers=[3,2] and
  /// without a range, and a baseline that has learned nothing.
  private static let version1 = """
    Y29sbGFiV1MBAAAACwgAAAAAAAAPLsOC+GS2qQQAAAAAAAAAAQAAAAAAAABhEP//////////AAMA\
    AAAAAAAAZG90BAAAAAAAAAABAAAAAAAAAAMAAAAAAAAAAQAAAAAAAAABAAAAAAAAAGQAAAAAAAAA\
    AgAAAAAAAABkAAAAAAAAADIAAAAAAAAAAQAAAAAAAAAAAAAAAAAAGED//////////wcAAAAAAAAA\
    ZmxvYXQzMgIAAAAAAAAABAAAAAAAAAABAAAAAAAAAAEB3FxavFYgqTvMSvQ7POBEuv//////////\
    BwAAAAAAAABmbG9hdDMyAgAAAAAAAAADAAAAAAAAAAEAAAAAAAAAAQGTLb07onuQvERdFDsBAAAA\
    AAAAAGIQ//////////8ACQAAAAAAAABjb2xsYWJfbm4EAAAAAAAAAAMAAAAAAAAAAwAAAAAAAAAD\
    AAAAAAAAAAMAAAAAAAAAAgAAAAAAAAACAAAAAAAAAGQAAAAAAAAAMgAAAAAAAAABAAAAAAAAAAAA\
    AAAAAAAWQP//////////BwAAAAAAAABmbG9hdDMyAgAAAAAAAAAEAAAAAAAAAAMAAAAAAAAAAQGG\
    42q7EmrVOwRSKLzvvu67tDzsu+AcNjzMk/c63DZHO7l0OTvCtcY5UBnWOv5aObn//////////wcA\
    AAAAAAAAZmxvYXQzMgIAAAAAAAAAAwAAAAAAAAADAAAAAAAAAAEB51iNvDJuhLqLr4Q8U+G2u53g\
    gbuZgWc8x33IuzFQhrx2AYA7//////////8HAAAAAAAAAGZsb2F0MzICAAAAAAAAAAIAAAAAAAAA\
    BgAAAAAAAAABAWzagT4kRpe+uISWvpDSfL7oElI9dlPQPukIhL7VxF4+N2Jnvt6GxL7ts7G9ud1w\
    Pv//////////BwAAAAAAAABmbG9hdDMyAQAAAAAAAAACAAAAAAAAAAEBRQ3CPr3Pgb7/////////\
    /wcAAAAAAAAAZmxvYXQzMgIAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAEBBiIdPsMxHD//////////\
    /wcAAAAAAAAAZmxvYXQzMgEAAAAAAAAAAQAAAAAAAAABAf7n7z4BAAAAAAAAAGMQ//////////8A\
    AgAAAAAAAABubgQAAAAAAAAAAwAAAAAAAAADAAAAAAAAAAMAAAAAAAAAAwAAAAAAAABkAAAAAAAA\
    AAIAAAAAAAAAAwAAAAAAAAACAAAAAAAAAAD//////////wcAAAAAAAAAZmxvYXQzMgIAAAAAAAAA\
    BAAAAAAAAAADAAAAAAAAAAEB2aNXOi4VobpOz5C7cB4tO3A2kLw/4KK7EOElO+cTg7yZE4Q862xJ\
    uqqMjztcD/E5//////////8HAAAAAAAAAGZsb2F0MzICAAAAAAAAAAMAAAAAAAAAAwAAAAAAAAAB\
    ASy5YLxiuxC8rS+rO42Burv1EWW8KVLRu1QAAbxHx6O7b2MBO///////////BwAAAAAAAABmbG9h\
    dDMyAgAAAAAAAAADAAAAAAAAAAYAAAAAAAAAAQFC+Bq+DU24Pko0n75Wob0+WGWkvtg8k76mX0w+\
    Sy6WvqWMv70IEJg+nZClPlGvxT5kqKm9KneivnTOzT4OHLK9uf8rvkbRyz3//////////wcAAAAA\
    AAAAZmxvYXQzMgEAAAAAAAAAAwAAAAAAAAABAQAAgD8AAIA/AACAP///////////BwAAAAAAAABm\
    bG9hdDMyAQAAAAAAAAADAAAAAAAAAAEBbxKDOm8SgzpvEoM6//////////8HAAAAAAAAAGZsb2F0\
    MzIBAAAAAAAAAAMAAAAAAAAAAAAAAAAAAAAAAAAAAAD//////////wcAAAAAAAAAZmxvYXQzMgEA\
    AAAAAAAAAwAAAAAAAAAAAAAAgD8AAIA/AACAP///////////BwAAAAAAAABmbG9hdDMyAgAAAAAA\
    AAACAAAAAAAAAAMAAAAAAAAAAQEAuc6+UkvCPqhDuT5Cjuq+6Mzyvn0mT73//////////wcAAAAA\
    AAAAZmxvYXQzMgEAAAAAAAAAAgAAAAAAAAABAQAAgD8AAIA///////////8HAAAAAAAAAGZsb2F0\
    MzIBAAAAAAAAAAIAAAAAAAAAAQFvEoM6bxKDOv//////////BwAAAAAAAABmbG9hdDMyAQAAAAAA\
    AAACAAAAAAAAAAAAAAAAAAAAAAD//////////wcAAAAAAAAAZmxvYXQzMgEAAAAAAAAAAgAAAAAA\
    AAAAAAAAgD8AAIA///////////8HAAAAAAAAAGZsb2F0MzICAAAAAAAAAAEAAAAAAAAAAgAAAAAA\
    AAABAcIQmD5AxKe8//////////8HAAAAAAAAAGZsb2F0MzIBAAAAAAAAAAEAAAAAAAAAAQHqlLe+\
    AQAAAAAAAABkEP//////////AAgAAAAAAAAAYmFzZWxpbmUEAAAAAAAAAAEAAAAAAAAAAwAAAAAA\
    AAABAAAAAAAAAAEAAAAAAAAAZAAAAAAAAAACAAAAAAAAAGQAAAAAAAAAMgAAAAAAAAAA////////\
    //8HAAAAAAAAAGZsb2F0MzIBAAAAAAAAAAEAAAAAAAAAAQEAAAAA//////////8HAAAAAAAAAGZs\
    b2F0MzIBAAAAAAAAAAQAAAAAAAAAAQEAAAAAAAAAAAAAAAAAAAAA//////////8HAAAAAAAAAGZs\
    b2F0MzIBAAAAAAAAAAMAAAAAAAAAAQEAAAAAAAAAAAAAAAA=
    """

  @Test func `what cannot be saved is said`() {
    let conversation = Conversation(data: data)
    _ = conversation.type("load demo; dataloaders; v = dls.items; x = 1")
    #expect(conversation.type("save some.saved").last == "left out: v (a Vocab)")
  }

  @Test func `a file of another kind is not overwritten unasked`() {
    folder.write("thesis.txt", "three years of work")
    folder.write("my notes", "more")
    folder.write("plot.svg", "no picture")
    folder.write("empty", "")
    let conversation = Conversation(data: data)
    #expect(
      conversation.type("save thesis.txt").suffix(2) == [
        "error[exists]: there is a file `thesis.txt` already, which is no saved workspace",
        "  help: save thesis.txt overwrite=true replaces it",
      ])
    #expect(
      conversation.type("save 'my notes'").last
        == "  help: save 'my notes' overwrite=true replaces it")
    #expect(
      conversation.type("plot([1, 2], [3, 4], save='plot.svg')").contains(
        "error[exists]: there is a file `plot.svg` already, which is no SVG picture"))
    #expect(folder.read("thesis.txt") == "three years of work")
    #expect(folder.read("my notes") == "more")
    #expect(folder.read("plot.svg") == "no picture")
    for statement in [
      "save empty", "save empty", "save thesis.txt overwrite=true", "save thesis.txt",
      "plot([1, 2], [3, 4], save='new.svg');", "plot([1, 2], [3, 4], save='new.svg');",
    ] {
      #expect(conversation.type(statement).allSatisfy { !$0.contains("error") }, "\(statement)")
    }
    #expect(folder.read("thesis.txt").hasPrefix("collabWS"))
  }

  // MARK: Scripts

  @Test func `a script whose recording is lost fails`() throws {
    let session = Session(output: OutputRecorder(), dataSearch: data)
    let source = Source("record /dev/full replace=on\n1 + 1\n", name: "whole.collab")
    #expect(try session.run(file: source, ScriptOptions()) == .failed)
  }

  @Test func `a script that records holds what follows`() throws {
    folder.write(
      "whole.collab",
      "record notes.collab\n1 + 1\nx = 3; x\n\nx * 2; nothing\n#> error[unknown-name]: …\nrecord off\n5\n"
    )
    let session = Session(output: OutputRecorder(), dataSearch: data)
    let source = Source(folder.read("whole.collab"), name: "whole.collab")
    #expect(try session.run(file: source, ScriptOptions()) == .finished)
    #expect(
      folder.read("notes.collab") == """
        #!/usr/bin/env -S collab run

        1 + 1
        #> 2
        x = 3; x
        #> 3

        x * 2
        #> 6

        """)
  }

  @Test func `a recording holds what succeeded and repeats itself`() throws {
    let one = Conversation(data: data)
    _ = one.type("record notes.collab")
    let typed = [
      "load demo", "dataloaders bs=512; learner dotbias factors=5", "ftt 5", "fit 1 5e-3",
      "x = 2; y = nothing", "x + 1", "x * 10;", Self.definitions, "Net(1)\nprint 'two lines'",
    ]
    for statement in typed { _ = one.type(statement) }
    _ = one.type("record off")
    _ = one.type("z = 1")
    let script = folder.read("notes.collab")
    #expect(script.hasPrefix("#!/usr/bin/env -S collab run\n\nload demo\n#> demo · 100,000"))
    #expect(!script.contains("ftt") && !script.contains("nothing") && !script.contains("z = 1"))
    #expect(script.contains("\nx = 2\n\nx + 1\n#> 3\n\nx * 10;\n\nmodel Net"))
    #expect(script.contains("\n#> Net()\nprint 'two lines'\n#> two lines\n"))

    let two = Conversation(data: data)
    let file = try ScriptFile(Source(script, name: "notes.collab"), parser: two.session.parser)
    for line in file.cells.flatMap(\.code.lines) {
      let text = file.source.text(in: line.range)
      let isFit = text.hasPrefix("fit")
      let (now, then) = (two.type(text), line.recording.output ?? [])
      #expect(isFit ? now.count == then.count : now == then || text.hasSuffix("10"), "\(text)")
    }
  }

  @Test func `a recording hears what is printed while output goes elsewhere`() throws {
    let one = Conversation(data: data)
    let elsewhere = OutputRecorder()
    _ = one.type("record first.collab")
    try one.session.withOutput(elsewhere) {
      _ = try one.session.run(Source("print 2"))
      _ = try one.session.run(Source("record off"))
      _ = try one.session.run(Source("record second.collab"))
      _ = try one.session.run(Source("print 3"))
    }
    #expect(one.type("print 4") == ["4"])
    _ = one.type("record off")
    #expect(one.type("print 5") == ["5"])
    #expect(elsewhere.blocks.first == .preformatted("2"))
    #expect(elsewhere.blocks.last == .preformatted("3"))
    let start = "#!/usr/bin/env -S collab run\n\n"
    #expect(folder.read("first.collab") == start + "print 2\n#> 2\n")
    #expect(folder.read("second.collab") == start + "print 3\n#> 3\n\nprint 4\n#> 4\n")
  }

  @Test func `a file that exists is not recorded over unasked`() {
    folder.write("mine.collab", "x = 1\n")
    let conversation = Conversation(data: data)
    #expect(
      conversation.type("record mine.collab").contains {
        $0 == "  help: record mine.collab replace=on begins it anew"
      })
    #expect(folder.read("mine.collab") == "x = 1\n")
    #expect(conversation.type("record mine.collab replace=on") == ["recording to mine.collab"])
    #expect(conversation.type("record") == ["recording to mine.collab"])
    #expect(
      conversation.type("record off") == [
        "mine.collab is complete · collab check mine.collab runs and compares it"
      ])
    #expect(conversation.type("record off") == ["nothing is recorded"])
  }

  @Test func `a file runs in the session and keeps what ran before a mistake`() {
    folder.write("good.collab", "a = x + 1\n\na\n#> 99\n")
    folder.write("bad.collab", "b = 1\nc = nothing\nd = 1\n")
    folder.write("self.collab", "run self.collab\n")
    folder.write("part.collab", "b = 7\nquit\nb = 8\n")
    let conversation = Conversation(data: data)
    #expect(conversation.type("x = 1; run good.collab; a") == ["2", "2"])
    let lines = conversation.type("run bad.collab")
    #expect(lines.contains("  --> bad.collab:2:5"))
    #expect(conversation["b"] == "1")
    #expect(conversation["d"].contains("there is no variable"))
    #expect(conversation.type("run self.collab").contains { $0.contains("without end") })
    #expect(conversation.type("run part.collab; b") == ["7"])
    #expect(
      conversation.type("run goood.collab").suffix(2) == [
        "error[no-file]: no file `goood.collab`", "  help: did you mean `good.collab`?",
      ])
  }

  // MARK: Tables

  @Test func `the chapter's tables are read step by step`() {
    folder.write(
      "ml-100k/u.data", "196\t242\t3\t900000001\n186\t302\t3\t900000002\n22\t242\t1\t900000003\n")
    let item = folder.path + "/ml-100k/u.item"
    let latin = Data(
      "242|Kolya (1996)|x\n302|Am\u{E9}lie|y\n".unicodeScalars.map { UInt8($0.value) })
    #expect(throws: Never.self) { try latin.write(to: URL(filePath: item)) }
    let conversation = Conversation(data: data)
    #expect(conversation.type("path = dataset ml-100k") == [])
    _ = conversation.type(
      "ratings = read_csv path/'u.data' delimiter='\\t' header=none "
        + "names=[user,movie,rating,timestamp]")
    _ = conversation.type(
      "movies = read_csv path/'u.item' delimiter='|' encoding=latin-1 usecols=(0,1) "
        + "names=[movie,title] header=none")
    #expect(
      conversation.type("ratings = merge ratings movies; ratings") == [
        "   user  movie  rating  timestamp  title",
        "0   196    242       3  900000001  Kolya (1996)",
        "1    22    242       1  900000003  Kolya (1996)",
        "2   186    302       3  900000002  Amélie",
        "3 rows × 5 columns",
      ])
    #expect(
      conversation.type("read_csv path/'u.dat'").last
        == "  help: did you mean `\(folder.path)/ml-100k/u.data`?")
  }

  @Test func `a malformed row is refused or left out`() {
    folder.write("some.csv", "a,b\n1,2\n3\n5,6\n")
    let conversation = Conversation(data: data)
    #expect(
      conversation.type("read_csv some.csv").dropFirst() == [
        "error[bad-row]: some.csv:3: expected 2 comma-separated fields, found 1",
        "  help: skip_bad=true leaves such rows out",
      ])
    #expect(
      conversation.type("read_csv some.csv skip_bad=true").first?
        .hasPrefix("malformed rows were left out: 1") == true)
    #expect(conversation.type("read_csv some.csv usecols=[b] skip_bad=on").contains("0  2"))
  }
}
