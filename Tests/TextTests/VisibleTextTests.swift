import Testing
import CollabText

struct VisibleTextTests {
  @Test(arguments: [
    ("Amélie (2001) 七人の侍 👩‍👩‍👧 – “x”", "Amélie (2001) 七人の侍 👩‍👩‍👧 – “x”"),
    ("\u{1B}[2J\u{1B}]0;pwn\u{7}", "␛[2J␛]0;pwn␇"),
    ("a\u{0}b\u{8}c\u{7F}d\r", "a␀b␈c␡d␍"),
    ("\u{9B}31m\u{80}\u{85}", "\\u{9b}31m\\u{80}\\u{85}"),
    ("\u{202E}abc\u{202C}\u{2066}\u{2069}", "\\u{202e}abc\\u{202c}\\u{2066}\\u{2069}"),
    ("\u{200E}\u{200F}\u{61C}\u{2028}\u{2029}", "\\u{200e}\\u{200f}\\u{61c}\\u{2028}\\u{2029}"),
    ("a\tb\nc", "a␉b␊c"),
  ])
  func `what a terminal obeys is shown`(_ text: String, _ shown: String) {
    #expect(VisibleText.shown(text) == shown)
  }

  @Test func `what means something where it goes can be kept`() {
    #expect(VisibleText.shown("a\tb\nc\u{1B}", keeping: "\n\t") == "a\tb\nc␛")
  }

  @Test func `nothing that acts is left, whatever the character`() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = VisibleText.shown("a\(Character(scalar))b")
      #expect(!shown.unicodeScalars.contains(where: VisibleText.isActive))
      let mayAct = [.control, .lineSeparator, .paragraphSeparator].contains(
        scalar.properties.generalCategory)
      #expect(!mayAct || VisibleText.isActive(scalar), "U+\(String(value, radix: 16))")
    }
  }
}
