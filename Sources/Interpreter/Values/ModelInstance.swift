package import CollabLanguage
package import CollabLearning
package import CollabTensors

/// An instance of a model that was defined in the session.
///
/// Its members are looked up by name, in the order in which they were declared. Tensors that ask for
/// gradients are parameters, layers and models are parts, other tensors belong to the state only as
/// plain values: no optimiser sees them.
package final class ModelInstance: Module {
  package let definition: DefinedModel
  private let scope: Scope
  // Nothing else runs while these are used; the checks were a twentieth of a forward pass.
  @exclusivity(unchecked) private var names: [String] = []
  @exclusivity(unchecked) private var values: [Value] = []
  /// What the model's parameters were, for its methods.
  @exclusivity(unchecked) package var settingsByName: [(name: String, value: Value)] = []
  /// The call that training makes, to which mistakes are put down.
  private let site: CallSite
  private let forwardName: OuterName

  /// The name of the text in which training calls a model.
  package static let trainingSource = "<training>"

  package init(_ definition: DefinedModel, _ scope: Scope) {
    (self.definition, self.scope) = (definition, scope)
    let source = Source("`\(definition.definition.name)`", name: Self.trainingSource)
    site = CallSite(at: source.range, in: source)
    forwardName = OuterName("forward", at: source.range, in: source, scope.library)
  }

  /// A member, or one of the model's own parameters.
  package subscript(name: String) -> Value? {
    get { place(of: name).map(value) }
    set {
      guard let newValue, let place = names.firstIndex(of: name) else { return }
      values[place] = newValue
    }
  }

  /// How many names there are.
  ///
  /// Until there are more, each keeps its place, and it is the same in all instances of the model.
  package var nameCount: Int { names.count + settingsByName.count }

  /// The place of a member, or of one of the model's own parameters.
  package func place(of name: String) -> Int? {
    names.firstIndex(of: name)
      ?? settingsByName.firstIndex { $0.name == name }.map { names.count + $0 }
  }

  /// The value at a place.
  package func value(at place: Int) -> Value {
    place < names.count ? values[place] : settingsByName[place - names.count].value
  }

  /// Declares a member; one of the same name before it is replaced.
  package func add(_ name: String, _ value: Value) {
    if names.contains(name) {
      self[name] = value
    } else {
      names.append(name)
      values.append(value)
    }
  }

  /// The names of all members.
  package var memberNames: [String] { names }

  package var typeName: String { definition.definition.name.name }

  package var members: [Member] {
    zip(names, values).compactMap { name, value in
      switch value {
      case .module(let module): .module(name, module)
      case .tensor(let tensor) where tensor.isParameter: .parameter(name, tensor)
      default: nil
      }
    }
  }

  /// The method that a call runs.
  package var forward: DefinedFunction? {
    if case .callable(.function(let function))? = forwardName.value(of: self) {
      function
    } else {
      nil
    }
  }

  package func forward(_ input: Tensor) throws -> Tensor {
    guard let forward else { throw ModelProblem.noForward(typeName).diagnostic() }
    let argument = EvaluatedArgument(name: nil, value: .tensor(input), range: 0..<0)
    let result = try site.call(forward, with: [argument], in: scope)
    guard case .tensor(let tensor) = result else {
      throw ModelProblem.noTensor(typeName, result).diagnostic(
        at: forward.definition.result.range, in: forward.source)
    }
    return tensor
  }
}

/// What can be wrong with a model of the session.
package enum ModelProblem {
  case noForward(String)
  case noTensor(String, Value)
  case oneTensor(String, given: [Value])
  case predictions(String, [Int], for: [Int])

  package func diagnostic(at range: Range<Int>? = nil, in source: Source? = nil) -> Diagnostic {
    let (message, help): (String, [String]) =
      switch self {
      case .noForward(let name):
        (
          "`\(name)` has no `forward`",
          ["add a line such as forward(x) = layer(x[:,0]) to the model"]
        )
      case .noTensor(let name, let value):
        ("`forward` of `\(name)` gives \(value.phrase) instead of a tensor of predictions", [])
      case .predictions(let name, let shape, let batch):
        (
          "`\(name)` gives \(shape) for a batch of \(batch): expected one prediction a rating, "
            + "\([batch[0]])",
          shape.first == batch[0] && shape.count > 1 ? ["(users * movies).sum(dim=1)"] : []
        )
      case .oneTensor(let name, let given):
        (
          "`\(name)` takes one tensor, got "
            + (given.isEmpty ? "nothing" : given.map(\.phrase).joined(separator: ", ")), []
        )
      }
    return Diagnostic("bad-model", message, at: range, in: source, help: help)
  }
}
