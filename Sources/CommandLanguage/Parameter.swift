/// One thing a command or a function takes.
///
///     Parameter("wd", .number(), default: "0.01", example: "0.1", help: "weight decay")
public struct Parameter: Sendable, Equatable {
  /// Whether a call must, may or may repeatedly give it.
  public enum Presence: Sendable, Equatable {
    /// It must be given.
    case required
    /// It may be left out.
    case optional
    /// All positional arguments that are left over, and at least so many of them.
    case rest(atLeast: Int)
    /// All arguments whose names are no parameter's, as `assign(stars=…)` takes them.
    case anyName
  }

  /// What a completion offers beside the words of a choice.
  public enum Source: Sendable, Equatable {
    /// What the type suggests: files for a path, columns for a column, variables for a value.
    case typical
    /// Titles of items, in quotes.
    case titles
    /// Names of datasets.
    case datasets
    /// Names of commands, functions and errors.
    case topics
    /// Variables.
    case variables
    /// Files.
    case files
  }

  /// The name, in lower case, as it is written before `=`.
  public let name: String
  /// Other names that it answers to, which no help lists.
  public let aliases: [String]
  /// What values it takes.
  public let type: ParameterType
  /// Whether it must be given.
  public let presence: Presence
  /// What is used if it is not given, as text; it may be a word such as `current`.
  public let defaultText: String?
  /// A value to show in messages.
  public let example: String?
  /// What it does, in one line without a full stop.
  public let help: String
  /// Whether it can only be given as `name=value`.
  public let isOptionOnly: Bool
  /// What a completion offers.
  public let completes: Source

  /// A parameter that must be given, or one that may be left out if there is a default.
  ///
  /// - Parameters:
  ///   - name: how it is written before `=`.
  ///   - aliases: other names that it answers to.
  ///   - type: what values it takes.
  ///   - presence: nil to require it if and only if there is no default.
  ///   - defaultText: what is used if it is not given.
  ///   - example: a value to show in messages; the default does if there is none.
  ///   - isOptionOnly: whether it can only be given as `name=value`.
  ///   - completes: what a completion offers.
  ///   - help: what it does.
  public init(
    _ name: String, aliases: [String] = [], _ type: ParameterType, _ presence: Presence? = nil,
    default defaultText: String? = nil, example: String? = nil, isOptionOnly: Bool = false,
    completes: Source = .typical, help: String = ""
  ) {
    self.name = name
    self.aliases = aliases
    self.type = type
    self.presence = presence ?? (defaultText == nil ? .required : .optional)
    self.defaultText = defaultText
    self.example = example
    self.help = help
    self.isOptionOnly = isOptionOnly
    self.completes = completes
  }

  /// Whether a call must give it.
  public var isRequired: Bool {
    switch presence {
    case .required: true
    case .optional, .anyName: false
    case .rest(let count): count > 0
    }
  }

  /// Whether it is meant by a name before `=`.
  public func answers(to name: String) -> Bool { self.name == name || aliases.contains(name) }

  /// Whether it takes all arguments that are left over, by place or by name.
  public var isRest: Bool { isPositionalRest || takesAnyName }

  /// Whether it takes all positional arguments that are left over.
  public var isPositionalRest: Bool {
    if case .rest = presence { true } else { false }
  }

  /// Whether it takes arguments of any name.
  public var takesAnyName: Bool { presence == .anyName }
}

// MARK: - Checking values

extension Parameter {
  /// The default as a value; nil if there is none or it is only a word for readers.
  public var defaultLiteral: Literal? {
    guard let defaultText else { return nil }
    let source = CollabLanguage.Source(defaultText)
    let word = Word(option: nil, range: source.range, valueRange: source.range, source: source)
    guard case .accepted(.literal(let literal)) = try? type.read(word, isVariable: { _ in false })
    else { return nil }
    return literal
  }

  /// The diagnostic for a value that is not taken: `wd` takes a number.
  ///
  /// - Parameters:
  ///   - caption: what the value is, as in ``"`high` is a name"``.
  ///   - range: where it stands.
  ///   - source: the text that the range refers to.
  ///   - near: known words that may have been meant.
  /// - Returns: `bad-value`, with an example.
  public func refusal(
    _ caption: String?, at range: Range<Int>?, in source: CollabLanguage.Source?,
    near: [String] = []
  ) -> Diagnostic {
    var help = Suggestion.help(for: near)
    if help.isEmpty, let value = exampleValue {
      // As it was given: by its place or by its name.
      let given = range.flatMap { source?.text(in: $0) }
      let isNamed = given.map { $0.filter { $0 != " " }.hasPrefix("\(name)=") } ?? true
      help = ["for example \(isNamed ? "\(name)=" : "")\(value)"]
    }
    return Diagnostic(
      .badValue, "`\(name)` takes \(type.phrase)", at: range, in: source, caption: caption,
      help: help)
  }

  /// A value it takes: the example, the default, or one of the type.
  private var exampleValue: String? {
    example ?? (defaultLiteral == nil ? nil : defaultText) ?? type.exampleText
  }
}

extension ParameterType {
  /// A value it takes.
  fileprivate var exampleText: String? {
    switch self {
    case .integer(let range): "\(range?.clamped(to: 5...5).lowerBound ?? 5)"
    case .number(.between(let low, _)): "\(low)"
    case .number: "0.1"
    case .boolean: "true"
    case .string: "'a text'"
    case .nothing: "none"
    case .tuple(let type, let count):
      type.exampleText.map {
        "(\(Array(repeating: $0, count: count ?? 2).joined(separator: ",")))"
      }
    case .list(let type): type.exampleText.map { "[\($0)]" }
    case .choice(let choices): choices.first?.name
    case .anyOf(let types): types.lazy.compactMap(\.exampleText).first
    case .name, .path, .column, .value, .block: nil
    }
  }
}
