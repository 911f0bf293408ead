#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The few things the search for data asks of the file system.
enum FileSystem {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Why there seems to be nothing at a path, if the reason is another than that there is nothing.
  static func refusalToLook(at path: String) -> String? {
    guard access(path, F_OK) != 0, errno != ENOENT, errno != ENOTDIR else { return nil }
    return strerror(errno).map { String(cString: $0) }
  }

  /// The names in a folder, in order; those that begin with a dot are left out.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The first bytes of a file, or nil if they cannot be read.
  static func start(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  static func isExecutableFile(_ path: String) -> Bool {
    access(path, X_OK) == 0 && !isFolder(path)
  }

  /// The size of a file in bytes, or nil if there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// The part of a path after its last slash, trailing slashes aside.
  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The path seen from a folder, with `~` for the home folder written out.
  static func absolute(_ path: String, from folder: String, home: String?) -> String {
    if path == "~", let home { return home }
    if path.hasPrefix("~/"), let home { return home + path.dropFirst() }
    return path.hasPrefix("/") ? path : folder + "/" + path
  }

  /// Makes a folder and those above it.
  static func makeFolders(_ path: String) throws(DataError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o755) != 0, !isFolder(made) { throw refusal(made) }
    }
  }

  /// Makes a new folder whose name begins with `path`.
  static func makeTemporaryFolder(like path: String) throws(DataError) -> String {
    var template = Array((path + "-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw refusal(path) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Moves a folder, which an archive may have made unwritable.
  static func move(_ path: String, to newPath: String) throws(DataError) {
    chmod(path, 0o755)
    guard rename(path, newPath) == 0 else { throw refusal(newPath) }
  }

  /// Removes a folder and what is in it, as far as it can.
  static func removeFolder(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name == "." || name == ".." { continue }
        let inside = path + "/" + name
        if entry.pointee.d_type == UInt8(DT_DIR) { removeFolder(inside) } else { unlink(inside) }
      }
      closedir(folder)
    }
    rmdir(path)
  }

  /// The text of a small file, or nil if there is none.
  static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The text at the end of a file, or nil if there is none.
  static func end(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let start = max(lseek(descriptor, 0, SEEK_END) - off_t(bytes.count), 0)
    let count = pread(descriptor, &bytes, bytes.count, start)
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  private static func refusal(_ path: String) -> DataError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return .cannotWrite(path, reason: reason)
  }
}
