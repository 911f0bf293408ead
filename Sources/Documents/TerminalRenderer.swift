internal import Glibc
internal import CollabText

/// An output for people: the text of `PlainRenderer` with colours, and a bar on standard error.
///
///     let traits = TerminalTraits.current(color: .auto)
///     let output = TerminalRenderer(to: write, errorsTo: complain, traits: traits)
///
/// Without colour and bar the text is exactly that of a `PlainRenderer` of the same width.
public final class TerminalRenderer: Output {
  /// The bar is drawn again no sooner than this, in seconds.
  private static let redrawInterval = 0.1
  /// What is over sooner than this, in seconds, has no bar.
  private static let patience = 1.0

  private let standardOutput: TextSink
  private let standardError: TextSink
  /// What the terminal can show.
  public var traits: TerminalTraits
  /// Shows long output a page at a time; nil writes everything at once.
  public var pager: Pager?
  private let width: () -> Int
  private let textWidth: Int?
  private let now: () -> Double
  private var table: LiveTable?
  private var started: Double?
  private var lastDrawn: Double?
  private var isBarVisible = false
  /// How many lines a picture that changes takes below everything.
  private var pictureHeight = 0

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - standardOutput: where everything goes but failures and the bar.
  ///   - standardError: where failures and the bar go.
  ///   - traits: what the terminal can show.
  ///   - width: the columns of the window, asked before each block; nil uses that of `traits`.
  ///   - textWidth: the columns of everything but the bar, when they are not those of the window.
  ///   - now: a clock in seconds; nil uses the monotonic one.
  public init(
    to standardOutput: @escaping TextSink, errorsTo standardError: @escaping TextSink,
    traits: TerminalTraits, width: (() -> Int)? = nil, textWidth: Int? = nil,
    now: (() -> Double)? = nil
  ) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.traits = traits
    self.width = width ?? { traits.width }
    self.textWidth = textWidth
    self.now = now ?? TerminalRenderer.monotonicSeconds
  }

  /// Writes a block and its newline, taking the bar away first.
  public func write(_ block: Block) {
    erase()
    let lines = BlockLayout(
      width: textWidth ?? width(), height: pager?.pictureHeight, glyphs: traits.glyphs
    ).lines(block)
    if case .failure = block {
      let width = width()
      standardError(
        drawn(
          lines.flatMap { FailureLayout.fitted($0, to: width) }, withColor: traits.hasColorOnError))
    } else if let pager {
      pager.write(
        lines.map { (painted($0, withColor: traits.hasColor), DisplayWidth.of($0.text)) },
        to: standardOutput)
    } else {
      standardOutput(drawn(lines, withColor: traits.hasColor))
    }
  }

  /// Writes the titles; the time of the bar counts from here.
  public func begin(_ table: LiveTable) {
    erase()
    self.table = table
    started = now()
    let titles = StyledText(table.line(table.columns.map(\.title)), .heading)
    standardOutput(drawn([titles], withColor: traits.hasColor))
  }

  /// Writes a row at once, taking the bar away first.
  public func append(row cells: [String]) {
    guard let table else { preconditionFailure("append(row:) without begin(_:)") }
    erase()
    standardOutput(table.line(cells) + "\n")
  }

  /// Ends the table.
  public func end() {
    erase()
    table = nil
    started = nil
  }

  /// Draws the bar at most ten times a second, once a second has passed; nil erases it.
  public func progress(_ progress: Progress?) {
    guard traits.canRedraw else { return }
    guard let progress else {
      eraseBar()
      if table == nil { started = nil }
      return
    }
    let time = now()
    let start = started ?? time
    started = start
    guard time - start >= Self.patience else { return }
    if let lastDrawn, time - lastDrawn < Self.redrawInterval { return }
    lastDrawn = time
    isBarVisible = true
    let line = ProgressLayout.line(progress, width: width(), glyphs: traits.glyphs)
    standardError("\r" + painted(line, withColor: traits.hasColorOnError) + "\u{1B}[K")
  }

  /// Draws the picture in the place of the one before, no higher than leaves room for the table.
  public func watch(_ picture: Plot?) {
    guard traits.canRedraw else { return }
    erase()
    let rows = pager?.pictureHeight ?? 22
    guard let picture, rows >= Self.lowestScreen else { return }
    let height = min(rows - Self.lowestScreen / 2, Self.highestPicture)
    let lines = BlockLayout(
      width: min(width(), textWidth ?? .max) - 1, height: height, glyphs: traits.glyphs
    ).lines(.plot(picture))
    guard lines.count < rows else { return }
    pictureHeight = lines.count
    standardError(drawn(lines, withColor: traits.hasColorOnError))
  }

  /// Fewer rows have no room for a picture that changes.
  private static let lowestScreen = 12
  private static let highestPicture = 18

  /// Takes away what is not to stay.
  private func erase() {
    eraseBar()
    guard pictureHeight > 0 else { return }
    standardError("\r\u{1B}[\(pictureHeight)A\u{1B}[J")
    pictureHeight = 0
  }

  private func eraseBar() {
    guard isBarVisible else { return }
    isBarVisible = false
    lastDrawn = nil
    standardError("\r\u{1B}[K")
  }

  private static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

// MARK: - Colours
extension TerminalRenderer {
  private func drawn(_ lines: [StyledText], withColor: Bool) -> String {
    lines.reduce(into: "") { text, line in
      text += painted(line, withColor: withColor)
      text += "\n"
    }
  }

  private func painted(_ line: StyledText, withColor: Bool) -> String {
    guard withColor else { return line.text }
    return line.runs.reduce(into: "") { text, run in
      text += Self.code(of: run.style).map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text
    }
  }

  // Only the sixteen colours that a theme can change.
  private static func code(of style: TextStyle) -> String? {
    switch style {
    case .plain: return nil
    case .strong, .heading: return "1"
    case .emphasis: return "3"
    case .faint: return "2"
    case .code, .help: return "36"
    case .error: return "1;31"
    case .warning: return "1;33"
    case .caret: return "31"
    case .bar: return "34"
    case .series(let number): return ["34", "33", "35", "32", "36", "31"][number % 6]
    }
  }
}
