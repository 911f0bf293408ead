public import CollabTensors

/// A layer or a model: parameters, the modules it is made of, and what it computes.
///
/// Built-in models and those defined at the prompt conform to this one protocol and are trained by
/// the same loop.
public protocol Module: AnyObject {
  /// The name PyTorch prints: `Embedding`, `EmbeddingDotBias`.
  var typeName: String { get }
  /// What PyTorch prints in parentheses after the name of a layer without parts: `944, 50`.
  var settings: String { get }
  /// What this is made of, by name, in the order of declaration.
  var members: [Member] { get }
  /// What listings show: the members, and perhaps parts of the original that have nothing to do here.
  var listedMembers: [Member] { get }
  /// Whether all parameters of this layer are exempt from weight decay.
  var isNormalization: Bool { get }

  /// What the module computes.
  ///
  /// - Throws: ``TensorError`` if the input does not fit.
  func forward(_ input: Tensor) throws -> Tensor

  /// Turns training behaviour (dropout, batch statistics) of this layer alone on or off.
  func setTraining(_ isTraining: Bool)
}

extension Module {
  /// Empty, for modules that show their parts.
  public var settings: String { "" }
  /// The members.
  public var listedMembers: [Member] { members }
  /// False: weight decay applies to what is not called `bias`.
  public var isNormalization: Bool { false }
  /// Does nothing: most layers behave the same.
  public func setTraining(_ isTraining: Bool) {}
}

/// A named part of a module.
public enum Member {
  /// A tensor that an optimiser trains.
  case parameter(String, Tensor)
  /// A tensor that belongs to the state but is not trained.
  case buffer(String, Tensor)
  /// A module inside.
  case module(String, any Module)
}

/// A parameter, its full name, and whether weight decay applies to it.
public struct Parameter {
  /// Names of the modules and of the parameter, joined by dots: `layers.0.weight`.
  public let name: String
  /// What is trained; an optimiser changes its elements in place.
  public let tensor: Tensor
  /// False for parameters of normalisation layers and those called `bias`.
  ///
  /// Source: fastai's `norm_bias_params`, `fastai/torch_core.py`.
  public let decays: Bool
}

// MARK: - Walking the tree

extension Module {
  /// The modules inside, by name.
  public var children: [(name: String, module: any Module)] {
    members.compactMap {
      if case .module(let name, let module) = $0 { (name, module) } else { nil }
    }
  }

  /// All parameters in PyTorch's order: those of a module before those of its parts.
  public var parameters: [Parameter] {
    parameters(prefix: "")
  }

  private func parameters(prefix: String) -> [Parameter] {
    let own = members.compactMap { member -> Parameter? in
      guard case .parameter(let name, let tensor) = member else { return nil }
      return Parameter(
        name: prefix + name, tensor: tensor, decays: !isNormalization && name != "bias")
    }
    return own + children.flatMap { $0.module.parameters(prefix: "\(prefix)\($0.name).") }
  }

  /// Parameters and buffers by name, in the order of PyTorch's `state_dict`.
  public var state: [(name: String, tensor: Tensor)] {
    let own = members.compactMap { member -> (String, Tensor)? in
      switch member {
      case .parameter(let name, let tensor), .buffer(let name, let tensor): (name, tensor)
      case .module: nil
      }
    }
    return own
      + children.flatMap { child in
        child.module.state.map { ("\(child.name).\($0.name)", $0.tensor) }
      }
  }

  /// Turns training behaviour of the whole module on or off.
  public func train(_ isTraining: Bool = true) {
    setTraining(isTraining)
    for child in children { child.module.train(isTraining) }
  }

  /// The module as PyTorch prints it.
  public var description: String {
    let parts = listedMembers.compactMap { member in
      if case .module(let name, let module) = member { (name: name, module: module) } else { nil }
    }
    guard !parts.isEmpty else { return "\(typeName)(\(settings))" }
    let lines = parts.flatMap { part in
      "(\(part.name)): \(part.module.description)".split(separator: "\n").map { "  \($0)" }
    }
    return "\(typeName)(\n\(lines.joined(separator: "\n"))\n)"
  }
}
