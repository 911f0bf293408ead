import CollabFiles
import CollabTensors

/// Puts named tensors and texts into the form of a safetensors file.
struct SafetensorsWriter {
  /// Takes bytes one after the other.
  typealias Sink = (UnsafeRawBufferPointer) throws(FileError) -> Void

  private struct Part {
    let name: String
    let type: SafetensorsType
    let shape: [Int]
    let write: (Sink) throws(FileError) -> Void
  }

  private var parts: [Part] = []
  /// The texts by name.
  var metadata: [String: String] = [:]

  /// The bytes of all tensors.
  var dataCount: Int {
    parts.reduce(0) { $0 + $1.shape.reduce($1.type.byteCount, *) }
  }

  /// Adds a tensor, perhaps under another shape of as many elements.
  mutating func add(_ name: String, _ tensor: Tensor, shape: [Int]? = nil) {
    let part = Part(name: name, type: tensor.dtype.fileType, shape: shape ?? tensor.shape) {
      (sink) throws(FileError) in
      try tensor.withBytes { (bytes) throws(FileError) in try sink(UnsafeRawBufferPointer(bytes)) }
    }
    parts.append(part)
  }

  /// Adds numbers, which fill `shape` if there is one.
  mutating func add<Number>(
    _ name: String, _ type: SafetensorsType, _ numbers: StoredNumbers<Number>, shape: [Int]? = nil
  ) {
    let part = Part(name: name, type: type, shape: shape ?? [numbers.count]) {
      (sink) throws(FileError) in
      try numbers.withUnsafeBufferPointer { (numbers) throws(FileError) in
        try sink(UnsafeRawBufferPointer(numbers))
      }
    }
    parts.append(part)
  }

  /// Adds all tensors of another writer, with something before their names.
  mutating func add(_ other: SafetensorsWriter, prefix: String) {
    parts += other.parts.map {
      Part(name: prefix + $0.name, type: $0.type, shape: $0.shape, write: $0.write)
    }
  }

  /// Hands the file over, piece by piece.
  ///
  /// Elements of many bytes come first, so that all lie where processors like them.
  func put(into sink: Sink) throws(FileError) {
    let ordered = parts.sorted { ($1.type.byteCount, $0.name) < ($0.type.byteCount, $1.name) }
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { "\(jsonText($0.key)):\(jsonText($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for part in ordered {
      let start = end
      end += part.shape.reduce(part.type.byteCount, *)
      let shape = part.shape.map { "\($0)" }.joined(separator: ",")
      members.append(
        "\(jsonText(part.name)):{\"dtype\":\"\(part.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes += $0 }
    bytes += header
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try sink(UnsafeRawBufferPointer(bytes))
    }
    for part in ordered { try part.write(sink) }
  }

  /// The whole file in memory.
  func bytes() throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    try put { bytes += $0 }
    return bytes
  }
}
