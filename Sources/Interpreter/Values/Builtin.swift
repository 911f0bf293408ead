public import CollabLanguage
package import CollabDocuments
import CollabTensors

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
    } catch let error where error.isInterruption {
      throw error
    } catch {
      throw Diagnostic(error, at: arguments.range(of: parameter), in: arguments.source)
    }
  }
}

/// A command or function that is built in, as a value.
package final class BuiltinFunction: Callable {
  package let builtin: Builtin

  package init(_ builtin: Builtin) {
    self.builtin = builtin
    super.init(builtin.spec.name, "function")
  }

  package override var parameterNames: [String] { builtin.spec.parameters.map(\.name) }
}

/// A method that is built in, with the value that stands before the dot.
package final class BoundMethod: Callable {
  package let builtin: Builtin
  package let receiver: Value

  init(_ builtin: Builtin, of receiver: Value) {
    (self.builtin, self.receiver) = (builtin, receiver)
    super.init(builtin.spec.name, "method")
  }

  package override var parameterNames: [String] { builtin.spec.parameters.map(\.name) }
}
