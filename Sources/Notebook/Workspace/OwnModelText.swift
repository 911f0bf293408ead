import CollabInterpreter
import Collab
import CollabLanguage
import CollabLearning
import CollabRandomness

/// What makes a model of the session's own again: the text of its definition with all that this needs,
/// and the call that made it.
///
/// It is text until somebody says that it may run.
struct OwnModelText {
  /// Definitions and simple values, in an order in which they can run.
  let definitions: String
  /// The call: `Net(n=3)`.
  let call: String

  /// The text of a learner's model; nil if it is not one of the session's own.
  ///
  /// - Throws: `not-saved` if something that it needs cannot be written as text.
  init?(of learner: Learner, in session: Session) throws {
    guard let instance = learner.model as? ModelInstance else { return nil }
    var collector = DefinitionCollector(session)
    try collector.add(instance.definition.source, instance.definition.definition.name)
    definitions = collector.texts.joined(separator: "\n")
    let arguments = try instance.settingsByName.map { name, value in
      let isLoaders =
        if case .object(let object) = value { object === learner.loaders } else { false }
      guard isLoaders || value.isLiteral else { throw Self.notText(name, value) }
      let text = isLoaders ? "dls" : value.display
      return name.isEmpty ? text : "\(name)=\(text)"
    }
    call = "\(instance.typeName)(\(arguments.joined(separator: ", ")))"
  }

  /// The text that a model file has.
  init?(_ notes: [String: String]) {
    guard let definitions = notes["definitions"], let call = notes["call"] else { return nil }
    (self.definitions, self.call) = (definitions, call)
  }

  /// The texts as a model file has them.
  var notes: [String: String] { ["definitions": definitions, "call": call] }

  fileprivate static func notText(_ name: String, _ value: Value) -> Diagnostic {
    Diagnostic(
      "not-saved",
      "the model needs \(name.isEmpty ? "an argument" : "`\(name)`"), which is \(value.phrase) and cannot be kept as text",
      help: ["save films.saved keeps all variables as they are"])
  }

  /// Says that it is not run unasked, and what it is.
  func refusal(of path: String) -> Diagnostic {
    let lines = (definitions + "\n" + call).split(separator: "\n").map { "  \($0)" }
    return Diagnostic(
      "not-trusted", "the model is one of somebody's own: loading it runs its definition",
      notes: ["this would run:"] + lines, help: ["load_learner \(path) trust=true"])
  }

  /// Runs the definitions and makes the model; the draws for its numbers are not missed by anything else.
  func model(for loaders: DataLoaders, in session: Session) throws -> any Module {
    let before = session.streams.copy()
    defer { session.streams.restore(from: before) }
    let outer = session.variables["dls"]
    defer { session.variables["dls"] = outer }
    session.variables["dls"] = .object(loaders)
    for text in [definitions, call] {
      let source = Source(text, name: "the model file")
      for statement in try session.parser.code(in: source).statements {
        let value = try Evaluator(session, source).execute(statement)
        if text == call, case .module(let module)? = value { return module }
      }
    }
    throw ModelFileError.damaged("its definition makes no model")
  }
}

/// Finds the definitions that a definition needs.
private struct DefinitionCollector {
  private let session: Session
  private var seen: Set<String> = []
  private(set) var texts: [String] = []

  init(_ session: Session) { self.session = session }

  /// Adds a definition behind those that it needs.
  mutating func add(_ source: Source, _ name: Identifier) throws {
    guard seen.insert(name.name).inserted else { return }
    let statement = try source.definition(at: name.range.lowerBound, session.parser)
    guard let statement else { return }
    let text = source.text(in: statement.range)
    let used = try session.parser.code(in: Source(text)).usedNames
    for name in used.sorted() where !seen.contains(name) {
      switch session.variables[name] {
      case .callable(let model as DefinedModel)?: try add(model.source, model.definition.name)
      case .callable(let function as DefinedFunction)? where function.instance == nil:
        try add(function.source, function.definition.name)
      case .callable?, nil: continue
      case .object(is DataLoaders)? where name == "dls": continue
      case let value?:
        guard value.isLiteral else { throw OwnModelText.notText(name, value) }
        seen.insert(name)
        texts.append("\(name) = \(value.display)")
      }
    }
    texts.append(text)
  }
}

extension Source {
  /// The statement that defines something, found by the place of its name.
  func definition(at place: Int, _ parser: Parser) throws -> Statement? {
    let statements =
      isPrompt
      ? try parser.code(in: self).statements
      : try ScriptFile(self, parser: parser).cells.flatMap(\.code.statements)
    return statements.flatMap(\.withNested).first {
      switch $0.kind {
      case .model(let definition): definition.name.range.lowerBound == place
      case .function(let definition): definition.name.range.lowerBound == place
      default: false
      }
    }
  }
}

extension Value {
  /// Whether the text of the value gives the value again.
  fileprivate var isLiteral: Bool {
    switch self {
    case .none, .bool, .int, .string: true
    case .double(let number): number.isFinite
    case .tuple(let elements), .list(let elements): elements.allSatisfy(\.isLiteral)
    default: false
    }
  }
}
