/// Numbers that lie one after the other, in memory of their own or in a file that was opened.
///
///     let stars = StoredNumbers<Float>([3, 4.5])
///     stars[1]  // 4.5
///
/// Parts share the memory and keep their places, as those of an array do. The numbers do not change.
public struct StoredNumbers<Number: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// Keeps the memory.
  private let owner: AnyObject?
  /// Where number 0 lies, or would.
  private let start: UnsafePointer<Number>
  /// The places of the numbers.
  public let indices: Range<Int>

  private init(_ owner: AnyObject?, _ start: UnsafePointer<Number>, _ indices: Range<Int>) {
    (self.owner, self.start, self.indices) = (owner, start, indices)
  }

  /// Numbers that belong to somebody, who is kept alive.
  init(_ numbers: UnsafeBufferPointer<Number>, of owner: AnyObject) {
    guard let start = numbers.baseAddress else {
      self.init([])
      return
    }
    self.init(owner, start, 0..<numbers.count)
  }

  /// Numbers in memory of their own.
  public init(_ numbers: some Collection<Number>) {
    self.init(count: numbers.count) { _ = $0.initialize(from: numbers) }
  }

  /// As many numbers as said, which `body` sets.
  init(count: Int, _ body: (UnsafeMutableBufferPointer<Number>) -> Void) {
    let block = NumberBlock<Number>(count)
    body(block.numbers)
    self.init(block, UnsafePointer(block.start), 0..<count)
  }

  /// Calls `body` with the numbers of this part.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Number>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(owner) { () throws(Failure) in
      try body(UnsafeBufferPointer(start: start + indices.lowerBound, count: indices.count))
    }
  }
}

extension StoredNumbers: RandomAccessCollection {
  /// The place of the first number.
  public var startIndex: Int { indices.lowerBound }
  /// The place behind the last one.
  public var endIndex: Int { indices.upperBound }

  /// The number at a place.
  public subscript(position: Int) -> Number {
    precondition(indices.contains(position), "number \(position) of \(indices)")
    return start[position]
  }

  /// Some of the numbers, at the places that they have here.
  public subscript(places: Range<Int>) -> StoredNumbers {
    precondition(
      places.lowerBound >= startIndex && places.upperBound <= endIndex,
      "numbers \(places) of \(indices)")
    return StoredNumbers(owner, start, places)
  }
}

/// Memory that is given back when nobody needs the numbers any more.
private final class NumberBlock<Number: BitwiseCopyable> {
  let start: UnsafeMutablePointer<Number>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    start = .allocate(capacity: Swift.max(count, 1))
  }

  deinit { start.deallocate() }

  var numbers: UnsafeMutableBufferPointer<Number> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }
}
