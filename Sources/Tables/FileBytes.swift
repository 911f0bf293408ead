#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
internal import CollabMemory
internal import CollabThreading

/// The bytes of a file, read into memory: a file that shrinks or changes meanwhile harms nobody.
///
/// UTF-16 becomes UTF-8, and lines that end in a carriage return alone end in a line feed.
final class FileBytes {
  /// The bytes; valid as long as this object lives.
  private(set) var buffer: UnsafeRawBufferPointer
  private var pages: Pages

  /// Opens and reads a file.
  ///
  /// - Parameters:
  ///   - path: The file, or a pipe that somebody writes to.
  ///   - limit: How many bytes of it are wanted, at most.
  ///   - observer: is asked now and then whether to go on.
  /// - Throws: `TableError.noFile`, `.isFolder`, `.unreadable` or `.interrupted`.
  init(
    path: String, limit: Int = .max, observer: ReadObserver? = nil
  ) throws(TableError) {
    // Without waiting: a pipe that nobody writes to would never open.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .noFile(path) : .unreadable(path, reason: Self.reason(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path, reason: Self.reason(errno))
    }
    let input = Input(path: path, descriptor: descriptor, observer: observer)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .isFolder(path)
    case S_IFREG where status.st_size > 0:
      pages = try input.file(of: min(Int(status.st_size), limit))
    // The files of /proc have no size.
    case S_IFREG, S_IFIFO, S_IFSOCK: pages = try input.pipe(limit: limit)
    default: throw .unreadable(path, reason: "it is a device, not a file")
    }
    buffer = pages.used
    try normalise(path)
  }

  /// Whether nothing came behind the bytes.
  private(set) var isWhole = true

  /// Reads what comes from a source: all of it, or the first bytes of text that can be read block by block.
  ///
  /// - Parameters:
  ///   - source: where the bytes come from.
  ///   - name: what messages call it.
  ///   - limit: How many bytes of it are kept, if there are more.
  /// - Throws: `TableError` of the source, and `.tooLarge`.
  init(_ source: any ByteSource, named name: String, limit: Int) throws(TableError) {
    pages = try Pages(limit, path: name)
    pages.advance(try source.fill(pages.free))
    while pages.free.isEmpty {
      // Where lines end otherwise, or letters take two bytes, all of it has to be there.
      let start = pages.used
      let hasLines = start.isUTF16 == nil && start.contains(10)
      if hasLines {
        isWhole = false
        break
      }
      let larger = try Pages(2 * pages.count, path: name)
      larger.append(start)
      pages = larger
      pages.advance(try source.fill(pages.free))
    }
    buffer = pages.used
    try normalise(name)
  }

  /// Bytes as the reader expects them.
  private func normalise(_ path: String) throws(TableError) {
    if let isBig = buffer.isUTF16 {
      let units = (1..<buffer.count / 2).lazy.map { [buffer] unit in
        let pair = (UInt16(buffer[2 * unit]), UInt16(buffer[2 * unit + 1]))
        return isBig ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
      }
      let text = Array(String(decoding: Array(units), as: UTF16.self).utf8)
      pages = try Pages(text.count, path: path)
      pages.append(text)
      buffer = pages.used
    }
    guard let start = buffer.baseAddress, memchr(start, 10, buffer.count) == nil,
      memchr(start, 13, buffer.count) != nil
    else { return }
    pages.replace(13, by: 10)
  }

  fileprivate static func reason(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the byte order mark of UTF-16 says that the large byte comes first; nil without one.
  fileprivate var isUTF16: Bool? {
    if starts(with: [0xFF, 0xFE]) { return false }
    if starts(with: [0xFE, 0xFF]) { return true }
    return nil
  }
}

/// Memory that the system may refuse without ending the process.
final class Pages {
  private let start: UnsafeMutableRawPointer
  private let capacity: Int
  private(set) var count = 0

  init(_ capacity: Int, path: String) throws(TableError) {
    self.capacity = max(capacity, 1)
    guard self.capacity <= AvailableMemory.byteCount,
      let start = mmap(
        nil, self.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED
    else { throw .tooLarge(path, bytes: capacity) }
    madvise(start, self.capacity, MADV_HUGEPAGE)
    self.start = start
  }

  deinit { munmap(start, capacity) }

  var used: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
  var free: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start + count, count: capacity - count)
  }

  func advance(_ byteCount: Int) { count += byteCount }

  func append(_ bytes: some Collection<UInt8>) {
    free.copyBytes(from: bytes)
    count += bytes.count
  }

  /// Gives up the bytes before a place; the others move to the beginning.
  func drop(_ byteCount: Int) {
    let rest = UnsafeMutableRawBufferPointer(start: start, count: count)[byteCount...]
    UnsafeMutableRawBufferPointer(start: start, count: capacity)
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest))
    count -= byteCount
  }

  func replace(_ byte: UInt8, by other: UInt8) {
    let bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    for index in bytes.indices where bytes[index] == byte { bytes[index] = other }
  }
}

/// An open file that is read to its end.
private struct Input {
  let path: String
  let descriptor: Int32
  let observer: ReadObserver?

  /// So many bytes are read on one thread before the next look at the user.
  private static let blockBytes = 1 << 23

  /// A file whose size is known, several blocks at a time.
  func file(of size: Int) throws(TableError) -> Pages {
    let pages = try Pages(size, path: path)
    while pages.count < size {
      if pages.count > 0, observer?(0, size) == false { throw .interrupted }
      let free = pages.free
      let blocks = min(Threads.current.count, (free.count - 1) / Self.blockBytes + 1)
      var failures = [Int32](repeating: 0, count: blocks)
      let first = pages.count
      let wanted = min(free.count, blocks * Self.blockBytes)
      failures.withUnsafeMutableBufferPointer { failures in
        Threads(blocks).forEach(blocks) { block in
          let start = block * Self.blockBytes
          let end = min(start + Self.blockBytes, wanted)
          failures[block] = read(free[start..<end], at: first + start)
        }
      }
      if let failure = failures.first(where: { $0 != 0 }) {
        throw failure == Self.shrunk
          ? .changed(path) : .unreadable(path, reason: FileBytes.reason(failure))
      }
      pages.advance(wanted)
    }
    return pages
  }

  /// What a block failed with that ended too early.
  private static let shrunk: Int32 = -1

  private func read(_ bytes: Slice<UnsafeMutableRawBufferPointer>, at offset: Int) -> Int32 {
    var rest = UnsafeMutableRawBufferPointer(rebasing: bytes)
    var offset = offset
    while !rest.isEmpty {
      let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return got == 0 ? Self.shrunk : errno }
      rest = UnsafeMutableRawBufferPointer(rebasing: rest[got...])
      offset += got
    }
    return 0
  }

  /// What comes out of a pipe until nobody writes to it any more.
  func pipe(limit: Int) throws(TableError) -> Pages {
    var pages = try Pages(1 << 16, path: path)
    while pages.count < limit {
      if pages.free.isEmpty {
        let larger = try Pages(pages.count * 2, path: path)
        larger.append(pages.used)
        pages = larger
      }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = Glibc.poll(&poll, 1, 100)
      if observer?(0, max(pages.count, 1)) == false { throw .interrupted }
      if ready <= 0 { continue }
      let got = Glibc.read(descriptor, pages.free.baseAddress, min(pages.free.count, 1 << 20))
      if got == 0 { break }
      if got > 0 {
        pages.advance(got)
      } else if errno != EINTR && errno != EAGAIN {
        throw .unreadable(path, reason: FileBytes.reason(errno))
      }
    }
    return pages
  }
}

extension AvailableMemory {
  /// Whether so many bytes can be taken, be it in several parts.
  static func hasRoom(for byteCount: Int) -> Bool {
    guard byteCount <= self.byteCount else { return false }
    // The address space may be limited too, which only asking tells.
    guard byteCount > 1 << 24,
      let probe = mmap(
        nil, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    else { return true }
    if probe == MAP_FAILED { return false }
    munmap(probe, byteCount)
    return true
  }
}
