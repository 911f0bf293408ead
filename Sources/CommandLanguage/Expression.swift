/// A formula: something that has a value.
///
/// Two expressions are equal when their trees are; where they stand in a text, redundant parentheses
/// and the spelling of strings do not matter. No tree is deeper than `Expression.maximumDepth`, so a
/// recursive walk is safe.
public struct Expression: Sendable {
  /// What an expression is made of.
  public indirect enum Kind: Sendable, Equatable {
    /// A whole number.
    case integer(Int)
    /// A number with a decimal point or an exponent.
    case double(Double)
    /// A text, with escapes already resolved.
    case string(String)
    /// `true` or `false`.
    case boolean(Bool)
    /// `none`.
    case none
    /// A name to look up.
    case name(String)
    /// `f'Hello {a}'`.
    case formatted([FormattedPart])
    /// `(a, b)`, also without parentheses where a statement allows it; `()` is empty.
    case tuple([Expression])
    /// `[a, b]`.
    case list([Expression])
    /// `[element for target in sequence if condition]`.
    case comprehension(Comprehension)
    /// `{key: value}`; an entry without a key is `**value`.
    case dictionary([DictionaryEntry])
    /// `{key: value for target in sequence if condition}`.
    case dictionaryComprehension(key: Expression, Comprehension)
    /// `{a, b}`; `set(a)` is `{*a}`.
    case set([Expression])
    /// `*value` among the members of a tuple, list or set.
    case starred(Expression)
    /// `-a`, `+a`, `~a`, `not a`.
    case unary(UnaryOperator, Expression)
    /// `a + b`; with `and` and `or` the right side is evaluated only if it matters.
    case binary(Expression, Operator, Expression)
    /// `a < b < c`: each operand is evaluated once, and none behind a comparison that does not hold.
    case comparisons(Expression, [ComparisonLink])
    /// `a if condition else b`.
    case conditional(Expression, condition: Expression, otherwise: Expression)
    /// `lambda x: …`.
    case lambda(FunctionDefinition)
    /// `a.name`.
    case member(Expression, Identifier)
    /// `a(…)`.
    case call(Expression, [Argument])
    /// `a[…]`.
    case subscripted(Expression, [Subscript])
  }

  /// What it is made of.
  public let kind: Kind
  /// Where it stands, in UTF-8 offsets of its source.
  public let range: Range<Int>
  /// The length of the longest path to a leaf, at least one.
  let depth: Int

  /// The deepest tree the parser builds.
  public static let maximumDepth = 500

  /// An expression at a place.
  public init(_ kind: Kind, at range: Range<Int>) {
    self.kind = kind
    self.range = range
    depth = 1 + kind.childDepth
  }
}

extension Expression: Equatable {
  /// Whether two expressions have the same tree.
  public static func == (left: Expression, right: Expression) -> Bool { left.kind == right.kind }
}

extension Expression.Kind {
  /// The depth of the deepest child, zero without children.
  fileprivate var childDepth: Int {
    switch self {
    case .integer, .double, .string, .boolean, .none, .name: 0
    case .formatted(let parts): parts.deepest(\.depth)
    case .tuple(let elements), .list(let elements), .set(let elements):
      elements.deepest(\.depth)
    case .comprehension(let parts): parts.depth
    case .dictionary(let entries): entries.deepest { max($0.key?.depth ?? 0, $0.value.depth) }
    case .dictionaryComprehension(let key, let parts): max(key.depth, parts.depth)
    case .starred(let value): value.depth
    case .comparisons(let first, let links):
      max(first.depth, links.deepest(\.operand.depth))
    case .conditional(let value, let condition, let otherwise):
      max(value.depth, condition.depth, otherwise.depth)
    case .lambda(let function): function.depth
    case .unary(_, let operand): operand.depth
    case .binary(let left, _, let right): max(left.depth, right.depth)
    case .member(let base, _): base.depth
    case .call(let callee, let arguments):
      max(callee.depth, arguments.deepest(\.value.depth))
    case .subscripted(let base, let subscripts):
      max(base.depth, subscripts.deepest(\.depth))
    }
  }
}

extension Array {
  /// The largest depth of the members, zero without any; nothing is allocated for it.
  fileprivate func deepest(_ depth: (Element) -> Int) -> Int {
    reduce(0) { Swift.max($0, depth($1)) }
  }
}

// MARK: - Parts

/// A name in a text; equal to every other occurrence of the name.
public struct Identifier: Sendable, Hashable, CustomStringConvertible {
  /// The name.
  public let name: String
  /// Where it stands.
  public let range: Range<Int>

  /// A name at a place.
  public init(_ name: String, at range: Range<Int>) {
    self.name = name
    self.range = range
  }

  /// The name.
  public var description: String { name }

  /// Whether two identifiers are the same name.
  public static func == (left: Identifier, right: Identifier) -> Bool { left.name == right.name }

  /// Hashes the name only.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// An operator before its operand.
public enum UnaryOperator: String, Sendable {
  /// `-a`.
  case minus = "-"
  /// `+a`.
  case plus = "+"
  /// `~a`.
  case invert = "~"
  /// `not a`.
  case not
}

/// An operator between two operands, with its place.
public struct Operator: Sendable, Equatable {
  /// The operators, spelt as in the language.
  public enum Kind: String, Sendable, CaseIterable {
    case or, and
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in`
    case `is`
    case bitOr = "|"
    case bitExclusiveOr = "^"
    case bitAnd = "&"
    case leftShift = "<<"
    case rightShift = ">>"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case matrixMultiply = "@"
    case power = "**"
  }

  /// Which operator.
  public let kind: Kind
  /// Where it stands.
  public let range: Range<Int>

  /// An operator at a place.
  public init(_ kind: Kind, at range: Range<Int>) {
    self.kind = kind
    self.range = range
  }

  /// Whether two operators are of the same kind.
  public static func == (left: Operator, right: Operator) -> Bool { left.kind == right.kind }
}

/// One piece of an f-string.
public enum FormattedPart: Sendable, Equatable {
  /// Text as it is.
  case text(String)
  /// `{value}` or `{value:format}`; the format may have values of its own, as in `{value:{width}}`.
  case value(Expression, format: [FormattedPart])

  /// The depth of the deepest formula in it.
  var depth: Int {
    switch self {
    case .text: 0
    case .value(let expression, let format): max(expression.depth, format.deepest(\.depth))
    }
  }
}

/// `key: value` in a dict, or `**value`.
public struct DictionaryEntry: Sendable, Equatable {
  /// The key; nil for `**value`, a dict whose entries are put in.
  public let key: Expression?
  /// The value.
  public let value: Expression
}

/// An operator and what stands behind it, in `a < b < c`.
public struct ComparisonLink: Sendable, Equatable {
  /// The comparison.
  public let sign: Operator
  /// Whether it must not hold: `not in`, `is not`.
  public let isNegated: Bool
  /// The right side.
  public let operand: Expression
}

/// `element for target in sequence if condition`, the inside of a list.
public struct Comprehension: Sendable, Equatable {
  /// `for target in sequence if condition`.
  public struct Clause: Sendable, Equatable {
    /// What is bound to each member.
    public let target: AssignmentTarget
    /// What is walked through.
    public let sequence: Expression
    /// Members for which one of these is false are left out.
    public let conditions: [Expression]
  }

  /// Evaluated once for each member of the innermost sequence.
  public let element: Expression
  /// At least one; each is walked through for every member of the one before it.
  public let clauses: [Clause]

  var depth: Int {
    max(
      element.depth,
      clauses.deepest { max($0.sequence.depth, $0.conditions.deepest(\.depth)) })
  }
}

/// An argument of a call.
public struct Argument: Sendable, Equatable {
  /// How an argument finds its parameter.
  public enum Kind: Sendable, Equatable {
    /// By its place.
    case positional
    /// `name=value`.
    case option(Identifier)
    /// `*value`: every member of the value is a positional argument.
    case starred
    /// `**value`: every key of the dict is the name of an argument.
    case doubleStarred
  }

  /// How it finds its parameter.
  public let kind: Kind
  /// The value, without name or star.
  public let value: Expression
  /// Where it stands, with name or star.
  public let range: Range<Int>

  /// An argument of a call.
  public init(_ kind: Kind, _ value: Expression, at range: Range<Int>) {
    self.kind = kind
    self.value = value
    self.range = range
  }

  /// The name before `=`, if there is one.
  public var name: Identifier? {
    if case .option(let name) = kind { name } else { nil }
  }

  /// Whether two arguments are the same, wherever they stand.
  public static func == (left: Argument, right: Argument) -> Bool {
    left.kind == right.kind && left.value == right.value
  }
}

/// What stands between the brackets of `a[…]`.
public enum Subscript: Sendable, Equatable {
  /// An index, an index tensor, or `none` for a new axis.
  case index(Expression)
  /// `start:stop:step`, each of which may be left out.
  case slice(start: Expression?, stop: Expression?, step: Expression?)
  /// `...`: as many whole axes as are needed.
  case ellipsis

  var depth: Int {
    switch self {
    case .index(let expression): expression.depth
    case .slice(let start, let stop, let step):
      max(start?.depth ?? 0, stop?.depth ?? 0, step?.depth ?? 0)
    case .ellipsis: 0
    }
  }
}

extension FunctionDefinition {
  /// The depth of the deepest formula of a `lambda`; blocks are counted where they are read.
  var depth: Int {
    let defaults = parameters.deepest { $0.defaultValue?.depth ?? 0 }
    return switch body {
    case .straight(_, let result): max(defaults, result.depth)
    case .block: defaults
    }
  }
}
