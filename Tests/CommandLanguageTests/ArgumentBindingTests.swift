import CommandLanguage
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

  @Test func `values are given by place, by name, or by default`() throws {
    let arguments = try bind("fit 5 lr=5e-3 schedule=flat")
    #expect(try arguments.int("epochs") == 5)
    #expect(try arguments.double("lr") == 0.005)
    #expect(try arguments.double("wd") == 0.01)
    #expect(try arguments.string("schedule") == "flat")
    #expect(!arguments.isGiven("wd"))
    #expect(arguments.literal("learn") == nil)
  }

  @Test func `a call binds like a command`() throws {
    let source = Source("fit(5, 5e-3, schedule=flat, wd=-0.01)")
    let call = try parser.expression(in: source)
    guard case .call(_, let given) = call.kind else {
      Issue.record("not a call")
      return
    }
    let arguments = try Specs.fit.bind(given, call: call.range, in: source) { _ in false }
    #expect(try arguments.int("epochs") == 5)
    #expect(try arguments.double("wd") == -0.01)
    #expect(try arguments.string("schedule") == "flat")
  }

  @Test func `words are read as the type of their parameter`() throws {
    let table = try bind(
      "read_csv ~/ml-100k/u.data delimiter='\\t' header=none names=[user,movie] usecols=(0,1) encoding=latin-1"
    )
    #expect(try table.string("path") == "~/ml-100k/u.data")
    #expect(try table.string("delimiter") == "\t")
    #expect(table.literal("header") == Literal.none)
    #expect(try table.strings("names") == ["user", "movie"])
    #expect(try table.ints("usecols") == [0, 1])
    #expect(try table.string("encoding") == "latin-1")
    let joined = try bind("read_csv path/'u.data'")
    #expect(joined.expression("path") != nil)
    let learner = try bind("learner dot y_range=(0,5.5) layers=[7]")
    #expect(try learner.string("model") == "dot")
    #expect(try learner.doubles("y_range") == [0, 5.5])
    #expect(try learner.ints("layers") == [7])
    #expect(try bind("learner m", variables: ["m"]).expression("model")?.kind == .name("m"))
    #expect(try bind("learner Net(3,4)").expression("model") != nil)
    #expect(try bind("plot x a*x**2 grid=off").bool("grid") == false)
    #expect(try bind("plot x y").bool("grid"))
    #expect(try bind("print 1 'a' (b + c)").expressions("value").count == 3)
    #expect(try bind("similar Kolya").string("title") == "Kolya")
    #expect(try bind("similar 'Kolya (1996)' n=3").string("title") == "Kolya (1996)")
    #expect(try bind("similar best", variables: ["best"]).expression("title") != nil)
    #expect(try bind("head ratings sort=rating").string("sort") == "rating")
  }

  @Test func `a formula is evaluated later and checked then`() throws {
    var arguments = try bind("fit n lr=(a + b)", variables: ["n"])
    #expect(arguments.expression("epochs")?.kind == .name("n"))
    #expect(throws: Diagnostic.self) { try arguments.int("epochs") }
    try arguments.resolve { expression throws(Diagnostic) in
      .literal(expression.kind == .name("n") ? .integer(7) : .double(0.5))
    }
    #expect(try arguments.int("epochs") == 7)
    #expect(try arguments.double("lr") == 0.5)
  }

  @Test func `a value of the wrong kind is refused when it is known`() throws {
    var arguments = try bind("fit n 0.1", variables: ["n"])
    do {
      try arguments.resolve { _ throws(Diagnostic) in .other("a Tensor") }
      Issue.record("not refused")
    } catch {
      #expect(error.message == "`epochs` takes a whole number from 1 to 1000")
      #expect(error.caption == "`n` is a Tensor")
    }
    do {
      try arguments.resolve { _ throws(Diagnostic) in .literal(.integer(0)) }
      Issue.record("not refused")
    } catch {
      #expect(error.caption == "0 is too small")
    }
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

  @Test func `accessors never stop the program`() throws {
    let arguments = try bind("head ratings")
    #expect(throws: Diagnostic.self) { try arguments.int("missing") }
    #expect(throws: Diagnostic.self) { try arguments.string("n") }
    #expect(arguments.optionalString("sort") == nil)
    #expect(arguments.optionalInt("n") == 5)
    #expect(throws: Diagnostic.self) { try arguments.string("sort") }
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
