import CollabThreading

/// Takes the parts of a file, one after the other.
public struct FileWriter {
  let descriptor: Int32

  /// Writes bytes behind those of before.
  ///
  /// - Throws: why the system refuses.
  public func callAsFunction(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try self(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Writes bytes behind those of before, and asks on the way whether to stop.
  ///
  /// - Throws: why the system refuses, or that it was interrupted.
  public func callAsFunction(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    for start in stride(from: 0, to: bytes.count, by: Self.part) {
      guard !Interruption.isAsked else { throw .interrupted }
      let part = bytes[start..<min(start + Self.part, bytes.count)]
      try Files.write(UnsafeRawBufferPointer(rebasing: part), to: descriptor)
    }
  }

  private static let part = 4 << 20
}
