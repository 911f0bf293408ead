public import CollabLanguage
package import CollabDocuments
import CollabTensors

/// Something with parentheses behind it.
public enum Callable {
  /// A command or function that is built in.
  indirect case builtin(Builtin)
  /// A method of a value that is built in.
  indirect case method(Builtin, receiver: Value)
  /// What `def` made, or a method of a model.
  case function(DefinedFunction)
  /// What `model` made; a call makes an instance.
  case model(DefinedModel)

  package var typeName: String {
    switch self {
    case .builtin, .function: "function"
    case .method: "method"
    case .model: "model"
    }
  }

  /// The name behind which it was found.
  package var name: String {
    switch self {
    case .builtin(let builtin), .method(let builtin, _): builtin.spec.name
    case .function(let function): function.definition.name.name
    case .model(let model): model.definition.name.name
    }
  }
}

/// A command, function or method that is built in: its description, and what it does.
public struct Builtin: Sendable {
  package let signature: Signature
  package let run: @Sendable (Call) throws -> Value

  package init(_ spec: CommandSpec, run: @escaping @Sendable (Call) throws -> Value) {
    signature = Signature(spec)
    self.run = run
  }

  /// The method as a function, which takes what stands before the dot first.
  package var unbound: Builtin {
    let own = CollabLanguage.Parameter("self", .value(), example: "x", help: "what it works on")
    let method = spec
    return Builtin(
      CommandSpec(
        method.name, form: .function, group: method.group, summary: method.summary,
        parameters: [own] + method.parameters, examples: method.examples, result: method.result)
    ) { call in
      try run(
        Call(
          scope: call.scope, arguments: call.arguments,
          receiver: call.arguments.value("self") ?? .none))
    }
  }

  /// Name, parameters, help and examples.
  public var spec: CommandSpec { signature.spec }
}

/// One use of a builtin: where, and with what.
package struct Call {
  package let scope: Scope
  package let arguments: Arguments
  /// The value before the dot, for a method.
  package let receiver: Value

  package init(scope: Scope, arguments: Arguments, receiver: Value) {
    (self.scope, self.arguments, self.receiver) = (scope, arguments, receiver)
  }

  /// Where output goes while the call runs.
  package var output: any Output { scope.output }

  /// Runs `body`; a mistake that does not know its place is put down to an argument.
  package func blaming<Result>(_ parameter: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch TensorError.interrupted {
      throw TensorError.interrupted
    } catch {
      throw Diagnostic(error, at: arguments.range(of: parameter), in: arguments.source)
    }
  }
}

/// A function of the session.
public final class DefinedFunction {
  package let definition: FunctionDefinition
  /// The text that the definition's ranges refer to.
  package let source: Source
  /// The instance whose members the body sees, for a method.
  package let instance: ModelInstance?
  package let signature: Signature
  package let body: FunctionBody
  /// What it knows of the function in which it was made, by the places of its names.
  package let captured: [(place: Int, value: Value)]
  /// The values of defaults that were found when it was made, by the places of the parameters; empty
  /// without any.
  package let usual: [Value?]
  /// Whether it can be made again of the text of a statement: not what a function has made.
  package let isStatement: Bool

  /// A function that a statement makes, or a method, which mistakes in calls may name otherwise.
  package init(
    _ definition: FunctionDefinition, in source: Source, _ library: Library,
    of instance: ModelInstance? = nil, calledAs name: String? = nil, usual: [Value?] = []
  ) {
    (self.definition, self.source, self.instance) = (definition, source, instance)
    signature = Signature(name ?? definition.name.name, definition.parameters)
    body = FunctionBody(definition, in: source, library)
    (captured, self.usual, isStatement) = ([], usual, true)
  }

  /// A function that a function makes.
  init(
    _ definition: FunctionDefinition, in source: Source, _ signature: Signature,
    _ body: FunctionBody, of instance: ModelInstance?, captured: [(place: Int, value: Value)],
    usual: [Value?]
  ) {
    (self.definition, self.source, self.instance) = (definition, source, instance)
    (self.signature, self.body) = (signature, body)
    (self.captured, self.usual, isStatement) = (captured, usual, false)
  }
}

/// A model of the session, from which instances are made.
public final class DefinedModel {
  package let definition: ModelDefinition
  /// The text that the definition's ranges refer to.
  package let source: Source
  package let signature: Signature
  package let body: ModelBody

  package init(_ definition: ModelDefinition, in source: Source, _ library: Library) {
    (self.definition, self.source) = (definition, source)
    signature = Signature(definition.name.name, definition.parameters)
    body = ModelBody(definition, in: source, library)
  }
}

extension Signature {
  /// The signature of a function or model of the session, whose parameters take any value.
  package convenience init(_ name: String, _ parameters: [FormalParameter]) {
    self.init(
      CommandSpec(
        name, form: .function, group: .functions, summary: "",
        // What takes the options that are left takes no argument of its own.
        parameters: parameters.filter { $0.kind != .options }.map {
          Parameter(
            $0.name.name, .value(), $0.kind == .rest ? .rest(atLeast: 0) : $0.presence,
            isOptionOnly: $0.kind == .named)
        }, examples: []))
  }
}

extension FormalParameter {
  fileprivate var presence: Parameter.Presence { defaultValue == nil ? .required : .optional }
}
