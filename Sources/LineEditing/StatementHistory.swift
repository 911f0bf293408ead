/// The statements of this session and earlier ones, to be walked through.
///
/// Up looks for statements that begin with what was typed before the first Up.
package struct StatementHistory {
  private var statements: [String]
  /// What was typed when the walk began, and where the walk is.
  private var walk: (typed: String, place: Int)?

  /// Statements, the latest last.
  package init(_ statements: [String]) { self.statements = statements }

  /// Adds a statement, which stands only at its latest place.
  package mutating func add(_ statement: String) {
    statements.removeAll { $0 == statement }
    statements.append(statement)
    walk = nil
  }

  /// Ends a walk: the next one looks for what is typed then.
  package mutating func stop() { walk = nil }

  /// An earlier statement that begins as the walk does.
  ///
  /// - Parameter present: what the line shows.
  /// - Returns: nil if there is none.
  package mutating func earlier(than present: String) -> String? {
    let (typed, place) = place(of: present)
    guard
      let found = statements[..<place].lastIndex(where: { $0.hasPrefix(typed) && $0 != present })
    else { return nil }
    walk = (typed, found)
    return statements[found]
  }

  /// A later statement that begins as the walk does, or at last what was typed when it began.
  package mutating func later(than present: String) -> String? {
    let (typed, place) = place(of: present)
    guard place < statements.count else { return nil }
    guard
      let found = statements[(place + 1)...].firstIndex(where: {
        $0.hasPrefix(typed) && $0 != present
      })
    else {
      walk = nil
      return typed
    }
    walk = (typed, found)
    return statements[found]
  }

  /// Where a walk stands; a line that was changed begins another one.
  private func place(of present: String) -> (typed: String, place: Int) {
    if let walk, walk.place < statements.count, statements[walk.place] == present { return walk }
    return (present, statements.count)
  }

  /// The latest statement that goes on from a text and passes a test.
  package func latest(beginning typed: String, where isFit: (String) -> Bool) -> String? {
    let bytes = Array(typed.utf8)
    return statements.last {
      $0.utf8.count > bytes.count && $0.utf8.starts(with: bytes) && isFit($0)
    }
  }
}
