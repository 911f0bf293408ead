import CollabInterpreter
import Collab
import CollabLanguage

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
  /// The learner before the dot, or that the option `learn` names, or the current one.
  func learnerOption() throws -> Learner {
    switch receiver {
    case .object(let learner as Learner): return learner
    case .object(let recorder as RecorderObject): return recorder.learner
    default: break
    }
    guard arguments.isGiven("learn") else { return try session.learner() }
    guard case .object(let learner as Learner)? = arguments.value("learn") else {
      return try arguments.required("learn", nil)
    }
    return learner
  }

  /// The loaders before the dot, or that the argument `dls` names, or the current ones.
  func loadersOption() throws -> DataLoaders {
    if case .object(let loaders as DataLoaders) = receiver { return loaders }
    guard arguments.isGiven("dls") else { return try session.loaders() }
    guard case .object(let loaders as DataLoaders)? = arguments.value("dls") else {
      return try arguments.required("dls", nil)
    }
    return loaders
  }
}

extension Session {
  /// The name by which statements can say a learner; nil if there is none.
  func name(of learner: Learner) -> String? {
    name(first: "learn") {
      if case .object(let other as Learner) = $0 { other === learner } else { false }
    }
  }

  /// The name by which statements can say somebody new; nil if there is none.
  func name(of user: NewUser) -> String? {
    name(first: "me") {
      if case .object(let other as NewUser) = $0 { other === user } else { false }
    }
  }

  /// The name by which statements can say loaders; nil if there is none.
  func name(of loaders: DataLoaders) -> String? {
    name(first: "dls") {
      if case .object(let other as DataLoaders) = $0 { other === loaders } else { false }
    }
  }

  private func name(first usual: String, where isWanted: (Value) -> Bool) -> String? {
    if let current = variables[usual], isWanted(current) { return usual }
    return variables.filter { $0.key != "_" && isWanted($0.value) }.keys.min()
  }

  /// What a statement about a learner says so that it is not about the current one: nothing for that
  /// one, ` learn=other` for one with a name, nil if no statement can name it.
  func learnOption(naming learner: Learner) -> String? {
    name(of: learner).map { $0 == "learn" ? "" : " learn=\($0)" }
  }
}
