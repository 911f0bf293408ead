public import CollabFiles
import FoundationEssentials

/// The kernel as Jupyter finds it: a folder with a description and a file in Python.
///
/// Source: jupyter_client, "Kernel specs"; jupyter_core, `jupyter_data_dir`.
public struct JupyterKernel {
  /// Where it is.
  public let folder: String

  /// A kernel of an environment.
  public init(prefix: String) { folder = prefix + "/share/jupyter/kernels/collab" }

  /// A kernel of a user; nil if the environment, which `variable` looks up, names no place.
  public init?(userWith variable: (String) -> String?) {
    func path(_ name: String) -> String? { variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let data =
      path("JUPYTER_DATA_DIR") ?? path("XDG_DATA_HOME").map { $0 + "/jupyter" }
      ?? path("HOME").map { $0 + "/.local/share/jupyter" }
    guard let data else { return nil }
    folder = data + "/kernels/collab"
  }

  /// Whether it is there.
  public var isInstalled: Bool { Files.exists(description) }

  private var description: String { folder + "/kernel.json" }
  private var script: String { folder + "/collab_kernel.py" }

  /// Writes the files, in the place of older ones.
  ///
  /// - Parameters:
  ///   - program: the path of `collab`.
  ///   - python: the Python that has ipykernel.
  /// - Throws: why the system does not.
  public func install(program: String, python: String) throws(FileError) {
    try Files.makeFolders(for: script)
    try Files.replace(script, with: PackageResources.collab_kernel_py)
    let spec = KernelDescription(
      argv: [python, script, "-f", "{connection_file}"], env: ["COLLAB_PROGRAM": program])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(spec) else {
      preconditionFailure("a description is made of texts")
    }
    try Files.replace(description, with: [UInt8](data) + [UInt8(ascii: "\n")])
  }

  /// Removes the files, and the folder if nothing else is in it.
  ///
  /// - Throws: why the system does not.
  public func remove() throws(FileError) {
    try Files.remove(description)
    try Files.remove(script)
    try Files.removeFolder(folder)
  }
}

/// What `kernel.json` says.
private struct KernelDescription: Encodable {
  let argv: [String]
  var displayName = "Collab"
  var language = "collab"
  var interruptMode = "signal"
  let env: [String: String]

  enum CodingKeys: String, CodingKey {
    case argv, language, env
    case displayName = "display_name"
    case interruptMode = "interrupt_mode"
  }
}
