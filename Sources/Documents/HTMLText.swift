internal import CollabText

/// Text for HTML, XML and SVG.
package enum HTMLText {
  /// A text in which nothing is markup any more.
  ///
  ///     HTMLText.escaped("<script>")  // "&lt;script&gt;"
  ///
  /// The five characters that mean something are written as entities, also in attributes. Control
  /// characters, which XML forbids, become blanks. Marks that turn the direction of what follows are
  /// shown, or a title could turn the sentence around it.
  package static func escaped(_ text: some StringProtocol) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n": escaped.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": escaped += " "
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        escaped += VisibleText.escape(of: scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
