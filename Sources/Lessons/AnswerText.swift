/// What people put around an answer without meaning anything by it.
enum AnswerText {
  /// An answer with the signs of a keyboard for those of a typesetter: full-width letters and digits, as
  /// input methods for Chinese and Japanese type them, and the several dashes.
  static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0xff01...0xff5e:
        plain.unicodeScalars.append(Unicode.Scalar(scalar.value - 0xfee0) ?? scalar)
      case 0x2010...0x2015, 0x2212: plain += "-"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain.trimmed
  }

  /// Words that say that an answer comes, in lower case.
  static let openings = [
    "i think ", "i guess ", "i get ", "it is ", "it's ", "that is ", "that's ", "this is ",
    "the answer is ",
    "the result is ", "called ",
  ]

  /// The text without words in front, as often as one of them stands there.
  static func without(_ starts: [String], _ text: String) -> String {
    var text = text
    while let start = starts.first(where: { text.lowercased().hasPrefix($0) }) {
      text = text.dropFirst(start.count).trimmed
    }
    return text
  }

  /// The text without the point that ends a sentence.
  static func withoutFullStop(_ text: String) -> String {
    guard text.hasSuffix("."), !text.hasSuffix("..") else { return text }
    return text.dropLast().trimmed
  }
}
