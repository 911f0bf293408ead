import Glibc

/// How many threads a large task may use.
///
/// Work is cut into pieces that do not depend on how many threads there are, or whose results do
/// not: any number gives the same bits. Threads are started for a task and end with it, so that
/// nothing is kept running beside a program that does something else; that costs some 30 µs, and
/// is done only for tasks of a millisecond or more.
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

  /// Calls `body` once for each number below `pieces`, on up to `count` threads, and waits.
  ///
  /// Thread t takes the pieces t, t + `count`, t + 2 `count` …
  ///
  /// `body` runs at the same time on several threads: pieces must not write what others read.
  package func forEach(_ pieces: Int, _ body: (Int) -> Void) {
    let threads = min(count, pieces)
    guard threads > 1 else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let shares = (0..<threads).map { Share(first: $0, step: threads, pieces: pieces, body) }
      var handles: [pthread_t] = []
      for share in shares.dropFirst() {
        var handle = pthread_t()
        let argument = Unmanaged.passUnretained(share).toOpaque()
        let failure = pthread_create(
          &handle, nil,
          { argument in
            if let argument { Unmanaged<Share>.fromOpaque(argument).takeUnretainedValue().run() }
            return nil
          }, argument)
        // Without a thread to spare its share is done here.
        if failure == 0 { handles.append(handle) } else { share.run() }
      }
      withExtendedLifetime(shares) {
        shares[0].run()
        for handle in handles { pthread_join(handle, nil) }
      }
    }
  }

  /// The pieces of one thread.
  private final class Share {
    private let pieces: StrideTo<Int>
    private let body: (Int) -> Void

    init(first: Int, step: Int, pieces: Int, _ body: @escaping (Int) -> Void) {
      self.pieces = stride(from: first, to: pieces, by: step)
      self.body = body
    }

    func run() {
      Threads.$current.withValue(.one) {
        for piece in pieces { body(piece) }
      }
    }
  }
}
