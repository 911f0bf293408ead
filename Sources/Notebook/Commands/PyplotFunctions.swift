import CollabBuiltins
import CollabInterpreter
import CollabDocuments
import CollabLanguage

/// matplotlib's `plt`, as far as the pictures here go: what is drawn adds up until it is shown.
enum PyplotFunctions {
  static let namespace = Namespace("plt", title: "<module 'matplotlib.pyplot'>")

  static let all = drawing + describing + [text, figure, subplots, show]

  private static let x = Parameter("x", .value("Values"), example: "x", help: "numbers")
  private static let y = Parameter(
    "y", .value("Values"), .optional, example: "y", help: "as many numbers")
  private static let format = Parameter(
    "fmt", .string, .optional, example: "'o'", help: "a form such as 'o' for points")
  private static let label = Parameter(
    "label", .string, .optional, example: "'loss'", isOptionOnly: true,
    help: "what the legend calls it")

  /// What matplotlib can be told of colours and sizes, which follow from the page here.
  private static let looks =
    [
      "color", "c", "s", "alpha", "marker", "linewidth", "lw", "linestyle", "ls", "fontsize",
      "size",
      "edgecolor", "zorder", "ha", "va", "density",
    ].map {
      Parameter(
        $0, .value(), .optional, example: "0.5", isOptionOnly: true,
        help: "taken and passed over: how it looks follows from the page")
    }

  private static func function(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter],
    _ example: String, _ run: @escaping @Sendable (Call) throws -> Void
  ) -> Builtin {
    Builtin(
      CommandSpec(
        name, aliases: aliases, form: .method(of: "plt"), group: .plotting, summary: summary,
        parameters: parameters
          + looks.filter { look in parameters.allSatisfy { $0.name != look.name } },
        examples: [.init(example)])
    ) { call in
      try run(call)
      return .none
    }
  }

  // MARK: - Lines, points, columns

  private static let drawing: [Builtin] = [
    function(
      "plot", "draw lines through points", [x, y, format, label], "plt.plot([1, 2], [3, 1])"
    ) { call in
      let form = try call.drawingForm()
      for (x, y) in try call.curves() {
        call.session.figure.series.append(.init(form.label, x: x, y: y, mark: form.mark))
      }
    },
    function("scatter", "draw points", [x, y, label], "plt.scatter([1, 2], [3, 1])") { call in
      let label = call.arguments.optionalString("label") ?? ""
      for (x, y) in try call.curves() {
        call.session.figure.series.append(.init(label, x: x, y: y, mark: .points))
      }
    },
    function(
      "hist", "draw how often values occur",
      [
        x,
        Parameter(
          "bins", .integer(1...500), .optional, example: "20", help: "how many columns"), label,
      ], "plt.hist([1, 2, 2])"
    ) { call in
      let values = try call.numbersOption("x").filter(\.isFinite)
      guard !values.isEmpty else { throw SessionProblem.nothingToDraw }
      call.session.figure.histogram = (values, call.arguments.optionalInt("bins") ?? 10)
    },
  ]

  // MARK: - What stands around them

  private static func word(_ what: String) -> Parameter {
    Parameter("text", .value("String"), example: "'A title'", help: what)
  }
  private static let low = Parameter("low", .number(), example: "0", help: "the lower end")
  private static let high = Parameter("high", .number(), example: "5", help: "the upper end")
  private static let scale = Parameter(
    "scale", .choice([Choice("linear"), Choice("log")]), example: "log", help: "the kind of scale")

  private static let describing: [Builtin] = [
    function(
      "title", aliases: ["set_title", "suptitle"], "write a title above the picture",
      [word("the title")], "plt.title('Ratings')"
    ) { call in call.session.figure.title = call.word() },
    function(
      "xlabel", aliases: ["set_xlabel"], "say what is measured along the bottom",
      [word("the label")], "plt.xlabel('batch')"
    ) { call in call.session.figure.labels.x = call.word() },
    function(
      "ylabel", aliases: ["set_ylabel"], "say what is measured at the left", [word("the label")],
      "plt.ylabel('loss')"
    ) { call in call.session.figure.labels.y = call.word() },
    function(
      "xlim", aliases: ["set_xlim"], "show a part of the bottom axis", [low, high], "plt.xlim(0, 5)"
    ) { call in call.session.figure.limits.x = try call.limits() },
    function(
      "ylim", aliases: ["set_ylim"], "show a part of the left axis", [low, high], "plt.ylim(0, 5)"
    ) { call in call.session.figure.limits.y = try call.limits() },
    function(
      "xscale", aliases: ["set_xscale"], "make equal steps along the bottom equal factors", [scale],
      "plt.xscale('log')"
    ) { call in
      call.session.figure.isLogarithmic.x = try call.arguments.string("scale") == "log"
    },
    function(
      "yscale", aliases: ["set_yscale"], "make equal steps at the left equal factors", [scale],
      "plt.yscale('log')"
    ) { call in
      call.session.figure.isLogarithmic.y = try call.arguments.string("scale") == "log"
    },
    function(
      "legend", aliases: ["grid", "tight_layout", "axis", "xticks", "yticks"],
      "does nothing: what has a label is in the legend",
      [Parameter("options", .value(), .rest(atLeast: 0), example: "True", help: "passed over")],
      "plt.legend()"
    ) { _ in },
  ]

  private static let text = function(
    "text", aliases: ["annotate"], "write a text beside a point",
    [
      Parameter("x", .number(), example: "1", help: "where, from the left"),
      Parameter("y", .number(), example: "3", help: "how high"),
      Parameter("text", .value("String"), example: "'Alien'", help: "the text"),
    ], "plt.scatter([1], [3]); plt.text(1, 3, 'Alien')"
  ) { call in
    call.session.figure.write(
      call.word(), x: try call.arguments.double("x"), y: try call.arguments.double("y"))
  }

  // MARK: - Pictures

  private static let size = Parameter(
    "figsize", .tuple(of: .number(.positive), count: 2), .optional, example: "(12, 12)",
    isOptionOnly: true, help: "width and height; only their proportion matters")

  private static let figure = function(
    "figure", "begin a new picture", [size], "plt.figure(figsize=(12, 12))"
  ) { call in
    call.session.showFigure()
    call.session.figure.proportion = call.figureProportion
  }

  private static let subplots = Builtin(
    CommandSpec(
      "subplots", form: .method(of: "plt"), group: .plotting,
      summary: "begin a new picture, and give it with its axes",
      parameters: [
        Parameter("rows", .integer(1...1), default: "1", help: "pictures have one pair of axes"),
        Parameter("columns", .integer(1...1), default: "1", help: "pictures have one pair of axes"),
        size,
      ],
      examples: ["fig, ax = plt.subplots(); ax.plot([1, 2], [3, 1])"], result: "Tuple")
  ) { call in
    call.session.showFigure()
    call.session.figure.proportion = call.figureProportion
    return .tuple([.object(AxesObject("Figure")), .object(AxesObject("Axes"))])
  }

  private static let show = function(
    "show", "show the picture; at the end of a cell it is shown anyway", [],
    "plt.plot([1, 2]); plt.show()"
  ) { call in call.session.showFigure() }
}

/// `fig` and `ax` of `plt.subplots()`: other names for the picture that is being made.
private final class AxesObject: SessionObject {
  let typeName: String

  init(_ typeName: String) { self.typeName = typeName }

  var display: String { "<\(typeName)>" }
  var methodKinds: [String] { ["plt"] }
}

// MARK: - Arguments

extension Call {
  /// The series of the arguments `x` and `y`; one alone is counted from 0.
  fileprivate func curves() throws -> [(x: [Double], y: [Double])] {
    let first = try seriesOption("x")
    guard arguments.isGiven("y") else {
      return first.map { y in (y.indices.map(Double.init), y) }
    }
    let x = first.first ?? []
    return try seriesOption("y").map { y in
      guard x.count == y.count else { throw Problem.unequalLengths("x", x.count, "y", y.count) }
      return (x, y)
    }
  }

  /// How a series is drawn, by matplotlib's abbreviations, and its name.
  fileprivate func drawingForm() throws -> (mark: Plot.Series.Mark, label: String) {
    let form = (arguments.optionalString("fmt") ?? "") + (arguments.optionalString("marker") ?? "")
    let hasPoints = form.contains { "o.x+*sdv^".contains($0) }
    let hasLine = form.contains("-") || arguments.optionalString("fmt") == nil
    return (
      hasPoints ? hasLine ? .linePoints : .points : .line, arguments.optionalString("label") ?? ""
    )
  }

  /// The argument `text`, whatever it is, as text.
  fileprivate func word() -> String { (arguments.value("text") ?? .none).text }

  /// The arguments `low` and `high`.
  fileprivate func limits() throws -> ClosedRange<Double> {
    let (low, high) = (try arguments.double("low"), try arguments.double("high"))
    guard low < high else {
      throw Problem.wrongKind(
        "`\(arguments.spec.name)`", expected: "the lower end first", got: "\(low)")
    }
    return low...high
  }

  /// The height over the width that `figsize` asks for.
  fileprivate var figureProportion: Double? {
    arguments.optionalDoubles("figsize").flatMap { $0.count == 2 ? $0[1] / $0[0] : nil }
  }
}
