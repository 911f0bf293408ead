#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Unpacks `.gz` and `.zip` with the programs of the machine, for as long as they are read.
public struct Unpacker: Sendable {
  /// The environment variables: where programs are, and where temporary files go.
  let environment: [String: String]
  /// Asked while a program runs: whether the user wants to stop it.
  let isInterrupted: @Sendable () -> Bool

  /// An unpacker in a world described by its arguments.
  public init(
    environment: [String: String] = [:], isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.environment = environment
    self.isInterrupted = isInterrupted
  }

  private enum Kind: String {
    case gzip
    case unzip
  }

  /// Calls `body` with the path of a file that is not packed: the file itself, or what is in it.
  ///
  /// A zip archive of several files becomes a folder, if that is taken. What was unpacked is gone
  /// afterwards.
  ///
  /// - Throws: what `body` throws, or `DataError.cannotUnpack`.
  public func withPlainFile<Result>(
    _ path: String, takesFolder: Bool = true, _ body: (_ plain: String) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    guard let kind = Self.kind(of: path) else { return try body(path) }
    let name = FileSystem.lastComponent(path)
    guard let program = ChildProcess.find(kind.rawValue, in: environment["PATH"]) else {
      throw .cannotUnpack(name, reason: "\(kind.rawValue) is not installed")
    }
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let work = try FileSystem.makeTemporaryFolder(like: base + "/collab-unpack")
    defer { FileSystem.removeFolder(work) }
    let content = work + "/content"
    try FileSystem.makeFolders(content)
    switch kind {
    case .gzip:
      let plain = content + "/" + (name.hasSuffix(".gz") ? String(name.dropLast(3)) : name)
      try run(program, ["-dc", "--", path], named: name, in: work, output: plain)
      return try body(plain)
    case .unzip:
      try run(program, ["-qq", "-o", path, "-d", content], named: name, in: work)
      let plain = Self.inside(content)
      if !takesFolder, FileSystem.isFolder(plain) {
        let names = FileSystem.names(in: plain).joined(separator: ", ")
        throw .cannotUnpack(
          name, reason: "it holds several files, of which one can be read: \(names)")
      }
      return try body(plain)
    }
  }

  /// The packed kind that the first bytes of a file tell; a pipe is not looked into.
  private static func kind(of path: String) -> Kind? {
    guard FileSystem.isRegularFile(path), let start = FileSystem.start(of: path) else { return nil }
    if start.starts(with: [0x1F, 0x8B]) { return .gzip }
    return start.starts(with: Array("PK\u{3}\u{4}".utf8)) ? .unzip : nil
  }

  /// The only file of a folder, or the first folder down that has several.
  private static func inside(_ folder: String) -> String {
    let names = FileSystem.names(in: folder).filter { $0 != "__MACOSX" }
    guard names.count == 1 else { return folder }
    let only = folder + "/" + names[0]
    return FileSystem.isFolder(only) ? inside(only) : only
  }

  private func run(
    _ program: String, _ arguments: [String], named name: String, in work: String,
    output: String = "/dev/null"
  ) throws(DataError) {
    let log = work + "/log"
    let child = ChildProcess(
      program: program, arguments: arguments, environment: environment, log: log, output: output,
      isInterrupted: isInterrupted)
    switch child.run() {
    case .exited(0): return
    case .interrupted: throw .interrupted
    case .exited(let status):
      let said = FileSystem.text(of: log).flatMap {
        $0.split(separator: "\n").last.map(String.init)
      }
      throw .cannotUnpack(name, reason: said ?? "it ended with status \(status)")
    case .killed(let signal):
      throw .cannotUnpack(name, reason: "it was ended by signal \(signal)")
    case .notStarted(let reason): throw .cannotUnpack(name, reason: reason)
    }
  }
}
