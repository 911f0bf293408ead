/// Everything there is to say about one command or function: parsing, help, completion and messages are
/// made from it.
///
///     CommandSpec(
///       "fit", group: .training,
///       summary: "train the current learner",
///       parameters: [
///         Parameter("epochs", .integer(1...10_000), help: "how many passes over the training data"),
///         Parameter("wd", .number(), default: "0.01", help: "weight decay"),
///       ],
///       examples: ["fit 5 wd=0.1"])
public struct CommandSpec: Sendable, Equatable {
  /// In which forms it can be used.
  public enum Form: Sendable, Equatable {
    /// At the start of a line and, as a call, in formulas.
    case command
    /// In formulas only.
    case function
    /// Behind a value of this kind and a dot.
    case method(of: String)
  }

  /// A line to type, perhaps with a remark.
  public struct Example: Sendable, Equatable, ExpressibleByStringLiteral {
    /// What to type.
    public let code: String
    /// What is special about it.
    public let note: String?

    /// A line to type and a remark.
    public init(_ code: String, note: String? = nil) {
      self.code = code
      self.note = note
    }

    /// A line to type.
    public init(stringLiteral code: String) { self.init(code) }
  }

  /// The name to type.
  public let name: String
  /// Other names for the same.
  public let aliases: [String]
  /// In which forms it can be used.
  public let form: Form
  /// Under which heading it is listed.
  public let group: CommandGroup
  /// What it does, in one line.
  public let summary: String
  /// What it does, in a paragraph or more; a blank line separates paragraphs.
  public let details: String
  /// What it takes, positional ones in order.
  public let parameters: [Parameter]
  /// Lines to type, each of which works.
  public let examples: [Example]
  /// Names of related commands.
  public let seeAlso: [String]
  /// The section of the chapter that explains it.
  public let chapter: String?
  /// What kind of value it gives, such as `Learner`; nil if none.
  public let result: String?
  /// The variables that stand for what it makes.
  ///
  /// One that gives a value names it so where the statement is nothing else, as in
  /// `learner dotbias`; in `other = learner dotbias` the name on the left is the only one. Names behind
  /// the first are those of the value's members. One that gives no value sets them wherever it stands.
  public let defines: [String]
  /// The variables that it takes where nothing else is given.
  public let needs: [String]

  /// A command, or a function or method if `form` says so.
  ///
  /// - Precondition: at most one parameter takes the rest, and positional parameters that must be given
  ///   come before those that may be left out.
  public init(
    _ name: String, aliases: [String] = [], form: Form = .command, group: CommandGroup,
    summary: String, details: String = "", parameters: [Parameter] = [], examples: [Example],
    seeAlso: [String] = [], chapter: String? = nil, result: String? = nil,
    defines: [String] = [], needs: [String] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.form = form
    self.group = group
    self.summary = summary
    self.details = details
    self.parameters = parameters
    self.examples = examples
    self.seeAlso = seeAlso
    self.chapter = chapter
    self.result = result
    self.defines = defines
    self.needs = needs
    let positional = parameters.filter { !$0.isOptionOnly && !$0.isRest }
    let required = positional.drop { $0.isRequired }.filter(\.isRequired)
    precondition(required.isEmpty, "\(name): '\(required.map(\.name))' after optional parameters")
    for kind in [\Parameter.isPositionalRest, \.takesAnyName] {
      precondition(parameters.filter { $0[keyPath: kind] }.count <= 1, "\(name): two take the rest")
    }
  }

  /// The parameter with a name.
  public func parameter(_ name: String) -> Parameter? {
    parameters.first { $0.answers(to: name) }
  }
}

/// The headings under which commands are listed, in order.
public enum CommandGroup: String, Sendable, CaseIterable {
  /// Reading and batching ratings.
  case data
  /// Making and describing models.
  case model
  /// Fitting.
  case training
  /// What a model has learned.
  case lookingIn = "looking in"
  /// Plots.
  case plotting
  /// Variables and options.
  case workspace
  /// Scripts and pages.
  case files
  /// The lesson.
  case lesson
  /// Help.
  case help
  /// Functions for formulas.
  case functions
}

// MARK: - All of them

/// The commands and functions that a session knows, and the errors it can explain.
public struct CommandRegistry: Sendable {
  /// All specs, in the order in which help lists them.
  public let specs: [CommandSpec]
  /// Explanations of error codes.
  public let errors: [ErrorExplanation]
  private let byName: [String: Int]

  /// A registry; of two specs with one name, commands and functions win over methods, and earlier ones
  /// over later.
  public init(_ specs: [CommandSpec], errors: [ErrorExplanation] = []) {
    self.specs = specs
    self.errors = ErrorExplanation.language + errors
    var byName: [String: Int] = [:]
    let plain = specs.indices.filter { !specs[$0].isMethod }
    for index in plain + specs.indices.filter({ specs[$0].isMethod }) {
      for name in [specs[index].name] + specs[index].aliases where byName[name] == nil {
        byName[name] = index
      }
    }
    self.byName = byName
  }

  /// The spec with a name or alias.
  public subscript(name: String) -> CommandSpec? { byName[name].map { specs[$0] } }

  /// Every name that is a command at the start of a line.
  public var commandNames: Set<String> {
    Set(specs.filter { $0.form == .command }.flatMap { [$0.name] + $0.aliases })
  }

  /// Every name that a formula can call without a dot.
  public var functionNames: Set<String> {
    Set(specs.filter { !$0.isMethod }.flatMap { [$0.name] + $0.aliases })
  }

  /// A parser that knows the commands.
  public func parser(variables: Set<String> = []) -> Parser {
    Parser(commands: commandNames, variables: variables)
  }

  /// What is missing or wrong in the specs, one line each; empty if all is well.
  public func problems() -> [String] {
    var problems: [String] = []
    for spec in specs {
      if spec.summary.isEmpty { problems.append("\(spec.name): no summary") }
      if spec.examples.isEmpty { problems.append("\(spec.name): no example") }
      for name in spec.seeAlso where self[name] == nil {
        problems.append("\(spec.name): see also '\(name)', which does not exist")
      }
      for name in spec.needs where steps(to: name).isEmpty {
        problems.append("\(spec.name): needs '\(name)', which no command defines")
      }
      for parameter in spec.parameters {
        if parameter.help.isEmpty { problems.append("\(spec.name): no help for \(parameter.name)") }
        if spec.parameters.filter({ $0.name == parameter.name }).count > 1 {
          problems.append("\(spec.name): two parameters '\(parameter.name)'")
        }
      }
      for example in spec.examples where spec.form == .command {
        do { try check(example.code) } catch {
          problems.append("\(spec.name): \(example.code): \(error.message)")
        }
      }
    }
    return problems
  }

  private func check(_ example: String) throws(Diagnostic) {
    for statement in try parser().code(in: Source(example)).statements {
      guard let command = statement.command, let spec = self[command.name.name] else { continue }
      _ = try spec.bind(command)
    }
  }
}

// MARK: - What statements define

extension CommandRegistry {
  /// The variables that a statement makes if it runs.
  public func names(definedBy statement: Statement) -> [String] {
    switch statement.kind {
    case .model(let definition): return [definition.name.name]
    case .function(let definition): return [definition.name.name]
    case .assignment(let assignment):
      let targets = assignment.names.map(\.name)
      guard let spec = statement.calledName.flatMap({ self[$0] }), spec.result == nil else {
        return targets
      }
      return targets + spec.defines
    case .command, .expression:
      return statement.calledName.flatMap { self[$0]?.defines } ?? []
    case .conditional(let conditional):
      return names(definedBy: conditional.branches.flatMap(\.body) + conditional.otherwise)
    case .forLoop(let loop):
      return loop.target.names.map(\.name) + names(definedBy: loop.body + loop.otherwise)
    case .whileLoop(let loop): return names(definedBy: loop.body + loop.otherwise)
    case .withoutGradients(let body), .timed(let body): return names(definedBy: body)
    case .deletion, .return, .break, .continue, .pass, .assertion, .imports, .passedOver, .mistake:
      return []
    }
  }

  private func names(definedBy statements: [Statement]) -> [String] {
    statements.flatMap { names(definedBy: $0) }
  }
}

// MARK: - What to type first

extension CommandSpec {
  /// How it is written where it is advised.
  public enum Advice: Sendable {
    /// With what must be given and nothing more.
    case shortest
    /// As its first example.
    case firstExample
  }

  fileprivate func statement(as advice: Advice) -> String? {
    switch advice {
    case .shortest:
      ([name] + parameters.filter(\.isRequired).compactMap(\.example)).joined(separator: " ")
    case .firstExample: examples.first?.code
    }
  }
}

extension CommandRegistry {
  /// The statements that make a variable: the first command that defines it, and before it whatever
  /// makes what that needs and is not there.
  ///
  ///     registry.steps(to: "dls")  // ["load", "dataloaders"]
  ///
  /// - Parameters:
  ///   - name: of the variable.
  ///   - variables: those that are there.
  ///   - advice: how the last of them is written; the others are as short as can be.
  /// - Returns: the statements in order; none if no command defines the variable.
  public func steps(
    to name: String, having variables: some Collection<String> = EmptyCollection(),
    as advice: CommandSpec.Advice = .shortest
  ) -> [String] {
    let maker = specs.first { $0.form == .command && $0.defines.contains(name) }
    guard let maker, let statement = maker.statement(as: advice) else { return [] }
    // What needs itself comes to an end too.
    let there = Set(variables).union([name])
    return maker.needs.filter { !there.contains($0) }.flatMap { steps(to: $0, having: there) }
      + [statement]
  }
}

extension Statement {
  /// The command or function that is all there is of a statement, or of its right side: `learner` in
  /// `learner dot`, `Learner` in `Learner(dls, m)`, and nothing in `Learner(dls, m).fit(1)`.
  public var calledName: String? {
    switch kind {
    case .command(let command): command.name.name
    case .expression(let expression): expression.calledName
    case .assignment(let assignment):
      switch assignment.value {
      case .command(let command): command.name.name
      case .expression(let expression): expression.calledName
      }
    default: nil
    }
  }
}

extension Expression {
  fileprivate var calledName: String? {
    guard case .call(let callee, _) = kind, case .name(let name) = callee.kind else { return nil }
    return name
  }
}

extension CommandSpec {
  /// Whether it is only reached behind a dot.
  public var isMethod: Bool {
    if case .method = form { true } else { false }
  }
}

extension Statement {
  /// The command of the statement, also on the right side of an assignment.
  public var command: Command? {
    switch kind {
    case .command(let command): command
    case .assignment(let assignment):
      if case .command(let command) = assignment.value { command } else { nil }
    default: nil
    }
  }
}
