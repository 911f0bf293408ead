package import CollabLanguage
package import CollabLearning
import CollabTables
import CollabTensors

extension Value {
  /// The value behind a dot: a part of this value, or one of its methods.
  package func member(_ name: Identifier, of library: Library, in source: Source) throws -> Value {
    if let property = try source.locating(name.range, { try property(name.name) }) {
      return property
    }
    if let method = method(name.name, of: library) {
      return .callable(BoundMethod(method, of: self))
    }
    if name.name == "__class__" { return .object(TypeName(pythonType)) }
    if name.name == "__name__", case .callable(let callable) = self {
      return .string(callable.name)
    }
    // `chain.from_iterable` belongs to the function, not to what it gives.
    if case .callable(let type as BuiltinFunction) = self,
      let own = library.methods["class \(type.name)"]?[name.name]
    {
      return .callable(BuiltinFunction(own))
    }
    // `str.lower` is the method as a function of a text.
    if case .callable(let type as BuiltinFunction) = self,
      let kind = ["str": "String", "list": "List", "L": "List", "dict": "dict"][type.name],
      let method = library.methods[kind]?[name.name]
    {
      return .callable(BuiltinFunction(method.unbound))
    }
    let near = Suggestion.nearest(to: name.name, among: memberNames(of: library))
    var diagnostic = Problem.unknownMember(name.name, of: phrase, near: near).diagnostic(
      at: name.range, in: source)
    if let instead = ForeignNames.insteadOfMember(name.name) { diagnostic.help = [instead] }
    if let spec = library.registry[name.name], spec.form == .command, near.isEmpty {
      diagnostic.help = ["`\(spec.name)` is a command: \(spec.examples.first?.code ?? spec.name)"]
    }
    throw diagnostic
  }
}

extension Value {
  /// A built-in method of this kind of value.
  package func method(_ name: String, of library: Library) -> Builtin? {
    kinds.lazy.compactMap { library.methods[$0]?[name] }.first
  }

  /// The names under which methods of this kind of value are registered.
  package var kinds: [String] {
    switch self {
    case .tensor, .array: ["Tensor"]
    case .table: ["Table"]
    case .column: ["Column", "Series"]
    case .list, .longList, .tuple, .size: ["List"]
    case .string: ["String"]
    case .int, .double, .bool: ["number"]
    case .module: ["Module"]
    case .path: ["Path"]
    case .object(let object): object.methodKinds
    default: []
    }
  }

  /// All names behind a dot, for messages and completion.
  public func memberNames(of library: Library) -> [String] {
    propertyNames + kinds.flatMap { (library.methods[$0] ?? [:]).keys.sorted() }
  }

  private var propertyNames: [String] {
    switch self {
    case .tensor, .array:
      [
        "T", "data", "device", "dtype", "grad", "grad_fn", "is_leaf", "ndim", "requires_grad",
        "shape",
      ]
    case .table(let view): view.table.columnNames + Self.tableProperties
    case .column: Self.columnProperties
    case .longList: ["items"]
    case .module(let module):
      (module as? ModelInstance)?.memberNames ?? module.members.map(\.name)
    case .object(let object): object.memberNames
    default: []
    }
  }

  /// A part of the value that has a name; nil if it has none of that name.
  package func property(_ name: String) throws -> Value? {
    switch self {
    case .tensor(let tensor): return try Self.property(name, of: tensor, Value.tensor)
    case .array(let tensor):
      switch name {
      case "shape": return .tuple(tensor.shape.map(Value.int))
      case "dtype": return .object(TypeName("dtype('\(tensor.dtype.rawValue)')"))
      case "size": return .int(tensor.count)
      default: return try Self.property(name, of: tensor, Value.array)
      }
    case .table(let view): return try Self.property(name, of: view)
    case .column: return try series.flatMap { try Self.property(name, of: $0) }
    case .longList(let members): return name == "items" ? .list(members) : nil
    case .module(let module):
      if let instance = module as? ModelInstance { return instance[name] }
      return module.members.first { $0.name == name }?.value ?? module.size(name)
    case .object(let object): return try object.member(name)
    default: return nil
    }
  }

  private static func property(
    _ name: String, of tensor: Tensor, _ wrap: (Tensor) -> Value
  ) throws -> Value? {
    switch name {
    case "shape": .size(tensor.shape)
    case "ndim": .int(tensor.shape.count)
    case "dtype": .object(TypeName("torch.\(tensor.dtype.rawValue)"))
    case "device": .object(TypeName("device(type='cpu')"))
    case "T": wrap(tensor.shape.count == 2 ? try tensor.permuted([1, 0]) : try tensor.transposed())
    case "mT": wrap(try tensor.transposed())
    case "grad": try tensor.ownGradient().map(wrap) ?? Value.none
    case "grad_fn": tensor.gradientName.map { .string("\($0)") } ?? Value.none
    case "requires_grad": .bool(tensor.requiresGradient)
    case "is_leaf": .bool(tensor.isLeaf)
    case "data": wrap(tensor.detached())
    default: nil
    }
  }

  /// Gives a part of a tensor that has a name another value; false if none can be assigned to.
  package func setProperty(_ name: String, to value: Value) throws -> Bool {
    guard case .tensor(let tensor) = self else { return false }
    switch (name, value) {
    case ("data", .tensor(let other)): try tensor.replaceElements(by: other)
    case ("grad", .tensor(let other)): try tensor.setGradient(other)
    case ("grad", .none): tensor.clearGradient()
    case ("requires_grad", .bool(let isRequired)): try tensor.requiringGradient(isRequired)
    default: return false
    }
    return true
  }
}

extension Member {
  package var name: String {
    switch self {
    case .parameter(let name, _), .buffer(let name, _), .module(let name, _): name
    }
  }

  package var value: Value {
    switch self {
    case .parameter(_, let tensor), .buffer(_, let tensor): .tensor(tensor)
    case .module(_, let module): .module(module)
    }
  }
}

extension Module {
  /// A size of a layer under PyTorch's name.
  fileprivate func size(_ name: String) -> Value? {
    switch (self, name) {
    case (let layer as Linear, "in_features"): .int(layer.weight.shape[1])
    case (let layer as Linear, "out_features"): .int(layer.weight.shape[0])
    case (let layer as Embedding, "num_embeddings"): .int(layer.weight.shape[0])
    case (let layer as Embedding, "embedding_dim"): .int(layer.weight.shape[1])
    default: nil
    }
  }
}
