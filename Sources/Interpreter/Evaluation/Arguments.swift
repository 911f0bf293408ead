package import CollabLanguage

/// An evaluated argument and where it stands.
package struct EvaluatedArgument {
  package let name: Identifier?
  package var value: Value
  package let range: Range<Int>

  package init(name: Identifier?, value: Value, range: Range<Int>) {
    (self.name, self.value, self.range) = (name, value, range)
  }
}

/// The evaluated arguments of a command or call, by parameter.
///
/// An object, because it is handed on from call to call, and its parts would be counted each time.
package final class Arguments {
  /// The command or call.
  private let site: CallSite
  // Nothing else runs while these are used; calls that are made at every step would check a dozen times.
  /// What was given, in the order of the call, as the parameters take it.
  @exclusivity(unchecked) private var given: [EvaluatedArgument]
  /// The parameter of each.
  @exclusivity(unchecked) private var placement: Placement
  /// The whole numbers that were asked for last, and by which name.
  @exclusivity(unchecked) private var integers: (name: String, list: [Int]?)?

  private init(_ given: [EvaluatedArgument], _ placement: Placement, checkedBy site: CallSite) {
    (self.given, self.placement, self.site) = (given, placement, site)
  }

  /// Checks values whose parameters are known.
  ///
  /// - Throws: `bad-value` for the first that its parameter does not take.
  package convenience init(
    _ given: [EvaluatedArgument], _ placement: Placement, of site: CallSite
  ) throws {
    self.init(given, placement, checkedBy: site)
    try check()
  }

  private func check() throws {
    for index in places.indices {
      let place = places[index]
      guard !signature.takesAnything(at: place), !signature.takes(given[index].value, at: place)
      else { continue }
      given[index].value = try signature.checked(given[index], at: place, in: site.source)
    }
  }

  /// Evaluates what binding left as expressions, and checks it.
  package convenience init(
    _ bound: BoundArguments, _ signature: Signature, of site: CallSite,
    evaluate: (Expression, Range<Int>) throws -> Value
  ) throws {
    var (given, places): ([EvaluatedArgument], [Int]) = ([], [])
    for (place, parameter) in bound.spec.parameters.enumerated() {
      for one in bound.all(parameter.name) {
        let value: Value =
          switch one.value {
          case .literal(let literal): Value(literal)
          case .expression(let expression): try evaluate(expression, one.range)
          }
        given.append(try signature.checked(value, at: place, one.range, of: site, named: one.name))
        places.append(place)
      }
    }
    self.init(given, Placement(signature, places), checkedBy: site)
  }

  /// These, and a value for the parameter at a place.
  ///
  /// - Throws: `bad-value` if the parameter does not take it.
  package func adding(_ value: Value, to place: Int, at range: Range<Int>) throws -> Arguments {
    let argument = try signature.checked(value, at: place, range, of: site)
    return Arguments(
      given + [argument], Placement(signature, places + [place]), checkedBy: site)
  }

  private var places: [Int] { placement.places }
  package var signature: Signature { placement.signature }
  package var spec: CommandSpec { signature.spec }
  /// Where the command or call stands.
  package var range: Range<Int> { site.range }
  /// The text that ranges refer to.
  package var source: Source { site.source }

  /// The first value for the parameter at a place; nil if none was given.
  package subscript(place: Int) -> Value? {
    for index in places.indices where places[index] == place { return given[index].value }
    return nil
  }
}

// MARK: - For another call

extension Arguments {
  /// Takes the values out, so that nothing is held of a call that is over.
  package func clear() {
    for index in given.indices { given[index].value = .none }
    integers = nil
  }

  /// The list that the values lay in, for those of another call.
  package func takeList() -> [EvaluatedArgument] {
    defer { given = [] }
    return given
  }

  /// Takes the values of another call of the same place.
  ///
  /// - Throws: `bad-value` for the first that its parameter does not take.
  package func refill(_ given: consuming [EvaluatedArgument], _ placement: Placement) throws {
    (self.given, self.placement) = (given, placement)
    try check()
  }
}

/// Which parameter each argument of a call goes to, if they fit.
package final class Placement {
  package let signature: Signature
  /// For each argument, in order.
  package let places: [Int]
  /// The parameters that are left to their defaults.
  package let missing: [Int]

  package init(_ signature: Signature, _ places: [Int]) {
    (self.signature, self.places) = (signature, places)
    missing = signature.presences.indices.filter { !places.contains($0) }
  }
}

/// A spec with what every call of it needs, found once.
package final class Signature: Sendable {
  package let spec: CommandSpec
  /// The places of parameters that are given without a name.
  private let positional: [Int]
  /// The place of the parameter that takes the rest.
  private let rest: Int?
  /// The place of the parameter that takes arguments of any name.
  private let others: Int?
  private let names: [String]
  private let aliases: [String: Int]
  /// Which parameters must be given.
  package let presences: [Parameter.Presence]
  private let defaults: [Literal?]
  private let kinds: [Kind]

  package init(_ spec: CommandSpec) {
    self.spec = spec
    positional = spec.parameters.indices.filter {
      !spec.parameters[$0].isOptionOnly && !spec.parameters[$0].isRest
    }
    rest = spec.parameters.firstIndex(where: \.isPositionalRest)
    others = spec.parameters.firstIndex(where: \.takesAnyName)
    names = spec.parameters.map(\.name)
    aliases = Dictionary(
      spec.parameters.enumerated().flatMap { place, parameter in
        parameter.aliases.map { ($0, place) }
      }, uniquingKeysWith: { first, _ in first })
    presences = spec.parameters.map(\.presence)
    defaults = spec.parameters.map(\.defaultLiteral)
    kinds = spec.parameters.map { Kind($0.type) }
  }

  /// The place of a parameter.
  package func place(of name: String) -> Int? {
    names.firstIndex(of: name) ?? aliases[name]
  }

  /// The default of the parameter at a place.
  package func usual(_ place: Int) -> Value? { defaults[place].map(Value.init) }
}

// MARK: - Finding parameters

extension Signature {
  /// The place of the parameter of each argument; nil where there is none.
  package func places(of given: [EvaluatedArgument]) -> [Int?] {
    var next = 0
    return given.map { argument in
      if let name = argument.name { return place(of: name.name) ?? others }
      defer { next += 1 }
      return next < positional.count ? positional[next] : rest
    }
  }

  /// Where arguments go; nil if one has no parameter or is one too many, or one is missing.
  ///
  /// This is the rule of ``CommandSpec/place(positional:options:call:in:)`` once more, on what a
  /// signature has found once: calls in a step of training pass here. What does not fit goes there, so
  /// that every mistake is worded in one place.
  package func placement(of given: [EvaluatedArgument]) -> Placement? {
    let places = places(of: given).compactMap(\.self)
    guard places.count == given.count else { return nil }
    let isComplete = presences.indices.allSatisfy { place in
      let count = places.count { $0 == place }
      return switch presences[place] {
      case .required: count == 1
      case .optional: count <= 1
      case .rest(let least): count >= least
      case .anyName: true
      }
    }
    return isComplete ? Placement(self, places) : nil
  }
}

// MARK: - Checking values

extension Signature {
  /// Types whose values can be told to fit without a closer look.
  private enum Kind: Sendable {
    case any, boolean, integer, number, none, other
    indirect case either([Kind])

    init(_ type: ParameterType) {
      self =
        switch type {
        case .value: .any
        case .boolean: .boolean
        case .integer(nil): .integer
        case .number(.any): .number
        case .nothing: .none
        case .anyOf(let types): .either(types.map(Kind.init))
        default: .other
        }
    }

    /// Whether a value is taken as it is; nil if that takes a closer look.
    func takes(_ value: Value) -> Bool? {
      switch (self, value) {
      case (.any, _), (.boolean, .bool), (.integer, .int), (.number, .int), (.none, .none):
        return true
      case (.number, .double(let number)): return number.isFinite
      case (.boolean, _), (.integer, _), (.number, _), (.none, _): return false
      case (.either(let kinds), .int), (.either(let kinds), .double), (.either(let kinds), .bool),
        (.either(let kinds), .none):
        // The first that fits counts, so none before it may be in doubt.
        for kind in kinds {
          guard let isTaken = kind.takes(value) else { return nil }
          if isTaken { return true }
        }
        return false
      case (.either, _), (.other, _): return nil
      }
    }
  }

  /// Whether the parameter at a place takes any value as it is: asked first, it spares a copy of
  /// the value.
  package func takesAnything(at place: Int) -> Bool {
    if case .any = kinds[place] { true } else { false }
  }

  /// Whether a value is certainly taken as it is.
  package func takes(_ value: Value, at place: Int) -> Bool { kinds[place].takes(value) ?? false }

  /// A value as the parameter at a place takes it.
  ///
  /// - Throws: `bad-value` if it does not.
  package func checked(
    _ argument: EvaluatedArgument, at place: Int, in source: Source
  ) throws -> Value {
    if takes(argument.value, at: place) { return argument.value }
    return try spec.parameters[place].checked(argument.value, at: argument.range, in: source)
  }
}

extension Signature {
  /// A value as an argument for the parameter at a place.
  fileprivate func checked(
    _ value: Value, at place: Int, _ range: Range<Int>, of site: CallSite,
    named name: Identifier? = nil
  ) throws -> EvaluatedArgument {
    var argument = EvaluatedArgument(name: name, value: value, range: range)
    argument.value = try checked(argument, at: place, in: site.source)
    return argument
  }
}

extension Parameter {
  /// A value as the parameter takes it.
  fileprivate func checked(_ value: Value, at range: Range<Int>, in source: CollabLanguage.Source)
    throws -> Value
  {
    // `str` is a function, and the name of a type where one is wanted.
    if case .callable(let callable) = value,
      type.choices.contains(where: { $0.name == callable.name })
    {
      return .string(callable.name)
    }
    // `torch.int32` is an element type, and its name where one is wanted.
    if case .object(let kind as TypeName) = value,
      let name = kind.display.split(separator: ".").last.map(String.init),
      type.choices.contains(where: { $0.name == name })
    {
      return .string(name)
    }
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
  package func isGiven(_ name: String) -> Bool {
    signature.place(of: name).map { self[$0] != nil } ?? false
  }

  /// Everything that was given for a parameter that takes the rest.
  package func all(_ name: String) -> [Value] {
    guard let place = signature.place(of: name) else { return [] }
    return places.indices.filter { places[$0] == place }.map { given[$0].value }
  }

  /// Where each of them stands.
  package func ranges(of name: String) -> [Range<Int>] {
    guard let place = signature.place(of: name) else { return [] }
    return places.indices.filter { places[$0] == place }.map { given[$0].range }
  }

  /// The arguments whose names are no parameter's, for one that takes any name.
  package func named(_ name: String) -> [(name: String, value: Value)] {
    guard let place = signature.place(of: name) else { return [] }
    return places.indices.filter { places[$0] == place }.compactMap { index in
      given[index].name.map { ($0.name, given[index].value) }
    }
  }

  /// Where a parameter was given, or else where the call stands.
  package func range(of name: String) -> Range<Int> {
    signature.place(of: name).flatMap(places.firstIndex).map { given[$0].range } ?? range
  }

  /// The value that was given, or the default; nil if there is neither.
  package func value(_ name: String) -> Value? {
    guard let place = signature.place(of: name) else { return nil }
    return self[place] ?? signature.usual(place)
  }

  package func optionalInt(_ name: String) -> Int? { value(name)?.integer }
  package func optionalDouble(_ name: String) -> Double? {
    let value = value(name)
    if case .none? = value { return nil }
    return value?.number
  }
  package func optionalString(_ name: String) -> String? {
    switch value(name) {
    case .string(let text)?, .path(let text)?: text
    default: nil
    }
  }
  package func optionalInts(_ name: String) -> [Int]? {
    // The arguments of a call that is made at every step, if constant, are asked again and again.
    if let integers, integers.name == name { return integers.list }
    let list = value(name).flatMap(Self.integers)
    integers = (name, list)
    return list
  }
  private static func integers(in value: Value) -> [Int]? {
    if let single = value.integer { return [single] }
    guard let elements = value.elements else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }
  package func optionalDoubles(_ name: String) -> [Double]? {
    guard let elements = value(name)?.elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }
  package func optionalStrings(_ name: String) -> [String]? {
    guard let elements = value(name)?.elements else { return nil }
    let texts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    return texts.count == elements.count ? texts : nil
  }
  package func bool(_ name: String) throws -> Bool { try value(name)?.isTrue() ?? false }

  package func int(_ name: String) throws -> Int { try required(name, optionalInt(name)) }
  package func double(_ name: String) throws -> Double { try required(name, optionalDouble(name)) }
  package func string(_ name: String) throws -> String { try required(name, optionalString(name)) }

  /// The value of a parameter of another kind, picked out by `kind`.
  package func required<Kind>(_ name: String, _ kind: Kind?) throws -> Kind {
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
  package init(_ literal: Literal) {
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
  package init?(_ value: Value) {
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
    case .object(let mapping as Mapping):
      // Parameters take pairs; a type is known by its name.
      let pairs = zip(mapping.keys, mapping.values).compactMap { key, value -> Literal? in
        if case .callable(let type as BuiltinFunction) = value {
          return Literal(key).map { .tuple([$0, .string(type.name)]) }
        }
        guard let key = Literal(key), let value = Literal(value) else { return nil }
        return .tuple([key, value])
      }
      guard pairs.count == mapping.keys.count else { return nil }
      self = .list(pairs)
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
