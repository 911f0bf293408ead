import CollabLanguage
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

/// Advice that reads as a statement works when it is typed.
struct HelpLinesTests {
  @Test(arguments: try Transcript.all())
  func `help of a message can be typed`(_ transcript: Transcript) throws {
    for (place, step) in transcript.steps.enumerated() {
      guard step.output.contains(where: { $0.hasPrefix("  help: ") }) else { continue }
      let conversation = Conversation()
      for earlier in transcript.steps[..<place] { _ = conversation.type(earlier.input) }
      let source = Source(step.input)
      guard let error = failure(of: source, in: conversation) else { continue }
      for advice in error.help {
        guard let statements = statements(advice, mending: error, in: source) else { continue }
        let next = failure(of: Source(statements), in: conversation)
        // Another step may be missing, which the next message names.
        let isMended = next.map { Self.missing.contains($0.code) && $0.code != error.code } ?? true
        #expect(isMended, "\(step.input): \(advice): \(next?.headline ?? "")")
      }
    }
  }

  private static let missing = [
    "no-ratings", "no-dataloaders", "no-learner", "no-data", "unknown-name",
  ]

  private func failure(of source: Source, in conversation: Conversation) -> Diagnostic? {
    do {
      try conversation.session.run(source)
      return nil
    } catch {
      return error
    }
  }

  /// What a reader would type: the advice itself, or the mistaken words replaced by it; nil for prose.
  private func statements(
    _ advice: String, mending error: Diagnostic, in source: Source
  ) -> String? {
    if let range = error.range, error.source == source {
      let example = advice.dropped("for example ")
      let name = advice.dropped("did you mean `")?.split(separator: "`").first.map(String.init)
      if let word = example ?? name {
        let text = Array(source.text.utf8)
        let mended = text[..<range.lowerBound] + Array(word.utf8) + text[range.upperBound...]
        return String(decoding: mended, as: UTF8.self)
      }
    }
    let isCode = (try? Session.registry.parser().code(in: Source(advice))) != nil
    return isCode && !advice.contains("…") ? advice : nil
  }
}

extension String {
  fileprivate func dropped(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
