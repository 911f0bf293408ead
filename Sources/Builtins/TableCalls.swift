package import CollabInterpreter
import CollabLanguage
package import CollabTables
import CollabTensors

// MARK: - What stands before the dot

extension Call {
  /// The table with the labels of its rows.
  package func view() throws -> TableView {
    guard case .table(let view) = receiver else { throw Problem.notCallable(receiver.phrase) }
    return view
  }

  package func tableReceiver() throws -> Table { try view().table }

  /// The object before the dot.
  ///
  /// - Parameters:
  ///   - kind: what it must be.
  ///   - expected: what the method is of, where other kinds have one of that name.
  /// - Returns: the object.
  /// - Throws: `bad-value`, or that there is nothing to call, for other values.
  func objectReceiver<Object>(
    _ kind: Object.Type = Object.self, expected: String? = nil
  ) throws -> Object {
    guard case .object(let object as Object) = receiver else {
      throw expected.map { Problem.wrongKind("this method", expected: $0, got: receiver.phrase) }
        ?? Problem.notCallable(receiver.phrase)
    }
    return object
  }

  /// The column or series with its labels; the labels of an index have the numbers of their places.
  package func seriesReceiver() throws -> Series {
    if let series = receiver.series { return series }
    let index: Index = try objectReceiver()
    return Series(RowLabels(numbered: index.labels.count), index.labels.column)
  }

  package func columnReceiver() throws -> Column { try seriesReceiver().values }
}

// MARK: - Arguments

extension Call {
  /// One name, or several in a list; nil if none is given.
  package func names(_ parameter: String) -> [String]? {
    switch arguments.value(parameter) {
    case nil, Value.none?: nil
    case .string(let name)?: [name]
    case let value?: (try? value.members())?.map(\.text) ?? [value.text]
    }
  }

  /// The keys and values of a dict, or of pairs in a list; nil for other values.
  package func pairs(_ parameter: String) -> [(key: Value, value: Value)]? {
    arguments.value(parameter)?.pairs
  }

  /// The value of a parameter; none where it is not given.
  package func value(_ parameter: String) -> Value { arguments.value(parameter) ?? .none }

  /// A value that a cell can hold.
  package func cell(_ parameter: String) throws -> Column.Value {
    try arguments.required(parameter, arguments.value(parameter)?.cell)
  }

  /// Whether the largest come first.
  package func isDescending() throws -> Bool {
    try arguments.bool("descending") || !arguments.bool("ascending")
  }

  /// The way that `axis` names: 1 and `columns` go along a row.
  package func isAlongRows() throws -> Bool {
    switch arguments.value("axis") {
    case .int(1)?, .string("columns")?: return true
    case .int(0)?, .string("index")?, .string("rows")?, nil, Value.none?: return false
    case let value?:
      throw Problem.wrongKind("`axis`", expected: "0 or 1", got: value.display)
    }
  }

  /// What the argument `key` makes of a column, or the column.
  package func keys(of series: Series) throws -> Series {
    guard arguments.isGiven("key"), !value("key").isNone else { return series }
    return try blaming("key") {
      let made = try apply(value("key"), to: series.value)
      guard let keys = made.series, keys.values.count == series.values.count else {
        throw Problem.wrongKind(
          "`key`", expected: "a function that gives a value for each row", got: made.phrase)
      }
      return keys
    }
  }

  /// What a function, a builtin or a model makes of a value.
  package func apply(_ function: Value, to value: Value) throws -> Value {
    if scope.isInterrupted() { throw scope.interrupted() }
    return try CallSite(at: arguments.range, in: arguments.source).apply(
      function, to: [value], in: scope)
  }

  /// Which of the rows that repeat stays.
  package func keptRow() throws -> DuplicateRow {
    switch arguments.value("keep") {
    case .bool(false)?: return .none
    case let value?:
      guard value.text == "first" || value.text == "last" else {
        throw Problem.wrongKind("`keep`", expected: "first, last or false", got: value.display)
      }
      return value.text == "last" ? .last : .first
    case nil: return .first
    }
  }

  /// What `aggfunc` and the like name.
  package func aggregate(_ parameter: String) throws -> Aggregate {
    try blaming(parameter) { try Aggregate(named: value(parameter)) }
  }
}

extension Value {
  /// The keys and values of a dict, or of pairs in a list; nil for other values.
  package var pairs: [(key: Value, value: Value)]? {
    switch self {
    case .object(let mapping as Mapping):
      return Array(zip(mapping.keys, mapping.values)).map { ($0, $1) }
    case .list(let elements), .longList(let elements):
      let pairs = elements.compactMap { element -> (key: Value, value: Value)? in
        guard case .tuple(let parts) = element, parts.count == 2 else { return nil }
        return (parts[0], parts[1])
      }
      return pairs.count == elements.count && !pairs.isEmpty ? pairs : nil
    default: return nil
    }
  }

  /// Whether it can be called.
  package var isCallable: Bool {
    switch self {
    case .callable, .module, .object(is any CallableObject): true
    default: false
    }
  }
}

extension Aggregate {
  /// What a name, or a function of this name, stands for.
  package init(named value: Value) throws {
    let name =
      switch value {
      case .string(let name): name
      case .callable(let callable): callable.name
      default: ""
      }
    let known = Aggregate(rawValue: name) ?? (name == "len" ? .size : nil)
    guard let known else {
      let names = Aggregate.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem.wrongKind("an aggregate", expected: "one of \(names)", got: value.display)
    }
    self = known
  }

  /// Whether it is also told of texts.
  package var takesTexts: Bool {
    switch self {
    case .size, .count, .nunique, .min, .max, .first, .last: true
    case .sum, .mean, .median, .std, .variance: false
    }
  }

  /// Whether it gives one of the values themselves.
  package var isChoice: Bool { [.min, .max, .first, .last].contains(self) }

  /// What it is, for help.
  package var phrase: String {
    switch self {
    case .size: "number of rows"
    case .count: "number of values"
    case .nunique: "number of different values"
    case .sum: "sum"
    case .mean: "mean"
    case .median: "middle value in order"
    case .min: "smallest value"
    case .max: "largest value"
    case .std: "standard deviation"
    case .variance: "variance"
    case .first: "first value"
    case .last: "last value"
    }
  }
}

extension Parameter {
  /// What the number of values is lowered by in a variance.
  package static let degrees = Parameter(
    "ddof", .integer(), default: "1", isOptionOnly: true, help: "what their number is lowered by")
  /// Whether missing values are left out.
  package static let skipsMissing = Parameter.flag(
    "skipna", true, "whether missing values are left out")
}

extension Aggregate {
  /// Whether it divides by a number of values that may be lowered otherwise.
  package var takesDegrees: Bool { self == .std || self == .variance }
}

extension Column {
  /// The standard deviation or variance with another number of degrees of freedom.
  package func spread(_ kind: Aggregate, _ lowered: Int) throws -> Double {
    let usual = try aggregated(.variance).number ?? .nan
    let count = Double(count - missingRows.count)
    // Of one value there is no variance, unless nothing is taken off.
    let sum = count == 1 ? 0 : usual * (count - 1)
    let variance =
      lowered == 1 ? usual : count > Double(lowered) ? sum / (count - Double(lowered)) : .nan
    return kind == .std
      ? lowered == 1 ? try aggregated(.std).number ?? .nan : variance.squareRoot() : variance
  }

  /// One value of the whole column.
  package func value(of aggregate: Aggregate) throws -> CollabInterpreter.Value {
    let value = try aggregated(aggregate)
    if isTruth, aggregate.isChoice, case .integer(let number) = value { return .bool(number != 0) }
    return CollabInterpreter.Value(value)
  }
}

extension Parameter {
  /// How many rows.
  package static let rowCount = Parameter(
    "n", .integer(-100_000_000...100_000_000), default: "5",
    help: "how many rows; below 0 all but so many")

  /// The name of a column, or several.
  package static func columns(
    _ name: String, _ example: String, _ help: String, isOptional: Bool = false,
    isOptionOnly: Bool = false
  ) -> Parameter {
    Parameter(
      name, .anyOf([.string, .list(of: .string), .value("List")]),
      isOptional ? .optional : .required, example: example, isOptionOnly: isOptionOnly, help: help)
  }

  /// An option that is on or off.
  package static func flag(_ name: String, _ usual: Bool, _ help: String) -> Parameter {
    Parameter(name, .boolean, default: "\(usual)", isOptionOnly: true, help: help)
  }

  /// Rows or columns.
  package static let axis = Parameter(
    "axis", .anyOf([.integer(0...1), .choice([Choice("index"), Choice("columns")])]), default: "0",
    isOptionOnly: true, help: "0 or index goes down the columns, 1 or columns along the rows")

  /// Accepted as pandas has it: rows that are equal keep their order in any case.
  package static let kind = Parameter(
    "kind", .choice(["stable", "mergesort", "quicksort", "heapsort"].map { Choice($0) }),
    default: "stable", isOptionOnly: true, help: "any: equal rows keep their order")

  /// What values are compared by, where it is not themselves.
  package static let sortingKey = Parameter(
    "key", .value("function"), .optional, example: "lambda s: -s", isOptionOnly: true,
    help: "a function that makes of a column what is compared")

  /// Both ways to say which end comes first.
  package static let directions = [
    Parameter.flag("ascending", true, "false for the largest first"),
    Parameter.flag("descending", false, "the largest first"),
  ]

  /// Whether rows get their own numbers again.
  package static let ignoreIndex = Parameter.flag(
    "ignore_index", false, "whether the rows are called by their numbers again")
}
