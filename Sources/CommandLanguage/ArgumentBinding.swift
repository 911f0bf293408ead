/// What can be wrong with the arguments of a command: every message about them is written here.
enum BindingProblem {
  case unknownOption(String, of: CommandSpec)
  case repeatedOption(String)
  case tooMany(CommandSpec, given: Int)
  case unquoted(String)
  case missing(Parameter, of: CommandSpec)
  case starred

  func diagnostic(at range: Range<Int>, in source: Source) -> Diagnostic {
    switch self {
    case .unknownOption(let name, let spec):
      let names = spec.parameters.filter { !$0.isRest }.map(\.name)
      var help = Suggestion.help(for: Suggestion.nearest(to: name, among: names))
      if name == "inplace" { help = ["leave it out, and give what comes of the call a name"] }
      if help.isEmpty, !names.isEmpty { help = ["known are \(names.joined(separator: ", "))"] }
      return Diagnostic(
        .unknownOption, "`\(spec.name)` has no option `\(name)`", at: range, in: source,
        help: help)
    case .repeatedOption(let name):
      return Diagnostic(.repeated, "`\(name)` is given twice", at: range, in: source)
    case .tooMany(let spec, _):
      let what = spec.parameters.isEmpty ? "nothing" : "no more than `\(Help.usage(of: spec))`"
      return Diagnostic(
        .tooManyArguments, "`\(spec.name)` takes \(what)", at: range, in: source)
    case .unquoted(let name):
      return Diagnostic(
        .tooManyArguments, "`\(name)` is one text", at: range, in: source,
        help: ["put a text with blanks in quotes: '…'"])
    case .missing(let parameter, let spec):
      let what = parameter.help.isEmpty ? "" : ", \(parameter.help)"
      return Diagnostic(
        .missingArgument, "`\(spec.name)` needs \(parameter.name.uppercased())\(what)", at: range,
        in: source, help: spec.examples.first.map { ["for example \($0.code)"] } ?? [])
    case .starred:
      return Diagnostic(
        .syntax, "the arguments must be evaluated before they are bound", at: range, in: source)
    }
  }
}

// MARK: - Finding the parameter of each argument

/// Which parameter each argument of a call goes to, as indices into the parameters of the spec.
public struct ArgumentPlacement: Sendable, Equatable {
  /// For each positional argument, in order.
  public let positional: [Int]
  /// For each named argument, in order.
  public let options: [Int]
}

extension CommandSpec {
  /// Finds the parameter of each argument: by place first, then by name.
  ///
  /// - Parameters:
  ///   - positional: where the arguments without a name stand.
  ///   - options: the names of the others.
  ///   - call: where to point if something is missing.
  ///   - source: the text that the ranges refer to.
  /// - Returns: a parameter for each argument.
  /// - Throws: `unknown-option`, `repeated`, `too-many-arguments` or `missing-argument`.
  public func place(
    positional: [Range<Int>], options: [Identifier], call: Range<Int>, in source: Source
  ) throws(Diagnostic) -> ArgumentPlacement {
    func fail(_ problem: BindingProblem, _ range: Range<Int>) -> Diagnostic {
      problem.diagnostic(at: range, in: source)
    }
    let slots = parameters.indices.filter {
      !parameters[$0].isOptionOnly && !parameters[$0].isRest
    }
    let rest = parameters.firstIndex(where: \.isPositionalRest)
    let others = parameters.firstIndex(where: \.takesAnyName)
    var places: [Int] = []
    for (index, range) in positional.enumerated() {
      guard let place = index < slots.count ? slots[index] : rest else {
        if slots.count == 1, parameters[slots[0]].type == .string {
          throw fail(.unquoted(parameters[slots[0]].name), range)
        }
        throw fail(.tooMany(self, given: positional.count), range)
      }
      places.append(place)
    }
    var used = Set(places)
    var named: [Int] = []
    for option in options {
      let own = parameters.firstIndex { $0.answers(to: option.name) && !$0.isRest }
      guard let place = own ?? others else {
        throw fail(.unknownOption(option.name, of: self), option.range)
      }
      guard used.insert(place).inserted || place == others else {
        throw fail(.repeatedOption(option.name), option.range)
      }
      named.append(place)
    }
    for (index, parameter) in parameters.enumerated() {
      let isMissing: Bool =
        switch parameter.presence {
        case .required: !used.contains(index)
        case .optional, .anyName: false
        case .rest(let count): places.filter { $0 == index }.count < count
        }
      if isMissing { throw fail(.missing(parameter, of: self), call) }
    }
    return ArgumentPlacement(positional: places, options: named)
  }
}

// MARK: - Binding

extension CommandSpec {
  /// Binds the words of a command.
  ///
  ///     let arguments = try spec.bind(command) { session.variables[$0] != nil }
  ///
  /// - Parameters:
  ///   - command: the command as it was typed.
  ///   - isVariable: whether a name stands for a value. A bare name that does is evaluated where a number
  ///     is expected; any other is a mistake. The default takes every name for one, which suits checking
  ///     a file before it runs.
  /// - Returns: the arguments, some perhaps still to be evaluated.
  /// - Throws: what is wrong with the first argument that does not fit.
  public func bind(
    _ command: Command, isVariable: (String) -> Bool = { _ in true }
  ) throws(Diagnostic) -> BoundArguments {
    do throws(Diagnostic) {
      return try bindWords(of: command, isVariable: isVariable)
    } catch {
      var error = error
      if let advice = command.advice(by: self) { error.help = [advice] }
      throw error
    }
  }

  private func bindWords(
    of command: Command, isVariable: (String) -> Bool
  ) throws(Diagnostic) -> BoundArguments {
    let source = command.source
    if let late = command.positionalWordBehindOption, named(block: late).option == nil {
      throw SyntaxProblem.positionalAfterOption.diagnostic(at: late.range, in: source)
    }
    let words = command.words.map { named(block: $0) }
    let positional = words.filter { $0.option == nil }
    let options = words.filter { $0.option != nil }
    let placement: ArgumentPlacement
    do {
      placement = try place(
        positional: positional.map(\.range), options: options.compactMap(\.option),
        call: command.name.range, in: source)
    } catch {
      if error.code == "too-many-arguments", parameters.contains(where: \.type.takesAnyValue) {
        for word in positional { try word.refuseCutFormula() }
      }
      throw error
    }
    var bound = BoundArguments(spec: self, range: command.range, source: source)
    for (word, index) in zip(positional + options, placement.positional + placement.options) {
      let parameter = parameters[index]
      let reading = try parameter.type.read(word, isVariable: isVariable)
      try bound.add(reading, to: parameter, at: word.range, named: word.option)
    }
    return bound
  }

  /// A word as the parameter takes it that is for statements, if it is some: they may stand behind options.
  private func named(block word: Word) -> Word {
    guard word.option == nil, word.statements != nil,
      let parameter = parameters.first(where: { $0.type == .block })
    else { return word }
    return Word(
      option: Identifier(parameter.name, at: word.range), range: word.range,
      valueRange: word.valueRange, source: word.source)
  }

  /// Binds the arguments of a call, which means the same as the words of a command.
  ///
  /// - Parameters:
  ///   - arguments: the arguments; none of them starred, because those are only known once evaluated.
  ///   - call: where the call stands.
  ///   - source: the text that the ranges refer to.
  ///   - isVariable: whether a name stands for a value.
  /// - Returns: the arguments, some perhaps still to be evaluated.
  /// - Throws: what is wrong with the first argument that does not fit.
  public func bind(
    _ arguments: [Argument], call: Range<Int>, in source: Source,
    isVariable: (String) -> Bool = { _ in true }
  ) throws(Diagnostic) -> BoundArguments {
    if let starred = arguments.first(where: { $0.kind == .starred }) {
      throw BindingProblem.starred.diagnostic(at: starred.range, in: source)
    }
    let positional = arguments.filter { $0.name == nil }
    let options = arguments.filter { $0.name != nil }
    let placement = try place(
      positional: positional.map(\.range), options: options.compactMap(\.name), call: call,
      in: source)
    var bound = BoundArguments(spec: self, range: call, source: source)
    for (argument, index) in zip(positional + options, placement.positional + placement.options) {
      let parameter = parameters[index]
      let reading = parameter.type.read(argument.value, isVariable: isVariable)
      try bound.add(reading, to: parameter, at: argument.range, named: argument.name)
    }
    return bound
  }
}

extension Word {
  /// Refuses `a*` or `*b`, which are halves of a formula that a blank has cut.
  fileprivate func refuseCutFormula() throws(Diagnostic) {
    let operators: Set<Character> = ["+", "-", "*", "/", "%", "@", "<", ">", "="]
    guard let first = text.first, let last = text.last else { return }
    if operators.contains(first) || operators.contains(last) { _ = try expression() }
  }
}

extension Command {
  /// How the command is typed, if commas stand between its words or a title lacks its quotes.
  fileprivate func advice(by spec: CommandSpec) -> String? {
    let bare = words.filter { $0.option == nil }
    let rest = words.filter { $0.option != nil }.map { source.text(in: $0.range) }
    if bare.contains(where: { $0.text.hasSuffix(",") }) {
      let typed = bare.map { $0.text.hasSuffix(",") ? String($0.text.dropLast()) : $0.text }
      let command = ([name.name] + typed.filter { !$0.isEmpty } + rest).joined(separator: " ")
      return "blanks separate arguments, without commas: \(command)"
    }
    let takesTitle = spec.parameters.first { !$0.isOptionOnly }?.completes == .titles
    guard takesTitle, bare.count > 1,
      !bare.contains(where: { $0.text.hasPrefix("'") || $0.text.hasPrefix("\"") })
    else { return nil }
    let title = Literal.quoted(bare.map(\.text).joined(separator: " "))
    return "a title with blanks is put in quotes: "
      + ([name.name, title] + rest).joined(separator: " ")
  }

  /// The first word without a name that stands behind one with a name.
  fileprivate var positionalWordBehindOption: Word? {
    let options = words.drop { $0.option == nil }
    return options.first { $0.option == nil }
  }
}
