import Collab
import CollabInterpreter
import CollabLanguage
import CollabPythonText

extension Call {
  /// Asks a model for what not every model has.
  ///
  /// - Parameters:
  ///   - learner: whose model is asked.
  ///   - argument: what a mistake is put down to; the whole call without it.
  ///   - body: asks.
  /// - Returns: what the body returns.
  /// - Throws: what the body throws; where the model lacks what is asked for, what it does have is
  ///   named, as lines that can be typed.
  func lookingInto<Result>(
    _ learner: Learner, for argument: String? = nil, _ body: () throws -> Result
  ) throws -> Result {
    func looking() throws -> Result {
      do {
        return try body()
      } catch let error as InterpretationError {
        let range = argument.map { arguments.range(of: $0) } ?? arguments.range
        var diagnostic = error.diagnostic(at: range, in: arguments.source)
        if case .noFactor = error { throw diagnostic }
        diagnostic.help = commands(for: learner)
        throw diagnostic
      }
    }
    return try argument.map { try blaming($0, looking) } ?? looking()
  }

  /// What can be asked of a learner, as lines that can be typed.
  private func commands(for learner: Learner) -> [String] {
    let (roles, loaders) = (learner.roles, learner.loaders)
    let counts = loaders.itemCounts
    let item = counts.indices.dropFirst().max { counts[$0] < counts[$1] }
    let hasSimilar = item.map {
      roles.itemFactors != nil
        || (learner.model as? any RatingModel)?.similarItems(to: $0, count: 1) != nil
    }
    let lines = [
      item.flatMap { hasSimilar == true ? "similar \(PythonFormat.repr(loaders.items[$0]))" : nil },
      roles.itemFactors == nil ? nil : "factor 0",
      roles.itemBias == nil ? nil : "bias items",
      roles.userBias == nil ? nil : "bias users",
    ].compactMap(\.self)
    let choice = arguments.isGiven("learn") ? " \(typed("learn"))" : ""
    return lines.map { $0 + choice }
  }
}
