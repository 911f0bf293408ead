public import CollabDocuments

/// A block in the forms that Jupyter shows, in a notebook's file and in what a kernel sends.
public enum JupyterOutput: Equatable {
  /// Plain text with the ends of its lines; warnings and notes have a place of their own.
  case text(String, isWarning: Bool)
  /// The same in several forms, by their media types; plain text is always one.
  case display([String: String])
  /// An error, with the lines that show its place.
  case error(code: String, message: String, lines: [String])

  /// The forms of a block.
  ///
  /// - Parameters:
  ///   - block: what to show.
  ///   - width: the columns of plain text.
  public init(_ block: Block, width: Int = 80) {
    var plain = ""
    PlainRenderer(to: { plain += $0 }, width: width).write(block)
    switch block {
    case .table(let table):
      self = .display(["text/plain": plain, "text/html": HTMLRenderer.html(of: table)])
    case .plot(let plot):
      self = .display(["text/plain": plain, "image/svg+xml": SVGPlot(plot).document])
    case .prose(let markdown):
      self = .display(["text/plain": plain, "text/markdown": JupyterMarkdown.escaped(markdown)])
    case .failure(let failure) where failure.severity == .error:
      let head = failure.lines.first { $0.hasPrefix("error") } ?? ""
      let code = head.split(whereSeparator: { "[]".contains($0) })
      let colon = head.firstIndex(of: ":").map { head.index(after: $0) } ?? head.startIndex
      self = .error(
        code: code.count > 1 ? String(code[1]) : "error",
        message: String(head[colon...].drop { $0 == " " }), lines: failure.lines)
    case .failure: self = .text(plain, isWarning: true)
    default: self = .text(plain, isWarning: false)
    }
  }
}
