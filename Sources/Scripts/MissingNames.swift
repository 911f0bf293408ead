import CollabLanguage
import CollabNotebook

/// Variables that do not exist because a cell failed or was left out, with the reason.
struct MissingNames {
  private var reasons: [String: String] = [:]

  /// Notes what statements that did not run would have defined.
  mutating func add(
    _ statements: some Sequence<Statement>, because reason: String
  ) {
    for statement in statements {
      for name in Session.registry.names(definedBy: statement) { reasons[name] = reason }
      guard case .mistake(let diagnostic) = statement.kind, let source = diagnostic.source else {
        continue
      }
      for name in Self.namesPerhaps(definedIn: source.text(in: statement.range)) {
        reasons[name] = reason
      }
    }
  }

  /// What a text that cannot be read seems to define: names before `=`, and behind `def` and `class`.
  private static func namesPerhaps(definedIn text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
      guard let first = line.first, first.isLetter || first == "_" else { return [] }
      let words = words(String(line))
      if ["def", "class"].contains(words.first) { return Array(words.dropFirst().prefix(1)) }
      guard let sign = line.firstIndex(of: "="), line[sign...].dropFirst().first != "=" else {
        return []
      }
      let names = line[..<sign].split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      return names.filter { $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }
    }
  }

  /// What a failure is a consequence of: a variable, and why there is none.
  func cause(
    of diagnostic: Diagnostic, variables: some Collection<String>
  ) -> (name: String, reason: String)? {
    guard !reasons.isEmpty else { return nil }
    var names: [String] = []
    if let value = CurrentValue(absentBy: diagnostic.code) {
      names = [value.rawValue]
    } else if let source = diagnostic.source, let range = diagnostic.range {
      names = Self.words(source.text(in: range))
    }
    for name in names where !variables.contains(name) {
      if let reason = reasons[name] { return (name, reason) }
    }
    return nil
  }

  private static func words(_ text: String) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }
}
