/// The memory of a tensor, shared by tensors that differ in shape alone.
final class Storage {
  /// One cache line, and one AVX-512 register.
  private static let alignment = 64

  let bytes: UnsafeMutableRawPointer

  init(byteCount: Int) {
    bytes = .allocate(byteCount: max(byteCount, 1), alignment: Self.alignment)
  }

  deinit {
    bytes.deallocate()
  }
}
