import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabText

/// `similar`: items whose factors point the same way.
enum SimilarCommand {
  static let similar = Builtin(
    CommandSpec(
      "similar", group: .lookingIn,
      summary: "list the items whose factors are nearest to an item's",
      details: """
        The score is the cosine of the angle between the factors: 1 for the same direction. Beside it \
        stands how many ratings to learn from there are of the item: the factors of one with few say \
        little, and `min_count` leaves them out.

        The value is a table with `item`, `similarity` and `ratings`.
        """,
      parameters: [
        Parameter(
          "title", .string, example: "'Quiet Harbour, The (1951)'", completes: .titles,
          help: "the item to compare with"),
        Parameter("n", .integer(1...100_000), default: "5", help: "how many"),
        Parameter(
          "min_count", .integer(0...Int(Int32.max)), default: "0", example: "20",
          isOptionOnly: true,
          help: "how many ratings to learn from there are at least of each of them"),
        .learner,
      ],
      examples: [
        "similar (dls.items[1]) n=3", "similar (dls.items[1]) n=3 min_count=50",
        "s = similar (dls.items[1]) n=3; s.item[0]",
      ], seeAlso: ["bias"], chapter: "Embedding distance", result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let index = try call.item("title", of: learner)
    let count = try call.arguments.int("n")
    call.noteUnknown([(.items, index)], to: learner)
    let neighbors = try call.lookingInto(learner) {
      try learner.neighbors(
        of: index, count: count + 1, minimum: call.arguments.int("min_count")
      ).filter { $0.index > 0 }.prefix(count)
    }
    let table = learner.loaders.table(of: Array(neighbors), on: .items, score: "similarity")
    let bars = learner.loaders.bars(of: neighbors, on: .items)
    return .table(TableView(table, shownAs: [.bars(BarChart(bars))]))
  }
}

extension DataLoaders {
  /// Classes of one side with a number each as bars, beside which stands how many ratings there are.
  func bars(of classes: some Sequence<ScoredClass>, on side: RatingSide) -> [BarChart.Bar] {
    let hasCounts = knowsCounts(of: side)
    return classes.map { one in
      let ratings = trainingCount(of: one.index, side)
      return BarChart.Bar(
        one.name, score: one.score, note: hasCounts ? counted(ratings, "rating") : nil)
    }
  }
}
