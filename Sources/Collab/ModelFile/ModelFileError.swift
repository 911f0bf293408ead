/// Why a model file cannot be read, or not as a whole learner.
public enum ModelFileError: Error, Equatable {
  /// The bytes are not those of a model file.
  case damaged(String)
  /// It is a pickle, which only runs as a program of Python.
  case pickle
  /// It holds the variables of a session.
  case workspace
  /// A later version wrote it.
  case laterVersion(Int)
  /// The file does not say what belongs to a whole learner: it holds numbers alone.
  case incomplete(String)
  /// The model is one of a program's own, which only that program can make.
  case ownModel(String)
  /// The numbers are not those of such a model.
  case misfit(String)
}

extension ModelFileError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .damaged(let reason): reason
    case .pickle: "it is a pickle of Python, which is a program and not data"
    case .workspace: "it holds the variables of a session"
    case .laterVersion(let version):
      "it has the format \(version), which a later version of collab wrote"
    case .incomplete(let missing): "it does not say \(missing)"
    case .ownModel(let name): "its model is of a type of its own, `\(name)`"
    case .misfit(let reason): reason
    }
  }
}
