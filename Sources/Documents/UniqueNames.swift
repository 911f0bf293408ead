/// Names that differ from each other: one that is taken gets a number.
///
///     var names = UniqueNames()
///     names.take("plot")  // "plot"
///     names.take("plot")  // "plot-2"
package struct UniqueNames {
  private var taken: Set<String>
  /// The last number behind each name, so that many equal ones do not try them all again.
  private var counts: [String: Int] = [:]

  /// Starts with names that nothing may have.
  package init(_ taken: Set<String> = []) { self.taken = taken }

  /// The name itself the first time, then the name with a number.
  package mutating func take(_ name: String) -> String {
    var candidate = name
    while !taken.insert(candidate).inserted {
      counts[name, default: 1] += 1
      candidate = "\(name)-\(counts[name, default: 1])"
    }
    return candidate
  }
}
