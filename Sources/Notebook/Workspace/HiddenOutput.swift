import CollabDocuments
import CollabInterpreter

/// An output that shows nothing of a statement with a `;` at its end but what goes wrong, how far it
/// has come, and what it prints.
final class HiddenOutput: Output {
  /// Where what is printed goes.
  let shown: any Output

  init(_ shown: any Output) { self.shown = shown }

  func write(_ block: Block) {
    if case .failure = block { shown.write(block) }
  }

  func begin(_ table: LiveTable) {}

  func append(row cells: [String]) {}

  func end() {}

  func progress(_ progress: Progress?) { shown.progress(progress) }
}

extension Session {
  /// The output that a statement writes to who asks for it by name, as `print` does.
  var printed: any Output { (output as? HiddenOutput)?.shown ?? output }
}
