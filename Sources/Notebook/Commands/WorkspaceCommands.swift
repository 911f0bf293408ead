import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabLearning

/// Variables, options and what was typed.
enum WorkspaceCommands {
  static let all = [variables, print, delete, reset, set, history]

  static let variables = Builtin(
    CommandSpec(
      "vars", group: .workspace, summary: "list the variables with their kinds and sizes",
      details: """
        An instance of a model that was defined anew since is marked: it keeps the definition it was \
        made from.
        """,
      examples: ["vars"], seeAlso: ["del", "reset", "save"])
  ) { call in
    let variables = call.session.variables.filter { $0.key != "_" }.sorted { $0.key < $1.key }
    guard !variables.isEmpty else {
      call.output.write(.paragraph("there are no variables yet"))
      return .none
    }
    let rows = variables.map { name, value in
      [
        name, value.kindText + (call.session.isOutdated(value) ? " (earlier definition)" : ""),
        value.shapeText, value.byteCount.map(byteText) ?? "",
      ]
    }
    call.output.write(
      .table(
        TableBlock(
          columns: [.text("name"), .text("kind"), .text("shape or value"), .number("size")],
          rows: rows)))
    return .none
  }

  static let print = Builtin(
    CommandSpec(
      "print", group: .workspace, summary: "print values as text",
      parameters: [
        Parameter(
          "values", .value(), .rest(atLeast: 0), help: "what to print, separated by blanks"),
        Parameter(
          "sep", .string, default: "' '", isOptionOnly: true, help: "what stands between the values"
        ),
        Parameter(
          "end", .string, default: "'\\n'", isOptionOnly: true,
          help:
            "what stands behind them; without a line break the next print of the statement goes on"
        ),
      ],
      examples: ["print 'a text'", "print(1 + 1, 'and', 2)", "print(1, 2, sep=', ', end='.\\n')"])
  ) { call in
    let values = call.arguments.all("values")
    let (separator, end) = (
      try call.arguments.string("sep"), try call.arguments.string("end")
    )
    // A table looks as its bare name does, below what stands before it.
    var line: [String] = []
    func endLine() {
      guard !line.isEmpty else { return }
      call.session.print(line.joined(separator: separator) + "\n")
      line = []
    }
    for value in values {
      if value.isTabular {
        endLine()
        if !call.session.writeData(value) { call.session.printed.write(value.block) }
      } else {
        line.append(value.text)
      }
    }
    if values.isEmpty { line = [""] }
    if !line.isEmpty { call.session.print(line.joined(separator: separator) + end) }
    return .none
  }

  static let delete = Builtin(
    CommandSpec(
      "del", group: .workspace, summary: "remove variables",
      details: "Nothing is removed if one of the names is not that of a variable.",
      parameters: [
        Parameter(
          "names", .name, .rest(atLeast: 1), example: "x", completes: .variables,
          help: "names of variables")
      ],
      examples: ["del movies", "del dls learn"], seeAlso: ["vars", "reset"])
  ) { call in
    for case .string(let name) in call.arguments.all("names") {
      guard call.session.variables.removeValue(forKey: name) != nil else {
        let near = Suggestion.nearest(to: name, among: call.session.variables.keys.sorted())
        throw SessionProblem.unknownVariable(name, near: near)
      }
    }
    return .none
  }

  static let reset = Builtin(
    CommandSpec(
      "reset", group: .workspace, summary: "remove all variables and start over",
      details: """
        Random numbers begin again as at the start, so that statements give the same results as in a \
        new session. Options that were set and a recording that was begun stay.
        """,
      examples: ["reset"], seeAlso: ["del", "save"])
  ) { call in
    let count = call.session.variables.count { $0.key != "_" }
    call.session.reset()
    call.output.write(
      .paragraph(
        counted(count, "variable") + " removed · "
          + "random numbers begin as after seed \(call.session.startSeed)"))
    return .none
  }

  static let set = Builtin(
    CommandSpec(
      "set", group: .workspace, summary: "change how output looks, or list the options",
      details: """
        `width` is the number of columns that output takes, `auto` for those of the window. `color` \
        is auto, always or never. `precision` is the number of decimals of tensors, arrays and \
        tables. With `paging` output that is longer than the window stops after each page: Enter \
        goes on, q is enough.
        """,
      parameters: [
        Parameter(
          "option", .choice(DisplaySettings.options.map { Choice($0.name, $0.help) }), .optional,
          example: "width", help: "which option; all are listed if it is left out"),
        Parameter(
          "value", optionValue, .optional, example: "auto",
          help: "its new value; the present one is shown without it"),
      ]
        + DisplaySettings.options.map {
          Parameter(
            $0.name, $0.type, .optional, example: $0.example, isOptionOnly: true,
            help: $0.help)
        },
      examples: [
        "set", "set width 60", "set color never", "set color=never", "set precision 6",
        "set paging off",
      ])
  ) { call in
    let named = DisplaySettings.options.filter { call.arguments.isGiven($0.name) }
    let name = call.arguments.optionalString("option")
    var display = call.session.display
    for option in named {
      try call.set(option, from: option.name, in: &display)
    }
    if let option = DisplaySettings.options.first(where: { $0.name == name }),
      call.arguments.isGiven("value")
    {
      try call.set(option, from: "value", in: &display)
    } else if named.isEmpty {
      call.output.write(
        .facts(
          DisplaySettings.options.filter { name == nil || $0.name == name }.map {
            let value = $0.value(display)
            return Fact($0.name, name == nil ? "\(value): \($0.help)" : value)
          }))
    }
    call.session.display = display
    return .none
  }

  /// What any option of `set` may be.
  private static let optionValue = ParameterType.anyOf([
    .integer(), .choice(["auto", "always", "never", "on", "off"].map { Choice($0) }),
  ])

  static let history = Builtin(
    CommandSpec(
      "history", group: .workspace, summary: "list what was typed, the latest last",
      details: """
        Statements of earlier sessions are among them. What is typed with a blank in front is not \
        kept. Up and Ctrl-R bring a statement back to be edited.
        """,
      parameters: [
        Parameter("n", .integer(1...100_000), default: "20", help: "how many statements")
      ],
      examples: ["history", "history n=5"], seeAlso: ["record"])
  ) { call in
    let statements = call.session.typedStatements()
    let first = max(0, statements.count - (try call.arguments.int("n")))
    let width = "\(statements.count)".count
    let indent = String(repeating: " ", count: width + 2)
    let lines = statements[first...].enumerated().flatMap { offset, statement in
      statement.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
        let number = "\(first + offset + 1)"
        let margin = String(repeating: " ", count: width - number.count) + number + "  "
        return ($0.offset == 0 ? margin : indent) + $0.element
      }
    }
    if !lines.isEmpty { call.output.write(.preformatted(lines.joined(separator: "\n"))) }
    return .none
  }
}

extension DisplaySettings.Option {
  /// What the option may be.
  fileprivate var type: ParameterType {
    let words = ParameterType.choice(words.map { Choice($0) })
    return self.words.count == 1 ? .anyOf([.integer(), words]) : words
  }
}

// MARK: - Variables

extension Session {
  /// Whether a model is an instance of a definition that its name no longer stands for.
  fileprivate func isOutdated(_ value: Value) -> Bool {
    let model =
      switch value {
      case .module(let module): module
      case .object(let learner as Learner): learner.model
      default: nil as (any Module)?
      }
    guard let instance = model as? ModelInstance else { return false }
    guard case .callable(let present as DefinedModel)? = variables[instance.typeName] else {
      return true
    }
    return present !== instance.definition
  }
}

// MARK: - Options

extension Call {
  /// Changes an option to the value of an argument.
  fileprivate func set(
    _ option: DisplaySettings.Option, from argument: String, in display: inout DisplaySettings
  ) throws {
    guard option.set(&display, arguments.value(argument)?.text ?? "") else {
      throw Diagnostic(
        "bad-value", "`\(option.name)` takes \(option.takes)", at: arguments.range(of: argument),
        in: arguments.source, help: ["set \(option.name) \(option.example)"])
    }
  }
}

// MARK: - Printing

extension Session {
  /// Prints a text, whole lines of it at once; what has no end of line yet waits for more.
  fileprivate func print(_ text: String) {
    openLine += text
    guard openLine.hasSuffix("\n") else { return }
    openLine.removeLast()
    endOpenLine(evenIfEmpty: true)
  }

  /// Shows what was printed without an end of line.
  func endOpenLine(evenIfEmpty: Bool = false) {
    guard evenIfEmpty || !openLine.isEmpty else { return }
    printed.write(.preformatted(openLine))
    openLine = ""
  }
}
