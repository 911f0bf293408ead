package import CollabLanguage
import CollabTables
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
  /// What a method calls its instance; nil in other functions, and where members are seen as names.
  package let receiver: String?
  /// The local names that are seen, the innermost last.
  package var visible: [(name: String, place: Int)] = []
  /// How many places a frame needs.
  package private(set) var localCount = 0
  /// The first local names are parameters.
  private var parameterCount = 0
  /// What is picked out of parameters: where it is kept, and behind it how often elements of tensors
  /// had been replaced then.
  private var picks: [(parameter: Int, text: String, place: Int)] = []
  /// What translates the function around this one.
  private let outer: Translator?
  /// Local names of the function around this one, and where their values are kept here.
  package private(set) var captures: [(name: String, outer: Int, place: Int)] = []
  /// Where the instance is kept, if more is asked for than its members.
  package private(set) var receiverPlace: Int?
  /// Places that may not have a value yet when they are asked for.
  package private(set) var late: Set<Int> = []

  package init(
    _ source: Source, _ library: Library, isFunction: Bool = false, receiver: String? = nil,
    within outer: Translator? = nil
  ) {
    (self.source, self.library, self.isFunction) = (source, library, isFunction)
    (self.receiver, self.outer) = (receiver, outer)
  }

  /// Whether names may be members of the instance: not where methods say `self`.
  package var seesMembers: Bool { receiver == nil && outer?.seesMembers != false }

  /// The place of a local name; nil if the name is looked for further out.
  package func place(of name: String) -> Int? {
    if let place = ownPlace(of: name) { return place }
    if name == receiver { return placeOfReceiver() }
    guard let place = outer?.place(of: name) else { return nil }
    localCount += 1
    visible.insert((name, localCount - 1), at: 0)
    captures.append((name, place, localCount - 1))
    return localCount - 1
  }

  /// The place of a local name of this function.
  private func ownPlace(of name: String) -> Int? { visible.last { $0.name == name }?.place }

  private func placeOfReceiver() -> Int {
    if let receiverPlace { return receiverPlace }
    localCount += 1
    receiverPlace = localCount - 1
    return localCount - 1
  }

  /// The place of a name that is assigned to in this function.
  package func assignedPlace(of name: String) -> Int { ownPlace(of: name) ?? declare(name) }

  /// Makes local names of all that a function assigns, wherever that is: until then none of them has a
  /// value.
  package func declareLate(_ names: [String]) {
    for name in names where ownPlace(of: name) == nil { late.insert(declare(name)) }
  }

  /// Whether a formula is the instance of the method.
  package func isReceiver(_ expression: Expression) -> Bool {
    guard let receiver, case .name(receiver) = expression.kind else { return false }
    return ownPlace(of: receiver) == nil
  }

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
      let elements = members(elements)
      return Formula { frame in .tuple(try elements(frame)) }
    case .list(let elements):
      let elements = members(elements)
      return Formula { frame in .list(try elements(frame)) }
    case .set(let elements):
      let (elements, source) = (members(elements), source)
      return Formula { frame in
        let values = try elements(frame)
        return try source.locating(expression.range) { .object(try ValueSet(values)) }
      }
    case .comprehension(let comprehension): return list(comprehension)
    case .dictionary(let entries): return mapping(entries)
    case .dictionaryComprehension(let key, let comprehension): return mapping(key, comprehension)
    case .starred(let value): return formula(value)
    case .comparisons(let first, let links): return comparisons(first, links, expression)
    case .conditional(let value, let condition, let otherwise):
      let (value, otherwise) = (formula(value), formula(otherwise))
      let holds = self.condition(condition)
      return Formula { frame in try holds(frame) ? value(frame) : otherwise(frame) }
    case .lambda(let definition): return closure(definition)
    case .unary(let sign, let operand): return unary(sign, operand, at: expression.range)
    case .binary(let left, let sign, let right): return binary(left, sign, right)
    case .member(let base, let name):
      if isReceiver(base) { return memberOfReceiver(name) }
      let (base, source) = (formula(base), source)
      return Formula { frame in try base(frame).member(name, of: frame.scope.library, in: source) }
    case .call(let callee, let arguments): return call(callee, arguments, at: expression.range)
    case .subscripted(let base, let subscripts):
      return element(of: base, subscripts, at: expression.range)
    }
  }

  /// Translates a name.
  package func formula(_ name: String, at range: Range<Int>) -> Formula {
    if let place = place(of: name) {
      guard late.contains(place) else { return Formula { frame in frame.locals[place] } }
      let source = source
      return Formula { frame in
        let value = frame.locals[place]
        if case .object(is Unassigned) = value {
          throw Problem.unassigned(name).diagnostic(at: range, in: source)
        }
        return value
      }
    }
    let name = outerName(name, at: range)
    return Formula { frame in try name.value(in: frame) }
  }

  /// A name that is no local one.
  package func outerName(_ name: String, at range: Range<Int>) -> OuterName {
    OuterName(name, at: range, in: source, library, seesMembers: seesMembers)
  }

  /// Translates `self.name`: the place of a member is found once.
  package func memberOfReceiver(_ name: Identifier) -> Formula {
    let (member, source) = (outerName(name.name, at: name.range), source)
    return Formula { frame in
      guard let instance = frame.instance else { return .none }
      if let value = member.value(of: instance) { return value }
      return try Value.module(instance).member(name, of: frame.scope.library, in: source)
    }
  }

  /// The members of a list or tuple, where `*a` stands for those of `a`.
  private func members(_ elements: [Expression]) -> (Frame) throws -> [Value] {
    let formulas = elements.map(formula)
    let stars = elements.indices.filter {
      if case .starred = elements[$0].kind { true } else { false }
    }
    guard !stars.isEmpty else { return { frame in try formulas.map { try $0(frame) } } }
    let source = source
    return { frame in
      var values: [Value] = []
      for (place, formula) in formulas.enumerated() {
        let value = try formula(frame)
        if stars.contains(place) {
          values += try source.locating(elements[place].range) { try value.members() }
        } else {
          values.append(value)
        }
      }
      return values
    }
  }

  /// Whether a formula counts as true.
  package func condition(_ expression: Expression) -> (Frame) throws -> Bool {
    let (formula, range, source) = (formula(expression), expression.range, source)
    return { frame in
      switch try formula(frame) {
      case .bool(let flag): return flag
      case let value: return try source.locating(range) { try value.isTrue() }
      }
    }
  }

  /// Translates `a < b < c`.
  private func comparisons(
    _ first: Expression, _ links: [ComparisonLink], _ whole: Expression
  ) -> Formula {
    let (start, operands, source) = (formula(first), links.map { formula($0.operand) }, source)
    return Formula { frame in
      var left = try start(frame)
      var result = Value.bool(true)
      for (link, operand) in zip(links, operands) {
        let right = try operand(frame)
        result = try source.locating(link.sign.range) {
          let holds = try Arithmetic.apply(link.sign.kind, left, right)
          return link.isNegated ? .bool(try !holds.isTrue()) : holds
        }
        if link.sign != links.last?.sign || link.operand != links.last?.operand {
          do {
            guard try result.isTrue() else { return result }
          } catch Problem.ambiguousTruth, Problem.ambiguousRows {
            throw Problem.elementwise("a < b < c", instead: source.elementwise(first, links))
              .diagnostic(at: whole.range, in: source)
          }
        }
        left = right
      }
      return result
    }
  }

  private func formatted(_ parts: [FormattedPart]) -> Formula {
    let pieces = parts.map(piece)
    return Formula { frame in try .joining(pieces.map { try $0(frame) }) }
  }

  private func piece(_ part: FormattedPart) -> (Frame) throws -> String {
    switch part {
    case .text(let text): return { _ in text }
    case .value(let expression, let format):
      let (code, range, source) = (formula(expression), expression.range, source)
      let format = format.map(piece)
      return { frame in
        let value = try code(frame)
        let format = try format.map { try $0(frame) }.joined()
        return try source.locating(range) { try value.formatted(format) }
      }
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
        } catch let error where error.isInterruption {
          throw error
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
    } catch Problem.ambiguousRows where value.numbers?.isTruth == true {
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

  /// Comparisons one by one, with `&` between them.
  fileprivate func elementwise(_ first: Expression, _ links: [ComparisonLink]) -> String {
    let operands = [first] + links.map(\.operand)
    return links.enumerated().map { place, link in
      let (left, right) = (operands[place].range, operands[place + 1].range)
      return "(\(text(in: left)) \(link.sign.kind.rawValue) \(text(in: right)))"
    }.joined(separator: " & ")
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
