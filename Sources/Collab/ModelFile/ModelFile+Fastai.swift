import CollabLearning
import CollabTables

// Files that fastai's own models were written to, with a text that says who and what there is:
//
//     classes = {name: [str(c) for c in vocab] for name, vocab in learn.dls.classes.items()}
//     metadata = {'classes': json.dumps(classes), 'y_range': json.dumps(learn.model.y_range)}
//     save_file(learn.model.state_dict(), 'films.safetensors', metadata)

extension ModelFile {
  /// Users and items as a file of fastai's names them; nil if it does not.
  func foreignVocabularies() throws(ModelFileError) -> (users: Vocabulary, items: Vocabulary)? {
    guard let text = tensors.metadata["classes"] else { return nil }
    var found: [Vocabulary] = []
    try Self.read(text) { (json) throws(ModelFileError) in
      try json.object { (name, json) throws(ModelFileError) in
        var classes: [String] = []
        try json.array { (json) throws(ModelFileError) in classes.append(try json.string()) }
        guard classes.first == Vocabulary.missing else {
          throw .damaged("its first `\(name.prefix(60))` is not \(Vocabulary.missing)")
        }
        guard let values = Column(name, classes: Array(classes.dropFirst())) else {
          throw .damaged("its classes of `\(name.prefix(60))` are not in order")
        }
        found.append(Vocabulary(name: name, values: values))
      }
    }
    guard found.count == 2 else { throw .damaged("its classes are not those of two columns") }
    return (found[0], found[1])
  }

  /// What model the tensors of a file of fastai's are.
  func foreignShape() throws(ModelFileError) -> ModelShape {
    func size(_ name: String) -> EmbeddingSize? {
      guard let shape = tensors.entries[name]?.shape, shape.count == 2 else { return nil }
      return EmbeddingSize(rows: shape[0], columns: shape[1])
    }
    let range = try range()
    if let users = size(FastaiNames.dotBias[0]), let items = size(FastaiNames.dotBias[1]) {
      var options = ModelOptions(for: .collab)
      (options.factors, options.range) = (users.columns, range)
      guard users.columns == items.columns else {
        throw .damaged("its factors do not fit together")
      }
      return ModelShape(.collab, users: users, items: items, options: options)
    }
    if let users = size("embeds.0.weight"), let items = size("embeds.1.weight") {
      var options = ModelOptions(for: .nn)
      options.range = range
      options.layers = []
      while let layer = size("layers.\(options.layers.count + 1).0.weight") {
        options.layers.append(layer.columns)
      }
      return ModelShape(.nn, users: users, items: items, options: options)
    }
    throw .incomplete("what model it holds, and has no tensor `\(FastaiNames.dotBias[0])`")
  }

  private func range() throws(ModelFileError) -> RatingRange? {
    guard tensors.metadata["y_range"] != "null", let ends = try numbers("y_range") else {
      return nil
    }
    guard ends.count == 2, ends[0] < ends[1] else { throw .damaged("its y_range is no range") }
    return RatingRange(ends[0], ends[1])
  }
}

extension Column {
  /// Classes in order, as whole numbers if they are written so; nil if they are in no order.
  fileprivate init?(_ name: String, classes: [String]) {
    let numbers = classes.compactMap { text in Int(text).flatMap { "\($0)" == text ? $0 : nil } }
    if !numbers.isEmpty, numbers.count == classes.count,
      zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
    {
      self.init(name, integers: numbers)
    } else {
      self.init(name, rising: classes)
    }
  }
}
