/// A formula as TeX writes it, as far as prose about models needs it: `$x_i^2$`, `\frac{a}{b}`, `\sum`, Greek letters.
///
/// What it does not know stays as it is written. Time and depth are bounded, whatever stands in it.
package indirect enum Formula: Equatable {
  /// A name of one letter, or of several such as `log`.
  case name(String)
  /// Digits.
  case number(String)
  /// A sign that stands between others, such as `+`.
  case sign(String)
  /// Words.
  case words(String)
  case row([Formula])
  case fraction(Formula, Formula)
  case root(Formula)
  /// Something with what stands below and above it, at its side.
  case scripts(Formula, below: Formula?, above: Formula?)
  /// Something with a mark over it, which is a combining character.
  case accent(Formula, String)

  /// Reads a formula without the dollars around it.
  package init(_ text: String) {
    var reader = FormulaReader(text)
    self = .row(reader.row(until: nil, depth: 0))
  }
}

/// Reads TeX.
private struct FormulaReader {
  private let characters: [Character]
  private var place = 0

  /// Groups in groups; what is deeper is read as if it were not.
  private static let deepest = 30

  init(_ text: String) { characters = Array(text) }

  private var next: Character? { place < characters.count ? characters[place] : nil }

  /// What stands up to a closing brace, or the end.
  mutating func row(until end: Character?, depth: Int) -> [Formula] {
    var parts: [Formula] = []
    while let character = next {
      if character == end {
        place += 1
        break
      }
      if character.isWhitespace || character == "}" {
        place += 1
      } else if character == "_" || character == "^" {
        // A script of nothing.
        parts.append(withScripts(.row([]), depth))
      } else {
        guard let base = atom(depth) else { continue }
        parts.append(withScripts(base, depth))
      }
    }
    return parts
  }

  private mutating func skipBlanks() {
    while let character = next, character.isWhitespace { place += 1 }
  }

  private mutating func withScripts(_ base: Formula, _ depth: Int) -> Formula {
    var (below, above): (Formula?, Formula?)
    while true {
      skipBlanks()
      guard let mark = next, mark == "_" && below == nil || mark == "^" && above == nil else {
        break
      }
      place += 1
      let script = argument(depth)
      if mark == "_" { below = script } else { above = script }
    }
    // A third script belongs to the whole.
    guard below != nil || above != nil else { return base }
    return .scripts(base, below: below, above: above)
  }

  /// What a command or a script takes: a group, or one thing.
  private mutating func argument(_ depth: Int) -> Formula {
    skipBlanks()
    while let character = next, character != "}" {
      if let atom = atom(depth) { return atom }
      if character == "_" || character == "^" { place += 1 }
    }
    return .row([])
  }

  /// One thing; nil for a space, which was read.
  private mutating func atom(_ depth: Int) -> Formula? {
    guard let character = next else { return nil }
    place += 1
    switch character {
    case "{":
      return depth < Self.deepest ? .row(row(until: "}", depth: depth + 1)) : nil
    case "\\": return command(depth)
    case _ where character.isNumber:
      var digits = String(character)
      while let digit = next, digit.isNumber || digit == "." && hasDigit(behind: place) {
        digits.append(digit)
        place += 1
      }
      return .number(digits)
    case _ where character.isLetter: return .name(String(character))
    case "-": return .sign("−")
    case "*": return .sign("∗")
    case "'": return .sign("′")
    default: return .sign(String(character))
    }
  }

  private func hasDigit(behind place: Int) -> Bool {
    place + 1 < characters.count && characters[place + 1].isNumber
  }

  private mutating func command(_ depth: Int) -> Formula? {
    var name = ""
    while let letter = next, letter.isLetter, letter.isASCII {
      name.append(letter)
      place += 1
    }
    guard !name.isEmpty else {
      guard let sign = next else { return .sign("\\") }
      place += 1
      // Small spaces.
      return ",;:! ".contains(sign) ? nil : .sign(String(sign == "|" ? "‖" : sign))
    }
    if depth >= Self.deepest { return .words(name) }
    switch name {
    case "frac", "dfrac", "tfrac":
      return .fraction(argument(depth + 1), argument(depth + 1))
    case "sqrt": return .root(argument(depth + 1))
    case "text", "mathrm", "operatorname", "mathbf", "mathit": return words()
    case "left", "right", "big", "Big", "quad", "qquad", "displaystyle": return nil
    default: break
    }
    if let mark = FormulaSymbols.accents[name] { return .accent(argument(depth + 1), mark) }
    if let letter = FormulaSymbols.letters[name] { return .name(letter) }
    if let sign = FormulaSymbols.signs[name] { return .sign(sign) }
    return FormulaSymbols.functions.contains(name) ? .name(name) : .words("\\\(name)")
  }

  /// A group that is no formula.
  private mutating func words() -> Formula {
    skipBlanks()
    guard next == "{" else { return argument(Self.deepest) }
    place += 1
    let start = place
    while let character = next, character != "}" { place += 1 }
    defer { place += place < characters.count ? 1 : 0 }
    return .words(String(characters[start..<place]))
  }
}

/// What the names of TeX stand for.
private enum FormulaSymbols {
  static let accents = [
    "hat": "\u{302}", "widehat": "\u{302}", "bar": "\u{304}", "overline": "\u{304}",
    "tilde": "\u{303}", "vec": "\u{20D7}", "dot": "\u{307}",
  ]
  static let functions: Set = [
    "log", "ln", "exp", "max", "min", "sin", "cos", "tanh", "arg", "det",
  ]
  static let letters = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "ell": "ℓ", "infty": "∞", "partial": "∂", "nabla": "∇", "emptyset": "∅",
  ]
  static let signs = [
    "cdot": "·", "times": "×", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "propto": "∝", "in": "∈", "notin": "∉",
    "subset": "⊂", "cup": "∪", "cap": "∩", "to": "→", "rightarrow": "→", "leftarrow": "←",
    "sum": "∑", "prod": "∏", "int": "∫", "ldots": "…", "cdots": "⋯", "dots": "…", "mid": "|",
    "lVert": "‖", "rVert": "‖", "top": "⊤", "forall": "∀", "exists": "∃", "odot": "⊙",
    "langle": "⟨", "rangle": "⟩", "ll": "≪", "gg": "≫", "equiv": "≡", "setminus": "∖",
  ]
}
