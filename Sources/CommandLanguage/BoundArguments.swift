/// The arguments of one command or call, each with its parameter.
///
///     let epochs = try arguments.int("epochs")
///     let decay = try arguments.double("wd")  // the default if it was not given
///
/// Formulas that were given where a number or another literal is expected must be evaluated first, with
/// `resolve`. Formulas for parameters of type `value` stay as they are and are found by `expression`.
public struct BoundArguments: Sendable {
  /// One argument.
  public struct Bound: Sendable, Equatable {
    /// What it means.
    public internal(set) var value: BoundValue
    /// Where it stands, with its name.
    public let range: Range<Int>
  }

  /// What the arguments were bound to.
  public let spec: CommandSpec
  /// Where the command or call stands.
  public let range: Range<Int>
  /// The text that ranges refer to.
  public let source: Source
  private var values: [String: [Bound]] = [:]

  init(spec: CommandSpec, range: Range<Int>, source: Source) {
    self.spec = spec
    self.range = range
    self.source = source
  }

  mutating func add(
    _ reading: ArgumentReading, to parameter: Parameter, at range: Range<Int>
  ) throws(Diagnostic) {
    switch reading {
    case .accepted(let value):
      values[parameter.name, default: []].append(Bound(value: value, range: range))
    case .refused(let caption, let near):
      throw parameter.refusal(caption, at: range, in: source, near: near)
    }
  }
}

// MARK: - What was given

extension BoundArguments {
  /// Whether a parameter was given, and not left to its default.
  public func isGiven(_ name: String) -> Bool { values[name] != nil }

  /// Everything that was given for a parameter: more than one only if it takes the rest.
  public func all(_ name: String) -> [Bound] { values[name] ?? [] }

  /// Where a parameter was given, or else where the command stands.
  public func range(of name: String) -> Range<Int> { values[name]?.first?.range ?? range }

  /// The formula that was given for a parameter; nil if it was not given or is a literal.
  public func expression(_ name: String) -> Expression? {
    if case .expression(let expression)? = values[name]?.first?.value { expression } else { nil }
  }

  /// The formulas that were given for a parameter that takes the rest.
  public func expressions(_ name: String) -> [Expression] {
    all(name).compactMap {
      if case .expression(let expression) = $0.value { expression } else { nil }
    }
  }

  /// The literal that was given for a parameter, or its default; nil if there is neither.
  public func literal(_ name: String) -> Literal? {
    switch values[name]?.first?.value {
    case .literal(let literal)?: literal
    case .expression?: nil
    case nil: spec.parameter(name)?.defaultLiteral
    }
  }
}

// MARK: - Evaluating

extension BoundArguments {
  /// The value of a formula, as far as binding can judge it.
  public enum Evaluated: Sendable {
    /// A value that can be written down.
    case literal(Literal)
    /// Any other; the text says what it is, as in `a Tensor`.
    case other(String)
  }

  /// Evaluates the formulas that stand where a literal is expected, and checks their values.
  ///
  /// - Parameter evaluate: gives the value of a formula.
  /// - Throws: what `evaluate` throws, or `bad-value`.
  public mutating func resolve(
    _ evaluate: (Expression) throws(Diagnostic) -> Evaluated
  ) throws(Diagnostic) {
    for parameter in spec.parameters where !parameter.type.takesAnyValue {
      guard var bounds = values[parameter.name] else { continue }
      for index in bounds.indices {
        guard case .expression(let expression) = bounds[index].value else { continue }
        switch try evaluate(expression) {
        case .literal(let literal):
          let checked = try parameter.check(literal, at: bounds[index].range, in: source)
          bounds[index].value = .literal(checked)
        case .other(let what):
          let text = source.text(in: expression.range)
          throw parameter.refusal("`\(text)` is \(what)", at: bounds[index].range, in: source)
        }
      }
      values[parameter.name] = bounds
    }
  }
}

// MARK: - Typed values

extension BoundArguments {
  /// A whole number, given or by default.
  public func int(_ name: String) throws(Diagnostic) -> Int {
    try required(name, optionalInt(name))
  }

  /// A number, given or by default.
  public func double(_ name: String) throws(Diagnostic) -> Double {
    try required(name, optionalDouble(name))
  }

  /// True or false, given or by default.
  public func bool(_ name: String) throws(Diagnostic) -> Bool {
    guard case .boolean(let value)? = literal(name) else { throw absent(name) }
    return value
  }

  /// A text, name or path, given or by default.
  public func string(_ name: String) throws(Diagnostic) -> String {
    try required(name, optionalString(name))
  }

  /// The numbers of a tuple or list, given or by default.
  public func doubles(_ name: String) throws(Diagnostic) -> [Double] {
    try required(name, optionalDoubles(name))
  }

  /// The whole numbers of a tuple or list, given or by default.
  public func ints(_ name: String) throws(Diagnostic) -> [Int] {
    try required(name, optionalInts(name))
  }

  /// The texts of a tuple or list, or of a parameter that takes the rest.
  public func strings(_ name: String) throws(Diagnostic) -> [String] {
    try required(name, optionalStrings(name))
  }

  /// A whole number; nil if there is none, or it is `none`.
  public func optionalInt(_ name: String) -> Int? {
    if case .integer(let value)? = literal(name) { value } else { nil }
  }

  /// A number; nil if there is none, or it is `none`.
  public func optionalDouble(_ name: String) -> Double? { literal(name)?.number }

  /// A text, name or path; nil if there is none, or it is `none`.
  public func optionalString(_ name: String) -> String? {
    if case .string(let value)? = literal(name) { value } else { nil }
  }

  /// The numbers of a tuple or list; nil if there is none, or it is `none`.
  public func optionalDoubles(_ name: String) -> [Double]? {
    guard let elements = literal(name)?.elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }

  /// The whole numbers of a tuple or list; nil if there is none, or it is `none`.
  public func optionalInts(_ name: String) -> [Int]? {
    guard let elements = literal(name)?.elements else { return nil }
    let numbers = elements.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    return numbers.count == elements.count ? numbers : nil
  }

  /// The texts of a tuple or list or of the rest; nil if there is none, or it is `none`.
  public func optionalStrings(_ name: String) -> [String]? {
    let isRest = spec.parameter(name)?.isRest == true
    let literals = all(name).compactMap {
      if case .literal(let value) = $0.value { value } else { nil }
    }
    guard let elements = isRest ? literals : literal(name)?.elements else { return nil }
    let texts = elements.compactMap { if case .string(let value) = $0 { value } else { nil } }
    return texts.count == elements.count ? texts : nil
  }

  private func required<Value>(_ name: String, _ value: Value?) throws(Diagnostic) -> Value {
    guard let value else { throw absent(name) }
    return value
  }

  /// The diagnostic for a value that a command asks for and does not have.
  private func absent(_ name: String) -> Diagnostic {
    guard let parameter = spec.parameter(name) else {
      return Diagnostic(
        "internal", "`\(spec.name)` has no parameter `\(name)`", at: range, in: source)
    }
    if isGiven(name) {
      return parameter.refusal(nil, at: self.range(of: name), in: source)
    }
    return BindingProblem.missing(parameter, of: spec).diagnostic(at: range, in: source)
  }
}
