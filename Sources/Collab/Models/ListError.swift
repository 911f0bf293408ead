/// Why there can be no model of some items that ranks them.
public enum ListError: Error, Equatable {
  /// A number for each pair of items is too much for so many items.
  case tooManyItems(Int)
}

extension ListError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .tooManyItems(let count):
      "EASE keeps a number for each pair of items, and is for at most \(EASE.mostItems) of them, "
        + "not \(count)"
    }
  }
}
