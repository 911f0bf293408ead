import FoundationEssentials

/// Reads golden files from `Tests/Fixtures`.
public enum Fixture {
  /// Where a file lies.
  public static func path(_ name: String, in source: String = #filePath) -> String {
    let tests = source.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/\(name)"
  }

  /// The bytes of a file.
  public static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path(name))))
  }

  /// A JSON file, decoded.
  public static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value
  {
    try JSONDecoder().decode(type, from: Data(bytes(name)))
  }

  /// Little-endian floats.
  public static func floats(_ name: String) throws -> [Float] {
    let bytes = try bytes(name)
    return stride(from: 0, to: bytes.count, by: 4).map { i in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) })
    }
  }
}
