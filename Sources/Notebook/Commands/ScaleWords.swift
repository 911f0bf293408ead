import Collab
import CollabLearning

// Scales and ranges as they are read and typed.

extension RatingScale {
  /// From where to where, as a sentence.
  var sentence: String {
    lowest == highest
      ? "every rating is \(numberText(lowest))"
      : "ratings go from \(numberText(lowest)) to \(numberText(highest))"
  }
}

extension RatingRange {
  /// The range as `y_range` takes it.
  var text: String { "(\(numberText(low)),\(numberText(high)))" }
}

/// A number without a point if it is whole.
func numberText(_ number: Double) -> String {
  Int(exactly: number).map { "\($0)" } ?? "\(number)"
}
