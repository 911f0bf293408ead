import Collab
import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabText

/// Folders, other programs, and lessons, from the prompt.
enum ShellCommands {
  static let all = [list, change, present, edit, time, teach, tips]

  private static let folder = Parameter(
    "folder", .path, .optional, example: "..", completes: .files, help: "a folder")

  static let list = Builtin(
    CommandSpec(
      "ls", group: .files, summary: "list the files of a folder",
      details: """
        Folders end in `/`. Hidden files are left out. At the prompt `!ls -l` runs the program of \
        the system, as `!` does with every command line.
        """,
      parameters: [folder], examples: ["ls", "ls .."], seeAlso: ["cd", "pwd"])
  ) { call in
    let path = try call.folder() ?? "."
    let names = Files.entries(of: call.session.dataSearch.absolute(path))
      .filter { !$0.name.hasPrefix(".") }
      .map { VisibleText.shown($0.name) + ($0.isFolder ? "/" : "") }.sorted()
    guard !names.isEmpty else {
      call.output.write(.paragraph("no files"))
      return .none
    }
    let lines = TextColumns.grid(names, width: call.session.columns())
    call.output.write(.preformatted(lines.joined(separator: "\n")))
    return .none
  }

  static let change = Builtin(
    CommandSpec(
      "cd", group: .files, summary: "go to another folder",
      details: "Paths start there from then on. Without a folder it goes home.",
      parameters: [folder], examples: ["cd ."], seeAlso: ["ls", "pwd"])
  ) { call in
    let search = call.session.dataSearch
    let path = search.absolute(try call.folder() ?? "~")
    call.session.dataSearch.workingFolder = path
    call.session.prompt?.enterFolder(path)
    return .none
  }

  static let present = Builtin(
    CommandSpec(
      "pwd", group: .files, summary: "say in which folder paths start", examples: ["pwd"],
      seeAlso: ["cd", "ls"])
  ) { call in
    call.output.write(.preformatted(call.session.dataSearch.workingFolder))
    return .none
  }

  static let edit = Builtin(
    CommandSpec(
      "edit", group: .workspace, summary: "edit the latest statement in your editor",
      details: """
        The editor is the one that `VISUAL` or `EDITOR` in the environment names. What it leaves \
        stands at the next prompt, and runs with Enter. Ctrl-X Ctrl-E does the same with what is \
        being typed.
        """,
      examples: ["edit"], seeAlso: ["history"])
  ) { call in
    try call.prompt().edit(call.session.typedStatements().last { $0 != "edit" } ?? "")
    return .none
  }

  static let time = Builtin(
    CommandSpec(
      "time", group: .workspace, summary: "run a statement and say how long it took",
      parameters: [
        Parameter("statement", .value(), .rest(atLeast: 1), help: "any statement")
      ],
      examples: ["time 1 + 1", "time load demo"])
  ) { call in
    throw Diagnostic(
      "bad-call", "`time` stands before a statement, without parentheses",
      at: call.arguments.range, in: call.arguments.source, help: ["time load"])
  }

  static let teach = Builtin(
    CommandSpec(
      "teach", group: .lesson, summary: "walk through the chapter, its questions, or a lesson",
      details: """
        Without a lesson it continues the one you were in, or lists those there are. `quit` leaves \
        it and comes back to the prompt. The lesson has variables of its own.
        """,
      parameters: [
        Parameter(
          "lesson", .path, .optional, example: "chapter", completes: .files,
          help: "chapter, questions, or a file")
      ],
      examples: ["teach", "teach questions"], seeAlso: ["help"])
  ) { call in
    try call.prompt().teach(call.arguments.optionalString("lesson"))
    return .none
  }

  static let tips = Builtin(
    CommandSpec(
      "tips", group: .help, summary: "list the advice that the prompt gives, a line a day",
      details: "`set tips=off` ends it.", examples: ["tips"], seeAlso: ["help", "set"])
  ) { call in
    let lines = Tip.all.flatMap {
      TextWrap.lines($0, indent: 0, hanging: 2, width: min(call.session.columns(), 100))
    }
    call.output.write(.preformatted(lines.joined(separator: "\n")))
    return .none
  }
}

extension Call {
  /// The folder that was named.
  fileprivate func folder() throws -> String? {
    guard let path = arguments.optionalString("folder") else { return nil }
    let search = session.dataSearch
    guard Files.isFolder(search.absolute(path)) else {
      // What the program of the system takes: `ls -l`, `ls *.csv`.
      let isForSystem = arguments.spec.name == "ls" && (path.hasPrefix("-") || path.contains("*"))
      throw Diagnostic(
        "no-file", "there is no folder `\(path)`", at: arguments.range(of: "folder"),
        in: arguments.source,
        help: isForSystem
          ? ["!ls \(path)"] : Suggestion.help(for: FileText.near(path, in: search)))
    }
    return path
  }

  /// The prompt that the statement was typed at.
  fileprivate func prompt() throws -> PromptActions {
    guard let prompt = session.prompt else {
      throw Diagnostic(
        "unsupported", "`\(arguments.spec.name)` works at the prompt only", at: arguments.range,
        in: arguments.source)
    }
    return prompt
  }
}
