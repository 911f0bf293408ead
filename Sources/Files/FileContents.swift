internal import Glibc

/// The bytes of a file that was opened: in memory if they are few, else looked at where the system keeps
/// them.
///
/// They can be changed, which the file does not feel.
public final class FileContents: @unchecked Sendable {
  /// The bytes, as long as this object lives.
  public let bytes: UnsafeMutableRawBufferPointer
  private let isMapped: Bool

  /// Shorter files are read: nobody can then change what was seen.
  private static let mappedCount = 8 << 20

  /// Bytes in memory.
  public init(_ bytes: some Collection<UInt8>) {
    self.bytes = .allocate(byteCount: bytes.count, alignment: 64)
    self.bytes.copyBytes(from: bytes)
    isMapped = false
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - isInterrupted: asked when a signal ends a wait.
  /// - Throws: why it cannot be read.
  public convenience init(
    of path: String, isInterrupted: () -> Bool = { false }
  ) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last }
    guard Files.isRegular(status), status.st_size >= Self.mappedCount else {
      self.init(try Files.read(descriptor, isInterrupted: isInterrupted))
      return
    }
    try self.init(mapping: descriptor, count: Int(status.st_size))
  }

  private init(mapping descriptor: Int32, count: Int) throws(FileError) {
    // Private: what is written to these pages is copied first.
    guard
      let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw .last }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    isMapped = true
  }

  deinit {
    if isMapped { munmap(bytes.baseAddress, bytes.count) } else { bytes.deallocate() }
  }
}
