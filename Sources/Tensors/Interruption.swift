/// Whether whoever waits for a long operation wants it to stop.
///
///     try Interruption.observed(by: { signals.take() }) { try matrix.principalComponents() }
///
/// It is asked a few times a second, on the thread that `observed(by:_:)` was called on, by operations
/// that may take more than a second.
public final class Interruption {
  private static let current = ThreadLocal<Interruption>()

  private let isWanted: () -> Bool

  private init(_ isWanted: @escaping () -> Bool) { self.isWanted = isWanted }

  /// Runs a body whose long operations ask whether they should stop.
  ///
  /// - Throws: what `body` throws: of an operation that was stopped, ``TensorError/interrupted``.
  public static func observed<Result>(
    by isWanted: @escaping () -> Bool, _ body: () throws -> Result
  ) rethrows -> Result {
    let outer = current.value
    let observer = Interruption(isWanted)
    current.value = Unmanaged.passUnretained(observer)
    defer { current.value = outer }
    return try withExtendedLifetime(observer) { try body() }
  }

  /// Asks.
  ///
  /// - Throws: ``TensorError/interrupted``.
  package static func check() throws(TensorError) {
    guard let observer = current.value else { return }
    if observer._withUnsafeGuaranteedRef({ $0.isWanted() }) { throw .interrupted }
  }
}
