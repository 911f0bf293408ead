import Glibc

/// Writes text to a new file in the folder for temporary files and returns its path.
func temporaryFile(_ text: String) throws -> String { try temporaryFile(bytes: Array(text.utf8)) }

/// Writes bytes to a new file in the folder for temporary files and returns its path.
func temporaryFile(bytes: [UInt8]) throws -> String {
  var template = Array("/tmp/collab-tables-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
    throw CannotWrite()
  }
  close(descriptor)
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

struct CannotWrite: Error {}
