import CollabMemory
import Glibc

/// What the program needs of its process, whoever started it.
enum ProcessStart {
  /// What statements, formulas and lists within each other take at their deepest.
  private static let stackSize = 8 << 20

  /// Keeps the numbers of standard streams that are closed: a file that is opened later would get one, and
  /// output would be written into it.
  ///
  /// There is nothing to read behind such a number, and nothing can be written to it.
  static func keepStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // The lowest number that is free.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Leaves with a message where there is so little memory that the system would end the process before
  /// anything can be refused.
  static func requireMemory() {
    let free = AvailableMemory.byteCount
    guard free < leastMemory else { return }
    Console.tell(
      "error: too little memory to start: \(max(free, 0) >> 20) MB are free, "
        + "\(leastMemory >> 20) are needed; see `ulimit -v`")
    exit(Exit.failure.rawValue)
  }

  /// What statements take beside what they ask for.
  private static let leastMemory = 16 << 20

  /// Runs something that calls itself deeply: where the stack is small, on a thread with a larger one.
  static func withRoomyStack(_ body: @escaping () -> Void) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0,
      limit.rlim_cur < stackSize
    else { return body() }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackSize)
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { work in
        work.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard failure == 0 else {
      work.release()
      return body()
    }
    // A signal must end the waiting of the other thread, not that of this one.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    pthread_join(thread, nil)
  }

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
}
