import Collab
import CollabLanguage
import CollabDocuments
import FoundationEssentials
import Glibc
import CollabInterpreter
import CollabNotebook
import CollabScripts
import CollabTables
import TestSupport

// MARK: - What a user waits for

extension Bench {
  /// The start of the program, and the chapter from its first cell to its last.
  func starting() throws {
    let empty = try ChildProgram.collab(["-c", ""])
    report("start", "s", try samples(3 * repeats) { try empty.run() }, goal: 0.015, floor: nil)
    let prompts = try (0...(3 * repeats)).map { _ in
      let watch = Stopwatch()
      let terminal = try PseudoTerminal(running: .product("collab"))
      let isShown = terminal.shows("> ")
      let elapsed = watch.elapsed
      guard isShown else { throw ChildProgram.Failure(description: "there was no prompt") }
      terminal.type("\u{4}")
      return (wall: elapsed.wall, processor: 0.0)
    }
    report("prompt", "s", prompts.dropFirst(), goal: 0.05, floor: nil)
  }

  /// A script of 10,000 lines from its bytes to its syntax: formulas of many tokens, and commands.
  func parsing() throws {
    let lines = (0..<2000).map { i in
      """
      v\(i) = (a + \(i)) * b[\(i % 7):\(i % 7 + 3), \(i % 4)] - f(c, d=\(i), e='t\(i)')
      t\(i) = tensor([[\(i), \(i).5], [3, 4]]).sum(dim=\(i % 2)) / max(\(i), b) ** 2 if a > \(i) else None
      z\(i) = {'k\(i)': [p * \(i) + q for p in r if p < \(i)], 'm': (1, 2, \(i))}
      w\(i) = df.groupby('user').agg(['mean', 'count'])['rating'][\(i):\(i + 5)] # note \(i)
      fit 5 5e-3 wd=0.\(i % 9) learn=learn\(i % 3)

      """
    }
    let bytes = Array(lines.joined().utf8)
    let parser = Session.registry.parser()
    let samples = try (0...(10 * repeats)).map { _ in
      let watch = Stopwatch()
      let code = try parser.code(in: Source(bytes: bytes, name: "dense.collab"))
      // Giving the syntax back is no part of reading it.
      return withExtendedLifetime(code) { watch.elapsed }
    }
    report("parse", "s", samples.dropFirst(), goal: 0.05, floor: nil)
  }

  /// The chapter's notebook, all its fits; on invented ratings where MovieLens 100K is missing.
  func chapter() throws {
    let data = dataFolder.map { ["--data", $0] } ?? []
    let chapter = try ChildProgram.collab(
      ["run", "--quiet"] + data + ["Notebooks/08_collab.collab"])
    report("chapter", "s", try samples(repeats) { try chapter.run() }, goal: 4, floor: nil)
  }

  /// From the start of the program to the list of one user of a large model in a file.
  func loading() throws {
    let path = FileManager.default.temporaryDirectory.path + "/collab-\(getpid()).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let learner = try learner(SyntheticRatings.movieLens25M.table(), .collab)
    let summary = try learner.save(to: path)
    let question = try ChildProgram.collab(["-c", "load_learner '\(path)'; recommend 42 n=10"])
    report("load", "s", try samples(4 * repeats) { try question.run() }, goal: 0.05, floor: nil)
    report(
      "load file", "MB", [(wall: Double(summary.byteCount) / 1e6, processor: 0)], goal: nil,
      floor: nil)
    report(
      "load memory", "MB", [(wall: try question.run().peakMegabytes, processor: 0)], goal: nil,
      floor: nil)
  }

  /// Samples of a program, after one for warming up.
  func samples(
    _ count: Int, _ run: () throws -> ChildProgram.Result
  ) throws -> [(wall: Double, processor: Double)] {
    let all = try (0...count).map { _ in
      let result = try run()
      guard result.status == 0 else {
        throw ChildProgram.Failure(description: "left with \(result.status): \(result.output)")
      }
      return (wall: result.wall, processor: result.processor)
    }
    return Array(all.dropFirst())
  }
}

// MARK: - A model of one's own

extension Bench {
  private static let ownModel = """
    load demo
    dls = dataloaders ratings item=title bs=64
    def create_params(size) = Parameter(zeros(*size).normal_(0, 0.01))
    model Own(n_users, n_movies, n_factors, y_range=(0,5.5)) {
        user_factors  = create_params([n_users, n_factors])
        user_bias     = create_params([n_users])
        movie_factors = create_params([n_movies, n_factors])
        movie_bias    = create_params([n_movies])
        forward(x) {
            users  = user_factors[x[:,0]]
            movies = movie_factors[x[:,1]]
            res = (users * movies).sum(dim=1)
            res += user_bias[x[:,0]] + movie_bias[x[:,1]]
            sigmoid_range(res, *y_range)
        }
    }
    built_in = learner dotbias factors=50
    own_model = Own(len(dls.classes['user']), len(dls.classes['title']), 50)
    own = learner own_model
    """

  /// A session with `own`, a learner of a model defined in it, and `built_in`.
  func ownModelSession(output: any Output = EpochTimes()) throws -> Session {
    let session = Session(output: output, dataSearch: DataSearch(workingFolder: "/"))
    try session.run(Source(Self.ownModel))
    return session
  }

  /// A model defined at the prompt beside the built-in one, epoch by epoch in turn.
  func ownModel() throws {
    let times = EpochTimes()
    let session = try ownModelSession(output: times)
    var (own, builtIn) = (
      [(wall: Double, processor: Double)](), [(wall: Double, processor: Double)]()
    )
    for _ in 0..<(repeats + 1) {
      try session.run(Source("fit 2 5e-3 wd=0.1 learn=built_in"))
      builtIn.append(times.last)
      try session.run(Source("fit 2 5e-3 wd=0.1 learn=own"))
      own.append(times.last)
    }
    report("own", "s/epoch", own.dropFirst(), goal: nil, floor: nil)
    report("built-in", "s/epoch", builtIn.dropFirst(), goal: nil, floor: nil)
    let ratios = zip(own, builtIn).dropFirst().map { own, builtIn in
      (wall: own.wall / builtIn.wall, processor: own.processor / builtIn.processor)
    }
    report("own/built-in", "ratio", ratios, goal: 1.1, floor: nil)
  }
}

/// An output that notes how long the last epoch of a fit took.
final class EpochTimes: Output {
  private(set) var last = (wall: 0.0, processor: 0.0)
  private var watch = Stopwatch()

  func write(_ block: Block) {}
  func begin(_ table: LiveTable) { watch = Stopwatch() }
  func append(row cells: [String]) {
    last = watch.elapsed
    watch = Stopwatch()
  }
  func end() {}
  func progress(_ progress: Progress?) {}
}

// MARK: - Reading

extension Bench {
  /// Ratings as a file of MovieLens' newer sets, and `u.data`.
  func reading() throws {
    let path = FileManager.default.temporaryDirectory.path + "/collab-benchmark-\(getpid()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shape =
      isFull
      ? SyntheticRatings.movieLens25M
      : SyntheticRatings(users: 32_508, items: 11_809, ratings: 5_000_000)
    let size = try shape.write(to: path)
    let polars = try peerSamples("read_polars.py", [path])
    if let polars { report("polars read", "s", polars, goal: nil, floor: nil) }
    var rowBytes = 0.0
    let samples = try (0...repeats).map { _ in
      let watch = Stopwatch()
      let table = try DelimitedReader().read(path)
      let elapsed = watch.elapsed
      rowBytes =
        Double(table.columns.map(\.byteCount).reduce(0, +)) / Double(max(table.rowCount, 1))
      return elapsed
    }
    report(
      "read", "s", samples.dropFirst(), goal: polars.map { middle($0.map(\.wall)) }, floor: nil)
    report(
      "read speed", "MB/s", [(wall: size / 1e6 / middle(samples.map(\.wall)), processor: 0)],
      goal: nil, floor: nil)
    report("kept", "bytes/rating", [(wall: rowBytes, processor: 0)], goal: 12, floor: nil)
    guard let folder = dataFolder else { return }
    let known = try peerSamples("read_polars.py", ["\(folder)/u.data"])
    if let known { report("polars u.data", "s", known, goal: nil, floor: nil) }
    var reader = DelimitedReader()
    (reader.delimiter, reader.hasHeader) = ("\t", false)
    let small = try (0...(4 * repeats)).map { _ in
      let watch = Stopwatch()
      _ = try reader.read("\(folder)/u.data")
      return watch.elapsed
    }
    report(
      "u.data", "s", small.dropFirst(), goal: known.map { middle($0.map(\.wall)) }, floor: nil)
  }

  func middle(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }
}
