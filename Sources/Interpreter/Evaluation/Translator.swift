package import CollabLanguage
import CollabTensors

/// Translates formulas into closures, once, so that running them again costs no walk over the syntax.
///
/// Local names become places in a frame, constants are made, and arguments find their parameters
/// ahead. Names further out are looked up when the code runs, because they may come and go.
package final class Translator {
  /// The text that ranges refer to.
  package let source: Source
  /// The builtins that names may stand for.
  package let library: Library
  /// Whether assignments make local names, and not variables of the session.
  package let isFunction: Bool
  /// The local names that are seen, the innermost last.
  private var visible: [(name: String, place: Int)] = []
  /// How many places a frame needs.
  private(set) var localCount = 0
  /// The first local names are parameters.
  private var parameterCount = 0
  /// What is picked out of parameters: where it is kept, and behind it how often elements of tensors
  /// had been replaced then.
  private var picks: [(parameter: Int, text: String, place: Int)] = []

  package init(_ source: Source, _ library: Library, isFunction: Bool = false) {
    (self.source, self.library, self.isFunction) = (source, library, isFunction)
  }

  /// The place of a local name; nil if the name is looked for further out.
  package func place(of name: String) -> Int? { visible.last { $0.name == name }?.place }

  /// The names that have places.
  package var localNames: [String] { visible.map(\.name) }

  /// Makes a local name, which hides others from here on.
  package func declare(_ name: String) -> Int {
    localCount += 1
    visible.append((name, localCount - 1))
    return localCount - 1
  }

  /// The place of a parameter; nil for other formulas.
  package func parameterPlace(of expression: Expression) -> Int? {
    guard case .name(let name) = expression.kind, let place = place(of: name),
      place < parameterCount
    else { return nil }
    return place
  }

  /// Where something that is picked out of a parameter is kept during a call.
  package func pickPlace(of parameter: Int, _ text: String) -> Int {
    if let pick = picks.last(where: { $0.parameter == parameter && $0.text == text }) {
      return pick.place
    }
    picks.append((parameter, text, localCount))
    localCount += 2
    return localCount - 2
  }

  /// Forgets what was picked out of a local name that gets another value.
  package func forgetPicks(of place: Int) { picks.removeAll { $0.parameter == place } }

  /// Makes the parameters of a definition the first local names.
  ///
  /// - Returns: their defaults, each of which sees the parameters before it.
  package func parameters(_ parameters: [FormalParameter]) -> [Formula?] {
    (localCount, parameterCount) = (parameters.count, parameters.count)
    return parameters.enumerated().map { place, parameter in
      let usual = parameter.defaultValue.map(formula)
      visible.append((parameter.name.name, place))
      return usual
    }
  }
}

// MARK: - Formulas

extension Translator {
  /// Translates a formula.
  package func formula(_ expression: Expression) -> Formula {
    if let value = Literal(expression).map(Value.init) { return Formula { _ in value } }
    switch expression.kind {
    // Literals, which are constants already.
    case .integer, .double, .string, .boolean, .none: return Formula { _ in .none }
    case .name(let name): return formula(name, at: expression.range)
    case .formatted(let parts): return formatted(parts)
    case .tuple(let elements):
      let elements = elements.map(formula)
      return Formula { frame in .tuple(try elements.map { try $0(frame) }) }
    case .list(let elements):
      let elements = elements.map(formula)
      return Formula { frame in .list(try elements.map { try $0(frame) }) }
    case .comprehension(let comprehension): return list(comprehension)
    case .unary(let sign, let operand): return unary(sign, operand, at: expression.range)
    case .binary(let left, let sign, let right): return binary(left, sign, right)
    case .member(let base, let name):
      let (base, source) = (formula(base), source)
      return Formula { frame in try base(frame).member(name, of: frame.scope.library, in: source) }
    case .call(let callee, let arguments): return call(callee, arguments, at: expression.range)
    case .subscripted(let base, let subscripts):
      return element(of: base, subscripts, at: expression.range)
    }
  }

  /// Translates a name.
  package func formula(_ name: String, at range: Range<Int>) -> Formula {
    if let place = place(of: name) { return Formula { frame in frame.locals[place] } }
    let name = OuterName(name, at: range, in: source, library)
    return Formula { frame in try name.value(in: frame) }
  }

  private func formatted(_ parts: [FormattedPart]) -> Formula {
    let source = source
    let pieces = parts.map { part -> (Frame) throws -> String in
      switch part {
      case .text(let text): return { _ in text }
      case .value(let expression, let format):
        let (code, range) = (formula(expression), expression.range)
        return { frame in
          let value = try code(frame)
          return try source.locating(range) { try value.formatted(format) }
        }
      }
    }
    return Formula { frame in try .joining(pieces.map { try $0(frame) }) }
  }

  private func list(_ comprehension: Comprehension) -> Formula {
    let (source, range) = (source, comprehension.sequence.range)
    let sequence = formula(comprehension.sequence)
    // Inside a model it is the fit that stops, and keeps what was learned.
    let isInterruptible = !isFunction && visible.isEmpty
    // A comprehension's names are its own: they hide others while it runs.
    let outer = visible
    let (names, nameRange) = (comprehension.names, comprehension.names[0].range)
    let places = names.map { declare($0.name) }
    let condition = comprehension.condition.map(formula)
    let element = formula(comprehension.element)
    visible = outer
    return Formula { frame in
      let members = try source.locating(range) { try sequence(frame).members() }
      defer { for place in places { frame.locals[place] = .none } }
      var values: [Value] = []
      for member in members {
        if isInterruptible, frame.scope.isInterrupted() { throw frame.scope.interrupted() }
        if places.count == 1 {
          frame.locals[places[0]] = member
        } else {
          let parts = try source.locating(nameRange) { try member.unpacked(into: places.count) }
          for (place, part) in zip(places, parts) { frame.locals[place] = part }
        }
        if let condition, try !condition(frame).isTrue() { continue }
        try MemoryBudget.require(1, of: Value.listedBytes)
        values.append(try element(frame))
      }
      return .list(values)
    }
  }

  private func unary(_ sign: UnaryOperator, _ operand: Expression, at range: Range<Int>) -> Formula
  {
    let (operand, source, syntax) = (formula(operand), source, operand)
    return Formula { frame in
      let value = try operand(frame)
      return try source.locating(range) {
        switch sign {
        case .not: .bool(try !source.isTrue(value, in: "not", of: .unary(sign, syntax)))
        case .invert: try Arithmetic.inverted(value)
        case .plus: value
        case .minus: try Arithmetic.negative(value)
        }
      }
    }
  }

  private func binary(_ left: Expression, _ sign: Operator, _ right: Expression) -> Formula {
    let (first, second) = (formula(left), formula(right))
    let source = source
    func isTrue(_ value: Value) throws -> Bool {
      try source.locating(left.range) {
        try source.isTrue(value, in: sign.kind.rawValue, of: .binary(left, sign, right))
      }
    }
    switch sign.kind {
    case .and:
      return Formula { frame in
        let value = try first(frame)
        return try isTrue(value) ? second(frame) : value
      }
    case .or:
      return Formula { frame in
        let value = try first(frame)
        return try isTrue(value) ? value : second(frame)
      }
    default:
      let kind = sign.kind
      return Formula { frame in
        let (a, b) = (try first(frame), try second(frame))
        do {
          return try Arithmetic.apply(kind, a, b)
        } catch TensorError.interrupted {
          throw TensorError.interrupted
        } catch {
          throw source.diagnostic(error, left.range, sign.range, right.range)
        }
      }
    }
  }
}

extension Source {
  /// Whether a condition holds; of many rows the message says which formula goes through all of them.
  fileprivate func isTrue(
    _ value: Value, in word: String, of formula: Expression.Kind
  ) throws -> Bool {
    do {
      return try value.isTrue()
    } catch Problem.ambiguousTruth where value.dtype == .bool {
      throw Problem.elementwise(word, instead: elementwise(formula))
    }
  }

  /// A formula with `&`, `|` and `~` in place of `and`, `or` and `not`.
  private func elementwise(_ formula: Expression.Kind) -> String {
    func operand(_ part: Expression) -> String {
      let text = text(in: part.range)
      return switch part.kind {
      case .binary(_, let sign, _) where sign.kind == .and || sign.kind == .or:
        "(\(elementwise(part.kind)))"
      case .unary(.not, _): elementwise(part.kind)
      // Brackets belong to the range of a formula, and not to that of its left side.
      case .binary(let left, _, _) where left.range.lowerBound == part.range.lowerBound:
        "(\(text))"
      default: text
      }
    }
    return switch formula {
    case .binary(let left, let sign, let right):
      "\(operand(left)) \(sign.kind == .and ? "&" : "|") \(operand(right))"
    case .unary(_, let part): "~\(operand(part))"
    default: ""
    }
  }

  /// What is wrong between two operands, both of which are underlined.
  fileprivate func diagnostic(
    _ error: any Error, _ left: Range<Int>, _ sign: Range<Int>, _ right: Range<Int>
  ) -> Diagnostic {
    var diagnostic = Diagnostic(error, at: sign, in: self)
    if diagnostic.range == sign { diagnostic.related = [left, right] }
    if case TensorError.cannotMultiply(let a, let b) = error, a.count == 2, a[0] == b.first {
      let shape = [a[1]] + b.dropFirst()
      diagnostic.help = ["\(text(in: left)).t() @ \(text(in: right)) gives \(shape)"]
    }
    return diagnostic
  }
}
