import CollabLanguage
import CollabTensors

extension Translator {
  /// A translated `for target in sequence if condition`.
  private struct ClauseCode {
    let sequence: Formula
    let range: Range<Int>
    let target: Setter
    let conditions: [(Frame) throws -> Bool]
  }

  /// Translates `[element for …]`.
  func list(_ comprehension: Comprehension) -> Formula {
    let outer = visible
    let walk = walk(comprehension)
    let element = formula(comprehension.element)
    visible = outer
    return Formula { frame in
      var values: [Value] = []
      try walk(frame) { frame in
        try MemoryBudget.require(1, of: Value.listedBytes)
        values.append(try element(frame))
      }
      return .list(values)
    }
  }

  /// Translates `{key: value for …}`.
  func mapping(_ key: Expression, _ comprehension: Comprehension) -> Formula {
    let (outer, source) = (visible, source)
    let walk = walk(comprehension)
    let (keyCode, value) = (formula(key), formula(comprehension.element))
    visible = outer
    return Formula { frame in
      let mapping = Mapping()
      try walk(frame) { frame in
        let (key, value) = (try keyCode(frame), try value(frame))
        try source.locating(comprehension.element.range) { try mapping.set(key, to: value) }
      }
      return .object(mapping)
    }
  }

  /// Translates `{key: value}`.
  func mapping(_ entries: [DictionaryEntry]) -> Formula {
    let source = source
    let codes = entries.map { ($0, $0.key.map(formula), formula($0.value)) }
    return Formula { frame in
      let mapping = Mapping()
      for (entry, key, value) in codes {
        if let key, let place = entry.key?.range {
          let (key, value) = (try key(frame), try value(frame))
          try source.locating(place) { try mapping.set(key, to: value) }
          continue
        }
        let other = try value(frame)
        guard case .object(let entries as Mapping) = other else {
          throw Problem.wrongKind("`**`", expected: "a dict", got: other.phrase).diagnostic(
            at: entry.value.range, in: source)
        }
        for (key, value) in zip(entries.keys, entries.values) { try mapping.set(key, to: value) }
      }
      return .object(mapping)
    }
  }

  /// Translates the clauses of a comprehension, whose names stay visible for what is made of them.
  ///
  /// - Returns: calls its argument for every member.
  private func walk(
    _ comprehension: Comprehension
  ) -> (Frame, (Frame) throws -> Void) throws -> Void {
    // Inside a model it is the fit that stops, and keeps what was learned.
    let isInterruptible = !isFunction && visible.isEmpty
    var places: [Int] = []
    let clauses = comprehension.clauses.map { clause in
      let sequence = formula(clause.sequence)
      let target = setter(clause.target, declares: true)
      places += clause.target.names.compactMap { place(of: $0.name) }
      return ClauseCode(
        sequence: sequence, range: clause.sequence.range, target: target,
        conditions: clause.conditions.map(condition))
    }
    let (ownPlaces, source) = (places, source)
    func walk(
      _ number: Int, _ frame: Frame, _ body: (Frame) throws -> Void
    ) throws {
      let clause = clauses[number]
      let members = try source.locating(clause.range) { try clause.sequence(frame).members() }
      for member in members {
        if isInterruptible, frame.scope.isInterrupted() { throw frame.scope.interrupted() }
        try clause.target(member, frame)
        guard try clause.conditions.allSatisfy({ try $0(frame) }) else { continue }
        if number + 1 < clauses.count {
          try walk(number + 1, frame, body)
        } else {
          try body(frame)
        }
      }
    }
    return { frame, body in
      defer { for place in ownPlaces { frame.locals[place] = .none } }
      try walk(0, frame, body)
    }
  }
}
