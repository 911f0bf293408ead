internal import CollabFiles

/// Fetches MovieLens 100K once, with the programs a system has for it.
///
/// The archive is fetched and unpacked in a new folder beside the final place, checked, and only then
/// moved there: the final place holds all of it or nothing.
struct Download {
  /// Why a download came to nothing.
  enum Failure: Error {
    /// It can be told in half a sentence.
    case reason(String)
    case data(DataError)
  }

  /// Where the archive is: an address that `curl` or `wget` understands.
  let address: String
  /// The folder that holds data sets.
  let cacheFolder: String
  /// What the archive must hold.
  let files: [KnownFile]
  let environment: [String: String]
  /// Is told how many bytes have come, of how many.
  let observer: ((_ done: Int, _ total: Int) -> Void)?
  let isInterrupted: @Sendable () -> Bool

  /// Fetches, unpacks and checks the archive.
  ///
  /// - Returns: the folder with the files of MovieLens 100K.
  func run() throws(Failure) -> String {
    let final = cacheFolder + "/ml-100k"
    let work: String
    do {
      try FileSystem.makeFolders(cacheFolder)
      work = try FileSystem.makeTemporaryFolder(like: cacheFolder + "/.ml-100k")
    } catch { throw .data(error) }
    defer { FileSystem.removeFolder(work) }
    try fetch(into: work)
    try unpack(in: work)
    do {
      for file in files { try file.verify(in: work + "/ml-100k") }
      // Somebody else may have been faster; theirs is as good.
      if !MovieLens.is100K(final) { try FileSystem.move(work + "/ml-100k", to: final) }
    } catch { throw .data(error) }
    return final
  }

  /// The address of the archive behind `COLLAB_MIRROR`: itself a zip, or the folder above.
  static func address(mirror: String?) -> String {
    guard let mirror, !mirror.isEmpty else { return MovieLens.archiveAddress }
    if mirror.hasSuffix(".zip") { return mirror }
    return mirror + (mirror.hasSuffix("/") ? "" : "/") + "ml-100k.zip"
  }

  private func fetch(into folder: String) throws(Failure) {
    let archive = folder + "/ml-100k.zip"
    let path = environment["PATH"]
    if let curl = ChildProcess.find("curl", in: path) {
      try run(
        curl,
        [
          "--fail", "--location", "--connect-timeout", "20", "--silent", "--show-error", "--output",
          archive, "--", address,
        ], in: folder, watching: archive)
    } else if let wget = ChildProcess.find("wget", in: path) {
      try run(
        wget, ["-nv", "--tries=2", "--timeout=20", "-O", archive, "--", address], in: folder,
        watching: archive)
    } else {
      throw .reason("neither curl nor wget is installed")
    }
  }

  private func unpack(in folder: String) throws(Failure) {
    guard let unzip = ChildProcess.find("unzip", in: environment["PATH"]) else {
      throw .reason("unzip is not installed")
    }
    try run(unzip, ["-q", "-o", folder + "/ml-100k.zip", "-d", folder], in: folder)
  }

  private func run(
    _ program: String, _ arguments: [String], in folder: String, watching file: String? = nil
  ) throws(Failure) {
    let log = folder + "/log"
    let child = ChildProcess(
      program: program, arguments: arguments, environment: environment, log: log,
      isInterrupted: isInterrupted)
    let ending = child.run {
      guard let file, let observer, let size = FileSystem.size(of: file) else { return }
      observer(size, max(size, MovieLens.archiveSize))
    }
    switch ending {
    case .exited(0): return
    case .interrupted: throw .data(.interrupted)
    case .exited(let status):
      let said = FileSystem.text(of: log).flatMap {
        $0.split(separator: "\n").last.map(String.init)
      }
      throw .reason(said ?? "\(FileSystem.lastComponent(program)) ended with status \(status)")
    case .killed(let signal):
      throw .reason("\(FileSystem.lastComponent(program)) was ended by signal \(signal)")
    case .notStarted(let reason): throw .reason("cannot start \(program): \(reason)")
    }
  }
}

// MARK: - Is it the right one?

/// A file that is known to the last byte.
package struct KnownFile: Sendable {
  /// Its name in the folder.
  let name: String
  /// How many bytes it has.
  let size: Int
  /// Their SHA-256 digest.
  let digest: String

  /// A file that is known.
  package init(_ name: String, size: Int, digest: String) {
    (self.name, self.size, self.digest) = (name, size, digest)
  }

  /// Looks whether a folder has it.
  ///
  /// - Throws: `DataError.badArchive`.
  func verify(in folder: String) throws(DataError) {
    guard let bytes = try? Files.read(folder + "/" + name) else {
      throw .badArchive("it has no \(name)")
    }
    guard bytes.count == size else {
      throw .badArchive("\(name) has \(bytes.count) bytes instead of \(size)")
    }
    let found = SHA256.hex(of: bytes)
    guard found == digest else {
      throw .badArchive("the SHA-256 digest of \(name) is \(found) instead of \(digest)")
    }
  }
}

extension MovieLens {
  /// What is read of MovieLens 100K.
  static let files = [
    KnownFile(
      "u.data", size: 1_979_173,
      digest: "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490"),
    KnownFile(
      "u.item", size: 236_344,
      digest: "553841ebc7de3a0fd0d6b62a204ea30c1e651aacfb2814c7a6584ac52f2c5701"),
  ]
}
