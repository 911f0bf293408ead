import CollabBuiltins
import CollabInterpreter
import CollabLanguage
import CollabDocuments
import CollabText

/// Help, and leaving.
enum HelpCommands {
  static let all = [help, apropos, quit]

  static let help = Builtin(
    CommandSpec(
      "help", group: .help, summary: "list the commands, or explain one",
      details: """
        `help errors` lists the codes of error messages, and `help CODE` explains one of them. \
        `help python` says what stands for the names of fastai, PyTorch, numpy and pandas. There are \
        pages on keys, language, model, def, metrics, scripts and lessons. `?NAME` and `NAME?` are \
        the same as `help NAME`.
        """,
      parameters: [
        Parameter(
          "word", .anyOf([.string, .value()]), .optional, example: "fit", completes: .topics,
          help: "a command, a function or the code of an error")
      ],
      examples: ["help", "help fit", "help errors", "help python", "help metrics"],
      seeAlso: ["apropos"])
  ) { call in
    let help = Help(Session.registry)
    let width = min(call.session.columns(), 100)
    let lines =
      if let word = call.word {
        try call.blaming("word") { try call.session.lines(on: word, help, width: width) }
      } else {
        help.overview(width: width)
      }
    call.output.write(.preformatted(lines.joined(separator: "\n")))
    return .none
  }

  static let apropos = Builtin(
    CommandSpec(
      "apropos", group: .help, summary: "search the descriptions of commands and functions",
      parameters: [
        Parameter("text", .string, example: "'learning rate'", help: "what to look for")
      ],
      examples: ["apropos batch"], seeAlso: ["help"])
  ) { call in
    let lines = Help(Session.registry).aproposLines(
      try call.arguments.string("text"), width: min(call.session.columns(), 100))
    call.output.write(.preformatted(lines.joined(separator: "\n")))
    return .none
  }

  static let quit = Builtin(
    CommandSpec(
      "quit", aliases: ["exit"], group: .help, summary: "leave", details: "Ctrl-D does the same.",
      examples: ["quit"])
  ) { _ in throw Signal.quit }
}

extension Call {
  /// What help is wanted on: a text, or what stands there, as in `help(fit)`.
  fileprivate var word: String? {
    guard arguments.isGiven("word"), let value = arguments.value("word") else { return nil }
    if case .string(let text) = value { return text }
    let text = arguments.source.text(in: arguments.range(of: "word"))
    return text.hasPrefix("word=") ? String(text.dropFirst(5)) : text
  }
}

extension Session {
  /// Help on a word, such as a command or a variable; nil if there is none of exactly this name.
  public func help(on word: String, width: Int) -> [String]? {
    let name = word.split(separator: ".").last.map(String.init) ?? word
    guard variables[word] != nil || HelpPages.page(word) != nil || Self.registry[name] != nil
    else { return nil }
    return try? lines(on: word, Help(Self.registry), width: width)
  }

  /// Help on a word: a page, a variable, a command of the language or of the shell.
  fileprivate func lines(on word: String, _ help: Help, width: Int) throws -> [String] {
    switch word {
    case "python": return PythonPage(Self.registry).lines(width: width)
    case "metrics": return MetricsPage().lines(width: width)
    default: break
    }
    let name = word.prefix { $0 != "." }
    if let value = variables[word] { return description(of: word, value) }
    let isMember = name.count < word.count && variables[String(name)] != nil
    if !isMember, Self.registry[word]?.form != .command,
      let page = HelpPages.lines(of: word, width: width)
    {
      return page
    }
    let program = prompt?.programHelp(word).map {
      $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    if let program, Self.registry[word] == nil { return program }
    let steps = Self.registry.steps(to: word)
    if Self.registry[word] == nil, !steps.isEmpty {
      return ["`\(word)` is a variable that these make:", "  " + steps.joined(separator: "; ")]
    }
    let topic = try help.topic(word, width: width)
    return program.map { topic + ["", "in the shell:", ""] + $0 } ?? topic
  }

  /// What a variable is, and what stands behind its dot.
  private func description(of name: String, _ value: Value) -> [String] {
    let kind = [value.kindText, value.shapeText].filter { !$0.isEmpty }.joined(separator: " ")
    let members = SessionCompletion(self).members(of: name)
    let rows = members.map { ["\(name).\($0.name)\($0.isCallable ? "()" : "")", $0.note] }
    return ["\(name): \(kind)"]
      + (rows.isEmpty ? [] : [""])
      + TextColumns.lines(rows, indent: 2, gap: 3, width: min(columns(), 100))
  }
}

extension ErrorExplanation {
  /// The codes of errors that arise while a statement runs.
  static let session: [ErrorExplanation] = [
    .init(
      "ambiguous",
      "Several values are neither true nor false together: & | ~ join conditions on rows, .any() and "
        + ".all() make one of many."),
    .init("assertion", "What an `assert` says does not hold."),
    .init("bad-call", "The arguments do not fit the parameters. help NAME lists those."),
    .init("bad-column", "The table has no such column, or would have two of one name."),
    .init("bad-model", "The model lacks a member, or was called with what it does not take."),
    .init("bad-notebook", "The file is no Jupyter notebook that can be read."),
    .init("bad-question", "A question of a lesson lacks a field, or has one that does not fit."),
    .init("division-by-zero", "A number was divided by zero."),
    .init("failed", "Something failed that has no code of its own."),
    .init("internal", "A fault in collab, not in what was typed. Please report it."),
    .init("no-fit", "The learner has not been fitted yet: fit does that."),
    .init("no-numbers", "There are no numbers to draw."),
    .init("no-shared-column", "Tables are merged on columns that both have, and there is none."),
    .init("no-steps", "The lesson has no steps."),
    .init("not-callable", "Only functions, methods, models and layers are called with (…)."),
    .init("not-indexable", "Values of this kind have nothing in […]."),
    .init("recursion", "Functions or scripts call each other without end."),
    .init("unknown-key", "No member of the list, or label of the series, is the one asked for."),
    .init("unknown-page", "There is no page of this name: `collab docs` lists those there are."),
    .init("unknown-step", "The lesson has no step or section of this name."),
    .init("unknown-topic", "There is no command, function or error code of this name."),
    .init("unpack", "A value was to be taken apart into more or fewer names than it has members."),
    .init(
      "wrong-kind", "A column holds text where numbers are needed, or the other way round."),
    .init("bad-data", "The ratings cannot be split and batched as asked."),
    .init("bad-row", "A line of a file does not have the form of the others. Nothing was loaded."),
    .init("bad-file", "The file is damaged, or is not what it was read as."),
    .init(
      "refused",
      """
      A script that is run safely, as `check` does, names only files in its own folder and runs no \
      other scripts. --no-safe lets it.
      """),
    .init("cannot-write", "The system refused to write a file. Nothing of it was changed."),
    .init("exists", "There is a file of this name, which is not overwritten unasked."),
    .init("no-data", "The data set is not installed. The message says where to put it."),
    .init("no-file", "There is no file at this path, or it cannot be read."),
    .init(
      "no-spark",
      """
      Spark, or what it needs, is not here, or its cluster does not answer: `pip install pyspark numpy` \
      installs it, and it needs Java 17. `handoff` writes a folder that another machine can work on.
      """),
    .init("no-ratings", "There are no ratings yet: load reads some."),
    .init("no-dataloaders", "The ratings are not split and batched yet: dataloaders does that."),
    .init("no-learner", "There is no learner yet: learner makes one."),
    .init(
      "nan-loss",
      "The loss became infinite or not a number, most often because the rate is too "
        + "high. The parameters are those from before the fit."),
    .init("not-in-model", "The model has no parameters of the kind that was asked for."),
    .init("no-validation", "All ratings are learned from, so that none are left to test with."),
    .init("not-saved", "The model needs something that a model file cannot keep as text."),
    .init(
      "not-trusted",
      "The file holds code, which runs only with trust=true: read what the message shows first."),
    .init("nothing-to-undo", "No fit has changed a learner since the last undo."),
    .init("shape", "The sizes of tensors do not fit together."),
    .init("out-of-range", "An index lies behind the last element."),
    .init("too-large", "The result would not fit in memory, or in 64 bits."),
    .init("bad-type", "The elements are of a type that the operation does not work on."),
    .init(
      "in-place",
      "A gradient needs a tensor as it was, and a method such as add_, or a step of an optimiser, "
        + "has changed it. Change a .clone() of it, or call backward() first."
    ),
    .init("no-gradient", "No parameter went into the value, so it cannot be differentiated."),
    .init("unknown-member", "The value has nothing of this name behind a dot."),
    .init("unknown-title", "The data has no item of this title."),
    .init("unknown-user", "The user has no rating among those that are trained on."),
    .init("leaf", "A parameter may only be changed in a step that is not recorded."),
    .init("unsupported", "The operation does not work on values of these kinds."),
    .init("interrupted", "Ctrl-C stopped the statement."),
  ]
}

extension ErrorExplanation {
  /// The codes of errors that only scripts have.
  static let scripts: [ErrorExplanation] = [
    .init("timeout", "A cell or line took longer than its timeout=SECONDS allows."),
    .init("too-long", "A script is larger than 64 MB, or a line of it larger than 1 MB."),
    .init("unknown-cell", "No cell of the script has the id that --from or --until names."),
  ]
}
