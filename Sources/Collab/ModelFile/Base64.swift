/// Bytes as text of 64 characters, as in RFC 4648.
enum Base64 {
  private static let characters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  /// The value of each character; 255 for those that mean nothing.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: .max, count: 256)
    for (value, character) in characters.enumerated() {
      values[Int(character)] = UInt8(truncatingIfNeeded: value)
    }
    return values
  }()

  /// The text of some bytes.
  static func text(_ bytes: [UInt8]) -> String {
    let count = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: count) { text in
      for (group, start) in stride(from: 0, to: bytes.count, by: 3).enumerated() {
        let given = min(3, bytes.count - start)
        var bits = 0
        for place in 0..<3 {
          bits = bits << 8 | (place < given ? Int(bytes[start + place]) : 0)
        }
        for place in 0..<4 {
          text[4 * group + place] =
            place <= given ? characters[bits >> (18 - 6 * place) & 63] : padding
        }
      }
      return count
    }
  }

  /// The bytes of a text; nil if it is no such text.
  static func bytes(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { text in
      guard text.count % 4 == 0 else { return nil }
      let used = text.count - text.suffix(2).count { $0 == padding }
      var isValid = true
      let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { bytes, count in
        values.withUnsafeBufferPointer { values in
          for start in stride(from: 0, to: used, by: 4) {
            var bits = 0
            for place in start..<(start + 4) {
              let value = place < used ? values[Int(text[place])] : 0
              isValid = isValid && value < 64
              bits = bits << 6 | Int(value & 63)
            }
            for place in 0..<min(3, (used - start) * 3 / 4) {
              bytes[count] = UInt8(truncatingIfNeeded: bits >> (16 - 8 * place))
              count += 1
            }
          }
        }
      }
      return isValid ? bytes : nil
    }
  }
}
