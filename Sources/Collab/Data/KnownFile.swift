internal import CollabFiles

/// A file of a data set, with what is known of its bytes.
package struct KnownFile: Sendable {
  /// Its name in the folder.
  let name: String
  /// How many bytes it has, and their SHA-256 digest; nil if that is not known.
  private let content: (size: Int, digest: String)?

  /// A file that is known by its name alone.
  init(_ name: String) { (self.name, content) = (name, nil) }

  /// A file that is known to the last byte.
  package init(_ name: String, size: Int, digest: String) {
    (self.name, content) = (name, (size, digest))
  }

  /// Whether it is known to the last byte.
  var isKnownWholly: Bool { content != nil }

  /// Looks whether a folder has it.
  ///
  /// - Throws: why it is not there, in half a sentence.
  func verify(in folder: String) throws(Mismatch) {
    let path = folder + "/" + name
    guard let size = FileSystem.size(of: path) else { throw Mismatch("it has no \(name)") }
    guard let content else { return }
    guard size == content.size else {
      throw Mismatch("\(name) has \(size) bytes instead of \(content.size)")
    }
    guard let found = (try? Files.read(path)).map(SHA256.hex) else {
      throw Mismatch("\(name) cannot be read")
    }
    guard found == content.digest else {
      throw Mismatch(
        "the SHA-256 digest of \(name) is \(found) instead of \(content.digest)")
    }
  }

  /// What is not as it should be.
  struct Mismatch: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }
}
