import CollabLanguage
import CollabTensors

/// Something that can be changed where it is: a name, a member, an element.
struct ChangeablePlace {
  private let body: (Frame, (inout Value) throws -> Void) throws -> Void

  init(_ body: @escaping (Frame, (inout Value) throws -> Void) throws -> Void) { self.body = body }

  /// Calls `change` with what is there, and keeps what it makes of it.
  ///
  /// `change` must not run code of the session.
  func callAsFunction(_ frame: Frame, _ change: (inout Value) throws -> Void) throws {
    try body(frame, change)
  }
}

extension Translator {
  /// Translates what is left of `[…] =` or `.append(…)`.
  ///
  /// Lists are values: whoever changes one changes what holds it. What no name leads to is changed and
  /// forgotten, unless it is an object.
  func changeablePlace(_ expression: Expression) -> ChangeablePlace {
    let value = formula(expression)
    switch expression.kind {
    case .name(let name):
      if let place = place(of: name) {
        forgetPicks(of: place)
        return ChangeablePlace { frame, change in
          _ = try value(frame)
          try change(&frame.locals[place])
        }
      }
      let (outer, isMethod) = (outerName(name, at: expression.range), seesMembers)
      return ChangeablePlace { frame, change in
        var old = try outer.value(in: frame)
        if isMethod, let instance = frame.instance, outer.value(of: instance) != nil {
          try change(&old)
          try instance.set(name, to: old)
        } else if frame.scope.variables[name] != nil {
          old = .none
          try frame.scope.change(name, change)
        } else {
          try change(&old)
        }
      }
    case .member(let base, let name):
      let (owner, set) = (formula(base), setter(expression))
      let source = source
      let isRows = ["at", "iat", "iloc", "loc"].contains(name.name)
      let rows = isRows ? changeablePlace(base) : nil
      return ChangeablePlace { frame, change in
        if let rows, try owner(frame).hasRows {
          return try rows(frame) { try $0.changeRows(name.name, change) }
        }
        // An instance lends its member, so that a list is not copied each time.
        if case .module(let module) = try owner(frame), let instance = module as? ModelInstance,
          instance[name.name] != nil
        {
          var member = instance.take(name.name)
          defer { instance[name.name] = member }
          return try change(&member)
        }
        var member = try owner(frame).member(name, of: frame.scope.library, in: source)
        try change(&member)
        if !member.isObject { try set(member, frame) }
      }
    case .subscripted(let base, let subscripts):
      let (owner, source) = (changeablePlace(base), source)
      guard subscripts.count == 1, case .index(let index) = subscripts[0] else { break }
      let key = formula(index)
      return ChangeablePlace { frame, change in
        let key = try key(frame)
        try owner(frame) { owner in
          try source.locating(expression.range) {
            var element = try SubscriptCode.element(of: owner, key)
            try change(&element)
            // A part of a tensor is one of its own.
            if !element.isObject || element.dtype != nil {
              try owner.set([.index(key)], to: element)
            }
          }
        }
      }
    case .call(let callee, let arguments):
      // `d.setdefault(key, []).append(1)`: what the call gives is in the dict.
      guard case .member(let base, let name) = callee.kind, name.name == "setdefault",
        let key = arguments.first, key.kind == .positional
      else { break }
      let element = changeablePlace(
        Expression(.subscripted(base, [.index(key.value)]), at: expression.range))
      return ChangeablePlace { frame, change in
        _ = try value(frame)
        try element(frame, change)
      }
    default: break
    }
    return ChangeablePlace { frame, change in
      var value = try value(frame)
      try change(&value)
    }
  }

  private func setter(_ member: Expression) -> Setter {
    guard case .member(let base, let name) = member.kind else { return Setter { _, _ in } }
    return setter(AssignmentTarget(.member(base, name), at: member.range))
  }

  /// Translates what gives `base[…]` a value.
  func elementSetter(
    _ base: Expression, _ subscripts: [CollabLanguage.Subscript], at range: Range<Int>
  ) -> Setter {
    let (owner, parts, source) = (changeablePlace(base), subscripts.map(code), source)
    return Setter { value, frame in
      let value = value
      let index = try source.locating(range) { try parts.map { try $0.evaluated(in: frame) } }
      try owner(frame) { owner in
        try source.locating(range) { try owner.set(index, to: value) }
      }
    }
  }

  /// Translates what removes `base[…]`; the parser lets nothing else be removed.
  func deletion(_ target: AssignmentTarget) -> Step {
    guard case .element(let base, let subscripts) = target.kind else { return Step { _ in } }
    let (owner, parts, source) = (changeablePlace(base), subscripts.map(code), source)
    let range = target.range
    return Step { frame in
      let index = try source.locating(range) { try parts.map { try $0.evaluated(in: frame) } }
      try owner(frame) { owner in
        try source.locating(range) { try owner.remove(index) }
      }
    }
  }

  // MARK: Methods that change lists

  /// Translates `base.append(…)` and its like; nil for other methods.
  func change(
    of base: Expression, _ name: Identifier, _ arguments: [Argument], at range: Range<Int>
  ) -> Formula? {
    if let replacement = replacement(of: base, name, arguments, at: range) { return replacement }
    guard let change = ListChange(rawValue: name.name),
      let builtin = library.methods["List"]?[name.name]
    else { return nil }
    let (value, place, source) = (formula(base), changeablePlace(base), source)
    let site = site(arguments, at: range, callee: name.range)
    let ofTable = TableChange(rawValue: name.name).flatMap { change in
      library.methods["Table"]?[name.name].map { (change: change, builtin: $0) }
    }
    return Formula { frame in
      guard try value(frame).isChangeableList else {
        if let ofTable, try value(frame).isTable {
          let arguments = try site.arguments(for: ofTable.builtin, in: frame)
          var result = Value.none
          try place(frame) { table in
            try source.locating(range) {
              result = try ofTable.change.apply(to: &table, arguments)
            }
          }
          return result
        }
        let owner = try value(frame)
        return try site.call(
          owner.member(name, of: frame.scope.library, in: source), in: frame)
      }
      let arguments = try site.arguments(for: builtin, in: frame)
      // Keys are found before the list is lent out, for that runs code of the session.
      let keys = try change == .sort ? Self.keys(of: value(frame), arguments, site, frame) : nil
      var result = Value.none
      try place(frame) { list in
        try source.locating(range) { result = try change.apply(to: &list, arguments, keys: keys) }
      }
      return result
    }
  }
}

extension Translator {
  /// Translates `base.method(…, inplace=True)`: what the method gives takes the place of the table.
  private func replacement(
    of base: Expression, _ name: Identifier, _ arguments: [Argument], at range: Range<Int>
  ) -> Formula? {
    guard let option = arguments.first(where: { $0.name?.name == "inplace" }) else { return nil }
    let (value, flag, place) = (formula(base), formula(option.value), changeablePlace(base))
    let whole = site(arguments, at: range, callee: name.range)
    let others = arguments.filter { $0.name?.name != "inplace" }
    let site = site(others, at: range, callee: name.range)
    let isNamed = if case .name = base.kind { true } else { false }
    let source = source
    let written = others.map { source.text(in: $0.range) }.joined(separator: ", ")
    let text = source.text(in: base.range)
    let instead = "\(text).\(name.name)(\(written))"
    let target =
      if case .member(let owner, let column) = base.kind {
        "\(source.text(in: owner.range))['\(column.name)']"
      } else { "\(text)" }
    return Formula { frame in
      let owner = try value(frame)
      let method = try owner.member(name, of: frame.scope.library, in: source)
      guard owner.hasRows else { return try whole.call(method, in: frame) }
      let result = try site.call(method, in: frame)
      guard try flag(frame).isTrue() else { return result }
      guard isNamed || owner.isTable else {
        throw Problem.columnInPlace("\(target) = \(instead)").diagnostic(at: range, in: source)
      }
      try place(frame) { $0 = result }
      return .none
    }
  }

  /// What the argument `key` makes of each member; nil without one.
  private static func keys(
    of list: Value, _ arguments: Arguments, _ site: CallSite, _ frame: Frame
  ) throws -> [Value]? {
    guard let key = arguments.value("key"), !key.isNone else { return nil }
    return try list.members().map { try site.apply(key, to: [$0], in: frame.scope) }
  }
}

extension Value {
  /// Whether it is shared by all that hold it, and changes for all of them.
  fileprivate var isObject: Bool {
    switch self {
    case .object, .module, .tensor, .array: true
    default: false
    }
  }

  /// Whether this is a list; a tuple cannot change.
  fileprivate var isChangeableList: Bool {
    switch self {
    case .list, .longList: true
    default: false
    }
  }
}
