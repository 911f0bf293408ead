/// Whether whoever waits for a long operation wants it to stop.
///
///     try Interruption.observed(by: { signals.take() }) { try matrix.principalComponents() }
///
/// It is asked many times a second, on the thread that `observed(by:_:)` was called on, by operations
/// that may take more than a tenth of one.
public final class Interruption {
  private static let current = ThreadLocal<Interruption>()

  private let isWanted: () -> Bool

  private init(_ isWanted: @escaping () -> Bool) { self.isWanted = isWanted }

  /// Runs a body whose long operations ask whether they should stop.
  ///
  /// - Parameters:
  ///   - isWanted: is asked; `true` is an answer to one operation, which stops.
  ///   - body: what runs.
  /// - Returns: what `body` gives.
  /// - Throws: what `body` throws: of an operation that was stopped, that it was interrupted.
  public static func observed<Result, Failure>(
    by isWanted: @escaping () -> Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = current.value
    let observer = Interruption(isWanted)
    current.value = Unmanaged.passUnretained(observer)
    defer { current.value = outer }
    return try withExtendedLifetime(observer) { () throws(Failure) in try body() }
  }

  /// Asks; nobody wants it where nobody waits.
  package static var isAsked: Bool {
    current.value?._withUnsafeGuaranteedRef { $0.isWanted() } ?? false
  }

  /// Asks.
  ///
  /// - Throws: an error that says so, if it is wanted.
  package static func check<Failure>(_ interrupted: @autoclosure () -> Failure) throws(Failure) {
    if isAsked { throw interrupted() }
  }

  /// Goes through the numbers below `count`, and asks before every part that takes some milliseconds.
  ///
  /// - Parameters:
  ///   - count: how many numbers there are.
  ///   - ask: throws to stop.
  ///   - body: what is done with each.
  /// - Throws: what `ask` throws.
  @inlinable
  package static func forEach<Failure>(
    _ count: Int, asking ask: () throws(Failure) -> Void, _ body: (Int) -> Void
  ) throws(Failure) {
    let part = 1 << 18
    for start in stride(from: 0, to: count, by: part) {
      try ask()
      for number in start..<min(start + part, count) { body(number) }
    }
  }

  /// What is made of each of the numbers below `count`; asks as `forEach(_:asking:_:)` does.
  ///
  /// - Parameters:
  ///   - count: how many numbers there are.
  ///   - ask: throws to stop.
  ///   - body: what is made of each.
  /// - Returns: a result for each number.
  /// - Throws: what `ask` throws.
  @inlinable
  package static func map<Result, Failure>(
    _ count: Int, asking ask: () throws(Failure) -> Void, _ body: (Int) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    try forEach(count, asking: ask) { results.append(body($0)) }
    return results
  }
}
