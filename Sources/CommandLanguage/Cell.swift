/// One piece of a script: statements, prose, a question, or text for other programs.
public struct Cell: Sendable {
  /// What a cell is for.
  public enum Kind: String, Sendable, CaseIterable {
    /// Statements.
    case code
    /// Prose.
    case markdown = "md"
    /// A question of the lesson.
    case question = "q"
    /// Text that is kept and not interpreted.
    case raw
  }

  /// What is in a cell, as far as this module reads it.
  public enum Content: Sendable {
    /// Statements.
    case code(Code)
    /// Prose, or raw text.
    case text
    /// A question: its prose and its fields.
    case question(Question)
  }

  /// What the cell is for.
  public let kind: Kind
  /// The id on the marker, or one made from the content; unique in its file.
  public let id: String
  /// Whether the id stands on the marker.
  public let hasWrittenID: Bool
  /// What the marker says, without the kind.
  public let attributes: [Attribute]
  /// The `%%` line with its line ending; nil for a cell without one.
  public let markerRange: Range<Int>?
  /// The lines behind the marker, up to the next marker or the end.
  public let bodyRange: Range<Int>
  /// What the lines hold.
  public let content: Content

  /// The attribute with a name.
  public func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }

  /// Whether a flag such as `hide` is set.
  public func has(_ name: String) -> Bool { attribute(name) != nil }

  /// The statements of a code cell; none for any other.
  public var code: Code {
    if case .code(let code) = content { code } else { Code(lines: []) }
  }

  /// Marker and body.
  public var range: Range<Int> {
    (markerRange?.lowerBound ?? bodyRange.lowerBound)..<bodyRange.upperBound
  }
}

/// The inside of a question cell: prose, then fields such as `right:` and `hint:`.
public struct Question: Sendable, Equatable {
  /// `name: value`, with indented continuation lines.
  public struct Field: Sendable, Equatable {
    /// The word before the colon.
    public let name: String
    /// The value: lines without their common indentation, joined by newlines.
    public let text: String
    /// Where the word stands.
    public let nameRange: Range<Int>
    /// Where the value stands, from behind the colon to the end of its last line.
    public let valueRange: Range<Int>
  }

  /// The words that begin a field.
  public static let fieldNames: Set<String> = [
    "answer", "right", "wrong", "hint", "check", "mention",
  ]

  /// What is asked.
  public let prose: String
  /// The fields in order; most may occur several times.
  public let fields: [Field]

  /// The fields with a name, in order.
  public func fields(_ name: String) -> [Field] { fields.filter { $0.name == name } }
}
