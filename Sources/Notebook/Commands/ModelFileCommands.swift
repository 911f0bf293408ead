import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabFiles
import CollabLearning
import CollabTables

/// Keeping a learner in a file of its own, which other programs read too.
enum ModelFileCommands {
  static let all = [saveLearner, loadLearner, export, saveWeights, loadWeights]

  private static let overwrite = Parameter(
    "overwrite", .boolean, default: "false", isOptionOnly: true,
    help: "whether a file that holds something else is replaced too")

  static let saveLearner = Builtin(
    CommandSpec(
      "save_learner", group: .files, summary: "save a learner as a model file",
      details: """
        The file is in the format safetensors, which Python reads: tensors have the names of fastai's \
        model. It holds the model, its users and items, who has rated what, and the losses of the last \
        fit. `load_learner` takes it back, in any session.

        With `seen=false` it does not say who has rated what: what somebody has seen is recommended \
        again then, and `fit` has nothing to learn from. With `optimizer=true` the next fit goes on as \
        if the learner had never been away.
        """,
      parameters: [
        Parameter(
          "path", .path, example: "films.safetensors", completes: .files,
          help: "the file; a model file that is there is replaced"),
        Parameter(
          "seen", .boolean, default: "true", isOptionOnly: true,
          help: "whether the file says who has rated what"),
        Parameter(
          "optimizer", .boolean, default: "false", isOptionOnly: true,
          help: "whether it holds what the optimiser remembers"),
        overwrite, .learner,
      ],
      examples: ["save_learner films.safetensors", "save_learner films.safetensors seen=false"],
      seeAlso: ["load_learner", "save"])
  ) { call in
    try call.saveLearner(
      call.learnerOption(), seen: call.arguments.bool("seen"),
      optimizer: call.arguments.bool("optimizer"), command: "save_learner")
  }

  static let loadLearner = Builtin(
    CommandSpec(
      "load_learner", group: .files, summary: "take a learner from a model file",
      details: """
        Afterwards `learn` stands for the learner and `dls` for its ratings; `other = load_learner \
        films.safetensors` gives it another name and leaves both as they were. Nothing in a file is \
        run. A model of your own is code: what it would run is shown, and `trust=true` runs it, which \
        defines what it needs.

        A file of fastai's is read too; the page on model files has the lines that write one. So is a \
        folder that `handoff` has written, when the job of Spark is done; `users` names a file of ids \
        where there are more users than there is memory for.
        """,
      parameters: [
        Parameter(
          "path", .path, example: "films.safetensors", completes: .files,
          help: "a model file, or a folder of handoff"),
        Parameter(
          "trust", .boolean, default: "false", isOptionOnly: true,
          help: "whether a definition in the file may run"),
        Parameter(
          "users", .path, .optional, example: "some.txt", isOptionOnly: true, completes: .files,
          help: "a file with the ids of the users to take from a folder of handoff, one a line"),
        Parameter(
          "items", .choice([Choice("all", "every item that has factors")]), default: "all",
          isOptionOnly: true, help: "the items to take from a folder of handoff"),
      ],
      examples: ["load_learner films.safetensors"],
      seeAlso: ["save_learner", "restore", "recommend"], result: "Learner",
      defines: ["learn", "dls"])
  ) { call in
    let session = call.session
    if let folder = try call.handOff() {
      let users = try call.wantedUsers()
      let learner = try call.blaming(users == nil ? "path" : "users") {
        try SparkHandOff.learner(of: folder, users: users, using: session.streams)
      }
      call.output.write(.paragraph(learner.loaders.contents))
      return .object(learner)
    }
    if let name = ["users", "items"].first(where: call.arguments.isGiven) {
      throw Diagnostic(
        "bad-value", "`\(name)` is for a folder that `handoff` has written",
        at: call.arguments.range(of: name), in: call.arguments.source,
        help: ["load_learner \(call.typed("path"))"])
    }
    let file = try call.modelFile()
    let learner = try call.blamingFile {
      guard file.className != nil, let definition = OwnModelText(file.notes) else {
        return try file.learner(using: session.streams)
      }
      guard try call.arguments.bool("trust") else {
        throw definition.refusal(of: call.typed("path"))
      }
      return try file.learner(
        model: { try definition.model(for: $0, in: session) }, using: session.streams)
    }
    call.output.write(.paragraph(learner.loaders.contents))
    return .object(learner)
  }

  // MARK: Under fastai's names

  private static let file = Parameter(
    "path", aliases: ["file", "fname"], .path, example: "'films'", completes: .files,
    help: "the file; without an ending it gets .safetensors")

  static let export = Builtin(
    CommandSpec(
      "export", form: .method(of: "Learner"), group: .files,
      summary: "save the learner as a model file",
      details:
        "The same as the command `save_learner`; a name that ends in .pkl ends in .safetensors.",
      parameters: [file, overwrite], examples: ["learn.export('films.safetensors')"],
      seeAlso: ["save_learner", "load_learner"])
  ) { call in
    try call.saveLearner(call.learner(), seen: true, optimizer: false, command: "save_learner")
  }

  static let saveWeights = Builtin(
    CommandSpec(
      "save", form: .method(of: "Learner"), group: .files,
      summary: "save the learner with its optimiser as a model file",
      details: "`learn.load` takes the numbers back.",
      parameters: [
        file,
        Parameter(
          "with_opt", .boolean, default: "true", isOptionOnly: true,
          help: "whether the file holds what the optimiser remembers"),
        overwrite,
      ], examples: ["learn.save('films')"], seeAlso: ["save_learner"])
  ) { call in
    try call.saveLearner(
      call.learner(), seen: true, optimizer: call.arguments.bool("with_opt"),
      command: "save_learner")
  }

  static let loadWeights = Builtin(
    CommandSpec(
      "load", form: .method(of: "Learner"), group: .files,
      summary: "give the learner the numbers of a model file",
      details: """
        Users, items and kind of model must be the same. `load_learner` makes a learner of a file \
        alone.
        """,
      parameters: [file], examples: ["learn.load('films')"],
      seeAlso: ["load_learner", "save_learner"])
  ) { call in
    let file = try call.modelFile()
    let learner = try call.learner()
    try call.blamingFile { try learner.load(file) }
    return .none
  }
}

// MARK: - Files

extension Call {
  /// The path of a model file: names without an ending, and those of pickles, end in `.safetensors`.
  private func modelPath() throws -> String {
    let path = try arguments.string("path")
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else {
      return path.hasPrefix("/dev/") ? path : path + ".safetensors"
    }
    guard [".pkl", ".pth"].contains(name[dot...]) else { return path }
    return path.dropLast(4) + ".safetensors"
  }

  /// The folder that the argument `path` names; nil if it is none.
  fileprivate func handOff() throws -> String? {
    let folder = try session.dataSearch.readable(arguments.string("path"))
    return Files.isFolder(folder) ? folder : nil
  }

  /// The ids in the file that the argument `users` names; nil without one.
  fileprivate func wantedUsers() throws -> Set<String>? {
    guard let path = arguments.optionalString("users") else { return nil }
    let bytes = try blaming("users") { try FileText.read(path, in: session.dataSearch) }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return Set(lines.map(String.init))
  }

  /// Opens the file that the argument `path` names.
  fileprivate func modelFile() throws -> ModelFile {
    let search = session.dataSearch
    return try blamingFile {
      // What has the very name comes first: then its bytes tell what it is.
      let typed = try arguments.string("path")
      let path = Files.exists(try search.readable(typed)) ? typed : try modelPath()
      let place = try search.readable(path)
      do {
        return try ModelFile(
          contentsOf: place, isInterrupted: search.isInterrupted)
      } catch let error as FileError {
        throw FileText.unread(path, error, in: search)
      }
    }
  }

  /// Says of a model file what is wrong with it, and what to do.
  fileprivate func blamingFile<Result>(_ body: () throws -> Result) throws -> Result {
    try blaming("path") {
      do {
        return try body()
      } catch let error as ModelFileError {
        throw error.diagnostic(for: try arguments.string("path"), typed: typed("path"))
      } catch let error as ModelStateError {
        throw ModelFileError.misfit("\(error)")
          .diagnostic(for: try arguments.string("path"), typed: typed("path"))
      }
    }
  }

  fileprivate func saveLearner(
    _ learner: Learner, seen: Bool, optimizer: Bool, command: String
  ) throws -> Value {
    var options = ModelFileOptions()
    (options.keepsRatings, options.keepsOptimizer) = (seen, optimizer)
    // What is known of the items goes along, where it is small.
    options.itemTable = session.itemTable(of: learner.loaders).flatMap {
      $0.rowCount <= 200_000 ? $0 : nil
    }
    options.notes = try OwnModelText(of: learner, in: session)?.notes ?? [:]
    let path = try modelPath()
    let overwrites = try arguments.bool("overwrite")
    let summary = try advisingOverwrite(command) {
      try FileText.writing(.model, to: path, overwrites: overwrites, in: session.dataSearch) {
        try learner.save(to: $0, options)
      }
    }
    let loaders = learner.loaders
    var parts = [
      learner.model.typeName, counted(loaders.users.count - 1, "user"),
      counted(loaders.items.count - 1, "item"),
    ]
    parts.append(seen ? counted(summary.ratingCount, "rating") : "no ratings")
    if optimizer, learner.optimizer != nil { parts.append("the optimiser's memory") }
    parts.append(byteText(summary.byteCount))
    output.write(.paragraph("\(path): \(parts.joined(separator: " · "))"))
    if summary.hasOtherTensors {
      output.write(
        .paragraph(
          "in Python: model.load_state_dict(load_file('\(path)'), strict=False), since ratings are "
            + "tensors too"))
    }
    return .none
  }
}

extension DataLoaders {
  /// Who and what there is, in a line.
  fileprivate var contents: String {
    let ratings =
      trainingCount + validationCount == 0
      ? "no ratings: what somebody has seen is not known"
      : "\(counted(trainingCount, "rating")) to train on, \(grouped(validationCount)) held out"
    return "\(counted(users.count - 1, "user")) · \(counted(items.count - 1, "item")) · \(ratings)"
  }
}

extension ModelFileError {
  /// The message for a file, with what to do.
  fileprivate func diagnostic(for path: String, typed: String) -> Diagnostic {
    var diagnostic = Diagnostic("bad-file", "`\(path)` cannot be loaded: \(self)")
    switch self {
    case .workspace: diagnostic.help = ["restore \(typed)"]
    case .pickle:
      diagnostic.notes = [
        "in Python, five lines write such a model as safetensors: the page on model files has them"
      ]
    case .incomplete:
      diagnostic.notes = ["it holds numbers for a learner that is there already"]
      diagnostic.help = ["learn.load('\(path)')"]
    case .misfit: diagnostic.help = ["load_learner \(typed) makes a learner of the file alone"]
    case .damaged, .laterVersion, .ownModel: break
    }
    return diagnostic
  }
}
