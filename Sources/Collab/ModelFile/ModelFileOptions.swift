public import CollabTables

/// What a model file is to hold beside the model, the users and the items.
public struct ModelFileOptions {
  /// Whether it says who has rated what: that is not recommended again, and can be learned from.
  public var keepsRatings = true
  /// Whether it holds what the optimiser remembers, so that a fit goes on as if nothing had been.
  public var keepsOptimizer = false
  /// What is known of the items, a row each.
  public var itemTable: Table?
  /// Texts of the program's own, under names of its own.
  public var notes: [String: String] = [:]

  /// All ratings, no optimiser.
  public init() {}
}

/// What the parts of a model file are called.
enum ModelFileName {
  /// The version of the format.
  static let version = 1
  /// Before the names of tensors that belong to no model, where they stand beside the model's.
  static let prefix = "collab."
  /// Before the names of a program's own texts.
  static let notePrefix = "note."
  /// What other tensors amount to so many bytes stands in a text, so that the tensors of the file are the
  /// model's alone, as strict readers want it; what is larger stands beside them.
  static let largestText = 16 << 20
}
