import CollabFiles
import CollabLearning
import CollabTables
import CollabTensors

/// What was written to a model file.
public struct ModelFileSummary: Sendable, Equatable {
  /// The size of the file.
  public let byteCount: Int
  /// The ratings that it holds.
  public let ratingCount: Int
  /// Whether it has tensors that are not the model's, so that `load_state_dict` wants `strict=False`.
  public let hasOtherTensors: Bool
}

extension Learner {
  /// Writes the model and what belongs to it to a file, which PyTorch reads too.
  ///
  ///     try learner.save(to: "films.safetensors")
  ///     let same = try Learner(contentsOf: "films.safetensors")
  ///
  /// Tensors have fastai's names, so that `load_state_dict(safetensors.torch.load_file(path))` fills
  /// fastai's own model. The place holds the old bytes or all the new ones, whatever happens.
  ///
  /// - Parameters:
  ///   - path: where the file is to be.
  ///   - options: what it holds beside the model.
  /// - Returns: what was written.
  /// - Throws: why the file cannot be written.
  @discardableResult
  public func save(
    to path: String, _ options: ModelFileOptions = ModelFileOptions()
  ) throws -> ModelFileSummary {
    let (writer, hasOtherTensors) = try fileContent(options)
    var byteCount = 0
    try Files.replace(path) { (write) throws(FileError) in
      try writer.put { (bytes) throws(FileError) in
        byteCount += bytes.count
        try write(bytes)
      }
    }
    return ModelFileSummary(
      byteCount: byteCount,
      ratingCount: options.keepsRatings ? loaders.trainingCount + loaders.validationCount : 0,
      hasOtherTensors: hasOtherTensors)
  }

  /// The file as it is written, and whether it has tensors that are not the model's.
  func fileContent(
    _ options: ModelFileOptions
  ) throws -> (file: SafetensorsWriter, hasOtherTensors: Bool) {
    var file = SafetensorsWriter()
    let names = FastaiNames(model)
    for part in model.state {
      let place = names.place(of: part.name)
      file.add(place?.name ?? part.name, part.tensor, shape: place?.shape)
    }
    for extra in try FastaiNames.extras(of: model) { file.add(extra.name, extra.tensor) }
    file.metadata = metadata(options)
    let others = try otherTensors(options)
    let isSmall = others.dataCount <= ModelFileName.largestText
    if isSmall {
      file.metadata["data"] = Base64.text(try others.bytes())
    } else {
      file.add(others, prefix: ModelFileName.prefix)
    }
    return (file, !isSmall)
  }

  private func metadata(_ options: ModelFileOptions) -> [String: String] {
    var texts = loaders.fileTexts(options)
    // What other programs look for.
    texts["format"] = "pt"
    texts["loss"] = loss.name
    if let shape = (model as? any RatingModel)?.shape {
      texts["family"] = shape.architecture.rawValue
      texts["configuration"] = jsonObject(shape.settings.map { ($0.name, jsonNumbers($0.numbers)) })
      texts["sizes"] = jsonObject(
        [("users", shape.users), ("items", shape.items)].map {
          ($0.0, jsonNumbers([$0.1.rows, $0.1.columns].map(Double.init)))
        })
    } else {
      texts["class"] = model.typeName
    }
    if options.keepsOptimizer, let optimizer {
      texts["optimizer"] = jsonObject([
        ("name", jsonText(optimizer.name)), ("steps", "\(optimizer.stepCount)"),
        ("wd", "\(optimizer.weightDecay)"), ("mom", "\(optimizer.momentum)"),
      ])
    }
    if let table = options.itemTable {
      texts["item_table"] = jsonArray(table.columnNames, jsonText)
    }
    for (name, text) in options.notes { texts[ModelFileName.notePrefix + name] = text }
    return texts
  }

  /// What belongs to no model: who and what there is, ratings, losses, the optimiser's memory.
  private func otherTensors(
    _ options: ModelFileOptions
  ) throws(TensorError) -> SafetensorsWriter {
    var others = try loaders.otherTensors(options)
    if !recorder.losses.isEmpty {
      others.add("recorder.losses", .float32, StoredNumbers(recorder.losses))
      others.add("recorder.lrs", .float64, StoredNumbers(recorder.learningRates))
      others.add("recorder.moms", .float64, StoredNumbers(recorder.momenta))
      others.add("recorder.epochs", .float64, StoredNumbers(recorder.epochNumbers))
    }
    if options.keepsOptimizer, let optimizer {
      for (place, moments) in optimizer.snapshot().moments.enumerated() {
        others.add("optimizer.\(place)", .float32, StoredNumbers(moments))
      }
    }
    return others
  }
}

extension DataLoaders {
  /// What a file says of the loaders in texts.
  func fileTexts(_ options: ModelFileOptions) -> [String: String] {
    var texts = [
      "collab_format": "\(ModelFileName.version)",
      "collab_version": CollabVersion.current,
      "loaders": self.options.json,
      "names": jsonArray([users.name, items.name, ratingName], jsonText),
    ]
    if let scale { texts["scale"] = jsonNumbers([scale.lowest, scale.highest, scale.step]) }
    if let table = options.itemTable {
      texts["item_table"] = jsonArray(table.columnNames, jsonText)
    }
    return texts
  }

  /// Who and what there is, and the ratings.
  ///
  /// - Throws: ``TensorError/interrupted``, unless they come from a file.
  func otherTensors(_ options: ModelFileOptions) throws(TensorError) -> SafetensorsWriter {
    var others = SafetensorsWriter()
    others.add("users", users.values)
    others.add("items", items.values)
    if options.keepsRatings {
      let kept = try ratingsToKeep()
      for (name, part) in [("training", kept.training), ("validation", kept.validation)] {
        others.add("\(name).starts", .int64, part.rated.starts)
        others.add("\(name).items", .int32, part.rated.indices)
        others.add("\(name).stars", .float32, part.rated.stars)
        others.add("\(name).order", .int32, part.order)
      }
    }
    others.add("item_counts", .int32, itemCounts)
    if let table = options.itemTable {
      for (place, column) in table.columns.enumerated() {
        others.add("item_table.\(place)", column)
      }
    }
    return others
  }
}

extension SafetensorsWriter {
  /// Adds a column: numbers as they are, texts as their bytes and where each ends.
  fileprivate mutating func add(_ name: String, _ column: Column) {
    if let integers = try? column.integers() {
      add("\(name).integers", .int64, StoredNumbers(integers.lazy.map { Int64($0) }))
    } else if let doubles = try? column.doubles() {
      add("\(name).doubles", .float64, StoredNumbers(doubles))
    } else if let texts = try? column.texts() {
      var (bytes, ends): ([UInt8], [Int64]) = ([], [])
      for text in texts {
        bytes += (text ?? "").utf8
        ends.append(Int64(bytes.count))
      }
      add("\(name).text", .uint8, StoredNumbers(bytes))
      add("\(name).ends", .int64, StoredNumbers(ends))
      if texts.contains(nil) {
        add("\(name).missing", .uint8, StoredNumbers(texts.map { $0 == nil ? UInt8(1) : 0 }))
      }
    }
  }
}

// MARK: - As JSON

private func jsonArray<Element>(_ elements: [Element], _ text: (Element) -> String) -> String {
  "[\(elements.map(text).joined(separator: ","))]"
}

private func jsonNumbers(_ numbers: [Double]) -> String {
  jsonArray(numbers) { number in Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}

private func jsonObject(_ members: [(String, String)]) -> String {
  "{\(members.map { "\(jsonText($0.0)):\($0.1)" }.joined(separator: ","))}"
}

extension DataLoaders.Options {
  fileprivate var json: String {
    var members = [
      ("bs", "\(batchSize)"), ("valid_pct", "\(validFraction)"),
      ("sampler", jsonText(sampler.rawValue)),
    ]
    if let seed { members.append(("seed", "\(seed)")) }
    return jsonObject(members)
  }
}
