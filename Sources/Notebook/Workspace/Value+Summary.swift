import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabLearning
import CollabTables
import CollabTensors

// What `vars` and completion say about a value in a few words.
extension Value {
  /// The kind, and of elements of tensors their type.
  var kindText: String {
    switch self {
    case .tensor(let tensor) where tensor.dtype != .float32,
      .array(let tensor) where tensor.dtype != .float64:
      "\(typeName) \(tensor.dtype.rawValue)"
    default: typeName
    }
  }

  /// How large the value is in its own terms; of a number or a short text the value itself.
  var shapeText: String {
    switch self {
    case .none, .bool, .int, .double: text
    case .string(let text), .path(let text):
      text.count <= 30 ? display : "\(grouped(text.count)) characters"
    case .tuple, .list, .longList, .size:
      counted(elements?.count ?? 0, "element")
    case .tensor(let tensor), .array(let tensor): "\(tensor.shape)"
    case .table(let view):
      "\(grouped(view.table.rowCount)) rows × \(view.table.columns.count) columns"
    case .column(let column): counted(column.count, "row")
    case .object(let object as VocabularyObject):
      counted(object.vocabulary.count, "class", "classes")
    case .object(let loaders as DataLoaders):
      "\(grouped(loaders.training.count)) to train on, \(grouped(loaders.validation.count)) held out"
    case .module(let module): Self.parameterText(module)
    case .object(let learner as Learner):
      "\(learner.model.typeName), \(Self.parameterText(learner.model))"
    case .callable(let callable): callable.parameterText
    case .object(let object): object.display.count <= 40 ? object.display : ""
    }
  }

  /// The bytes that the value keeps; nil where that says nothing.
  var byteCount: Int? {
    switch self {
    case .tensor(let tensor), .array(let tensor): tensor.byteCount
    case .table(let view): view.table.columns.reduce(0) { $0 + $1.byteCount }
    case .column(let column): column.byteCount
    case .object(let object as VocabularyObject): object.vocabulary.values.byteCount
    case .object(let loaders as DataLoaders):
      // Two indices and a rating, and the number of a row.
      16 * (loaders.training.count + loaders.validation.count)
    case .module(let module): module.state.reduce(0) { $0 + $1.tensor.byteCount }
    case .object(let learner as Learner): learner.model.state.reduce(0) { $0 + $1.tensor.byteCount }
    case .tuple, .list, .longList:
      (elements ?? []).compactMap(\.byteCount).reduce(0, +) + 16 * (elements?.count ?? 0)
    default: nil
    }
  }

  private static func parameterText(_ module: any Module) -> String {
    counted(module.parameters.reduce(0) { $0 + $1.tensor.count }, "parameter")
  }
}

extension Callable {
  /// The names of the parameters of a model or function.
  fileprivate var parameterText: String {
    let names = parameterNames
    let text = names.joined(separator: ", ")
    return text.count <= 40 ? "(\(text))" : "(\(names.prefix(2).joined(separator: ", ")), …)"
  }
}

extension Tensor {
  fileprivate var byteCount: Int {
    switch dtype {
    case .bool: count
    case .float32: 4 * count
    default: 8 * count
    }
  }
}

/// A number of bytes for people: `376 kB`.
func byteText(_ count: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB"]
  var (size, unit) = (Double(count), 0)
  while size >= 999.5, unit < units.count - 1 { (size, unit) = (size / 1000, unit + 1) }
  return "\(fixed(size, unit > 0 && size < 9.95 ? 1 : 0)) \(units[unit])"
}
