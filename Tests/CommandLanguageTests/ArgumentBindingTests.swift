import CollabLanguage
import Testing

struct ArgumentBindingTests {
  private let parser = Specs.registry.parser()

  private func bind(_ text: String, variables: Set<String> = []) throws -> BoundArguments {
    let source = Source(text, name: "a.collab")
    let command = try #require(parser.code(in: source).statements.first?.command)
    let spec = try #require(Specs.registry[command.name.name])
    return try spec.bind(command) { variables.contains($0) }
  }

  private func mistake(_ text: String, variables: Set<String> = []) throws -> Diagnostic? {
    do {
      _ = try bind(text, variables: variables)
      return nil
    } catch let error as Diagnostic {
      return error
    }
  }

  @Test func `values are given by place or by name`() throws {
    let arguments = try bind("fit 5 lr=5e-3 schedule=flat")
    #expect(arguments.literal("epochs") == .integer(5))
    #expect(arguments.literal("lr") == .double(0.005))
    #expect(arguments.literal("schedule") == .string("flat"))
    #expect(arguments.all("wd").isEmpty && arguments.all("learn").isEmpty)
    #expect(arguments.all("nothing").isEmpty)
  }

  @Test func `a call binds like a command`() throws {
    let source = Source("fit(5, 5e-3, schedule=flat, wd=-0.01)")
    let call = try parser.expression(in: source)
    guard case .call(_, let given) = call.kind else {
      Issue.record("not a call")
      return
    }
    let arguments = try Specs.fit.bind(given, call: call.range, in: source) { _ in false }
    #expect(arguments.literal("epochs") == .integer(5))
    #expect(arguments.literal("wd") == .double(-0.01))
    #expect(arguments.literal("schedule") == .string("flat"))
  }

  @Test func `words are read as the type of their parameter`() throws {
    let table = try bind(
      "read_csv ~/ml-100k/u.data delimiter='\\t' header=none names=[user,movie] usecols=(0,1) encoding=latin-1"
    )
    #expect(table.literal("path") == .string("~/ml-100k/u.data"))
    #expect(table.literal("delimiter") == .string("\t"))
    #expect(table.literal("header") == Literal.none)
    #expect(table.literal("names") == .list([.string("user"), .string("movie")]))
    #expect(table.literal("usecols") == .tuple([.integer(0), .integer(1)]))
    #expect(table.literal("encoding") == .string("latin-1"))
    let joined = try bind("read_csv path/'u.data'")
    #expect(joined.expressions("path").count == 1)
    let learner = try bind("learner dot y_range=(0,5.5) layers=[7]")
    #expect(learner.literal("model") == .string("dot"))
    #expect(learner.literal("y_range") == .tuple([.integer(0), .double(5.5)]))
    #expect(learner.literal("layers") == .list([.integer(7)]))
    let named = try bind("learner m", variables: ["m"]).expressions("model")
    #expect(named.map(\.kind) == [.name("m")])
    #expect(try bind("learner Net(3,4)").expressions("model").count == 1)
    #expect(try bind("plot x a*x**2 grid=off").literal("grid") == .boolean(false))
    #expect(try bind("plot x y").all("grid").isEmpty)
    #expect(try bind("print 1 'a' (b + c)").expressions("value").count == 3)
    #expect(try bind("similar Kolya").literal("title") == .string("Kolya"))
    #expect(try bind("similar 'Kolya (1996)' n=3").literal("title") == .string("Kolya (1996)"))
    #expect(try bind("similar best", variables: ["best"]).expressions("title").count == 1)
    #expect(try bind("head ratings sort=rating").literal("sort") == .string("rating"))
  }

  @Test func `a formula is left to be evaluated`() throws {
    let arguments = try bind("fit n lr=(a + b)", variables: ["n"])
    #expect(arguments.expressions("epochs").map(\.kind) == [.name("n")])
    #expect(arguments.expressions("lr").count == 1)
    #expect(arguments.literal("epochs") == nil)
  }

  @Test(
    arguments: [
      (
        "fit 5 5e-3 wd=high", "bad-value", "`wd` takes a number", "`high` is a name",
        "for example wd=0.1"
      ),
      (
        "fit 0 5e-3", "bad-value", "`epochs` takes a whole number from 1 to 1000",
        "`0` is too small", "for example 5"
      ),
      (
        "fit 1.5 5e-3", "bad-value", "`epochs` takes a whole number from 1 to 1000",
        "`1.5` is not a whole number", "for example 5"
      ),
      (
        "fit 5 -1", "bad-value", "`lr` takes a number above 0", "`-1` is too small",
        "for example 5e-3"
      ),
      (
        "fit 5 1 pct_start=2", "bad-value", "`pct_start` takes a number from 0 to 1",
        "`2` is too large", "for example pct_start=0.25"
      ),
      (
        "fit 5 1 schedule=flut", "bad-value", "`schedule` takes onecycle or flat",
        "`flut` is not one of them", "did you mean `flat`?"
      ),
      (
        "fit 5 1 schdule=flat", "unknown-option", "`fit` has no option `schdule`", nil,
        "did you mean `schedule`?"
      ),
      ("fit 5 1 wd=1 wd=2", "repeated", "`wd` is given twice", nil, nil),
      ("fit 5 1 lr=2", "repeated", "`lr` is given twice", nil, nil),
      (
        "fit 5", "missing-argument", "`fit` needs LR, the highest learning rate", nil,
        "for example fit 5 5e-3"
      ),
      (
        "fit lr=1 5", "argument-order", "arguments without a name come before those with one", nil,
        nil
      ),
      (
        "head r 1 x y", "too-many-arguments",
        "`head` takes no more than `head TABLE [n=5] [sort=COLUMN]`", nil, nil
      ),
      (
        "learner dut", "bad-value", "`model` takes dot, dotbias or nn or a Model",
        "`dut` is not one of them", "did you mean `dot`?"
      ),
      (
        "learner dot y_range=5", "bad-value", "`y_range` takes a tuple of 2 numbers or none",
        "`5` is a whole number", "for example y_range=none"
      ),
      (
        "learner dot y_range=(1,2,3)", "bad-value", "`y_range` takes a tuple of 2 numbers or none",
        "`(1, 2, 3)` is a tuple of 3", "for example y_range=none"
      ),
      (
        "learner dot layers=[1,a]", "bad-value", "`layers` takes a list of whole numbers",
        "`a` is a name", "for example layers=[100,50]"
      ),
      (
        "plot x y grid=maybe", "bad-value", "`grid` takes true or false", "`maybe` is a name",
        "for example grid=on"
      ),
      (
        "plot x y on", "too-many-arguments", "`plot` takes no more than `plot X Y [grid=on]`", nil,
        nil
      ),
      (
        "print", "missing-argument", "`print` needs VALUE, what to show", nil,
        "for example print 1 2"
      ),
      (
        "head ratings n='5'", "bad-value", "`n` takes a whole number from 1 to 1000",
        "`'5'` is a text", "for example n=5"
      ),
      (
        "fit ml-100k 1", "bad-value", "`epochs` takes a whole number from 1 to 1000",
        "`ml-100k` is a word", "for example 5"
      ),
    ] as [(String, String, String, String?, String?)])
  func `says what is wrong and what to type instead`(
    _ text: String, _ code: String, _ message: String, _ caption: String?, _ help: String?
  ) throws {
    let mistake = try #require(try mistake(text))
    #expect(mistake.code == code)
    #expect(mistake.message == message)
    #expect(mistake.caption == caption)
    #expect(mistake.help.first == help)
    let range = try #require(mistake.range)
    #expect(0 <= range.lowerBound && range.upperBound <= text.utf8.count)
  }

  @Test(arguments: ["plot x a* b", "plot x a *b", "plot x -"])
  func `a formula cut by a blank is explained`(_ text: String) throws {
    do {
      _ = try bind(text)
      Issue.record("not refused")
    } catch let error as Diagnostic {
      #expect(error.help.first?.contains("put the expression in parentheses") == true)
    }
  }

  @Test func `the drawing of a bad value`() throws {
    let mistake = try #require(try mistake("fit 5 5e-3 wd=high"))
    #expect(
      mistake.description == """
        error[bad-value]: `wd` takes a number
          --> a.collab:1:12
        1 | fit 5 5e-3 wd=high
          |            ^^^^^^^ `high` is a name
          help: for example wd=0.1
        """)
  }

  @Test func `starred values are placed once they are known`() throws {
    let source = Source("linspace(*range)")
    let placement = try Specs.linspace.place(
      positional: [9..<15, 9..<15], options: [Identifier("steps", at: 0..<0)], call: source.range,
      in: source)
    #expect(placement.positional == [0, 1])
    #expect(placement.options == [2])
  }

  @Test func `a default that is a value reads as its type`() {
    #expect(
      Specs.learner.parameter("layers")?.defaultLiteral == .list([.integer(100), .integer(50)]))
    #expect(Specs.learner.parameter("y_range")?.defaultLiteral == Literal.none)
    #expect(Specs.fit.parameter("learn")?.defaultLiteral == nil)
    #expect(Specs.readCSV.parameter("delimiter")?.defaultLiteral == .string(","))
  }

  @Test func `a registry reports what its specs lack`() {
    #expect(
      Specs.registry.problems() == [
        "fit: no help for div", "fit: no help for pct_start", "fit: no help for learn",
      ])
    let bad = CommandSpec(
      "bad", group: .data, summary: "", parameters: [Parameter("n", .integer(), help: "n")],
      examples: ["bad x=1"], seeAlso: ["nothing"])
    #expect(
      CommandRegistry([bad]).problems() == [
        "bad: no summary", "bad: see also 'nothing', which does not exist",
        "bad: bad x=1: `bad` has no option `x`",
      ])
  }
}

extension BoundArguments {
  /// The literal that was given first for a parameter.
  fileprivate func literal(_ name: String) -> Literal? {
    if case .literal(let literal)? = all(name).first?.value { literal } else { nil }
  }

  /// The formulas that were given for a parameter.
  fileprivate func expressions(_ name: String) -> [Expression] {
    all(name).compactMap {
      if case .expression(let expression) = $0.value { expression } else { nil }
    }
  }
}
