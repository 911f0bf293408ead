import CommandLanguage
import Documents
import Glibc
import Notebook

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
        try FileReplacement(name).write(recorded.bytes, over: script.file.bytes)
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
    if !common.quiet { StandardStream.output.write(text + "\n") }
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
        StandardStream.output.write(String(decoding: bytes, as: UTF8.self))
      } else if bytes != script.file.bytes {
        try FileReplacement(name).write(bytes, over: script.file.bytes)
        if !common.quiet { StandardStream.output.write("\(name): formatted\n") }
      }
    }
    return exit
  }

  private func tell(_ text: String) { StandardStream.error.write(text + "\n") }
}

/// A file that is replaced as a whole: readers see the old bytes or the new ones, never a part.
struct FileReplacement {
  private let path: String

  /// The file at a path; a symbolic link stays one, and the file it leads to is replaced.
  init(_ path: String) {
    let real = realpath(path, nil)
    defer { free(real) }
    self.path = real.map { String(cString: $0) } ?? path
  }

  /// Writes a temporary file beside it, and gives that its name.
  ///
  /// - Throws: ``ProgramFailure`` if that is not possible, or if the file has changed meanwhile.
  func write(_ bytes: [UInt8], over old: [UInt8]) throws {
    guard try SourceFile.read(path).bytes == old else {
      throw failure("it was changed while it ran")
    }
    var template = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    var status = stat()
    let isWritten =
      stat(path, &status) == 0 && fchmod(descriptor, status.st_mode & 0o7777) == 0
      && write(bytes, to: descriptor) && fsync(descriptor) == 0
    let reason = String(cString: strerror(errno))
    close(descriptor)
    guard isWritten, rename(template, path) == 0 else {
      let reason = isWritten ? String(cString: strerror(errno)) : reason
      unlink(template)
      throw failure(reason)
    }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return false }
      rest = rest.dropFirst(max(0, count))
    }
    return true
  }

  private func failure(_ reason: String) -> ProgramFailure {
    let message = "`\(path)` cannot be written: \(reason)"
    return ProgramFailure(lines: Diagnostic("no-file", message).lines(for: .file), exit: .failure)
  }
}
