import Collab
import CollabInterpreter
import CollabLanguage
import CollabTables
import CollabTensors

/// Items that arguments choose: titles in a list, the rows of a table, or a condition on what is known
/// of them.
extension Call {
  /// The indices of the items that a list, a column or a table names; nil if nothing is given.
  ///
  /// - Throws: `unknown-title` for a title in a list that is no item. Tables may have items that
  ///   nobody has rated.
  func itemSet(_ name: String, of learner: Learner) throws -> Set<Int>? {
    guard arguments.isGiven(name) else { return nil }
    let items = learner.loaders.items
    switch arguments.value(name) {
    case .table(let view)?: return try blaming(name) { try items.indices(in: view.table) }
    case .column(let column)?:
      return Set(
        (0..<column.count).compactMap { items.index(of: column, at: $0) })
    case let value? where value.isSequence:
      return Set(try value.members().map { try item($0, name, of: learner) })
    case let value?: return [try item(value, name, of: learner)]
    case nil: return nil
    }
  }

  /// As `itemSet(_:of:)`, but a text is a condition on the columns of the table of items.
  func allowedItems(_ name: String, of learner: Learner) throws -> Set<Int>? {
    guard case .string(let condition)? = arguments.value(name) else {
      return try itemSet(name, of: learner)
    }
    let items = learner.loaders.items
    guard let known = session.itemTable(of: learner.loaders) else {
      throw Diagnostic(
        "bad-value",
        "a condition on items needs a table `movies` with their `\(items.name)` and what is known of them",
        at: arguments.range(of: name), in: arguments.source,
        help: ["\(name)=TABLE takes the rows of any table with a column \(items.name)"])
    }
    let source = Source(condition, name: "<\(name)>")
    let formula = try session.parser.expression(in: source)
    let table = try known.splitting(for: session.parser.code(in: source).usedNames)
    let mask = try session.withVariables(of: table) {
      try Evaluator(session, source).evaluate(formula)
    }
    guard let rows = try blaming(name, { try mask.mask(of: table.rowCount) }) else {
      throw Diagnostic(
        "bad-value", "`\(name)` takes a condition, which is true or false for each item",
        at: source.range, in: source, caption: "this is \(mask.phrase)",
        help: ["known of them are \(known.columnNames.joined(separator: ", "))"])
    }
    return try items.indices(in: table.rows(at: rows))
  }
}

extension Vocabulary {
  /// The indices of the rows of a table with a column of this name; rows that are not here are passed
  /// over.
  ///
  /// - Throws: ``TableError/noColumn(_:available:)``.
  func indices(in table: Table) throws -> Set<Int> {
    let column = try table.column(name)
    return Set((0..<column.count).compactMap { index(of: column, at: $0) })
  }
}

extension Session {
  /// What is known of the items: the table `movies`, if it is about these, else the one that came with
  /// the learner from a model file.
  func itemTable(of loaders: DataLoaders) -> Table? {
    let items = loaders.items
    if case .table(let view)? = variables["movies"], view.table.hasColumn(items.name),
      let indices = try? items.indices(in: view.table), !indices.isEmpty
    {
      return view.table
    }
    return loaders.itemTable
  }

  /// Runs a body that finds the columns of a table by their names.
  fileprivate func withVariables<Result>(
    of table: Table, _ body: () throws -> Result
  ) rethrows -> Result {
    let before = variables
    defer { variables = before }
    variables.merge(table.columns.map { ($0.name, Value.column($0)) }) { $1 }
    return try body()
  }
}

extension Table {
  /// The table with a row for each part of a text such as `Comedy|Drama`, where a name is asked for
  /// that is the singular of a column: `genre` of `genres`.
  fileprivate func splitting(for names: Set<String>) throws -> Table {
    var table = self
    for name in names.sorted() where !table.hasColumn(name) && table.hasColumn(name + "s") {
      guard let texts = try? table.column(name + "s").texts() else { continue }
      var (rows, parts): ([Int], [String?]) = ([], [])
      for (row, text) in texts.enumerated() {
        for part in (text ?? "").split(separator: "|", omittingEmptySubsequences: false) {
          rows.append(row)
          parts.append(text == nil ? nil : String(part))
        }
      }
      table = try table.rows(at: rows).adding(Column(name, texts: parts))
    }
    return table
  }
}
