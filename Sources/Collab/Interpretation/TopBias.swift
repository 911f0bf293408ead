import CollabLearning
import CollabTensors

/// A class and a number that belongs to it.
public struct ScoredClass: Sendable, Equatable {
  /// Its index in the vocabulary.
  public let index: Int
  /// Its name, as the data has it: a title, or the number of a user.
  public let name: String
  /// The bias, similarity or prediction.
  public let score: Float
}

extension Learner {
  /// Classes with their biases, the smallest first; `#na#` is one of them.
  ///
  /// What a bias says of a film is how good it is found apart from the tastes it meets.
  ///
  /// - Throws: ``InterpretationError/noBias(of:model:)``.
  /// Source: chapter cells on interpreting embeddings and biases, `movie_bias.argsort()`.
  public func biases(of side: RatingSide) throws(InterpretationError) -> [ScoredClass] {
    guard let biases = roles.bias(of: side)?.scalars(as: Float.self) else {
      throw .noBias(of: side.rawValue, model: model.typeName)
    }
    let vocabulary = side == .users ? loaders.users : loaders.items
    return biases.indices.sorted { biases[$0] < biases[$1] }.map {
      ScoredClass(index: $0, name: vocabulary[$0], score: biases[$0])
    }
  }
}
