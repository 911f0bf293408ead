import CollabBuiltins
import Collab
import CollabLanguage
import CollabInterpreter
import CollabLearning

/// fastai's neural model under the name that it has there.
enum TabularModelFunction {
  static let all = [tabularModel]

  private static let tabularModel = Builtin.function(
    "TabularModel", "make fastai's neural model of embeddings and layers",
    [
      Parameter(
        "emb_szs", .value("List"), example: "[(944, 74), (1665, 102)]",
        help: "sizes of the embeddings"),
      Parameter(
        "n_cont", .integer(0...0), default: "0", help: "continuous columns; there are none"),
      Parameter("out_sz", .integer(1...1), default: "1", help: "numbers that come out"),
      Parameter(
        "layers", .list(of: .integer(1...100_000)), default: "[100,50]",
        help: "widths of the hidden layers"),
      Parameter(
        "y_range", .anyOf([.tuple(of: .number(), count: 2), .nothing]), default: "none",
        help: "range of predictions"),
    ], "TabularModel([(944, 74), (1665, 102)], layers=[100,50], y_range=(0,5.5))",
    result: "Module", run: make)

  @Sendable
  private static func make(_ call: Call) throws -> Value {
    let sizes = (call.arguments.value("emb_szs")?.elements ?? []).compactMap {
      pair -> EmbeddingSize? in
      guard let sizes = pair.elements?.compactMap(\.integer), sizes.count == 2,
        sizes.allSatisfy({ $0 > 0 })
      else { return nil }
      return EmbeddingSize(rows: sizes[0], columns: sizes[1])
    }
    guard sizes.count == 2 else { return try call.arguments.required("emb_szs", nil) }
    let ends = call.arguments.optionalDoubles("y_range")
    return .module(
      try EmbeddingNN(
        sizes: (sizes[0], sizes[1]),
        widths: call.arguments.required("layers", call.arguments.optionalInts("layers")),
        range: ends.map { RatingRange($0[0], $0[1]) }, using: call.scope.streams))
  }
}
