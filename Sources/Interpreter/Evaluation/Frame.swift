package import CollabLanguage
import CollabTensors

/// What translated code works on while it runs: the scope, and what the names of a call stand for.
///
/// A frame is only lent: it must not outlive the call of `run`.
package struct Frame {
  package let scope: Scope
  /// The instance whose members are seen, for a method.
  package let instance: ModelInstance?
  /// The values of local names, by place.
  package let locals: UnsafeMutableBufferPointer<Value>

  /// Runs `body` with places for so many local names, which stand for nothing yet.
  @inline(__always)
  package static func run<Result>(
    _ scope: Scope, instance: ModelInstance? = nil, localCount: Int,
    _ body: (Frame) throws -> Result
  ) throws -> Result {
    // On the stack: an array for each call of a function cost a third of the call.
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: localCount) { locals in
      locals.initialize(repeating: .none)
      // One by one, as the compiler knows what to do with each; `deinitialize` asks the type for it.
      defer { for place in locals.indices { locals[place] = .none } }
      return try body(Frame(scope: scope, instance: instance, locals: locals))
    }
  }

  /// Whether a name that is no local one stands for a value.
  package func isVariable(_ name: String) -> Bool {
    instance?[name] != nil || scope.variables[name] != nil
  }
}

extension Source {
  /// Runs `body`; a mistake that does not know its place yet gets this one.
  @inline(__always)
  package func locating<Result>(_ range: Range<Int>, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let signal as Signal {
      throw signal
    } catch let error where error.isInterruption {
      throw error
    } catch {
      throw Diagnostic(error, at: range, in: self)
    }
  }
}
