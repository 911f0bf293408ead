/// Titles for the films of the built-in set: all invented, and as awkward as real ones.
///
/// There are articles behind a comma, accents, quotation marks, apostrophes at the start, numbers
/// first, colons and second titles in brackets, so that a learner's table and the sort order meet
/// what a real catalogue has.
struct DemoTitles {
  private var random: SplitMix
  private var used: Set<String> = []

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// A title that was not given before, without its year.
  mutating func next() -> String {
    while true {
      let title = compose()
      if used.insert(title).inserted { return title }
    }
  }

  private mutating func compose() -> String {
    let adjective = random.pick(Self.adjectives)
    let noun = random.pick(Self.nouns)
    let place = random.pick(Self.places)
    let name = random.pick(Self.names)
    return switch random.below(40) {
    case 0..<10: "\(adjective) \(noun), The"
    case 10..<15: "\(noun) of \(place), The"
    case 15..<20: "\(adjective) \(noun)"
    case 20..<24: "\(name)'s \(noun)"
    case 24..<26: "\(name) and the \(adjective) \(noun)"
    case 26..<28: "\(place): \(Self.article(adjective)) \(adjective) \(noun)"
    case 28..<30: "\(random.pick(Self.numbers)) \(noun)s"
    case 30: "\(noun) 2: Return to \(place)"
    case 31: "Who Hid the \"\(noun)\"?"
    case 32: "'Til the \(noun) Sings"
    case 33: "\(Self.article(noun)) \(noun) for \(name)"
    case 34: "Last Train to \(place), The"
    case 35: "Mr. \(noun) & Mrs. \(random.pick(Self.nouns))"
    default: elsewhere(name: name, adjective: adjective, noun: noun)
    }
  }

  /// A title from another country, some with an English one in brackets.
  private mutating func elsewhere(name: String, adjective: String, noun: String) -> String {
    let (word, article) = random.pick(Self.frenchNouns)
    let tail = random.pick(Self.frenchTails)
    return switch random.below(6) {
    case 0: "\(random.pick(Self.otherHeads)) \(random.pick(Self.otherTails))"
    case 1: "\(word) \(tail), \(article) (\(adjective) \(noun), The)"
    default: "\(word) \(tail), \(article)"
    }
  }

  private static func article(_ word: String) -> String {
    "AEIOU".contains(word.prefix(1)) ? "An" : "A"
  }
}

// MARK: - Words
extension DemoTitles {
  private static let adjectives = [
    "Amber", "Borrowed", "Crooked", "Distant", "Eleventh", "Feathered", "Gentle", "Hollow",
    "Inkstained", "Lacquered", "Moonlit", "Northbound", "Ordinary", "Paper", "Patient", "Quiet",
    "Reluctant", "Rusting", "Saltwater", "Tidal", "Unfinished", "Velvet", "Wandering", "Wooden",
  ]

  private static let nouns = [
    "Accordion", "Almanac", "Apothecary", "Archipelago", "Beekeeper", "Bellringer", "Carousel",
    "Cartographer", "Causeway", "Chandelier", "Dovecote", "Estuary", "Ferryman", "Foghorn",
    "Glassblower", "Harbour", "Kettle", "Lantern", "Locksmith", "Meridian", "Observatory",
    "Orchard", "Parasol", "Quarry", "Seamstress", "Semaphore", "Staircase", "Sundial", "Thimble",
    "Tightrope", "Umbrella", "Understudy", "Viaduct", "Weathervane", "Windowsill", "Zeppelin",
  ]

  private static let names = [
    "Ambrose", "Bartholomew", "Casimir", "Ignatius", "Inês", "Léonie", "Mabel", "O'Dowd", "Odile",
    "Perpetua", "Philippa", "Renée", "Søren", "Tobias", "Wilhelmina", "Zoë",
  ]

  private static let places = [
    "Brannock", "Castel Moro", "Lindquist Bay", "Marrowby", "Málvara", "Port Averil", "Saint-Orme",
    "Tamsel", "Upper Quill", "Vellacott", "Zürnau", "Åkerholm",
  ]

  private static let numbers = ["3", "7 1/2", "12", "19", "44", "101", "1,000", "2001"]

  /// Nouns with the article that a catalogue puts behind them.
  private static let frenchNouns = [
    ("Café", "Le"), ("Clé", "La"), ("Escalier", "L'"), ("Fenêtre", "La"), ("Forêt", "La"),
    ("Horlogère", "L'"), ("Île", "L'"), ("Rivière", "La"), ("Théâtre", "Le"), ("Étoile", "L'"),
  ]

  private static let frenchTails = [
    "aux oiseaux", "d'Odile", "d'été", "de Léonie", "de minuit", "de papier", "sans nom",
    "à vendre",
  ]

  private static let otherHeads = ["Corazón", "Über", "Señor", "Världens", "Último", "Fräulein"]

  private static let otherTails = ["Almendra", "Málvara", "Zürnau", "Möwe", "Åkerholm", "Pérola"]
}
