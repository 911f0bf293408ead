import CollabInterpreter
import CollabLanguage

/// A variable that commands use without being told to.
package enum CurrentValue: String, CaseIterable {
  case ratings
  case loaders = "dls"
  case learner = "learn"

  /// The one whose absence an error with this code is.
  package init?(absentBy code: String) {
    guard let value = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = value
  }

  /// Of the error that says there is none.
  fileprivate var code: String {
    switch self {
    case .ratings: "no-ratings"
    case .loaders: "no-dataloaders"
    case .learner: "no-learner"
    }
  }

  fileprivate var absence: String {
    switch self {
    case .ratings: "there are no ratings yet"
    case .loaders: "the ratings are not split and batched yet"
    case .learner: "there is no learner yet"
    }
  }
}

extension Session {
  /// That there is no such value yet, and what to type first.
  func absence(of value: CurrentValue) -> Diagnostic {
    let steps = Self.registry.steps(to: value.rawValue, having: variables.keys, as: .firstExample)
    return Diagnostic(
      value.code, value.absence, at: nil, in: nil, help: [steps.joined(separator: "; ")])
  }
}
