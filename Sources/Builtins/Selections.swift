import CollabInterpreter
import CollabTensors
import CollabThreading

/// Choices of some of so many things, as places, in the order in which Python's `itertools` gives them.
enum Selections {
  /// Each choice of `size` places in ascending order.
  static func combinations(of count: Int, _ size: Int, repeating: Bool = false) throws -> [[Int]] {
    try choices(of: repeating && count > 0 ? size : count, size) { chosen, left in
      let first = repeating ? chosen.last ?? 0 : (chosen.last ?? -1) + 1
      // Enough places must be left for those that follow.
      return Array(first..<max(repeating ? count : count - left + 1, first))
    }
  }

  /// Each order of `size` different places.
  static func permutations(of count: Int, _ size: Int) throws -> [[Int]] {
    try choices(of: count, size) { chosen, _ in
      let taken = Set(chosen)
      return (0..<count).filter { !taken.contains($0) }
    }
  }

  /// All choices of so many of so many things, one after the other.
  ///
  /// - Parameters:
  ///   - count: how many things there are.
  ///   - size: how many of them a choice has.
  ///   - next: the places that may follow some, where so many are still to be chosen.
  /// - Returns: the places of each choice, in the order of `next`.
  /// - Throws: `bad-value` for choices of more than a thousand; where there is no room, or it is stopped.
  private static func choices(
    of count: Int, _ size: Int, _ next: ([Int], _ left: Int) -> [Int]
  ) throws -> [[Int]] {
    guard size <= 1000 else {
      throw Problem.wrongKind("a choice", expected: "a size up to 1000", got: "\(size)")
    }
    guard size <= count else { return [] }
    var (found, chosen): ([[Int]], [Int]) = ([], [])
    func extend() throws {
      guard chosen.count < size else {
        if found.count & 0xFF == 0 {
          try MemoryBudget.require(0x100, of: 64 + 64 * size)
          try Interruption.check()
        }
        return found.append(chosen)
      }
      for place in next(chosen, size - chosen.count) {
        chosen.append(place)
        try extend()
        chosen.removeLast()
      }
    }
    try extend()
    return found
  }
}
