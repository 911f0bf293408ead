/// What `help` says about an error code.
public struct ErrorExplanation: Sendable, Hashable {
  /// The stable word in `error[word]`.
  public let code: String
  /// What it means and what to do, in a sentence or two.
  public let text: String

  /// A code and what it means.
  public init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }

  /// The codes of this module.
  public static let language = LanguageErrorCode.allCases.map {
    ErrorExplanation($0.rawValue, $0.explanation)
  }
}
