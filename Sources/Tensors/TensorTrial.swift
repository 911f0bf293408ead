/// Trying a model with other numbers than its own.
package enum TensorTrial {
  /// Runs a body that may overwrite the first rows of some matrices, and that sends gradients to those
  /// matrices alone.
  ///
  /// Afterwards elements, versions and gradients are what they were, to the last bit: whatever was
  /// computed before may still send its gradients back.
  ///
  /// - Parameters:
  ///   - tables: matrices of `float32` whose rows are overwritten.
  ///   - rowCount: how many of their rows.
  ///   - leaves: tensors that would have gradients, the tables among them.
  ///   - body: what is tried.
  /// - Returns: what the body gives.
  /// - Throws: what the body throws.
  package static func run<Result>(
    on tables: [Tensor], firstRows rowCount: Int, among leaves: [Tensor],
    _ body: () throws -> Result
  ) rethrows -> Result {
    let contents = tables.map { table in
      let width = table.shape.first.map { $0 > 0 ? table.count / $0 : 0 } ?? 0
      let count = min(rowCount * width, table.count)
      return (
        table: table, version: table.version,
        elements: Array(UnsafeBufferPointer(start: table.floats, count: count))
      )
    }
    let gradients = leaves.map { leaf in
      let kept = (
        leaf: leaf, dense: leaf.denseGradient, rows: leaf.rowGradient,
        isRequired: leaf.requiresGradient
      )
      (leaf.denseGradient, leaf.rowGradient) = (nil, nil)
      leaf.requiresGradient = tables.contains { $0 === leaf }
      return kept
    }
    defer {
      // A tensor that is there twice has its own gradient back at last.
      for kept in gradients.reversed() {
        (kept.leaf.denseGradient, kept.leaf.rowGradient) = (kept.dense, kept.rows)
        kept.leaf.requiresGradient = kept.isRequired
      }
      for (table, version, elements) in contents {
        table.changeElements(as: Float.self) { target in
          for place in elements.indices { target[place] = elements[place] }
        }
        table.restore(version: version)
      }
    }
    return try body()
  }
}
