package import CollabInterpreter
import CollabLanguage

/// Regular expressions: Python's `re`.
package enum PatternFunctions {
  package static let all = searches + others + parts

  private static let pattern = Parameter(
    "pattern", .string, example: "r'\\d+'", help: "a regular expression")
  private static let text = Parameter("string", .string, example: "'a1b22'", help: "a text")
  private static let flags = Parameter(
    "flags", .value(), .optional, example: "re.I", help: "re.I takes small letters as large ones")

  // MARK: - The first match

  private static let searches: [Builtin] = PatternMatch.Place.allCases.map { place in
    .method(
      of: "re", place.rawValue, place.summary, [pattern, text, flags],
      "re.\(place.rawValue)(r'\\d+', '12')", result: "Match"
    ) { call in
      let groups = try call.pattern().match(place, in: call.arguments.string("string"))
      return groups.map { .object(PatternMatch($0)) } ?? .none
    }
  }

  // MARK: - All matches

  private static let others: [Builtin] = [
    .method(
      of: "re", "findall", "the parts of a text that match, or their groups",
      [pattern, text, flags], "re.findall(r'\\d+', 'a1b22')", result: "List"
    ) { call in
      let matches = try call.pattern().matches(in: call.arguments.string("string"))
      return .list(
        matches.map { groups in
          let texts = groups.map { Value.string($0.map(String.init) ?? "") }
          switch texts.count {
          case 1, 2: return texts[texts.count - 1]
          default: return .tuple(Array(texts.dropFirst()))
          }
        })
    },
    .method(
      of: "re", "split", "the parts of a text between matches", [pattern, text, flags],
      "re.split(r'[,;]', 'a,b;c')", result: "List"
    ) { call in
      let text = try call.arguments.string("string")
      var (parts, start) = ([Value](), text.startIndex)
      for match in try call.pattern().matches(in: text) {
        guard let whole = match.first ?? nil, !whole.isEmpty else { continue }
        parts.append(.string(String(text[start..<whole.startIndex])))
        start = whole.endIndex
      }
      return .list(parts + [.string(String(text[start...]))])
    },
    .method(
      of: "re", "sub", "the text with another part in place of each match",
      [
        pattern, Parameter("repl", .value(), example: "' '", help: "the other, or a function"),
        text, flags,
      ], "re.sub(r'\\s+', ' ', 'a   b')", result: "String"
    ) { call in
      let text = try call.arguments.string("string")
      let new = call.value("repl")
      guard new.isCallable else {
        return .string(try call.pattern().replacing(in: text, by: new.text))
      }
      var (result, start) = ("", text.startIndex)
      for match in try call.pattern().matches(in: text) {
        guard let whole = match.first ?? nil else { continue }
        result += text[start..<whole.startIndex]
        result += try call.apply(new, to: .object(PatternMatch(match))).text
        start = whole.endIndex
      }
      return .string(result + text[start...])
    },
  ]

  // MARK: - What a match has

  private static let parts: [Builtin] = [
    .method(
      of: "Match", "group", "a group of the match; 0 is all of it",
      [
        Parameter("group", .anyOf([.integer(0...1000), .string]), default: "0", help: "its number")
      ],
      "re.search(r'(\\d+)', 'a12').group(1)", result: "String"
    ) { call in
      try call.blaming("group") { try call.match().element(call.value("group")) }
    },
    .method(
      of: "re", "finditer", "all matches in a text, from the first on",
      [
        Parameter("pattern", .string, example: "r'\\d+'", help: "a regular expression"),
        Parameter("string", .string, example: "'a1b22'", help: "the text"),
        Parameter("flags", .value(), .optional, example: "re.I", help: "re.I: letters alike"),
      ], "[m.group() for m in re.finditer(r'\\d+', 'a1b22')]", result: "List"
    ) { call in
      .list(
        try call.pattern().matches(in: call.arguments.string("string")).map {
          .object(PatternMatch($0))
        })
    },
    .method(
      of: "Match", "groups", "all groups of the match", [],
      "re.search(r'(a)(b)', 'ab').groups()", result: "Tuple"
    ) { call in .tuple(try call.match().values.dropFirst().map { $0 }) },
  ]
}

/// What matches a pattern.
final class PatternMatch: SessionObject {
  /// Where a match is looked for.
  enum Place: String, CaseIterable {
    case search, match, fullmatch

    var summary: String {
      switch self {
      case .search: "the first part of a text that matches; none if there is none"
      case .match: "the part at the beginning of a text that matches; none if there is none"
      case .fullmatch: "a whole text that matches; none if it does not"
      }
    }
  }

  /// The whole match and its groups; those that take no part are none.
  fileprivate let values: [Value]

  init(_ groups: [Substring?]) {
    values = groups.map { $0.map { .string(String($0)) } ?? .none }
  }

  var typeName: String { "Match" }
  var display: String { "<re.Match object; match=\(values[0].display)>" }

  func element(_ index: Value) throws -> Value {
    guard let place = index.integer, values.indices.contains(place) else {
      throw Problem.wrongKind(
        "a match", expected: "the number of a group, from 0 to \(values.count - 1)",
        got: index.display)
    }
    return values[place]
  }
}

extension Call {
  /// The pattern of the argument `pattern`.
  fileprivate func pattern() throws -> TextPattern {
    try blaming("pattern") {
      try TextPattern(
        arguments.string("pattern"), isExpression: true, ignoresCase: value("flags").text == "I")
    }
  }

  /// The match before the dot.
  fileprivate func match() throws -> PatternMatch { try objectReceiver() }
}
