import FuzzCases

/// What was asked for on the command line.
struct FuzzOptions {
  /// How long inputs are tried, in minutes.
  private(set) var minutes = 1.0
  /// What all inputs follow from.
  private(set) var seed: UInt64 = 1
  /// The kinds that are tried.
  private(set) var kinds = FuzzKind.allCases
  /// The folder for what was found; nil where it is only said.
  private(set) var folder: String?
  /// Files to try instead of inputs that are made.
  private(set) var files: [String] = []

  /// How often the program is ended while it writes; nil to try inputs instead.
  private(set) var kills: Int?
  /// Whether long statements are interrupted, and nothing else.
  private(set) var interrupts = false

  /// A mistake on the command line.
  struct Mistake: Error, CustomStringConvertible { let description: String }

  /// Reads words.
  ///
  /// - Throws: what is wrong with them.
  init(_ words: inout ArraySlice<String>) throws {
    func value(_ name: String) throws -> String {
      guard let value = words.popFirst() else {
        throw Mistake(description: "\(name) takes a value")
      }
      return value
    }
    while let word = words.popFirst() {
      switch word {
      case "--seed":
        guard let number = UInt64(try value(word)) else {
          throw Mistake(description: "--seed takes a whole number")
        }
        seed = number
      case "--kind":
        let name = try value(word)
        guard let kind = FuzzKind(rawValue: name) else {
          let names = FuzzKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw Mistake(description: "--kind is one of \(names)")
        }
        kinds = [kind]
      case "--kills":
        let next = words.first.flatMap { Int($0) }
        if next != nil { words.removeFirst() }
        kills = next ?? 1000
      case "--interrupts": interrupts = true
      case "--keep": folder = try value(word)
      default:
        if let number = Double(word), number > 0 { minutes = number } else { files.append(word) }
      }
    }
  }
}
