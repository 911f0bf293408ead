public import CollabInterpreter
public import Collab
public import CollabDocuments
import CollabLearning
import CollabTensors
import CollabText

// A learner as a value: what statements may ask of it.
extension Learner: SessionObject {
  /// The kind, as `type(…)` says it.
  public var typeName: String { "Learner" }
  /// What it is in a line.
  public var display: String {
    "\(model.typeName) · \(grouped(parameterCount)) parameters · \(loss.name)"
  }
  /// That line.
  public var block: Block { .paragraph(display) }
  /// The names behind a dot, as in fastai.
  public var memberNames: [String] { ["dls", "loss", "model", "opt", "recorder"] }

  /// A part by its name.
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
