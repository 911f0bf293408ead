private import CCollabLineEdit

/// What has been typed already.
enum StandardInput {
  /// Whether more is there to be read, or comes at once, as when several lines are pasted.
  static var isPending: Bool { le_is_readable(30) }
}
