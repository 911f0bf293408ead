import CollabBuiltins
import Collab
import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabLearning
import CollabText

extension Call {
  /// Shows how probable each star is for somebody and an item, and where the rating will lie.
  ///
  /// - Throws: `unknown-option` if the learner's model does not say.
  func showStars(of learner: Learner, rater: Rater, item: Int) throws {
    guard let found = try rater.starProbabilities(of: item) else {
      let hasSteps = !StarScale(learner.loaders.training.stars).levels.isEmpty
      throw Diagnostic(
        "unknown-option",
        hasSteps
          ? "\(learner.model.typeName) does not say how probable each star is"
          : "there are too many different ratings to say how probable each is",
        at: arguments.range(of: "stars"), in: arguments.source,
        help: hasSteps ? ["learner bayes; fit 300"] : [])
    }
    let bars = zip(found.stars, found.probabilities).reversed().map { star, probability in
      BarChart.Bar(
        numberText(Double(star)), value: Double(probability),
        text: "\(fixed(100 * Double(probability), 1)) %")
    }
    let chart = BarChart(bars, isRanked: false)
    output.write(.bars(chart))
    let (low, high) = (Double(found.stars.first ?? 0), Double(found.stars.last ?? 0))
    let intervals = [(0.5, "one in two"), (0.8, "four in five"), (0.95, "19 in 20")]
      .map { share, words in
        let interval = found.interval(share)
        let ends = [interval.lowerBound, interval.upperBound].map {
          fixed(min(max($0, low), high), 1)
        }
        return "\(words) from \(ends[0]) to \(ends[1])"
      }
    let caption = "such ratings lie: " + intervals.joined(separator: ", ")
    output.write(.paragraph(caption))
    if let path = arguments.optionalString("save") {
      let names = arguments.value("title").map { "\($0.text): probability of each star" }
      try save(
        Plot(title: names ?? "", .bars(chart), caption: caption), to: path, blaming: "save")
    }
  }
}
