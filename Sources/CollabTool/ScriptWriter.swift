import CollabLanguage
import CollabFiles
import CollabNotebook
import CollabScripts

/// Rewrites script files: their recorded outputs, or their form.
struct ScriptWriter {
  private let common: CommonOptions
  private let files: [String]

  init(_ common: CommonOptions, _ files: [String]) { (self.common, self.files) = (common, files) }

  /// Runs the files and writes their outputs into them.
  ///
  /// - Throws: ``ProgramFailure`` if a file cannot be read or written.
  func record(isForced: Bool, addsAll: Bool) throws -> Exit {
    guard !files.contains("-") else {
      throw ProgramFailure(
        lines: ["error: standard input cannot be recorded, give the name of a file"], exit: .usage)
    }
    let scripts = try files.map { try Script.read($0, common) }
    var options = ScriptOptions()
    options.records = true
    options.isQuiet = true
    options.keepsGoing = isForced
    var exit = Exit.success
    for script in scripts {
      let program = try common.program(isScript: true)
      let report = ScriptRunner(program.session, options).run(script)
      let name = script.file.source.name
      if report.outcome == .interrupted {
        tell("\(name) was not changed")
        return .interrupted
      }
      if report.hasErrors {
        exit = .failure
        guard isForced else {
          tell("\(name) was not changed\n  help: `--force` records the error as well")
          continue
        }
      }
      let recorded = report.recording(addingAll: addsAll)
      if recorded.bytes != script.file.bytes {
        try SourceFile.replace(name, with: recorded.bytes, over: script.file.bytes)
      }
      say(recorded, of: name)
      if recorded.contradictionCount > 0 { exit = .failure }
    }
    return exit
  }

  private func say(_ recorded: ScriptReport.Recorded, of name: String) {
    let count = recorded.changeCount
    var text = "\(name): " + (count == 0 ? "unchanged" : "\(count) recorded")
    if recorded.contradictionCount > 0 {
      text += ", \(recorded.contradictionCount) not, because of #: empty"
    }
    if !common.quiet { Console.say(text) }
  }

  /// Brings the files into one form.
  ///
  /// - Throws: ``ProgramFailure`` if a file cannot be read or written.
  func format() throws -> Exit {
    let parser = try common.program(isScript: true).session.parser
    var exit = Exit.success
    for script in try files.map({ try Script.read($0, common) }) {
      let name = script.file.source.name
      guard let bytes = script.file.formatted(readBy: parser) else {
        tell("\(name): cannot be formatted without changing what it says")
        exit = .failure
        continue
      }
      if name == "<stdin>" {
        Console.publish(String(decoding: bytes, as: UTF8.self))
      } else if bytes != script.file.bytes {
        try SourceFile.replace(name, with: bytes, over: script.file.bytes)
        if !common.quiet { Console.say("\(name): formatted") }
      }
    }
    return exit
  }

  private func tell(_ text: String) { Console.tell(text) }
}

extension SourceFile {
  /// Writes a file that was read before.
  ///
  /// - Throws: ``ProgramFailure`` if that is not possible, or if the file has changed meanwhile.
  fileprivate static func replace(_ path: String, with bytes: [UInt8], over old: [UInt8]) throws {
    guard try read(path).bytes == old else {
      throw unwritable(path, "it was changed while it ran")
    }
    do throws(FileError) {
      try Files.replace(path, with: bytes)
    } catch {
      throw unwritable(path, error.reason)
    }
  }

  private static func unwritable(_ path: String, _ reason: String) -> ProgramFailure {
    let message = "`\(path)` cannot be written: \(reason)"
    return ProgramFailure(Diagnostic("cannot-write", message), exit: .failure)
  }
}
