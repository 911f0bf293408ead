import CollabTables
import CollabTensors

/// What a job of Spark has written: the mean, and a bias and factors for each id.
struct SparkFactors {
  /// One side.
  struct Side {
    let ids: [String]
    let biases: [Float]
    /// Those of one id after the other.
    let factors: [Float]
  }

  let mean: Double
  /// What it measured, by name: `validation_rmse` and the like.
  let metrics: [String: Double]
  /// The checksum of the hand-off that it worked on, if that says one.
  let vocabulary: String?
  let width: Int
  let users: Side
  let items: Side

  /// Reads a folder in which a job has come to its end, file by file.
  ///
  /// - Parameters:
  ///   - folder: where the job has written.
  ///   - wanted: ids of the users who are kept; nil for all.
  /// - Throws: ``SparkError``, ``DataError`` and why a file cannot be read.
  init(of folder: String, users wanted: Set<String>? = nil) throws {
    let path = folder + "/metrics.json"
    guard FileSystem.exists(path) else {
      throw SparkError.unfinished(folder, missing: "metrics.json")
    }
    let notes = try SparkNotes(path)
    let found = notes.numbers
    guard let mean = found["mean"], let factors = found["factors"].flatMap({ Int(exactly: $0) }),
      (1...100_000).contains(factors), mean.isFinite
    else { throw SparkError.misfit(path, reason: "it does not say the mean and how many factors") }
    (self.mean, metrics, width) = (mean, found, factors)
    vocabulary = notes.texts["vocabulary"]
    users = try Side(of: folder, "factors/users", width: factors, wanted)
    if let wanted, users.ids.isEmpty {
      throw SparkError.misfit(folder, reason: "it has factors of none of the \(wanted.count) users")
    }
    items = try Side(of: folder, "factors/items", width: factors)
  }

  /// Gives a model its numbers: those of ids that nobody was learned of are zero.
  ///
  /// - Throws: ``SparkError/misfit(_:reason:)`` if an id is not in the vocabularies.
  func store(
    in model: ALS, of folder: String, user: @escaping (String) -> Int?,
    item: @escaping (String) -> Int?
  ) throws {
    model.mean.set([mean])
    for (side, index, factors, bias) in [
      (users, user, model.userFactors, model.userBias),
      (items, item, model.itemFactors, model.itemBias),
    ] {
      let places = try side.ids.map { id in
        guard let place = index(id), (0..<bias.count).contains(place) else {
          throw SparkError.misfit(folder, reason: "its factors are of others: `\(id)` is not known")
        }
        return place
      }
      bias.changeElements(as: Float.self) { elements in
        elements.update(repeating: 0)
        for (row, place) in places.enumerated() { elements[place] = side.biases[row] }
      }
      factors.changeElements(as: Float.self) { elements in
        elements.update(repeating: 0)
        for (row, place) in places.enumerated() {
          for factor in 0..<width {
            elements[place * width + factor] = side.factors[row * width + factor]
          }
        }
      }
    }
  }
}

extension SparkFactors.Side {
  /// Reads the parts of a table.
  fileprivate init(
    of handOff: String, _ name: String, width: Int, _ wanted: Set<String>? = nil
  ) throws {
    let folder = "\(handOff)/\(name)"
    guard FileSystem.exists(folder + "/_SUCCESS") else {
      throw SparkError.unfinished(handOff, missing: "\(name)/_SUCCESS")
    }
    var reader = DelimitedReader()
    reader.types = ["id": .verbatim, "factors": .verbatim, "bias": .doubles]
    var (ids, biases, factors): ([String], [Float], [Float]) = ([], [], [])
    let parts = FileSystem.names(in: folder).filter { $0.hasPrefix("part-") }.sorted()
    for name in parts where (FileSystem.size(of: "\(folder)/\(name)") ?? 0) > 0 {
      let path = "\(folder)/\(name)"
      let table = try wrappingTableErrors { () throws(TableError) in try reader.read(path) }
      guard table.columnNames == ["id", "bias", "factors"] else {
        throw SparkError.misfit(path, reason: "its columns are not id, bias and factors")
      }
      let columns = table.columns
      for row in 0..<table.rowCount {
        guard case .text(let id) = columns[0].value(at: row),
          let bias = columns[1].value(at: row).number,
          case .text(let text) = columns[2].value(at: row)
        else { throw SparkError.misfit(path, reason: "row \(row + 1) has gaps") }
        if let wanted, !wanted.contains(id) { continue }
        let numbers = text.split(separator: " ").compactMap { Float($0) }
        guard numbers.count == width, numbers.allSatisfy(\.isFinite), bias.isFinite else {
          throw SparkError.misfit(path, reason: "row \(row + 1) has not \(width) factors")
        }
        try MemoryBudget.require(width + 16, of: 4)
        ids.append(id)
        biases.append(Float(bias))
        factors += numbers
      }
    }
    (self.ids, self.biases, self.factors) = (ids, biases, factors)
  }
}
