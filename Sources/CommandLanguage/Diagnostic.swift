/// Something that went wrong, said to the user: what, where, and what to type instead.
///
///     throw Diagnostic(
///       "bad-value", "`wd` takes a number", at: word.range, in: source,
///       caption: "`high` is a name", help: ["for example wd=0.1"])
///
/// Messages are lower case without a full stop; names and text to type stand in backticks. The drawing
/// is `lines(for:)`.
public struct Diagnostic: Error, Sendable, Equatable {
  /// A stable word, such as `unknown-command`, that scripts may expect and `help` explains.
  public var code: String
  /// What is wrong, in one line.
  public var message: String
  /// Where in the source, if there is a place to point at.
  public var range: Range<Int>?
  /// What to write behind the carets.
  public var caption: String?
  /// Further places that are underlined with `~`, on the same line as `range`.
  public var related: [Range<Int>]
  /// Lines beside the shown source, such as where a cell ends.
  public var remarks: [String]
  /// Facts that are not advice.
  public var notes: [String]
  /// What to do instead; no more than two lines are drawn.
  public var help: [String]
  /// The text that `range` refers to.
  public var source: Source?

  /// A message with its code and, where known, its place.
  public init(
    _ code: String, _ message: String, at range: Range<Int>? = nil, in source: Source? = nil,
    caption: String? = nil, related: [Range<Int>] = [], remarks: [String] = [],
    notes: [String] = [], help: [String] = []
  ) {
    self.code = code
    self.message = message
    self.range = range
    self.source = source
    self.caption = caption
    self.related = related
    self.remarks = remarks
    self.notes = notes
    self.help = help
  }

  /// The first line of the drawing: `error[code]: message`.
  public var headline: String { "error[\(code)]: \(message)" }
}

extension Diagnostic: CustomStringConvertible {
  /// The drawing for a file, as one text.
  public var description: String { lines(for: .file).joined(separator: "\n") }
}
