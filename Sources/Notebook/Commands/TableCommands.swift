import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabTables

/// Reading tables step by step, as the chapter does.
enum TableCommands {
  static let all = [dataset, readCSV, merge]

  static let dataset = Builtin(
    CommandSpec(
      "dataset", group: .data, summary: "give the folder of a data set",
      details: """
        It is looked for in the places that `load` knows, and fetched once if it is nowhere. \
        `path/'u.data'` is a file in the folder.
        """,
      parameters: [
        Parameter(
          "name", .choice(KnownDataSet.all.map { Choice($0.name, $0.title) }), default: "ml-100k",
          help: "which data set")
      ],
      examples: ["path = dataset ml-100k"], seeAlso: ["load", "read_csv"],
      chapter: "A first look at the data", result: "Path")
  ) { call in
    let name = try call.arguments.string("name")
    return try call.folder(of: KnownDataSet.named(name) ?? .movieLens100K, blaming: "name")
  }

  static let readCSV = Builtin(
    CommandSpec(
      "read_csv", group: .data, summary: "read a table from a text file",
      details: """
        As pandas' function of this name: a column holds whole numbers if all its fields are, else \
        numbers, else text. An empty field and words such as `NA` or `null` are missing values. A \
        file with a malformed row is refused unless `skip_bad` says otherwise. `.gz` and `.zip` are \
        unpacked while they are read.
        """,
      parameters: [
        Parameter("path", .path, example: "u.data", completes: .files, help: "the file"),
        Parameter(
          "delimiter", aliases: ["sep"], .string, default: "','", isOptionOnly: true,
          help: "what stands between fields, such as '\\t', or '\\s+' for any blanks"),
        Parameter(
          "header", .anyOf([.nothing, .integer(0...0), .boolean]), default: "0",
          isOptionOnly: true, help: "0 if the first line holds the names, none if it does not"),
        Parameter(
          "names", .anyOf([.list(of: .name), .list(of: .string)]), .optional,
          example: "[user,movie,rating]", isOptionOnly: true, help: "names of the columns"),
        Parameter(
          "usecols", .anyOf([.list(of: .integer(0...100_000)), .list(of: .name)]), .optional,
          example: "(0,1)", isOptionOnly: true, help: "columns to keep, by position or name"),
        Parameter(
          "encoding",
          .choice([
            Choice("utf-8", "Unicode"), Choice("latin-1", "older files of Western languages"),
          ]), default: "utf-8", isOptionOnly: true, help: "how letters are stored"),
        Parameter(
          "quoting", .boolean, default: "true", isOptionOnly: true,
          help: "whether fields may stand between quotation marks"),
        Parameter(
          "skip_bad", .boolean, default: "false", isOptionOnly: true,
          help: "whether malformed rows are left out"),
        ReadingOptions.dtype, ReadingOptions.naValues,
        Parameter(
          "keep_default_na", .boolean, default: "true", isOptionOnly: true,
          help: "whether NA, null and their like are missing too"),
        ReadingOptions.nrows,
        Parameter(
          "decimal", .choice([Choice("."), Choice(",")]), default: "'.'", isOptionOnly: true,
          help: "what stands before decimals"),
      ],
      examples: [
        .init(
          "ratings = read_csv ml-100k/u.data delimiter='\\t' header=none "
            + "names=[user,movie,rating,timestamp]"),
        .init(
          "movies = read_csv ml-100k/u.item delimiter='|' encoding=latin-1 usecols=(0,1) "
            + "names=[movie,title] header=none"),
        .init(
          "ids = read_csv ml-100k/u.data delimiter='\\t' header=none "
            + "names=[user,movie,rating,timestamp] dtype={'user': str} nrows=3"),
      ],
      seeAlso: ["merge", "head"], chapter: "A first look at the data", result: "Table")
  ) { call in
    let arguments = call.arguments
    var reader = DelimitedReader()
    reader.delimiter = try arguments.string("delimiter")
    reader.hasHeader = arguments.hasHeader
    reader.names = arguments.optionalStrings("names")
    if let positions = arguments.optionalInts("usecols") {
      reader.columns = .positions(positions)
    } else if let names = arguments.optionalStrings("usecols") {
      reader.columns = .named(names)
    }
    reader.encoding = try arguments.string("encoding") == "latin-1" ? .latin1 : .utf8
    reader.allowsQuotes = try arguments.bool("quoting")
    reader.skipsBadRows = try arguments.bool("skip_bad")
    reader.usesDecimalComma = try arguments.string("decimal") == ","
    let dtype = ReadingOptions.types(in: arguments)
    (reader.types, reader.usualType) = (dtype.named, dtype.usual)
    reader.missingWords = ReadingOptions.missingWords(in: arguments)
    if try !arguments.bool("keep_default_na") {
      reader.missingWords.subtract(DelimitedReader.usualMissingWords)
      reader.missingWords.formUnion(ReadingOptions.givenWords(in: arguments))
    }
    reader.rowLimit = arguments.optionalInt("nrows")
    let path = try arguments.string("path")
    let isGiven = arguments.isGiven("delimiter")
    let (reading, other) = try call.reading(path) {
      try call.session.dataSearch.unpacker.withContent(
        of: try call.session.dataSearch.readable(path), takesFolder: false,
        observer: call.readObserver()
      ) { (content: Unpacker.Content) throws(DataError) in
        do throws(TableError) {
          guard case .file(let file) = content else { throw .isFolder(path) }
          let reading = try reader.reading(file, observer: call.readObserver())
          let isOne = reading.table.columns.count == 1 && !isGiven
          let found = isOne ? try DelimitedReader.sniffDelimiter(of: file) : reader.delimiter
          return (reading, found == reader.delimiter ? nil : found)
        } catch { throw .table(error) }
      }
    }
    if let other, other != DelimitedReader.blanks {
      call.output.write(
        .paragraph("there is one column; delimiter=\(Literal.quoted(other)) would give more"))
    }
    for leak in reading.leaks.prefix(3) { call.output.write(.paragraph(leak.sentence)) }
    if reading.leaks.count > 3 {
      call.output.write(.paragraph("so it is with \(reading.leaks.count - 3) columns more"))
    }
    if let sentence = reading.skippedSentence { call.output.write(.paragraph(sentence)) }
    return .table(TableView(reading.table))
  }

  static let merge = Builtin(
    CommandSpec(
      "merge", group: .data, summary: "put together rows of two tables that have the same key",
      details: """
        Rows without a partner are left out unless `how` says otherwise. The key is every column that both tables have, unless \
        `on` names others.
        """,
      parameters: [
        Parameter("left", .value("Table"), example: "ratings", help: "a table"),
        Parameter("right", .value("Table"), example: "movies", help: "another table"),
        Parameter(
          "on", .anyOf([.column, .list(of: .column)]), .optional, example: "movie",
          isOptionOnly: true, help: "the columns that must be equal"),
      ] + TableShapes.mergeParameters.filter { $0.name != "on" },
      examples: ["merge ratings movies on=movie", "ratings = merge ratings movies order=left"],
      seeAlso: ["read_csv"], chapter: "A first look at the data", result: "Table")
  ) { call in
    let (left, right) = (try call.viewArgument("left"), try call.viewArgument("right"))
    return .table(
      try call.blaming(call.arguments.isGiven("on") ? "on" : "right") {
        try call.merged(left, right)
      })
  }
}

extension Arguments {
  /// `header=none` and `header=off` say that there is none.
  fileprivate var hasHeader: Bool {
    switch value("header") {
    case .none?, .bool(false)?: false
    default: true
    }
  }
}

// MARK: - Files

extension Call {
  /// Reads a file; a mistake names the line, or files that may have been meant.
  fileprivate func reading<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    defer { output.progress(nil) }
    do {
      return try body()
    } catch DataError.interrupted, DataError.table(.interrupted) {
      throw session.interrupted()
    } catch let error as DataError {
      let range = arguments.range(of: "path")
      if case .table(.noFile) = error {
        throw SessionProblem.noFile(path, near: FileText.near(path, in: session.dataSearch))
          .diagnostic(at: range, in: arguments.source)
      }
      throw Diagnostic(error, at: range, in: arguments.source)
    }
  }

  /// The folder of a data set, which is fetched if it is nowhere.
  func folder(of dataSet: KnownDataSet, blaming parameter: String) throws -> Value {
    let folder = try fetching(parameter) {
      () throws(DataError) in
      try session.dataSearch.folder(of: dataSet, downloadObserver: downloadObserver())
    }
    for note in folder.notes { output.write(.paragraph(note)) }
    return .path(folder.path)
  }

  /// Shows how far reading a file has come, if it takes long, and lets Ctrl-C stop it.
  func readObserver() -> ReadObserver {
    let draw = bar("reading")
    return { done, total in
      draw(done, total)
      return !session.isInterrupted()
    }
  }

  /// Draws a bar while a data set is fetched.
  func downloadObserver() -> (_ done: Int, _ total: Int) -> Void { bar("fetching") }

  private func bar(_ label: String) -> (_ done: Int, _ total: Int) -> Void {
    let clock = ContinuousClock()
    let start = clock.now
    return { done, total in
      output.progress(
        Progress(label: label, done: done, total: total, elapsed: (clock.now - start) / .seconds(1))
      )
    }
  }

  /// Runs what may fetch data, which the user may stop.
  func fetching<Result>(
    _ parameter: String, _ body: () throws(DataError) -> Result
  ) throws -> Result {
    defer { output.progress(nil) }
    do {
      return try body()
    } catch DataError.interrupted, DataError.table(.interrupted) {
      output.progress(nil)
      throw session.interrupted()
    } catch {
      var problem = Diagnostic(error, at: arguments.range(of: parameter), in: arguments.source)
      if case .noPath(let path) = error { problem.help = help(onMissing: path) }
      throw problem
    }
  }

  /// What may have been meant by a path where there is nothing.
  private func help(onMissing path: String) -> [String] {
    let near = DataSetNames.near(path) + FileText.near(path, in: session.dataSearch)
    let isWord = path.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
    guard near.isEmpty, isWord else { return Suggestion.help(for: near) }
    return ["known by name are \(DataSetNames.all.joined(separator: ", "))"]
  }
}
