import CollabFiles
import CollabTensors
import Synchronization

/// Named tensors and texts in a file, which are looked at where they lie.
///
/// Nothing in the file is believed: lengths, ranges, types and names are checked before anything is made
/// of them, and the bytes of the tensors must fill the file without gaps.
///
/// Source: the format of safetensors, <https://github.com/huggingface/safetensors>.
struct Safetensors {
  /// Where a tensor lies, and what it is.
  struct Entry {
    let type: SafetensorsType
    let shape: [Int]
    let bytes: Range<Int>

    /// The number of elements.
    var count: Int { bytes.count / type.byteCount }
  }

  /// No header is longer, as in the original.
  private static let longestHeader = 100_000_000
  /// No tensor has more dimensions.
  private static let mostDimensions = 16

  /// The tensors by name.
  let entries: [String: Entry]
  /// The texts by name.
  let metadata: [String: String]
  private let contents: FileContents

  /// The bytes of all tensors.
  var dataCount: Int { entries.values.reduce(0) { $0 + $1.bytes.count } }

  /// Reads the header and checks it.
  init(_ contents: FileContents) throws(ModelFileError) {
    self.contents = contents
    let bytes = UnsafeRawBufferPointer(contents.bytes)
    guard bytes.count >= 10 else { throw .damaged("it is too short for a model file") }
    // Protocol 2 and later of pickle, and the archives that PyTorch packs pickles into.
    if bytes[0] == 0x80 && (2...5).contains(bytes[1]) || bytes.starts(with: "PK\u{3}\u{4}".utf8) {
      throw .pickle
    }
    if bytes.starts(with: "collabWS".utf8) { throw .workspace }
    let length = bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= Self.longestHeader, length >= 2, Int(length) <= bytes.count - 8,
      bytes[8] == UInt8(ascii: "{")
    else { throw .damaged("it does not begin as a safetensors file does") }
    let start = 8 + Int(length)
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]
    var json = JSONReader(Array(bytes[8..<start])[...])
    try json.object { (name, json) throws(ModelFileError) in
      if name == "__metadata__" {
        try json.object { (name, json) throws(ModelFileError) in
          metadata[name] = try json.string()
        }
      } else {
        entries[name] = try Self.entry(name, &json, in: start..<bytes.count)
      }
    }
    try json.requireEnd()
    var end = start
    for entry in entries.values.map(\.bytes).sorted(by: {
      ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
    }) {
      guard entry.lowerBound == end else {
        throw .damaged("its tensors overlap, or there is something between them")
      }
      end = entry.upperBound
    }
    guard end == bytes.count else {
      throw .damaged("its end is missing, or there is more than its tensors")
    }
    (self.metadata, self.entries) = (metadata, entries)
  }

  private static func entry(
    _ name: String, _ json: inout JSONReader, in data: Range<Int>
  ) throws(ModelFileError) -> Entry {
    var typeName: String?
    var shape: [Int]?
    var ends: [Int] = []
    try json.object { (key, json) throws(ModelFileError) in
      func sizes(atMost most: Int) throws(ModelFileError) -> [Int] {
        var sizes: [Int] = []
        try json.array { (json) throws(ModelFileError) in
          sizes.append(try json.size())
          guard sizes.count <= most else { throw .damaged("it has tensors that cannot be") }
        }
        return sizes
      }
      switch key {
      case "dtype": typeName = try json.string()
      case "shape": shape = try sizes(atMost: mostDimensions)
      case "data_offsets": ends = try sizes(atMost: 2)
      default: throw .damaged("its header says `\(key.prefix(60))` of a tensor")
      }
    }
    let label = "`\(name.prefix(60))`"
    guard let typeName, let shape, ends.count == 2 else {
      throw .damaged("its header does not say what \(label) is")
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw .damaged("the elements of \(label) are `\(typeName.prefix(20))`, which is unknown")
    }
    var byteCount = type.byteCount
    for size in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .damaged("\(label) is larger than the file") }
      byteCount = product
    }
    guard ends[0] <= ends[1], ends[1] <= data.count, ends[1] - ends[0] == byteCount else {
      throw .damaged("\(label) does not lie in the file as its header says")
    }
    return Entry(
      type: type, shape: shape, bytes: (data.lowerBound + ends[0])..<(data.lowerBound + ends[1]))
  }
}

// MARK: - What is there

extension Safetensors {
  private func bytes(of entry: Entry) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: contents.bytes[entry.bytes])
  }

  private static func isAligned(_ bytes: UnsafeMutableRawBufferPointer, to size: Int) -> Bool {
    Int(bitPattern: bytes.baseAddress) % size == 0
  }

  /// A tensor; nil if there is none of the name.
  ///
  /// Numbers of 16 bits become `float32`. Others stay where they lie, unless that is a place where they
  /// cannot be read: they can be changed, which the file does not feel. With `copies` all get memory of
  /// their own.
  func tensor(_ name: String, copies: Bool = false) throws -> Tensor? {
    guard let entry = entries[name] else { return nil }
    let data = bytes(of: entry)
    guard let dtype = entry.type.dtype else {
      throw ModelFileError.damaged(
        "the elements of `\(name.prefix(60))` are \(entry.type.rawValue), which no model has")
    }
    if entry.type == .bool, data.contains(where: { $0 > 1 }) {
      throw ModelFileError.damaged("`\(name.prefix(60))` is neither true nor false")
    }
    if dtype.fileType == entry.type, !copies, !data.isEmpty,
      Self.isAligned(data, to: entry.type.byteCount)
    {
      return try Tensor(lent: data, by: contents, shape: entry.shape, dtype)
    }
    let tensor = try Tensor.unset(entry.shape, dtype)
    switch entry.type {
    case .float16:
      tensor.withElements(as: Float.self) { elements in
        for place in elements.indices {
          elements[place] = Float(data.loadUnaligned(fromByteOffset: 2 * place, as: Float16.self))
        }
      }
    case .bfloat16:
      tensor.withElements(as: Float.self) { elements in
        for place in elements.indices {
          let bits = data.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self)
          elements[place] = Float(bitPattern: UInt32(bits) << 16)
        }
      }
    default: tensor.withBytes { $0.copyMemory(from: UnsafeRawBufferPointer(data)) }
    }
    return tensor
  }

  /// Numbers of a type; nil if there are none of the name.
  func numbers<Number: BitwiseCopyable & Sendable>(
    _ name: String, _ type: SafetensorsType, as: Number.Type
  ) throws(ModelFileError) -> StoredNumbers<Number>? {
    guard let entry = entries[name] else { return nil }
    guard entry.type == type, MemoryLayout<Number>.stride == type.byteCount else {
      throw .damaged("the elements of `\(name.prefix(60))` are not \(type.rawValue)")
    }
    let data = bytes(of: entry)
    guard Self.isAligned(data, to: type.byteCount) else {
      return StoredNumbers(count: entry.count) { numbers in
        UnsafeMutableRawBufferPointer(numbers).copyMemory(from: UnsafeRawBufferPointer(data))
      }
    }
    let numbers = UnsafeRawBufferPointer(data).bindMemory(to: Number.self)
    return StoredNumbers(numbers, of: contents)
  }
}
