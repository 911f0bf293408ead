public import CollabNotebook
public import CollabLanguage

/// How a script is run.
public struct ScriptOptions: Sendable {
  /// A variable that exists before the first cell, and takes the place of the script's own first
  /// assignment of it.
  public struct Binding: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value.
    public let value: Literal

    /// Reads `NAME=VALUE`: a value that the language can write down, such as `5`, `[1, 2]` or
    /// `'a text'`; anything else is a text as it stands.
    ///
    /// - Returns: nil if it does not begin with a name and `=`.
    public init?(_ text: String) {
      guard let equals = text.firstIndex(of: "=") else { return nil }
      let parser = Parser(commands: [])
      name = String(text[..<equals])
      let source = Source(String(text[text.index(after: equals)...]))
      guard let expression = try? parser.expression(in: Source(name)),
        case .name = expression.kind
      else { return nil }
      value =
        (try? parser.expression(in: source)).flatMap { Literal($0) } ?? .string(source.text)
    }
  }

  /// Whether prose and statements are printed before their output.
  public var echoes = false
  /// Whether the cells after a failure run.
  public var keepsGoing = false
  /// Whether output is compared with what is recorded.
  public var checks = false
  /// Whether outputs are kept from being printed.
  public var isQuiet = false
  /// The id of the first cell to print and check; nil for the first of all.
  public var first: String?
  /// The id of the last cell to run; nil for the last of all.
  public var last: String?
  /// Whether the cells before the first one run, unprinted and unchecked.
  public var runsEarlierCells = true
  /// Variables that get their values from outside.
  public var bindings: [Binding] = []
  /// Whether outputs are kept for ``ScriptReport/recording(addingAll:)``.
  public var records = false

  /// Prints outputs, and stops at the first failure.
  public init() {}
}

/// How a script ended, in the words of exit codes.
public enum ScriptOutcome: Sendable, Equatable {
  /// All cells ran, and matched if they were checked.
  case finished
  /// A statement failed, or its output is not what was recorded.
  case failed
  /// The user stopped it.
  case interrupted
  /// A statement asked to leave.
  case quit
}

extension Session {
  /// Runs the cells of a file.
  ///
  /// - Throws: the first mistake in the text; nothing has run then.
  public func run(file source: Source, _ options: ScriptOptions) throws(Diagnostic) -> ScriptOutcome
  {
    ScriptRunner(self, options).run(try Script(source, for: self)).outcome
  }
}
