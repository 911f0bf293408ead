/// How deep the next line of a block stands.
///
///     Indentation.below("for x in y:")     // four blanks
///     Indentation.below("    return x")    // none
package enum Indentation {
  /// The blanks of one step.
  package static let step = "    "
  /// Words behind which nothing of the same block can follow.
  private static let leaving: Set<Substring> = ["return", "pass", "break", "continue", "raise"]

  /// The blanks that a line below another one begins with.
  package static func below(_ line: String) -> String {
    let blanks = String(line.prefix { $0 == " " || $0 == "\t" })
    let statement = withoutComment(line)
    if let last = statement.last, ":{([".contains(last) { return blanks + step }
    let word = statement.drop { $0 == " " || $0 == "\t" }.prefix { $0.isLetter }
    return leaving.contains(word) ? shallower(blanks) : blanks
  }

  /// Blanks that are one step fewer.
  package static func shallower(_ blanks: String) -> String {
    blanks.hasSuffix("\t")
      ? String(blanks.dropLast()) : String(blanks.dropLast(min(step.count, blanks.count)))
  }

  /// A line without the comment and the blanks at its end; a `#` in quotes begins no comment.
  private static func withoutComment(_ line: String) -> Substring {
    var quote: Character?
    var end = line.endIndex
    for (place, character) in zip(line.indices, line) {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == "#" {
        end = place
        break
      }
    }
    // What stands in a quote that is still open opens nothing.
    guard quote == nil else { return "" }
    let code = line[..<end]
    return code.lastIndex { $0 != " " && $0 != "\t" }.map { code[...$0] } ?? ""
  }
}
