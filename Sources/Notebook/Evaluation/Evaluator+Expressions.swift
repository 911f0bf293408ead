import CommandLanguage
import Tensors

extension Evaluator {
  /// The value of an expression.
  func evaluate(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .integer(let value): .int(value)
    case .double(let value): .double(value)
    case .string(let value): .string(value)
    case .boolean(let value): .bool(value)
    case .none: .none
    case .name(let name): try lookUp(name, at: expression.range)
    case .formatted(let parts): try formatted(parts)
    case .tuple(let elements): .tuple(try elements.map(evaluate))
    case .list(let elements): .list(try elements.map(evaluate))
    case .comprehension(let comprehension): try list(comprehension)
    case .unary(let sign, let operand): try unary(sign, operand, at: expression.range)
    case .binary(let left, let sign, let right): try binary(left, sign, right)
    case .member(let base, let name): try member(name, of: evaluate(base))
    case .call(let callee, let arguments):
      try call(callee, arguments, at: expression.range)
    case .subscripted(let base, let subscripts):
      try locating(expression.range) { try element(of: evaluate(base), subscripts) }
    }
  }

  private func formatted(_ parts: [FormattedPart]) throws -> Value {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .value(let expression, let format):
        let value = try evaluate(expression)
        text += try locating(expression.range) { try value.formatted(format) }
      }
    }
    return .string(text)
  }

  private func list(_ comprehension: Comprehension) throws -> Value {
    let members = try locating(comprehension.sequence.range) {
      try evaluate(comprehension.sequence).members()
    }
    // A comprehension's names are its own: they hide others while it runs.
    let inner = Scope(instance: scope?.instance, outer: scope)
    let evaluator = Evaluator(session, source, scope: inner)
    var values: [Value] = []
    for member in members {
      // Inside a model it is the fit that stops, and keeps what was learned.
      if scope == nil, session.isInterrupted() { throw session.interrupted() }
      if comprehension.names.count == 1 {
        inner[comprehension.names[0].name] = member
      } else {
        let parts = try locating(comprehension.names[0].range) {
          try member.unpacked(into: comprehension.names.count)
        }
        for (name, part) in zip(comprehension.names, parts) { inner[name.name] = part }
      }
      if let condition = comprehension.condition,
        try !evaluator.evaluate(condition).isTrue()
      {
        continue
      }
      values.append(try evaluator.evaluate(comprehension.element))
    }
    return .list(values)
  }

  private func unary(
    _ sign: UnaryOperator, _ operand: Expression, at range: Range<Int>
  ) throws -> Value {
    let value = try evaluate(operand)
    return try locating(range) {
      switch sign {
      case .not: .bool(try !value.isTrue())
      case .plus: value
      case .minus: try Arithmetic.negative(value)
      }
    }
  }

  private func binary(
    _ left: Expression, _ sign: Operator, _ right: Expression
  ) throws -> Value {
    let first = try evaluate(left)
    switch sign.kind {
    case .and: return try first.isTrue() ? evaluate(right) : first
    case .or: return try first.isTrue() ? first : evaluate(right)
    default:
      let second = try evaluate(right)
      do {
        return try Arithmetic.apply(sign.kind, first, second)
      } catch {
        var diagnostic = Diagnostic(error, at: sign.range, in: source)
        if diagnostic.range == sign.range { diagnostic.related = [left.range, right.range] }
        if let help = transposeHelp(error, left, right) { diagnostic.help = [help] }
        throw diagnostic
      }
    }
  }

  /// The product that fits if the left matrix is transposed.
  private func transposeHelp(_ error: any Error, _ left: Expression, _ right: Expression) -> String?
  {
    guard case TensorError.cannotMultiply(let a, let b) = error, a.count == 2,
      a[0] == b.first
    else { return nil }
    let shape = [a[1]] + b.dropFirst()
    let (first, second) = (source.text(in: left.range), source.text(in: right.range))
    return "\(first).t() @ \(second) gives \(shape)"
  }
}
