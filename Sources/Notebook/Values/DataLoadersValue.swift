public import CollabInterpreter
public import Collab
public import CollabDocuments
import CollabTables
import CollabText

// Loaders as a value: what statements may ask of them.
extension DataLoaders: SessionObject {
  /// The kind, as `type(…)` says it.
  public var typeName: String { "DataLoaders" }
  /// What it is in a line.
  public var display: String {
    """
    train \(grouped(training.count)) · valid \(grouped(validation.count)) · \
    \(grouped(users.count)) users · \(grouped(items.count)) \(items.name.prefix { $0 != ":" })s · \
    batches of \(options.batchSize)
    """
  }
  /// That line.
  public var block: Block { .paragraph(display) }
  /// The names behind a dot, as in fastai.
  public var memberNames: [String] { ["bs", "classes", "items", "train", "users", "valid"] }
  /// Batches of an epoch.
  public var length: Int? { trainingBatchCount }

  /// A part by its name.
  public func member(_ name: String) -> Value? {
    switch name {
    case "classes": .object(Classes(self))
    case "users": .object(VocabularyObject(users))
    case "items": .object(VocabularyObject(items))
    case "bs": .int(options.batchSize)
    case "train":
      .object(LoaderObject("train", training, trainingBatchCount) { self.rows(self.trainingRows) })
    case "valid":
      .object(
        LoaderObject("valid", validation, validationBatchCount) { self.rows(self.validationRows) })
    default: nil
    }
  }

  private func rows(_ rows: [Int32]) -> Table { trainingTable.rows(at: rows.map { Int($0) }) }
}
