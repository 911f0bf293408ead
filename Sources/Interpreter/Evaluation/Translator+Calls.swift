package import CollabLanguage
import CollabTensors

extension Translator {
  /// Translates `callee(arguments)`.
  package func call(_ callee: Expression, _ arguments: [Argument], at range: Range<Int>) -> Formula
  {
    if case .name("no_grad") = callee.kind, let body = arguments.first.map({ formula($0.value) }) {
      // The argument itself must not be recorded, so it is evaluated inside.
      return Formula { frame in try GradientMode.withoutRecording { try body(frame) } }
    }
    let source = source
    let calleeRange = callee.range
    switch callee.kind {
    case .member(let base, _) where isReceiver(base):
      let (function, site) = (formula(callee), site(arguments, at: range, callee: calleeRange))
      return Formula { frame in try site.call(function(frame), in: frame) }
    case .member(let base, let name):
      if let change = change(of: base, name, arguments, at: range) { return change }
      let base = formula(base)
      let site = site(arguments, at: range, callee: calleeRange)
      // Methods of tensors are called at every step of a model of the session.
      let method = library.tensorMethods[name.name]
      return Formula { frame in
        let receiver = try base(frame)
        if let method, case .tensor = receiver { return try site.call(method, receiver, in: frame) }
        return try site.call(
          receiver.member(name, of: frame.scope.library, in: source), in: frame)
      }
    case .name(let text) where place(of: text) == nil:
      let name = outerName(text, at: calleeRange)
      let site = site(arguments, at: range, callee: calleeRange)
      guard let builtin = name.builtin else {
        return Formula { frame in try site.call(name.value(in: frame), in: frame) }
      }
      return Formula { frame in
        if let other = name.found(in: frame) { return try site.call(other, in: frame) }
        return try site.call(builtin, .none, in: frame)
      }
    default:
      let function = formula(callee)
      let site = site(arguments, at: range, callee: calleeRange)
      return Formula { frame in try site.call(function(frame), in: frame) }
    }
  }

  func site(
    _ arguments: [Argument], at range: Range<Int>, callee: Range<Int>
  ) -> CallSite {
    let words = arguments.flatMap(wordsPerhaps)
    return CallSite(
      arguments.map { ($0, formula($0.value)) }, words: words,
      localNames: words.isEmpty ? [] : localNames, at: range, callee: callee, in: source)
  }

  /// The names in an argument that may turn out to be bare words, as in `schedule=flat`.
  private func wordsPerhaps(in argument: Argument) -> [OuterName] {
    guard argument.kind != .starred, argument.kind != .doubleStarred else { return [] }
    let formulas: [Expression] =
      switch argument.value.kind {
      case .list(let elements), .tuple(let elements): elements
      default: [argument.value]
      }
    return formulas.compactMap { formula in
      guard case .name(let name) = formula.kind, place(of: name) == nil else { return nil }
      let outer = outerName(name, at: formula.range)
      return outer.builtin == nil ? outer : nil
    }
  }
}
