internal import CollabText

/// An array as text, as numpy prints it.
///
///     ArrayFormat.text(.float64([0.98, 0.9, -0.9]), shape: [3])  // array([ 0.98,  0.9 , -0.9 ])
///
/// Each number has the fewest digits that tell it apart, at most eight decimals; points stand below
/// each other. Past 1,000 elements the middle of each dimension is left out.
///
/// Source: numpy 2, `numpy/_core/arrayprint.py`; the options are its defaults.
public struct ArrayFormat {
  private static var decimals: Int { TensorFormat.precision ?? 8 }
  private static let lineWidth = 75

  private let cells: [String]
  private let part: ShownPart
  /// What stands between elements.
  private let separator: String

  /// An array as numpy's `repr` prints it.
  ///
  /// - Precondition: there are as many elements as the shape holds, or as are shown of it.
  public static func text(_ elements: PrintedElements, shape: [Int]) -> String {
    guard elements.count > 0 else {
      return shape == [0]
        ? "array([], dtype=\(dtypeName(elements)))"
        : "array([], shape=\(PythonFormat.tuple(shape)), dtype=\(dtypeName(elements)))"
    }
    let format = ArrayFormat(elements, shape)
    let suffix =
      switch elements {
      case .float32, .narrow: ", dtype=\(dtypeName(elements)))"
      default: format.part.isCut ? ", shape=\(PythonFormat.tuple(shape)))" : ")"
      }
    return "array(" + format.text(0, 0, indent: 6, room: suffix.count) + suffix
  }

  /// An array as numpy's `str` prints it, which is what `print` shows.
  ///
  ///     ArrayFormat.plainText(.float64([0.98, 1]), shape: [2])  // [0.98 1.  ]
  ///
  /// - Precondition: there are as many elements as the shape holds, or as are shown of it.
  public static func plainText(_ elements: PrintedElements, shape: [Int]) -> String {
    guard elements.count > 0 else { return "[]" }
    return ArrayFormat(elements, shape, separator: " ").text(0, 0, indent: 0, room: 0)
  }

  private init(_ elements: PrintedElements, _ shape: [Int], separator: String = ", ") {
    self.separator = separator
    let part = ShownPart(of: shape)
    self.part = part
    let elements = part.elements(of: elements)
    precondition(elements.count == part.count, "\(elements.count) elements do not fill \(shape)")
    cells =
      switch elements {
      case .bool(let values): Self.right(values.map { $0 ? "True" : "False" })
      case .int64(let values), .narrow(let values, _): Self.right(values.map { "\($0)" })
      case .float32(let values): Self.aligned(values.map(Double.init), { "\(Float($0))" })
      case .float64(let values): Self.aligned(values, { "\($0)" })
      }
  }

  private static func dtypeName(_ elements: PrintedElements) -> String {
    switch elements {
    case .float32: "float32"
    case .float64: "float64"
    case .int64: "int64"
    case .narrow(_, let type): type
    case .bool: "bool"
    }
  }
}

// MARK: - Layout

extension ArrayFormat {
  /// The text of one dimension from an offset, and of those inside it.
  private func text(_ dimension: Int, _ offset: Int, indent: Int, room: Int) -> String {
    guard dimension < part.sizes.count else { return cells[offset] }
    let step = part.sizes[(dimension + 1)...].reduce(1, *)
    var parts = (0..<part.sizes[dimension]).map { index in
      text(dimension + 1, offset + index * step, indent: indent + 1, room: room)
    }
    if part.hasGap(dimension) { parts.insert("...", at: ShownPart.edgeItems) }
    guard dimension == part.sizes.count - 1 else {
      let gap = String(repeating: "\n", count: part.sizes.count - dimension - 1)
      let comma = separator.filter { $0 == "," }
      let joint = comma + gap + String(repeating: " ", count: indent + 1)
      return "[" + parts.joined(separator: joint) + "]"
    }
    return "[" + wrapped(parts, indent: indent + 1, room: room + dimension) + "]"
  }

  private func wrapped(_ parts: [String], indent: Int, room: Int) -> String {
    var (lines, line) = ([String](), "")
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      let width = indent + line.count + part.count + (isLast ? 0 : separator.count - 1)
      if !line.isEmpty && width > Self.lineWidth - 1 {
        lines.append(DisplayWidth.trimmedAtEnd(line))
        line = ""
      }
      line += part + (isLast ? "" : separator)
    }
    return (lines + [line]).joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}

// MARK: - Numbers

extension ArrayFormat {
  private static func right(_ texts: [String]) -> [String] {
    let width = texts.map(\.count).max() ?? 0
    return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
  }

  /// Numbers with their points below each other.
  private static func aligned(_ values: [Double], _ shortest: (Double) -> String) -> [String] {
    let finite = values.filter(\.isFinite)
    let sizes = finite.map(abs).filter { $0 > 0 }
    let (low, high) = (sizes.min() ?? 1, sizes.max() ?? 1)
    let isScientific = high >= 1e8 || low < 1e-4 || high / low > 1000
    let parts = finite.map { isScientific ? scientific($0) : plain($0, shortest) }
    let right = parts.map(\.fraction.count).max() ?? 0
    var next = parts.makeIterator()
    let texts = values.map { value -> String in
      guard value.isFinite, let part = next.next() else {
        return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
      }
      let fill: Character = isScientific ? "0" : " "
      return part.whole + "." + part.fraction
        + String(repeating: fill, count: right - part.fraction.count) + part.exponent
    }
    return Self.right(texts)
  }

  /// Sign and whole part, and the fewest decimals, at most eight.
  private static func plain(
    _ value: Double, _ shortest: (Double) -> String
  ) -> (whole: String, fraction: String, exponent: String) {
    var text = shortest(value)
    let isLong = text.split(separator: ".").last.map(\.count) ?? 0 > decimals
    if isLong || text.contains("e") {
      text = (try? PythonFormat.text(.float(value), spec: ".\(decimals)f")) ?? text
      while text.last == "0" { text.removeLast() }
    }
    let halves = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let fraction = halves.count > 1 && halves[1] != "0" ? halves[1] : ""
    return (halves[0], fraction, "")
  }

  /// One digit, the fewest decimals, and an exponent of at least two digits.
  private static func scientific(
    _ value: Double
  ) -> (whole: String, fraction: String, exponent: String) {
    var spec = decimals
    for count in 0...decimals {
      let text = (try? PythonFormat.text(.float(value), spec: ".\(count)e")) ?? ""
      if Double(text) == value {
        spec = count
        break
      }
    }
    let text = (try? PythonFormat.text(.float(value), spec: ".\(spec)e")) ?? "\(value)"
    let halves = text.split(separator: "e").map(String.init)
    let digits = halves[0].split(separator: ".").map(String.init)
    return (digits[0], digits.count > 1 ? digits[1] : "", "e" + (halves.last ?? ""))
  }
}
