import FoundationEssentials

/// What a client asks, one line of JSON.
package struct Request: Equatable {
  /// The number that every answer repeats.
  package let id: Int
  package let kind: Kind

  package enum Kind: Equatable {
    /// Runs statements; those that are stored belong to the history.
    case execute(code: String, isStored: Bool)
    /// What may stand at a place, in code points.
    case complete(code: String, cursor: Int)
    /// Help on what stands at a place, in code points.
    case inspect(code: String, cursor: Int)
    /// Whether statements are finished.
    case completeness(code: String)
    /// The latest statements.
    case history(count: Int)
    /// Stops what runs.
    case interrupt
    /// Answers a question; nil gives none.
    case answer(String?)
    /// Ends the conversation.
    case shutdown
  }
}

/// A line that is no request: what is wrong with it, and its number if it has one.
package struct Refusal: Error, Equatable {
  let id: Int?
  let message: String
}

extension Request {
  /// Reads a line.
  ///
  /// - Throws: what is wrong with it.
  package init(_ line: [UInt8]) throws(Refusal) {
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: Data(line))
    } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
      let name = context.codingPath[0].stringValue
      throw Refusal(id: nil, message: "`\(name)` is not of the kind that the protocol describes")
    } catch {
      throw Refusal(id: nil, message: "a line must be one JSON object")
    }
    guard let id = fields.id else {
      throw Refusal(id: nil, message: "a request needs `id`, a whole number")
    }
    guard let name = fields.request else {
      throw Refusal(id: id, message: "a request needs `request`, the name of what to do")
    }
    func code() throws(Refusal) -> String {
      guard let code = fields.code else {
        throw Refusal(id: id, message: "`\(name)` needs `code`, a text")
      }
      return code
    }
    self.id = id
    switch name {
    case "execute": kind = .execute(code: try code(), isStored: fields.store ?? true)
    case "complete": kind = .complete(code: try code(), cursor: fields.cursor ?? .max)
    case "inspect": kind = .inspect(code: try code(), cursor: fields.cursor ?? .max)
    case "is_complete": kind = .completeness(code: try code())
    case "history": kind = .history(count: max(0, fields.count ?? 1000))
    case "interrupt": kind = .interrupt
    case "answer": kind = .answer(fields.text)
    case "shutdown": kind = .shutdown
    default: throw Refusal(id: id, message: "there is no request `\(name.prefix(60))`")
    }
  }

  /// The names that a line may have; others are passed over.
  private struct Fields: Decodable {
    let id: Int?
    let request: String?
    let code: String?
    let cursor: Int?
    let count: Int?
    let store: Bool?
    let text: String?
  }
}
