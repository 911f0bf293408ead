import FuzzCases
import Glibc
import TestSupport

/// Presses Ctrl-C while long statements run, and measures what the program still takes of the processor
/// until it has ended.
///
/// Each must end with the message that it was interrupted, and with 130.
struct InterruptTrial {
  private let folder: TemporaryFolder
  private let program: FuzzProgram

  /// A statement that takes long, and what comes before.
  private struct Work {
    let name: String
    let preparation: String
    let statement: String
  }

  /// Seconds after which the interrupt comes.
  private static let delays = [0.02, 0.2, 0.5, 1, 2]
  private static let ratingCount = 3_000_000

  private static let table = """
    n = \(ratingCount); a = np.array(randint(0, 1000, (n,)))
    b = np.array(randint(0, 100000, (n,))); c = np.array(rand(n))
    t = pd.DataFrame({'a': a, 'b': b, 'c': c})

    """
  private static let numbers = "x = rand(10**8)\n"
  private static let ratings = "load ratings.csv\n"
  private static let loaders = ratings + "dataloaders\n"

  private static let works: [Work] =
    [
      ("sort_values", table, "x = t.sort_values('c')"),
      ("groupby", table, "x = t.groupby('b').agg({'c': 'mean', 'a': 'max'})"),
      ("value_counts", table, "x = t.b.value_counts()"),
      ("merge", table, "x = t.merge(t.head(100000), on='b')"),
      ("pivot_table", table, "x = t.pivot_table(index='a', columns='b', values='c')"),
      ("drop_duplicates", table, "x = t.drop_duplicates(['a', 'b'])"),
      ("describe", table, "x = t.describe()"),
      ("to_csv", table, "t.to_csv('out.csv')"),
      ("randperm", "", "x = randperm(10**8)"),
      ("randn", "", "x = randn(10**8)"),
      ("sort", numbers, "y = x.sort()"),
      ("unique", numbers, "y = x.unique()"),
      ("median", numbers, "y = x.median()"),
      ("quantile", numbers, "y = x.quantile(0.9)"),
      ("max", numbers, "y = x.max(dim=0)"),
      ("cumsum", numbers, "y = x.cumsum(0)"),
      ("histc", numbers, "y = x.histc(100)"),
      ("std", numbers, "y = x.std()"),
      ("comparison", numbers, "y = (x > 0.5).sum()"),
      ("exp", numbers, "y = x.exp()"),
      ("tolist", "x = rand(10**7)\n", "y = x.tolist()"),
      ("sorted", "x = rand(10**7).tolist()\n", "y = sorted(x)"),
      ("matmul", "x = rand(4000, 4000)\n", "y = x @ x"),
      ("run", "", "run cells.collab"),
      ("load", "", "load ratings.csv"),
      ("dataloaders", ratings, "dataloaders"),
      ("lr_find", loaders + "learner dotbias\n", "lr_find"),
      ("evaluate", loaders + "learner popular; fit\n", "evaluate"),
      ("recommend all", loaders + "learner popular; fit\n", "x = recommend all n=10"),
      ("save_learner", loaders + "learner dotbias factors=200\n", "save_learner m.safetensors"),
    ].map { Work(name: $0, preparation: $1, statement: $2) }
    + ["ease", "itemknn", "bayes", "als", "ials"].map { model in
      Work(name: "fit of \(model)", preparation: loaders + "learner \(model)\n", statement: "fit")
    }
    + ["dotbias", "nn"].map { model in
      Work(
        name: "fit of \(model)", preparation: loaders + "learner \(model)\n",
        statement: "fit 1 5e-3")
    }

  /// A trial in a folder of its own; nil if there is no program beside this one.
  init?() {
    guard let folder = try? TemporaryFolder(), chdir(folder.path) == 0,
      let program = FuzzProgram(folder: folder.path)
    else { return nil }
    (self.folder, self.program) = (folder, program)
  }

  /// Interrupts each statement, or those with some names, and prints a table.
  ///
  /// - Returns: whether all have said that they were interrupted.
  func run(only names: [String]) -> Bool {
    writeRatings()
    writeCells()
    var isGood = true
    say("| What runs | Interrupts | Seconds until the end, at most |")
    say("| --- | --- | --- |")
    for work in Self.works where names.isEmpty || names.contains(work.name) {
      var (times, problems): ([Double], [String]) = ([], [])
      trials: for delay in Self.delays {
        switch interrupt(work, after: delay) {
        case .ended(let seconds): times.append(seconds)
        case .wasDone: break trials
        case .problem(let problem): problems.append("after \(delay) s \(problem)")
        }
      }
      let most = times.max().map { "\(($0 * 100).rounded(.up) / 100)" } ?? "–"
      say("| \(work.name) | \(times.count) | \(most) |")
      for problem in problems { say("  \(problem)") }
      isGood = isGood && problems.isEmpty
    }
    return isGood
  }

  private enum Outcome {
    /// It has said that it was interrupted, after so many seconds of the processor.
    case ended(Double)
    /// It had come to its end before.
    case wasDone
    case problem(String)
  }

  private func interrupt(_ work: Work, after delay: Double) -> Outcome {
    let text = work.preparation + "print('be' + 'gin')\n\(work.statement)\nprint('do' + 'ne')\n"
    guard let child = InterruptedChild(program.path, ["-c", text], home: folder.path) else {
      return .problem("it does not start")
    }
    guard child.read(until: "begin", within: 300) else {
      return .problem("its preparation fails: \(child.output.suffix(300))")
    }
    guard !child.read(until: "done", within: delay) else {
      _ = child.end(within: 60)
      return .wasDone
    }
    let before = child.processorTime
    kill(child.process, SIGINT)
    guard let end = child.end(within: 60) else { return .problem("it comes to no end") }
    guard end.status == 130 << 8, child.output.contains("interrupted") else {
      // It may have come to its end just before.
      return child.output.contains("done")
        ? .wasDone : .problem("it ends with \(end.status): \(child.output.suffix(300))")
    }
    return .ended(max(end.processorTime - before, 0))
  }

  /// A script of many cells, which takes longer to read than to run.
  private func writeCells() {
    guard let file = fopen("\(folder.path)/cells.collab", "w") else { return }
    defer { fclose(file) }
    for number in 0..<200_000 { fputs("%% id=c\(number)\nx = [\(number), [1, 2][0]]\n", file) }
  }

  /// Many ratings of few items by many, which follow from nothing but their number.
  private func writeRatings() {
    guard let file = fopen("\(folder.path)/ratings.csv", "w") else { return }
    defer { fclose(file) }
    fputs("user,item,rating\n", file)
    var random = FuzzRandom(seed: 1, number: 0)
    for _ in 0..<Self.ratingCount {
      let (user, item) = (random.next(), random.next())
      // Some items have many ratings.
      let popular = min(item & 0xFFFF, item >> 32 & 0xFFFF) % 9000
      fputs("\(user % 30_000),\(popular),\((user >> 32) % 5 + 1)\n", file)
    }
  }
}

/// The program while it runs a statement, and what it has written.
private final class InterruptedChild {
  let process: pid_t
  private(set) var output = ""
  private let pipeEnd: Int32

  init?(_ path: String, _ words: [String], home: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    pipeEnd = ends[0]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    let arguments = ([path] + words).map { strdup($0) }
    let variables = [strdup("HOME=\(home)"), strdup("PATH=/proc/nonexistent")]
    defer { for copy in arguments + variables { free(copy) } }
    var child = pid_t()
    let failure = posix_spawn(&child, path, &actions, nil, arguments + [nil], variables + [nil])
    close(ends[1])
    process = child
    guard failure == 0 else {
      close(pipeEnd)
      return nil
    }
  }

  deinit { close(pipeEnd) }

  /// Reads until a word was written, for some seconds at most.
  ///
  /// - Returns: whether it was.
  func read(until word: String, within seconds: Double) -> Bool {
    let end = FuzzDriver.now + seconds
    while !output.contains(word) {
      let left = end - FuzzDriver.now
      guard left > 0, readOnce(within: left) else { return false }
    }
    return true
  }

  /// The seconds of the processor that it has taken so far.
  var processorTime: Double {
    let line = String(decoding: FuzzWorker.bytes(of: "/proc/\(process)/stat"), as: UTF8.self)
    // The name of the program, in parentheses, may have spaces.
    let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Reads to its end, or kills it after some seconds.
  ///
  /// - Returns: what it ended with, and its time on the processor; nil if it was killed.
  func end(within seconds: Double) -> (status: Int32, processorTime: Double)? {
    let end = FuzzDriver.now + seconds
    while FuzzDriver.now < end, readOnce(within: end - FuzzDriver.now) {}
    let isLate = FuzzDriver.now >= end
    if isLate { kill(process, SIGKILL) }
    var (status, usage) = (Int32(0), rusage())
    while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let time = [usage.ru_utime, usage.ru_stime].reduce(0) { sum, part in
      sum + Double(part.tv_sec) + Double(part.tv_usec) * 1e-6
    }
    return isLate ? nil : (status, time)
  }

  /// - Returns: whether there may be more.
  private func readOnce(within seconds: Double) -> Bool {
    var descriptor = pollfd(fd: pipeEnd, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, Int32(min(seconds, 1) * 1000) + 1) > 0 else { return true }
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = Glibc.read(pipeEnd, &chunk, chunk.count)
    guard count > 0 else { return false }
    output += String(decoding: chunk[..<count], as: UTF8.self)
    return true
  }
}
