/// How large a module is with all that is inside, where a part that several have counts for each of them:
/// so many are printed, and run.
///
/// Parts can be shared: forty chains of two, each of which has the one before twice, are small in memory
/// and never finish.
public struct ModuleTree {
  /// Deeper modules are refused, since walking through them takes stack.
  public static let deepest = 100
  /// Larger modules are refused.
  public static let largest = 10_000

  /// Parts within parts, and the module itself.
  private struct Size {
    var depth = 1
    var count = 1
  }

  private var sizes: [ObjectIdentifier: Size] = [:]
  private var open: Set<ObjectIdentifier> = []

  private init() {}

  /// Whether a module can be walked through: it is not too deep, not too large, and not inside itself.
  public static func isFinite(_ module: any Module) -> Bool {
    var tree = ModuleTree()
    return tree.size(of: module, within: 0) != nil
  }

  private mutating func size(of module: any Module, within depth: Int) -> Size? {
    let identity = ObjectIdentifier(module)
    if let known = sizes[identity] { return known }
    guard depth < Self.deepest, open.insert(identity).inserted else { return nil }
    defer { open.remove(identity) }
    var size = Size()
    for child in module.children {
      guard let part = self.size(of: child.module, within: depth + 1) else { return nil }
      size.depth = max(size.depth, part.depth + 1)
      size.count += part.count
      guard size.count <= Self.largest, size.depth <= Self.deepest else { return nil }
    }
    sizes[identity] = size
    return size
  }
}
