import CollabBuiltins
import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabTables
import CollabTensors

/// Reading, describing and batching ratings.
enum DataCommands {
  static let all = [load, head, describe, dataloaders, showBatch, oneBatch]

  static let load = Builtin(
    CommandSpec(
      "load", group: .data,
      summary: "load ratings: the best data there is, a data set by name, or a file",
      details: """
        Without a name it takes MovieLens 100K if it is in a place it knows (--data, $COLLAB_DATA, \
        ./ml-100k, or the data folder of collab), else the built-in set. `ml-100k` insists on \
        it and fetches it once, as do `ml-1m` and `ml-25m`; `demo` is the built-in set. A path may lead to a folder or a \
        file of ratings, packed or not. Columns are found by the names in its first line; `user`, \
        `item` and `rating` name them where those tell too little.

        Afterwards `ratings` is a table with one row a rating, and `movies` one with a row a film. With \
        `fold`, a split that comes with the data is read: `ratings` are those to learn from, `valid` those \
        to test with, and `dls` is made of both. MovieLens 100K has u1 to u5, ua and ub.
        """,
      parameters: [
        Parameter(
          "source", .path, .optional, example: "ml-100k", completes: .datasets,
          help: "ml-100k, ml-1m, ml-25m, demo, or the path of a folder or file"),
        Parameter(
          "path", .path, .optional, example: "~/ml-100k", isOptionOnly: true, completes: .files,
          help: "where the data set lies"),
        Parameter(
          "fold", .string, .optional, example: "u1", isOptionOnly: true,
          help: "a split that lies beside the ratings, as u1.base and u1.test"),
        Parameter(
          "order", .rowOrder, default: "grouped", help: "how rows are ordered by the merge"),
        Parameter(
          "user", .string, .optional, example: "'User-ID'", isOptionOnly: true,
          help: "the name of the column of users in the file"),
        Parameter(
          "item", .string, .optional, example: "ISBN", isOptionOnly: true,
          help: "the name of the column of items in the file"),
        Parameter(
          "rating", .string, .optional, example: "'Book-Rating'", isOptionOnly: true,
          help: "the name of the column of ratings in the file"),
        Parameter(
          "delimiter", aliases: ["sep"], .string, .optional, example: "';'", isOptionOnly: true,
          help: "what stands between fields, if it is not found"),
        Parameter(
          "encoding",
          .choice([
            Choice("utf-8", "Unicode"), Choice("latin-1", "older files of Western languages"),
          ]), .optional, example: "latin-1", isOptionOnly: true,
          help: "how letters are stored, if it is not found"),
        Parameter(
          "skip_bad", .boolean, default: "false", isOptionOnly: true,
          help: "whether malformed rows are left out"),
        ReadingOptions.dtype, ReadingOptions.naValues, ReadingOptions.nrows,
      ],
      examples: ["load", "load demo", "load demo order=left"],
      seeAlso: ["describe", "dataloaders"],
      chapter: "A first look at the data", defines: ["ratings", "movies"])
  ) { call in
    var search = call.session.dataSearch
    let order: MergeOrder = try call.arguments.string("order") == "left" ? .left : .grouped
    var source = call.arguments.optionalString("source")
    if let path = call.arguments.optionalString("path") {
      try call.blaming("path") { _ = try search.readable(path) }
      (search.dataFolder, source) = (path, nil)
    }
    let options = try call.loadOptions()
    if source == "demo", options != LoadOptions() {
      throw Diagnostic(
        "bad-value", "`demo` is no file: the options that say how to read one do not suit it",
        at: call.arguments.range(of: "source"), in: call.arguments.source, help: ["load demo"])
    }
    let data = try call.fetching(source == nil ? "path" : "source") {
      () throws(DataError) in
      try search.load(
        source, order: order, options: options, observer: call.readObserver(),
        downloadObserver: call.downloadObserver())
    }
    call.session.variables["ratings"] = .table(TableView(data.ratings))
    call.session.loadedValidation = data.validation
    if let movies = data.movies { call.session.variables["movies"] = .table(TableView(movies)) }
    call.session.loaded = (data.name, data.source)
    let summary = try RatingsSummary(data.ratings)
    call.output.write(.paragraph("\(data.name) · \(summary.headline)"))
    for note in data.notes { call.output.write(.paragraph(note)) }
    if let validation = data.validation {
      call.session.variables["valid"] = .table(TableView(validation))
      let loaders = try call.blaming("fold") {
        try DataLoaders(data.ratings, validation: validation, using: call.session.streams)
      }
      call.session.variables["dls"] = .object(loaders)
      call.output.write(.paragraph("dls: \(loaders.display)"))
    }
    return .none
  }

  static let head = Builtin(
    CommandSpec(
      "head", group: .data, summary: "show the first rows of a table",
      parameters: [
        Parameter("table", .value("Table"), help: "a table, such as ratings or movies"),
        Parameter("n", .integer(0...1_000_000), default: "5", help: "how many rows"),
      ],
      examples: ["head ratings", "head movies n=3"], seeAlso: ["describe"],
      chapter: "A first look at the data", result: "Table")
  ) { call in
    let table = try call.table("table")
    return .table(TableView(table.head(try call.arguments.int("n")), of: table.rowCount))
  }

  static let describe = Builtin(
    CommandSpec(
      "describe", group: .data, summary: "say what a table of ratings holds",
      details: """
        How many ratings, users and items; how many titles are carried by more than one id; which \
        share of the user × item table is filled; and how the stars are spread. The columns may \
        have any names: those that `dls` was made of are known.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings; the loaded one if it is left out")
      ] + columnOptions,
      examples: ["describe ratings", "describe ratings item=movie"], seeAlso: ["head", "load"],
      chapter: "A first look at the data")
  ) { call in
    let table =
      call.arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    let summary = try call.blaming(call.columnOption(missingIn: table) ?? "table") {
      try RatingsSummary(table, columns: call.columnOptions(of: table))
    }
    call.output.write(.facts(summary.facts))
    call.output.write(.bars(summary.chart))
    try call.writeForecast(
      users: summary.userCount, items: summary.itemCount, ratings: summary.ratingCount)
    return .none
  }

  /// Which columns hold what.
  private static let columnOptions = [
    Parameter(
      "item", .column, .optional, example: "title", isOptionOnly: true,
      help: "the column of items: title if there is one, else the second"),
    Parameter(
      "user", .column, .optional, example: "user", isOptionOnly: true,
      help: "the column of users: user if there is one, else the first"),
    Parameter(
      "rating", .column, .optional, example: "rating", isOptionOnly: true,
      help: "the column of ratings: rating if there is one, else the third"),
  ]

  static let dataloaders = Builtin(
    CommandSpec(
      "dataloaders", group: .data,
      summary: "split the ratings and serve them in batches",
      details: """
        Holds out a random share of the ratings for validation and finds the classes of users and \
        items. Afterwards `dls` stands for the result; `small = dataloaders bs=32` gives it another name \
        and leaves `dls` as it was.

        With `valid` all rows of the table are learned from and those of the other are tested with; \
        users and items that only the other has are `#na#`, unknown. So are users and items that are \
        missing; ratings must not be. Rows that repeat a pair of a user and an item are mentioned.

        A random share flatters: a model learns from ratings that were given later than those it is \
        tested with. `split=time` holds out the latest share, `split=last` the last `n` ratings of each \
        user, `split=user` all ratings of a share of the users, who are strangers then.

        With `sampler=weighted` an epoch is drawn with replacement, as fastai does since 2.7.15; \
        `shuffle` takes each rating once, as the book did.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings; the loaded one if it is left out")
      ] + columnOptions + [
        Parameter(
          "bs", .integer(1...10_000_000), default: "64", isOptionOnly: true,
          help: "ratings in a batch"),
        Parameter(
          "valid_pct", .number(.between(0, 1)), default: "0.2", isOptionOnly: true,
          help: "the share held out; 0 to learn from all ratings"),
        Parameter(
          "split",
          .choice([
            Choice("random", "any ratings"), Choice("user", "all ratings of some users"),
            Choice("time", "the latest ratings"), Choice("last", "the last ratings of each user"),
          ]), default: "random", isOptionOnly: true, help: "which ratings are held out"),
        Parameter(
          "n", .integer(1...1_000_000), default: "1", isOptionOnly: true,
          help: "how many ratings of each user split=last holds out"),
        Parameter(
          "time", .column, .optional, example: "timestamp", isOptionOnly: true,
          help: "the column of times, for split=time and split=last"),
        Parameter(
          "valid", .value("Table"), .optional, example: "ratings", isOptionOnly: true,
          help: "a table of ratings to test with, instead of a share held out"),
        Parameter(
          "seed", .integer(0...Int(UInt32.max)), .optional, example: "42", isOptionOnly: true,
          help: "seeds the split alone"),
        Parameter(
          "sampler",
          .choice([
            Choice("shuffle", "each rating once an epoch"),
            Choice("weighted", "as many, drawn with replacement"),
          ]), default: "shuffle", isOptionOnly: true, help: "how an epoch is drawn"),
      ],
      examples: ["dataloaders bs=64", "dataloaders ratings item=title bs=64"],
      seeAlso: ["show_batch", "one_batch", "learner"], chapter: "Creating the DataLoaders",
      result: "DataLoaders", defines: ["dls"], needs: ["ratings"])
  ) { call in
    let arguments = call.arguments
    var options = DataLoaders.Options()
    options.item = arguments.optionalString("item")
    options.user = arguments.optionalString("user")
    options.rating = arguments.optionalString("rating")
    options.batchSize = try arguments.int("bs")
    options.validFraction = try arguments.double("valid_pct")
    options.split = try call.split()
    options.time = arguments.optionalString("time")
    options.seed = arguments.optionalInt("seed").map(UInt32.init(truncatingIfNeeded:))
    options.sampler = DataLoaders.Sampler(rawValue: try arguments.string("sampler")) ?? .shuffle
    let table = arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    let advice = LoaderAdvice(call, table)
    let loaders: DataLoaders
    let others = try call.validationTable()
    do throws(LoaderError) {
      if let others {
        loaders = try DataLoaders(
          table, validation: others, options: options, using: call.session.streams)
      } else {
        loaders = try DataLoaders(table, options: options, using: call.session.streams)
      }
    } catch {
      if error.isInterruption { throw error }
      throw advice.diagnostic(for: error, missingOption: call.columnOption(missingIn: table))
    }
    for note in advice.notes(on: loaders) { call.output.write(.failure(note)) }
    try call.writeForecast(
      users: loaders.users.count, items: loaders.items.count, ratings: loaders.trainingCount,
      batchSize: loaders.options.batchSize)
    return .object(loaders)
  }

  static let showBatch = Builtin(
    CommandSpec(
      "show_batch", group: .data, summary: "show some ratings of a new batch",
      parameters: [
        Parameter(
          "n", aliases: ["max_n"], .integer(1...1000), default: "10", help: "how many rows"),
        .loaders,
      ],
      examples: ["show_batch", "show_batch n=3"], seeAlso: ["one_batch", "dataloaders"],
      chapter: "Creating the DataLoaders")
  ) { call in
    try call.loadersOption().show(count: call.arguments.int("n"), on: call.output)
    return .none
  }

  static let oneBatch = Builtin(
    CommandSpec(
      "one_batch", group: .data, summary: "give the first batch of a new epoch as two tensors",
      details: """
        The first tensor holds user and item indices, one row a rating; the second holds the stars, \
        in the smallest type that has room for them, as in fastai.
        """,
      parameters: [.loaders], examples: ["x, y = one_batch"], seeAlso: ["show_batch"],
      chapter: "Collaborative filtering from scratch", result: "Tuple")
  ) { call in
    let loaders = try call.loadersOption()
    let batch = try loaders.oneBatch()
    let targets = try batch.targets.converted(to: loaders.ratingType)
    return .tuple([.tensor(batch.inputs), .tensor(targets)])
  }
}

extension DataLoaders {
  /// The smallest type that has room for all ratings, as fastai's `df_shrink` finds it.
  fileprivate var ratingType: DType {
    guard let column = trainingTable.columns.last, column.kind == .integers,
      let numbers = try? column.integers(), let low = numbers.min(), let high = numbers.max()
    else { return .float32 }
    if low >= Int(Int8.min), high <= Int(Int8.max) { return .int8 }
    if low >= Int(Int16.min), high <= Int(Int16.max) { return .int16 }
    return low >= Int(Int32.min) && high <= Int(Int32.max) ? .int32 : .int64
  }

  /// Shows the first ratings of a new epoch.
  func show(count: Int, on output: any Output) {
    let table = sampleBatch(count: count)
    let block = TableView(table).block
    output.write(
      .table(
        TableBlock(
          columns: block.columns, rows: block.rows, index: block.index,
          footer: """
            \(table.rowCount) of \(options.batchSize) in this batch · \
            train \(grouped(training.count)) · valid \(grouped(validation.count))
            """)))
  }
}

extension Call {
  /// Which ratings are held out.
  ///
  /// - Throws: `Diagnostic` for an option that has no part in it.
  fileprivate func split() throws -> RatingSplit {
    let name = try arguments.string("split")
    let idle = name == "last" ? ["valid_pct"] : ["n"] + (name == "time" ? [] : ["time"])
    if let option = idle.first(where: arguments.isGiven) {
      throw Diagnostic(
        "bad-value", "`\(option)` has no part in split=\(name)",
        at: arguments.range(of: option), in: arguments.source,
        help: [
          name == "last"
            ? "dataloaders split=last n=1"
            : "dataloaders split=last \(option)=\(option == "n" ? "1" : "timestamp")"
        ])
    }
    return switch name {
    case "user": .user
    case "time": .time
    case "last": .last(try arguments.int("n"))
    default: .random
    }
  }

  /// The table to test with.
  ///
  /// The one that came with the loaded ratings, unless something else is said; nil for a share of the
  /// table.
  fileprivate func validationTable() throws -> Table? {
    guard arguments.isGiven("valid") else {
      let isSaid = ["table", "valid_pct", "split"].contains(where: arguments.isGiven)
      return isSaid ? nil : session.loadedValidation
    }
    let place = arguments.range(of: "valid")
    if let option = ["valid_pct", "split"].first(where: arguments.isGiven) {
      throw Diagnostic(
        "bad-value", "`valid` is tested with, so that no share is held out",
        at: arguments.range(of: option), in: arguments.source,
        help: ["dataloaders valid=\(LoaderAdvice.value(of: arguments.source.text(in: place)))"])
    }
    return try table("valid")
  }

  /// What the options of `load` say about the file.
  fileprivate func loadOptions() throws -> LoadOptions {
    var options = LoadOptions()
    options.user = arguments.optionalString("user")
    options.item = arguments.optionalString("item")
    options.rating = arguments.optionalString("rating")
    options.delimiter = arguments.optionalString("delimiter")
    if let encoding = arguments.optionalString("encoding") {
      options.encoding = encoding == "latin-1" ? .latin1 : .utf8
    }
    (options.types, options.usualType) = ReadingOptions.types(in: arguments)
    options.missingWords = ReadingOptions.missingWords(in: arguments)
    options.rowLimit = arguments.optionalInt("nrows")
    options.fold = arguments.optionalString("fold")
    options.skipsBadRows = try arguments.bool("skip_bad")
    return options
  }

  /// The first option that names a column which a table does not have.
  fileprivate func columnOption(missingIn table: Table) -> String? {
    ["item", "user", "rating"].first { option in
      arguments.optionalString(option).map { !table.hasColumn($0) } ?? false
    }
  }

  /// The columns that options name, or those that `dls` was made of if the table has them all.
  fileprivate func columnOptions(of table: Table) -> RatingColumnNames {
    let given = ["user", "item", "rating"].map(arguments.optionalString)
    if case .object(let loaders as DataLoaders)? = session.variables["dls"],
      given.allSatisfy({ $0 == nil })
    {
      let names = loaders.trainingTable.columnNames
      if names.count == 3, names.allSatisfy(table.hasColumn) {
        return RatingColumnNames(user: names[0], item: names[1], rating: names[2])
      }
    }
    return RatingColumnNames(user: given[0], item: given[1], rating: given[2])
  }
}
