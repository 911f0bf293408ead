public import Interpreter
public import Collab
public import Documents
import Learning
import Tensors
import Text

// A learner as a value: what statements may ask of it.
extension Learner: SessionObject {
  public var typeName: String { "Learner" }
  public var display: String {
    "\(model.typeName) · \(grouped(parameterCount)) parameters · \(loss.name)"
  }
  public var block: Block { .paragraph(display) }
  public var memberNames: [String] { ["dls", "loss", "model", "opt", "recorder"] }

  public func member(_ name: String) -> Value? {
    switch name {
    case "model": .module(model)
    case "dls": .object(loaders)
    case "loss": .string(loss.name)
    case "opt": .string(optimizer?.name ?? "none")
    case "recorder": .object(RecorderObject(of: self))
    default: nil
    }
  }

  /// The number of trainable numbers.
  var parameterCount: Int { model.parameters.reduce(0) { $0 + $1.tensor.count } }
}
