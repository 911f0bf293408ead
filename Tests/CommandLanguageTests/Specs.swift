import CollabLanguage

/// A few commands to bind, describe and complete.
enum Specs {
  static let fit = CommandSpec(
    "fit", aliases: [], group: .training, summary: "train the current learner with one cycle",
    details: """
      Trains the current learner and prints losses after each epoch. The rate follows the one-cycle
      schedule: up to LR during the first quarter, then down to almost zero.
      """,
    parameters: [
      Parameter(
        "epochs", .integer(1...1000), example: "5", help: "how many passes over the training data"),
      Parameter("lr", .number(.positive), example: "5e-3", help: "the highest learning rate"),
      Parameter(
        "wd", .number(), default: "0.01", example: "0.1",
        help: "weight decay; negative values push weights outward (to see why not to)"),
      Parameter(
        "schedule", .choice([Choice("onecycle"), Choice("flat", "a constant rate")]),
        default: "onecycle", help: "onecycle, or flat for a constant rate"),
      Parameter("div", .number(.positive), default: "25"),
      Parameter("pct_start", .number(.between(0, 1)), default: "0.25"),
      Parameter("learn", .value("Learner"), default: "current"),
    ],
    examples: [
      "fit 5 5e-3", "fit 5 5e-3 wd=0.1",
      .init("learn.fit_one_cycle(5, 5e-3)", note: "the same as a call"),
    ],
    seeAlso: ["lr_find", "validate", "plot_loss"],
    chapter: "Collaborative filtering from scratch")

  static let learner = CommandSpec(
    "learner", group: .model, summary: "make a model and what trains it",
    parameters: [
      Parameter(
        "model",
        .anyOf([
          .choice([
            Choice("dot", "dot product of user and item factors"),
            Choice("dotbias", "dot product with biases"), Choice("nn"),
          ]), .value("Model"),
        ]), help: "an architecture or a model"),
      Parameter("factors", .integer(1...10_000), default: "50", help: "numbers per user and item"),
      Parameter(
        "y_range", .anyOf([.tuple(of: .number(), count: 2), .nothing]), default: "none",
        help: "where predictions lie"),
      Parameter("layers", .list(of: .integer(1...Int.max)), default: "[100,50]", help: "sizes"),
    ],
    examples: ["learner dot factors=50"], result: "Learner")

  static let readCSV = CommandSpec(
    "read_csv", group: .data, summary: "read a table from a text file",
    parameters: [
      Parameter("path", .path, help: "the file"),
      Parameter("delimiter", .string, default: "','", help: "what stands between fields"),
      Parameter("names", .list(of: .name), .optional, help: "names of the columns"),
      Parameter("usecols", .tuple(of: .integer()), .optional, help: "which columns"),
      Parameter("header", .anyOf([.nothing, .integer(0...10)]), default: "0", help: "which line"),
      Parameter("encoding", .string, default: "utf-8", help: "how letters are stored"),
    ],
    examples: ["read_csv u.data delimiter='\\t'"], result: "Table")

  static let head = CommandSpec(
    "head", group: .data, summary: "show the first rows of a table",
    parameters: [
      Parameter("table", .value("Table"), help: "the table"),
      Parameter("n", .integer(1...1000), default: "5", help: "how many rows"),
      Parameter("sort", .column, .optional, help: "order by this column"),
    ],
    examples: ["head ratings n=5"])

  static let similar = CommandSpec(
    "similar", group: .lookingIn, summary: "find the nearest titles",
    parameters: [
      Parameter("title", .string, completes: .titles, help: "a title"),
      Parameter("n", .integer(1...1000), default: "5", help: "how many"),
    ],
    examples: ["similar 'Star Wars (1977)'"])

  static let print = CommandSpec(
    "print", group: .workspace, summary: "show values",
    parameters: [Parameter("value", .value(), .rest(atLeast: 1), help: "what to show")],
    examples: ["print 1 2"])

  static let plot = CommandSpec(
    "plot", group: .plotting, summary: "draw a line",
    parameters: [
      Parameter("x", .value("Tensor"), help: "where"),
      Parameter("y", .value("Tensor"), help: "how high"),
      Parameter("grid", .boolean, default: "on", isOptionOnly: true, help: "lines behind"),
    ],
    examples: ["plot [1,2] [3,4] grid=off"])

  static let others = ["lr_find", "validate", "plot_loss"].map {
    CommandSpec($0, group: .training, summary: "look at the training", examples: [.init($0)])
  }

  static let linspace = CommandSpec(
    "linspace", form: .function, group: .functions, summary: "evenly spaced numbers",
    parameters: [
      Parameter("start", .number(), help: "the first"),
      Parameter("end", .number(), help: "the last"),
      Parameter("steps", .integer(1...Int.max), default: "100", help: "how many"),
    ],
    examples: ["linspace(-2, 2, 100)"], result: "Tensor")

  static let registry = CommandRegistry(
    [readCSV, head, learner, fit] + others + [similar, plot, print, linspace])
}
