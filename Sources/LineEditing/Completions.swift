/// Finds what could stand at the cursor, from the text before and after it.
///
/// The text before includes the lines of an unfinished statement above the cursor.
public typealias Completer = (_ before: String, _ after: String) -> Completions

/// What could stand at the cursor, and how much of the text before it would be replaced.
///
///     Completions(
///       replacing: "do", candidates: [.init("dot", summary: "dot product"), .init("dotbias")])
public struct Completions: Equatable, Sendable {
  /// One thing that could stand there.
  public struct Candidate: Equatable, Sendable {
    /// The whole text that is put in place of what was typed.
    public let text: String
    /// What a listing says beside it; may be empty.
    public let summary: String
    /// What follows when this is the only candidate: a blank, `=`, `/` or a closing quote.
    public let ending: String
    /// The text shown in a listing.
    public let label: String

    /// Makes a candidate; a listing shows its text unless a label is given.
    public init(_ text: String, summary: String = "", ending: String = " ", label: String? = nil) {
      self.text = text
      self.summary = summary
      self.ending = ending
      self.label = label ?? text
    }
  }

  /// The end of the text before the cursor that a candidate takes the place of.
  public let replaced: String
  /// What could stand there, in the order it is listed.
  public let candidates: [Candidate]
  /// How many more there are that are not even listed.
  public let omittedCount: Int

  /// Nothing fits.
  public static let none = Completions(replacing: "", candidates: [])

  /// Makes a set of candidates for the same piece of text.
  public init(replacing replaced: String, candidates: [Candidate], omittedCount: Int = 0) {
    self.replaced = replaced
    self.candidates = candidates
    self.omittedCount = omittedCount
  }

  /// What Tab does about a set of candidates.
  package enum Answer: Equatable {
    /// There is nothing to add.
    case beep
    /// So many code points before the cursor give way to a text.
    case replace(count: Int, with: String)
    /// The candidates are shown.
    case list
  }

  /// What Tab does: adds what is certain, or lists the candidates when nothing is.
  package func answer(after: String) -> Answer {
    let count = replaced.unicodeScalars.count
    guard let first = candidates.first else { return .beep }
    // What they all begin with is not known when some are left out.
    guard omittedCount == 0 else { return .list }
    if candidates.count == 1 {
      let ending = after.hasPrefix(first.ending) ? "" : first.ending
      let text = first.text + ending
      return text == replaced ? .beep : .replace(count: count, with: text)
    }
    let common = commonPrefix
    return common.unicodeScalars.count > count ? .replace(count: count, with: common) : .list
  }

  private var commonPrefix: String {
    var common = candidates.first.map { Array($0.text.unicodeScalars) } ?? []
    for candidate in candidates.dropFirst() where !common.isEmpty {
      let same = zip(common, candidate.text.unicodeScalars).prefix { $0 == $1 }.count
      common.removeLast(common.count - same)
    }
    // Accents stay with their letters.
    var text = ""
    text.unicodeScalars.append(contentsOf: common)
    return text
  }
}
