import Collab
import CommandLanguage
import Documents
import Tables
import Tensors

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
        MovieLens and fetches it once; `demo` is the built-in set. A path may lead to a folder or a \
        file of ratings, packed or not. Columns are found by the names in its first line; `user`, \
        `item` and `rating` name them where those tell too little.

        Afterwards `ratings` is a table with one row a rating, and `movies` one with a row a film.
        """,
      parameters: [
        Parameter(
          "source", .path, .optional, example: "ml-100k", completes: .datasets,
          help: "ml-100k, demo, or the path of a folder or file"),
        Parameter(
          "path", .path, .optional, example: "~/ml-100k", isOptionOnly: true, completes: .files,
          help: "where the data set lies"),
        Parameter("order", rowOrder, default: "grouped", help: "how rows are ordered by the merge"),
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
          "delimiter", .string, .optional, example: "';'", isOptionOnly: true,
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
      chapter: "A first look at the data")
  ) { call in
    var search = call.session.dataSearch
    let order: MergeOrder = try call.arguments.string("order") == "left" ? .left : .grouped
    var source = call.arguments.optionalString("source")
    if let path = call.arguments.optionalString("path") {
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
    if let movies = data.movies { call.session.variables["movies"] = .table(TableView(movies)) }
    call.session.loaded = (data.name, data.source)
    let summary = try RatingsSummary(data.ratings)
    call.output.write(.paragraph("\(data.name) · \(summary.headline)"))
    for note in data.notes { call.output.write(.paragraph(note)) }
    return .none
  }

  /// The two orders of a merged table.
  static let rowOrder = ParameterType.choice([
    Choice("grouped", "by film, as pandas did before 2.2"),
    Choice("left", "as in the file, as pandas does since"),
  ])

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
        share of the user × item table is filled; and how the stars are spread.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings; the loaded one if it is left out")
      ],
      examples: ["describe ratings"], seeAlso: ["head", "load"],
      chapter: "A first look at the data")
  ) { call in
    let table =
      call.arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    let summary = try RatingsSummary(table)
    call.output.write(.facts(summary.facts))
    call.output.write(.bars(summary.chart))
    return .none
  }

  static let dataloaders = Builtin(
    CommandSpec(
      "dataloaders", group: .data,
      summary: "split the ratings and serve them in batches",
      details: """
        Holds out a random share of the ratings for validation and finds the classes of users and \
        items. Afterwards `dls` stands for the result.

        With `sampler=weighted` an epoch is drawn with replacement, as fastai does since 2.7.15; \
        `shuffle` takes each rating once, as the book did.
        """,
      parameters: [
        Parameter(
          "table", .value("Table"), .optional, example: "ratings",
          help: "a table of ratings; the loaded one if it is left out"),
        Parameter(
          "item", .column, .optional, example: "title", isOptionOnly: true,
          help: "the column of items: title if there is one, else the second"),
        Parameter(
          "user", .column, .optional, example: "user", isOptionOnly: true,
          help: "the column of users: the first one"),
        Parameter(
          "rating", .column, .optional, example: "rating", isOptionOnly: true,
          help: "the column of ratings: rating if there is one, else the third"),
        Parameter(
          "bs", .integer(1...10_000_000), default: "64", isOptionOnly: true,
          help: "ratings in a batch"),
        Parameter(
          "valid_pct", .number(.between(0, 1)), default: "0.2", isOptionOnly: true,
          help: "the share held out"),
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
      result: "DataLoaders")
  ) { call in
    let arguments = call.arguments
    var options = DataLoaders.Options()
    options.item = arguments.optionalString("item")
    options.user = arguments.optionalString("user")
    options.rating = arguments.optionalString("rating")
    options.batchSize = try arguments.int("bs")
    options.validFraction = try arguments.double("valid_pct")
    options.seed = arguments.optionalInt("seed").map(UInt32.init(truncatingIfNeeded:))
    options.sampler = DataLoaders.Sampler(rawValue: try arguments.string("sampler")) ?? .shuffle
    let table = arguments.isGiven("table") ? try call.table("table") : try call.session.ratings()
    let loaders = try call.blaming(call.columnOption(missingIn: table) ?? "table") {
      try DataLoaders(table, options: options, using: call.session.streams)
    }
    call.session.variables["dls"] = .loaders(loaders)
    return .loaders(loaders)
  }

  static let showBatch = Builtin(
    CommandSpec(
      "show_batch", group: .data, summary: "show some ratings of a new batch",
      parameters: [Parameter("n", .integer(1...1000), default: "10", help: "how many rows")],
      examples: ["show_batch", "show_batch n=3"], seeAlso: ["one_batch", "dataloaders"],
      chapter: "Creating the DataLoaders")
  ) { call in
    try call.session.loaders().show(count: call.arguments.int("n"), on: call.output)
    return .none
  }

  static let oneBatch = Builtin(
    CommandSpec(
      "one_batch", group: .data, summary: "give the first batch of a new epoch as two tensors",
      details: """
        The first tensor holds user and item indices, one row a rating; the second holds the stars.
        """,
      examples: ["x, y = one_batch"], seeAlso: ["show_batch"],
      chapter: "Collaborative filtering from scratch", result: "Tuple")
  ) { call in
    let batch = try call.session.loaders().oneBatch()
    return .tuple([.tensor(batch.inputs), .tensor(batch.targets)])
  }
}

// MARK: - In words

extension RatingsSummary {
  /// Counts in one line.
  fileprivate var headline: String {
    let titles = titleCount.map { $0 == itemCount ? "" : " (\(grouped($0)) titles)" } ?? ""
    return "\(grouped(ratingCount)) ratings · \(grouped(userCount)) users · "
      + "\(grouped(itemCount)) movies\(titles)"
  }

  fileprivate var facts: [Fact] {
    func spread(_ spread: Spread) -> String {
      let median = spread.median.rounded() == spread.median ? 0 : 1
      return "\(grouped(spread.minimum)) to \(grouped(spread.maximum)), "
        + "half of them at most \(fixed(spread.median, median))"
    }
    var facts = [
      Fact("ratings", grouped(ratingCount)), Fact("users", grouped(userCount)),
      Fact("movies", grouped(itemCount)),
    ]
    if let titleCount {
      let why =
        sharedTitleCount == 0
        ? ""
        : ": \(sharedTitleCount) titles are carried by more than one id, "
          + "and are one item when items are told apart by title"
      facts.append(Fact("titles", grouped(titleCount) + why))
    }
    return facts + [
      Fact("filled", "\(fixed(100 * density, 2)) % of the user × movie table"),
      Fact("ratings a user", spread(ratingsPerUser)),
      Fact("ratings a movie", spread(ratingsPerItem)), Fact("mean", "\(fixed(mean, 3)) stars"),
    ]
  }

  fileprivate var chart: BarChart {
    BarChart(
      histogram.map { bar in
        let share = fixed(100 * Double(bar.count) / Double(max(ratingCount, 1)), 1)
        return .init(
          Column.Value.double(bar.stars).display.replacingSuffix(".0", with: "")
            + (bar.stars == 1 ? " star" : " stars"),
          value: Double(bar.count), text: "\(grouped(bar.count))  \(share) %")
      }, isRanked: false)
  }
}

extension String {
  /// The text with its ending replaced, if it has this one.
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self
  }
}

extension DataLoaders {
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
    options.skipsBadRows = try arguments.bool("skip_bad")
    return options
  }

  /// The first option that names a column which a table does not have.
  fileprivate func columnOption(missingIn table: Table) -> String? {
    ["item", "user", "rating"].first { option in
      arguments.optionalString(option).map { !table.hasColumn($0) } ?? false
    }
  }

  /// A table argument.
  func table(_ name: String) throws -> Table {
    switch arguments.value(name) {
    case .table(let view)?: view.table
    case .object(let series as Series)?: try arguments.required(name, series.table)
    default: try arguments.required(name, nil)
    }
  }
}
