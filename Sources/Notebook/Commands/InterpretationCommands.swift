import CollabInterpreter
import CollabLanguage
import CollabDocuments
import Collab
import CollabText

/// What a model has learned.
enum InterpretationCommands {
  static let all = [
    BiasCommand.bias, SimilarCommand.similar, RecommendCommand.recommend, PredictCommand.predict,
    EvaluateCommand.evaluate, CompareCommand.compare, CrossvalCommand.crossval,
  ]
}

extension ScoredClass {
  /// The name with its score as a bar.
  var bar: BarChart.Bar { .init(name, score: score) }
}

extension BarChart.Bar {
  /// A name with a number of two decimals.
  init(_ name: String, score: Float, note: String? = nil) {
    self.init(name, value: Double(score), text: fixed(Double(score), 2), note: note)
  }
}

extension Suggestion {
  /// Titles that may have been meant: mistyped ones, or those that contain the text.
  static func titles(like text: String, among titles: [String]) -> [String] {
    let near = nearest(to: text, among: titles)
    // A long text is in no title, and takes long to look for.
    guard near.isEmpty, text.utf8.count <= 200, text.count >= 3 else { return near }
    let wanted = text.lowercased()
    return Array(titles.filter { $0.lowercased().contains(wanted) }.prefix(3))
  }
}
