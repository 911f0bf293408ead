/// A piece of output as a value: what to say, not how it is drawn.
///
///     output.write(.paragraph("100,000 ratings · 943 users"))
///
/// Commands make blocks and a renderer turns them into text. A block knows no width, colour or
/// device, so the same value serves a terminal, a pipe and a page.
public enum Block: Equatable, Sendable {
  /// Running text, wrapped to the width of the page. Newlines in it are kept.
  case paragraph(String)
  /// A title; level 1 is the largest.
  case heading(String, level: Int)
  /// Lines shown exactly as they are, such as a tensor or the value of an expression.
  case preformatted(String)
  /// Something to type, shown indented.
  case code(String)
  /// Rows and columns.
  case table(TableBlock)
  /// Values with a bar each, such as the largest biases.
  case bars(BarChart)
  /// Names with what they stand for, such as the options of a learner.
  case facts([Fact])
  /// An error, a warning or a note whose lines are already composed.
  case failure(Failure)
  /// Markdown, such as the prose of a lesson.
  case prose(String)
  /// A picture.
  case plot(Plot)
  /// Pictures of one thing at several times, side by side where there is room.
  case frames([Plot])
  /// What a program is to read.
  case data(DataBlock)
}

/// Text in a format for programs, or a part of one that is too long to be made at once.
public struct DataBlock: Equatable, Sendable {
  /// What stands between this and the data before it.
  public enum Start: Equatable, Sendable {
    /// An empty line, beside a table of delimited text.
    case table
    /// Nothing, for what has a line of its own.
    case line
    /// Nothing, since it goes on where the block before it ended.
    case continued
  }

  /// The text, with the ends of its lines.
  public let text: String
  /// What stands in front of it.
  public let start: Start

  /// Makes a block of data.
  public init(_ text: String, start: Start) {
    self.text = text
    self.start = start
  }
}

/// A name and what it stands for, one line of a `Block.facts`.
public struct Fact: Equatable, Sendable {
  /// What the line is about, such as `lr`.
  public let name: String
  /// What is said about it; wrapped beside the name.
  public let text: String

  /// Makes one line of a list of facts.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// An error, a warning or a note, as the lines that say it.
///
/// The carets, the place and the `help:` lines are composed where the source text is known; the
/// renderer only colours them and chooses the stream.
public struct Failure: Equatable, Sendable {
  /// How bad it is; decides the colour of the first line.
  public enum Severity: Equatable, Sendable {
    /// The statement did not run.
    case error
    /// It ran, but not quite as asked.
    case warning
    /// Worth knowing.
    case note
  }

  /// The lines, without newlines, in the order they are read.
  public let lines: [String]
  /// How bad it is.
  public let severity: Severity

  /// Makes a failure from lines that are already composed.
  public init(lines: [String], severity: Severity = .error) {
    self.lines = lines
    self.severity = severity
  }
}

/// Labels with a value and a bar whose length shows it.
///
///     BarChart([.init("Titanic (1997)", value: 0.5, text: "0.50")])
public struct BarChart: Equatable, Sendable {
  /// One labelled value.
  public struct Bar: Equatable, Sendable {
    /// What the value belongs to, such as a title.
    public let label: String
    /// The value; its magnitude is the length of the bar.
    public let value: Double
    /// The value as it is printed.
    public let text: String
    /// What else there is to say, behind the bar, such as `39 ratings`.
    public let note: String?

    /// Makes one bar; `text` is how the value is printed.
    public init(_ label: String, value: Double, text: String, note: String? = nil) {
      self.label = label
      self.value = value
      self.text = text
      self.note = note
    }
  }

  /// The bars, from the top.
  public let bars: [Bar]
  /// Whether the bars are counted from 1 in front of their labels.
  public let isRanked: Bool

  /// The magnitude that the longest possible bar stands for.
  public let largest: Double

  /// Makes a chart; the longest bar belongs to the value of largest magnitude, also among those of
  /// charts that are to be compared with this one.
  public init(_ bars: [Bar], isRanked: Bool = true, comparedWith others: [Bar] = []) {
    self.bars = bars
    self.isRanked = isRanked
    largest = (bars + others).map { abs($0.value) }.filter(\.isFinite).max() ?? 0
  }
}
