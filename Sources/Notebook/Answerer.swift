/// Who answers the questions of a statement that is running: somebody at the keys, or the lines of a pipe.
public protocol Answerer: AnyObject {
  /// Shows a question in the place of the one before, and waits for its answer.
  ///
  /// - Returns: a key or a line without its end; nil for Ctrl-C and the end of the input.
  func answer(to question: Question) -> String?
  /// Takes away what is shown of the last question.
  func end()
}

/// Something that is asked.
public struct Question: Sendable {
  /// All that is shown of it where one key is an answer.
  public let screen: [String]

  /// A question with what stands around it.
  public init(screen: [String]) { self.screen = screen }
}
