internal import CCollabFiles
internal import Glibc

/// The bytes of a file that was opened: in memory if they are few, else looked at where the system keeps
/// them.
///
/// They can be changed, which the file does not feel.
public final class FileContents: @unchecked Sendable {
  /// The bytes, as long as this object lives.
  public let bytes: UnsafeMutableRawBufferPointer
  /// Who counts the pages that the file no longer has; nil for bytes in memory.
  private let watch: FileWatch?

  /// Shorter files are read: nobody can then change what was seen.
  private static let mappedCount = 8 << 20

  /// Bytes in memory.
  public init(_ bytes: some Collection<UInt8>) {
    self.bytes = .allocate(byteCount: bytes.count, alignment: 64)
    self.bytes.copyBytes(from: bytes)
    watch = nil
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
    let count = Int(status.st_size)
    let watch = FileWatch.current
    if Files.isRegular(status), count >= Self.mappedCount,
      let start = cf_map(descriptor, count, watch.counter)
    {
      self.init(mapped: UnsafeMutableRawBufferPointer(start: start, count: count), watch)
    } else {
      self.init(try Files.read(descriptor, isInterrupted: isInterrupted))
    }
  }

  private init(mapped bytes: UnsafeMutableRawBufferPointer, _ watch: FileWatch) {
    (self.bytes, self.watch) = (bytes, watch)
  }

  deinit {
    if watch == nil { bytes.deallocate() } else { cf_unmap(bytes.baseAddress, bytes.count) }
  }
}
