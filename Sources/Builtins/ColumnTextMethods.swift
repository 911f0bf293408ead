package import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors

/// Methods behind `.str` of a column: each text is worked on by itself.
package enum ColumnTextMethods {
  package static let all: [Builtin] =
    [
      method("lower", "each text in small letters") { text, _ in .string(text.lowercased()) },
      method("upper", "each text in capital letters") { text, _ in .string(text.uppercased()) },
      method("title", "each word with a capital letter") { text, _ in .string(text.titled) },
      method("capitalize", "the first letter of each text a capital") { text, _ in
        .string(text.prefix(1).uppercased() + text.dropFirst().lowercased())
      },
      method("len", "how many characters each text has") { text, _ in
        .int(text.unicodeScalars.count)
      },
      method("strip", "each text without blanks at its ends", [letters], "") { text, call in
        .string(text.stripped(of: call.arguments.optionalString("to_strip")))
      },
      method("lstrip", "each text without blanks in front", [letters], "") { text, call in
        .string(text.stripped(of: call.arguments.optionalString("to_strip"), atEnd: false))
      },
      method("rstrip", "each text without blanks behind", [letters], "") { text, call in
        .string(text.stripped(of: call.arguments.optionalString("to_strip"), atStart: false))
      },
      condition("startswith", "whether each text begins with a part") { $0.starts(with: $1) },
      condition("endswith", "whether each text ends with a part") { text, part in
        text.reversed().starts(with: part.reversed())
      },
      search("contains", "whether each text has a part") { pattern, text in
        pattern.firstMatch(in: text) != nil
      },
      search("match", "whether each text begins with what a pattern means") { pattern, text in
        pattern.prefixMatch(in: text) != nil
      },
      search("fullmatch", "whether each text is what a pattern means") { pattern, text in
        pattern.wholeMatch(in: text) != nil
      },
    ] + patterns + parts + ofTexts + padding

  private static let letters = Parameter(
    "to_strip", .string, .optional, example: "'()'", help: "other characters to remove")
  private static let part = Parameter("pat", .string, example: "'Star'", help: "the part")

  private static func method(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], _ arguments: String = "",
    _ transform: @escaping @Sendable (String, Call) throws -> Value?
  ) -> Builtin {
    .method(
      of: "StringMethods", name, summary, parameters,
      "ratings.title.str.\(name)(\(arguments)).head(3)", result: "Column"
    ) { call in
      try call.texts().mapped { try transform($0, call) }
    }
  }

  private static let ofMissing = Parameter(
    "na", .boolean, .optional, example: "false", isOptionOnly: true,
    help: "what a missing text gives")

  private static func condition(
    _ name: String, _ summary: String, _ holds: @escaping @Sendable (String, String) -> Bool
  ) -> Builtin {
    .method(
      of: "StringMethods", name, summary, [part, ofMissing],
      "ratings[ratings.title.str.\(name)('S')].head(3)", result: "Column"
    ) { call in
      let parts = try call.names("pat") ?? [call.arguments.string("pat")]
      return try call.texts().mapped(missing: call.arguments.value("na") ?? .bool(false)) { text in
        .bool(parts.contains { holds(text, $0) })
      }
    }
  }

  private static func search(
    _ name: String, _ summary: String,
    _ holds: @escaping @Sendable (TextPattern, String) -> Bool
  ) -> Builtin {
    .method(
      of: "StringMethods", name, summary,
      [
        part, .flag("case", true, "whether small and capital letters differ"),
        ofMissing, .flag("regex", true, "whether the part is a regular expression"),
      ], "ratings[ratings.title.str.\(name)('Star')].head(3)", result: "Column"
    ) { call in
      let pattern = try call.pattern(ignoresCase: !call.arguments.bool("case"))
      return try call.texts().mapped(missing: call.arguments.value("na") ?? .bool(false)) { text in
        .bool(holds(pattern, text))
      }
    }
  }

  /// Methods of texts that do the same to each text of a column.
  private static let ofTexts: [Builtin] = [
    "swapcase", "casefold", "isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower",
    "istitle", "isnumeric", "isdecimal", "removeprefix", "removesuffix", "rfind", "center",
    "ljust", "rjust", "rsplit", "partition", "rpartition",
  ].compactMap { name in
    StringMethods.all.first { $0.spec.name == name || $0.spec.aliases.contains(name) }.map {
      method in
      let example = method.spec.examples.first?.code ?? ""
      let arguments = example.split(separator: ".\(method.spec.name)(", maxSplits: 1).last ?? ")"
      return .method(
        of: "StringMethods", name, "of each text: \(method.spec.summary)", method.spec.parameters,
        "ratings.title.head(3).str.\(name)(\(arguments)", result: "Column"
      ) { call in
        try call.texts().mappedToAny { text in
          try method.run(
            Call(scope: call.scope, arguments: call.arguments, receiver: .string(text)))
        }
      }
    }
  }

  private static let padding: [Builtin] = [
    method(
      "pad", "each text with blanks, so long",
      [
        Parameter("width", .integer(0...1_000_000), example: "20", help: "how long"),
        Parameter(
          "side", .choice([Choice("left"), Choice("right"), Choice("both")]), default: "left",
          help: "where the blanks stand"),
        Parameter("fillchar", .string, default: "' '", help: "another character"),
      ], "20"
    ) { text, call in
      let fill = try call.arguments.string("fillchar")
      let missing = max(try call.arguments.int("width") - text.count, 0)
      let side = try call.arguments.string("side")
      let before = side == "left" ? missing : side == "right" ? 0 : missing / 2
      try MemoryBudget.require(missing, of: max(fill.utf8.count, 1))
      return try .joining([
        String(repeating: fill, count: before), text,
        String(repeating: fill, count: missing - before),
      ])
    },
    method(
      "repeat", "each text so many times",
      [Parameter("repeats", .integer(0...1000), example: "2", help: "how often")], "2"
    ) { text, call in
      try .joining([String](repeating: text, count: call.arguments.int("repeats")))
    },
    .method(
      of: "StringMethods", "findall", "what a pattern means in each text, as lists",
      [Parameter("pat", .string, example: "'[0-9]+'", help: "a regular expression")],
      "ratings.title.head(3).str.findall('[A-Z]')", result: "Lists"
    ) { call in
      let pattern = try call.pattern(ignoresCase: false, isExpression: true)
      return try call.texts().mappedToAny { text in .list(pattern.allMatches(in: text)) }
    },
    .method(
      of: "StringMethods", "get_dummies", "a column of 0 and 1 for each part between separators",
      [Parameter("sep", .string, default: "'|'", help: "the separator")],
      "ratings.title.head(3).str.get_dummies()", result: "Table"
    ) { call in
      let series = try call.texts().series
      let separator = try call.arguments.string("sep")
      let parts = try series.values.texts().map { text in
        Set(text.map { $0.parts(between: separator, atMost: .max).filter { !$0.isEmpty } } ?? [])
      }
      let names = Set(parts.joined()).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      try MemoryBudget.require(parts.count, of: 8 * max(names.count, 1))
      return .table(
        TableView(
          try Table(
            names.map { name in
              Column(name, integers: parts.map { $0.contains(name) ? 1 : 0 })
            }), series.labels))
    },
  ]

  private static let patterns: [Builtin] = [
    .method(
      of: "StringMethods", "replace", "each text with another part in place of one",
      [
        part, Parameter("repl", .string, example: "'Sun'", help: "what stands there instead"),
        .flag("regex", false, "whether the part is a regular expression"),
      ], "ratings.title.str.replace('The', 'A').head(3)", result: "Column"
    ) { call in
      let pattern = try call.pattern(ignoresCase: false)
      let new = try call.arguments.string("repl")
      return try call.texts().mapped { .string(pattern.replacing(in: $0, by: new)) }
    },
    .method(
      of: "StringMethods", "extract", "the groups of a regular expression in each text",
      [
        Parameter("pat", .string, example: "'([0-9]+)'", help: "an expression with groups"),
        .flag("expand", true, "whether one group is a table, too"),
      ], "ratings.title.str.extract('([A-Z])', expand=false).head(3)", result: "Table"
    ) { call in
      let pattern = try call.pattern(ignoresCase: false, isExpression: true)
      let texts = try call.texts()
      let all = texts.series.values.kind == .text ? try texts.series.values.texts() : []
      let matches = all.map { $0.flatMap(pattern.firstGroups) }
      let names = pattern.groupNames
      guard !names.isEmpty else {
        throw Problem.wrongKind(
          "`extract`", expected: "an expression with a group in parentheses",
          got: try call.arguments.string("pat"))
      }
      let columns = names.indices.map { group in
        Column(names[group], texts: matches.map { $0?[group] })
      }
      if columns.count == 1, try !call.arguments.bool("expand") {
        return texts.series.with(columns[0].renamed(texts.series.values.name)).value
      }
      return .table(TableView(try Table(columns), texts.series.labels))
    },
    method("count", "how often each text has a part", [part], "'a'") { text, call in
      .int(try call.pattern(ignoresCase: false, isExpression: true).count(in: text))
    },
    method("find", "the place of a part in each text, or -1", [part], "'a'") { text, call in
      .int(text.place(of: try call.arguments.string("pat")))
    },
  ]

  private static let parts: [Builtin] = [
    .method(
      of: "StringMethods", "split", "the parts of each text between separators, as lists",
      [
        Parameter(
          "pat", .string, .optional, example: "' '", help: "the separator; blanks if left out"),
        Parameter(
          "n", .integer(), default: "-1", isOptionOnly: true, help: "how many cuts at most"),
        .flag("expand", false, "whether the parts are columns of a table"),
      ], "ratings.title.head(3).str.split(' ')", result: "List"
    ) { call in
      let texts = try call.texts()
      let separator = call.arguments.optionalString("pat")
      let most = try call.arguments.int("n")
      let all = try texts.series.values.texts()
      let parts = all.map { $0?.parts(between: separator, atMost: most > 0 ? most : .max) }
      guard try call.arguments.bool("expand") else {
        return .object(
          ListColumn(
            texts.series.labels, texts.series.values.name,
            parts.map { $0.map { .list($0.map(Value.string)) } ?? .double(.nan) }))
      }
      let width = parts.map { $0?.count ?? 0 }.max() ?? 0
      return .table(
        TableView(
          try Table(
            (0..<width).map { place in
              Column(
                "\(place)",
                texts: parts.map { $0.flatMap { place < $0.count ? $0[place] : nil } })
            }), texts.series.labels))
    },
    method(
      "slice", "a part of each text by places",
      [
        Parameter("start", .anyOf([.integer(), .nothing]), .optional, example: "0", help: "from"),
        Parameter("stop", .anyOf([.integer(), .nothing]), .optional, example: "4", help: "up to"),
      ], "0, 4"
    ) { text, call in
      try Value.string(text).slice(
        call.arguments.optionalInt("start"), call.arguments.optionalInt("stop"), nil)
    },
    .method(
      of: "StringMethods", "get", "the character at a place of each text",
      [Parameter("i", .integer(), example: "0", help: "the place")],
      "ratings.title.str.get(0).head(3)", result: "Column"
    ) { call in
      try call.texts().element(call.value("i"))
    },
    method(
      "zfill", "each text with zeros in front, so long",
      [Parameter("width", .integer(0...1000), example: "5", help: "how long")], "5"
    ) { text, call in
      let width = try call.arguments.int("width")
      return .string(String(repeating: "0", count: max(0, width - text.count)) + text)
    },
    .method(
      of: "StringMethods", "cat", "all texts as one",
      [Parameter("sep", .string, default: "''", isOptionOnly: true, help: "what stands between")],
      "ratings.title.head(2).str.cat(sep=', ')", result: "String"
    ) { call in
      .string(
        try call.texts().series.values.texts().compactMap(\.self).joined(
          separator: call.arguments.string("sep")))
    },
  ]
}

extension Call {
  fileprivate func texts() throws -> ColumnTexts { try objectReceiver() }

  /// The pattern that `pat` is.
  fileprivate func pattern(ignoresCase: Bool, isExpression: Bool = false) throws -> TextPattern {
    let text = try arguments.string("pat")
    let isRegex = try isExpression || arguments.bool("regex")
    return try blaming("pat") {
      try TextPattern(text, isExpression: isRegex, ignoresCase: ignoresCase)
    }
  }
}

extension String {
  /// Each word with a capital letter and small ones behind.
  fileprivate var titled: String {
    var isInside = false
    return String(
      flatMap { character -> String in
        defer { isInside = character.isLetter }
        return isInside ? character.lowercased() : character.uppercased()
      })
  }

  fileprivate func stripped(
    of letters: String?, atStart: Bool = true, atEnd: Bool = true
  ) -> String {
    func isOut(_ character: Character) -> Bool {
      letters.map { $0.contains(character) } ?? character.isWhitespace
    }
    var rest = self[...]
    if atStart { rest = rest.drop(while: isOut) }
    while atEnd, let last = rest.last, isOut(last) { rest.removeLast() }
    return String(rest)
  }

  /// The parts between separators, or between blanks.
  fileprivate func parts(between separator: String?, atMost cuts: Int) -> [String] {
    guard let separator, !separator.isEmpty else {
      return split(maxSplits: cuts, whereSeparator: \.isWhitespace).map(String.init)
    }
    var (parts, rest) = ([String](), self[...])
    while parts.count < cuts, let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }

  /// How many characters stand before a part; -1 if it does not occur.
  fileprivate func place(of part: String) -> Int {
    guard let range = firstRange(of: part) else { return -1 }
    return self[..<range.lowerBound].unicodeScalars.count
  }
}
