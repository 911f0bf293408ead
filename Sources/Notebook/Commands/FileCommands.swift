import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabFiles

/// Scripts and saved workspaces.
enum FileCommands {
  static let all = [run, record, save, restore]

  static let run = Builtin(
    CommandSpec(
      "run", group: .files, summary: "run the statements of a file in this session",
      details: """
        Its variables stay. The first statement that fails ends it; what ran before is kept. Recorded \
        outputs are passed over: `collab check FILE` compares them.
        """,
      parameters: [
        Parameter(
          "file", .path, example: "lesson.collab", completes: .files, help: "a script or notebook")
      ],
      examples: ["run statements.collab"], seeAlso: ["record"])
  ) { call in
    let path = try call.arguments.string("file")
    if let boundary = call.session.dataSearch.boundary {
      throw Diagnostic(
        "refused", "`run` is not for a script that is run safely",
        at: call.arguments.range(of: "file"), in: call.arguments.source,
        help: ["\(boundary.advice) allows it"])
    }
    let bytes = try call.blaming("file") {
      try FileText.read(path, limit: ScriptFile.limits.file, in: call.session.dataSearch)
    }
    try call.session.runStatements(
      of: CollabLanguage.Source(bytes: bytes, name: path),
      calledAt: call.arguments.range(of: "file"), in: call.arguments.source)
    return .none
  }

  static let record = Builtin(
    CommandSpec(
      "record", group: .files, summary: "save what is typed from now on as a script",
      details: """
        Each statement that succeeds is added to the file at once, with its output below it in the \
        form that `collab check` compares. `record off` ends it. Begun in a new session, or after \
        `reset`, the script stands on its own.
        """,
      parameters: [
        Parameter(
          "file", .path, .optional, example: "notes.collab", completes: .files,
          help: "a new file, or off; without it, what is recorded to is shown"),
        Parameter(
          "replace", .boolean, default: "false", isOptionOnly: true,
          help: "whether a file that exists is begun anew"),
      ],
      examples: ["record notes.collab", "record off"], seeAlso: ["run", "history"])
  ) { call in
    let session = call.session
    switch call.arguments.optionalString("file") {
    case nil: break
    case "off":
      if let path = session.recording?.path {
        session.endRecording()
        session.output.write(
          .paragraph("\(path) is complete · collab check \(path) runs and compares it"))
        return .none
      }
    case let path?:
      let replaces = try call.arguments.bool("replace")
      let exists = try call.blaming("file") {
        try FileText.exists(path, in: session.dataSearch)
      }
      guard replaces || !exists else {
        throw Diagnostic(
          "exists", "there is a file `\(path)` already", at: call.arguments.range(of: "file"),
          in: call.arguments.source,
          help: ["record \(call.typed("file")) replace=on begins it anew"])
      }
      try call.blaming("file") { try session.beginRecording(to: path) }
    }
    guard let recording = session.recording else {
      session.output.write(.paragraph("nothing is recorded"))
      return .none
    }
    session.output.write(.paragraph("recording to \(recording.path)"))
    if call.arguments.isGiven("file"), session.variables.contains(where: { $0.key != "_" }) {
      session.output.write(
        .paragraph(
          "what was typed before is not in it: reset first for a script that stands alone"))
    }
    return .none
  }

  static let save = Builtin(
    CommandSpec(
      "save", group: .files, summary: "save the variables to a file",
      details: """
        Numbers, texts, tensors, tables, loaders, models, learners and definitions are saved; plots \
        and other results are left out, and said to be. A learner is saved with its model and its \
        split of the ratings, with the losses of its last fit and without the optimiser's memory: a fit \
        after `restore` begins with a fresh optimiser.

        The file is complete or not there. It can be read by this version of collab and by later \
        ones.

        With a tensor or an array behind the path it is that alone which is saved, as a file of \
        numpy's: `np.save('factors.npy', t)`.
        """,
      parameters: [
        Parameter(
          "path", .path, example: "films.saved", completes: .files,
          help: "the file; a saved one that is there is replaced"),
        Parameter(
          "array", .value("Tensor"), .optional, example: "t",
          help: "a tensor or an array to save instead of the variables"),
        Parameter(
          "overwrite", .boolean, default: "false", isOptionOnly: true,
          help: "whether a file that holds something else is replaced too"),
      ],
      examples: ["save films.saved"], seeAlso: ["restore", "vars"])
  ) { call in
    let path = try call.arguments.string("path")
    guard !call.arguments.isGiven("array") else {
      try call.writeArray(call.tensor("array"))
      return .none
    }
    let file = WorkspaceWriter(call.session.variables.filter { $0.key != "_" })
    let overwrites = try call.arguments.bool("overwrite")
    try call.advisingOverwrite("save") {
      try FileText.write(
        file.bytes, as: .workspace, to: path, overwrites: overwrites, in: call.session.dataSearch)
    }
    var text = counted(file.savedCount, "variable") + " saved"
    text += " · \(byteText(file.bytes.count))"
    call.output.write(.paragraph(text))
    if !file.leftOut.isEmpty {
      call.output.write(.paragraph("left out: \(file.leftOut.joined(separator: ", "))"))
    }
    return .none
  }

  static let restore = Builtin(
    CommandSpec(
      "restore", group: .files, summary: "take back the variables of a saved file",
      details: """
        Variables of the same names are replaced, others stay; `reset` before it leaves exactly what \
        was saved. Nothing changes if the file is damaged.
        """,
      parameters: [
        Parameter("path", .path, example: "films.saved", completes: .files, help: "a saved file")
      ],
      examples: ["restore films.saved"], seeAlso: ["save"])
  ) { call in
    let path = try call.arguments.string("path")
    let variables = try call.blaming("path") {
      try WorkspaceReader(
        FileText.read(path, in: call.session.dataSearch), path: path, for: call.session
      ).variables()
    }
    call.session.variables.merge(variables) { $1 }
    let names = variables.keys.sorted()
    call.output.write(
      .paragraph(
        names.isEmpty ? "the file holds no variables" : "restored \(names.joined(separator: ", "))"
      ))
    return .none
  }
}

extension Call {
  /// An argument as it was written, quotes included.
  func typed(_ parameter: String) -> String {
    arguments.source.text(in: arguments.range(of: parameter))
  }
}

extension Call {
  /// Writes the file that the argument `path` names; if one of another kind is there, `command` is said to
  /// replace it with `overwrite=true`.
  func advisingOverwrite<Result>(_ command: String, _ body: () throws -> Result) throws -> Result {
    try blaming("path") {
      do {
        return try body()
      } catch SessionProblem.otherKind(let path, let kind) {
        var diagnostic = SessionProblem.otherKind(path, kind).diagnostic()
        diagnostic.help = ["\(command) \(typed("path")) overwrite=true replaces it"]
        throw diagnostic
      }
    }
  }
}

// MARK: - Running a file

extension Session {
  /// Files that run each other deeper than this do so without end.
  private static let maximumFileDepth = 20

  /// Runs the statements of a file as part of the statement that is running.
  ///
  /// - Throws: the first mistake; what ran before it stays.
  fileprivate func runStatements(
    of source: Source, calledAt range: Range<Int>, in caller: Source
  ) throws {
    guard fileDepth < Self.maximumFileDepth else {
      throw Diagnostic(
        "recursion", "files run each other without end", at: range, in: caller,
        help: ["check which file runs `\(source.name)`"])
    }
    fileDepth += 1
    defer { fileDepth -= 1 }
    let file = try ScriptFile(source, parser: parser)
    let runner = CellRunner(self, source)
    for cell in file.cells where cell.kind == .code && !cell.has("skip") {
      let end = runner.run(cell.code.lines) { _, _, end in
        switch end {
        case .finished, .interrupted: keepChanges()
        case .failed(let error, isExpected: true):
          output.write(.failure(Failure(lines: error.lines(for: .file))))
        case .failed, .quit: break
        }
      }
      switch end {
      case .finished, .failed(_, isExpected: true): continue
      case .quit: return
      case .interrupted: throw Signal.interrupted
      case .failed(let error, _): throw error
      }
    }
  }
}
