/// The part of a tensor that is printed: all of a small one, else the ends of each dimension.
package struct ShownPart {
  private static let threshold = 1000
  /// Elements at each end of a dimension whose middle is left out.
  package static let edgeItems = 3

  private let shape: [Int]
  /// Whether the middle of long dimensions is left out.
  package let isCut: Bool
  /// The sizes of what is shown.
  package let sizes: [Int]

  package init(of shape: [Int]) {
    self.shape = shape
    let isCut = shape.reduce(1, *) > Self.threshold
    self.isCut = isCut
    sizes = isCut ? shape.map { min($0, 2 * Self.edgeItems) } : shape
  }

  /// How many elements are shown.
  package var count: Int { sizes.reduce(1, *) }

  /// Whether something is left out of a dimension.
  package func hasGap(_ dimension: Int) -> Bool { sizes[dimension] < shape[dimension] }

  /// Where the elements that are shown are among all, in order.
  package var places: [Int] {
    zip(shape, sizes).reduce([0]) { places, dimension in
      let (size, shown) = dimension
      let indices = (0..<shown).map { $0 < Self.edgeItems ? $0 : $0 + size - shown }
      return places.flatMap { place in indices.map { place * size + $0 } }
    }
  }

  /// Those of some elements that are shown; they may be no more than that already.
  package func elements(of elements: PrintedElements) -> PrintedElements {
    guard elements.count != count else { return elements }
    return switch elements {
    case .float32(let values): .float32(places.map { values[$0] })
    case .float64(let values): .float64(places.map { values[$0] })
    case .int64(let values): .int64(places.map { values[$0] })
    case .narrow(let values, let type): .narrow(places.map { values[$0] }, type: type)
    case .bool(let values): .bool(places.map { values[$0] })
    }
  }
}
