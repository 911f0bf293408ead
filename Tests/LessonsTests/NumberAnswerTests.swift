import Testing

import CollabLessons

struct NumberAnswerTests {
  /// What is read, worked out by hand.
  @Test(arguments: [
    ("6.3", false, ["6.3"]), ("6,3", false, ["6.3"]), ("6,25", false, ["6.25"]),
    ("-1,5", false, ["-1.5"]), ("−4", false, ["-4"]), ("+2", false, ["+2"]),
    ("3,020,800", false, ["3020800"]), ("3 020 800", false, ["3020800"]),
    ("3'020'800", false, ["3020800"]), ("3.020.800", false, ["3020800"]),
    ("1,234", false, ["1234", "1.234"]), ("1.234", false, ["1.234", "1234"]),
    ("0,063", false, ["0.063"]), ("1,234.5", false, ["1234.5"]), ("1.234,5", false, ["1234.5"]),
    ("6.3%", true, ["6.3"]), ("6,3 %", true, ["6.3"]), ("6.3 percent", true, ["6.3"]),
    ("6.3%", false, ["6.3", "(6.3)/100"]), ("0.0625%", false, ["(0.0625)/100"]),
    ("6.3 ± 0.05", true, ["6.3"]), ("6.3 ± 50", true, ["6.3 ± 50"]),
    ("1/16", true, ["1/16", "100*1/16"]),
    ("1/16", false, ["1/16"]), ("17/16", true, ["17/16"]), ("about 4 stars", false, ["4"]),
    ("≈ 0.9", false, ["0.9"]), ("= 5", false, ["5"]), ("2 × 3", false, ["2 * 3"]),
    ("[1, 2]", false, ["[1, 2]"]), ("1, 2, 3", false, ["1, 2, 3"]), ("x", false, ["x"]),
  ])
  func `numbers are read as people write them`(
    text: String, asksForPercent: Bool, readings: [String]
  ) {
    #expect(NumberAnswer(text, asksForPercent: asksForPercent).readings == readings)
  }
}
