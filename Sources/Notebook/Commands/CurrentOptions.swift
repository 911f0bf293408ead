import Collab
import CommandLanguage

// Options of the commands that look at what is current, and what they name instead.

extension Parameter {
  /// Another learner than the current one.
  static let learner = Parameter(
    "learn", .value("Learner"), .optional, example: "learn", isOptionOnly: true,
    help: "another learner than the current one")

  /// Other loaders than the current ones.
  static let loaders = Parameter(
    "dls", .value("DataLoaders"), .optional, example: "dls", isOptionOnly: true,
    help: "other loaders than the current ones")
}

extension Call {
  /// The learner that the option `learn` names, or the current one.
  func learnerOption() throws -> Learner {
    guard arguments.isGiven("learn") else { return try session.learner() }
    guard case .learner(let learner)? = arguments.value("learn") else {
      return try arguments.required("learn", nil)
    }
    return learner
  }

  /// The loaders that the argument `dls` names, or the current ones.
  func loadersOption() throws -> DataLoaders {
    guard arguments.isGiven("dls") else { return try session.loaders() }
    guard case .loaders(let loaders)? = arguments.value("dls") else {
      return try arguments.required("dls", nil)
    }
    return loaders
  }
}

extension Session {
  /// What a statement about a learner says so that it is not about the current one: nothing for that
  /// one, ` learn=other` for one with a name, nil if no statement can name it.
  func learnOption(naming learner: Learner) -> String? {
    func isLearner(_ value: Value?) -> Bool {
      if case .learner(let other)? = value { other === learner } else { false }
    }
    if isLearner(variables["learn"]) { return "" }
    return variables.filter { $0.key != "_" && isLearner($0.value) }.keys.min()
      .map { " learn=\($0)" }
  }
}
