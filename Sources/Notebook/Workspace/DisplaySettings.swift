public import CollabDocuments

/// How output looks, as far as `set` can change it.
public struct DisplaySettings: Sendable, Equatable {
  /// The columns that output takes; nil for those of the window.
  public var width: Int?
  /// When output has colours.
  public var color = ColorChoice.auto
  /// The decimals of tensors, arrays and tables; nil for those of PyTorch, numpy and pandas.
  public var precision: Int?
  /// Whether output that is longer than the window is shown a page at a time.
  public var isPaging = true
  /// Whether the prompt suggests how a statement may go on.
  public var hasSuggestions = true
  /// Whether the prompt gives advice at times.
  public var hasTips = true

  /// The usual look.
  public init() {}
}

// MARK: - By name
extension DisplaySettings {
  /// One option, its values as they are typed.
  struct Option: Sendable {
    let name: String
    let help: String
    /// What it takes, in a message.
    let takes: String
    /// The words that it takes, beside which some take numbers.
    let words: [String]
    let example: String
    let value: @Sendable (DisplaySettings) -> String
    /// Sets the option; false if it does not take the value.
    let set: @Sendable (inout DisplaySettings, String) -> Bool
  }

  static let options = [
    Option(
      name: "width", help: "columns of output, or auto for those of the window",
      takes: "auto or a whole number from 20 to 1000", words: ["auto"], example: "80",
      value: { $0.width.map(String.init) ?? "auto" },
      set: { settings, text in
        let width = Int(text)
        guard text == "auto" || width.map((20...1000).contains) ?? false else { return false }
        settings.width = width
        return true
      }),
    Option(
      name: "color", help: "auto, always or never", takes: "auto, always or never",
      words: ["auto", "always", "never"], example: "never", value: { $0.color.rawValue },
      set: { settings, text in
        guard let color = ColorChoice(rawValue: text) else { return false }
        settings.color = color
        return true
      }),
    Option(
      name: "precision", help: "decimals, or auto for those of PyTorch, numpy and pandas",
      takes: "auto or a whole number from 1 to 9", words: ["auto"], example: "4",
      value: { $0.precision.map(String.init) ?? "auto" },
      set: { settings, text in
        let precision = Int(text)
        guard text == "auto" || precision.map((1...9).contains) ?? false else { return false }
        settings.precision = precision
        return true
      }),
    .flag(
      "paging", help: "on stops long output after each page, off prints all of it", \.isPaging),
    .flag(
      "suggestions", help: "on offers in grey how a statement may go on; Right takes it",
      \.hasSuggestions),
    .flag("tips", help: "on gives a line of advice a day", \.hasTips),
  ]
}

extension DisplaySettings.Option {
  /// An option that is on or off.
  fileprivate static func flag(
    _ name: String, help: String, _ path: any WritableKeyPath<DisplaySettings, Bool> & Sendable
  ) -> Self {
    Self(
      name: name, help: help, takes: "on or off", words: ["on", "off"], example: "off",
      value: { $0[keyPath: path] ? "on" : "off" },
      set: { settings, text in
        guard let isOn = ["on": true, "off": false][text] else { return false }
        settings[keyPath: path] = isOn
        return true
      })
  }
}
