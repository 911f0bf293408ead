package import CollabLanguage
import CollabTensors

/// What is translated between the brackets of `a[…]`.
enum SubscriptCode {
  case index(Formula)
  case slice(start: Formula?, stop: Formula?, step: Formula?)
  case ellipsis

  func value(in frame: Frame) throws -> CollabTensors.Subscript {
    switch self {
    case .ellipsis: return .ellipsis
    case .slice(let start, let stop, let step):
      return .slice(
        start: try Self.bound(start, frame), stop: try Self.bound(stop, frame),
        step: try Self.bound(step, frame) ?? 1)
    case .index(let code): return try Self.subscript(code(frame))
    }
  }

  /// The subscript with the values of its parts.
  func evaluated(in frame: Frame) throws -> EvaluatedSubscript {
    switch self {
    case .ellipsis: return .ellipsis
    case .index(let code): return .index(try code(frame))
    case .slice(let start, let stop, let step):
      return .slice(
        start: try Self.bound(start, frame), stop: try Self.bound(stop, frame),
        step: try Self.bound(step, frame))
    }
  }

  static func `subscript`(_ value: Value) throws -> CollabTensors.Subscript {
    switch value {
    case .none: return .newAxis
    case .int(let index): return .index(index)
    case .tensor(let index), .array(let index): return .tensor(index)
    case .list, .longList, .tuple: return .tensor(try Tensor.of(value, isArray: false))
    default: throw Problem.wrongKind("an index", expected: "a whole number", got: value.phrase)
    }
  }

  /// The value of `base[index]`.
  static func element(of base: Value, _ index: Value) throws -> Value {
    switch base {
    case .tensor(let table):
      // The rows of a batch, without a list for the only subscript.
      if case .tensor(let rows) = index, rows.dtype.isWhole, !rows.shape.isEmpty,
        !table.shape.isEmpty
      {
        return .tensor(try table.rows(at: rows))
      }
      return .tensor(try table.indexed(by: [Self.subscript(index)]))
    case .array(let tensor): return .fromArray(try tensor.indexed(by: [Self.subscript(index)]))
    default: return try base.element(index)
    }
  }

  /// The value of `base[parts]`.
  static func element(of base: Value, _ parts: [SubscriptCode], in frame: Frame) throws
    -> Value
  {
    switch base {
    case .tensor(let tensor):
      return .tensor(try tensor.indexed(by: parts.map { try $0.value(in: frame) }))
    case .array(let tensor):
      return .fromArray(
        try tensor.indexed(by: parts.map { try $0.value(in: frame) }, allowsReversal: true))
    default: break
    }
    if case .object(let object) = base, parts.count > 1 || object.takesLabels {
      return try object.element(parts.map { try $0.part(in: frame) })
    }
    if case .longList = base, parts.count > 1 {
      return try base.element(
        .tuple(
          parts.map { part in
            guard case .index(let index) = part else { throw Problem.notIndexable(base.typeName) }
            return try index(frame)
          }))
    }
    guard parts.count == 1 else { throw Problem.notIndexable(base.typeName) }
    switch parts[0] {
    case .index(let index): return try base.element(index(frame))
    case .slice(let start, let stop, let step):
      return try base.slice(bound(start, frame), bound(stop, frame), bound(step, frame))
    case .ellipsis: throw Problem.notIndexable(base.typeName)
    }
  }

  /// The part as `.loc` and `.iloc` take it, whose ends may be labels.
  package func part(in frame: Frame) throws -> IndexPart {
    switch self {
    case .index(let index): .one(try index(frame))
    case .slice(let start, let stop, let step):
      .slice(
        start: try start?(frame) ?? .none, stop: try stop?(frame) ?? .none,
        step: try step?(frame) ?? .none)
    case .ellipsis: .all
    }
  }

  /// An end or the step of a slice; nil if it is left out.
  private static func bound(_ code: Formula?, _ frame: Frame) throws -> Int? {
    guard let value = try code?(frame) else { return nil }
    if case .none = value { return nil }
    guard let integer = value.integer else {
      throw Problem.wrongKind("a slice", expected: "whole numbers", got: value.phrase)
    }
    return integer
  }
}

extension Problem {
  /// The same with the way to a place, if a label of what stands before the brackets is missing.
  fileprivate func advised(on base: String, at range: Range<Int>, in source: Source) -> any Error {
    guard case .missingLabel(_, _, let place?) = self else { return self }
    var diagnostic = diagnostic(at: range, in: source)
    let rows = base.hasSuffix(".loc") ? base.dropLast(4) : base[...]
    diagnostic.help = ["\(rows).iloc[\(place)] counts places from 0"]
    return diagnostic
  }
}

extension Translator {
  /// Translates `base[subscripts]`.
  package func element(
    of base: Expression, _ subscripts: [CollabLanguage.Subscript], at range: Range<Int>
  ) -> Formula {
    let constants = subscripts.compactMap(\.constant)
    if constants.count == subscripts.count, let place = parameterPlace(of: base) {
      return pick(constants, of: place, subscripts, at: range)
    }
    let baseText = source.text(in: base.range)
    let (base, source) = (formula(base), source)
    let parts = subscripts.map(code)
    if parts.count == 1, case .index(let index) = parts[0] {
      return Formula { frame in
        try source.locating(range) {
          do {
            let base = try base(frame)
            var index = try index(frame)
            if case .callable = index, let rows = base.askedRows {
              index = try CallSite(at: range, in: source).apply(index, to: [rows], in: frame.scope)
            }
            return try SubscriptCode.element(of: base, index)
          } catch let problem as Problem {
            throw problem.advised(on: baseText, at: range, in: source)
          }
        }
      }
    }
    let fixed = constants.count == parts.count ? constants : nil
    return Formula { frame in
      let base = try source.locating(range) { try base(frame) }
      return try source.locating(range) {
        if case .tensor(let tensor) = base, let fixed {
          return .tensor(try tensor.indexed(by: fixed))
        }
        return try SubscriptCode.element(of: base, parts, in: frame)
      }
    }
  }

  func code(_ subscript: CollabLanguage.Subscript) -> SubscriptCode {
    switch `subscript` {
    case .index(let index): .index(formula(index))
    case .slice(let start, let stop, let step):
      .slice(start: start.map(formula), stop: stop.map(formula), step: step.map(formula))
    case .ellipsis: .ellipsis
    }
  }

  /// Translates what is picked out of a parameter, such as `x[:,0]`, which models write for each
  /// table: whole numbers are picked once a call.
  private func pick(
    _ constants: [CollabTensors.Subscript], of place: Int, _ subscripts: [CollabLanguage.Subscript],
    at range: Range<Int>
  ) -> Formula {
    let (source, parts) = (source, subscripts.map(code))
    let kept = pickPlace(of: place, source.text(in: range))
    return Formula { frame in
      if case .int(Tensor.replacementCount) = frame.locals[kept + 1] { return frame.locals[kept] }
      guard case .tensor(let tensor) = frame.locals[place] else {
        return try source.locating(range) {
          try SubscriptCode.element(of: frame.locals[place], parts, in: frame)
        }
      }
      let picked = Value.tensor(
        try source.locating(range) { try tensor.indexed(by: constants) })
      if tensor.dtype == .int64 {
        frame.locals[kept] = picked
        frame.locals[kept + 1] = .int(Tensor.replacementCount)
      }
      return picked
    }
  }
}

extension CollabLanguage.Subscript {
  /// The subscript, if it can be told without evaluating anything.
  fileprivate var constant: CollabTensors.Subscript? {
    switch self {
    case .ellipsis: return .ellipsis
    case .index(let expression):
      switch Literal(expression) {
      case .integer(let index)?: return .index(index)
      case .none?: return .newAxis
      default: return nil
      }
    case .slice(let start, let stop, let step):
      let bounds = [start, stop, step].map { bound -> Literal? in
        guard let bound else { return Literal.none }
        return Literal(bound)
      }
      var numbers: [Int?] = []
      for bound in bounds {
        switch bound {
        case .integer(let number)?: numbers.append(number)
        case .none?: numbers.append(nil)
        default: return nil
        }
      }
      return .slice(start: numbers[0], stop: numbers[1], step: numbers[2] ?? 1)
    }
  }
}

extension SessionObject {
  /// Whether a slice in brackets may go from label to label.
  fileprivate var takesLabels: Bool { self is Labels }
}

extension Value {
  /// What a function in brackets is asked about, as in `df[lambda d: d.rating > 3]`: the rows; nil for
  /// other kinds.
  fileprivate var askedRows: Value? {
    switch self {
    case .object(let labels as Labels): labels.whole
    case _ where hasRows: self
    default: nil
    }
  }
}
