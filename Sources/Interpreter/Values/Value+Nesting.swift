import CollabLearning

/// An object that holds values, which may hold others: it must not hold itself.
package protocol HoldingObject: SessionObject {
  /// What it holds, in the very array that it keeps.
  var heldValues: [Value] { get }
}

extension Value {
  /// Lists within lists beyond this are refused: letting go of them takes stack, and they are saved with
  /// as many levels as they have.
  package static let deepestNesting = 200
  /// So many members may lists have that hold others, where one that several hold counts for each.
  private static let largestNesting = 50_000_000

  /// Checks a value that is about to be kept.
  ///
  /// - Throws: ``Problem/endless(_:)`` for lists and models that cannot be walked through to their end.
  package func requireFinite() throws {
    switch self {
    case .module(let module):
      guard ModuleTree.isFinite(module) else { throw Problem.endless("this model") }
    case .list, .longList, .tuple, .object(is any HoldingObject):
      let members = held
      guard members.contains(where: \.isList) else { return }
      var sizes: [UnsafeRawPointer: Int] = [:]
      guard Self.size(of: members, within: 0, &sizes) != nil else {
        throw Problem.endless("this list")
      }
    default: return
    }
  }

  /// Whether a model may be in this.
  package var mayHoldModules: Bool {
    if case .module = self { true } else { isList }
  }

  /// What a list, a tuple or a dict holds.
  package var held: [Value] {
    switch self {
    case .list(let members), .longList(let members), .tuple(let members): members
    case .object(let object as any HoldingObject): object.heldValues
    default: []
    }
  }

  private var isList: Bool {
    switch self {
    case .list, .longList, .tuple, .object(is any HoldingObject): true
    default: false
    }
  }

  /// How many members there are with those inside; nil if there are too many, or they are too deep.
  ///
  /// Lists are told apart by where their members lie: they are kept alive meanwhile.
  private static func size(
    of members: [Value], within depth: Int, _ sizes: inout [UnsafeRawPointer: Int]
  ) -> Int? {
    guard depth < deepestNesting else { return nil }
    guard members.contains(where: \.isList) else { return members.count }
    let place = members.withUnsafeBytes { $0.baseAddress }
    if let place, let known = sizes[place] { return known < 0 ? nil : known }
    var count = members.count
    for member in members where member.isList {
      guard let inner = size(of: member.held, within: depth + 1, &sizes) else {
        return nil
      }
      count += inner
      guard count <= largestNesting else { return nil }
    }
    if let place { sizes[place] = count }
    return count
  }
}
