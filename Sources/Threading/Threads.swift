import Dispatch
import Glibc
import Synchronization

/// How many threads a large task may use.
///
/// Work is cut into pieces that do not depend on how many threads there are, or whose results do
/// not: any number gives the same bits. Handing work to other threads costs some 10 µs, and is done
/// only for tasks that take several times as long.
public struct Threads: Sendable, Equatable {
  /// At least 1.
  public let count: Int

  /// As many threads as asked for.
  ///
  /// - Precondition: `count` is at least 1.
  public init(_ count: Int) {
    precondition(count >= 1, "\(count) threads")
    self.count = count
  }

  /// How many threads large tasks may use that are not told; those on several threads use one each.
  @TaskLocal public static var current = cores

  /// One thread a core.
  public static let cores = Threads(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  /// The calling thread alone.
  public static let one = Threads(1)

  /// Calls `body` once for each number below `pieces`, on up to `count` threads and as many as
  /// there are cores, and waits.
  ///
  /// Thread t takes the pieces t, t + `count`, t + 2 `count` …
  ///
  /// `body` runs at the same time on several threads: pieces must not write what others read.
  package func forEach(_ pieces: Int, _ body: (Int) -> Void) {
    let threads = min(count, pieces)
    guard threads > 1, Self.canHandOver else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Whoever calls this answers for what pieces do at the same time.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: threads) { first in
        Self.$current.withValue(.one) {
          for piece in stride(from: first, to: pieces, by: threads) { body(piece) }
        }
      }
    }
  }

  /// Whether other threads can be had: Dispatch opens files of its own, and ends the process where no
  /// more may be open.
  private static let canHandOver: Bool = {
    let handles = (0..<8).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    for handle in handles where handle >= 0 { close(handle) }
    return handles.allSatisfy { $0 >= 0 }
  }()

  /// As `forEach(_:_:)`, for pieces that take unequally long: a thread that is done with one takes the
  /// next.
  package func forEachInTurn(_ pieces: Int, _ body: (Int) -> Void) {
    let next = Atomic(0)
    forEach(min(count, pieces)) { _ in
      while case let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue, piece < pieces {
        body(piece)
      }
    }
  }

  /// What `body` gives for each number below `pieces`, on several threads at once.
  ///
  /// - Throws: what `body` throws for the first number for which it does.
  package func results<Result, Failure>(
    of pieces: Int, _ body: (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results = [Swift.Result<Result, Failure>?](repeating: nil, count: pieces)
    results.withUnsafeMutableBufferPointer { results in
      // Each piece writes a place of its own.
      nonisolated(unsafe) let results = results
      forEach(pieces) { piece in
        results[piece] = Swift.Result { () throws(Failure) in try body(piece) }
      }
    }
    var found: [Result] = []
    found.reserveCapacity(pieces)
    for case let result? in results { found.append(try result.get()) }
    return found
  }

  /// As `results(of:_:)`, for small pieces: a thread takes a block of neighbours at a time.
  package func results<Result>(
    of pieces: Int, inBlocksOf length: Int, _ body: (Int) -> Result
  ) -> [Result] {
    let blocks = results(of: (pieces + length - 1) / length) { block in
      (block * length..<min((block + 1) * length, pieces)).map(body)
    }
    return Array(blocks.joined())
  }

  /// As `forEachInTurn(_:_:)`, and asks on the way whether to stop: the thread that is observed, between
  /// two pieces.
  ///
  /// - Returns: whether all pieces were done.
  package func forEachInterruptibly(_ pieces: Int, _ body: (Int) -> Void) -> Bool {
    let isStopped = Atomic(false)
    forEachInTurn(pieces) { piece in
      if Interruption.isAsked { isStopped.store(true, ordering: .relaxed) }
      if !isStopped.load(ordering: .relaxed) { body(piece) }
    }
    return !isStopped.load(ordering: .relaxed)
  }
}
