import CollabLanguage

extension Mapping {
  /// What an operator makes of two counters: counts that are not positive are left out.
  ///
  /// - Returns: nil unless both are counters, and for operators that they do not have.
  func counts(_ sign: Operator.Kind, _ other: Mapping) throws -> Mapping? {
    guard case .counter = kind, case .counter = other.kind else { return nil }
    let result = Mapping(.counter)
    for key in keys + other.keys {
      let (a, b) = (try element(key), try other.element(key))
      let count: Value
      switch sign {
      case .add, .subtract: count = try Arithmetic.apply(sign, a, b)
      case .bitAnd: count = try Arithmetic.apply(.less, a, b).isTrue() ? a : b
      case .bitOr: count = try Arithmetic.apply(.less, a, b).isTrue() ? b : a
      default: return nil
      }
      if try Arithmetic.apply(.greater, count, .int(0)).isTrue() { try result.set(key, to: count) }
    }
    return result
  }
}
