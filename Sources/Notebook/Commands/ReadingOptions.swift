import CollabInterpreter
import Collab
import CollabLanguage
import CollabTables

/// What `load` and `read_csv` both take.
enum ReadingOptions {
  private static let typeNames = ParameterType.choice([
    Choice("str", "text"), Choice("string", "text"), Choice("object", "text"),
    Choice("int", "whole numbers"), Choice("int64", "whole numbers"),
    Choice("float", "decimal numbers"), Choice("float64", "decimal numbers"),
  ])

  static let dtype = Parameter(
    "dtype", .anyOf([.list(of: .tuple(of: .path, count: 2)), typeNames]), .optional,
    example: "{'user': str}", isOptionOnly: true,
    help: "str keeps numbers as they are written, such as 007; for one column or all")

  static let naValues = Parameter(
    "na_values", .anyOf([.list(of: .anyOf([.string, .number()])), .string, .number()]), .optional,
    example: "['?']", isOptionOnly: true, help: "fields that stand for a missing value")

  static let nrows = Parameter(
    "nrows", .integer(0...Int.max), .optional, example: "1000", isOptionOnly: true,
    help: "how many rows to read, at most")

  /// The types that `dtype` gives to columns, and to all others.
  static func types(
    in arguments: Arguments
  ) -> (named: [String: DelimitedReader.ColumnType], usual: DelimitedReader.ColumnType) {
    if let all = arguments.optionalString("dtype") { return ([:], type(all)) }
    var named: [String: DelimitedReader.ColumnType] = [:]
    for pair in arguments.value("dtype")?.elements ?? [] {
      guard let words = pair.elements?.map(\.text), words.count == 2 else { continue }
      named[words[0]] = type(words[1])
    }
    return (named, .automatic)
  }

  private static func type(_ name: String) -> DelimitedReader.ColumnType {
    switch name {
    case "int", "int64": .integers
    case "float", "float64": .doubles
    default: .text
    }
  }

  /// The usual words for a missing value and those that `na_values` adds.
  static func missingWords(in arguments: Arguments) -> Set<String> {
    givenWords(in: arguments).union(DelimitedReader.usualMissingWords)
  }

  /// The words of `na_values`.
  static func givenWords(in arguments: Arguments) -> Set<String> {
    guard let given = arguments.value("na_values") else { return [] }
    return Set((given.elements ?? [given]).map(\.text))
  }
}

extension TextLeak {
  /// What happened, and what to do about it.
  var sentence: String {
    switch reason {
    case .word(let word, let line):
      """
      column `\(column)` holds text, because of `\(word)` in line \(line); \
      na_values=[\(Literal.quoted(word))] would make it a missing value
      """
    case .digits:
      "column `\(column)` holds text: as numbers, some of its whole numbers would lose digits"
    }
  }
}
