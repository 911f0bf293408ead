import Collab
import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import CollabScripts
import TestSupport

/// Inputs that are in order, from which those that are not are made.
struct FuzzCorpus {
  private var samples: [FuzzKind: [[UInt8]]] = [:]
  private let mutators: [FuzzKind: Mutator]
  private let grammar = StatementGrammar()

  /// Ratings in a small file, which the inputs find beside them.
  static let ratings = """
    user,item,title,rating,timestamp
    1,10,"Silence, The (1963)",4,881250949
    1,11,Persona (1966),5,881250950
    1,12,"Red ""Desert"" (1964)",3,881250951
    2,10,"Silence, The (1963)",2,881250952
    2,12,"Red ""Desert"" (1964)",4,881250953
    3,11,Persona (1966),1,881250954
    3,10,"Silence, The (1963)",5,881250955
    4,12,"Red ""Desert"" (1964)",2,881250956
    4,13,Stalker (1979),5,881250957
    5,13,Stalker (1979),4,881250958
    5,10,"Silence, The (1963)",3,881250959

    """

  /// What a session has before statements are tried in it.
  static let prelude = """
    ratings = read_csv('ratings.csv'); movies = ratings[['item', 'title']].drop_duplicates()
    x = arange(12).float().reshape(3, 4); w = Parameter(ones(3, 4)); i = tensor([1, 2]); t = zeros(0)
    n = 3; s = 'a b'; d = {'a': 1}; l = [1, 'b', [2.5]]; p = ('c', 2); q = ratings.head(3)
    y = tensor(2.); col = ratings.title; users = ['a', 'b']
    """
  /// What makes a model of that.
  static let training = """
    dataloaders ratings user=user item=title rating=rating bs=4 valid_pct=0.2
    learner dotbias factors=2; fit 1 5e-3
    """

  /// Samples of every kind.
  ///
  /// - Parameter folder: where files are written for a moment.
  init(folder: String) {
    let cells = Self.cells()
    let scripts = Self.scripts(cells)
    samples[.cell] = cells
    samples[.script] = scripts
    samples[.lesson] = Self.lessons
    samples[.data] = Self.dataFiles
    samples[.arguments] = Self.argumentLists
    samples[.notebook] = scripts.prefix(12).compactMap { Self.notebook($0, folder) }
    // How long a fit took is saved with it: it must not make a difference between two runs.
    FitRun.$isTimed.withValue(false) { Self.save(in: FuzzSession(folder: folder)) }
    for kind in [FuzzKind.workspace, .model] {
      samples[kind] = ["a", "b", "c"].compactMap {
        try? Files.read("\(folder)/\($0).\(kind.rawValue)")
      }
    }
    if let own = try? Fixture.bytes("model_file/dot_bias.safetensors") {
      samples[.model]?.append(own)
    }
    mutators = samples.mapValues { Mutator(others: $0) }
    for (kind, samples) in samples {
      precondition(!samples.isEmpty, "no samples of \(kind)")
    }
  }

  /// Saves workspaces and models of several kinds.
  private static func save(in session: FuzzSession) {
    session.run(prelude + "\n" + training)
    session.run("save a.saved; learn.export('a.safetensors')")
    session.run(
      "save_learner b.safetensors optimizer=true; learner nn; fit 1; save_learner c.safetensors")
    session.run(
      "class M(Module):\n  def __init__(self): self.e = Embedding(3, 2)\nm = M(); f = lambda x: x + 1"
    )
    session.run("save b.saved; reset; d = {'a': [1, {'b': None}]}; save c.saved")
  }

  /// An input, the same for the same seed and number.
  func input(_ kind: FuzzKind, seed: UInt64, number: Int) -> [UInt8] {
    var random = FuzzRandom(seed: seed, number: number)
    guard let samples = samples[kind], let mutator = mutators[kind] else { return [] }
    switch kind {
    case .cell:
      if random.below(4) > 0 { return Array(grammar.cell(&random).utf8) }
    case .script where random.once(in: 3):
      return script(&random)
    case .data where random.once(in: 3):
      return table(&random)
    default: break
    }
    let damaged = mutator.damaged(random.pick(samples), &random)
    return kind == .workspace && !random.once(in: 8) ? Mutator.sealed(damaged) : damaged
  }

  /// Cells of statements with recorded output.
  private func script(_ random: inout FuzzRandom) -> [UInt8] {
    var text = random.pick(["", "#!/usr/bin/env -S collab run\n", "\u{FEFF}"])
    for _ in 0...random.below(4) {
      text += random.pick([
        "%% md\n# A\n*b*\n", "%% code id=a\n", "%%\n", "%% raw\n", "%% code skip\n",
      ])
      text += grammar.cell(&random) + "\n"
      text += random.pick([
        "", "#> 1\n", "#: tol=1e-3\n#> …\n", "#> error[bad-value]: a\n", "#: empty\n",
      ])
    }
    return Array(text.utf8)
  }

  /// Rows of fields of all sorts.
  private func table(_ random: inout FuzzRandom) -> [UInt8] {
    let delimiter = random.pick([",", ",", "\t", ";", "::", "|"])
    let ending = random.pick(["\n", "\n", "\r\n", "\r"])
    let width = 1 + random.below(6)
    var text = ""
    for _ in 0..<(1 << random.below(7)) {
      let count = random.once(in: 40) ? random.below(9) : width
      text += (0..<count).map { _ in
        random.pick([
          "1", "2", "3.5", "-7", "nan", "", "a", "\"a\(delimiter)b\"", "\"\"", "\"", "1e308", "é",
          "9223372036854775807", "9223372036854775808", "2020-01-01", "true", "user", "rating",
          "item",
          "title", "\u{1B}[2J", " 4 ", "'x'", "1,5", "NA", "0x10", "\"a\nb\"", "00012",
        ])
      }.joined(separator: delimiter)
      text += ending
    }
    return Array(text.utf8)
  }
}

// MARK: - Samples

extension FuzzCorpus {
  private static func cells() -> [[UInt8]] {
    let statements = (try? Fixture.bytes("hostile/statements.txt")) ?? []
    let hostile = statements.split(separator: UInt8(ascii: "\n")).map(Array.init)
    let examples = Session.registry.specs.flatMap(\.examples).map(\.code)
      .filter { !$0.hasPrefix("load ml") && !$0.hasPrefix("quit") }
    return hostile + examples.map { Array($0.utf8) }
      + [
        "for i in range(3):\n  if i > 1:\n    print(i)\n  else:\n    x = [i]\n",
        "class DotProduct(Module):\n  def __init__(self, n, m, k=5):\n    self.u = Embedding(n, k)\n"
          + "    self.v = Embedding(m, k)\n  def forward(self, x):\n"
          + "    return (self.u(x[:,0]) * self.v(x[:,1])).sum(dim=1)\n",
        "def f(x, *y, z=1, **k):\n    while x > 0:\n        x -= 1\n        if x == 2: continue\n    return x\nf(3)",
        "model T(n) {\n  a = Embedding(n, 2)\n  forward(x) {\n    y = a(x)\n    y.sum(dim=1)\n  }\n}\nT(3)(i)",
        "d = {k: [v, *l] for k, v in {'a': 1}.items() if v}; f'{d!r:>20} {n=}'",
      ].map { Array($0.utf8) }
  }

  private static func scripts(_ cells: [[UInt8]]) -> [[UInt8]] {
    let chapter = (try? Fixture.bytes("scripts/chapter.collab")) ?? []
    let lines = chapter.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let parts = stride(from: 0, to: lines.count, by: 20).map {
      Array(lines[$0..<min($0 + 20, lines.count)].joined(separator: [UInt8(ascii: "\n")]))
    }
    let own = """
      #!/usr/bin/env -S collab run
      %% md id=top
      # A *title* with `code`
      [a link](https://example.org/a?b=1&c="d") and ![a picture](a.png) and <b>html</b>

      | a | b |
      |---|:-:|
      | 1 | 2 |

      %% code id=one timeout=5
      x = [1, 2.5]
      #: tol=1e-3
      #> [1, 2.5]
      plot([1, 3, 2], title='a <b> & c')
      head ratings
      1 / 0
      #> error[zero-division]: division by zero
      %% raw
      anything
      """
    return [Array(own.utf8)] + parts
  }

  /// Lessons of few questions each, among them one of every kind.
  private static var lessons: [[UInt8]] {
    let bytes = (try? Fixture.bytes("../../Notebooks/08_questionnaire.collab")) ?? []
    let questions = String(decoding: bytes, as: UTF8.self).split(separator: "\n%% q ")
      .dropFirst().map { "%% q \($0)\n" }
    let own = """
      %% md id=top
      # A lesson
      Some prose.
      %% code id=one
      x = 1 + 1; x
      #> 2
      %% q id=a kind=number
      What is 1 + 1?
      right: 2 ± 0.1
      wrong: 3 — too many
      answer: 1 + 1
      %% q id=b kind=run
      Make `z`.
      answer:
          z = 3
      check: z == 3
      hint: a name and `=`
      %% q id=c kind=choice
      Which?
      right: two — yes
      wrong: one — no

      """
    return
      ([own]
      + stride(from: 0, to: questions.count, by: 3).map {
        own.prefix(60) + "\n" + questions[$0..<min($0 + 3, questions.count)].joined()
      }).map { Array($0.utf8) }
  }

  private static let dataFiles: [[UInt8]] =
    [
      ratings, "1\t10\t4\t881250949\n2\t11\t5\t881250950\n2\t10\t3\t881250951\n",
      "1::10::4::881250949\n2::11::5::881250950\n", "a;b;c\n1,5;2;x\n2,5;3;y\n",
      "ISBN;\"User-ID\";\"Book-Rating\"\n\"0345\";1;0\n\"0346\";2;5\n",
      "{\"a\": 1}\n", "user\ta\tb\n1\t4\t\n2\t\t5\n", "a b  c\n1 2  3\n", "\u{FEFF}a,b\r\n1,2\r\n",
    ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x62, 0, 0x0A, 0]]

  private static let argumentLists = [
    "-c\n1 + 1", "run\nx.collab", "check\n--no-safe\nx.collab", "fmt\nx.collab",
    "html\nx.collab\n-o\n-",
    "ipynb\n--no-run\nx.collab\n-o\n-", "ipynb\n--import\nx.collab\n-o\n-",
    "teach\n--auto\nx.collab",
    "--seed\n3\n-c\nrandn(2)", "--threads\n2\n-c\n1", "--format\njson\n-c\nratings", "help\nfit",
    "run\n--set\nx=3\n--from\na\n--until\nb\n--timings\nx.collab", "record\n--force\nx.collab",
    "--data\n.\n-c\nload", "--version", "help\n--markdown", "-c\n-5",
    "--color\nalways\n-c\nhead ratings",
  ].map { Array($0.utf8) }

  private static func notebook(_ script: [UInt8], _ folder: String) -> [UInt8]? {
    let session = FuzzSession(folder: folder)
    let source = Source(bytes: script, name: "a.collab")
    guard let played = try? session.session.play(file: source, runs: false),
      let text = try? played.jupyter()
    else { return nil }
    return Array(text.utf8)
  }
}
