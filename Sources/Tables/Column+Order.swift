import CollabThreading

// MARK: - Order
extension Column {
  /// The rows in the order of their values.
  ///
  ///     Column("stars", doubles: [4, .nan, 5]).sortedRows(descending: true)  // [2, 0, 1]
  ///
  /// Rows with equal values keep their order, and those without a value come last, whichever way the
  /// others go, as in pandas.
  ///
  /// - Throws: `TableError.interrupted`.
  /// - Complexity: that of `coded()`.
  public func sortedRows(descending: Bool = false) throws(TableError) -> [Int] {
    try sorted(Array(0..<count), descending: descending)
  }

  /// Some rows in the order of their values; equal ones keep the order in which they are given.
  func sorted(_ rows: [Int], descending: Bool) throws(TableError) -> [Int] {
    let coded = try codedInterruptibly()
    let missing = coded.levels.count
    let groups = try RowGroups(
      Interruption.map(rows.count) { place in
        let code = Int(coded.codes[rows[place]])
        return code < 0 ? missing : descending ? missing - 1 - code : code
      }, groupCount: missing + 1)
    return try Interruption.map(rows.count) { rows[groups.inOrder[$0]] }
  }

  /// The different values in the order of their first rows; a missing one is among them.
  ///
  /// - Throws: `TableError.interrupted`.
  /// - Complexity: that of `coded()`.
  public func unique() throws(TableError) -> Column {
    let coded = try codedInterruptibly()
    var isSeen = [Bool](repeating: false, count: coded.levels.count + 1)
    return rows(
      at: coded.codes.indices.filter { row in
        let code = coded.codes[row]
        let place = code < 0 ? coded.levels.count : Int(code)
        defer { isSeen[place] = true }
        return !isSeen[place]
      })
  }
}

extension Table {
  /// The rows in the order of one column, then of others where that one is equal.
  ///
  /// Rows that are equal in all of them keep their order, and missing values come last.
  ///
  /// - Parameters:
  ///   - names: The columns, the most important first.
  ///   - descending: For each of the columns, whether its largest value comes first.
  /// - Returns: the same rows in order.
  /// - Throws: `TableError.noColumn`.
  /// - Precondition: there are as many directions as columns.
  public func sorted(by names: [String], descending: [Bool]) throws(TableError) -> Table {
    precondition(
      names.count == descending.count, "\(names.count) columns, \(descending.count) directions")
    var order = Array(0..<rowCount)
    for (name, isDown) in zip(names, descending).reversed() {
      order = try column(name).sorted(order, descending: isDown)
    }
    return try rowsInterruptibly(at: order)
  }
}
