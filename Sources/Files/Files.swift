internal import Glibc

/// Whole files: reading them, replacing them, adding to them.
///
///     try Files.replace("notes.collab", with: Array("load demo\n".utf8))
///
/// All that the program writes to files goes through here, so that there is one answer to what a
/// link, a device, a mode or a full disk does.
public enum Files {
  /// The longest file and the longest stream that are read, in bytes; a device may have no end.
  private static let longest = (file: 1 << 32, stream: 1 << 28)

  /// The bytes of a file, a pipe or a device.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - limit: the most bytes that are read; more of them is the error "File too large".
  ///   - isInterrupted: asked when a signal ends a wait, as it does where nobody writes to a pipe.
  /// - Returns: all of them.
  /// - Throws: why they cannot be read.
  public static func read(
    _ path: String, limit: Int = .max, isInterrupted: () -> Bool = { false }
  ) throws(FileError) -> [UInt8] {
    let descriptor = try retrying(isInterrupted) { open(path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    return try read(descriptor, limit: limit, isInterrupted: isInterrupted)
  }

  /// The bytes that are left behind a descriptor, which stays open.
  ///
  /// - Throws: why they cannot be read.
  public static func read(
    _ descriptor: Int32, limit: Int = .max, isInterrupted: () -> Bool = { false }
  ) throws(FileError) -> [UInt8] {
    var status = stat()
    var bytes: [UInt8] = []
    let isFile = fstat(descriptor, &status) == 0 && isRegular(status)
    let limit = min(limit, isFile ? longest.file : longest.stream)
    if isFile {
      guard status.st_size <= limit else { throw FileError(code: EFBIG) }
      bytes.reserveCapacity(Int(status.st_size))
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try retrying(isInterrupted) {
        Glibc.read(descriptor, &chunk, chunk.count)
      }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw FileError(code: EFBIG) }
      bytes += chunk[..<count]
    }
  }

  /// Replaces what a file holds, or makes one.
  ///
  /// The place holds the old bytes or all the new ones, whatever happens, and nothing else is left
  /// in the folder. A link stays one, and the file it leads to is replaced; mode and owner stay. A
  /// new file has the mode that the user's mask leaves. Only files are replaced: to a device or a
  /// pipe the bytes are written.
  ///
  /// - Parameters:
  ///   - path: where the file is to be.
  ///   - bytes: what it is to hold.
  ///   - mode: that of a new file.
  /// - Throws: why that is not possible.
  public static func replace(
    _ path: String, with bytes: [UInt8], mode: UInt32 = 0o666
  ) throws(FileError) {
    do {
      try replace(path, mode: mode) { (write) throws(FileError) in try write(bytes) }
    } catch let error as FileError {
      throw error
    } catch {
      preconditionFailure("\(error) of a body that throws errors of files")
    }
  }

  /// As `replace(_:with:mode:)`, with bytes that come in parts.
  ///
  /// - Parameters:
  ///   - path: where the file is to be.
  ///   - mode: that of a new file.
  ///   - body: hands on the parts, one after the other. If it throws, a file stays as it was.
  /// - Throws: why that is not possible, and what `body` throws.
  public static func replace(
    _ path: String, mode: UInt32 = 0o666, by body: (_ write: FileWriter) throws -> Void
  ) throws {
    func write(to descriptor: Int32) throws { try body(FileWriter(descriptor: descriptor)) }
    switch try Destination(path) {
    case .descriptor(let descriptor): try write(to: descriptor)
    case .device:
      // Not created: a device that went away meanwhile must not become a file.
      let descriptor = try retrying({ true }) { open(path, O_WRONLY | O_CLOEXEC) }
      defer { close(descriptor) }
      try write(to: descriptor)
    case .file(let place, let old): try FileDraft(of: place, old, mode: mode).commit(write)
    }
  }

  /// Adds bytes at the end of a file, which comes into being if need be.
  ///
  /// - Throws: why that is not possible.
  public static func append(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o666
  ) throws(FileError) {
    let descriptor = try retrying({ true }) {
      open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode)
    }
    defer { close(descriptor) }
    try write(bytes, to: descriptor)
  }

  /// Writes bytes to a descriptor, and returns when the system has taken all of them.
  ///
  /// - Parameters:
  ///   - bytes: all of them are written.
  ///   - descriptor: a file, a pipe or a terminal.
  ///   - isInterrupted: asked when a signal ends a wait, as it does where nobody reads from a pipe.
  /// - Throws: why it does not.
  public static func write(
    _ bytes: [UInt8], to descriptor: Int32, isInterrupted: () -> Bool = { false }
  ) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes), to: descriptor, isInterrupted: isInterrupted)
    }
  }

  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, isInterrupted: () -> Bool = { false }
  ) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        // A signal ends the call when a part has been taken.
        if !rest.isEmpty, isInterrupted() { throw .interrupted }
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else {
        let error = FileError.last
        guard error.isInterrupted, !isInterrupted() else { throw error }
      }
    }
  }

  /// Removes a file; one that is not there is no mistake.
  ///
  /// - Throws: why it stays.
  public static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .last }
  }

  /// Removes a folder in which nothing is; one that is not there is no mistake.
  ///
  /// - Throws: why it stays.
  public static func removeFolder(_ path: String) throws(FileError) {
    guard rmdir(path) == 0 || errno == ENOENT else { throw .last }
  }

  /// Calls the system again where a signal ended the call, unless the user wants to stop.
  private static func retrying<Result: SignedInteger>(
    _ isInterrupted: () -> Bool, _ call: () -> Result
  ) throws(FileError) -> Result {
    while true {
      let result = call()
      if result >= 0 { return result }
      let error = FileError.last
      guard error.isInterrupted, !isInterrupted() else { throw error }
    }
  }

  static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }
}

// MARK: - What is there
extension Files {
  /// Whether something is there; a link that leads nowhere is nothing.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a folder is there.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The first bytes of a file; nil if no regular file is there or it cannot be read.
  public static func beginning(of path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, isRegular(status) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = Glibc.read(descriptor, &bytes, count)
    return read < 0 ? nil : Array(bytes[..<read])
  }

  /// The names in a folder and whether they are folders, in order; none if there is no such folder.
  public static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
    names(in: folder).sorted().map { ($0, isFolder("\(folder)/\($0)")) }
  }

  /// The names in a folder, in the order in which the system has them.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Makes the folders that a path leads through, for the user alone; the last name is not made.
  ///
  /// - Throws: why one of them cannot be made.
  public static func makePrivateFolders(for path: String) throws(FileError) {
    try makeFolders(for: path, mode: 0o700)
  }

  /// Makes the folders that a path leads through; the last name is not made.
  ///
  /// - Parameters:
  ///   - path: what is to be in the last of them.
  ///   - mode: that of a new folder.
  /// - Throws: why one of them cannot be made.
  public static func makeFolders(for path: String, mode: UInt32 = 0o777) throws(FileError) {
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      let folder = String(path[..<slash])
      if mkdir(folder, mode) != 0 {
        let error = FileError.last
        guard isFolder(folder) else { throw error }
      }
      end = slash
    }
  }
}
