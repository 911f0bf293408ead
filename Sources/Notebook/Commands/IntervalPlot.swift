import CollabDocuments
import CollabInterpreter
import CollabTables

extension Plot.Intervals {
  /// What `evaluate`, `compare`, `crossval` and `sweep` give: a panel a metric; nil for other tables.
  init?(_ table: Table) throws {
    let panels = try Self.differences(in: table) ?? Self.figures(in: table)
    guard !panels.isEmpty else { return nil }
    self.init(panels)
  }

  /// A panel for each column `rmse` beside which there are `rmse_low` and `rmse_high`.
  private static func figures(in table: Table) throws -> [Panel] {
    let ends = ["_low", "_high"]
    let metrics = table.columnNames.filter { name in
      ends.allSatisfy { table.hasColumn(name + $0) }
    }
    let figures = Set(metrics + metrics.flatMap { name in ends.map { name + $0 } })
    let names = try rowNames(of: table, without: figures)
    return try metrics.map { metric in
      let columns = try ([""] + ends).map { try table.column(metric + $0).doubles() }
      return Panel(
        metric,
        rows: names.indices.map {
          Row(names[$0], value: columns[0][$0], low: columns[1][$0], high: columns[2][$0])
        })
    }
  }

  /// What rows are called: the model or the group, else all that tells them apart.
  private static func rowNames(of table: Table, without figures: Set<String>) throws -> [String] {
    if let column = table.columns.first(where: { ["model", "group"].contains($0.name) }) {
      return (0..<column.count).map { column.value(at: $0).display }
    }
    let columns = table.columns.filter { !figures.contains($0.name) }
    return (0..<table.rowCount).map { row in
      columns.map { "\($0.name)=\($0.value(at: row).display)" }.joined(separator: " ")
    }
  }

  /// A panel a metric of what `compare` gives, around 0; nil for other tables.
  private static func differences(in table: Table) throws -> [Panel]? {
    guard ["model", "other", "metric", "difference", "low", "high"].allSatisfy(table.hasColumn)
    else { return nil }
    let texts = try ["model", "other", "metric"].map {
      try table.column($0).texts().map { $0 ?? "" }
    }
    let numbers = try ["difference", "low", "high"].map { try table.column($0).doubles() }
    let rows = (0..<table.rowCount).map { row in
      Row(
        "\(texts[0][row]) - \(texts[1][row])", value: numbers[0][row], low: numbers[1][row],
        high: numbers[2][row])
    }
    var metrics: [String] = []
    for metric in texts[2] where !metrics.contains(metric) { metrics.append(metric) }
    return metrics.map { metric in
      Panel(
        metric, rows: rows.indices.filter { texts[2][$0] == metric }.map { rows[$0] }, reference: 0)
    }
  }
}
