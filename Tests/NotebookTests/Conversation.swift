import CollabInterpreter
import Collab
import CollabLanguage
import CollabDocuments
import CollabNotebook

/// A session whose output is kept as text, as a pipe would get it.
final class Conversation {
  let session: Session
  private var text = ""

  init(data: DataSearch = DataSearch(workingFolder: "/proc/nonexistent")) {
    session = Session(output: OutputRecorder(), dataSearch: data)
    session.output = PlainRenderer(to: { [unowned self] in text += $0 })
    // What is said once has a test of its own.
    session.hasSpokenOfLists = true
  }

  /// What is printed when something is typed at the prompt.
  func type(_ input: String) -> [String] {
    text = ""
    let source = Source(input)
    do {
      try session.run(source)
    } catch {
      let lines = error.lines(for: .prompt(width: 2, typed: source))
      session.output.write(.failure(Failure(lines: lines)))
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeLast()
    return lines
  }

  /// What a variable stands for.
  subscript(name: String) -> String { type("print \(name)").joined(separator: "\n") }

  /// A conversation in which a small model has been trained on the built-in data.
  static func trained(
    data: DataSearch = DataSearch(workingFolder: "/proc/nonexistent")
  ) -> Conversation {
    let conversation = Conversation(data: data)
    _ = conversation.type("load demo; dataloaders bs=512; learner dotbias factors=5; fit 1 5e-3")
    return conversation
  }

  /// What the last of some inputs prints.
  static func last(_ inputs: String...) -> [String] {
    let conversation = Conversation()
    return inputs.map(conversation.type).last ?? []
  }

  /// The mistake in the last of some inputs, as the method gives it.
  static func mistake(_ inputs: String...) -> [String] { Conversation().mistake(inputs) }

  /// The message of the last of some inputs, the text it points at, its notes, and its help.
  func mistake(_ inputs: [String]) -> [String] {
    for input in inputs.dropLast() { _ = type(input) }
    do {
      try session.run(Source(inputs.last ?? ""))
      return []
    } catch {
      let place = error.range.flatMap { error.source?.text(in: $0) }
      return [error.headline, "at \(place ?? "nothing")"] + error.notes
        + error.help.map { "help: \($0)" }
    }
  }
}
