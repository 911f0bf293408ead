internal import CollabMemory

/// A job that `spark-submit` runs.
struct SparkRun {
  let settings: SparkSettings
  /// The hand-off.
  let folder: String
  /// Finds what the job prints when it tells how far it has come.
  private static let mark = "collab-progress "
  /// How many of the last lines of a log are shown.
  private static let shownLines = 3

  /// Runs the job to its end.
  ///
  /// - Parameter goesOn: is told now and then how much of it is done, from 0 to 1, and says whether to
  ///   go on.
  /// - Returns: whether it came to its end; false if it was stopped.
  /// - Throws: ``SparkError``.
  func run(while goesOn: @escaping (Double) -> Bool) throws(SparkError) -> Bool {
    try settings.requireKnownMaster()
    let master = SparkMaster(text: settings.master)
    let program = try program()
    guard master.answers else { throw .noMaster(settings.master) }
    let isStopped = Flag()
    let output = folder + "/output"
    let child = ChildProcess(
      program: program, arguments: arguments(master), environment: environment(program),
      log: folder + "/log", output: output, isInterrupted: { isStopped.isSet }, leadsGroup: true)
    let ending = child.run {
      let done = FileSystem.end(of: output).flatMap { Self.progress(in: $0) } ?? 0
      if !goesOn(done) { isStopped.isSet = true }
    }
    switch ending {
    case .exited(0): return true
    case .interrupted: return false
    case _ where isStopped.isSet: return false
    case .notStarted(let reason): throw .jobFailed(saying: [reason], folder: folder)
    case .killed(let signal):
      throw .jobFailed(saying: ["it was ended by signal \(signal)"], folder: folder)
    case .exited: throw failure(FileSystem.end(of: folder + "/log") ?? "")
    }
  }

  private func arguments(_ master: SparkMaster) -> [String] {
    var words = ["--master", master.text, "--conf", "spark.ui.enabled=false"]
    if master.isLocal {
      // Spark's own gigabyte is too little for tens of millions of ratings.
      let megabytes = min(max(AvailableMemory.byteCount >> 21, 512), 16 << 10)
      words += ["--driver-memory", "\(megabytes)m"]
    }
    return words + [folder + "/job.py", "--progress", "1"]
  }

  /// The environment, with the Python of an environment that Spark was installed in.
  private func environment(_ program: String) -> [String: String] {
    var environment = settings.environment
    let python = program.dropLast("spark-submit".count) + "python3"
    if environment["PYSPARK_PYTHON"] == nil, FileSystem.isExecutableFile(String(python)) {
      environment["PYSPARK_PYTHON"] = String(python)
    }
    return environment
  }

  /// Why a job failed, by what it said last.
  private func failure(_ said: String) -> SparkError {
    let signs = [
      "JAVA_HOME is not set", "java: not found", "java: command not found",
      "JAVA_GATEWAY_EXITED", "UnsupportedClassVersionError",
    ]
    if signs.contains(where: said.contains) { return .noJava }
    if let module = said.firstRange(of: "No module named '") {
      return .noModule(String(said[module.upperBound...].prefix { $0 != "'" }))
    }
    // Java tells where in its code it was, and Spark that it goes home.
    let lines = said.split(separator: "\n").filter { line in
      !line.hasPrefix("\tat ") && !line.contains(" INFO ") && !line.contains(" WARN ")
    }
    let last = lines.suffix(Self.shownLines).map { String($0.prefix(300)) }
    return .jobFailed(saying: last.isEmpty ? ["it says nothing"] : last, folder: folder)
  }

  /// What the last whole line says of how far the job is.
  private static func progress(in text: String) -> Double? {
    text.split(separator: "\n").last { $0.hasPrefix(mark) }
      .flatMap { Double($0.dropFirst(mark.count)) }
  }

  /// The path of `spark-submit`.
  private func program() throws(SparkError) -> String {
    if let named = settings.program {
      let path = FileSystem.absolute(named, from: ".", home: settings.environment["HOME"])
      guard FileSystem.isExecutableFile(path) else { throw .noProgram(named) }
      return path
    }
    let home = settings.environment["SPARK_HOME"].map { $0 + "/bin" }
    let places = [home, settings.environment["PATH"]].compactMap(\.self).joined(separator: ":")
    guard let found = ChildProcess.find("spark-submit", in: places) else { throw .notInstalled }
    return found
  }

  /// Whether the job is to stop; it is asked and set by one thread.
  private final class Flag: @unchecked Sendable {
    var isSet = false
  }
}
