internal import CollabText

/// Help texts, made from specs: lines of plain text.
///
///     Help(registry).topic("fit")
public struct Help: Sendable {
  private let registry: CommandRegistry

  /// Help for all that a registry knows.
  public init(_ registry: CommandRegistry) { self.registry = registry }
}

// MARK: - Looking up

extension Help {
  /// Help for a word: a command or function, an error code, `errors`, or else the best matches of a search.
  ///
  /// - Parameters:
  ///   - word: what was asked for.
  ///   - width: the columns of the screen.
  /// - Returns: the lines to print.
  /// - Throws: `no-help` if nothing matches.
  public func topic(_ word: String, width: Int = 100) throws(Diagnostic) -> [String] {
    let error = registry.errors.first { $0.code == word }
    // A method is asked for behind its dot, as `np.shape`.
    if let spec = registry[word], error == nil || !spec.isMethod {
      return Help.lines(for: spec, width: width)
    }
    if word == "errors" { return errorList(width: width) }
    if let error {
      return ["error[\(error.code)]", ""] + TextWrap.paragraphs(error.text, indent: 2, width: width)
    }
    // `learn.fit_one_cycle` is described under the last name.
    if let dot = word.lastIndex(of: "."),
      let spec = registry[String(word[word.index(after: dot)...])]
    {
      return Help.lines(for: spec, width: width)
    }
    let found = apropos(word)
    guard found.isEmpty else {
      return ["nothing is called `\(word)`; see"] + table(found, width: width)
    }
    let names = registry.specs.map(\.name)
    throw Diagnostic(
      .noHelp, "there is no help for `\(word)`",
      help: Suggestion.help(for: Suggestion.nearest(to: word, among: names)) + ["help"])
  }

  /// The commands and functions whose description fits a text best, at most `limit`.
  ///
  /// Every word of the text must occur. A hit in the name counts more than one in the summary, and that
  /// more than one in the details.
  public func apropos(_ text: String, limit: Int = 5) -> [CommandSpec] {
    let words = text.lowercased().split { $0.isWhitespace }.map(String.init)
    guard !words.isEmpty else { return [] }
    var scored: [(score: Int, index: Int)] = []
    for (index, spec) in registry.specs.enumerated() {
      let scores = words.map { score($0, spec) }
      if scores.allSatisfy({ $0 > 0 }) { scored.append((scores.reduce(0, +), index)) }
    }
    scored.sort { ($1.score, $0.index) < ($0.score, $1.index) }
    return scored.prefix(limit).map { registry.specs[$0.index] }
  }

  private func score(_ word: String, _ spec: CommandSpec) -> Int {
    let names = ([spec.name] + spec.aliases).map { $0.lowercased() }
    if names.contains(word) { return 100 }
    if names.contains(where: { $0.contains(word) }) { return 20 }
    if spec.summary.lowercased().contains(word) { return 10 }
    if spec.details.lowercased().contains(word) { return 4 }
    let parameters = spec.parameters.map { "\($0.name) \($0.help)".lowercased() }
    return parameters.contains { $0.contains(word) } ? 2 : 0
  }

  /// The lines of `apropos TEXT`.
  public func aproposLines(_ text: String, width: Int = 100) -> [String] {
    let found = apropos(text)
    return found.isEmpty
      ? ["nothing is described with `\(text)`"] : table(found, width: width)
  }

  private func table(_ specs: [CommandSpec], width: Int) -> [String] {
    TextColumns.lines(specs.map { [$0.name, $0.summary] }, indent: 2, gap: 3, width: width)
  }

  private func errorList(width: Int) -> [String] {
    TextColumns.lines(
      registry.errors.sorted { $0.code < $1.code }.map { [$0.code, $0.text] }, indent: 2, gap: 3,
      width: width)
  }
}

// MARK: - All commands

extension Help {
  /// One line for each command, under the headings of the groups.
  public func overview(width: Int = 100) -> [String] {
    let commands = registry.specs.filter { $0.form == .command }
    let names = commands.map { shortUsage($0) }
    let column = min(names.map(DisplayWidth.of).max() ?? 0, max(12, width / 3))
    var lines: [String] = []
    for group in CommandGroup.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append(group.rawValue)
      for spec in members {
        let usage = DisplayWidth.padded(shortUsage(spec), to: column)
        lines.append(DisplayWidth.cut("  \(usage)  \(spec.summary)", to: width))
      }
    }
    return lines + [""]
      + TextWrap.lines(
        "help NAME tells more · apropos TEXT searches · help keys, help language, help errors, "
          + "help python, help scripts are pages", indent: 0,
        hanging: 0, width: width)
  }

  /// The name and what must be given; `…` if more may be.
  private func shortUsage(_ spec: CommandSpec) -> String {
    let required = spec.parameters.filter { $0.isRequired || $0.isRest }.map(Help.usage)
    let hasMore = spec.parameters.contains { !$0.isRequired && !$0.isRest }
    return ([spec.name] + required + (hasMore ? ["…"] : [])).joined(separator: " ")
  }
}

// MARK: - One command

extension Help {
  /// The first line of a command's help: `fit EPOCHS LR [wd=0.01]`; a call for a function.
  public static func usage(of spec: CommandSpec) -> String {
    let parameters = spec.parameters.map(usage)
    switch spec.form {
    case .command: return ([spec.name] + parameters).joined(separator: " ")
    case .function: return "\(spec.name)(\(parameters.joined(separator: ", ")))"
    case .method(let type):
      return "\(type.lowercased()).\(spec.name)(\(parameters.joined(separator: ", ")))"
    }
  }

  private static func usage(_ parameter: Parameter) -> String {
    let name = parameter.name.uppercased()
    switch parameter.presence {
    case .required:
      return parameter.isOptionOnly ? "\(parameter.name)=\(placeholder(parameter))" : name
    case .rest(let count): return count > 0 ? "\(name)…" : "[\(name)…]"
    case .anyName: return "[NAME=\(name)…]"
    case .optional: return "[\(parameter.name)=\(parameter.defaultText ?? placeholder(parameter))]"
    }
  }

  private static func placeholder(_ parameter: Parameter) -> String {
    parameter.type.label.split(separator: " ").first.map { $0.uppercased() } ?? "VALUE"
  }

  /// Everything about one command or function.
  ///
  /// - Parameters:
  ///   - spec: what to describe.
  ///   - width: the columns of the screen.
  /// - Returns: the lines to print.
  public static func lines(for spec: CommandSpec, width: Int = 100) -> [String] {
    var lines = TextWrap.lines(usage(of: spec), indent: 0, hanging: 4, width: width)
    let text = spec.details.isEmpty ? "\(sentence(spec.summary))" : spec.details
    lines += [""] + TextWrap.paragraphs(text, indent: 2, width: width)

    let rows = spec.parameters.filter { !$0.help.isEmpty }.map {
      [$0.isRequired && !$0.isOptionOnly ? $0.name.uppercased() : $0.name, $0.type.label, $0.help]
    }
    if !rows.isEmpty { lines += [""] + TextColumns.lines(rows, indent: 2, gap: 3, width: width) }

    var remarks: [String] = []
    if !spec.aliases.isEmpty {
      remarks.append("also called \(spec.aliases.joined(separator: ", "))")
    }
    if let result = spec.result { remarks.append("gives \(ParameterType.value(result).phrase)") }
    if !remarks.isEmpty {
      lines += [""]
      lines += TextWrap.lines(
        remarks.joined(separator: "; "), indent: 2, hanging: 2, width: width)
    }

    if !spec.examples.isEmpty {
      lines +=
        [""]
        + TextColumns.lines(
          spec.examples.map { [$0.code, $0.note ?? ""] }, indent: 2, gap: 8, width: width)
    }
    var last: [String] = []
    if !spec.seeAlso.isEmpty { last.append("see also: \(spec.seeAlso.joined(separator: ", "))") }
    if let chapter = spec.chapter { last.append("chapter: \(chapter)") }
    guard !last.isEmpty else { return lines }
    let line = last.joined(separator: "          ")
    lines.append("")
    lines +=
      DisplayWidth.of(line) <= width
      ? [line] : last.flatMap { TextWrap.lines($0, indent: 0, hanging: 4, width: width) }
    return lines
  }

  private static func sentence(_ summary: String) -> String {
    let text = summary.prefix(1).uppercased() + summary.dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }
}
