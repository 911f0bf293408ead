import CollabTensors

/// Memory that kernels work on, several threads at a time.
final class GibbsMemory<Element: BitwiseCopyable> {
  /// Where it begins.
  let base: UnsafeMutablePointer<Element>
  /// How many elements there are.
  let count: Int

  /// Room for some elements, all of them `value`.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  init(_ value: Element, count: Int) throws(TensorError) {
    try MemoryBudget.require(count, of: MemoryLayout<Element>.stride)
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: value, count: count)
  }

  deinit { base.deallocate() }
}
