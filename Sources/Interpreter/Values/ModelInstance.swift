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
  /// What the model's parameters were, for its methods; of a class what it was called with, where an
  /// argument that goes to `*args` has no name.
  ///
  /// Those of a class are no names in its methods: what it keeps it assigns to `self`.
  @exclusivity(unchecked) package var settingsByName: [(name: String, value: Value)] = []
  private let isClass: Bool
  /// The call that training makes, to which mistakes are put down.
  private let site: CallSite
  private let forwardName: OuterName

  /// The name of the text in which training calls a model.
  package static let trainingSource = "<training>"

  package init(_ definition: DefinedModel, _ scope: Scope) {
    (self.definition, self.scope) = (definition, scope)
    if case .methods = definition.definition.body { isClass = true } else { isClass = false }
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
  package var nameCount: Int { names.count + (isClass ? 0 : settingsByName.count) }

  /// The place of a member, or of one of the model's own parameters.
  package func place(of name: String) -> Int? {
    if let place = names.firstIndex(of: name) { return place }
    guard !isClass else { return nil }
    return settingsByName.firstIndex { $0.name == name }.map { names.count + $0 }
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

  /// Lends a member that is about to be changed and put back.
  func take(_ name: String) -> Value {
    guard let place = names.firstIndex(of: name) else { return .none }
    let value = values[place]
    values[place] = .none
    return value
  }

  /// Declares the methods of a class; `__init__` is run once and is none of them.
  package func addMethods(_ methods: [FunctionDefinition], _ library: Library) {
    for method in methods where method.name.name != "__init__" {
      let function = DefinedFunction(method, in: definition.source, library, of: self)
      add(method.name.name, .callable(function))
    }
  }

  /// Whether a member can be assigned to: a class makes its members that way.
  package func takes(_ name: String) -> Bool {
    isClass || self[name] != nil
  }

  /// Gives a member a value, and makes it if need be.
  ///
  /// - Throws: ``Problem/endless(_:)`` if the model would be inside itself.
  package func set(_ name: String, to value: Value) throws {
    try value.requireFinite()
    let old = self[name]
    add(name, value)
    guard value.mayHoldModules else { return }
    do {
      try Value.module(self).requireFinite()
    } catch {
      self[name] = old ?? Value.none
      throw error
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
    if case .callable(let function as DefinedFunction)? = forwardName.value(of: self) {
      function
    } else {
      nil
    }
  }

  /// What is wrong with a model that cannot be called.
  package var noForward: Diagnostic {
    (isClass ? ModelProblem.noForwardMethod(typeName) : .noForward(typeName)).diagnostic()
  }

  package func forward(_ input: Tensor) throws -> Tensor {
    guard let forward else { throw noForward }
    scope.forwardDepth += 1
    defer { scope.forwardDepth -= 1 }
    let argument = EvaluatedArgument(name: nil, value: .tensor(input), range: 0..<0)
    let result = try site.call(forward, with: [argument], in: scope)
    guard case .tensor(let tensor) = result else {
      throw ModelProblem.noTensor(typeName, result).diagnostic(
        at: forward.definition.resultRange, in: forward.source)
    }
    return tensor
  }
}

/// What can be wrong with a model of the session.
package enum ModelProblem {
  case noForward(String)
  case noForwardMethod(String)
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
      case .noForwardMethod(let name):
        (
          "`\(name)` has no `forward`",
          ["add a method to the class: def forward(self, x): return self.layer(x[:,0])"]
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
