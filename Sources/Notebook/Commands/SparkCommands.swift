import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage

/// Handing ratings to Apache Spark.
enum SparkCommands {
  static let all = [handOff]

  static let handOff = Builtin(
    CommandSpec(
      "handoff", group: .files,
      summary: "write a folder with all that Spark needs to factorise the ratings",
      details: """
        For ratings and clusters beyond this machine: the folder holds the ratings of `dls`, one \
        program, the settings and a README with the line to run. `load_learner` of the folder takes \
        the factors back when the job is done. `learner als engine=spark` does all of that here, with \
        the Spark of this machine.

        With `data` the ratings stay where they are, a folder, file or address of CSV or Parquet: the job \
        reads them there, in columns that `user`, `item` and `rating` name, and holds out the share \
        `valid_pct`.
        """,
      parameters: [
        Parameter(
          "engine", .choice([Choice("spark", "Apache Spark")]), example: "spark",
          help: "what is to run it"),
        Parameter("folder", .path, example: "films", completes: .files, help: "a new folder"),
        Parameter(
          "factors", .integer(1...100_000), default: "50", isOptionOnly: true,
          help: "numbers that describe each user and item"),
        Parameter(
          "reg", .number(.notNegative), default: "0.1", isOptionOnly: true,
          help: "draws what is learned to zero: λ times the number of ratings"),
        Parameter(
          "epochs", .integer(1...10_000), default: "10", isOptionOnly: true,
          help: "iterations of alternating least squares"),
        Parameter(
          "top", .integer(0...10_000), default: "0", isOptionOnly: true,
          help: "write so many recommendations for every user"),
        Parameter(
          "data", .path, .optional, example: "'s3a://films/*.parquet'", isOptionOnly: true,
          completes: .files,
          help: "ratings that Spark reads where they are, instead of those of dls"),
        Parameter(
          "user", .string, default: "user", isOptionOnly: true, help: "the column of users in data"),
        Parameter(
          "item", .string, default: "item", isOptionOnly: true, help: "the column of items in data"),
        Parameter(
          "rating", .string, default: "rating", isOptionOnly: true,
          help: "the column of ratings in data"),
        Parameter(
          "valid_pct", .number(.between(0, 1)), default: "0.2", isOptionOnly: true,
          help: "the share of data that the job holds out"),
        .loaders,
      ],
      examples: [
        "handoff spark films factors=10",
        "handoff spark all data='s3a://films/*.parquet' item=movie",
      ], seeAlso: ["learner", "load_learner"], needs: ["dls"])
  ) { call in
    var handOff = try call.handOff()
    handOff.iterations = try call.arguments.int("epochs")
    handOff.top = try call.arguments.int("top")
    let typed = try call.arguments.string("folder")
    try call.blaming("folder") {
      try handOff.write(to: call.session.dataSearch.writable(typed))
    }
    call.output.write(.preformatted("spark-submit \(typed)/job.py"))
    return .none
  }
}

extension Call {
  /// The ratings of loaders, or those that `data` names.
  fileprivate func handOff() throws -> SparkHandOff {
    let (factors, strength) = try (arguments.int("factors"), arguments.double("reg"))
    guard let data = arguments.optionalString("data") else {
      let names = ["user", "item", "rating", "valid_pct"]
      if let name = names.first(where: arguments.isGiven) {
        throw Diagnostic(
          "bad-value", "`\(name)` says something of `data`, which is not given",
          at: arguments.range(of: name), in: arguments.source,
          help: ["handoff spark films data='ratings.csv'"])
      }
      return SparkHandOff(try loadersOption(), factors: factors, strength: strength)
    }
    // The job does not know the folder that a path is seen from here.
    var stored = StoredRatings(
      data.contains(":/") ? data : try session.dataSearch.readable(data))
    stored.user = try arguments.string("user")
    stored.item = try arguments.string("item")
    stored.rating = try arguments.string("rating")
    stored.validFraction = try arguments.double("valid_pct")
    return SparkHandOff(stored, factors: factors, strength: strength)
  }
}
