import Collab
import CollabBuiltins
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabTables
import CollabText

/// Why a model predicts what it does, and what its factors stand for.
enum ExplainCommands {
  static let all = [explain, factor]

  static let explain = Builtin(
    CommandSpec(
      "explain", group: .lookingIn, summary: "say why a user would like an item, or not",
      details: """
        A model that adds up shows the sum: the mean, the biases and the taste, which is the sum of all \
        products of factors, before the range is applied; then the products that count most. Of any \
        model it says which of the user's ratings moved the prediction: each is left out in turn, and \
        the user is taken in anew from the others, with everything else as it is.

        The value is a table with `part` (sum, prediction, score, factor or rating), `name`, `rating` and \
        `value`.
        """,
      parameters: [
        .rater,
        Parameter(
          "title", .anyOf([.string, .integer()]), example: "'Quiet Harbour, The (1951)'",
          completes: .titles, help: "the item"),
        Parameter(
          "n", .integer(0...100_000), default: "5", isOptionOnly: true,
          help: "how many of the user's ratings are shown; the table has them all"),
        .learner,
      ],
      examples: [
        "explain 42 (dls.items[7])", "me = user([(dls.items[7], 5)]); explain me (dls.items[9])",
        "why = explain 42 (dls.items[7]); why[why.part == 'rating'].head(3)",
      ],
      seeAlso: ["predict", "factor", "recommend"], result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let someone = try call.someone("user", of: learner)
    let title = call.arguments.value("title") ?? .none
    let item = try call.item(title, "title", of: learner)
    call.noteUnknown([(.items, item)], to: learner)
    call.noteBlank(learner)
    let why = try learner.explanation(of: item, for: someone.rater)
    let account = ExplanationAccount(why, learner, by: someone.name)
    return .table(
      TableView(account.table, shownAs: account.blocks(ratings: try call.arguments.int("n"))))
  }

  static let factor = Builtin(
    CommandSpec(
      "factor", group: .lookingIn, summary: "say what a factor of the items seems to stand for",
      details: """
        Lists the items with most and with least of it, and how it goes with the year at the end of \
        titles and with columns of numbers and genres in `movies`, as correlations from −1 to 1. Which \
        end of a factor is which means nothing. Items with fewer than `min_count` ratings to learn from \
        are left out, as theirs are little more than what they began with; where almost all have fewer, \
        fewer are enough.
        """,
      parameters: [
        Parameter("number", .integer(0...100_000), example: "3", help: "the factor, from 0"),
        Parameter("n", .integer(1...1000), default: "5", help: "how many at each end"),
        Parameter(
          "min_count", .integer(0...Int(Int32.max)), default: "20", isOptionOnly: true,
          help: "how many ratings to learn from an item has at least"),
        .learner,
      ],
      examples: ["factor 3", "factor 3 n=2 min_count=50", "f = factor 3; f.item[0]"],
      seeAlso: ["explain", "similar", "bias"], chapter: "Interpreting embeddings and biases",
      result: "Table")
  ) { call in
    let learner = try call.learnerOption()
    let description = try call.lookingInto(learner, for: "number") {
      try learner.factorDescription(
        call.arguments.int("number"), count: call.arguments.int("n"),
        leastRatings: call.arguments.int("min_count"),
        properties: call.session.itemProperties(of: learner.loaders))
    }
    return .table(
      TableView(description.table(learner.loaders), shownAs: description.blocks(learner.loaders)))
  }
}

// MARK: - An explanation

/// An explanation in words and as rows.
private struct ExplanationAccount {
  private let why: Explanation
  private let loaders: DataLoaders
  private let model: String
  private let who: String
  private let hasFactors: Bool

  init(_ why: Explanation, _ learner: Learner, by who: String) {
    (self.why, loaders, model, self.who) = (why, learner.loaders, learner.model.typeName, who)
    hasFactors = learner.roles.itemFactors != nil
  }

  private var item: String { loaders.items[why.item] }

  /// The parts of the sum that the model has.
  private var terms: [(name: String, value: Float)] {
    guard let sum = why.sum else { return [] }
    return [
      ("mean", sum.mean), ("user bias", sum.userBias), ("item bias", sum.itemBias),
      ("taste", sum.taste),
    ].compactMap { name, value in value.map { (name, $0) } }
  }

  /// What a model like this may lack, as far as it does.
  private var lacking: String? {
    guard let sum = why.sum else {
      return "\(model) does not add up parts: biases and factors say nothing alone"
    }
    let parts = [
      ("biases", sum.userBias == nil && sum.itemBias == nil),
      ("factors", why.products.isEmpty && !hasFactors),
    ].filter(\.1).map(\.0)
    return parts.isEmpty ? nil : "\(model) has no \(parts.joined(separator: " and no "))"
  }

  func blocks(ratings count: Int) -> [Block] {
    var blocks: [Block] = [
      .paragraph("\(who) and \(item): \(fixed(Double(why.prediction), 2))")
    ]
    if let sum = why.sum {
      let words = terms.map { "\($0.name) \(signed($0.value))" }.joined(separator: " · ")
      let squeezed = why.range.map { range in
        " · \(fixed(Double(why.prediction), 2)) within \(range.text)"
      }
      blocks.append(.paragraph("\(words) = \(fixed(Double(sum.total), 2))\(squeezed ?? "")"))
    }
    if let lacking { blocks.append(.paragraph(lacking)) }
    let products = why.products.prefix(3)
    if !products.isEmpty {
      blocks.append(.paragraph("the factors that count most"))
      blocks.append(
        .table(
          TableBlock(
            columns: [
              .number("factor"), .number("user"), .number("item"), .number("product"),
            ],
            rows: products.map {
              [
                "\($0.factor)", fixed(Double($0.user), 2), fixed(Double($0.item), 2),
                signed($0.value),
              ]
            })))
    }
    if let score = why.score {
      blocks.append(
        .paragraph("ranked by a score of \(fixed(Double(score), 3)), which is not in stars"))
    }
    let influences = why.influences.prefix(count)
    guard count > 0 else { return blocks }
    guard !influences.isEmpty else {
      return blocks + [.paragraph("\(who) has no ratings that tell the model anything")]
    }
    guard why.influences.contains(where: { $0.change != 0 }) else {
      let ratings = counted(why.influences.count, "rating")
      return blocks + [.paragraph("\(who) has \(ratings), and none of them moves it")]
    }
    blocks.append(.paragraph("the ratings that moved it, of \(why.influences.count)"))
    blocks.append(
      .table(
        TableBlock(
          columns: [.number("moved by"), .number("rated"), .text(loaders.items.name)],
          rows: influences.map {
            [
              signed($0.change, decimals: why.score == nil ? 2 : 3),
              starsText(Double($0.rating.stars)), loaders.items[$0.rating.item],
            ]
          })))
    return blocks
  }

  /// One row a part.
  var table: Table {
    var rows: [(part: String, name: String, rating: Double, value: Float)] = []
    for term in terms { rows.append(("sum", term.name, .nan, term.value)) }
    if let sum = why.sum { rows.append(("sum", "total", .nan, sum.total)) }
    rows.append(("prediction", item, .nan, why.prediction))
    if let score = why.score { rows.append(("score", item, .nan, score)) }
    for product in why.products {
      rows.append(("factor", "\(product.factor)", .nan, product.value))
    }
    for influence in why.influences {
      rows.append(
        (
          "rating", loaders.items[influence.rating.item], Double(influence.rating.stars),
          influence.change
        ))
    }
    return Table(equallyLong: [
      Column("part", texts: rows.map(\.part)), Column("name", texts: rows.map(\.name)),
      Column("rating", doubles: rows.map(\.rating)),
      Column("value", doubles: rows.map { Double($0.value) }),
    ])
  }
}

/// A number with its sign.
private func signed(_ value: Float, decimals: Int = 2) -> String {
  let text = fixed(Double(abs(value)), decimals)
  return text.allSatisfy { "0.".contains($0) } ? text : (value < 0 ? "-" : "+") + text
}

// MARK: - A factor

extension FactorDescription {
  fileprivate func blocks(_ loaders: DataLoaders) -> [Block] {
    func bars(_ items: [Item], beside others: [Item]) -> Block {
      func chart(_ items: [Item]) -> [BarChart.Bar] {
        items.map {
          BarChart.Bar(
            loaders.items[$0.item], score: $0.value,
            note: leastRatings > 0 ? counted($0.ratingCount, "rating") : nil)
        }
      }
      return .bars(BarChart(chart(items), comparedWith: chart(others)))
    }
    var blocks: [Block] = [
      .paragraph("most of factor \(factor)"), bars(highest, beside: lowest),
      .paragraph("least of it"), bars(lowest, beside: highest),
    ]
    let told = correlations.prefix(5).map { "\($0.name) \(signed(Float($0.coefficient)))" }
    if !told.isEmpty { blocks.append(.paragraph("goes with \(told.joined(separator: " · "))")) }
    let enough = leastRatings > 0 ? " with at least \(counted(leastRatings, "rating"))" : ""
    blocks.append(.paragraph("among \(grouped(itemCount)) items\(enough)"))
    return blocks
  }

  /// One row an item, those with most of the factor first.
  fileprivate func table(_ loaders: DataLoaders) -> Table {
    let items = highest + lowest.reversed()
    return Table(equallyLong: [
      loaders.column(of: items.map(\.item), on: .items),
      Column("value", doubles: items.map { Double($0.value) }),
      Column("ratings", integers: items.map(\.ratingCount)),
    ])
  }
}

extension Session {
  /// What the table of items knows of them: columns of numbers, and a property for each word of a
  /// column such as `genres`, whose texts are words with | between them.
  fileprivate func itemProperties(of loaders: DataLoaders) -> [ItemProperty] {
    let items = loaders.items
    guard let table = itemTable(of: loaders), let names = try? table.column(items.name) else {
      return []
    }
    let places = (0..<names.count).map { items.index(of: names, at: $0) }
    func property(_ name: String, _ value: (_ row: Int) -> Double?) -> ItemProperty {
      var values = [Double?](repeating: nil, count: items.count)
      for case let (row, place?) in places.enumerated() {
        values[place] = value(row) ?? values[place]
      }
      return ItemProperty(name, values)
    }
    return table.columns.filter { $0.name != items.name }.flatMap { column -> [ItemProperty] in
      if column.kind == .text {
        return Self.words(of: column).map { word in
          property(word) { row in Self.holds(word, in: column, row) }
        }
      }
      // Ids are numbers that stand for nothing.
      guard !["movie", "item", "id"].contains(column.name) else { return [] }
      return [
        property(column.name) { row in
          switch column.value(at: row) {
          case .integer(let number): Double(number)
          case .double(let number): number
          default: nil
          }
        }
      ]
    }
  }

  /// The words of a column of which many rows share a few; none of one such as titles.
  private static func words(of column: Column) -> [String] {
    let levels = (try? column.coded().levels.texts())?.compactMap(\.self) ?? []
    let words = Set(levels.lazy.flatMap { $0.split(separator: "|").map(String.init) })
    return words.count <= 50 && words.count * 3 <= column.count ? words.sorted() : []
  }

  private static func holds(_ word: String, in column: Column, _ row: Int) -> Double? {
    guard case .text(let text) = column.value(at: row) else { return nil }
    return text.split(separator: "|").contains { $0 == word } ? 1 : 0
  }
}
