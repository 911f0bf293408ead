import Testing
import CollabText

struct TextWrapTests {
  @Test func `lines are broken between words, by columns of the screen`() {
    #expect(
      TextWrap.lines("七人の侍 and more words", indent: 2, hanging: 4, width: 14)
        == ["  七人の侍 and", "    more words"])
    #expect(TextWrap.lines("unbreakable", indent: 0, hanging: 0, width: 4) == ["unbreakable"])
    #expect(TextWrap.lines(" ", indent: 2, hanging: 2, width: 8) == [])
  }

  @Test func `a blank line parts paragraphs`() {
    #expect(TextWrap.paragraphs("a\nb\n\nc", indent: 1, width: 20) == [" a b", "", " c"])
  }

  @Test func `a hyphen begins an item, whose further lines are indented`() {
    #expect(
      TextWrap.paragraphs("a\n- one\n- two three\nfour\n\nb-\n-c", indent: 1, width: 12)
        == [" a", " - one", " - two three", "   four", "", " b- -c"])
  }

  @Test func `the last column is wrapped, or goes below when there is little room`() {
    let rows = [["n", "how many of them are shown at most"], ["long", "x"]]
    #expect(
      TextColumns.lines(rows, indent: 2, gap: 2, width: 34)
        == ["  n     how many of them are shown", "        at most", "  long  x"])
    #expect(
      TextColumns.lines(rows, indent: 2, gap: 2, width: 24)
        == ["  n", "      how many of them", "      are shown at most", "  long  x"])
  }

  @Test func `what stands before the last column, or alone, is wrapped where it is too wide`() {
    #expect(
      TextColumns.lines(
        [["fit 5 5e-3 wd=0.1 cuts=3"], ["a", "b c"]], indent: 2, gap: 2, width: 12)
        == ["  fit 5 5e-3", "      wd=0.1", "      cuts=3", "  a", "      b c"])
  }
}
