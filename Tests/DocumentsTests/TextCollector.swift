import CollabDocuments

/// Keeps what a renderer writes, so that tests need no terminal.
final class TextCollector {
  var text = ""
  var errors = ""
  var time = 0.0

  func plain(width: Int = 80, glyphs: Glyphs = .unicode) -> PlainRenderer {
    PlainRenderer(
      to: { self.text += $0 }, failuresTo: { self.errors += $0 }, width: width, glyphs: glyphs)
  }

  func terminal(
    width: Int = 80, hasColor: Bool = true, canRedraw: Bool = true, glyphs: Glyphs = .unicode
  ) -> TerminalRenderer {
    TerminalRenderer(
      to: { self.text += $0 }, errorsTo: { self.errors += $0 },
      traits: TerminalTraits(
        width: width, hasColor: hasColor, canRedraw: canRedraw, glyphs: glyphs),
      now: { self.time })
  }

  /// What a plain renderer makes of a block.
  static func text(_ block: Block, width: Int = 80) -> String {
    let collector = TextCollector()
    collector.plain(width: width).write(block)
    return collector.text + collector.errors
  }
}

/// A text without the sequences that colour it.
func withoutColor(_ text: String) -> String {
  var plain = ""
  var rest = text[...]
  while let character = rest.popFirst() {
    guard character == "\u{1B}" else {
      plain.append(character)
      continue
    }
    while let next = rest.popFirst(), !next.isLetter {}
  }
  return plain
}
