import Testing
import CollabText

struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("Kolya (1996)", 12), ("Amélie", 6), ("Ame\u{301}lie", 6), ("七人の侍", 8),
    ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("👍", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2),
    ("🇫🇷", 2), ("❤", 1), ("❤\u{FE0F}", 2), ("a\u{200B}b", 2), ("a\u{FEFF}b", 2), ("…", 1), ("█▎", 2),
    ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4), ("\u{AD}", 0), ("😀x", 3), ("한a", 3),
  ])
  func `a text takes the columns a terminal gives it`(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [
    ("L.A. Confidential (1997)", 12, "L.A. Confid…"), ("Kolya", 5, "Kolya"), ("Kolya", 4, "Kol…"),
    ("七人の侍", 5, "七人…"), ("七人の侍", 4, "七…"), ("a b c", 3, "a…"), ("abc", 1, "…"),
    ("abc", 0, ""),
  ])
  func `a text that is cut ends in an ellipsis and fits`(
    _ text: String, _ width: Int, _ expected: String
  ) {
    #expect(DisplayWidth.cut(text, to: width) == expected)
    #expect(DisplayWidth.of(DisplayWidth.cut(text, to: width)) <= width)
  }

  @Test func `blanks are counted in columns`() {
    #expect(DisplayWidth.padded("侍", to: 4) == "侍  ")
    #expect(DisplayWidth.padded("侍", to: 4, at: .right) == "  侍")
    #expect(DisplayWidth.padded("侍", to: 1) == "侍")
  }

  @Test func `control characters are shown`() {
    #expect(DisplayWidth.cleaned("a\u{1B}[31mb\nc\u{9B}d") == "a␛[31mb c\\u{9b}d")
    #expect(DisplayWidth.cleaned("a\tb\n", keepingTabs: true) == "a\tb ")
    #expect(DisplayWidth.cleaned("\u{202E}a\tb") == "\\u{202e}a b")
    #expect(DisplayWidth.cleaned("Amélie") == "Amélie")
  }
}
