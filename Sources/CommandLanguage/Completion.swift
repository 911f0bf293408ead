internal import CollabText

/// What may stand at the cursor.
public struct Completion: Sendable, Equatable {
  /// One way to go on.
  public struct Candidate: Sendable, Hashable {
    /// The text that replaces what was typed of the word.
    public let text: String
    /// What follows the word once it is complete: a blank, `=`, `(`, a closing quote, or nothing.
    public let suffix: String
    /// The word in a listing.
    public let label: String
    /// What it stands for, in a listing.
    public let note: String
  }

  /// The part of the line that a candidate replaces, in UTF-8 offsets; it ends at the cursor.
  public let range: Range<Int>
  /// The ways to go on, those that fit best first.
  public let candidates: [Candidate]
  /// How many more there are; they are too many to be listed.
  public var omittedCount = 0
}

/// Finds completions from the specs and from what a session knows.
public struct Completer {
  let registry: CommandRegistry
  let context: any CompletionContext
  let titleLimit: Int

  /// A completer for a registry and a session.
  ///
  /// - Parameters:
  ///   - registry: the commands and functions.
  ///   - context: what the session knows.
  ///   - titleLimit: the most titles that are wanted; the rest are only counted.
  public init(
    _ registry: CommandRegistry, context: any CompletionContext, titleLimit: Int = .max
  ) {
    self.registry = registry
    self.context = context
    self.titleLimit = titleLimit
  }

  /// What may stand at a cursor.
  ///
  /// - Parameters:
  ///   - text: what was typed, perhaps over several lines.
  ///   - cursor: a UTF-8 offset in it; nil for its end.
  /// - Returns: no candidates if nothing is known to fit.
  public func complete(_ text: String, cursor: Int? = nil) -> Completion {
    let bytes = Array(text.utf8.prefix(max(0, cursor ?? text.utf8.count)))
    let place = TypedPlace(Source(bytes: bytes, name: Source.promptName), registry.commandNames)
    let end = bytes.count
    if let quote = place.openQuote { return insideQuotes(place, quote) }
    if let dot = place.memberDot {
      let items = context.members(of: place.text(place.receiver(before: dot)..<dot))
      return completion(place.nameStart..<end, place, items.map(candidate))
    }
    if place.isBehindDot, place.command == nil || place.isInsideBrackets {
      return Completion(range: end..<end, candidates: [])
    }
    if !place.mayBeName, place.command == nil || place.isInsideBrackets {
      return Completion(range: end..<end, candidates: [])
    }
    guard let command = place.command, let spec = registry[command.name] else {
      return completion(place.nameStart..<end, place, names(place))
    }
    if place.isInsideBrackets {
      return completion(place.nameStart..<end, place, names(place))
    }
    return argument(place, spec, command)
  }

  private func completion(
    _ range: Range<Int>, _ place: TypedPlace, _ candidates: [Completion.Candidate]
  ) -> Completion {
    let typed = place.text(range)
    var seen: Set<String> = []
    let fitting = candidates.filter {
      $0.text.hasPrefix(typed) && seen.insert($0.text).inserted
    }
    return Completion(range: range, candidates: fitting)
  }
}

// MARK: - Names

extension Completer {
  private func candidate(_ item: CompletionItem) -> Completion.Candidate {
    Completion.Candidate(
      text: item.name, suffix: item.isCallable ? "(" : "", label: item.name, note: item.note)
  }

  private func word(_ name: String, _ note: String = "") -> Completion.Candidate {
    Completion.Candidate(text: name, suffix: " ", label: name, note: note)
  }

  private func option(_ parameter: Parameter) -> Completion.Candidate {
    Completion.Candidate(
      text: parameter.name, suffix: "=", label: "\(parameter.name)=", note: parameter.help)
  }

  /// Commands at the start of a statement, and everything that can stand in a formula.
  private func names(_ place: TypedPlace) -> [Completion.Candidate] {
    var candidates: [Completion.Candidate] = []
    if let callee = place.callee, let spec = registry[callee] {
      candidates += spec.parameters.filter { !$0.isRest }.map(option)
    }
    if place.isAtStart {
      for spec in registry.specs where spec.form == .command {
        candidates += ([spec.name] + spec.aliases).map { word($0, spec.summary) }
      }
    }
    candidates += context.variables.map(candidate)
    for spec in registry.specs where !spec.isMethod && !(place.isAtStart && spec.form == .command) {
      candidates.append(
        Completion.Candidate(text: spec.name, suffix: "(", label: spec.name, note: spec.summary))
    }
    return candidates
  }
}

// MARK: - Arguments of commands

extension Completer {
  private func argument(
    _ place: TypedPlace, _ spec: CommandSpec, _ command: TypedPlace.TypedCommand
  ) -> Completion {
    let end = place.end
    if let equal = place.equalSign {
      let name = place.text(place.wordStart..<equal)
      guard let parameter = spec.parameter(name) else {
        return Completion(range: equal + 1..<end, candidates: [])
      }
      return values(of: parameter, equal + 1..<end, place, command)
    }
    var candidates: [Completion.Candidate] = []
    var omittedCount = 0
    let slots = spec.parameters.filter { !$0.isOptionOnly && !$0.isRest }
    let used = command.positionalCount
    if let parameter = used < slots.count ? slots[used] : spec.parameters.first(where: \.isRest) {
      let own = values(of: parameter, place.wordStart..<end, place, command)
      // Words that are not names, such as paths, replace more than a name.
      if own.range.lowerBound != place.nameStart { return own }
      (candidates, omittedCount) = (own.candidates, own.omittedCount)
    }
    let options = spec.parameters.filter {
      !$0.isRest && !command.options.contains($0.name) && (!$0.isRequired || $0.isOptionOnly)
    }.map(option)
    // Where a value begins with what was typed, that is meant.
    if place.nameStart == place.wordStart, candidates.isEmpty || place.nameStart == end {
      candidates += completion(place.nameStart..<end, place, options).candidates
    }
    return Completion(
      range: (candidates.isEmpty ? place.wordStart : place.nameStart)..<end,
      candidates: candidates, omittedCount: omittedCount)
  }

  private func values(
    of parameter: Parameter, _ word: Range<Int>, _ place: TypedPlace,
    _ command: TypedPlace.TypedCommand
  ) -> Completion {
    let typed = place.text(word)
    var candidates = parameter.type.choices.map { self.word($0.name, $0.help) }
    switch parameter.completes {
    case .datasets:
      candidates += context.datasets.map { self.word($0.name, $0.note) }
      if !typed.isEmpty { candidates += files(typed) }
    case .topics: candidates += registry.specs.map { self.word($0.name, $0.summary) }
    case .variables: candidates += context.variables.map { self.word($0.name, $0.note) }
    case .titles:
      let matches = context.titles(like: typed, limit: titleLimit)
      candidates += matches.titles.map {
        Completion.Candidate(text: Literal.quoted($0), suffix: " ", label: $0, note: "")
      }
      return Completion(
        range: word, candidates: candidates, omittedCount: matches.omittedCount)
    case .files: return Completion(range: word, candidates: files(typed))
    case .typical:
      if parameter.type.mentions(.path) {
        return Completion(range: word, candidates: files(typed))
      }
      if parameter.type.mentions(.column) {
        candidates += context.columns(of: command.firstArgument).map { self.word($0) }
      }
      if parameter.type.takesAnyValue, place.mayBeName {
        // In the middle of a formula only names can go on.
        if place.nameStart > word.lowerBound { candidates = [] }
        // Before anything is typed only what is likely is offered.
        let isOpen = place.nameStart == place.end
        candidates += context.variables.filter { !isOpen || $0.fits(parameter.type) }
          .map(candidate)
        // Behind words of its own, functions are too many and rarely meant.
        if !isOpen, parameter.type.choices.isEmpty {
          candidates += registry.specs.filter { $0.form == .function }.map {
            Completion.Candidate(text: $0.name, suffix: "(", label: $0.name, note: $0.summary)
          }
        }
        return completion(place.nameStart..<place.end, place, candidates)
      }
    }
    return completion(word, place, candidates)
  }

  private func files(_ typed: String) -> [Completion.Candidate] {
    context.files(beginningWith: typed).map { path in
      let isBare = path.utf8.allSatisfy { !" '\"()[];#".utf8.contains($0) }
      return Completion.Candidate(
        text: isBare ? path : Literal.quoted(path), suffix: path.hasSuffix("/") ? "" : " ",
        label: Self.fileName(path), note: "")
    }
  }

  /// The last part of a path, with the slash of a folder.
  private static func fileName(_ path: String) -> String {
    let slash = path.dropLast().lastIndex(of: "/")
    return slash.map { String(path[path.index(after: $0)...]) } ?? path
  }
}

extension ParameterType {
  fileprivate func mentions(_ type: ParameterType) -> Bool {
    switch self {
    case type: true
    case .anyOf(let types): types.contains { $0.mentions(type) }
    case .list(let inner), .tuple(let inner, _): inner.mentions(type)
    default: false
    }
  }
}

// MARK: - Inside quotes

extension Completer {
  private func insideQuotes(_ place: TypedPlace, _ quote: Int) -> Completion {
    let range = quote + 1..<place.end
    let typed = place.text(range)
    let mark = place.text(quote..<quote + 1)
    var texts: [String] = []
    var titles = TitleMatches([])
    if let parameter = place.parameter(in: registry), !place.isInsideBrackets {
      switch parameter.completes {
      case .titles: titles = context.titles(like: typed, limit: titleLimit)
      case .datasets: texts = context.datasets.map(\.name)
      case .files: texts = context.files(beginningWith: typed)
      default:
        if parameter.type.mentions(.path) { texts = context.files(beginningWith: typed) }
        if parameter.type.mentions(.column) {
          texts = context.columns(of: place.command?.firstArgument)
        }
      }
    } else {
      texts = context.columns(of: place.indexedFormula)
      if texts.isEmpty { titles = context.titles(like: typed, limit: titleLimit) }
    }
    let fitting = texts.filter { $0.hasPrefix(typed) } + titles.titles
    let candidates = fitting.map { text in
      Completion.Candidate(
        text: Self.escaped(text, in: mark), suffix: text.hasSuffix("/") ? "" : mark,
        label: text, note: "")
    }
    return Completion(range: range, candidates: candidates, omittedCount: titles.omittedCount)
  }

  /// A text as it is written between quotes.
  private static func escaped(_ text: String, in mark: String) -> String {
    // Most titles have nothing to escape, and there may be many of them.
    guard text.utf8.contains(where: { mark.utf8.contains($0) || $0 == .backslash }) else {
      return text
    }
    return text.replacing("\\", with: "\\\\").replacing(mark, with: "\\" + mark)
  }
}
