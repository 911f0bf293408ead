public import CollabDocuments
public import CollabRandomness

/// What code works on while it runs: names and their values, builtins, random streams, output.
///
/// A session is a scope with ratings, learners and files; the evaluator knows no more than this.
open class Scope {
  /// The builtins.
  public final let library: Library
  /// The generators that every cell draws from.
  public final let streams: RandomStreams
  /// Where results, tables and progress go.
  public final var output: any Output
  /// Asked between batches: whether the user wants to stop.
  public final var isInterrupted: () -> Bool = { false }

  /// What names stand for.
  public package(set) final var variables: [String: Value] = [:] {
    didSet { variableChanges += 1 }
  }
  /// How often a variable was made, changed or removed.
  @exclusivity(unchecked) private(set) final var variableChanges = 0
  /// The values that statements have shown, by the number of their cell.
  package final var shown: [Int: Value] = [:]
  /// Calls of the session's own functions that are running.
  package final var callDepth = 0
  /// Forward passes of the session's own models that are running.
  package final var forwardDepth = 0
  /// What was said already, of what is said once.
  private final var notes: Set<String> = []

  /// A scope without names.
  public init(_ library: Library, output: any Output, seed: UInt32) {
    (self.library, self.output) = (library, output)
    streams = RandomStreams(seed: seed)
  }

  /// Says that the user stopped a statement; to be thrown.
  package final func interrupted() -> any Error {
    output.write(.failure(Failure(lines: ["interrupted"], severity: .note)))
    return Signal.interrupted
  }

  /// Changes a variable where it is.
  final func change(_ name: String, _ change: (inout Value) throws -> Void) rethrows {
    try change(&variables[name, default: .none])
  }

  /// Says something that is no mistake, once a session.
  package final func note(_ text: String, as kind: String) {
    guard notes.insert(kind).inserted else { return }
    output.write(.failure(Failure(lines: ["note: \(text)"], severity: .note)))
  }

  /// Shows the value of a command that runs inside a block.
  open func show(_ value: Value) { output.write(value.block) }

  /// Keeps what has changed so far, even if the statement that is running fails.
  open func keepChanges() {}

  /// What else an unknown name may stand for, and what makes it; nothing unless a scope knows.
  open func advice(onUnknown name: String) -> [String] { [] }
}

/// What ends a statement without being a mistake.
package enum Signal: Error {
  case quit
  case interrupted
}
