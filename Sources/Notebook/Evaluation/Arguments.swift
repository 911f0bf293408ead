import CommandLanguage

/// The evaluated arguments of a command or call, by parameter.
struct Arguments {
  let signature: Signature
  /// Where the command or call stands.
  let range: Range<Int>
  /// The text that ranges refer to.
  let source: Source

  /// What was given, in the order of the call.
  private var given: [Given] = []

  private struct Given {
    let place: Int
    let value: Value
    let range: Range<Int>
  }

  init(_ signature: Signature, at range: Range<Int>, in source: Source, count: Int = 0) {
    (self.signature, self.range, self.source) = (signature, range, source)
    given.reserveCapacity(count)
  }

  var spec: CommandSpec { signature.spec }

  /// Takes a value for the parameter at a place.
  ///
  /// - Throws: `bad-value` if the parameter does not take it.
  mutating func add(_ value: Value, to place: Int, at range: Range<Int>) throws {
    let isTaken = signature.takes(value, at: place)
    let checked =
      isTaken ? value : try spec.parameters[place].checked(value, at: range, in: source)
    given.append(Given(place: place, value: checked, range: range))
  }

  /// The first value for the parameter at a place; nil if none was given.
  subscript(place: Int) -> Value? { given.first { $0.place == place }?.value }

  /// Whether no parameter is given twice, and none that is needed is missing.
  var isComplete: Bool {
    signature.presences.indices.allSatisfy { place in
      let count = given.reduce(0) { $0 + ($1.place == place ? 1 : 0) }
      return switch signature.presences[place] {
      case .required: count == 1
      case .optional: count <= 1
      case .rest(let least): count >= least
      }
    }
  }
}

/// A spec with what every call of it needs, found once.
final class Signature: Sendable {
  let spec: CommandSpec
  /// The places of parameters that are given without a name.
  let positional: [Int]
  /// The place of the parameter that takes the rest.
  let rest: Int?
  /// Which parameters must be given.
  let presences: [Parameter.Presence]
  private let defaults: [Literal?]
  private let kinds: [Kind]

  /// Types whose values need no further check.
  private enum Kind { case any, boolean, integer, other }

  init(_ spec: CommandSpec) {
    self.spec = spec
    positional = spec.parameters.indices.filter {
      !spec.parameters[$0].isOptionOnly && !spec.parameters[$0].isRest
    }
    rest = spec.parameters.firstIndex(where: \.isRest)
    presences = spec.parameters.map(\.presence)
    defaults = spec.parameters.map(\.defaultLiteral)
    kinds = spec.parameters.map { parameter in
      switch parameter.type {
      case .value: .any
      case .boolean: .boolean
      case .integer(nil): .integer
      default: .other
      }
    }
  }

  /// Whether a value is taken as it is.
  func takes(_ value: Value, at place: Int) -> Bool {
    switch (kinds[place], value) {
    case (.any, _), (.boolean, .bool), (.integer, .int): true
    default: false
    }
  }

  /// The place of a parameter.
  func place(of name: String) -> Int? { spec.parameters.firstIndex { $0.name == name } }

  /// The default of the parameter at a place.
  func usual(_ place: Int) -> Value? { defaults[place].map(Value.init) }
}

extension Parameter {
  /// A value as the parameter takes it.
  fileprivate func checked(_ value: Value, at range: Range<Int>, in source: CommandLanguage.Source)
    throws -> Value
  {
    guard let literal = Literal(value) else {
      guard type.takesAnyValue else {
        throw refusal("`\(source.text(in: range))` is \(value.phrase)", at: range, in: source)
      }
      return value
    }
    do {
      return Value(try type.accept(literal))
    } catch {
      if type.takesAnyValue { return value }
      throw refusal("\(literal) is \(error.reason)", at: range, in: source)
    }
  }
}

// MARK: - Typed values

extension Arguments {
  /// Whether a parameter was given, and not left to its default.
  func isGiven(_ name: String) -> Bool {
    signature.place(of: name).map { self[$0] != nil } ?? false
  }

  /// Everything that was given for a parameter that takes the rest.
  func all(_ name: String) -> [Value] {
    guard let place = signature.place(of: name) else { return [] }
    return given.filter { $0.place == place }.map(\.value)
  }

  /// Where a parameter was given, or else where the call stands.
  func range(of name: String) -> Range<Int> {
    signature.place(of: name).flatMap { place in given.first { $0.place == place }?.range } ?? range
  }

  /// The value that was given, or the default; nil if there is neither.
  func value(_ name: String) -> Value? {
    guard let place = signature.place(of: name) else { return nil }
    return self[place] ?? signature.usual(place)
  }

  func optionalInt(_ name: String) -> Int? { value(name)?.integer }
  func optionalDouble(_ name: String) -> Double? {
    if case .none? = value(name) { nil } else { value(name)?.number }
  }
  func optionalString(_ name: String) -> String? {
    switch value(name) {
    case .string(let text)?, .path(let text)?: text
    default: nil
    }
  }
  func optionalInts(_ name: String) -> [Int]? {
    guard let value = value(name) else { return nil }
    if let single = value.integer { return [single] }
    guard let elements = value.elements else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }
  func optionalDoubles(_ name: String) -> [Double]? {
    guard let elements = value(name)?.elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }
  func optionalStrings(_ name: String) -> [String]? {
    guard let elements = value(name)?.elements else { return nil }
    let texts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    return texts.count == elements.count ? texts : nil
  }
  func bool(_ name: String) throws -> Bool { try value(name)?.isTrue() ?? false }

  func int(_ name: String) throws -> Int { try required(name, optionalInt(name)) }
  func double(_ name: String) throws -> Double { try required(name, optionalDouble(name)) }
  func string(_ name: String) throws -> String { try required(name, optionalString(name)) }

  /// The value of a parameter of another kind, picked out by `kind`.
  func required<Kind>(_ name: String, _ kind: Kind?) throws -> Kind {
    guard let kind else {
      let caption = value(name).map { "this is \($0.phrase)" }
      throw spec.parameter(name)?.refusal(caption, at: range(of: name), in: source)
        ?? Diagnostic("internal", "\(spec.name) has no parameter \(name)", at: range, in: source)
    }
    return kind
  }
}

// MARK: - Literals and values

extension Value {
  /// The value that a literal writes down.
  init(_ literal: Literal) {
    switch literal {
    case .integer(let value): self = .int(value)
    case .double(let value): self = .double(value)
    case .boolean(let value): self = .bool(value)
    case .string(let value): self = .string(value)
    case .none: self = .none
    case .tuple(let elements): self = .tuple(elements.map(Value.init))
    case .list(let elements): self = .list(elements.map(Value.init))
    }
  }
}

extension Literal {
  /// A value that can be written down; nil for others.
  init?(_ value: Value) {
    switch value {
    case .none: self = .none
    case .bool(let value): self = .boolean(value)
    case .int(let value): self = .integer(value)
    case .double(let value): self = .double(value)
    case .string(let value), .path(let value): self = .string(value)
    case .tuple, .list, .longList, .size:
      guard let elements = value.elements else { return nil }
      let literals = elements.compactMap { Literal($0) }
      guard literals.count == elements.count else { return nil }
      if case .tuple = value { self = .tuple(literals) } else { self = .list(literals) }
    case .tensor, .array:
      if let integer = value.integer {
        self = .integer(integer)
      } else if let number = value.number {
        self = .double(number)
      } else {
        return nil
      }
    default: return nil
    }
  }
}
