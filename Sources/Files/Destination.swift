internal import Glibc

/// What is written to when a path is: a file, a device, or a stream that is open already.
enum Destination {
  /// The place of a regular file behind all links, and what is there.
  case file(place: String, old: stat?)
  /// A device, a pipe or a socket.
  case device
  /// A stream of this process, such as `/dev/stdout`, which goes on where it is.
  case descriptor(Int32)

  /// No path leads through more links.
  private static let longestChain = 40

  /// Follows the links of a path.
  ///
  /// - Throws: why nothing can be written there.
  init(_ path: String) throws(FileError) {
    var place = path
    for _ in 0..<Self.longestChain {
      if let number = Self.descriptor(place) {
        self = .descriptor(number)
        return
      }
      var status = stat()
      guard lstat(place, &status) == 0 else {
        let error = FileError.last
        guard error.code == ENOENT else { throw error }
        self = .file(place: place, old: nil)
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFLNK: place = try Self.next(place)
      case S_IFDIR: throw FileError(code: EISDIR)
      case S_IFREG:
        // A file that may not be written may not be replaced either, though its folder would let.
        guard access(place, W_OK) == 0 else { throw .last }
        self = .file(place: place, old: status)
        return
      default:
        self = .device
        return
      }
    }
    throw FileError(code: ELOOP)
  }

  /// The number of an open stream by the names that the system gives it.
  private static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  /// Where a link leads.
  private static func next(_ link: String) throws(FileError) -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &bytes, bytes.count)
    guard count >= 0 else { throw .last }
    let target = String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return target.hasPrefix("/") ? target : FileDraft.folder(of: link) + target
  }
}
