import CollabNotebook
import CollabScripts
import CollabRandomness
import Testing

struct OutputComparisonTests {
  private func matches(
    _ expected: String, _ actual: String, _ options: OutputComparison.Options = .init()
  ) -> Bool {
    OutputComparison(expected: lines(expected), actual: lines(actual), options: options).matches
  }

  private func lines(_ text: String) -> [String] {
    text.isEmpty
      ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: Cases

  @Test(arguments: [
    // Numbers, to the last recorded digit
    ("0.728835", "0.728836"), ("0.728835", "0.728834"), ("0.88", "0.8712"), ("0.88", "0.89"),
    ("2.1420000000000003", "2.1420000000000003"), ("5.8e-03", "0.0057"), ("1e-05", "2e-05"),
    ("-0.0000", "0.0001"), ("1.", "1."), ("1.", "1.0000"), ("x=1.25, y=2", "x=1.26, y=2"),
    ("[ 0.10, -0.20]", "[0.11, -0.21]"), ("( 1.5)", "(1.6)"), ("-inf nan", "-inf nan"),
    ("±0.50", "±0.51"), ("a·1.5", "a·1.6"),
    // Blanks
    ("a   b", "a b"), ("a b   ", "a b"), ("   a", "a"), ("a\tb", "a  b"),
    // Times
    ("epoch time\n0 00:01", "epoch time\n0 12:34"), ("time\n1:00:00", "time\n00:59"),
    ("name time rest\na b 00:01 x", "name time rest\na b 00:02 x"),
    ("…\n0 00:01", "epoch time\n0 00:02"), ("took 1.2 s", "took 0.21 s"),
    ("12 ms", "3 s"), ("1 min 5 s.", "59.5 s."), ("(1.2 s)", "(3 µs)"),
    // Wildcards in a line
    ("…", "anything"), ("a … b", "a b"), ("a … b", "a x y b"), ("a …", "a"), ("a …", "a b c"),
    ("… b", "b"), ("… b", "a b"), ("Sil…", "Silence of the Lambs"), ("…bs", "Lambs"), ("…", ""),
    ("tensor([[…], […]])", "tensor([[0.1], [-2.]])"), ("12…", "1234"), ("…34", "1234"),
    ("1.29…", "1.296978"), ("ml-1…", "ml-100k"), ("a...b", "a, 1, 2b"), ("a …b", "a b"),
    ("a…c…e", "abcde"), ("…a…", "a"), ("x…1.25", "x, y 1.26"), ("[1, ..., 3]", "[1, ..., 3]"),
    ("(#944) [… …]", "(#944) ['#na#', 1, 2]"), ("… … …", "a b"), ("é…", "éa"),
    // Wildcards for lines
    ("…", ""), ("…", "a\nb"), ("a\n…\nc", "a\nc"), ("a\n…\nc", "a\nb\nb\nc"), ("…\nb\n…", "a\nb"),
    ("a\n...\n1.25\n…", "a\nx\ny\n1.26"), ("…\n…\na", "a"), ("a\n…", "a"),
    // Dialects
    ("true false none", "True False None"), ("[True]", "[true]"), ("[…True…]", "[1, true]"),
    ("None", "none"),
    ("torch.Size([64, 2])", "[64, 2]"), ("[64, 2]", "torch.Size([64, 2])"),
    ("a torch.Size([3]) b", "a [3] b"),
    (
      "(#1) [Parameter containing: tensor([1.])]", "(#1) [Parameter containing:\ntensor([1.])]"
    ),
    ("Parameter containing:\ntensor([1.])", "Parameter containing: tensor([1.])"),
  ])
  func `agree`(_ expected: String, _ actual: String) {
    #expect(matches(expected, actual))
  }

  @Test(arguments: [
    ("0.728835", "0.728837"), ("0.88", "0.9"), ("2.1420000000000003", "2.142"),
    ("2.1420000000000003", "2.1420000000000007"), ("3", "4"), ("3", "3.0"), ("3.", "4."),
    ("1e-05", "1e-04"), ("nan", "0.1"), ("0.1", "nan"), ("inf", "-inf"), ("1.5", "x"),
    ("ml-100k", "ml-101k"), ("layer1", "layer2"), ("08", "09"), ("a b", "ab"), ("a", "a\na"),
    ("a\nb", "a"), ("a", ""), ("00:01", "00:02"), ("time\n00:01 x", "time\n00:02 y"),
    ("12 m", "13 m"), ("a … b", "ab"), ("a … b", "a x"), ("Sil…", "Sam"), ("a …", "ab"),
    ("… b", "ab"), ("a…c…e", "abde"), ("…a…", "b"), ("a\n…\nc", "a\nb"), ("…\nb", "b\na"),
    ("true", "false"), ("Truest", "truest"), ("torch.Size([64, 2])", "[64, 3]"), ("", "a"),
    ("12…", "1334"), ("[1, 2]", "[1, 2"), ("a\n\nb", "a\nb"), ("a", "…"),
  ])
  func `differ`(_ expected: String, _ actual: String) {
    #expect(!matches(expected, actual))
  }

  @Test(
    arguments: [
      (1e-4, nil, "0.5", "0.50009", true), (1e-4, nil, "0.5", "0.5002", false),
      (1e-6, nil, "0.728835", "0.728836", true), (1e-6, nil, "0.5", "0.51", false),
      (nil, 0.01, "200.0", "201.9", true), (nil, 0.01, "200.0", "202.1", false),
      (0.5, 0.01, "200.0", "202.4", true), (5, nil, "3", "4", false), (0, nil, "0.5", "0.5", true),
    ] as [(Double?, Double?, String, String, Bool)])
  func `bounds take the place of the last digit`(
    _ absolute: Double?, _ relative: Double?, _ expected: String, _ actual: String, _ agrees: Bool
  ) {
    let options = OutputComparison.Options(tolerance: absolute, relativeTolerance: relative)
    #expect(matches(expected, actual, options) == agrees)
  }

  @Test(arguments: [
    ("a\nb\nc", "c\na\nb", true), ("a\na\nb", "a\nb\nb", false), ("a\n…", "c\na", true),
    ("1.0\n1.1", "1.2\n1.1", true), ("a", "a\nb", false), ("a\nb", "a", false),
  ])
  func `lines may stand in any order`(_ expected: String, _ actual: String, _ agrees: Bool) {
    #expect(matches(expected, actual, .init(ignoresOrder: true)) == agrees)
  }

  // MARK: Properties

  private struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    /// Source: splitmix64.
    mutating func roll(_ sides: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((value ^ (value >> 31)) % UInt64(sides))
    }

    mutating func text(_ letters: [String], most: Int) -> String {
      (0..<roll(most + 1)).map { _ in letters[roll(letters.count)] }.joined()
    }
  }

  @Test func `every text agrees with itself`() {
    var dice = Dice(1)
    let letters = ["a", " ", "1", ".", "-", "e", "…", "[", "]", ":", "s", "\n", "True", "é", "0.5"]
    for _ in 0..<3000 {
      let text = dice.text(letters, most: 20)
      #expect(matches("x" + text, "x" + text + " "), "\(text)")
    }
  }

  @Test func `a wildcard agrees with whatever it replaces`() {
    var dice = Dice(2)
    let letters = ["a", "b", " ", "1", "0.25", ",", "(", "x1", "-", "12 s", ":"]
    for _ in 0..<3000 {
      var (expected, actual) = ("", "")
      for _ in 0..<dice.roll(5) {
        let kept = dice.text(letters, most: 3)
        expected += kept + "|…|"
        actual += kept + "|" + dice.text(letters, most: 3) + "|"
      }
      #expect(matches(expected, actual), "\(expected) and \(actual)")
    }
  }

  @Test func `wildcards agree exactly when a search of all places finds a match`() {
    func search(_ pattern: Substring, _ text: Substring) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "…" {
        return search(pattern.dropFirst(), text)
          || !text.isEmpty && search(pattern, text.dropFirst())
      }
      return first == text.first && search(pattern.dropFirst(), text.dropFirst())
    }
    var dice = Dice(3)
    for _ in 0..<4000 {
      let pattern = dice.text(["a", "b", "…"], most: 8)
      let text = dice.text(["a", "b"], most: 8)
      let agrees = search(pattern[...], text[...])
      #expect(matches("x" + pattern, "x" + text) == agrees, "\(pattern) and \(text)")
      let (rows, texts) = (pattern.map { "\($0)" }, text.map { "\($0)" })
      #expect(OutputComparison(expected: rows, actual: texts).matches == agrees)
    }
  }

  @Test func `one unit of the last digit is allowed and two are not`() {
    var dice = Dice(4)
    for _ in 0..<2000 {
      let places = 1 + dice.roll(12)
      let digits = dice.roll(1_000_000_000) + 2
      func text(_ digits: Int) -> String {
        let padded =
          String(repeating: "0", count: max(0, places + 1 - "\(digits)".count)) + "\(digits)"
        return padded.dropLast(places) + "." + padded.suffix(places)
      }
      #expect(matches(text(digits), text(digits + 1)))
      #expect(matches(text(digits), text(digits - 1)))
      #expect(!matches(text(digits), text(digits + 2)))
      #expect(!matches(text(digits), text(digits - 2)))
    }
  }

  @Test func `numbers of any length are compared`() {
    let long = String(repeating: "7", count: 5000)
    #expect(matches("0." + long, "0." + long))
    #expect(!matches(long, long.dropLast() + "8"))
    #expect(!matches("1e999999999999999999999.", "2"))
    #expect(matches("1.5e300", "1.6e300"))
    #expect(!matches("1.5e300", "1.5e-300"))
  }

  // MARK: Length

  // What takes more than linear time would not come to an end: the limit is for that alone.
  @Test(.timeLimit(.minutes(10))) func `large outputs are compared`() {
    let numbers = (0..<100_000).map { "\($0)  0.\(100_000 + $0)" }
    let close = (0..<100_000).map { "\($0)  0.\(100_001 + $0)" }
    #expect(OutputComparison(expected: numbers, actual: close).matches)
    let holes = numbers.enumerated().map { $0.offset % 2 == 0 ? $0.element : "…" }
    #expect(OutputComparison(expected: holes, actual: close).matches)
    let row = (0..<100_000).map { "\($0).5" }
    let gaps = row.enumerated().map { $0.offset % 2 == 0 ? $0.element : "…" }
    #expect(matches(gaps.joined(separator: " "), row.joined(separator: " ")))
    #expect(
      !matches(
        String(repeating: "a…", count: 50_000) + "b", String(repeating: "a", count: 90_000)))
    let half = String(repeating: "a", count: 100_000)
    #expect(!matches("…" + half + "b…", half + half))
    #expect(!matches(numbers.joined(separator: " "), close.reversed().joined(separator: " ")))
  }

  // MARK: Drawing

  @Test func `a difference shows both lines, a mark and the distance`() {
    let comparison = OutputComparison(
      expected: ["epoch  train_loss  valid_loss  time", "4      0.728835    0.875706    00:01"],
      actual: ["epoch  train_loss  valid_loss  time", "4      0.728835    0.875714    00:02"])
    #expect(
      comparison.differences() == [
        "- 4      0.728835    0.875706    00:01", "+ 4      0.728835    0.875714    00:02",
        "                     ^^^^^^^^ off by 8e-06, allowed 1e-06",
      ])
  }

  @Test func `several numbers, missing lines and other texts are marked too`() {
    let comparison = OutputComparison(
      expected: ["[0.10, 0.20, 3]", "gone", "a Amélie 1", "…", "last 1", "[2, 3]"],
      actual: ["[0.15, 0.30, 3]", "a Amélie 2", "x", "last 1", "torch.Size([2, 4])"])
    #expect(
      comparison.differences() == [
        "- [0.10, 0.20, 3]", "+ [0.15, 0.30, 3]", "   ^^^^  ^^^^ off by up to 0.1, allowed 0.01",
        "- gone", "- a Amélie 1", "+ a Amélie 2", "           ^ off by 1, allowed 0",
        "- [2, 3]", "+ torch.Size([2, 4])", "                 ^ off by 1, allowed 0",
      ])
  }

  @Test func `long differences are shown in part`() {
    let comparison = OutputComparison(
      expected: (0..<100).map { "\($0)" }, actual: (0..<100).map { "\($0 + 1000)" })
    let lines = comparison.differences()
    #expect(lines.count == 31)
    #expect(lines.last == "  and 90 more lines differ")
  }
}
