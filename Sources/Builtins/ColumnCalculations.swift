package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

/// Methods of columns and series that give another column, row by row, under pandas' names.
package enum ColumnCalculations {
  package static let all = running + numbers + functions + operators + summaries

  /// A method whose result has the labels of the column.
  private static func method(
    _ name: String, aliases: [String] = [], _ summary: String, _ parameters: [Parameter] = [],
    _ example: String, _ make: @escaping @Sendable (Column, Call) throws -> Column
  ) -> Builtin {
    .method(of: "Column", name, aliases: aliases, summary, parameters, example, result: "Column") {
      call in
      let series = try call.seriesReceiver()
      return series.with(try make(series.values, call).renamed(series.values.name)).value
    }
  }

  private static let periods = Parameter(
    "periods", .integer(), default: "1", help: "how many rows lie between")

  // MARK: - Down the rows

  private static let running: [Builtin] =
    [
      (RunningKind.sum, "sum"), (.product, "product"), (.min, "smallest value"),
      (.max, "largest value"),
    ].map { kind, what in
      method(
        kind.rawValue, "the \(what) of each row and all above", [],
        "ratings.rating.head(3).\(kind.rawValue)()"
      ) { column, _ in
        try column.running(kind)
      }
    } + [
      method(
        "shift", "the values moved down", [periods], "ratings.rating.head(3).shift()"
      ) { column, call in
        try column.shifted(by: call.arguments.int("periods"))
      },
      method(
        "diff", "the difference to the row above", [periods], "ratings.rating.head(3).diff()"
      ) { column, call in
        let before = try column.shifted(by: call.arguments.int("periods")).asDoubles()
        return try column.calculated(.subtract, before)
      },
      method(
        "pct_change", "the relative difference to the row above", [periods],
        "ratings.rating.head(3).pct_change()"
      ) { column, call in
        let before = try column.shifted(by: call.arguments.int("periods")).asDoubles()
        return try column.calculated(.divide, before).calculated(.subtract, 1)
      },
      method(
        "rank", "the places of the values in order, from 1",
        [
          Parameter(
            "method", .choice(RankMethod.allCases.map { Choice($0.rawValue) }),
            default: "average", isOptionOnly: true, help: "what equal values have"),
          .flag("ascending", true, "false for the largest first"),
          .flag("pct", false, "whether to give parts of the whole"),
        ], "ratings.rating.head(5).rank()"
      ) { column, call in
        let method = RankMethod(rawValue: try call.arguments.string("method")) ?? .average
        let ranks = try column.ranks(method, descending: try !call.arguments.bool("ascending"))
        guard try call.arguments.bool("pct") else { return ranks }
        let most = method == .dense ? column.distinct().count : column.droppingMissing().count
        return Column(ranks.name, doubles: try ranks.doubles().map { $0 / Double(most) })
      },
    ]

  // MARK: - Numbers

  private static let numbers: [Builtin] = [
    method("abs", "the values without signs", [], "(ratings.rating - 3).abs().head(3)") {
      column, _ in
      column.kind == .integers
        ? Column(column.name, integers: try column.integers().map { abs($0) })
        : Column(column.name, doubles: try column.doubles().map { abs($0) })
    },
    method(
      "round", "the numbers with so many decimals",
      [Parameter("decimals", .integer(-20...20), default: "0", help: "how many")],
      "ratings.rating.pct_change().round(2).head(3)"
    ) { column, call in
      try column.rounded(call.arguments.int("decimals"))
    },
    method(
      "clip", "the numbers moved to the nearest bound",
      [
        Parameter(
          "lower", .anyOf([.number(), .nothing]), .optional, example: "2", help: "the least"),
        Parameter(
          "upper", .anyOf([.number(), .nothing]), .optional, example: "4", help: "the largest"),
      ], "ratings.rating.clip(2, 4).head(3)"
    ) { column, call in
      try column.clipped(low: call.value("lower").cell, high: call.value("upper").cell)
    },
    method(
      "astype", "the values as another type",
      [Parameter("dtype", .value("Name"), example: "float", help: "int, float, bool or str")],
      "ratings.rating.astype(float).head(3)"
    ) { column, call in
      try call.blaming("dtype") { try column.converted(to: call.value("dtype")) }
    },
  ]

  // MARK: - Functions of the values

  private static let functions: [Builtin] = [
    .method(
      of: "Column", "map", "what a function or a dict makes of each value",
      [Parameter("function", .value(), example: "{5: 'best'}", help: "a function, dict or series")],
      "ratings.rating.map({5: 'best', 4: 'good'}).head(3)", result: "Column"
    ) { call in
      let series = try call.seriesReceiver()
      let function = call.value("function")
      if let others = function.series {
        let rows = RowLabels(series.values).rows(in: others.labels)
        return series.with(
          try others.values.rows(padding: rows).renamed(series.values.name)
        ).value
      }
      if case .object(let mapping as Mapping) = function {
        let coded = try series.values.codedInterruptibly()
        let made = try (0..<coded.levels.count).map {
          try mapping.value(of: coded.levels.cell(at: $0)) ?? .double(.nan)
        }
        let column = try Column(series.values.name, cells: made + [.double(.nan)])
        return series.with(
          try coded.codes.contains { $0 < 0 }
            ? column.rows(at: coded.codes.map { $0 < 0 ? made.count : Int($0) })
            : Column(series.values.name, cells: made).rows(at: coded.codes.map { Int($0) })
        ).value
      }
      return try call.applied(function, to: series)
    },
    .method(
      of: "Column", "apply", "what a function makes of each value",
      [Parameter("function", .value(), example: "round", help: "a function of one value")],
      "ratings.rating.head(3).apply(str)", result: "Column"
    ) { call in
      try call.applied(call.value("function"), to: call.seriesReceiver())
    },
    method(
      "replace", "the column with other values in place of some",
      [
        .replaced, .replacement,
      ], "ratings.rating.replace(1, 2).head(3)"
    ) { column, call in try column.replacing(call.replacements()) },
    choice("where", "the values where a condition holds, others elsewhere", keeps: true),
    choice(
      "mask", "the values where a condition does not hold, others where it does", keeps: false),
    .method(
      of: "Column", "agg", aliases: ["aggregate"], "one or several numbers of the column",
      [Parameter("functions", .value(), example: "['mean', 'count']", help: "which numbers")],
      "ratings.rating.agg(['mean', 'count'])", result: nil
    ) { call in
      let column = try call.columnReceiver()
      let functions = call.value("functions")
      guard functions.isSeveral else {
        if case .callable(let callable) = functions, Aggregate(rawValue: callable.name) == nil {
          return try call.apply(functions, to: call.receiver)
        }
        return try column.value(of: call.aggregate("functions"))
      }
      let names = try functions.members()
      let values = try call.blaming("functions") {
        try names.map { try column.value(of: Aggregate(named: $0)) }
      }
      return Series(
        Column("", texts: try names.map { try Aggregate(named: $0).rawValue }),
        try Column(column.name, cells: values)
      ).value
    },
  ]

  private static func choice(_ name: String, _ summary: String, keeps: Bool) -> Builtin {
    method(
      name, summary,
      [
        Parameter("cond", .value("Column"), example: "ratings.rating > 3", help: "the condition"),
        Parameter(
          "other", .value(), .optional, example: "0",
          help: "what stands elsewhere; nothing if it is left out"),
      ], "ratings.rating.\(name)(ratings.rating > 3, 0).head(3)"
    ) { column, call in
      let series = try call.seriesReceiver()
      guard let places = try call.value("cond").mask(of: series.labels) else {
        return try call.arguments.required("cond", nil)
      }
      var isKept = [Bool](repeating: !keeps, count: column.count)
      for place in places { isKept[place] = keeps }
      let other = call.value("other")
      if other.isNone {
        return try column.rows(padding: isKept.indices.map { isKept[$0] ? $0 : -1 })
      }
      let others = try other.series?.reordered(as: series.labels)
      return try Column(
        column.name,
        cells: isKept.indices.map { row in
          isKept[row] ? column.cell(at: row) : others?.cell(at: row) ?? other
        })
    }
  }

  // MARK: - Operators as methods

  private static let operators: [Builtin] = [
    ("add", "+"), ("sub", "-"), ("mul", "*"), ("div", "/"), ("floordiv", "//"), ("mod", "%"),
    ("pow", "**"), ("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"),
    ("ge", ">="),
  ].compactMap { name, sign in
    guard let kind = Operator.Kind(rawValue: sign) else { return nil }
    return .method(
      of: "Column", name, "as `\(sign)`, row by row",
      [Parameter("other", .value(), example: "2", help: "a value or a column")],
      "ratings.rating.\(name)(2).head(3)", result: "Column"
    ) { call in
      try Arithmetic.apply(kind, call.receiver, call.value("other"))
    }
  }

  // MARK: - Summaries

  private static let summaries: [Builtin] = [
    .method(
      of: "Column", "describe", "number, mean, deviation and quartiles of the values", [],
      "ratings.rating.describe()", result: "Series"
    ) { call in
      try call.columnReceiver().described()
    }
  ]
}

extension Call {
  /// What a function makes of each value of a series.
  package func applied(_ function: Value, to series: Series) throws -> Value {
    guard function.isCallable else {
      if case .string = function {
        return try series.values.value(of: blaming("function") { try Aggregate(named: function) })
      }
      return try arguments.required("function", nil)
    }
    let values = try blaming("function") {
      try (0..<series.values.count).map { row -> Value in
        try apply(function, to: series.values.cell(at: row)).asPlain
      }
    }
    guard let column = try? Column(series.values.name, cells: values) else { return .list(values) }
    return series.with(values.isEmpty ? series.values : column).value
  }
}

extension Value {
  /// The only element of a tensor as a number.
  package var asPlain: Value {
    switch self {
    case .tensor(let tensor) where tensor.count == 1, .array(let tensor) where tensor.count == 1:
      (try? Value(elementOf: tensor)) ?? self
    default: self
    }
  }
}

extension Column {
  /// What an operator makes of each value and a number.
  fileprivate func calculated(_ kind: Operator.Kind, _ number: Int) throws -> Column {
    try Arithmetic.apply(kind, .column(self), .int(number)).series?.values ?? self
  }

  /// What an operator makes of the values of two columns.
  fileprivate func calculated(_ kind: Operator.Kind, _ other: Column) throws -> Column {
    try Arithmetic.apply(kind, .column(self), .column(other)).series?.values ?? self
  }

  /// The numbers with so many decimals, halves to even as numpy rounds them.
  package func rounded(_ decimals: Int) throws -> Column {
    if kind == .integers && decimals >= 0 { return self }
    let factor = (0..<abs(decimals)).reduce(1.0) { factor, _ in factor * 10 }
    let numbers = try doubles().map { number in
      decimals < 0
        ? (number / factor).rounded(.toNearestOrEven) * factor
        : (number * factor).rounded(.toNearestOrEven) / factor
    }
    return kind == .integers
      ? Column(name, integers: numbers.map { Int(clamping: $0) }) : Column(name, doubles: numbers)
  }

  /// The values as another type.
  ///
  /// - Throws: `bad-value` where a value has no such form.
  package func converted(to type: CollabInterpreter.Value) throws -> Column {
    let word =
      switch type {
      case .callable(let callable): callable.name
      default: type.text
      }
    switch word {
    case "str", "object", "string":
      return Column(name, texts: (0..<count).map { cell(at: $0).cellText })
    case "float", "float32", "float64", "double", "torch.float32", "torch.float64":
      guard kind == .text else { return try asDoubles() }
      return Column(
        name,
        doubles: try texts().map { text in
          guard let text else { return .nan }
          return try number(text, as: "a number") { Double($0) }
        })
    case "int", "int8", "int16", "int32", "int64", "long", "torch.int64":
      if kind == .text {
        return Column(
          name,
          integers: try texts().map { text in
            try number(text ?? "nan", as: "a whole number") { Int($0) }
          })
      }
      if let truths { return Column(name, integers: truths.map { $0 ? 1 : 0 }) }
      guard kind == .doubles else { return self }
      return Column(
        name,
        integers: try doubles().map { number in
          guard let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw Problem.wrongKind(
              "astype(int)", expected: "finite numbers",
              got: Column.Value.double(number).display)
          }
          return whole
        })
    case "bool":
      guard kind != .text else { return Column(name, truths: try texts().map { $0 != "" }) }
      return Column(name, truths: try doubles().map { $0 != 0 })
    case "category": return self
    default:
      throw Problem.wrongKind(
        "`astype`", expected: "int, float, bool or str", got: type.display)
    }
  }

  private func number<Number>(
    _ text: String, as what: String, _ read: (String) -> Number?
  ) throws -> Number {
    let bare = text.filter { !$0.isWhitespace }
    guard let number = read(bare) else {
      throw Problem.wrongKind("`astype`", expected: what, got: "'\(text)'")
    }
    return number
  }

  /// Number, mean, deviation and quartiles; of texts number, different ones, the commonest.
  package func described() throws -> CollabInterpreter.Value {
    if kind == .text || isTruth {
      let counts = try valueCounts()
      let top = counts.rowCount > 0 ? counts.columns[0].cell(at: 0) : .double(.nan)
      let often = counts.rowCount > 0 ? counts.columns[1].cell(at: 0) : .double(.nan)
      return .object(
        TableRow(
          ["count", "unique", "top", "freq"],
          [.int(count - missingRows.count), .int(counts.rowCount), top, often],
          label: name.isEmpty ? .none : .string(name)))
    }
    return Series(Column("", texts: Self.describedNames), try describedNumbers()).value
  }

  package static let describedNames: [String?] = [
    "count", "mean", "std", "min", "25%", "50%", "75%", "max",
  ]

  /// What ``described()`` tells of numbers.
  package func describedNumbers() throws -> Column {
    func number(_ aggregate: Aggregate) throws -> Double {
      try aggregated(aggregate).number ?? .nan
    }
    return Column(
      name,
      doubles: try [number(.count), number(.mean), number(.std), number(.min)]
        + quantiles([0.25, 0.5, 0.75]) + [number(.max)])
  }
}

// MARK: - Replacing values

extension Parameter {
  /// What `replace` looks for.
  static let replaced = Parameter(
    "to_replace", .value(), example: "1", help: "a value, several, or a dict")
  /// What `replace` puts there.
  static let replacement = Parameter(
    "value", .value(), .optional, example: "2", help: "what stands there instead")
}

extension Call {
  /// The values that `replace` looks for, and what stands there instead.
  func replacements() throws -> [(key: Value, value: Value)] {
    if let pairs = pairs("to_replace"), !pairs.isEmpty { return pairs }
    let old = value("to_replace")
    let olds = old.isSeveral ? try old.members() : [old]
    let new = value("value")
    let news = new.isSeveral ? try new.members() : olds.map { _ in new }
    guard olds.count == news.count else {
      throw Problem.unequalLengths("to_replace", olds.count, "value", news.count)
    }
    return zip(olds, news).map { ($0, $1) }
  }
}

extension Column {
  /// The column with other values in place of some.
  func replacing(_ wanted: [(key: CollabInterpreter.Value, value: CollabInterpreter.Value)]) throws
    -> Column
  {
    let coded = try codedInterruptibly()
    let levels = (0..<coded.levels.count).map { place in
      let cell = coded.levels.cell(at: place)
      return wanted.first { Arithmetic.equal($0.key, cell) }?.value ?? cell
    }
    guard coded.codes.contains(where: { $0 < 0 }) else {
      return try Column(name, cells: levels).rows(at: coded.codes.map { Int($0) })
    }
    let made = try Column(name, cells: levels + [.double(.nan)])
    return made.rows(at: coded.codes.map { $0 < 0 ? levels.count : Int($0) })
  }
}
