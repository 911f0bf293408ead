/// What a place in statements is about, for help.
struct NameAtPlace: Equatable {
  /// The name with its dots that the place is in or directly behind; may be empty.
  let name: String
  /// The first word of the statement; may be empty.
  let command: String

  /// Looks at a place, in UTF-8.
  init(_ code: String, offset: Int) {
    let bytes = Array(code.utf8)
    let offset = min(max(offset, 0), bytes.count)
    func isName(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
      default: false
      }
    }
    func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
    let behind = bytes[offset...].firstIndex { !isName($0) } ?? bytes.count
    let dot = UInt8(ascii: ".")
    let start = bytes[..<behind].lastIndex { !isName($0) && $0 != dot }.map { $0 + 1 } ?? 0
    name = text(bytes[start..<behind].trimmed(of: dot))
    let separators = "\n;".utf8
    let statement = bytes[..<offset].lastIndex { separators.contains($0) }.map { $0 + 1 } ?? 0
    let word = bytes[statement...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    command = text(word.prefix(while: isName))
  }
}

extension ArraySlice<UInt8> {
  /// The same without some bytes at both ends.
  fileprivate func trimmed(of byte: UInt8) -> Self {
    var slice = drop { $0 == byte }
    while slice.last == byte { slice.removeLast() }
    return slice
  }
}
