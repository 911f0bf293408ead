internal import CollabFiles

/// The SHA-256 digest that golden files give for long sequences, as lower-case hexadecimal.
public enum Digest {
  /// The digest of little-endian 32-bit integers.
  public static func hex(of integers: [Int32]) -> String {
    hex(
      of: integers.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    )
  }

  /// The digest of little-endian floats.
  public static func hex(of floats: [Float]) -> String {
    hex(of: floats.map { Int32(bitPattern: $0.bitPattern) })
  }

  /// The digest of bytes.
  public static func hex(of bytes: [UInt8]) -> String { SHA256.hex(of: bytes) }
}
