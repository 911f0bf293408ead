package import CollabInterpreter
import CollabLanguage
import CollabPythonText
import CollabTensors

/// Methods of texts, under Python's names.
package enum StringMethods {
  package static let all =
    letters + trimming + finding + questions + taking + padding + [join, format]

  private static let part = Parameter("part", .string, example: "'Star'", help: "another text")
  private static let ends = Parameter(
    "part", .anyOf([.string, .list(of: .string), .tuple(of: .string)]), example: "'Star'",
    help: "a text, or a tuple of several")
  private static let width = Parameter(
    "width", .integer(0...1_000_000), example: "8", help: "how many characters there shall be")
  private static let fill = Parameter(
    "fill", .string, default: "' '", help: "the character that fills")
  private static let characters = Parameter(
    "characters", .string, .optional, example: "'.'",
    help: "the characters to take away; blanks if it is left out")
  private static let separator = Parameter(
    "separator", aliases: ["sep"], .anyOf([.string, .nothing]), .optional, example: "'|'",
    help: "white space if it is left out")
  private static let limit = Parameter(
    "maxsplit", .integer(), default: "-1", help: "at most so many cuts")

  private static func text(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ example: String, result: String = "String",
    _ run: @escaping @Sendable (String, Call) throws -> Value
  ) -> Builtin {
    .method(of: "String", name, aliases: aliases, summary, parameters, example, result: result) {
      call in try run(call.receiver.text, call)
    }
  }

  // MARK: - Letters

  private static let letters: [Builtin] = [
    text("upper", "the text in capital letters", "'a'.upper()") { $0.uppercased() },
    text("lower", aliases: ["casefold"], "the text in small letters", "'A'.lower()") {
      $0.lowercased()
    },
    text("capitalize", "the text in small letters but for the first", "'star WARS'.capitalize()") {
      $0.prefix(1).uppercased() + $0.dropFirst().lowercased()
    },
    text("title", "the text with a capital letter at each word", "'star wars'.title()") { text in
      var isInside = false
      return text.reduce(into: "") { title, letter in
        title += isInside ? letter.lowercased() : letter.uppercased()
        isInside = letter.isLetter
      }
    },
    text("swapcase", "the text with capital and small letters exchanged", "'aB'.swapcase()") {
      $0.reduce(into: "") { $0 += $1.isUppercase ? $1.lowercased() : $1.uppercased() }
    },
  ]

  private static func text(
    _ name: String, aliases: [String] = [], _ summary: String, _ example: String,
    _ change: @escaping @Sendable (String) -> String
  ) -> Builtin {
    text(name, aliases: aliases, summary, [], example) { text, _ in .string(change(text)) }
  }

  // MARK: - Taking away and replacing

  private static let trimming: [Builtin] = [
    text("strip", "the text without blanks at its ends", [characters], "' a '.strip()") {
      text, call in .string(String(call.trimmed(text, atStart: true, atEnd: true)))
    },
    text("lstrip", "the text without blanks at its start", [characters], "' a '.lstrip()") {
      text, call in .string(String(call.trimmed(text, atStart: true, atEnd: false)))
    },
    text("rstrip", "the text without blanks at its end", [characters], "' a '.rstrip()") {
      text, call in .string(String(call.trimmed(text, atStart: false, atEnd: true)))
    },
    text(
      "replace", "the text with another in place of each occurrence of a part",
      [
        Parameter("old", .string, example: "'Toy'", help: "what is replaced"),
        Parameter("new", .string, example: "'Joy'", help: "what takes its place"),
        Parameter("count", .integer(), default: "-1", help: "at most so many occurrences"),
      ], "'Toy Story'.replace('Toy', 'Joy')"
    ) { text, call in
      let old = try call.arguments.string("old")
      let limit = try call.arguments.int("count")
      let pieces =
        old.isEmpty
        ? [""] + text.map { String($0) } + [""] : call.pieces(of: text, by: old, at: .max)
      let kept = limit < 0 ? pieces.count - 1 : min(limit, pieces.count - 1)
      let joint = old.isEmpty ? "" : old
      let tail = pieces[kept...].joined(separator: joint)
      return try .joining(pieces[..<kept] + [tail], separator: call.arguments.string("new"))
    },
    text(
      "translate", "the text with characters replaced as a table of them says",
      [
        Parameter(
          "table", .value("dict"), example: "str.maketrans('a', 'b')", help: "a dict, of characters"
        )
      ], "'hello'.translate(str.maketrans('l', 'L'))"
    ) { text, call in
      guard case .object(let table as Mapping)? = call.arguments.value("table") else {
        return try call.arguments.required("table", nil)
      }
      return try .joining(
        text.unicodeScalars.map { scalar in
          switch try table.value(of: .int(Int(scalar.value))) {
          case nil: return String(Character(scalar))
          case .some(.none): return ""
          case .int(let code)?:
            guard let other = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return "" }
            return String(Character(other))
          case let other?: return other.text
          }
        })
    },
    .method(
      of: "class str", "maketrans", "a table for `translate`: which character becomes which",
      [
        Parameter("x", .value(), example: "'ab'", help: "characters, or a dict of all"),
        Parameter("y", .string, .optional, example: "'AB'", help: "what they become"),
        Parameter("z", .string, .optional, example: "'!'", help: "characters that are left out"),
      ], "str.maketrans('ab', 'AB')", result: "dict"
    ) { call in
      let table = Mapping()
      if case .object(let given as Mapping)? = call.arguments.value("x") {
        for (key, value) in zip(given.keys, given.values) {
          let code = key.text.unicodeScalars.first.map { Value.int(Int($0.value)) }
          try table.set(key.isPlainNumber ? key : code ?? key, to: value)
        }
        return .object(table)
      }
      let from = Array(try call.arguments.string("x").unicodeScalars)
      let to = Array((call.arguments.optionalString("y") ?? "").unicodeScalars)
      guard from.count == to.count else {
        throw Problem.wrongKind(
          "`maketrans`", expected: "as many characters in both texts",
          got: "\(from.count) and \(to.count)")
      }
      for (one, other) in zip(from, to) {
        try table.set(.int(Int(one.value)), to: .int(Int(other.value)))
      }
      for scalar in (call.arguments.optionalString("z") ?? "").unicodeScalars {
        try table.set(.int(Int(scalar.value)), to: .none)
      }
      return .object(table)
    },
    text(
      "removeprefix", "the text without a beginning", [part], "'Star Wars'.removeprefix('Star ')"
    ) { text, call in
      let part = try call.arguments.string("part")
      return .string(text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
    },
    text("removesuffix", "the text without an end", [part], "'a.csv'.removesuffix('.csv')") {
      text, call in
      let part = try call.arguments.string("part")
      return .string(text.hasSuffix(part) ? String(text.dropLast(part.count)) : text)
    },
  ]

  // MARK: - Finding

  private static let finding: [Builtin] = [
    text("find", "where a part first is, or −1", [part], "'Star Wars'.find('War')", result: "Int") {
      text, call in .int(try call.place(in: text) ?? -1)
    },
    text("rfind", "where a part last is, or −1", [part], "'a.b.c'.rfind('.')", result: "Int") {
      text, call in .int(try call.place(in: text, last: true) ?? -1)
    },
    text("index", "where a part first is", [part], "'Star Wars'.index('War')", result: "Int") {
      text, call in .int(try call.requiredPlace(in: text))
    },
    text("rindex", "where a part last is", [part], "'a.b.c'.rindex('.')", result: "Int") {
      text, call in .int(try call.requiredPlace(in: text, last: true))
    },
    text("count", "how often a part occurs", [part], "'banana'.count('an')", result: "Int") {
      text, call in
      let part = try call.arguments.string("part")
      return .int(
        part.isEmpty ? text.count + 1 : call.pieces(of: text, by: part, at: .max).count - 1)
    },
    text(
      "startswith", "whether the text begins with another", [ends],
      "'Star Wars'.startswith('Star')", result: "Bool"
    ) { text, call in .bool(call.anyPart { text.hasPrefix($0) || $0.isEmpty }) },
    text(
      "endswith", "whether the text ends with another", [ends], "'Alien (1979)'.endswith('(1979)')",
      result: "Bool"
    ) { text, call in .bool(call.anyPart { text.hasSuffix($0) || $0.isEmpty }) },
  ]

  // MARK: - Questions

  private static let questions: [Builtin] = [
    question("isdigit", aliases: ["isdecimal", "isnumeric"], "is a digit", "'1995'.isdigit()") {
      $0.isWholeNumber
    },
    question("isalpha", "is a letter", "'Alien'.isalpha()") { $0.isLetter },
    question("isalnum", "is a letter or a digit", "'R2D2'.isalnum()") {
      $0.isLetter || $0.isNumber
    },
    question("isspace", "is blank", "' '.isspace()") { $0.isWhitespace },
    text("isupper", "whether all letters are capital", [], "'IT'.isupper()", result: "Bool") {
      text, _ in .bool(text.contains(where: \.isUppercase) && !text.contains(where: \.isLowercase))
    },
    text(
      "istitle", "whether each word begins with its only capital letter", [], "'It Is'.istitle()",
      result: "Bool"
    ) { text, _ in
      var (isInside, hasLetter) = (false, false)
      for letter in text {
        guard letter.isLetter else {
          isInside = false
          continue
        }
        guard letter.isUppercase != isInside else { return .bool(false) }
        (isInside, hasLetter) = (true, true)
      }
      return .bool(hasLetter)
    },
    text(
      "isidentifier", "whether the text may be a name", [], "'a1'.isidentifier()", result: "Bool"
    ) { text, _ in
      .bool(
        text.first.map { !$0.isNumber } == true
          && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" })
    },
    text(
      "isascii", "whether all characters are plain", [], "'a'.isascii()", result: "Bool"
    ) { text, _ in .bool(text.utf8.allSatisfy { $0 < 128 }) },
    text("islower", "whether all letters are small", [], "'it'.islower()", result: "Bool") {
      text, _ in .bool(text.contains(where: \.isLowercase) && !text.contains(where: \.isUppercase))
    },
  ]

  private static func question(
    _ name: String, aliases: [String] = [], _ what: String, _ example: String,
    _ holds: @escaping @Sendable (Character) -> Bool
  ) -> Builtin {
    text(name, aliases: aliases, "whether each character \(what)", [], example, result: "Bool") {
      text, _ in .bool(!text.isEmpty && text.allSatisfy(holds))
    }
  }

  // MARK: - Taking apart

  private static let taking: [Builtin] = [
    text(
      "split", "the parts of the text between separators", [separator, limit], "'a b'.split()",
      result: "List"
    ) { text, call in .list(try call.split(text).map(Value.string)) },
    text(
      "rsplit", "the parts of the text between separators, cut from its end", [separator, limit],
      "'a.b.c'.rsplit('.', 1)", result: "List"
    ) { text, call in
      // From the end is from the start of the text read backwards.
      let reversed = try call.split(String(text.reversed()), isReversed: true)
      return .list(reversed.reversed().map { .string(String($0.reversed())) })
    },
    text("splitlines", "the lines of the text", [], "'a\\nb'.splitlines()", result: "List") {
      text, _ in
      try text.requireRoom(forPartsAt: { $0 < 0x20 || $0 >= 0x80 })
      var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return .list(lines.map { .string(String($0)) })
    },
    text(
      "partition", "the text before, at and behind the first occurrence of a part", [part],
      "'Alien (1979)'.partition(' ')", result: "Tuple"
    ) { text, call in
      let part = try call.arguments.string("part")
      let pieces = call.pieces(of: text, by: part, at: 1)
      let parts = pieces.count < 2 ? [text, "", ""] : [pieces[0], part, pieces[1]]
      return .tuple(parts.map(Value.string))
    },
    text(
      "rpartition", "the text before, at and behind the last occurrence of a part", [part],
      "'a.b.c'.rpartition('.')", result: "Tuple"
    ) { text, call in
      let part = try call.arguments.string("part")
      let pieces = call.pieces(of: text, by: part, at: .max)
      guard let last = pieces.last, pieces.count > 1 else {
        return .tuple(["", "", text].map(Value.string))
      }
      return .tuple([pieces.dropLast().joined(separator: part), part, last].map(Value.string))
    },
  ]

  // MARK: - Filling up

  private static let padding: [Builtin] = [
    padded("ljust", "<", "the text with blanks behind it", "'a'.ljust(3)"),
    padded("rjust", ">", "the text with blanks before it", "'a'.rjust(3)"),
    text("center", "the text with blanks around it", [width, fill], "'a'.center(3, '*')") {
      text, call in
      let (fill, width) = (try call.filling(), try call.arguments.int("width"))
      let missing = max(width - text.count, 0)
      // Of a number that is odd Python puts the larger half before the text if the width is odd, too.
      let before = missing / 2 + (missing & width & 1)
      return try .joining([
        String(repeating: fill, count: before), text,
        String(repeating: fill, count: missing - before),
      ])
    },
    text(
      "expandtabs", "the text with blanks in place of tabs",
      [Parameter("tabsize", .integer(0...1000), default: "8", help: "the width of a tab")],
      "'a\\tb'.expandtabs(4)"
    ) { text, call in
      let size = try call.arguments.int("tabsize")
      var (result, column) = ("", 0)
      for character in text {
        let added =
          character == "\t"
          ? String(repeating: " ", count: size == 0 ? 0 : size - column % size) : String(character)
        result += added
        column = character.isNewline ? 0 : column + added.count
      }
      return .string(result)
    },
    text("zfill", "the text with zeros before its digits", [width], "'7'.zfill(3)") { text, call in
      let missing = try call.arguments.int("width") - text.count
      let sign = text.first.map { "+-".contains($0) } == true ? text.prefix(1) : ""
      return .string(
        sign + String(repeating: "0", count: max(missing, 0)) + text.dropFirst(sign.count))
    },
  ]

  private static func padded(
    _ name: String, _ side: String, _ summary: String, _ example: String
  ) -> Builtin {
    text(name, summary, [width, fill], example) { text, call in
      let spec = try call.filling() + side + "\(try call.arguments.int("width"))"
      return .string(try PythonFormat.text(.text(text), spec: spec))
    }
  }

  // MARK: - Putting together

  private static let join = text(
    "join", "texts in a row, with this one between them",
    [Parameter("texts", .value("List"), example: "['a', 'b']", help: "texts")],
    "', '.join(['a', 'b'])"
  ) { separator, call in
    let texts = try call.blaming("texts") {
      try (call.arguments.value("texts") ?? .none).members().map { member in
        guard case .string(let text) = member else {
          throw Problem.wrongKind("`join`", expected: "texts", got: member.phrase)
        }
        return text
      }
    }
    return try .joining(texts, separator: separator)
  }

  private static let format = text(
    "format", "the text with values in the places of its braces",
    [
      Parameter("values", .value(), .rest(atLeast: 0), example: "'a', 3", help: "the values"),
      Parameter("names", .value(), .anyName, example: "n=3", help: "values that have names"),
    ],
    "'{} has {:.2f}'.format('a', 3.14159)"
  ) { text, call in
    let named = Dictionary(call.arguments.named("names").map { ($0.name, $0.value) }) { $1 }
    return try .joining([
      TextTemplate(text).filled(with: call.arguments.all("values"), named: named)
    ])
  }
}

// MARK: - Arguments

extension Call {
  /// The one character of the argument `fill`.
  fileprivate func filling() throws -> String {
    let fill = try arguments.string("fill")
    guard fill.count == 1 else {
      throw Problem.wrongKind(
        "`fill`", expected: "one character", got: Value.string(fill).display)
    }
    return fill
  }

  /// The text without characters at its ends that are to be taken away.
  fileprivate func trimmed(_ text: String, atStart: Bool, atEnd: Bool) -> Substring {
    let characters = arguments.optionalString("characters")
    func isTaken(_ character: Character) -> Bool {
      characters?.contains(character) ?? character.isWhitespace
    }
    var rest = text[...]
    if atStart { rest = rest.drop(while: isTaken) }
    while atEnd, let last = rest.last, isTaken(last) { rest.removeLast() }
    return rest
  }

  /// The stretches between occurrences of a part, of which so many count.
  ///
  /// - Precondition: the part is not empty, unless the limit is 0.
  fileprivate func pieces(of text: String, by part: String, at limit: Int) -> [String] {
    guard !part.isEmpty else { return [text] }
    return text.split(separator: part, maxSplits: limit, omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// The parts of a text between separators.
  fileprivate func split(_ text: String, isReversed: Bool = false) throws -> [String] {
    let given = try arguments.int("maxsplit")
    let limit = given < 0 ? Int.max : given
    guard let separator = arguments.optionalString("separator") else {
      try text.requireRoom(forPartsAt: { $0 <= 0x20 || $0 >= 0x80 })
      guard limit < .max else {
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
      }
      var (parts, rest) = ([String](), text.drop(while: \.isWhitespace))
      while parts.count < limit, let end = rest.firstIndex(where: \.isWhitespace) {
        parts.append(String(rest[..<end]))
        rest = rest[end...].drop(while: \.isWhitespace)
      }
      return rest.isEmpty ? parts : parts + [String(rest)]
    }
    guard !separator.isEmpty else {
      throw Problem.wrongKind("`separator`", expected: "at least one character", got: "''")
    }
    let first = separator.utf8.first
    try text.requireRoom(forPartsAt: { $0 == first })
    return pieces(
      of: text, by: isReversed ? String(separator.reversed()) : separator, at: limit)
  }

  /// How many characters stand before the first or last occurrence of the argument `part`.
  fileprivate func place(in text: String, last: Bool = false) throws -> Int? {
    let part = try arguments.string("part")
    guard !part.isEmpty else { return last ? text.count : 0 }
    let pieces = pieces(of: text, by: part, at: last ? .max : 1)
    guard pieces.count > 1, let end = pieces.last else { return nil }
    return last ? text.count - end.count - part.count : pieces[0].count
  }

  /// The same, where it has to occur.
  fileprivate func requiredPlace(in text: String, last: Bool = false) throws -> Int {
    guard let place = try place(in: text, last: last) else {
      throw Problem.missingKey(try arguments.string("part"), in: "the text", near: [])
    }
    return place
  }

  /// Whether the argument `part`, or one of several, fits.
  fileprivate func anyPart(_ fits: (String) -> Bool) -> Bool {
    guard let value = arguments.value("part") else { return false }
    return (value.elements ?? [value]).contains { fits($0.text) }
  }
}
