import ArgumentParser
import Collab
import CollabFiles
import CollabNotebook

/// Whether what somebody else wrote may name any file.
struct SafetyOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Let statements read and write only files in the folder of the script, and run no others.",
      discussion: "That is so for check and for teach FILE unless --no-safe is given."))
  var safe: Bool?

  /// Those of a prompt, where nothing was said: property wrappers have no value before they parse.
  static var usual: SafetyOptions {
    var options = SafetyOptions()
    options.safe = nil
    return options
  }

  /// Keeps the statements of a file to its folder, if that is asked for.
  ///
  /// - Parameters:
  ///   - program: whose session runs them.
  ///   - file: the file; `-` is standard input, for which the working folder counts.
  ///   - command: the subcommand, for the line that allows more.
  ///   - isUsual: whether it is so without an option.
  func confine(_ program: Program, to file: String, _ command: String, usually isUsual: Bool) {
    guard safe ?? isUsual else { return }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    // Names in a script count from where it lies, wherever it is looked at from.
    if !folder.isEmpty { program.session.dataSearch.workingFolder = folder }
    program.session.dataSearch.boundary = FileBoundary(
      folder: folder, advice: "`collab \(command) --no-safe \(Shell.quoted(file))`")
  }
}
