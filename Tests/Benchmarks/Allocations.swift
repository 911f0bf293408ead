import AllocationCount
import Collab
import CollabLanguage
import CollabLearning
import CollabInterpreter
import CollabNotebook
import CollabThreading

extension Bench {
  /// How often a step asks for memory, once the steps before have brought theirs.
  func allocations() throws {
    let table = try movieLens100K()
    for architecture in [Architecture.dotBias, .collab, .nn] {
      try allocations("\(architecture)", learner(table, architecture))
    }
    let session = try ownModelSession()
    if case .object(let learner as Learner) = session.variables["own"] {
      try allocations("own", learner)
    }
  }

  private func allocations(_ name: String, _ learner: Learner) throws {
    learner.threads = .one
    let watch = AllocationWatch()
    try learner.fit(epochs: 1, .oneCycle(maximum: 5e-3), weightDecay: 0.1, observer: watch)
    report(
      "allocations \(name)", "a step", [(wall: watch.countOfStep, processor: 0)], goal: 0,
      floor: nil)
  }
}

/// Counts what is allocated between two batches of a fit.
private final class AllocationWatch: FitObserver {
  private static let (first, last) = (100, 1100)
  private var counts = (first: 0, last: 0)

  var countOfStep: Double {
    Double(counts.last - counts.first) / Double(Self.last - Self.first)
  }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    if progress.batch == Self.first { counts.first = allocation_count() }
    if progress.batch == Self.last { counts.last = allocation_count() }
    return true
  }
  func epochDidFinish(_ epoch: Recorder.Epoch) {}
}
