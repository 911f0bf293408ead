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
    of markdown: String, _ replacement: (Substring) -> String?
  ) -> String {
    var text = ""
    var rest = markdown[...]
    while let first = rest.first {
      if first == "`" {
        let ticks = rest.prefix { $0 == "`" }
        let behind = rest[ticks.endIndex...]
        let end = closing(of: ticks.count, in: behind)
        text += rest[..<(end ?? ticks.endIndex)]
        rest = rest[(end ?? ticks.endIndex)...]
        continue
      }
      let isEscape = first == "\\"
      let mark = rest.prefix(isEscape ? 2 : 1)
      let opensTag = rest[mark.endIndex...].first.map { $0.isLetter || "/!?".contains($0) } ?? false
      text += (opensTag ? replacement(mark) : nil) ?? String(mark)
      rest = rest[mark.endIndex...]
    }
    return text
  }

  /// The end of a stretch of code that began with so many backticks.
  private static func closing(of count: Int, in text: Substring) -> String.Index? {
    var rest = text
    while let start = rest.firstIndex(of: "`") {
      let ticks = rest[start...].prefix { $0 == "`" }
      if ticks.count == count { return ticks.endIndex }
      rest = rest[ticks.endIndex...]
    }
    return nil
  }
}
