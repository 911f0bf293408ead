/// Reads the command language.
///
///     let parser = Parser(commands: ["fit", "learner"])
///     let code = try parser.code(in: Source("fit 5 5e-3 wd=0.1"))
///
/// What a statement is depends on its first word and on the set of commands; a command's name that is
/// a variable stands for that where an operator or nothing follows it.
/// Time is linear in the length of the text, and deep nesting is refused rather than followed.
public struct Parser: Sendable {
  /// The names at the start of a line that are commands.
  public let commands: Set<String>
  /// Names known to be variables.
  public let variables: Set<String>

  /// A parser for a set of commands.
  public init(commands: Set<String>, variables: Set<String> = []) {
    self.commands = commands
    self.variables = variables
  }

  /// Reads statements from a source, or from a part of it such as a cell.
  ///
  /// - Throws: the first mistake, unless a `#> error[…]` below the statement says that it is meant.
  public func code(in source: Source, range: Range<Int>? = nil) throws(Diagnostic) -> Code {
    var reader = SyntaxReader(
      source, in: range ?? source.range, commands: commands, variables: variables)
    return try reader.code()
  }

  /// Reads one expression, or several with commas between them, and nothing else.
  public func expression(
    in source: Source, range: Range<Int>? = nil
  ) throws(Diagnostic) -> Expression {
    var reader = SyntaxReader(
      source, in: range ?? source.range, commands: commands, variables: variables)
    return try reader.wholeExpression()
  }
}

extension Parser {
  /// The parser for what stands below some statements: it knows the variables that they make.
  func behind(_ code: Code) -> Parser {
    let names = Set(code.assignedNames.filter(commands.contains))
    guard !names.isSubset(of: variables) else { return self }
    return Parser(commands: commands, variables: variables.union(names))
  }
}

// MARK: - Asking for more

/// Whether a text that is being typed can run as it is.
public enum Completeness: Sendable, Equatable {
  /// It can be read.
  case complete
  /// Something is open or missing, so another line is needed.
  case incomplete(Opening)
  /// It cannot be read, and more text would not help.
  case mistake(Diagnostic)

  /// What keeps a text from being complete.
  public struct Opening: Sendable, Equatable {
    /// `{`, `(`, `[`, `"""`, or the operator, `,`, `=` or `\` that the text ends with.
    public let symbol: String
    /// The line on which it stands, counted from one.
    public let line: Int
  }
}

extension Parser {
  /// Whether a text is complete, needs another line, or is wrong already.
  ///
  /// A block below a head that ends with `:` goes on until an empty line ends it.
  public func completeness(of source: Source) -> Completeness {
    do {
      var reader = SyntaxReader(source, in: source.range, commands: commands, variables: variables)
      _ = try reader.code()
      if let head = reader.openHead {
        return .incomplete(.init(symbol: ":", line: source.line(at: head)))
      }
      return .complete
    } catch {
      guard ["unclosed", "unfinished"].contains(error.code), let range = error.range else {
        return .mistake(error)
      }
      return .incomplete(
        .init(symbol: source.text(in: range), line: source.line(at: range.lowerBound)))
    }
  }
}
