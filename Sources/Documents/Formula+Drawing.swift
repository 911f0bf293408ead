// MARK: - On a page
extension Formula {
  /// The formula as MathML, which browsers draw by themselves.
  ///
  /// - Parameters:
  ///   - source: how it was written, for those who cannot see it.
  ///   - isBlock: whether it stands on a line of its own.
  /// - Returns: the element.
  package func mathML(of source: String, isBlock: Bool) -> String {
    "<math\(isBlock ? " display=\"block\"" : "")><semantics>\(markup)"
      + "<annotation encoding=\"application/x-tex\">\(HTMLText.escaped(source))</annotation>"
      + "</semantics></math>"
  }

  private var markup: String {
    switch self {
    case .name(let text): "<mi>\(HTMLText.escaped(text))</mi>"
    case .number(let text): "<mn>\(HTMLText.escaped(text))</mn>"
    case .sign(let text): "<mo>\(HTMLText.escaped(text))</mo>"
    case .words(let text): "<mtext>\(HTMLText.escaped(text))</mtext>"
    case .row(let parts): "<mrow>\(parts.map(\.markup).joined())</mrow>"
    case .fraction(let above, let below): "<mfrac>\(above.markup)\(below.markup)</mfrac>"
    case .root(let inside): "<msqrt>\(inside.markup)</msqrt>"
    case .accent(let base, let mark): "<mover>\(base.markup)<mo>\(Self.alone(mark))</mo></mover>"
    case .scripts(let base, let below?, let above?):
      base.hasLimits
        ? "<munderover>\(base.markup)\(below.markup)\(above.markup)</munderover>"
        : "<msubsup>\(base.markup)\(below.markup)\(above.markup)</msubsup>"
    case .scripts(let base, let below?, nil):
      base.hasLimits
        ? "<munder>\(base.markup)\(below.markup)</munder>"
        : "<msub>\(base.markup)\(below.markup)</msub>"
    case .scripts(let base, nil, let above):
      "<msup>\(base.markup)\((above ?? .row([])).markup)</msup>"
    }
  }

  private var hasLimits: Bool { self == .sign("∑") || self == .sign("∏") }

  /// A mark as a character of its own.
  private static func alone(_ mark: String) -> String {
    ["\u{302}": "^", "\u{304}": "¯", "\u{303}": "~", "\u{20D7}": "→", "\u{307}": "˙"][mark] ?? mark
  }
}

// MARK: - In a terminal
extension Formula {
  /// The formula in one line of text: `x̂ᵢ² = a/(b + 1)`.
  package var text: String {
    switch self {
    case .name(let text), .number(let text), .sign(let text), .words(let text): return text
    case .row(let parts): return Self.joined(parts)
    case .fraction(let above, let below): return "\(above.enclosed)/\(below.enclosed)"
    case .root(let inside): return "√\(inside.enclosed)"
    case .accent(let base, let mark):
      let text = base.text
      return text.count == 1 ? text + mark : text
    case .scripts(let base, let below, let above):
      let low = below.map { Self.script($0.text, "_", Self.lowered) } ?? ""
      let high = above.map { Self.script($0.text, "^", Self.raised) } ?? ""
      return base.text + low + high
    }
  }

  /// With parentheses, unless it is one thing.
  private var enclosed: String {
    switch self {
    case .row(let parts) where parts.count == 1: parts[0].enclosed
    case .row, .fraction: "(\(text))"
    default: text
    }
  }

  /// Signs between others have blanks around them.
  private static func joined(_ parts: [Formula]) -> String {
    var text = ""
    for (place, part) in parts.enumerated() {
      let inside = part.text
      if case .sign(let sign) = part, "=+−·×±≤≥≠≈∼∝∈∉→←<>".contains(sign), place > 0 {
        let isBinary =
          if case .sign(let last) = parts[place - 1] { ")]|‖".contains(last) } else { true }
        text += isBinary ? " \(inside) " : inside
      } else if case .sign(",") = part {
        text += ", "
      } else {
        // A sum, or a function of a letter, is apart from what follows.
        if let last = text.last, !last.isWhitespace, place > 0, parts[place - 1].wantsSpace(part) {
          text += " "
        }
        text += inside
      }
    }
    return text
  }

  private func wantsSpace(_ next: Formula) -> Bool {
    switch self {
    case .scripts(let base, _, _) where base.hasLimits: true
    case .words: true
    case .name(let name) where name.count > 1: next != .sign("(")
    default: if case .words = next { true } else { false }
    }
  }

  private static func script(
    _ text: String, _ mark: String, _ letters: [Character: Character]
  ) -> String {
    let text = text.filter { $0 != " " }
    let small = text.compactMap { letters[$0] }
    if small.count == text.count { return String(small) }
    return text.count == 1 ? mark + text : "\(mark)(\(text))"
  }

  private static let lowered = table(
    "0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
  private static let raised = table(
    "0123456789+−=()inT⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀᵀ")

  private static func table(_ plain: String, _ small: String) -> [Character: Character] {
    Dictionary(uniqueKeysWithValues: zip(plain, small))
  }
}
