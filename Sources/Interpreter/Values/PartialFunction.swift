import CollabLanguage

/// A function some of whose arguments are given already: what Python's `partial` makes.
package final class PartialFunction: Callable {
  /// What is called in the end.
  let function: Value
  /// The arguments that come before those of a call, and those that have names.
  let first: [EvaluatedArgument]
  let named: [EvaluatedArgument]

  /// How many such functions are within each other.
  private let depth: Int

  /// A function with some arguments; of another such function it is one with the arguments of both.
  ///
  /// - Throws: ``Problem/endless(_:)`` for too many functions within each other.
  package init(
    _ function: Value, _ first: [EvaluatedArgument], _ named: [EvaluatedArgument]
  ) throws {
    if case .callable(let inner as PartialFunction) = function {
      let own = Set(named.compactMap { $0.name?.name })
      self.function = inner.function
      self.first = inner.first + first
      self.named = inner.named.filter { !own.contains($0.name?.name ?? "") } + named
    } else {
      (self.function, self.first, self.named) = (function, first, named)
    }
    let depths = (first + named).map { argument in
      if case .callable(let other as PartialFunction) = argument.value { other.depth } else { 0 }
    }
    depth = 1 + (depths.max() ?? 0)
    guard depth < Value.deepestNesting else { throw Problem.endless("this function") }
    super.init("partial", "function")
  }

  /// All arguments of a call; of those with names the call's own count.
  func arguments(_ given: [EvaluatedArgument]) -> [EvaluatedArgument] {
    let own = Set(given.compactMap { $0.name?.name })
    return first + given + named.filter { !own.contains($0.name?.name ?? "") }
  }
}
