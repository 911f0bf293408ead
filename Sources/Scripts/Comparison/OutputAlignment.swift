/// How recorded and actual lines correspond where they are not the same.
struct OutputAlignment {
  /// What became of a line.
  enum Step: Equatable {
    /// A recorded line and the actual one that it matches; `…` may match none.
    case same(expected: Int, actual: Int?)
    /// A recorded line and the one in its place.
    case changed(expected: Int, actual: Int)
    /// A recorded line without counterpart.
    case removed(expected: Int)
    /// An actual line that is not recorded.
    case added(actual: Int)
  }

  /// From the first line to the last.
  private(set) var steps: [Step] = []

  /// Above this many pairs of lines, the lines between those that match at both ends are taken in
  /// order.
  private static let mostPairs = 250_000

  init(_ expected: [OutputLine], _ actual: [OutputLine], _ matcher: inout OutputMatcher) {
    var start = 0
    while start < min(expected.count, actual.count), !expected[start].isWildcard,
      matcher.matches(expected[start], actual[start])
    {
      steps.append(.same(expected: start, actual: start))
      start += 1
    }
    var (end, actualEnd) = (expected.count, actual.count)
    var tail: [Step] = []
    while end > start, actualEnd > start, !expected[end - 1].isWildcard,
      matcher.matches(expected[end - 1], actual[actualEnd - 1])
    {
      (end, actualEnd) = (end - 1, actualEnd - 1)
      tail.append(.same(expected: end, actual: actualEnd))
    }
    if (end - start) * (actualEnd - start) <= Self.mostPairs {
      align(
        expected[..<end].dropFirst(start), actual[..<actualEnd].dropFirst(start), &matcher)
    } else {
      for place in start..<max(end, actualEnd) {
        if place < end, place < actualEnd {
          steps.append(.changed(expected: place, actual: place))
        } else {
          steps.append(place < end ? .removed(expected: place) : .added(actual: place))
        }
      }
    }
    steps += tail.reversed()
  }

  /// Lines of which some may be at any place.
  init(anyOrder expected: [OutputLine], _ actual: [OutputLine], _ matcher: inout OutputMatcher) {
    let partners = OutputPairing(expected, actual, &matcher).partners
    for index in expected.indices {
      if expected[index].isWildcard {
        steps.append(.same(expected: index, actual: nil))
      } else if let partner = partners[index] {
        steps.append(.same(expected: index, actual: partner))
      } else {
        steps.append(.removed(expected: index))
      }
    }
    guard !expected.contains(where: \.isWildcard) else { return }
    let used = Set(partners.compactMap(\.self))
    steps += actual.indices.filter { !used.contains($0) }.map { .added(actual: $0) }
  }

  /// The cheapest way from the recorded lines to the actual ones.
  private mutating func align(
    _ expected: ArraySlice<OutputLine>, _ actual: ArraySlice<OutputLine>,
    _ matcher: inout OutputMatcher
  ) {
    let (rows, columns) = (expected.count, actual.count)
    // The cost of changing what is behind line `row` and line `column`, and the first step of it.
    var costs = [[Int]](repeating: Array(repeating: 0, count: columns + 1), count: rows + 1)
    var choices = [[Choice]](
      repeating: Array(repeating: .end, count: columns + 1), count: rows + 1)
    for row in stride(from: rows, through: 0, by: -1) {
      for column in stride(from: columns, through: 0, by: -1) {
        var best: (cost: Int, choice: Choice)?
        func offer(_ choice: Choice, _ cost: Int) {
          if best.map({ cost < $0.cost }) ?? true { best = (cost, choice) }
        }
        if row < rows {
          let line = expected[expected.startIndex + row]
          if line.isWildcard {
            offer(.pass, costs[row + 1][column])
            if column < columns { offer(.swallow, costs[row][column + 1]) }
          } else {
            if column < columns {
              let other = actual[actual.startIndex + column]
              if matcher.matches(line, other) {
                offer(.match, costs[row + 1][column + 1])
              } else {
                offer(.change, (line.isSimilar(to: other) ? 1 : 3) + costs[row + 1][column + 1])
              }
            }
            offer(.remove, 4 + costs[row + 1][column])
          }
        }
        if column < columns { offer(.add, 4 + costs[row][column + 1]) }
        if let best { (costs[row][column], choices[row][column]) = best }
      }
    }
    follow(choices, expected.startIndex, actual.startIndex)
  }

  private enum Choice { case match, change, remove, add, pass, swallow, end }

  private mutating func follow(_ choices: [[Choice]], _ expectedStart: Int, _ actualStart: Int) {
    var (row, column) = (0, 0)
    while true {
      let (expected, actual) = (expectedStart + row, actualStart + column)
      switch choices[row][column] {
      case .end: return
      case .match:
        steps.append(.same(expected: expected, actual: actual))
        (row, column) = (row + 1, column + 1)
      case .change:
        steps.append(.changed(expected: expected, actual: actual))
        (row, column) = (row + 1, column + 1)
      case .remove:
        steps.append(.removed(expected: expected))
        row += 1
      case .add:
        steps.append(.added(actual: actual))
        column += 1
      case .pass:
        steps.append(.same(expected: expected, actual: nil))
        row += 1
      case .swallow: column += 1
      }
    }
  }
}

extension OutputLine {
  /// Whether only numbers are different.
  fileprivate func isSimilar(to other: OutputLine) -> Bool {
    tokens.count == other.tokens.count
      && zip(tokens, other.tokens).allSatisfy { left, right in
        left.kind == right.kind && (left.kind != .text || content(left) == other.content(right))
      }
  }
}

// MARK: - In any order

/// Pairs of recorded and actual lines that match, each line in one pair at most.
struct OutputPairing {
  /// For each recorded line the actual one, if there is one.
  private(set) var partners: [Int?]
  private var owners: [Int?]
  private var neighbors: [[Int]] = []

  /// Above this many lines, equal lines are paired before lines that are only close.
  private static let mostLines = 500

  /// As many pairs as there can be, unless there are very many lines.
  ///
  /// Source: Kuhn's augmenting paths.
  init(_ expected: [OutputLine], _ actual: [OutputLine], _ matcher: inout OutputMatcher) {
    partners = Array(repeating: nil, count: expected.count)
    owners = Array(repeating: nil, count: actual.count)
    if max(expected.count, actual.count) > Self.mostLines {
      var places: [[UInt8]: [Int]] = [:]
      for (place, line) in actual.enumerated().reversed() {
        places[line.bytes, default: []].append(place)
      }
      for (index, line) in expected.enumerated() where !line.hasWildcard {
        guard let place = places[line.bytes]?.popLast() else { continue }
        (partners[index], owners[place]) = (place, index)
      }
    }
    var neighbors = [[Int]](repeating: [], count: expected.count)
    let open = owners.enumerated().filter { $0.element == nil }.map(\.offset)
    for (index, line) in expected.enumerated() where partners[index] == nil && !line.isWildcard {
      neighbors[index] = open.filter { matcher.matches(line, actual[$0]) }
    }
    self.neighbors = neighbors
    for index in expected.indices where partners[index] == nil {
      var seen: Set<Int> = []
      _ = findsPartner(for: index, &seen)
    }
  }

  private mutating func findsPartner(for index: Int, _ seen: inout Set<Int>) -> Bool {
    for place in neighbors[index] where seen.insert(place).inserted {
      var isFree = true
      if let owner = owners[place] { isFree = findsPartner(for: owner, &seen) }
      guard isFree else { continue }
      (partners[index], owners[place]) = (place, index)
      return true
    }
    return false
  }
}
