/// A file of text in memory, to look at first and read then.
///
///     let file = try DelimitedFile("ratings.csv")
///     reader.delimiter = file.sniffDelimiter()
///     let table = try reader.reading(file).table
///
/// A pipe can be read once only; this keeps what came out of it.
public final class DelimitedFile {
  /// The last component of its path.
  public let name: String
  /// All of the bytes, or the first of them.
  let bytes: FileBytes
  /// Begins the bytes anew, where there are more than are kept.
  let restart: (() throws(TableError) -> any ByteSource)?

  /// So many bytes are kept at a time.
  let blockBytes: Int
  /// Whether a later block is no UTF-8.
  var hasOtherBytes = false

  /// So many bytes are kept at a time, unless others are wanted.
  public static let usualBlockBytes = 1 << 25

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - path: Where the file lies.
  ///   - limit: How many bytes of it are wanted, at most.
  ///   - observer: is asked now and then whether to go on.
  /// - Throws: `TableError` if the file cannot be read.
  public init(
    _ path: String, limit: Int = .max, observer: ReadObserver? = nil
  ) throws(TableError) {
    bytes = try FileBytes(path: path, limit: limit, observer: observer)
    name = path.split(separator: "/").last.map(String.init) ?? path
    restart = nil
    blockBytes = Self.usualBlockBytes
  }

  /// A file whose bytes come from elsewhere: it is kept as a whole if it is small, else read block by block,
  /// however long it is.
  ///
  /// - Parameters:
  ///   - name: what messages call it.
  ///   - blockBytes: how many bytes are kept at a time.
  ///   - open: begins the bytes, which may be wanted several times.
  /// - Throws: what the source throws, and `TableError.tooLarge`.
  public init(
    named name: String, blockBytes: Int = DelimitedFile.usualBlockBytes,
    from open: @escaping () throws(TableError) -> any ByteSource
  ) throws(TableError) {
    self.name = name
    bytes = try FileBytes(open(), named: name, limit: blockBytes)
    restart = bytes.isWhole ? nil : open
    self.blockBytes = blockBytes
  }

  /// Whether there is more of it than is kept.
  public var isStreamed: Bool { restart != nil }

  /// Whether the bytes are UTF-8, perhaps but for a last character that is cut; of a file that is read block
  /// by block, those that were seen so far.
  ///
  /// - Complexity: O(bytes).
  public var isUTF8: Bool { !hasOtherBytes && UTF8Check.isValid(bytes.buffer) }
}

/// Tells UTF-8 from other bytes.
enum UTF8Check {
  /// Whether all bytes are UTF-8; a character that the end cuts is.
  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while offset < bytes.count {
      if offset + 8 <= bytes.count,
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        offset += 8
        continue
      }
      let first = bytes[offset]
      offset += 1
      if first < 0x80 { continue }
      guard let (length, second) = shape(first) else { return false }
      for place in 1..<length {
        guard offset < bytes.count else { return true }
        guard (place == 1 ? second : 0x80...0xBF).contains(bytes[offset]) else { return false }
        offset += 1
      }
    }
    return true
  }

  /// The bytes of a character that begins with this one, and what the second may be.
  ///
  /// Source: The Unicode Standard 15, table 3-7.
  private static func shape(_ first: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
