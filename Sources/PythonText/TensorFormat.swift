internal import CollabText

/// A tensor as text, exactly as PyTorch prints it.
///
///     TensorFormat.text(.float32([1, 2.5]), shape: [2])  // tensor([1.0000, 2.5000])
///
/// All elements are written alike: as integers with a point when they are, with an exponent when
/// they are very large, very small or far apart, else with four decimals. Past 1,000 elements the
/// middle of each dimension is left out.
///
/// Source: PyTorch 2.13, `torch/_tensor_str.py`; the options are its defaults.
public struct TensorFormat {
  /// What is known about gradients, which PyTorch appends.
  public enum Gradient: Equatable, Sendable {
    /// Nothing is said.
    case none
    /// A leaf that collects gradients.
    case required
    /// The result of an operation, by the name of its backward step, such as `MulBackward0`.
    case function(String)
  }

  /// The decimals of numbers that are no integers, while the current task prints; nil for the
  /// usual ones: four in tensors, at most eight in arrays.
  @TaskLocal public static var precision: Int?
  private static let lineWidth = 80
  private static let prefix = "tensor("

  private let elements: PrintedElements
  private let part: ShownPart
  private let style: ElementStyle

  /// A tensor as PyTorch prints it.
  ///
  /// - Parameters:
  ///   - elements: the elements, in row-major order; those that are shown suffice.
  ///   - shape: the sizes of the dimensions; `[]` for a single number.
  ///   - gradient: what is said about gradients.
  /// - Returns: one or several lines, without a newline at the end.
  /// - Precondition: there are as many elements as the shape holds, or as are shown of it.
  public static func text(
    _ elements: PrintedElements, shape: [Int], gradient: Gradient = .none
  ) -> String {
    let count = shape.reduce(1, *)
    var suffixes: [String] = []
    if count == 0 {
      // Not for one dimension, where nothing else could be meant.
      if shape.count != 1 { suffixes.append("size=\(PythonFormat.tuple(shape))") }
    }
    if let name = dtypeName(elements, isEmpty: count == 0) { suffixes.append("dtype=\(name)") }
    switch gradient {
    case .none: break
    case .required: suffixes.append("requires_grad=True")
    case .function(let name): suffixes.append("grad_fn=<\(name)>")
    }
    let body =
      count == 0
      ? "[]" : TensorFormat(elements, shape: shape).text(indent: prefix.count)
    return adding(suffixes, to: prefix + body)
  }

  /// A parameter as PyTorch prints it: the tensor under a line that says so.
  public static func parameterText(_ elements: PrintedElements, shape: [Int]) -> String {
    "Parameter containing:\n" + text(elements, shape: shape, gradient: .required)
  }

  private init(_ elements: PrintedElements, shape: [Int]) {
    let part = ShownPart(of: shape)
    self.part = part
    self.elements = part.elements(of: elements)
    precondition(
      self.elements.count == part.count, "\(elements.count) elements do not fill \(shape)")
    // They alone decide how elements are written.
    style = ElementStyle(self.elements, precision: Self.precision ?? 4)
  }
}

// MARK: - Suffixes
extension TensorFormat {
  /// The name of the type, when it cannot be told from the elements.
  private static func dtypeName(_ elements: PrintedElements, isEmpty: Bool) -> String? {
    switch elements {
    case .float32: nil
    case .float64: "torch.float64"
    case .int64: isEmpty ? "torch.int64" : nil
    case .narrow(_, let type): "torch.\(type)"
    case .bool: isEmpty ? "torch.bool" : nil
    }
  }

  private static func adding(_ suffixes: [String], to body: String) -> String {
    var text = body
    var lastLine = (body.split(separator: "\n").last?.count ?? 0) + 2
    for suffix in suffixes {
      if lastLine + suffix.count + 2 > lineWidth {
        text += ",\n" + String(repeating: " ", count: prefix.count) + suffix
        lastLine = prefix.count + suffix.count
      } else {
        text += ", " + suffix
        lastLine += suffix.count + 2
      }
    }
    return text + ")"
  }
}

// MARK: - Elements
extension TensorFormat {
  private func text(indent: Int) -> String { text(0, at: 0, indent: indent) }

  private func text(_ dimension: Int, at offset: Int, indent: Int) -> String {
    guard dimension < part.sizes.count else { return style.text(elements, at: offset) }
    let size = part.sizes[dimension]
    let gap = part.hasGap(dimension) ? ShownPart.edgeItems : nil
    let inner = part.sizes[(dimension + 1)...]
    guard !inner.isEmpty else {
      return vector((0..<size).map { offset + $0 }, gap: gap, indent: indent)
    }
    let stride = inner.reduce(1, *)
    var slices = (0..<size).map {
      text(dimension + 1, at: offset + $0 * stride, indent: indent + 1)
    }
    if let gap { slices.insert("...", at: gap) }
    let separator =
      "," + String(repeating: "\n", count: inner.count)
      + String(repeating: " ", count: indent + 1)
    return "[" + slices.joined(separator: separator) + "]"
  }

  private func vector(_ offsets: [Int], gap: Int?, indent: Int) -> String {
    var cells = offsets.map { style.text(elements, at: $0) }
    if let gap { cells.insert(" ...", at: gap) }
    let perLine = max(1, (Self.lineWidth - indent) / (style.width + 2))
    let lines = stride(from: 0, to: cells.count, by: perLine).map { start in
      cells[start..<min(start + perLine, cells.count)].joined(separator: ", ")
    }
    return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
  }
}

/// How every element of one tensor is written.
///
/// Source: `_Formatter` in `torch/_tensor_str.py`.
private struct ElementStyle {
  private enum Notation { case plain, integer, decimal, exponential }

  private let notation: Notation
  private let precision: Int
  let width: Int

  init(_ elements: PrintedElements, precision: Int) {
    self.precision = precision
    switch elements {
    case .float32(let values):
      (notation, width) = Self.style(of: values.map(Double.init), precision)
    case .float64(let values):
      (notation, width) = Self.style(of: values, precision)
    case .int64(let values), .narrow(let values, _):
      (notation, width) = (.plain, values.reduce(1) { max($0, "\($1)".count) })
    case .bool(let values):
      notation = .plain
      width = values.reduce(1) { max($0, PythonFormat.repr($1).count) }
    }
  }

  private static func style(of values: [Double], _ precision: Int) -> (Notation, Int) {
    let counted = values.filter { $0.isFinite && $0 != 0 }
    let sizes = counted.map(abs)
    guard let least = sizes.min(), let largest = sizes.max() else { return (.integer, 1) }
    let notation: Notation
    if largest / least > 1000 || largest > 1e8 || least < 1e-4 {
      notation = .exponential
    } else if counted.allSatisfy({ $0 == $0.rounded(.up) }) {
      notation = .integer
    } else {
      notation = .decimal
    }
    return (notation, counted.reduce(1) { max($0, text($1, notation, precision).count) })
  }

  private static func text(_ value: Double, _ notation: Notation, _ precision: Int) -> String {
    switch notation {
    case .exponential: exponential(value, precision)
    case .decimal: fixed(value, precision)
    // The point tells floating-point numbers from integers.
    case .integer, .plain: fixed(value, 0) + (value.isFinite ? "." : "")
    }
  }

  /// An element with blanks in front.
  func text(_ elements: PrintedElements, at offset: Int) -> String {
    let text: String
    switch elements {
    case .float32(let values): text = Self.text(Double(values[offset]), notation, precision)
    case .float64(let values): text = Self.text(values[offset], notation, precision)
    case .int64(let values), .narrow(let values, _): text = "\(values[offset])"
    case .bool(let values): text = PythonFormat.repr(values[offset])
    }
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
