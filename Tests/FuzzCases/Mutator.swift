import CollabText

/// Damages bytes in the ways in which files are damaged, and in those of somebody who means harm.
struct Mutator {
  /// What else inputs of the kind look like: pieces of them are put in.
  let others: [[UInt8]]
  /// The longest input that is made.
  private static let longest = 1 << 16

  /// Words that mean something to one of the readers.
  private static let words: [[UInt8]] = [
    "\u{0}", "\n", "\r\n", "\r", "\t", "\"", "'", "\\", "`", "{", "}", "[", "]", "(", ")", "<", ">",
    "&", "#", "%%", "%%\n", "#>", "#:", "\u{FEFF}", "\u{1B}[2J", "\u{9B}31m", "\u{202E}", "é", "侍",
    "e\u{301}", "<script>", "</style>", "]]>", "javascript:", "nan", "inf", "-inf", "null", "true",
    ",", ";", "|", "::", "../", "/dev/zero", "~", "1e308", "-1e308", "5e-324", "1e-400", "1e400",
    "\"\"\"", "'''", "${", "%s", "\\u{", "\\x", "0x", "==", "**", ":=", "->", "...", "…", "⏎",
  ].map { Array($0.utf8) }

  /// Numbers at which something changes.
  private static let numbers = [
    "0", "-0", "-1", "1", "2", "127", "128", "255", "256", "32767", "32768", "65535", "65536",
    "2147483647", "-2147483648", "4294967296", "9007199254740993", "4611686018427387904",
    "9223372036854775807",
    "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "99999999999999999999999999", "0.5", "1e9", "1e308", "-1e308", "5e-324", "nan", "inf",
  ].map { Array($0.utf8) }

  /// The bytes after a few changes.
  func damaged(_ bytes: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    var bytes = bytes
    repeat {
      change(&bytes, &random)
    } while random.below(3) > 0
    return Array(bytes.prefix(Self.longest))
  }

  private func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    let place = random.below(bytes.count + 1)
    let range = place..<min(bytes.count, place + (1 << random.below(8)))
    switch random.below(12) {
    case 0 where !range.isEmpty: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1 where !range.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 2: bytes.removeSubrange(range)
    case 3: bytes.insert(contentsOf: bytes[range], at: random.below(bytes.count + 1))
    case 4: bytes.removeSubrange(place...)
    case 5: bytes.replaceSubrange(range, with: random.pick(Self.words))
    case 6, 7: bytes.insert(contentsOf: random.pick(Self.words), at: place)
    case 8: replaceNumber(in: &bytes, from: place, &random)
    case 9:
      let other = random.pick(others)
      let start = random.below(other.count + 1)
      bytes.insert(contentsOf: other[start...].prefix(1 << random.below(9)), at: place)
    case 10 where random.once(in: 8) && !range.isEmpty:
      let part = Array(bytes[range])
      let count = min(1 << random.below(14), Self.longest / part.count)
      bytes.insert(contentsOf: (0..<count).flatMap { _ in part }, at: place)
    default: setNumber(in: &bytes, at: place, &random)
    }
  }

  /// Puts another number in the place of the next one that is written in digits.
  private func replaceNumber(
    in bytes: inout [UInt8], from place: Int, _ random: inout FuzzRandom
  ) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = bytes[place...].firstIndex(where: digits.contains) else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: random.pick(Self.numbers))
  }

  /// Writes a binary number over what is there.
  private func setNumber(in bytes: inout [UInt8], at place: Int, _ random: inout FuzzRandom) {
    let values: [UInt64] = [
      0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 40, 1 << 62,
      .max, .max >> 1, 0x7FF0_0000_0000_0000, 0x7FC0_0000, random.next(),
    ]
    let value = random.pick(values)
    let count = min(random.pick([1, 2, 4, 8]), bytes.count - place)
    for offset in 0..<max(0, count) {
      bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset))
    }
  }
}

extension Mutator {
  /// Gives saved variables the length and the hash that their bytes have, so that they are read on.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 28 else { return bytes }
    let body = bytes[28...]
    func eight(_ number: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    return bytes[..<12] + eight(UInt64(body.count)) + eight(StableHash.of(Array(body))) + body
  }
}
