/// What the value of a parameter may be, and so how a word that is given for it is read.
public indirect enum ParameterType: Sendable, Equatable {
  /// A whole number, perhaps within bounds.
  case integer(ClosedRange<Int>? = nil)
  /// A number, perhaps within bounds.
  case number(NumberBounds = .any)
  /// `true false on off yes no`.
  case boolean
  /// A bare word or a text in quotes, made of letters, digits, `-`, `_` and `.`.
  case name
  /// One of a few words.
  case choice([Choice])
  /// A bare word up to the next blank, a text in quotes, or a formula with quotes or brackets.
  case path
  /// A text in quotes; a bare word that is not a variable stands for itself.
  case string
  /// A bare word that names a column of the table argument.
  case column
  /// `none`.
  case nothing
  /// `(a, b)` of so many members, or any number.
  case tuple(of: ParameterType, count: Int? = nil)
  /// `[a, b]`.
  case list(of: ParameterType)
  /// `{ … }`: statements that the command runs itself, as text.
  case block
  /// Any formula, which the command evaluates itself; the word says what is expected, as in `Table`.
  case value(String = "Value")
  /// Whichever of these fits first.
  case anyOf([ParameterType])
}

/// One word of a choice, with a line of help.
public struct Choice: Sendable, Hashable {
  /// The word.
  public let name: String
  /// What it stands for, shown when completing.
  public let help: String

  /// A word and what it stands for.
  public init(_ name: String, _ help: String = "") {
    self.name = name
    self.help = help
  }
}

/// Which numbers a parameter takes.
public enum NumberBounds: Sendable, Equatable {
  /// All but infinities and nan.
  case any
  /// Above zero.
  case positive
  /// This one or above.
  case atLeast(Double)
  /// From the first to the last, both included.
  case between(Double, Double)

  /// Zero or above.
  public static let notNegative = NumberBounds.atLeast(0)

  func contains(_ value: Double) -> Bool {
    switch self {
    case .any: value.isFinite
    case .positive: value > 0 && value.isFinite
    case .atLeast(let low): value >= low && value.isFinite
    case .between(let low, let high): low <= value && value <= high
    }
  }
}

// MARK: - In words

extension ParameterType {
  /// The word in the type column of `help`.
  public var label: String {
    switch self {
    case .integer: "Int"
    case .number: "Double"
    case .boolean: "Bool"
    case .name, .choice: "Name"
    case .path: "Path"
    case .string: "String"
    case .column: "Column"
    case .nothing: "none"
    case .tuple: "Tuple"
    case .list: "List"
    case .block: "{ … }"
    case .value(let label): label
    case .anyOf(let types):
      types.map(\.label).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        .joined(separator: " or ")
    }
  }

  /// What it takes, in a message: `a whole number from 1 to 1000`.
  public var phrase: String {
    switch self {
    case .integer(nil): "a whole number"
    case .integer(let range?):
      if range.upperBound == .max {
        "a whole number of at least \(range.lowerBound)"
      } else {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
    case .number(.any): "a number"
    case .number(.positive): "a number above 0"
    case .number(.atLeast(let low)): "a number of at least \(short(low))"
    case .number(.between(let low, let high)): "a number from \(short(low)) to \(short(high))"
    case .boolean: "true or false"
    case .name: "a name"
    case .choice(let choices): ParameterType.alternatives(choices.map(\.name))
    case .path: "a path"
    case .string: "a text"
    case .column: "the name of a column"
    case .nothing: "none"
    case .tuple(let type, let count?): "a tuple of \(count) \(type.plural)"
    case .tuple(let type, nil): "a tuple of \(type.plural)"
    case .list(let type): "a list of \(type.plural)"
    case .block: "statements in braces"
    case .value("Value"): "a value"
    case .value("Values"): "numbers: a list, a tensor or a column"
    case .value(let label):
      "\("aeiou".contains(label.lowercased().prefix(1)) ? "an" : "a") \(label)"
    case .anyOf(let types): ParameterType.alternatives(types.map(\.phrase))
    }
  }

  private var plural: String {
    switch self {
    case .integer: "whole numbers"
    case .number: "numbers"
    case .boolean: "true or false"
    case .name, .choice: "names"
    case .path: "paths"
    case .string: "texts"
    case .column: "column names"
    default: "values"
    }
  }

  private func short(_ value: Double) -> String {
    "\(value)".hasSuffix(".0") ? String("\(value)".dropLast(2)) : "\(value)"
  }

  /// `a, b or c`.
  static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
  }

  /// Whether a value that is not a literal may be meant, so that a formula stays unevaluated.
  public var takesAnyValue: Bool {
    switch self {
    case .value: true
    case .anyOf(let types): types.contains(where: \.takesAnyValue)
    case .list(let type), .tuple(let type, _): type.takesAnyValue
    default: false
    }
  }

  /// The words it can be chosen from.
  public var choices: [Choice] {
    switch self {
    case .choice(let choices): choices
    case .boolean: [Choice("true"), Choice("false")]
    case .nothing: [Choice("none")]
    case .anyOf(let types): types.flatMap(\.choices)
    default: []
    }
  }
}

// MARK: - Checking a value

extension ParameterType {
  /// Why a value is not taken.
  public struct Refusal: Error, Sendable, Equatable {
    /// What the value is, for a caption: `0 is too small`.
    public let reason: String
  }

  /// The value as the parameter takes it.
  ///
  /// - Throws: the reason, if the value is of another kind or out of bounds.
  public func accept(_ literal: Literal) throws(Refusal) -> Literal {
    switch (self, literal) {
    case (.integer(let range), .integer(let value)):
      guard let range, !range.contains(value) else { return literal }
      throw Refusal(reason: value < range.lowerBound ? "too small" : "too large")
    case (.integer, .double): throw Refusal(reason: "not a whole number")
    case (.number(let bounds), .integer), (.number(let bounds), .double):
      if bounds.contains(literal.number ?? .nan) { return literal }
      throw Refusal(reason: bounds.refusal(of: literal.number ?? .nan))
    case (.boolean, .boolean), (.nothing, .none), (.value, _): return literal
    case (.name, .string(let text)), (.column, .string(let text)), (.path, .string(let text)):
      if text.isEmpty { throw Refusal(reason: "an empty text") }
      return literal
    case (.string, .string), (.block, .string): return literal
    case (.choice(let choices), .string(let text)):
      if choices.contains(where: { $0.name == text }) { return literal }
      throw Refusal(reason: "not one of them")
    case (.choice(let choices), _) where choices.contains { $0.name == "\(literal)" }:
      return .string("\(literal)")
    case (.tuple(let type, let count), _):
      guard let elements = literal.elements else { throw Refusal(reason: literal.noun) }
      if let count, elements.count != count { throw Refusal(reason: literal.noun) }
      return .tuple(try accept(all: elements, type))
    case (.list(let type), _):
      guard let elements = literal.elements else { throw Refusal(reason: literal.noun) }
      return .list(try accept(all: elements, type))
    case (.anyOf(let types), _):
      var refusals: [Refusal] = []
      for type in types {
        do { return try type.accept(literal) } catch { refusals.append(error) }
      }
      // A value of the right kind but out of bounds is worth more words than one of the wrong kind.
      throw refusals.first { $0.reason != literal.noun } ?? Refusal(reason: literal.noun)
    default: throw Refusal(reason: literal.noun)
    }
  }

  private func accept(all elements: [Literal], _ type: ParameterType) throws(Refusal) -> [Literal] {
    var accepted: [Literal] = []
    for element in elements {
      do {
        accepted.append(try type.accept(element))
      } catch {
        throw Refusal(reason: "made of others: \(element) is \(error.reason)")
      }
    }
    return accepted
  }
}

extension NumberBounds {
  fileprivate func refusal(of value: Double) -> String {
    switch self {
    case .any: "not finite"
    case .positive, .atLeast: value.isFinite ? "too small" : "not finite"
    case .between(let low, _): value < low ? "too small" : "too large"
    }
  }
}
