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

  /// Writes bytes behind those of before.
  ///
  /// - Throws: why the system refuses.
  public func callAsFunction(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Files.write(bytes, to: descriptor)
  }
}
