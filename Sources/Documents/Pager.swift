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
    /// A page that begins with the next line in which a text stands.
    case search(String)
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

  /// The rows of a picture between the statement that asks for it and the next prompt; nil while
  /// nothing is held back.
  var pictureHeight: Int? { size().map { $0.rows - 2 } }

  /// Writes lines; each comes with the columns it takes.
  func write(_ lines: [(text: String, width: Int)], to sink: TextSink) {
    guard let size = size(), size.rows > 2 else { return Self.writeAll(lines[...], to: sink) }
    let columns = max(1, size.columns)
    let heights = lines.map { max(1, ($0.width + columns - 1) / columns) }
    // The next prompt wants a row too.
    let page = size.rows - 1
    guard heights.reduce(0, +) > page else { return Self.writeAll(lines[...], to: sink) }
    var left = page
    var place = 0
    var note = ""
    while place < lines.count {
      if heights[place] > left, place > 0 {
        sink(note + Self.question(place, of: lines.count, columns: columns - DisplayWidth.of(note)))
        note = ""
        let answer = ask()
        sink("\r\u{1B}[K")
        switch answer {
        case .page: left = page
        case .line: left = heights[place]
        case .all: return Self.writeAll(lines[place...], to: sink)
        case .search(let text):
          guard let found = Self.find(text, in: lines[place...]) else {
            note = "not found · "
            continue
          }
          if found > place { sink("… \(counted(found - place, "line")) left out\n") }
          (place, left) = (found, page - 1)
        case .stop:
          let rest = lines.count - place
          return sink("… \(counted(rest, "more line"))\n")
        }
      }
      left -= heights[place]
      sink(lines[place].text + "\n")
      place += 1
    }
  }

  /// The first line that holds a text, whatever its letter case.
  private static func find(
    _ text: String, in lines: ArraySlice<(text: String, width: Int)>
  ) -> Int? {
    let wanted = text.lowercased()
    return lines.firstIndex { $0.text.lowercased().contains(wanted) }
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
    return DisplayWidth.cut("\(place) · Enter more, / search, q enough", to: columns - 1)
  }
}
