import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabText

/// Which format the name of a file asks for.
enum TableFile {
  static func kind(of path: String) -> (kind: FileKind, format: TableEncoder.Format) {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return switch ending {
    case "tsv": (.delimited, .delimited(by: "\t"))
    case "json": (.json, .json)
    case "jsonl", "ndjson": (.json, .jsonLines)
    case "md", "markdown": (.markdown, .markdown)
    default: (.delimited, .delimited(by: ","))
    }
  }
}

/// Methods that write tables, under pandas' names.
enum TableFileMethods {
  static let all = ["Table", "Series", "Column"].flatMap { kind in
    [toCSV(kind), toJSON(kind), toMarkdown(kind)]
  }

  private static let overwrite = Parameter(
    "overwrite", .boolean, default: "false", isOptionOnly: true,
    help: "whether a file that holds something else is replaced too")
  private static let index = Parameter(
    "index", .boolean, default: "false", isOptionOnly: true,
    help: "whether the numbers of the rows stand in front of them")

  private static func path(_ example: String) -> Parameter {
    Parameter(
      "path", .path, .optional, example: "'\(example)'", completes: .files,
      help: "the file; without it the text is the value")
  }

  private static func example(_ kind: String, _ method: String) -> String {
    switch kind {
    case "Table": "ratings.head(3).\(method)"
    case "Series": "ratings.title.value_counts().head(3).\(method)"
    default: "ratings.head(3).title.\(method)"
    }
  }

  private static func toCSV(_ kind: String) -> Builtin {
    let separator = Parameter(
      "sep", .string, default: "','", example: "'\\t'", isOptionOnly: true,
      help: "the character between fields")
    return method(
      kind, "to_csv", "write the rows as comma-separated values",
      details: """
        What is missing is nothing between two commas; numbers read the same when they are read \
        again. As in pandas the value is the text if no file is given; other than there, the numbers \
        of rows are left out.
        """, [path("recs.csv"), separator, index, overwrite]
    ) { call in
      let text = try call.arguments.string("sep")
      let scalars = text.unicodeScalars
      guard let scalar = scalars.first, scalars.count == 1, !"\"\r\n".contains(Character(scalar))
      else { return try call.arguments.required("sep", nil) }
      return (.delimited, .delimited(by: scalar))
    }
  }

  private static func toJSON(_ kind: String) -> Builtin {
    let orient = Parameter(
      "orient", .choice([Choice("records", "an object for each row")]), default: "records",
      isOptionOnly: true, help: "how rows are written")
    let lines = Parameter(
      "lines", .boolean, default: "false", isOptionOnly: true,
      help: "whether each row is a line of its own, without brackets around them")
    return method(
      kind, "to_json", "write the rows as a list of JSON objects",
      details: "What is missing, and numbers that are not finite, are null.",
      [path("recs.json"), orient, lines, overwrite]
    ) { call in (.json, try call.arguments.bool("lines") ? .jsonLines : .json) }
  }

  private static func toMarkdown(_ kind: String) -> Builtin {
    method(
      kind, "to_markdown", "write the rows as a table of Markdown", details: "",
      [path("recs.md"), index, overwrite]
    ) { _ in (.markdown, .markdown) }
  }

  private static func method(
    _ kind: String, _ name: String, _ summary: String, details: String,
    _ parameters: [Parameter],
    _ format: @escaping @Sendable (Call) throws -> (FileKind, TableEncoder.Format)
  ) -> Builtin {
    Builtin(
      CommandSpec(
        name, form: .method(of: kind), group: .functions, summary: summary, details: details,
        parameters: parameters, examples: [.init(example(kind, "\(name)()"))], result: "String")
    ) { call in
      guard let table = call.receiver.asTable else {
        throw Problem.notCallable(call.receiver.phrase)
      }
      let (kind, format) = try format(call)
      return try call.write(
        call.arguments.spec.parameter("index") != nil && call.arguments.bool("index")
          ? table.numbered() : table, as: kind, format)
    }
  }
}

extension Call {
  /// So many rows are written at once.
  private static let blockRows = 4096

  /// Writes a table to the file that the argument `path` names; without one the text is the value.
  fileprivate func write(
    _ table: Table, as kind: FileKind, _ format: TableEncoder.Format
  ) throws -> Value {
    var encoder = TableEncoder(format)
    func forEachPart(_ body: ([UInt8]) throws -> Void) throws {
      for start in stride(from: 0, to: max(table.rowCount, 1), by: Self.blockRows) {
        if session.isInterrupted() { throw session.interrupted() }
        let end = min(start + Self.blockRows, table.rowCount)
        try body(encoder.bytes(of: table.rows(at: Array(start..<end))))
      }
      try body(encoder.end())
    }
    guard let path = arguments.optionalString("path") else {
      var texts: [String] = []
      try forEachPart { texts.append(String(decoding: $0, as: UTF8.self)) }
      return try Value.joining(texts)
    }
    try blaming("path") {
      do {
        try FileText.write(
          as: kind, to: path, overwrites: arguments.bool("overwrite"), in: session.dataSearch
        ) { write in try forEachPart { try write($0) } }
      } catch SessionProblem.otherKind(let path, let kind) {
        var diagnostic = SessionProblem.otherKind(path, kind).diagnostic()
        let call = arguments.source.text(in: arguments.range)
        if call.hasSuffix(")") {
          diagnostic.help = ["\(call.dropLast()), overwrite=true) replaces it"]
        }
        throw diagnostic
      }
    }
    return .none
  }
}

extension Table {
  /// The table with the numbers of its rows in front of them, under no name.
  fileprivate func numbered() throws -> Table {
    try Table([Column("", integers: Array(0..<rowCount))] + columns)
  }
}
