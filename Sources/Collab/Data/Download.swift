/// Fetches a data set once, with the programs a system has for it.
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

  let dataSet: KnownDataSet
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

  /// Fetches from the set's own address, or from a mirror: itself a zip, or the folder above.
  init(
    of dataSet: KnownDataSet, mirror: String?, cacheFolder: String, files: [KnownFile],
    environment: [String: String],
    observer: ((_ done: Int, _ total: Int) -> Void)?, isInterrupted: @escaping @Sendable () -> Bool
  ) {
    self.dataSet = dataSet
    address =
      switch mirror {
      case nil, "": dataSet.archive
      case let mirror? where mirror.hasSuffix(".zip"): mirror
      case let mirror?: mirror + (mirror.hasSuffix("/") ? "" : "/") + dataSet.name + ".zip"
      }
    (self.cacheFolder, self.files, self.environment) = (cacheFolder, files, environment)
    (self.observer, self.isInterrupted) = (observer, isInterrupted)
  }

  /// Fetches, unpacks and checks the archive.
  ///
  /// - Returns: the folder with the files of the data set.
  func run() throws(Failure) -> String {
    let final = cacheFolder + "/" + dataSet.name
    let work: String
    do {
      try FileSystem.makeFolders(cacheFolder)
      work = try FileSystem.makeTemporaryFolder(like: cacheFolder + "/." + dataSet.name)
    } catch { throw .data(error) }
    defer { FileSystem.removeFolder(work) }
    try fetch(into: work)
    try checkSum(in: work)
    try unpack(in: work)
    do {
      let folder = work + "/" + dataSet.name
      try dataSet.verify(files, in: folder)
      // Somebody else may have been faster; theirs is as good.
      if !dataSet.isPresent(in: final) { try FileSystem.move(folder, to: final) }
    } catch { throw .data(error) }
    return final
  }

  private func archive(in folder: String) -> String { folder + "/archive.zip" }

  private func fetch(into folder: String) throws(Failure) {
    let archive = archive(in: folder)
    let path = environment["PATH"]
    if let curl = ChildProcess.find("curl", in: path) {
      try run(
        curl,
        [
          "--fail", "--location", "--max-filesize", "\(Self.limit(of: dataSet))",
          "--connect-timeout", "20", "--silent", "--show-error", "--output", archive, "--", address,
        ], in: folder, watching: archive)
    } else if let wget = ChildProcess.find("wget", in: path) {
      try run(
        wget, ["-nv", "--tries=2", "--timeout=20", "-O", archive, "--", address], in: folder,
        watching: archive)
    } else {
      throw .reason("neither curl nor wget is installed")
    }
  }

  /// No more bytes are fetched, whatever an address has: a mirror may have packed them less well.
  private static func limit(of dataSet: KnownDataSet) -> Int { 16 * dataSet.archiveSize }

  /// Checks that the archive is the one that is known, where it is fetched from its own address.
  ///
  /// A mirror that the user named may have packed the files anew: those are looked at when they are
  /// unpacked, as they are where nothing on the machine computes the sum.
  private func checkSum(in folder: String) throws(Failure) {
    guard address == dataSet.archive,
      let program = ChildProcess.find("md5sum", in: environment["PATH"])
    else { return }
    let sum = folder + "/sum"
    try run(program, [archive(in: folder)], in: folder, output: sum)
    guard FileSystem.text(of: sum)?.hasPrefix(dataSet.archiveSum + " ") == true else {
      throw .data(.badArchive(dataSet, "its MD5 sum is another one"))
    }
  }

  private func unpack(in folder: String) throws(Failure) {
    guard let unzip = ChildProcess.find("unzip", in: environment["PATH"]) else {
      throw .reason("unzip is not installed")
    }
    try run(unzip, ["-q", "-o", archive(in: folder), "-d", folder], in: folder)
  }

  private func run(
    _ program: String, _ arguments: [String], in folder: String, watching file: String? = nil,
    output: String = "/dev/null"
  ) throws(Failure) {
    let log = folder + "/log"
    let child = ChildProcess(
      program: program, arguments: arguments, environment: environment, log: log,
      output: output, isInterrupted: isInterrupted)
    let ending = child.run {
      guard let file, let observer else { return }
      // None until a first byte has come: waiting is shown, too.
      let size = FileSystem.size(of: file) ?? 0
      observer(size, max(size, dataSet.archiveSize))
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
