public import CollabInterpreter
import Collab
public import CollabLanguage
import CollabRandomness

// What a lesson asks of a session beside running statements.
extension Session {
  /// Finds the value of a formula and leaves nothing behind: variables and random streams are
  /// afterwards what they were before.
  ///
  /// Tensors that the formula changes in place stay changed.
  ///
  /// - Parameters:
  ///   - expression: the formula.
  ///   - source: the text it stands in.
  ///   - bindings: names that stand for something else while it is evaluated.
  /// - Returns: the value.
  /// - Throws: what is wrong with it.
  public func value(
    of expression: Expression, in source: Source, with bindings: [String: Value] = [:]
  ) throws(Diagnostic) -> Value {
    let (variables, streams, undo) = (self.variables, self.streams.copy(), self.undo)
    defer {
      (self.variables, self.undo) = (variables, undo)
      self.streams.restore(from: streams)
    }
    self.variables.merge(bindings) { $1 }
    callDepth = 0
    do {
      return try Evaluator(self, source).evaluate(expression)
    } catch is Signal {
      throw Problem.interrupted.diagnostic()
    } catch {
      throw Diagnostic(error, at: expression.range, in: source)
    }
  }

  /// Forgets all variables, and seeds the random streams anew.
  public func startOver(seed: UInt32) {
    (variables, shown, undo, loaded, loadedValidation) = ([:], [:], [], nil, nil)
    streams.seed(seed)
  }

  /// Says that a cell begins whose statements are run one by one.
  public func beginCell() { recording?.beginCell() }

  /// Counts a cell whose statements were run one by one.
  public func endCell() { cell += 1 }
}
