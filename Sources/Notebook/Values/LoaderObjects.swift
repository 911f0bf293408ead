import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabTables

/// `dls.classes`: the vocabularies by the name of their column.
final class Classes: SessionObject {
  private let vocabularies: [Vocabulary]

  init(_ loaders: DataLoaders) { vocabularies = [loaders.users, loaders.items] }

  /// The names of the columns.
  var names: [String] { vocabularies.map(\.name) }

  var typeName: String { "dict" }
  var display: String {
    let parts = vocabularies.map { "\(Value.string($0.name).display): \($0.display)" }
    return "{\(parts.joined(separator: ", "))}"
  }

  func element(_ index: Value) throws -> Value {
    guard case .string(let name) = index else {
      throw Problem.wrongKind("classes[…]", expected: "the name of a column", got: index.phrase)
    }
    guard let vocabulary = vocabularies.first(where: { $0.name == name }) else {
      throw Problem.missingKey(name, in: "dls.classes", near: names)
    }
    return .object(VocabularyObject(vocabulary))
  }
}

/// `dls.classes['title'].o2i`: the index of a title.
final class ObjectToIndex: SessionObject {
  private let vocabulary: Vocabulary

  init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  var typeName: String { "dict" }
  var display: String { "{…} of \(vocabulary.count) entries" }

  func element(_ index: Value) throws -> Value {
    if let elements = index.elements { return .list(try elements.map(element)) }
    guard let place = vocabulary.index(of: index.text) else { throw missing(index.text) }
    return .int(place)
  }

  private func missing(_ name: String) -> Problem {
    .missingKey(name, in: "o2i", near: vocabulary.near(name))
  }
}

extension Vocabulary {
  /// The index of what a row of a column stands for: ids that have missing ones beside them are numbers
  /// with a point there.
  func index(of column: Column, at row: Int) -> Int? {
    let value = Value(column.value(at: row))
    if let index = index(of: value.text) { return index }
    guard case .double(let number) = value, let whole = Int(exactly: number) else { return nil }
    return index(of: "\(whole)")
  }

  /// Names that may have been meant by one that is not there.
  func near(_ name: String) -> [String] {
    Suggestion.titles(like: name, among: (1..<max(count, 1)).map { self[$0] })
  }
}

/// `dls.train` and `dls.valid`: how much there is of them.
final class LoaderObject: SessionObject {
  private let name: String
  private let ratings: RatingSet
  private let batchCount: Int
  private let rows: () -> Table

  /// A part of a split, whose ratings `rows` gives as the data has them.
  init(
    _ name: String, _ ratings: RatingSet, _ batchCount: Int, rows: @escaping () -> Table
  ) {
    (self.name, self.ratings, self.batchCount, self.rows) = (name, ratings, batchCount, rows)
  }

  /// The ratings as the data has them.
  var table: Table { rows() }

  var typeName: String { "DataLoader" }
  var display: String {
    "\(name): \(grouped(ratings.count)) ratings in \(grouped(batchCount)) batches"
  }
  var memberNames: [String] { ["n", "n_batches"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "n": .int(ratings.count)
    case "n_batches": .int(batchCount)
    default: nil
    }
  }
}

/// `learn.recorder`: the losses of the last fit.
final class RecorderObject: SessionObject {
  /// Whose losses they are.
  let learner: Learner
  private let recorder: Recorder

  init(of learner: Learner) { (self.learner, recorder) = (learner, learner.recorder) }

  var typeName: String { "Recorder" }
  var display: String {
    let count = recorder.epochs.count
    return "the losses of \(count) epoch\(count == 1 ? "" : "s")"
  }
  var memberNames: [String] { ["losses", "lrs", "moms", "train_loss", "valid_loss", "values"] }

  func member(_ name: String) -> Value? {
    func list(_ numbers: [some BinaryFloatingPoint]) -> Value {
      .list(numbers.map { .double(Double($0)) })
    }
    return switch name {
    case "losses": list(recorder.losses)
    case "lrs": list(recorder.learningRates)
    case "moms": list(recorder.momenta)
    case "train_loss": list(recorder.epochs.map(\.trainLoss))
    case "valid_loss": list(recorder.epochs.map(\.validLoss))
    case "values":
      .list(
        recorder.epochs.map {
          .list([.double(Double($0.trainLoss)), .double(Double($0.validLoss))])
        })
    default: nil
    }
  }
}
