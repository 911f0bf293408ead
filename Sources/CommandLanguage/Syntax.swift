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

extension StatementLine {
  /// Methods that give what they changed, or what they took out.
  private static let changes: Set = ["pop", "popitem", "setdefault"]

  /// The line without what calls show that are there for what they change, such as `l.pop()` and
  /// `x.add_(1)`: nobody asks for that before the end of a cell.
  public var hidingChanges: StatementLine {
    StatementLine(
      statements: statements.map { statement in
        guard case .expression(let call) = statement.kind, case .call(let callee, _) = call.kind,
          case .member(_, let name) = callee.kind,
          Self.changes.contains(name.name) || name.name.hasSuffix("_")
        else { return statement }
        return Statement(kind: statement.kind, range: statement.range, isSuppressed: true)
      }, recording: recording, range: range)
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
  public indirect enum Kind: Sendable, Equatable {
    /// `model NAME(…) { … }`, or a `class`.
    case model(ModelDefinition)
    /// `def NAME(…) = …`, or with a block.
    case function(FunctionDefinition)
    /// `a = …`, `a, b = …`, `a += …`.
    case assignment(Assignment)
    /// A command and its words.
    case command(Command)
    /// A formula whose value is shown.
    case expression(Expression)
    /// `if … :`, `elif … :`, `else:`.
    case conditional(Conditional)
    /// `for … in …:`.
    case forLoop(ForLoop)
    /// `while …:`.
    case whileLoop(WhileLoop)
    /// `del a[…], b[…]`: elements are removed. Names are removed by a command.
    case deletion([AssignmentTarget])
    /// `with no_grad():`, a block in which no gradients are recorded.
    case withoutGradients([Statement])
    /// `return`, with the value of the call.
    case `return`(Expression?)
    /// `break`.
    case `break`
    /// `continue`.
    case `continue`
    /// `pass`, `...`, or a text that says what a definition is for.
    case pass
    /// `assert condition, message`.
    case assertion(Expression, message: Expression?)
    /// `import …`, `from … import …`.
    case imports([Import])
    /// A line for another program, such as `!pip install`, which is passed over.
    case passedOver(String)
    /// `%time` or `%%time`, and what is timed.
    case timed([Statement])
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

/// `target = value`, `target, target = value`, `target = target = value`, `target += value`.
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
    /// Divide it and round down.
    case floorDivide = "//="
    /// Keep the remainder of a division.
    case remainder = "%="
    /// Raise it to a power.
    case power = "**="
    /// Keep what both have, as `&` does.
    case bitAnd = "&="
    /// Keep what either has, as `|` does.
    case bitOr = "|="
    /// Multiply it as a matrix.
    case matrixMultiply = "@="
  }

  /// The right side.
  public enum Value: Sendable, Equatable {
    /// A formula.
    case expression(Expression)
    /// A command whose result is assigned.
    case command(Command)
  }

  /// What gets the value, from left to right; several only with `=`.
  public let targets: [AssignmentTarget]
  /// What to do with the present value.
  public let operation: Operation
  /// The right side.
  public let value: Value

  /// The names that get a value, without those behind a dot.
  public var names: [Identifier] { targets.flatMap(\.names) }
}

/// What stands left of `=`, or between `for` and `in`.
///
/// Equality compares what is assigned to, not places in the text.
public struct AssignmentTarget: Sendable, Equatable {
  /// What is assigned to.
  public indirect enum Kind: Sendable, Equatable {
    /// `name`.
    case name(Identifier)
    /// `value.name`.
    case member(Expression, Identifier)
    /// `value[…]`.
    case element(Expression, [Subscript])
    /// `a, b`, which takes a value apart.
    case several([AssignmentTarget])
    /// `*a` among several, which takes what the others leave, as a list.
    case rest(AssignmentTarget)
  }

  /// What is assigned to.
  public let kind: Kind
  /// Where it stands.
  public let range: Range<Int>

  /// A target at a place.
  public init(_ kind: Kind, at range: Range<Int>) { (self.kind, self.range) = (kind, range) }

  /// The name, if it is one and nothing more.
  public var simpleName: Identifier? {
    if case .name(let name) = kind { name } else { nil }
  }

  /// All names in it that get a value.
  public var names: [Identifier] {
    switch kind {
    case .name(let name): [name]
    case .several(let targets): targets.flatMap(\.names)
    case .rest(let target): target.names
    case .member, .element: []
    }
  }

  /// Whether two targets are the same.
  public static func == (left: AssignmentTarget, right: AssignmentTarget) -> Bool {
    left.kind == right.kind
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
  /// What is between the braces, behind `=`, or below a `class`.
  public enum Body: Sendable, Equatable {
    /// Members in the order in which they are evaluated.
    case members([ModelMember])
    /// A formula whose value is the model.
    case formula(Expression)
    /// Methods as in Python, among them `__init__`, which gives `self` its members.
    case methods([FunctionDefinition])
  }

  /// The model's name.
  public let name: Identifier
  /// Its parameters; those of `__init__` without `self`.
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

/// A function or a method.
public struct FunctionDefinition: Sendable, Equatable {
  /// What a call does.
  public enum Body: Sendable, Equatable {
    /// A few assignments, whose right sides are formulas and never commands, and a result.
    case straight([Assignment], result: Expression)
    /// Statements, of which a `return` gives the result.
    case block([Statement])
  }

  /// The function's name.
  public let name: Identifier
  /// What a method calls its instance, `self`; nil for a function, and for a method that sees the
  /// members of its instance as names.
  public let receiver: Identifier?
  /// Its parameters, without the receiver.
  public let parameters: [FormalParameter]
  /// What a call does.
  public let body: Body

  /// Where the result stands; the name where several may.
  public var resultRange: Range<Int> {
    switch body {
    case .straight(_, let result): result.range
    case .block: name.range
    }
  }
}

/// `name`, `name=default`, `*name` or `**name` in a definition.
public struct FormalParameter: Sendable, Equatable {
  /// Which arguments it takes.
  public enum Kind: Sendable, Equatable {
    /// One, by place or by name.
    case single
    /// One, by name only: it stands behind `*`.
    case named
    /// `*name`: those without a name that are left.
    case rest
    /// `**name`: those with a name that are left.
    case options
  }

  /// Which arguments it takes.
  public let kind: Kind
  /// The parameter's name.
  public let name: Identifier
  /// Its value if a call does not give one.
  public let defaultValue: Expression?
}

// MARK: - Blocks

/// `if`, any number of `elif`, and `else`.
public struct Conditional: Sendable, Equatable {
  /// A condition, and what is done where it is the first that holds.
  public struct Branch: Sendable, Equatable {
    /// The condition.
    public let condition: Expression
    /// What is done.
    public let body: [Statement]
  }

  /// At least one.
  public let branches: [Branch]
  /// What is done where no condition holds.
  public let otherwise: [Statement]
}

/// `for target in sequence:` and what is done for each member.
public struct ForLoop: Sendable, Equatable {
  /// What gets the members, one after the other.
  public let target: AssignmentTarget
  /// What is walked through.
  public let sequence: Expression
  /// What is done.
  public let body: [Statement]
  /// What is done behind the last member, unless a `break` ended the loop.
  public let otherwise: [Statement]
}

/// `while condition:` and what is done as long as it holds.
public struct WhileLoop: Sendable, Equatable {
  /// The condition.
  public let condition: Expression
  /// What is done.
  public let body: [Statement]
  /// What is done where the condition holds no more, unless a `break` ended the loop.
  public let otherwise: [Statement]
}

/// A module or a name of one in an `import`.
public struct Import: Sendable, Equatable {
  /// The module, with dots.
  public let module: String
  /// The name behind `from module import`, or `*`; nil if the module itself is imported.
  public let name: String?
  /// The name behind `as`.
  public let alias: Identifier?
  /// Where it stands.
  public let range: Range<Int>

  /// Whether two imports are the same, wherever they stand.
  public static func == (left: Import, right: Import) -> Bool {
    left.module == right.module && left.name == right.name && left.alias == right.alias
  }
}
