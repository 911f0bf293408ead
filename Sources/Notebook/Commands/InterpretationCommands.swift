import Collab
import CommandLanguage
import Documents

/// What a model has learned.
enum InterpretationCommands {
  static let all = [bias, similar]

  static let bias = Builtin(
    CommandSpec(
      "bias", group: .lookingIn, summary: "list items or users by their learned bias",
      details: """
        A bias is what a rating owes to the item alone, apart from the tastes it meets: films with \
        a low one are disliked even by those who should like them.
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
      ],
      examples: ["bias items top=5", "bias items top=5 bottom=5"], seeAlso: ["similar"],
      chapter: "Interpreting embeddings and biases")
  ) { call in
    let side: RatingSide = try call.arguments.string("side") == "users" ? .users : .items
    let biases = try call.session.learner().biases(of: side)
    var (top, bottom) = (
      call.arguments.optionalInt("top"), call.arguments.optionalInt("bottom")
    )
    if top == nil && bottom == nil { (top, bottom) = (5, 5) }
    if let top {
      call.output.write(.bars(BarChart(biases.reversed().prefix(top).map(\.bar))))
    }
    if let bottom {
      call.output.write(.bars(BarChart(biases.prefix(bottom).map(\.bar))))
    }
    return .none
  }

  static let similar = Builtin(
    CommandSpec(
      "similar", group: .lookingIn,
      summary: "list the items whose factors are nearest to an item's",
      details:
        "The score is the cosine of the angle between the factors: 1 for the same direction.",
      parameters: [
        Parameter(
          "title", .string, example: "'Quiet Harbour, The (1951)'", completes: .titles,
          help: "the item to compare with"),
        Parameter("n", .integer(1...100_000), default: "5", help: "how many"),
      ],
      examples: ["similar (dls.items[1]) n=3"], seeAlso: ["bias"],
      chapter: "Embedding distance")
  ) { call in
    let learner = try call.session.learner()
    let title = try call.arguments.string("title")
    let items = learner.loaders.items
    guard let index = items.index(of: title) else {
      let titles = (1..<items.count).map { items[$0] }
      throw Problem.unknownTitle(title, near: Suggestion.titles(like: title, among: titles))
        .diagnostic(at: call.arguments.range(of: "title"), in: call.arguments.source)
    }
    let neighbors = try learner.neighbors(of: index, count: call.arguments.int("n"))
    call.output.write(.bars(BarChart(neighbors.map(\.bar))))
    return .none
  }
}

extension ScoredClass {
  /// The name with its score as a bar.
  fileprivate var bar: BarChart.Bar {
    .init(name, value: Double(score), text: fixed(Double(score), 2))
  }
}

extension Suggestion {
  /// Titles that may have been meant: mistyped ones, or those that contain the text.
  static func titles(like text: String, among titles: [String]) -> [String] {
    let near = nearest(to: text, among: titles)
    guard near.isEmpty, text.count >= 3 else { return near }
    let wanted = text.lowercased()
    return Array(titles.filter { $0.lowercased().contains(wanted) }.prefix(3))
  }
}
