/// Why models cannot be judged.
public enum EvaluationError: Error, Equatable {
  /// All ratings are learned from.
  case nothingHeldOut
  /// The learner of this name was tested with other ratings, so that figures would not compare.
  case otherRatings(String)
}
