/// A translated formula: gives its value whenever it is run.
///
/// This and its siblings are structs because a bare closure in an array or behind a question mark is
/// called through a thunk.
package struct Formula {
  private let body: (Frame) throws -> Value

  package init(_ body: @escaping (Frame) throws -> Value) { self.body = body }

  package func callAsFunction(_ frame: Frame) throws -> Value { try body(frame) }
}

/// A translated assignment.
package struct Step {
  private let body: (Frame) throws -> Void

  package init(_ body: @escaping (Frame) throws -> Void) { self.body = body }

  package func callAsFunction(_ frame: Frame) throws { try body(frame) }
}

/// A translated target of an assignment: takes the value.
package struct Setter {
  private let body: (consuming Value, Frame) throws -> Void

  package init(_ body: @escaping (consuming Value, Frame) throws -> Void) { self.body = body }

  package func callAsFunction(_ value: consuming Value, _ frame: Frame) throws {
    try body(value, frame)
  }
}

/// What a statement in a block leads to.
package enum Flow {
  /// The next statement.
  case next
  /// The end of the loop.
  case `break`
  /// The next member of the loop.
  case `continue`
  /// The end of the call, which has this value.
  case `return`(Value)
}

/// A translated statement, or a block of them.
package struct Action {
  private let body: (Frame) throws -> Flow

  package init(_ body: @escaping (Frame) throws -> Flow) { self.body = body }

  package func callAsFunction(_ frame: Frame) throws -> Flow { try body(frame) }
}
