import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables

/// `bias`: what a rating owes to the item, or to the user, alone.
enum BiasCommand {
  static let bias = Builtin(
    CommandSpec(
      "bias", group: .lookingIn, summary: "list items or users by their learned bias",
      details: """
        A bias is what a rating owes to the item alone, apart from the tastes it meets: films with \
        a low one are disliked even by those who should like them.

        The value is a table with `item` (or `user`), `bias` and `ratings`, the number of ratings to \
        learn from.
        """,
      parameters: [
        Parameter(
          "side",
          .choice([
            Choice("items", "films"), Choice("movies", "films"), Choice("users", "the raters"),
          ]), default: "items", help: "items or users"),
        Parameter(
          "top", .integer(0...100_000), .optional, example: "5", isOptionOnly: true,
          help: "how many with the largest bias"),
        Parameter(
          "bottom", .integer(0...100_000), .optional, example: "5", isOptionOnly: true,
          help: "how many with the smallest bias"),
        .learner,
      ],
      examples: [
        "bias items top=5", "bias items top=5 bottom=5", "b = bias users top=3; b.to_csv()",
      ],
      seeAlso: ["similar"], chapter: "Interpreting embeddings and biases", result: "Table")
  ) { call in
    let side: RatingSide = try call.arguments.string("side") == "users" ? .users : .items
    let learner = try call.learnerOption()
    // #na# stands for those who are not in the training ratings.
    let biases = try call.lookingInto(learner) {
      try learner.biases(of: side).filter { $0.index > 0 }
    }
    var (top, bottom) = (
      call.arguments.optionalInt("top"), call.arguments.optionalInt("bottom")
    )
    if top == nil && bottom == nil { (top, bottom) = (5, 5) }
    let largest = top.map { Array(biases.reversed().prefix($0)) }
    let smallest = bottom.map { Array(biases.prefix($0)) }
    var blocks: [Block] = []
    for (title, part, other) in [
      ("largest", largest, smallest), ("smallest", smallest, largest),
    ] {
      guard let part else { continue }
      if other != nil { blocks.append(.paragraph(title)) }
      blocks.append(.bars(BarChart(part.map(\.bar), comparedWith: (other ?? []).map(\.bar))))
    }
    let listed = Set((largest ?? []).map(\.index))
    let rows = (largest ?? []) + (smallest ?? []).filter { !listed.contains($0.index) }
    return .table(
      TableView(learner.loaders.table(of: rows, on: side, score: "bias"), shownAs: blocks))
  }
}

extension DataLoaders {
  /// Classes of one side with a number each, and how many ratings stand behind it.
  func table(of classes: [ScoredClass], on side: RatingSide, score: String) -> Table {
    Table(equallyLong: [
      column(of: classes.map(\.index), on: side),
      Column(score, doubles: classes.map { Double($0.score) }),
      Column("ratings", integers: classes.map { trainingCount(of: $0.index, side) }),
    ])
  }

  /// What some indices stand for, as the data has it: a column `user` or `item`.
  ///
  /// - Precondition: `#na#` is not among them.
  func column(of indices: [Int], on side: RatingSide) -> Column {
    (side == .users ? users : items).values.rows(at: indices.map { $0 - 1 })
      .renamed(side == .users ? "user" : "item")
  }
}
