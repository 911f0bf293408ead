import ArgumentParser
import CollabFiles
import CollabProtocol
import Glibc

/// `collab jupyter`: the kernel for Jupyter and all that speaks to kernels.
struct Jupyter: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make Jupyter know collab as a language, or forget it again.",
    subcommands: [Install.self, Remove.self])

  struct Install: ProgramCommand {
    static let configuration = CommandConfiguration(
      abstract: "Install the kernel.",
      discussion: """
        The kernel is a small file in Python, which needs the package ipykernel, and runs this \
        program. Install it again when this program has moved.
        """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: KernelPlace

    @Option(
      help: ArgumentHelp(
        "The Python that has ipykernel; that of --prefix, or python3, if it is left out.",
        valueName: "PROGRAM"))
    var python: String?

    func run() throws {
      let python = python ?? place.python
      let check = "\(Shell.quoted(python)) -c 'import ipykernel' >/dev/null 2>&1"
      guard Glibc.system(check) == 0 else {
        throw ProgramFailure(
          lines: [
            "error[no-ipykernel]: `\(python)` has no ipykernel",
            "  help: \(Shell.quoted(python)) -m pip install ipykernel",
            "  help: --python PROGRAM names another Python",
          ], exit: .failure)
      }
      let kernel = try place.kernel()
      try kernel.blaming { () throws(FileError) in
        try kernel.install(program: CollabProgram.path, python: python)
      }
      Console.say("installed \(kernel.folder)")
    }
  }

  struct Remove: ProgramCommand {
    static let configuration = CommandConfiguration(abstract: "Remove the kernel.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: KernelPlace

    func run() throws {
      let kernel = try place.kernel()
      guard kernel.isInstalled else { return Console.say("there is none in \(kernel.folder)") }
      try kernel.blaming { () throws(FileError) in try kernel.remove() }
      Console.say("removed \(kernel.folder)")
    }
  }
}

/// Where a kernel is.
struct KernelPlace: ParsableArguments {
  @Flag(help: "For this user, which is usual.")
  var user = false

  @Option(
    help: ArgumentHelp(
      "In an environment, such as one that python -m venv made, or in /usr/local.",
      valueName: "DIR"))
  var prefix: String?

  func validate() throws {
    if user, prefix != nil { throw ValidationError("--user and --prefix cannot go together") }
  }

  /// - Throws: ``ProgramFailure`` if nobody knows where the user's own things are.
  func kernel() throws -> JupyterKernel {
    let variable = { (name: String) in getenv(name).map { String(cString: $0) } }
    if let prefix { return JupyterKernel(prefix: prefix) }
    guard let kernel = JupyterKernel(userWith: variable) else {
      throw ProgramFailure(
        lines: ["error: HOME is not set", "  help: --prefix DIR names a place"], exit: .failure)
    }
    return kernel
  }

  /// The Python of the environment, or the usual one.
  var python: String {
    guard let prefix, access("\(prefix)/bin/python3", X_OK) == 0 else { return "python3" }
    return "\(prefix)/bin/python3"
  }
}

extension JupyterKernel {
  /// Runs something; what the system refuses ends the program with a message.
  fileprivate func blaming(_ body: () throws(FileError) -> Void) throws {
    do throws(FileError) { try body() } catch {
      throw ProgramFailure(
        lines: ["error[cannot-write]: `\(folder)`: \(error.reason)"], exit: .failure)
    }
  }
}
