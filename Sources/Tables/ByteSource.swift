/// Bytes that come one after the other, as from a program that unpacks a file.
public protocol ByteSource: AnyObject {
  /// Reads the next bytes into memory, as many as there are and have room.
  ///
  /// - Returns: how many they are; 0 at the end.
  /// - Throws: `TableError.notUnpacked`, `.unreadable` or `.interrupted`.
  func read(into bytes: UnsafeMutableRawBufferPointer) throws(TableError) -> Int
}

extension ByteSource {
  /// Reads until there is no more room, or nothing more comes.
  ///
  /// - Returns: how many bytes came.
  /// - Throws: what `read(into:)` throws.
  func fill(_ bytes: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
    var count = 0
    while count < bytes.count {
      let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
      if got == 0 { break }
      count += got
    }
    return count
  }
}
