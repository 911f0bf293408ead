internal import CollabText

/// Shows output that is longer than the window a page at a time.
///
///     let pager = Pager(size: { (columns: 80, rows: 24) }, ask: { .page })
///
/// Nothing is held back when the output fits, or when there is nobody to ask.
public final class Pager {
  /// What is wanted after a page.
  public enum Answer: Equatable, Sendable {
    /// Another page.
    case page
    /// One more line.
    case line
    /// All the rest at once.
    case all
    /// Nothing more.
    case stop
  }

  private let size: () -> (columns: Int, rows: Int)?
  private let ask: () -> Answer

  /// Makes a pager.
  ///
  /// - Parameters:
  ///   - size: the columns and rows of the window; nil while nothing is to be held back.
  ///   - ask: waits for the answer to the question below a page.
  public init(size: @escaping () -> (columns: Int, rows: Int)?, ask: @escaping () -> Answer) {
    (self.size, self.ask) = (size, ask)
  }

  /// Writes lines; each comes with the columns it takes.
  func write(_ lines: [(text: String, width: Int)], to sink: TextSink) {
    guard let size = size(), size.rows > 2 else { return Self.writeAll(lines[...], to: sink) }
    let columns = max(1, size.columns)
    let heights = lines.map { max(1, ($0.width + columns - 1) / columns) }
    // The next prompt wants a row too.
    let page = size.rows - 1
    guard heights.reduce(0, +) > page else { return Self.writeAll(lines[...], to: sink) }
    var left = page
    for (place, line) in lines.enumerated() {
      if heights[place] > left, place > 0 {
        sink(Self.question(place, of: lines.count, columns: columns))
        let answer = ask()
        sink("\r\u{1B}[K")
        switch answer {
        case .page: left = page
        case .line: left = heights[place]
        case .all: return Self.writeAll(lines[place...], to: sink)
        case .stop:
          let rest = lines.count - place
          return sink("… \(counted(rest, "more line"))\n")
        }
      }
      left -= heights[place]
      sink(line.text + "\n")
    }
  }

  private static func writeAll(_ lines: ArraySlice<(text: String, width: Int)>, to sink: TextSink) {
    sink(
      lines.reduce(into: "") { text, line in
        text += line.text
        text += "\n"
      })
  }

  private static func question(_ shown: Int, of count: Int, columns: Int) -> String {
    let place = columns < 50 ? "\(shown)/\(count)" : "\(shown) of \(count) lines"
    return DisplayWidth.cut("\(place) · Enter more, a all, q enough", to: columns - 1)
  }
}
