import Collab
import CollabThreading
import Testing

struct StepThreadsTests {
  /// What a fit uses after the trial, if steps take so long with one thread and with all.
  private func choice(
    _ count: Int, one: (Int) -> Duration, all: (Int) -> Duration
  ) -> (final: Threads, timed: Int) {
    var threads = StepThreads(Threads(count))
    var timed = 0
    for step in 0..<1000 {
      let time = threads.threads == .one ? one(step) : all(step)
      if threads.isTrying { timed += 1 }
      threads.finishStep(in: threads.isTrying ? time : nil)
    }
    return (threads.threads, timed)
  }

  @Test func `steps use all threads where that is faster`() {
    let found = choice(4, one: { _ in .microseconds(900) }, all: { _ in .microseconds(500) })
    #expect(found.final == Threads(4))
    #expect(found.timed == 2 * StepThreads.trialCount)
  }

  @Test func `steps use one thread where others slow it down`() {
    let found = choice(2, one: { _ in .microseconds(900) }, all: { _ in .microseconds(1700) })
    #expect(found.final == .one)
  }

  @Test func `a step that was interrupted does not decide`() {
    let found = choice(
      2, one: { $0 % 10 == 0 ? .seconds(1) : .microseconds(500) }, all: { _ in .microseconds(900) })
    #expect(found.final == .one)
  }

  @Test func `nothing is tried with a single thread`() {
    let found = choice(1, one: { _ in .microseconds(900) }, all: { _ in .microseconds(500) })
    #expect(found.final == .one)
    #expect(found.timed == 0)
  }
}
