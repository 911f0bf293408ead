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
        .loaders,
      ], examples: ["handoff spark films factors=10"], seeAlso: ["learner", "load_learner"],
      needs: ["dls"])
  ) { call in
    var handOff = SparkHandOff(
      try call.loadersOption(), factors: try call.arguments.int("factors"),
      strength: try call.arguments.double("reg"))
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
