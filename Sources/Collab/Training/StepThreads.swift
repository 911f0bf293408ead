package import CollabThreading

/// How many threads the steps of a fit use: one or all, whatever is faster here.
///
/// Threads that share a batch read what others have changed. On some machines a core waits for that no
/// longer than for its own cache, on others longer than for memory, and then a step on two cores takes
/// twice as long as on one. Any number of threads gives the same bits, so some steps are tried with
/// one, and then as many with all; not in turn, since what the others have changed lies in their caches
/// for a while.
package struct StepThreads {
  /// Steps before the trial: the first ones sum what rows owe term by term.
  package static let warmUp = 320
  /// Steps with one thread, and with all.
  package static let trialCount = 25

  /// What the next step shall use.
  package private(set) var threads = Threads.one

  private let all: Threads
  private var stepCount = 0
  private var times: (one: [Duration], all: [Duration]) = ([], [])

  package init(_ all: Threads) { self.all = all }

  /// Whether steps need be timed: the trial is running.
  package var isTrying: Bool {
    all.count > 1 && stepCount >= Self.warmUp && times.all.count < Self.trialCount
  }

  /// Notes that a step is done, and how long it took if that was measured.
  package mutating func finishStep(in time: Duration?) {
    if let time {
      if threads == .one { times.one.append(time) } else { times.all.append(time) }
    }
    stepCount += 1
    if isTrying {
      threads = times.one.count < Self.trialCount ? .one : all
    } else if times.all.count == Self.trialCount, stepCount <= Self.warmUp + 2 * Self.trialCount {
      threads = Self.middle(times.all) < Self.middle(times.one) ? all : .one
    }
  }

  /// A step that something else has interrupted does not count.
  private static func middle(_ times: [Duration]) -> Duration {
    times.sorted()[times.count / 2]
  }
}
