import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabTables
import CollabTensors

/// Pictures.
///
/// Each is a value that shows itself.
enum PlotCommands {
  static let all = [
    plot, scatter, hist, heatmap, plotLoss, plotSchedule, lrFind, pca, save,
  ]

  // MARK: Options that several have

  private static let title = Parameter(
    "title", .string, .optional, example: "'A title'", isOptionOnly: true,
    help: "what stands above the picture")
  static let file = Parameter(
    "save", .path, .optional, example: "'plot.svg'", isOptionOnly: true, completes: .files,
    help: "an SVG file to write it to as well")
  private static let size = Parameter(
    "size", .tuple(of: .number(.positive), count: 2), .optional, example: "(12,8)",
    isOptionOnly: true, help: "width and height; only their proportion matters")
  private static let axes = [
    Parameter(
      "xlabel", .string, .optional, example: "'batch'", isOptionOnly: true,
      help: "what is measured along the bottom"),
    Parameter(
      "ylabel", .string, .optional, example: "'loss'", isOptionOnly: true,
      help: "what is measured at the left"),
    Parameter(
      "xlim", .tuple(of: .number(), count: 2), .optional, example: "(0,10)", isOptionOnly: true,
      help: "the part of the bottom axis that is shown"),
    Parameter(
      "ylim", .tuple(of: .number(), count: 2), .optional, example: "(0,5)", isOptionOnly: true,
      help: "the part of the left axis that is shown"),
    Parameter(
      "xlog", .boolean, default: "false", isOptionOnly: true,
      help: "whether equal steps along the bottom are equal factors"),
    size, file,
  ]

  // MARK: Any numbers

  static let plot = Builtin(
    CommandSpec(
      "plot", group: .plotting, summary: "draw lines through points",
      details: """
        Y may be a list of several series, which share X. With one argument X is counted from 0. Of a \
        table that `evaluate`, `compare`, `crossval` or `sweep` gave the intervals are drawn.

        In a terminal lines are drawn with dots, in pages and files as SVG. A picture is a value: \
        `p = plot x y` keeps it, `p` shows it, `p.save('x.svg')` writes it to a file.
        """,
      parameters: [
        Parameter(
          "x", .value("Values"), example: "x",
          help: "numbers: a list, tensor or column; or a table with intervals"),
        Parameter(
          "y", .value("Values"), .optional, example: "x**2",
          help: "as many numbers, or a list of several such series"),
        Parameter(
          "labels", .value("List"), .optional, example: "['a', 'b']", isOptionOnly: true,
          help: "what the series are called"),
        title,
      ] + axes,
      examples: [
        "plot [0,1,2,3] [0,1,4,9]",
        .init(
          "x = linspace(-2, 2, 100); plot x [a*x**2 for a in [1,5,50]] "
            + "labels=['a=1','a=5','a=50'] ylim=(0,5)", note: "the chapter's picture of a parabola"),
        "plot [3,1,2] save='/tmp/plot.svg'",
        .init(
          "e = evaluate(metrics=['rmse'], resamples=200); plot e",
          note: "models with their intervals"),
      ], seeAlso: ["scatter", "hist"], chapter: "Weight decay", result: "Plot")
  ) { call in
    if case .table(let view)? = call.arguments.value("x"), !call.arguments.isGiven("y"),
      let intervals = try Plot.Intervals(view.table)
    {
      return try call.picture(
        Plot(title: call.arguments.optionalString("title") ?? "", .intervals(intervals)))
    }
    let first = try call.seriesOption("x")
    var (x, ys) = (first.first ?? [], first)
    if call.arguments.isGiven("y") {
      ys = try call.seriesOption("y")
    } else {
      x = (0..<(ys.map(\.count).max() ?? 0)).map(Double.init)
    }
    let names = try call.textsOption("labels") ?? []
    if call.arguments.isGiven("labels"), names.count != ys.count {
      throw Problem.unequalLengths("labels", names.count, "the list of series", ys.count)
    }
    let series = try ys.enumerated().map { number, y in
      guard y.count == x.count || !call.arguments.isGiven("y") else {
        throw Problem.unequalLengths("x", x.count, "y", y.count)
      }
      return Plot.Series(
        names.isEmpty ? "" : names[number], x: Array(x.prefix(y.count)), y: y)
    }
    return try call.picture(call.plot(series))
  }

  static let scatter = Builtin(
    CommandSpec(
      "scatter", group: .plotting, summary: "draw points, with a text beside each if there is room",
      details: """
        Where there is no room for a text, the point is numbered and named below the picture.
        """,
      parameters: [
        Parameter("x", .value("Values"), example: "x", help: "numbers: a list, tensor or column"),
        Parameter("y", .value("Values"), example: "y", help: "as many numbers"),
        Parameter(
          "labels", .value("List"), .optional, example: "['one', 'two']", isOptionOnly: true,
          help: "a text for each point"),
        title,
      ] + axes,
      examples: ["scatter [1,2,3] [3,1,2] labels=['a','b','c']", "scatter randn(50) randn(50)"],
      seeAlso: ["pca", "plot"], chapter: "Interpreting embeddings and biases", result: "Plot")
  ) { call in
    let (x, y) = (try call.numbersOption("x"), try call.numbersOption("y"))
    guard x.count == y.count else { throw Problem.unequalLengths("x", x.count, "y", y.count) }
    let labels = try call.textsOption("labels")
    if let labels, labels.count != x.count {
      throw Problem.unequalLengths("labels", labels.count, "x", x.count)
    }
    return try call.picture(call.plot([Plot.Series(x: x, y: y, mark: .points, labels: labels)]))
  }

  static let hist = Builtin(
    CommandSpec(
      "hist", group: .plotting, summary: "draw how often values occur",
      parameters: [
        Parameter(
          "values", .value("Values"), example: "ratings.rating",
          help: "numbers: a list, tensor or column"),
        Parameter(
          "bins", .integer(1...500), .optional, example: "20", isOptionOnly: true,
          help: "how many columns; few different whole numbers get one each"),
        title, axes[0], size, file,
      ],
      examples: ["hist ratings.rating", "hist randn(1000) bins=20"], seeAlso: ["plot"],
      result: "Plot")
  ) { call in
    let values = try call.numbersOption("values").filter(\.isFinite)
    guard !values.isEmpty else { throw SessionProblem.nothingToDraw }
    let histogram = Plot.Histogram(of: values, columnCount: call.arguments.optionalInt("bins"))
    return try call.picture(
      Plot(
        title: call.arguments.optionalString("title") ?? "", .histogram(histogram),
        horizontal: .init(call.arguments.optionalString("xlabel") ?? ""),
        vertical: .init("count"), proportion: call.proportion))
  }

  static let heatmap = Builtin(
    CommandSpec(
      "heatmap", group: .plotting, summary: "draw a corner of the user × item table as shades",
      details: """
        Of a table of ratings it takes the most active users and the most rated items; empty cells \
        are what collaborative filtering fills. Any other table is drawn with the names in its \
        first column, and a matrix with numbers for names.
        """,
      parameters: [
        Parameter(
          "values", .value("Table"), .optional, example: "ratings",
          help: "a table or a matrix; the loaded ratings if it is left out"),
        Parameter(
          "users", .integer(1...200), default: "12", isOptionOnly: true, help: "how many rows"),
        Parameter(
          "items", .integer(1...200), default: "12", isOptionOnly: true, help: "how many columns"),
        title, file,
      ],
      examples: ["heatmap ratings", "heatmap ratings users=5 items=4"], seeAlso: ["describe"],
      chapter: "A first look at the data", result: "Plot")
  ) { call in
    let (rows, columns) = (try call.arguments.int("users"), try call.arguments.int("items"))
    let cells: Plot.Cells
    switch call.arguments.value("values") {
    case nil: cells = try Plot.Cells(call.session.ratings(), rows: rows, columns: columns)
    case .table(let view)?: cells = try Plot.Cells(view.table, rows: rows, columns: columns)
    case .tensor(let matrix)?, .array(let matrix)?:
      cells = try call.blaming("values") {
        try Plot.Cells(matrix: matrix, rows: rows, columns: columns)
      }
    default: return try call.arguments.required("values", nil)
    }
    return try call.picture(
      Plot(title: call.arguments.optionalString("title") ?? "", .cells(cells)))
  }

  // MARK: Fits

  static let plotLoss = Builtin(
    CommandSpec(
      "plot_loss", group: .plotting, summary: "draw the losses of the last fit",
      details: """
        The line is the training loss after each batch, smoothed as in the table of the fit; the \
        points are the validation losses at the ends of the epochs.
        """,
      parameters: [
        Parameter(
          "skip_start", .integer(0...1_000_000), default: "5", isOptionOnly: true,
          help: "how many batches to leave out at the beginning"), title, file, .learner,
      ],
      examples: ["plot_loss", "plot_loss skip_start=20 save='/tmp/loss.svg'"],
      seeAlso: ["fit", "plot_schedule"],
      chapter: "Collaborative filtering from scratch", result: "Plot")
  ) { call in
    try call.picture(
      try call.learnerOption().lossPlot(
        title: call.arguments.optionalString("title") ?? "",
        skipping: call.arguments.int("skip_start")))
  }

  static let plotSchedule = Builtin(
    CommandSpec(
      "plot_schedule", aliases: ["plot_sched"], group: .plotting,
      summary: "draw the learning rate and the momentum of the last fit",
      parameters: [
        Parameter(
          "what",
          .choice([
            Choice("both", "one picture below the other"), Choice("lr", "the learning rate"),
            Choice("mom", "the momentum"),
          ]), default: "both", help: "lr, mom or both"), .learner,
      ],
      examples: ["plot_schedule", "plot_schedule lr"], seeAlso: ["fit", "plot_loss"],
      chapter: "Collaborative filtering from scratch", result: "Plot")
  ) { call in
    let recorder = try call.learnerOption().fittedRecorder()
    func picture(_ numbers: [Double], _ label: String) -> Plot {
      Plot(
        series: [.init(x: numbers.indices.map { Double($0 + 1) }, y: numbers)],
        horizontal: .init("batch"), vertical: .init(label))
    }
    let what = try call.arguments.string("what")
    let rates = picture(recorder.learningRates, "learning rate")
    if what == "both" { call.output.write(.plot(rates)) }
    return .object(
      PlotObject(what == "lr" ? rates : picture(recorder.momenta, "momentum")))
  }

  static let lrFind = Builtin(
    CommandSpec(
      "lr_find", group: .training, summary: "find a learning rate by trying rising ones",
      details: """
        Trains for some batches while the rate rises from `start_lr` to `end_lr`, and stops when \
        the loss explodes. The suggestion lies in the middle of the longest stretch on which the \
        loss falls, as fastai's `valley`. Afterwards the parameters are as they were.

        `lr_find` can be kept: `found = lr_find`, then `fit 5 found.valley`.
        """,
      parameters: [
        Parameter(
          "start_lr", .number(.positive), default: "1e-7", isOptionOnly: true,
          help: "the first rate"),
        Parameter(
          "end_lr", .number(.positive), default: "10", isOptionOnly: true, help: "the last rate"),
        Parameter(
          "num_it", .integer(20...100_000), default: "100", isOptionOnly: true,
          help: "how many batches"), file, .learner,
      ],
      examples: ["lr_find", "found = lr_find; fit 1 found.valley"], seeAlso: ["fit"],
      chapter: "Collaborative filtering from scratch", result: "Plot")
  ) { call in
    let learner = try call.learnerOption()
    let watch = RateWatch(call)
    let search = try learner.findRate(
      from: call.arguments.double("start_lr"), to: call.arguments.double("end_lr"),
      stepCount: call.arguments.int("num_it"), observer: watch)
    watch.end()
    guard !search.isStopped else { throw Signal.interrupted }
    let numbers = search.valley.map { [(name: "valley", value: Value.double($0))] } ?? []
    return try call.picture(search.plot, numbers: numbers)
  }

  // MARK: Factors

  static let pca = Builtin(
    CommandSpec(
      "pca", group: .lookingIn, summary: "draw a map of the factors of the most rated items",
      details: """
        Factors are points in a space of many dimensions; principal components are the directions \
        in which they differ most. What the directions mean is for the reader to say.
        """,
      parameters: [
        Parameter(
          "side",
          .choice([
            Choice("items", "films"), Choice("movies", "films"), Choice("users", "the raters"),
          ]), default: "items", help: "items or users"),
        Parameter("n", .integer(1...2000), default: "50", help: "how many of the most rated ones"),
        Parameter(
          "axes", .tuple(of: .integer(0...50), count: 2), default: "(0,2)", isOptionOnly: true,
          help: "which two components"),
        title, size, file, .learner,
      ],
      examples: ["pca items n=10", "pca items n=50 axes=(0,1)"], seeAlso: ["bias", "similar"],
      chapter: "Interpreting embeddings and biases", result: "Plot")
  ) { call in
    let arguments = call.arguments
    let side: RatingSide = try arguments.string("side") == "users" ? .users : .items
    let axes = try arguments.required("axes", arguments.optionalInts("axes"))
    let map = try call.learnerOption().factorMap(
      of: side, count: arguments.int("n"), componentCount: (axes.max() ?? 0) + 1)
    let available = map.components.shape[1]
    guard axes.allSatisfy({ $0 < available }) else {
      throw Problem.outOfRange(axes.max() ?? 0, count: available)
        .diagnostic(at: arguments.range(of: "axes"), in: arguments.source)
    }
    let numbers = map.components.doubles()
    func component(_ axis: Int) -> [Double] {
      stride(from: axis, to: numbers.count, by: available).map { numbers[$0] }
    }
    return try call.picture(
      Plot(
        title: arguments.optionalString("title") ?? "",
        series: [
          .init(
            x: component(axes[0]), y: component(axes[1]), mark: .points, labels: map.names)
        ],
        horizontal: .init("component \(axes[0])"), vertical: .init("component \(axes[1])"),
        proportion: call.proportion))
  }

  static let save = Builtin(
    CommandSpec(
      "save", form: .method(of: "Plot"), group: .plotting, summary: "write a picture as SVG",
      parameters: [
        Parameter("path", .path, example: "'plot.svg'", help: "the file, which ends in .svg")
      ],
      examples: ["plot([0,1,2], [0,1,4]).save('/tmp/plot.svg')"], seeAlso: ["plot"])
  ) { call in
    guard case .object(let picture as PlotObject) = call.receiver else {
      throw Problem.notCallable(call.receiver.phrase)
    }
    try call.save(picture.plot, to: call.arguments.string("path"), blaming: "path")
    return .none
  }
}

// MARK: - Arguments

extension Call {
  /// The height as a share of the width, as the option `size` asks for.
  fileprivate var proportion: Double? {
    arguments.optionalDoubles("size").flatMap { $0.count == 2 ? $0[1] / $0[0] : nil }
  }

  /// A picture of series with the options that say how.
  fileprivate func plot(_ series: [Plot.Series]) throws -> Plot {
    func limits(_ name: String) throws -> ClosedRange<Double>? {
      guard let ends = arguments.optionalDoubles(name), ends.count == 2 else { return nil }
      guard ends[0] < ends[1] else {
        throw Problem.wrongKind(name, expected: "a smaller and a larger number", got: "\(ends)")
          .diagnostic(at: arguments.range(of: name), in: arguments.source)
      }
      return ends[0]...ends[1]
    }
    guard series.contains(where: { $0.y.contains(where: \.isFinite) }) else {
      throw SessionProblem.nothingToDraw
    }
    return Plot(
      title: arguments.optionalString("title") ?? "", series: series,
      horizontal: .init(
        arguments.optionalString("xlabel") ?? "", limits: try limits("xlim"),
        isLogarithmic: try arguments.bool("xlog")),
      vertical: .init(arguments.optionalString("ylabel") ?? "", limits: try limits("ylim")),
      proportion: proportion)
  }

  /// The numbers of an argument.
  func numbersOption(_ name: String) throws -> [Double] {
    try arguments.required(name, try? arguments.value(name)?.plotNumbers())
  }

  /// The numbers of an argument that may hold several series.
  func seriesOption(_ name: String) throws -> [[Double]] {
    guard let value = arguments.value(name) else { return [] }
    switch value {
    case .tensor(let tensor) where tensor.shape.count == 2,
      .array(let tensor) where tensor.shape.count == 2:
      let numbers = tensor.doubles()
      let width = tensor.shape[1]
      return (0..<tensor.shape[0]).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
    default: break
    }
    if let elements = value.elements, elements.contains(where: { $0.number == nil }) {
      return try elements.map { element in
        try arguments.required(name, try? element.plotNumbers())
      }
    }
    return [try numbersOption(name)]
  }

  /// The texts of an argument; nil if it is not given.
  func textsOption(_ name: String) throws -> [String]? {
    guard let value = arguments.value(name) else { return nil }
    return try blaming(name) { try value.members().map(\.text) }
  }
}

extension Value {
  /// The numbers of a list, tensor, column or series.
  func plotNumbers() throws -> [Double] {
    switch self {
    case .tensor(let tensor), .array(let tensor): return tensor.doubles()
    case .column(let column): return try column.doubles()
    case .object(let series as Series): return try series.values.doubles()
    default:
      return try members().map { member in
        guard let number = member.number else {
          throw Problem.wrongKind("a picture", expected: "numbers", got: member.phrase)
        }
        return number
      }
    }
  }
}

// MARK: - What is drawn

extension Learner {
  /// The losses of the last fit, if there are some.
  fileprivate func fittedRecorder() throws -> Recorder {
    guard recorder.losses.isEmpty else { return recorder }
    throw SessionProblem.nothingFitted
  }

  /// The losses of the last fit.
  fileprivate func lossPlot(title: String, skipping count: Int) throws -> Plot {
    let recorder = try fittedRecorder()
    let losses = recorder.smoothLosses.map(Double.init)
    let skipped = min(count, losses.count - 1)
    let batches = skipped..<losses.count
    let epochEnds = recorder.epochs.map { Double(($0.number + 1) * loaders.trainingBatchCount) }
    var series = [
      Plot.Series("train_loss", x: batches.map { Double($0 + 1) }, y: Array(losses[batches]))
    ]
    if !epochEnds.isEmpty, !loaders.validation.isEmpty {
      series.append(
        Plot.Series(
          "valid_loss", x: epochEnds, y: recorder.epochs.map { Double($0.validLoss) },
          mark: .linePoints))
    }
    return Plot(title: title, series: series, horizontal: .init("batch"), vertical: .init("loss"))
  }
}

extension RateSearch {
  /// The losses at the rates that were tried, and the suggestion.
  fileprivate var plot: Plot {
    let shown = max(losses.count - 5, min(losses.count, 2))
    var series = [
      Plot.Series(x: Array(rates.prefix(shown)), y: losses.prefix(shown).map(Double.init))
    ]
    var caption = "no valley: the loss exploded at once; try a smaller start_lr"
    if let valley, let valleyLoss {
      series.append(Plot.Series("valley", x: [valley], y: [valleyLoss], mark: .highlight))
      let rate = Self.text(valley)
      caption = "valley \(rate)   (fit 5 \(rate))"
    }
    return Plot(
      series: series, horizontal: .init("learning rate", isLogarithmic: true),
      vertical: .init("loss"), caption: caption)
  }

  /// A rate with two digits, as it can be typed: `5.8e-03`.
  private static func text(_ rate: Double) -> String {
    var (mantissa, exponent) = (rate, 0)
    guard rate.isFinite else { return "\(rate)" }
    while mantissa < 0.995, mantissa > 0 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return
      "\(fixed(mantissa, 1))e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
  }
}

extension Plot.Cells {
  /// The ratings of the most active users for the most rated items; other tables as they are.
  fileprivate init(_ table: Table, rows: Int, columns: Int) throws {
    let isRatings = table.hasColumn("rating") && table.columns.count > 2
    let corner =
      isRatings
      ? try RatingColumns(of: table).crosstab(users: rows, items: columns) : table.head(rows)
    let shown = corner.columns.dropFirst().prefix(columns)
    // The cells of a crosstab are texts, so that they can be empty.
    if !isRatings, let text = shown.first(where: { $0.kind == .text }) {
      throw TableError.wrongKind(column: text.name, found: .text, expected: .doubles)
    }
    guard let names = corner.columns.first, !shown.isEmpty else {
      throw SessionProblem.nothingToDraw
    }
    self.init(
      rows: (0..<corner.rowCount).map { names.value(at: $0).display },
      columns: shown.map(\.name),
      values: (0..<corner.rowCount).map { row in
        shown.map { column in
          switch column.value(at: row) {
          case .integer(let value): Double(value)
          case .double(let value): value
          case .text(let text): Double(text)
          case .missing: nil
          }
        }
      })
  }

  /// The corner of a matrix.
  fileprivate init(matrix: Tensor, rows: Int, columns: Int) throws {
    guard matrix.shape.count == 2 else {
      throw TensorError.unexpectedShape(matrix.shape, expected: "a matrix")
    }
    let (height, width) = (min(rows, matrix.shape[0]), min(columns, matrix.shape[1]))
    let numbers = matrix.doubles()
    self.init(
      rows: (0..<height).map(String.init), columns: (0..<width).map(String.init),
      values: (0..<height).map { row in
        (0..<width).map { numbers[row * matrix.shape[1] + $0] }
      })
  }
}

/// Shows how far a search for a rate has come.
private final class RateWatch: FitObserver {
  private let output: any Output
  private let isInterrupted: () -> Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var count = 0
  private let total: Int

  init(_ call: Call) {
    (output, isInterrupted) = (call.output, call.session.isInterrupted)
    total = call.arguments.optionalInt("num_it") ?? 100
    start = clock.now
  }

  func end() { output.progress(nil) }

  func batchDidFinish(_ progress: FitProgress) -> Bool {
    count += 1
    if count % 8 == 0 {
      output.progress(
        Progress(
          label: "lr_find", done: count, total: total, elapsed: (clock.now - start) / .seconds(1),
          note: "loss \(fixed(Double(progress.loss), 4))"))
    }
    return !isInterrupted()
  }

  func epochDidFinish(_ epoch: Recorder.Epoch) {}
}
