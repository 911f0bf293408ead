internal import CollabText

/// The forms that the text of a label may take, whole in each.
enum LabelForms {
  /// A text on one line, and on two of nearly the same width; only forms that are not too wide.
  static func of(_ text: String, widest: Int) -> [[String]] {
    let forms = [[text], halves(of: text) ?? [text]]
    return forms.filter { width(of: $0) <= widest }
  }

  /// The two lines of a text that is long enough, parted where the wider of them is narrowest.
  private static func halves(of text: String) -> [String]? {
    let words = text.split(separator: " ")
    guard words.count > 1, DisplayWidth.of(text) > 14 else { return nil }
    func half(_ words: ArraySlice<Substring>) -> String { words.joined(separator: " ") }
    let cuts = (1..<words.count).map { [half(words[..<$0]), half(words[$0...])] }
    return cuts.min { width(of: $0) < width(of: $1) }
  }

  /// The width of the widest line.
  static func width(of lines: [String]) -> Int {
    lines.reduce(0) { max($0, DisplayWidth.of($1)) }
  }
}
