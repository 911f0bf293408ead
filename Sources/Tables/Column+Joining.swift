// MARK: - Parts of one column
extension Column {
  /// The parts of a column that was read block by block, one below the other, in the narrowest storage.
  ///
  /// - Precondition: all are text, or none is.
  static func joined(_ parts: [Column]) -> Column {
    let filled = parts.filter { $0.count > 0 }
    guard let first = filled.first else { return parts.first ?? Column("", integers: []) }
    guard filled.count > 1 else { return first }
    let storage: Storage =
      filled.contains { $0.kind == .text }
      ? texts(filled) : filled.contains { $0.kind == .doubles } ? doubles(filled) : integers(filled)
    return Column(name: first.name, storage: storage)
  }

  private static func texts(_ parts: [Column]) -> Storage {
    var levels = parts.flatMap { part in
      if case .text(_, let own) = part.storage { own } else { [String]() }
    }
    levels.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var last: String?
    levels.removeAll { level in
      defer { last = level }
      return last?.utf8.elementsEqual(level.utf8) ?? false
    }
    var codes: [Int32] = []
    codes.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for case .text(let own, let ownLevels) in parts.lazy.map(\.storage) {
      // The part's levels are in order among all.
      var place = 0
      let places = ownLevels.map { level in
        while !levels[place].utf8.elementsEqual(level.utf8) { place += 1 }
        return Int32(clamping: place)
      }
      codes += own.lazy.map { $0 < 0 ? CodedColumn.missing : places[Int($0)] }
    }
    return .text(codes: codes, levels: levels)
  }

  private static func integers(_ parts: [Column]) -> Storage {
    func all<Number>(_ number: (Int) -> Number) -> [Number] {
      var numbers: [Number] = []
      numbers.reserveCapacity(parts.reduce(0) { $0 + $1.count })
      for part in parts { numbers += ((try? part.integers()) ?? []).lazy.map(number) }
      return numbers
    }
    var bytes = 1
    for part in parts {
      switch part.storage {
      case .int8, .truths, .text, .doubles, .fewDoubles: break
      case .int24: bytes = max(bytes, 3)
      case .int32: bytes = max(bytes, 4)
      case .int64: bytes = 8
      }
    }
    return switch bytes {
    case 1: .int8(all { Int8(truncatingIfNeeded: $0) })
    case 3: .int24(all { Int24(truncatingIfNeeded: Int32(truncatingIfNeeded: $0)) })
    case 4: .int32(all { Int32(truncatingIfNeeded: $0) })
    default: .int64(all { Int64($0) })
    }
  }

  private static func doubles(_ parts: [Column]) -> Storage {
    var places: [UInt64: UInt8] = [:]
    var levels: [Double] = []
    var codes: [UInt8] = []
    codes.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts {
      for number in (try? part.doubles()) ?? [] {
        if let place = places[number.bitPattern] {
          codes.append(place)
          continue
        }
        guard levels.count < 256 else {
          return .doubles(parts.flatMap { (try? $0.doubles()) ?? [] })
        }
        let place = UInt8(levels.count)
        places[number.bitPattern] = place
        levels.append(number)
        codes.append(place)
      }
    }
    return .fewDoubles(codes: codes, levels: levels)
  }
}
