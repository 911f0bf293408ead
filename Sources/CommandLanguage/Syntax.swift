/// The statements of a cell, a file or a line, in order.
public struct Code: Sendable, Equatable {
  /// The lines that hold statements.
  public let lines: [StatementLine]

  /// Code made of lines.
  public init(lines: [StatementLine]) { self.lines = lines }

  /// All statements.
  public var statements: [Statement] { lines.flatMap(\.statements) }
}

/// Statements that stand on one line, separated by `;`, with the output recorded below them.
///
/// Equality compares the statements, not the recording.
public struct StatementLine: Sendable, Equatable {
  /// At least one statement, each of which may reach over several lines of text.
  public let statements: [Statement]
  /// What is recorded below.
  public let recording: Recording
  /// From the first statement to the end of the last.
  public let range: Range<Int>

  /// Whether two lines hold the same statements.
  public static func == (left: StatementLine, right: StatementLine) -> Bool {
    left.statements == right.statements
  }
}

/// The `#:` options and `#>` output below a line of statements.
public struct Recording: Sendable, Equatable {
  /// What `#:` lines say, such as `tol=1e-6` or `check=off`.
  public let options: [Attribute]
  /// The recorded lines without `#> `; nil if nothing is recorded.
  public let output: [String]?
  /// The bytes of the `#>` lines with their line endings.
  ///
  /// If nothing is recorded it is empty, at the place where the lines would be written.
  public let outputRange: Range<Int>
}

extension Diagnostic {
  /// Whether a recorded output says that the statement fails with this code.
  public func isExpected(by recording: Recording) -> Bool {
    recording.output?.contains { $0.hasPrefix("error[\(code)]") } ?? false
  }
}

/// `name=value`, or a name alone, on a `%%` or `#:` line.
public struct Attribute: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The value, without quotes; nil if there is only a name.
  public let value: String?
  /// Where it stands.
  public let range: Range<Int>
}

/// One thing to do.
///
/// Equality compares what is done and whether its value is shown, not places in the text.
public struct Statement: Sendable, Equatable {
  /// What kind of statement it is.
  public enum Kind: Sendable, Equatable {
    /// `model NAME(…) { … }`.
    case model(ModelDefinition)
    /// `def NAME(…) = …`.
    case function(FunctionDefinition)
    /// `a = …`, `a, b = …`, `a += …`.
    case assignment(Assignment)
    /// A command and its words.
    case command(Command)
    /// A formula whose value is shown.
    case expression(Expression)
    /// A statement that could not be read, in a file that says so: `#> error[…]` is recorded below it.
    /// Running it fails with the diagnostic.
    case mistake(Diagnostic)
  }

  /// What to do.
  public let kind: Kind
  /// Where it stands, without `;` and comment.
  public let range: Range<Int>
  /// Whether a `;` at the end of the line keeps the value from being shown.
  public let isSuppressed: Bool

  /// Whether two statements do the same.
  public static func == (left: Statement, right: Statement) -> Bool {
    left.kind == right.kind && left.isSuppressed == right.isSuppressed
  }
}

// MARK: - Assignments and commands

/// `target, target = value`.
public struct Assignment: Sendable, Equatable {
  /// What to do with the present value.
  public enum Operation: String, Sendable {
    /// Replace it.
    case set = "="
    /// Add to it.
    case add = "+="
    /// Subtract from it.
    case subtract = "-="
    /// Multiply it.
    case multiply = "*="
    /// Divide it.
    case divide = "/="
  }

  /// The right side.
  public enum Value: Sendable, Equatable {
    /// A formula.
    case expression(Expression)
    /// A command whose result is assigned.
    case command(Command)
  }

  /// One target, or several to take a tuple apart; several only with `=`.
  public let targets: [AssignmentTarget]
  /// What to do with the present value.
  public let operation: Operation
  /// The right side.
  public let value: Value
}

/// `name` or `name.member.member`, on the left of an assignment.
public struct AssignmentTarget: Sendable, Equatable {
  /// The names between the dots, at least one.
  public let path: [Identifier]
  /// Where it stands.
  public let range: Range<Int>

  /// The only name, if there is no dot.
  public var simpleName: Identifier? { path.count == 1 ? path.first : nil }

  /// Whether two targets are the same path.
  public static func == (left: AssignmentTarget, right: AssignmentTarget) -> Bool {
    left.path == right.path
  }
}

/// A command's name and the words behind it.
public struct Command: Sendable, Equatable {
  /// The name as it was typed.
  public let name: Identifier
  /// The words behind the name, in order.
  public let words: [Word]
  /// Where it stands.
  public let range: Range<Int>
  /// The text that the ranges refer to.
  public let source: Source

  /// Whether two commands are the same, wherever they stand.
  public static func == (left: Command, right: Command) -> Bool {
    left.name == right.name && left.words == right.words
  }
}

// MARK: - Definitions

/// `model NAME(parameters) { members }` or `model NAME(parameters) = formula`.
public struct ModelDefinition: Sendable, Equatable {
  /// What is between the braces, or behind `=`.
  public enum Body: Sendable, Equatable {
    /// Members in the order in which they are evaluated.
    case members([ModelMember])
    /// A formula whose value is the model.
    case formula(Expression)
  }

  /// The model's name.
  public let name: Identifier
  /// Its parameters.
  public let parameters: [FormalParameter]
  /// What it is made of.
  public let body: Body
}

/// A line of a model.
public enum ModelMember: Sendable, Equatable {
  /// `name = formula`: a layer, a parameter, a tensor or a constant.
  case attribute(Identifier, Expression)
  /// `name(parameters) { … }`; `forward` is what a call of the model runs.
  case method(FunctionDefinition)

  /// The member's name.
  public var name: Identifier {
    switch self {
    case .attribute(let name, _): name
    case .method(let function): function.name
    }
  }
}

/// A function or a method: a few assignments and a result.
public struct FunctionDefinition: Sendable, Equatable {
  /// The function's name.
  public let name: Identifier
  /// Its parameters.
  public let parameters: [FormalParameter]
  /// The assignments before the result; their right sides are formulas, never commands.
  public let assignments: [Assignment]
  /// The value of a call.
  public let result: Expression
}

/// `name` or `name=default` in a definition.
public struct FormalParameter: Sendable, Equatable {
  /// The parameter's name.
  public let name: Identifier
  /// Its value if a call does not give one.
  public let defaultValue: Expression?
}
