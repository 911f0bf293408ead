import FoundationEssentials

/// What is said to a client: a name, the number of the request it belongs to, and more by its kind.
struct Event<Content: Encodable>: Encodable {
  let name: String
  let id: Int?
  let content: Content

  private enum CodingKeys: String, CodingKey { case event, id }

  func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .event)
    try container.encodeIfPresent(id, forKey: .id)
  }

  /// The event as one line.
  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("an event is made of texts and finite numbers")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

// MARK: - What events hold

/// The first event: who speaks, and in which version of the protocol.
struct Greeting: Encodable {
  var `protocol` = Conversation.version
  let version: String
  let banner: String
}

/// A stretch of plain text, with the ends of its lines.
struct StreamText: Encodable {
  let stream: String
  let text: String
}

/// Something in several forms, by their media types; one with a number may be replaced.
struct Display: Encodable {
  let data: [String: String]
  var display: Int?
}

/// How far something has come.
struct Advance: Encodable {
  let label: String
  let done: Int
  let total: Int
  let elapsed: Double
  let remaining: Double?
  let note: String
  let text: String
}

/// An error, with the lines that show its place.
struct Mistake: Encodable {
  let code: String
  let message: String
  let lines: [String]
}

/// Something that wants an answer.
struct Asking: Encodable {
  let lines: [String]
}

/// A line that was no request.
struct Refused: Encodable {
  let message: String
}

/// Nothing but the name of the event.
struct Nothing: Encodable {}

/// The last event of each request.
struct Outcome: Encodable {
  enum Status: String, Encodable {
    case ok, error, interrupted, quit
  }

  var status = Status.ok
  /// Of statements: the number of their cell.
  var cell: Int?
  /// Of a completion.
  var matches: [Match]?
  var start: Int?
  var end: Int?
  var omitted: Int?
  /// Of an inspection: the help, unless there is none.
  var found: Bool?
  var text: String?
  /// Of `is_complete`: `complete`, `incomplete` or `invalid`, and how the next line begins.
  var completeness: String?
  var indent: String?
  /// Of a history, the latest last.
  var statements: [Statement]?

  struct Match: Encodable {
    let text: String
    let suffix: String
    let label: String
    let note: String
  }

  struct Statement: Encodable {
    /// Whether it was entered in this session.
    let current: Bool
    let code: String
  }
}
