/// What a line looks like while it is edited; each part is asked anew before a line is drawn.
public struct Appearance {
  /// Whether there are colours.
  public let hasColor: () -> Bool
  /// Whether a suggestion stands behind the line.
  public let hasSuggestions: () -> Bool
  /// The styles of a statement, given its text and how many bytes of it stand before the cursor.
  public let styles: (String, Int) -> [StyledStretch]
  /// Whether an earlier statement can be meant, because what it begins with exists.
  public let canRun: (String) -> Bool
  /// The end of the only word that can stand at the end of a text; nil if there are several.
  public let onlyEnding: (String) -> String?

  /// Collects the looks; by default there are none.
  public init(
    hasColor: @escaping () -> Bool = { false }, hasSuggestions: @escaping () -> Bool = { true },
    styles: @escaping (String, Int) -> [StyledStretch] = { _, _ in [] },
    canRun: @escaping (String) -> Bool = { _ in true },
    onlyEnding: @escaping (String) -> String? = { _ in nil }
  ) {
    self.hasColor = hasColor
    self.hasSuggestions = hasSuggestions
    self.styles = styles
    self.canRun = canRun
    self.onlyEnding = onlyEnding
  }
}
