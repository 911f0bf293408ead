import Collab
import CollabInterpreter
import CollabText

/// What may be answered about an item.
enum TasteAnswer: Equatable {
  case stars(Double)
  /// The answer before was half a star more.
  case halfMore
  case unseen
  case back
  case enough
}

/// Which key is which answer on a scale of ratings.
///
/// Where there are more ratings than keys, 1 to 5 stand for five of them, evenly spaced.
struct TasteKeys {
  private let stars: [(key: Character, stars: Double)]
  private let scale: (lowest: Double, highest: Double)
  private let hasHalves: Bool

  init(_ scale: RatingScale?) {
    let (low, high) = (scale?.lowest ?? 1, scale?.highest ?? 5)
    self.scale = (low, high)
    hasHalves = scale?.step == 0.5 && low >= 0 && high <= 9
    let whole = low.rounded(.up)
    let steps = Int(exactly: high.rounded(.down) - whole) ?? 10
    let isWhole = scale.map { $0.step >= 1 || $0.step == 0.5 } ?? true
    if isWhole, whole >= 0, high <= 9 || high == 10 && whole >= 1, steps >= 1 {
      var keys = (0...steps).map { step in
        let value = whole + Double(step)
        return (
          key: value == 10 ? Character("0") : Character("\(Int(clamping: value))"), stars: value
        )
      }
      if low == 0.5 { keys.insert(("0", 0.5), at: 0) }
      stars = keys
    } else {
      stars = (0..<5).map { (Character("\($0 + 1)"), low + Double($0) / 4 * (high - low)) }
    }
  }

  /// The answer of a key; nil if it is none.
  ///
  /// A line may also hold a rating in full, such as `4.5`, or be empty.
  func answer(_ text: String) -> TasteAnswer? {
    switch text {
    case "", " ", "\n", "\r", "none", "?": return .unseen
    case "\u{7F}", "\u{8}", "b", "back": return .back
    case "q", "Q", "\u{1B}", "\u{4}": return .enough
    case ".", ",", "+": return hasHalves ? .halfMore : nil
    default: break
    }
    if text.count == 1, let found = stars.first(where: { $0.key == text.first }) {
      return .stars(found.stars)
    }
    guard let number = Double(text), (scale.lowest...scale.highest).contains(number) else {
      return nil
    }
    return .stars(number)
  }

  /// The highest rating.
  var highest: Double { scale.highest }

  /// What the keys are, in a line.
  var hint: String {
    let isPlain = stars.allSatisfy { "\($0.key)" == starsText($0.stars) }
    let ends =
      isPlain
      ? "\(stars.first.map { "\($0.key)" } ?? "")–\(stars.last.map { "\($0.key)" } ?? "") stars"
      : stars.map { "\($0.key) for \(starsText($0.stars))" }.joined(separator: ", ")
    let half = hasHalves ? " · . adds half a star" : ""
    return "\(ends)\(half) · space not seen · Backspace back · q enough"
  }
}
