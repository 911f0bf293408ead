/// A job that `spark-submit` runs.
struct SparkRun {
  let settings: SparkSettings
  /// The hand-off.
  let folder: String
  /// Finds what the job prints when it tells how far it has come.
  private static let mark = "collab-progress "

  /// Runs the job to its end.
  ///
  /// - Parameter goesOn: is told now and then how much of it is done, from 0 to 1, and says whether to
  ///   go on.
  /// - Returns: whether it came to its end; false if it was stopped.
  /// - Throws: ``SparkError``.
  func run(while goesOn: @escaping (Double) -> Bool) throws(SparkError) -> Bool {
    let program = try program()
    let isStopped = Flag()
    let output = folder + "/output"
    let child = ChildProcess(
      program: program,
      arguments: [
        "--master", settings.master, "--conf", "spark.ui.enabled=false", "--conf",
        "spark.sql.shuffle.partitions=\(settings.master.hasPrefix("local") ? 4 : 200)",
        folder + "/job.py",
      ], environment: settings.environment, log: folder + "/log", output: output,
      isInterrupted: { isStopped.isSet })
    let ending = child.run {
      let done = FileSystem.text(of: output).flatMap { Self.progress(in: $0) } ?? 0
      if !goesOn(done) { isStopped.isSet = true }
    }
    switch ending {
    case .exited(0): return true
    case .interrupted: return false
    case _ where isStopped.isSet: return false
    case .notStarted(let reason): throw .jobFailed(saying: reason, folder: folder)
    case .killed(let signal):
      throw .jobFailed(saying: "it was ended by signal \(signal)", folder: folder)
    case .exited:
      let said = FileSystem.text(of: folder + "/log") ?? ""
      if said.contains("JAVA_HOME is not set") || said.contains("java: not found")
        || said.contains("JAVA_GATEWAY_EXITED")
      {
        throw .noJava
      }
      let line = said.split(separator: "\n").last { !$0.hasPrefix("\tat ") } ?? "it says nothing"
      throw .jobFailed(saying: String(line.prefix(300)), folder: folder)
    }
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
