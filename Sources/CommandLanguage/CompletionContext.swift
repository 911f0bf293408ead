/// What a session knows that can complete a word.
///
/// Specs know commands, options and choices; everything that depends on what was loaded or defined comes
/// from here. None of the functions may take long or fail: they run while a key is held down.
public protocol CompletionContext {
  /// The names that can be used in a formula now, beside functions.
  var variables: [CompletionItem] { get }

  /// The members of the value of a formula; empty if it has none, or finding out would run something.
  func members(of formula: String) -> [CompletionItem]

  /// The columns of the table that a formula names, or of the current one if there is no formula.
  func columns(of formula: String?) -> [String]

  /// Titles that may be meant by the beginning of one, in the order in which to offer them.
  ///
  /// They need not begin with exactly this text: letter case and accents do not matter, and a word
  /// inside the title may begin with it.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - limit: the most titles that are wanted.
  /// - Returns: the titles, and how many more there are.
  func titles(like text: String, limit: Int) -> TitleMatches

  /// The datasets that are installed.
  var datasets: [CompletionItem] { get }

  /// Paths that begin with a text; those of folders end in `/`.
  func files(beginningWith text: String) -> [String]
}

/// The titles that fit what was typed, or the first of them.
public struct TitleMatches: Sendable, Equatable {
  /// The titles.
  public let titles: [String]
  /// How many more would fit.
  public let omittedCount: Int

  /// Some titles, and how many were left out.
  public init(_ titles: [String], omittedCount: Int = 0) {
    (self.titles, self.omittedCount) = (titles, omittedCount)
  }
}

/// A word that can be completed.
public struct CompletionItem: Sendable, Hashable {
  /// The word.
  public let name: String
  /// What it stands for, in a few words.
  public let note: String
  /// Whether it is called, so that a `(` follows.
  public let isCallable: Bool
  /// The kind of value, in the words of `ParameterType.value`; empty if it is not known.
  public let kind: String

  /// A word and what it stands for.
  public init(_ name: String, note: String = "", isCallable: Bool = false, kind: String = "") {
    self.name = name
    self.note = note
    self.isCallable = isCallable
    self.kind = kind
  }

  /// Whether a parameter of this type is likely to take it.
  func fits(_ type: ParameterType) -> Bool {
    switch type {
    case .value("Value"): true
    case .value(let label): kind.isEmpty || kind == label
    case .anyOf(let types): types.contains(where: fits)
    default: false
    }
  }
}
