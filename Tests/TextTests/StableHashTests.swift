import Testing
import CollabText

struct StableHashTests {
  /// Source: the test vectors of Fowler, Noll and Vo.
  @Test(arguments: [
    ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
  ])
  func `a hash is the published one`(_ text: String, _ hash: UInt64) {
    #expect(StableHash.of(text.utf8) == hash)
    #expect(StableHash.of(Array(text.utf8)[...]) == hash)
    #expect(StableHash.of(AnySequence(text.utf8)) == hash)
  }

  @Test func `a hash can be gone on with`() {
    var hash = StableHash()
    hash.add("foo".utf8)
    var rest = StableHash(from: hash.value)
    rest.add("bar".utf8)
    #expect(rest.value == StableHash.of("foobar".utf8))
  }
}
