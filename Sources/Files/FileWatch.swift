internal import CCollabFiles
internal import CollabThreading

/// Counts the pages that are asked for of files which somebody has cut short since they were opened: they
/// are zeros.
///
///     let missing = watch.missingPages
///     try watch.during { /* opens files, and uses those that were opened before */ }
///     guard watch.missingPages == missing else { /* what was found is of no use */ }
public final class FileWatch: @unchecked Sendable {
  private static let own = ThreadLocal<FileWatch>()
  /// Watches files that are opened while nobody else does.
  private static let everybody = FileWatch()

  let counter: UnsafeMutablePointer<Int>

  /// One that has counted nothing.
  public init() {
    counter = .allocate(capacity: 1)
    counter.initialize(to: 0)
  }

  deinit { counter.deallocate() }

  /// How many pages of the files that were opened under this watch were missing so far.
  public var missingPages: Int { cf_count(counter) }

  /// Who watches the files that the calling thread opens.
  static var current: FileWatch { own.value?.takeUnretainedValue() ?? everybody }

  /// Watches the files that the calling thread opens meanwhile, as long as they are used.
  ///
  /// - Throws: what `body` throws.
  public func during<Result, Failure>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = Self.own.value
    Self.own.value = .passUnretained(self)
    defer { Self.own.value = outer }
    return try body()
  }
}
