import CollabDocuments

/// Markdown on its way to Jupyter, which takes `<b>` for markup where a script has it as text.
enum JupyterMarkdown {
  /// Puts a backslash in front of what would open a tag; code stays as it is.
  static func escaped(_ markdown: String) -> String {
    outsideCode(of: markdown) { $0 == "<" ? "\\<" : nil }
  }

  /// Takes these backslashes away.
  static func unescaped(_ markdown: String) -> String {
    outsideCode(of: markdown) { $0 == "\\<" ? "<" : nil }
  }

  /// Replaces what stands in front of the name of a tag, outside of code.
  ///
  /// - Parameters:
  ///   - markdown: the text.
  ///   - replacement: what takes the place of `<` or `\<`; nil leaves it.
  /// - Returns: the text with the replacements.
  private static func outsideCode(
    of markdown: String, _ replacement: (String) -> String?
  ) -> String {
    let characters = Array(markdown)
    let runs = MarkdownRuns(characters, marks: ["`"])
    var text = ""
    var place = 0
    while place < characters.count {
      let first = characters[place]
      if first == "`" {
        var behind = place
        while behind < characters.count, characters[behind] == "`" { behind += 1 }
        let count = behind - place
        let close = runs.next("`", count: count, in: behind..<characters.count)
        let end = close.map { $0 + count } ?? behind
        text += String(characters[place..<end])
        place = end
        continue
      }
      let end = min(characters.count, place + (first == "\\" ? 2 : 1))
      let mark = String(characters[place..<end])
      let opensTag =
        end < characters.count && (characters[end].isLetter || "/!?".contains(characters[end]))
      text += (opensTag ? replacement(mark) : nil) ?? mark
      place = end
    }
    return text
  }
}
