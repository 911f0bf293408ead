#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The bytes of a file, mapped into memory where the system can, else read.
final class FileBytes {
  /// The bytes; valid as long as this object lives.
  let buffer: UnsafeRawBufferPointer
  private let mapped: Bool

  /// Opens and maps a file.
  ///
  /// - Throws: `TableError.noFile`, `.isFolder` or `.unreadable`.
  init(path: String) throws(TableError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .noFile(path) : .unreadable(path, reason: Self.reason(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path, reason: Self.reason(errno))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isFolder(path) }
    let size = Int(status.st_size)
    if status.st_mode & S_IFMT == S_IFREG, size > 0,
      let start = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0),
      start != MAP_FAILED
    {
      buffer = UnsafeRawBufferPointer(start: start, count: size)
      mapped = true
    } else {
      buffer = try Self.readAll(descriptor, path: path)
      mapped = false
    }
  }

  deinit {
    if mapped {
      munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
    } else {
      buffer.deallocate()
    }
  }

  /// Pipes and the files of /proc have no size to map.
  private static func readAll(
    _ descriptor: Int32, path: String
  ) throws(TableError) -> UnsafeRawBufferPointer {
    var capacity = 1 << 16
    var block = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    var count = 0
    while true {
      if count == capacity {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
        larger.copyMemory(from: block, byteCount: count)
        block.deallocate()
        block = larger
        capacity *= 2
      }
      let got = read(descriptor, block + count, capacity - count)
      if got == 0 { return UnsafeRawBufferPointer(start: block, count: count) }
      if got > 0 {
        count += got
      } else if errno != EINTR {
        let reason = reason(errno)
        block.deallocate()
        throw .unreadable(path, reason: reason)
      }
    }
  }

  private static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
