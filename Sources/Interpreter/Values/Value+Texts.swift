import CollabTensors

extension Value {
  /// About what a member of a list takes, with the room that a growing list keeps and a box of its own.
  package static let listedBytes = 64

  /// A text some times over, made by doubling: appending it once for each time takes long.
  ///
  /// - Precondition: the bytes of the result have a number.
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  package static func repeating(_ text: String, _ count: Int) throws -> Value {
    let byteCount = text.utf8.count * count
    // The bytes and the text.
    try MemoryBudget.require(byteCount, of: 2)
    guard byteCount > 0 else { return .string("") }
    var bytes = Array(text.utf8)
    bytes.reserveCapacity(byteCount)
    while bytes.count <= byteCount / 2 { bytes += bytes }
    bytes += bytes.prefix(byteCount - bytes.count)
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  /// Texts in a row as one, with another between them.
  ///
  /// Texts that are made of others grow without end as easily as tensors do.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  package static func joining(_ texts: some Collection<String>, separator: String = "") throws
    -> Value
  {
    var byteCount = 0
    for text in texts {
      let (sum, overflow) = byteCount.addingReportingOverflow(
        text.utf8.count + separator.utf8.count)
      guard !overflow else { throw Problem.tooLarge("the result") }
      byteCount = sum
    }
    try MemoryBudget.require(byteCount)
    var joined = ""
    joined.reserveCapacity(byteCount)
    var isFirst = true
    for text in texts {
      if !isFirst { joined += separator }
      isFirst = false
      joined += text
    }
    return .string(joined)
  }
}

extension String {
  /// Checks that there is room for a list of the parts of a long text: at most one more than it has bytes
  /// at which it may be cut.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  package func requireRoom(forPartsAt isCut: (UInt8) -> Bool) throws {
    guard utf8.count > 1 << 20 else { return }
    // The parts, and the list of what is made of them.
    try MemoryBudget.require(utf8.count(where: isCut) + 1, of: 2 * Value.listedBytes)
  }
}
