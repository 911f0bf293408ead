import CollabLanguage
import CollabLessons
import Testing

/// The forms in which answers are taken, and what is said about those that are wrong.
struct AnswerFormsTests {
  /// The first line that each of several answers to a question prints.
  private func answers(_ question: String, _ lines: String...) throws -> [String] {
    let classroom = Classroom()
    _ = classroom.open(
      try Classroom.lesson(Source("%% q id=a \(question)\n%% md\nThe next.", name: "q.collab")))
    return try lines.map { try classroom.type($0).first ?? "" }
  }

  @Test(arguments: [
    "3020800", "3,020,800", "3 020 800", "3.020.800", "64 × 944 × 50", "= 3020800",
    "3020800 products", "about 3,020,800", "3020800.", "3.020.800,0", "64 x 944 x 50", "64x944x50",
    "3.0208 million", "3020.8 thousand", "Approximately 3020800.", "the answer is 3020800",
    "3020800 ± 10",
    "３０２０８００",
  ])
  func `a large number is accepted in many forms`(answer: String) throws {
    #expect(try answers("kind=number\n?\nright: 3020800", answer) == ["Right."])
  }

  @Test(arguments: ["3020801", "3,020,799"])
  func `a large number that is one off is another`(answer: String) throws {
    #expect(try answers("kind=number\n?\nright: 3020800", answer) == ["Not yet."])
  }

  @Test(arguments: [
    "6.3%", "6.3 %", "6,3", "6,3 %", "1/16", "6.3 percent", "~6.3", "100*0.063", "6.3.", "6.3 %.",
    "roughly 6.3 %", "circa 6,3 %", "it is 6.3", "6.3 ± 0.05",
  ])
  func `a percentage is accepted in many forms`(answer: String) throws {
    let question = "kind=number\nWhat percentage is filled?\nright: 6.3 ± 0.05"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test(arguments: ["630%", "0.063", "93.7", "63", "6.3.1", "6 3", "", "six", "[6.3]", "1 == 1"])
  func `another number is no percentage`(answer: String) throws {
    let question = "kind=number\nWhat percentage is filled?\nright: 6.3 ± 0.05"
    #expect(try answers(question, answer) != ["Right."])
  }

  @Test func `a share where a percentage is asked for is told from any other number`() throws {
    let question = "kind=number\nWhat percentage is filled?\nright: 6.3 ± 0.05"
    let remark = "Not yet: that is a share of 1; a percentage is a hundred times as much."
    #expect(
      try answers(question, "0.063", "0,063", "63/1000*1", "0.63")
        == [remark, remark, remark, "Not yet."])
  }

  @Test(arguments: [
    "It is weight decay.", "I think it's weight decay", "It is called weight decay.",
  ])
  func `a phrase may stand in a sentence`(_ answer: String) throws {
    #expect(try answers("kind=match\n?\nright: L2 | weight decay", answer) == ["Right."])
  }

  @Test(arguments: ["The answer is b", "it is b", "I think b."])
  func `a letter may stand in a sentence`(_ answer: String) throws {
    let question = "kind=choice order=fixed\n?\nwrong: one\nright: two"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test(arguments: ["I think it is 2.142", "the result is 2.142", "That's 2.142."])
  func `a number may stand in a sentence`(_ answer: String) throws {
    #expect(try answers("kind=number\n?\nright: 2.142", answer) == ["Right."])
  }

  @Test func `a percentage is not taken for a share of 1`() throws {
    let percent = "kind=number\nWhat percentage is filled?\nright: 6.3 ± 0.05"
    #expect(
      try answers(percent, "0.063%", "6.3 or 7") == [
        "Not yet.", "one number is asked for, and this may be several",
      ])
    let share = "kind=number\nWhat share is filled?\nright: 0.0625"
    #expect(try answers(share, "0.0625%") != ["Right."])
    #expect(try answers(share, "6.25%") == ["Right."])
  }

  @Test(arguments: [
    "-1.611", "−1.611", "–1.611", "—1.611", "- 1.611", "minus 1.611", "-1,611", "(-1.611)",
  ])
  func `a number below zero is accepted in many forms`(answer: String) throws {
    #expect(try answers("kind=number\n?\nright: -1.611 ± 0.001", answer) == ["Right."])
  }

  @Test(arguments: [
    "b", "B", "b)", "(b)", "b.", "a film is liked", "A film is liked.", "option b", "answer b",
    "[b]",
    "'b'", "\"b\"", "ｂ", "b!", "film is liked",
  ])
  func `an option can be chosen by its letter or its words`(answer: String) throws {
    let question = "kind=choice order=fixed\n?\nwrong: a user is kind\nright: a film is liked"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test(arguments: [
    "a", "c", "a b", "ab", "a or b", "z", "", "user", "a film", "1", "2", "b?", "b = 1", "1/0",
    "foo(",
    "none", "日本語", "hint", "6.3",
  ])
  func `anything else chooses nothing or what is wrong`(answer: String) throws {
    let question = "kind=choice order=fixed\n?\nwrong: a user is kind\nright: a film is liked"
    #expect(try answers(question, answer) != ["Right."])
  }

  @Test func `a wrong letter counts once, however often it is typed`() throws {
    let question = """
      %% q id=a kind=choice order=fixed
      ?
      wrong: one — because
      right: two
      wrong: three
      """
    let classroom = Classroom()
    _ = classroom.open(try Classroom.lesson(Source(question, name: "letters.collab")))
    #expect(try classroom.type("") == ["a letter, such as a; or `answer`, `skip`"])
    #expect(try classroom.type("a") == ["Not yet: because."])
    for again in ["A", "(a)", "one"] {
      #expect(try classroom.type(again) == ["You tried that already: because."])
    }
    #expect(try classroom.type("c") == ["Not yet."])
    #expect(try classroom.type("c.") == ["You tried that already."])
  }

  @Test(arguments: ["a c", "ac", "ca", "a,c", "a & c", "a/c", "a and c", "(a) (c)", "A; C"])
  func `several letters are taken in many forms`(answer: String) throws {
    let question = "kind=multi order=fixed\n?\nright: one\nwrong: two\nright: three"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test func `what is no answer is told from a wrong one, and does not count`() throws {
    let letters = "kind=choice order=fixed\n?\nwrong: one\nright: two"
    #expect(
      try answers(letters, "1", "the second", "c") == [
        "answers have letters here: a to b", "            ^^^",
        "there is no c; the answers are a to b",
      ])
    let classroom = Classroom()
    _ = classroom.open(
      try Classroom.lesson(
        Source("%% q id=a kind=number\n?\nright: 2\n%% md\nNext.", name: "q.collab")))
    for line in ["two", "the ratings", "1/0", "foo(", "six point three", "日本語"] {
      #expect(try classroom.type(line).last == "asked for here: a number")
    }
    #expect(try classroom.type("print(2)").last == "this is none; expected one number")
    _ = try classroom.type("2")
    #expect(try classroom.type("progress").contains { $0.hasSuffix("1/1      0") })
  }

  @Test(arguments: ["[1, 0, 2]", "1, 0, 2", "1 0 2", "(1,0,2)", "[1, 0, 2].", "tensor([1,0,2])"])
  func `a list is accepted in many forms`(answer: String) throws {
    let question = "kind=value\n?\nanswer: [1, 0, 2]\ncheck: list(ans) == [1, 0, 2]"
    #expect(try answers(question, answer) == ["Right."])
  }

  @Test(arguments: [
    "[1.5, 0, 2]", "'102'", "102", "[1, 0]", "[[1, 0, 2]]", "none", "print([1,0,2])", "ans",
  ])
  func `another list is refused`(answer: String) throws {
    let question = "kind=value\n?\nanswer: [1, 0, 2]\ncheck: list(ans) == [1, 0, 2]"
    #expect(try answers(question, answer) != ["Right."])
  }

  @Test(arguments: ["L2", "l2", "L 2", "L²", "the L2", "L2!", "\"L2\"", "Ｌ２"])
  func `a phrase is accepted in many forms`(answer: String) throws {
    #expect(try answers("kind=match\n?\nright: L2 | ridge", answer) == ["Right."])
  }

  @Test(arguments: ["L1", "L2 norm", "", "2", "x = 1", "1/0", "dropout"])
  func `another phrase is refused`(answer: String) throws {
    #expect(try answers("kind=match\n?\nright: L2 | ridge", answer) != ["Right."])
  }

  @Test(arguments: [
    "64 by 2", "64x2", "[64,2]", "( 64 , 2 )", "torch.Size([64, 2])", "Size([64, 2])", "64*2",
    "64 X 2",
    "64;2", "64 × 2.",
  ])
  func `a shape is accepted in many forms`(answer: String) throws {
    #expect(try answers("kind=shape\n?\nright: [64, 2]", answer) == ["Right."])
  }

  @Test func `thousands may be set apart where a sign stands between sizes`() throws {
    let question = "kind=shape\n?\nright: [1665, 50]"
    for answer in ["1,665 x 50", "1,665 by 50", "1665×50"] {
      #expect(try answers(question, answer) == ["Right."])
    }
    #expect(try answers(question, "[1,665, 50]") == ["Not yet."])
  }

  @Test(arguments: [
    "[2, 64]", "128", "64", "[64, 2, 1]", "[]", "64.0 2", "by", "x", "-64 2", "'64x2'",
  ])
  func `another shape is refused`(answer: String) throws {
    #expect(try answers("kind=shape\n?\nright: [64, 2]", answer) != ["Right."])
  }

  @Test func `a first wrong value does not tell the right one, and no later one does`() throws {
    let question = "kind=value\n?\nanswer: [7, 8]\ncheck: ans == [7, 8]"
    let remark = "which is not what is asked for."
    #expect(
      try answers(question, "[8, 7]", "[7, 9]")
        == ["Not yet: `ans` is [8, 7], \(remark)", "Not yet: `ans` is [7, 9], \(remark)"])
    let hidden = "kind=value\n?\nanswer: [7, 8]\ncheck: ans in [[7, 8]]"
    #expect(try answers(hidden, "[8, 7]").allSatisfy { !$0.contains("[7, 8]") })
  }

  @Test func `what statements should have done is told from the second time on`() throws {
    let question = "kind=run\n?\nanswer: x = 78\ncheck: x == 78"
    #expect(
      try answers(question, "x = 1", "⏎", "x = 2", "⏎").filter { !$0.isEmpty }
        == [
          "Not yet: `x` is 1, which is not what is asked for.",
          "Not yet: `x == 78` should be true, and the left side is 2.",
        ])
    #expect(
      try answers(question, "y = 1", "⏎").last?.hasPrefix("Not yet: `x` cannot be looked at: ")
        == true)
  }

  @Test func `own words that mention nothing are asked for once more`() throws {
    let question = "kind=text\n?\nanswer: Adding is commutative.\nmention: commut|swap"
    let remark = "Not yet: none of what matters is mentioned. Try again; [Enter] shows an answer"
    #expect(try answers(question, "no idea", "no idea") == [remark, "Adding is commutative."])
    #expect(try answers(question, "one can swap") == ["Adding is commutative."])
  }

  @Test func `a definition in the words of Python counts as that of the lesson`() throws {
    let text = """
      %% code id=define
      def twice(x) = 2 * x
      model Greeter(name) {
          say(word) = f'{word} {name}'
      }
      %% code id=use
      twice(4)
      """
    let classroom = Classroom()
    _ = classroom.open(try Classroom.lesson(Source(text, name: "python.collab")))
    #expect(
      try classroom.type("def twice(number):\n    return number + number\n")
        == ["1 of 2 statements; Enter runs the rest"])
    _ = try classroom.type(
      """
      class Greeter(Module):
          def __init__(self, name):
              self.name = name
          def say(self, word):
              return word + ' ' + self.name

      """)
    #expect(classroom.runner?.prompt?.name == "lesson 2/2")
    #expect(try classroom.type("Greeter('you').say('Hello')").first == "'Hello you'")
    #expect(try classroom.type("⏎").first == "8")
  }

  @Test func `a function of another name does not count`() throws {
    let classroom = Classroom()
    let text = "%% code id=define\ndef twice(x) = 2 * x\n%% md id=end\nThe end."
    _ = classroom.open(try Classroom.lesson(Source(text, name: "python.collab")))
    _ = try classroom.type("def thrice(x): return 3 * x")
    #expect(classroom.runner?.prompt?.name == "lesson 1/2")
  }
}
