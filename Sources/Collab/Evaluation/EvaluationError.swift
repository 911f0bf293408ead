/// Why models cannot be judged.
public enum EvaluationError: Error, Equatable {
  /// All ratings are learned from.
  case nothingHeldOut
  /// The learner of this name was tested with other ratings, so that figures would not compare.
  case otherRatings(String)
  /// No user who is held out entirely has more ratings than so many.
  case nobodyNew(most: Int)
  /// The user stopped it.
  case interrupted
}
