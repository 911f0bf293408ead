import CollabDocuments
import CollabInterpreter
import CollabLanguage
import CollabTables

/// A column whose cells are lists, tuples or sets, as `.str.split` and `groupby(…).apply(list)` give it.
final class ListColumn: HoldingObject {
  let labels: RowLabels
  let name: String
  /// A cell for each row; nan where one is missing.
  let cells: [Value]

  init(_ labels: RowLabels, _ name: String, _ cells: [Value]) {
    (self.labels, self.name, self.cells) = (labels, name, cells)
  }

  /// Cells with labels: a series of numbers or texts where that is what they are.
  static func value(_ labels: RowLabels, _ name: String, _ cells: [Value]) throws -> Value {
    guard cells.contains(where: \.isCollection) else {
      return Series(labels, try Column(name, cells: cells)).value
    }
    return .object(ListColumn(labels, name, cells))
  }

  var typeName: String { "Lists" }
  var display: String { "\(cells.count) rows" }
  var isTabular: Bool { true }
  var memberNames: [String] { ["iloc", "index", "loc", "name", "shape", "str", "values"] }
  var length: Int? { cells.count }

  func member(_ name: String) -> Value? {
    switch name {
    case "str": return .object(ListParts(self))
    case "values", "iloc": return .list(cells)
    case "loc": return .object(self)
    case "name": return self.name.isEmpty ? Value.none : .string(self.name)
    case "shape": return .tuple([.int(cells.count)])
    case "index": return .object(Index(labels))
    default: return nil
    }
  }

  func members() -> [Value]? { cells }
  var heldValues: [Value] { cells }

  func element(_ index: Value) throws -> Value {
    guard let row = labels.rows(of: index).first else {
      throw Problem.missingLabel(index.display, among: "those of the column", place: nil)
    }
    return cells[row]
  }

  func slice(_ places: (_ count: Int) -> [Int]) -> Value {
    let rows = places(cells.count)
    return .object(ListColumn(labels.rows(at: rows), name, rows.map { cells[$0] }))
  }

  /// As pandas prints a series of objects.
  var block: Block {
    let shown = ShownRows(of: cells.count)
    let levels = labels.isNumbered ? [labels.column] : labels.levels
    let texts = labels.cells(of: shown.rows)
    let footer = (name.isEmpty ? "" : "Name: \(name), ") + "dtype: object"
    return .table(
      TableBlock(
        columns: levels.map { .text($0.name) } + [.number("")],
        rows: shown.rows.enumerated().map { place, row in
          texts.map { $0[place] } + [cells[row].listedText]
        }, gapAfterRow: shown.gap, footer: footer))
  }

  /// What is made of each cell, with the same labels.
  func mapped(_ make: (Value) throws -> Value) throws -> Value {
    try ListColumn.value(labels, name, cells.map(make))
  }

  /// A row for each member of each cell.
  func exploded() throws -> Value {
    var (rows, members): ([Int], [Value]) = ([], [])
    for (row, cell) in cells.enumerated() {
      let own = cell.isCollection ? try cell.members() : [cell]
      // An empty list leaves its row.
      rows += [Int](repeating: row, count: max(own.count, 1))
      members += own.isEmpty ? [.double(.nan)] : own
    }
    let level = labels.isNumbered ? RowLabels(labels.column) : labels
    return try ListColumn.value(level.rows(at: rows), name, members)
  }
}

/// What stands behind `.str` of a column of lists.
final class ListParts: SessionObject {
  fileprivate let lists: ListColumn

  init(_ lists: ListColumn) { self.lists = lists }

  var typeName: String { "PartMethods" }
  var display: String { "the parts of lists" }

  /// The part at a place of each list.
  func element(_ index: Value) throws -> Value {
    try lists.mapped { (try? $0.element(index)) ?? .double(.nan) }
  }

  func slice(_ places: (_ count: Int) -> [Int]) throws -> Value {
    try lists.mapped { cell in
      guard let members = cell.elements else { return .double(.nan) }
      return .list(places(members.count).map { members[$0] })
    }
  }
}

/// Methods of columns of lists.
enum ListColumnMethods {
  static let all: [Builtin] = lists + parts

  private static let sample = "ratings.title.head(3).str.split(' ')"

  private static let lists: [Builtin] = [
    .method(
      of: "Lists", "explode", "a row for each member of each list", [],
      "\(sample).explode()", result: "Column"
    ) { call in try call.lists().exploded() },
    .method(
      of: "Lists", "apply", aliases: ["map"], "what a function makes of each list",
      [Parameter("function", .value(), example: "len", help: "a function of a list")],
      "\(sample).apply(len)", result: "Column"
    ) { call in
      let function = call.value("function")
      return try call.lists().mapped { try call.apply(function, to: $0) }
    },
    .method(
      of: "Lists", "head", "the first lists", [.rowCount], "\(sample).head(2)", result: "Lists"
    ) { call in
      let count = try call.arguments.int("n")
      return try call.lists().slice { Array(0..<Call.rows(count, of: $0)) }
    },
    .method(
      of: "Lists", "tail", "the last lists", [.rowCount], "\(sample).tail(2)", result: "Lists"
    ) { call in
      let count = try call.arguments.int("n")
      return try call.lists().slice { Array(($0 - Call.rows(count, of: $0))..<$0) }
    },
    .method(
      of: "Lists", "tolist", aliases: ["to_list"], "the lists as a list", [],
      "\(sample).tolist()", result: "List"
    ) { call in .list(try call.lists().cells) },
    .method(
      of: "Lists", "to_dict", "the lists by their labels", [], "\(sample).to_dict()",
      result: "dict"
    ) { call in
      let lists = try call.lists()
      return .object(try Mapping(zip(lists.labels.labels, lists.cells).map { ($0, $1) }))
    },
  ]

  private static let parts: [Builtin] = [
    .method(
      of: "PartMethods", "len", "how many parts each list has", [],
      "\(sample).str.len()", result: "Column"
    ) { call in
      try call.parts().mapped { try $0.isCollection ? .int($0.members().count) : .double(.nan) }
    },
    .method(
      of: "PartMethods", "get", "the part at a place of each list",
      [Parameter("i", .integer(), example: "0", help: "the place")],
      "\(sample).str.get(0)", result: "Column"
    ) { call in
      let place = call.value("i")
      return try call.parts().mapped { (try? $0.element(place)) ?? .double(.nan) }
    },
    .method(
      of: "PartMethods", "join", "the parts of each list as one text",
      [Parameter("sep", .string, example: "'-'", help: "what stands between")],
      "\(sample).str.join('-')", result: "Column"
    ) { call in
      let separator = try call.arguments.string("sep")
      return try call.parts().mapped { cell in
        guard cell.isCollection else { return .double(.nan) }
        return .string(try cell.members().map(\.text).joined(separator: separator))
      }
    },
  ]
}

extension Value {
  /// Whether a cell that is this has members.
  var isCollection: Bool {
    switch self {
    case .list, .longList, .tuple, .object(is ValueSet): true
    default: false
    }
  }

  /// As pandas writes it into a cell: texts in lists have no quotes.
  fileprivate var listedText: String {
    guard isCollection, let members = try? members() else { return cellText }
    let inner = members.map(\.listedText).joined(separator: ", ")
    return switch self {
    case .tuple: "(\(inner)\(members.count == 1 ? "," : ""))"
    case .object: "{\(inner)}"
    default: "[\(inner)]"
    }
  }
}

extension Call {
  fileprivate func lists() throws -> ListColumn { try objectReceiver() }

  fileprivate func parts() throws -> ListColumn { try objectReceiver(ListParts.self).lists }

  /// How many of some rows a number means: of a negative one all but so many.
  static func rows(_ asked: Int, of count: Int) -> Int {
    asked < 0 ? max(count + asked, 0) : min(asked, count)
  }
}

extension ColumnTexts {
  /// What a function makes of each text, once for each different one: also lists.
  func mappedToAny(_ make: (String) throws -> Value) throws -> Value {
    guard series.values.kind == .text else { return series.value }
    let coded = try series.values.codedInterruptibly()
    let made = try coded.levels.texts().map { try $0.map(make) ?? .double(.nan) }
    let cells = coded.codes.map { $0 < 0 ? .double(.nan) : made[Int($0)] }
    return try ListColumn.value(series.labels, series.values.name, cells)
  }
}

extension TextPattern {
  /// What `re.findall` gives: matches, or their groups where the expression has some.
  func allMatches(in text: String) -> [Value] {
    matches(in: text).map { match in
      let groups = match.dropFirst().map { Value.string($0.map(String.init) ?? "") }
      switch groups.count {
      case 0: return .string(match[0].map(String.init) ?? "")
      case 1: return groups[0]
      default: return .tuple(Array(groups))
      }
    }
  }
}
