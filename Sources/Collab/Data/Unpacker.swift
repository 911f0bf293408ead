#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
public import CollabTables

/// Unpacks `.gz` and `.zip` with the programs of the machine, for as long as they are read.
///
/// What is in a packed file is read as it comes out of it: it is never whole on a disk or in memory, unless an
/// archive has several files.
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

  /// What there is at a path.
  public enum Content {
    /// A file, be it packed or not.
    case file(DelimitedFile)
    /// A folder, or what was one in an archive.
    case folder(String)
  }

  private enum Kind: String {
    case gzip
    case unzip
  }

  /// Calls `body` with what there is at a path, unpacked.
  ///
  /// A zip archive of several files becomes a folder, if that is taken, which is gone afterwards.
  ///
  /// - Parameters:
  ///   - path: a file or a folder.
  ///   - takesFolder: whether an archive may hold several files.
  ///   - observer: is asked now and then whether to go on.
  ///   - body: what is done with it.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws, `DataError.table`, or `DataError.cannotUnpack`.
  public func withContent<Result>(
    of path: String, takesFolder: Bool = true, observer: ReadObserver? = nil,
    _ body: (_ content: Content) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    guard let kind = Self.kind(of: path) else {
      return try body(
        FileSystem.isFolder(path)
          ? .folder(path)
          : .file(
            wrappingTableErrors { () throws(TableError) in
              try DelimitedFile(path, observer: observer)
            }))
    }
    let name = FileSystem.lastComponent(path)
    guard let program = ChildProcess.find(kind.rawValue, in: environment["PATH"]) else {
      throw .cannotUnpack(name, reason: "\(kind.rawValue) is not installed")
    }
    switch kind {
    case .gzip:
      let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      return try body(.file(stream(program, ["-dc", "--", path], packed: name, plain: plain)))
    case .unzip:
      if let member = try onlyMember(program, of: path, named: name) {
        let plain = FileSystem.lastComponent(member)
        return try body(
          .file(
            stream(
              program, ["-p", path, Self.pattern(of: member)], packed: name, plain: plain)))
      }
      return try withFolder(program, path, named: name, takesFolder: takesFolder, body)
    }
  }

  /// The packed kind that the first bytes of a file tell; a pipe is not looked into.
  private static func kind(of path: String) -> Kind? {
    guard FileSystem.isRegularFile(path), let start = FileSystem.start(of: path) else { return nil }
    if start.starts(with: [0x1F, 0x8B]) { return .gzip }
    return start.starts(with: Array("PK\u{3}\u{4}".utf8)) ? .unzip : nil
  }
}

// MARK: - As it comes
extension Unpacker {
  /// A file that comes out of a program, each time it is read.
  private func stream(
    _ program: String, _ arguments: [String], packed: String, plain: String
  ) throws(DataError) -> DelimitedFile {
    let (unpacker, base) = (self, temporaryBase)
    do throws(TableError) {
      return try DelimitedFile(named: plain) { () throws(TableError) in
        let folder: String
        do throws(DataError) {
          folder = try FileSystem.makeTemporaryFolder(like: base)
        } catch {
          throw .notUnpacked(packed, reason: "\(error)")
        }
        return try ChildOutput(program, arguments, named: packed, by: unpacker, in: folder)
      }
    } catch {
      if case .notUnpacked(let name, let reason) = error {
        throw .cannotUnpack(name, reason: reason)
      }
      throw error == .interrupted ? .interrupted : .table(error)
    }
  }

  private var temporaryBase: String {
    (environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp") + "/collab-unpack"
  }

  /// The name of the only file of an archive; nil if it has several.
  private func onlyMember(
    _ program: String, of path: String, named name: String
  ) throws(DataError) -> String? {
    let work = try FileSystem.makeTemporaryFolder(like: temporaryBase)
    defer { FileSystem.removeFolder(work) }
    let list = work + "/list"
    try run(program, ["-Z1", path], named: name, in: work, output: list)
    let names = (FileSystem.text(of: list) ?? "").split(separator: "\n").filter {
      !$0.hasSuffix("/") && !$0.hasPrefix("__MACOSX/")
    }
    return names.count == 1 ? names.first.map(String.init) : nil
  }

  /// A pattern of `unzip` that only this name fits.
  private static func pattern(of name: String) -> String {
    String(name.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
  }
}

// MARK: - Several files
extension Unpacker {
  private func withFolder<Result>(
    _ program: String, _ path: String, named name: String, takesFolder: Bool,
    _ body: (_ content: Content) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    let work = try FileSystem.makeTemporaryFolder(like: temporaryBase)
    defer { FileSystem.removeFolder(work) }
    let content = work + "/content"
    try FileSystem.makeFolders(content)
    try run(program, ["-qq", "-o", path, "-d", content], named: name, in: work)
    let plain = Self.inside(content)
    guard takesFolder else {
      let names = FileSystem.names(in: plain).joined(separator: ", ")
      throw .cannotUnpack(
        name, reason: "it holds several files, of which one can be read: \(names)")
    }
    return try body(.folder(plain))
  }

  /// The first folder down that has several files.
  private static func inside(_ folder: String) -> String {
    let names = FileSystem.names(in: folder).filter { $0 != "__MACOSX" }
    guard names.count == 1, case let only = folder + "/" + names[0], FileSystem.isFolder(only)
    else { return folder }
    return inside(only)
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
