import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabLearning
import CollabTables
import CollabTensors

/// Writes variables as ``WorkspaceFormat`` has it.
struct WorkspaceWriter {
  /// The file.
  private(set) var bytes: [UInt8]
  /// How many variables are in it.
  private(set) var savedCount = 0
  /// Those that are not, with the reason.
  private(set) var leftOut: [String] = []

  /// Writes all variables that can be written.
  init(_ variables: [String: Value]) {
    // Layers bring the tensors they consist of with them, so models come before tensors that a
    // variable shares with them.
    let ordered = variables.sorted { ($0.value.order, $0.key) < ($1.value.order, $1.key) }
    var body = WorkspaceBody()
    for (name, value) in ordered {
      var attempt = body
      do throws(NotSaved) {
        attempt.add(name)
        try attempt.add(value)
        body = attempt
        savedCount += 1
      } catch {
        leftOut.append("\(name) (\(error.kind))")
      }
    }
    leftOut.sort()
    var content = WorkspaceBody()
    content.add(savedCount)
    content.bytes += body.bytes
    var header = WorkspaceBody()
    header.bytes = WorkspaceFormat.magic
    header.addFixed(WorkspaceFormat.version)
    header.add(content.bytes.count)
    header.addFixed(StableHash.of(content.bytes))
    bytes = header.bytes + content.bytes
  }
}

/// A kind of value that is not saved.
private struct NotSaved: Error {
  let kind: String
}

extension Value {
  /// Values that bring others with them are written first.
  fileprivate var order: Int {
    switch self {
    case .object(is Learner): 0
    case .module, .object(is DataLoaders): 1
    default: 2
    }
  }
}

/// The variables as bytes, and what was written so far.
private struct WorkspaceBody {
  var bytes: [UInt8] = []
  /// How many values the one being written is inside of.
  private var depth = 0
  private var numbers: [ObjectIdentifier: Int] = [:]

  // MARK: Parts

  mutating func addFixed(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  mutating func add(_ number: Int) { addFixed(Int64(number)) }

  mutating func add(_ number: Double) { addFixed(number.bitPattern) }

  mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func add(_ text: String) {
    add(text.utf8.count)
    bytes += text.utf8
  }

  mutating func add(_ text: String?) {
    add(text != nil)
    if let text { add(text) }
  }

  mutating func add(numbers: [some BitwiseCopyable]) {
    add(numbers.count)
    numbers.withUnsafeBytes { bytes += $0 }
  }

  /// A reference to an object, with what it is if it occurs for the first time.
  private mutating func add(
    _ object: AnyObject, _ content: (inout WorkspaceBody) throws(NotSaved) -> Void
  ) throws(NotSaved) {
    if let number = numbers[ObjectIdentifier(object)] {
      add(number)
      return
    }
    numbers[ObjectIdentifier(object)] = numbers.count
    add(-1)
    try content(&self)
  }
}

// MARK: - Values
extension WorkspaceBody {
  /// Writes what is inside of something, unless it lies too deep to be read again.
  private mutating func inside(
    _ content: (inout WorkspaceBody) throws(NotSaved) -> Void
  ) throws(NotSaved) {
    guard depth < WorkspaceFormat.deepest else { throw NotSaved(kind: "nested too deeply") }
    depth += 1
    try content(&self)
    depth -= 1
  }

  mutating func add(_ value: Value) throws(NotSaved) {
    try inside { (body) throws(NotSaved) in try body.addContent(of: value) }
  }

  private mutating func addContent(of value: Value) throws(NotSaved) {
    func begin(_ tag: WorkspaceFormat.Tag) { bytes.append(tag.rawValue) }
    switch value {
    case .none: begin(.none)
    case .bool(let flag):
      begin(.bool)
      add(flag)
    case .int(let number):
      begin(.int)
      add(number)
    case .double(let number):
      begin(.double)
      add(number)
    case .string(let text):
      begin(.string)
      add(text)
    case .path(let text):
      begin(.path)
      add(text)
    case .tuple(let elements):
      begin(.tuple)
      try add(elements)
    case .list(let elements):
      begin(.list)
      try add(elements)
    case .longList(let elements):
      begin(.longList)
      try add(elements)
    case .size(let sizes):
      begin(.size)
      add(sizes.count)
      for size in sizes { add(size) }
    case .tensor(let tensor):
      begin(.tensor)
      try add(tensor)
    case .array(let tensor):
      begin(.array)
      try add(tensor)
    case .table(let view) where !view.labels.isNumbered:
      begin(.labelledTable)
      add(view.labels)
      add(view.wholeCount)
      add(view.table)
    case .table(let view):
      begin(.table)
      add(view.wholeCount)
      add(view.table)
    case .object(let series as Series):
      begin(.series)
      add(series.labels)
      add(series.values)
    case .column(let column):
      begin(.column)
      add(column)
    case .object(let loaders as DataLoaders):
      begin(.loaders)
      try add(loaders)
    case .module(let module):
      begin(.module)
      try add(module)
    case .object(let learner as Learner):
      begin(.learner)
      try add(learner) { (body) throws(NotSaved) in
        try body.add(learner.loaders)
        try body.add(learner.model)
        body.add(learner.loss.name)
        let recorder = learner.recorder
        body.add(numbers: recorder.losses)
        body.add(numbers: recorder.learningRates)
        body.add(numbers: recorder.momenta)
        body.add(numbers: recorder.epochNumbers)
      }
    case .object(let user as NewUser):
      begin(.user)
      add(user.ratings.count)
      for rating in user.ratings {
        add(rating.name)
        add(rating.stars)
      }
    case .callable(let callable): try add(callable)
    case .object: throw NotSaved(kind: value.phrase)
    }
  }

  private mutating func add(_ values: [Value]) throws(NotSaved) {
    add(values.count)
    for value in values { try add(value) }
  }

  private mutating func add(_ tensor: Tensor) throws(NotSaved) {
    try add(tensor) { (body) throws(NotSaved) in body.addContent(of: tensor) }
  }

  private mutating func addContent(of tensor: Tensor) {
    add(tensor.dtype.rawValue)
    add(tensor.shape.count)
    for size in tensor.shape { add(size) }
    add(tensor.isParameter)
    add(tensor.requiresGradient && tensor.isLeaf)
    switch tensor.dtype {
    case .float32: tensor.scalars(as: Float.self).withUnsafeBytes { bytes += $0 }
    case .float64: tensor.scalars(as: Double.self).withUnsafeBytes { bytes += $0 }
    case .int64, .int32, .int16, .int8, .uint8:
      tensor.scalars(as: Int64.self).withUnsafeBytes { bytes += $0 }
    case .bool: tensor.scalars(as: Bool.self).withUnsafeBytes { bytes += $0 }
    }
  }

  private mutating func add(_ table: Table) {
    add(table.columns.count)
    for column in table.columns { add(column) }
  }

  private mutating func add(_ labels: RowLabels) {
    let levels = labels.isNumbered ? [labels.column] : labels.levels
    add(levels.count)
    for level in levels { add(level) }
  }

  private mutating func add(_ column: Column) {
    add(column.name)
    if let truths = column.truths {
      bytes.append(3)
      add(truths.count)
      bytes += truths.map { $0 ? 1 : 0 }
      return
    }
    switch column.kind {
    case .integers:
      bytes.append(0)
      let values = ((try? column.integers()) ?? []).map { Int64($0) }
      add(values.count)
      values.withUnsafeBytes { bytes += $0 }
    case .doubles:
      bytes.append(1)
      let values = (try? column.doubles()) ?? []
      add(values.count)
      values.withUnsafeBytes { bytes += $0 }
    case .text:
      bytes.append(2)
      let coded = column.coded()
      let levels = ((try? coded.levels.texts()) ?? []).compactMap(\.self)
      add(levels.count)
      for level in levels { add(level) }
      add(numbers: coded.codes)
    }
  }

  private mutating func add(_ loaders: DataLoaders) throws(NotSaved) {
    try add(loaders) { (body) throws(NotSaved) in
      let file = loaders.fileBytes
      body.add(file != nil)
      if let file {
        body.add(numbers: file)
        return
      }
      let options = loaders.options
      body.add(loaders.trainingTable)
      body.add(options.user)
      body.add(options.item)
      body.add(options.rating)
      body.add(options.batchSize)
      body.add(options.validFraction)
      body.add(options.sampler.rawValue)
      body.add(numbers: loaders.validationRows)
      body.add(numbers: loaders.trainingRows)
    }
  }
}

// MARK: - Models and functions
extension WorkspaceBody {
  private mutating func add(_ module: any Module) throws(NotSaved) {
    try inside { (body) throws(NotSaved) in try body.addReference(to: module) }
  }

  private mutating func addReference(to module: any Module) throws(NotSaved) {
    try add(module) { (body) throws(NotSaved) in
      func begin(_ tag: WorkspaceFormat.ModuleTag) { body.bytes.append(tag.rawValue) }
      switch module {
      case let instance as ModelInstance:
        begin(.instance)
        try body.add(instance)
        return
      case let layers as Sequential:
        begin(.sequential)
        body.add(layers.typeName)
        body.add(layers.layers.count)
        for layer in layers.layers { try body.add(layer) }
        return
      case let layer as Embedding:
        begin(.embedding)
        body.add(layer.weight.shape[0])
        body.add(layer.weight.shape[1])
      case let layer as Linear:
        begin(.linear)
        body.add(layer.weight.shape[1])
        body.add(layer.weight.shape[0])
        body.add(layer.bias != nil)
      case let layer as BatchNorm1d:
        begin(.batchNorm)
        body.add(layer.weight.count)
      case let layer as ReLU:
        begin(.relu)
        body.add(layer.settings.contains("True"))
      case is Sigmoid: begin(.sigmoid)
      case is Tanh: begin(.tanh)
      case let layer as SigmoidRange:
        begin(.sigmoidRange)
        body.add(layer.range.low)
        body.add(layer.range.high)
      case let layer as Dropout:
        begin(.dropout)
        body.add(layer.probability)
      default:
        guard let shape = (module as? any RatingModel)?.shape else {
          throw NotSaved(kind: Value.module(module).phrase)
        }
        begin(.builtIn)
        body.add(shape)
        body.add(module.state.count)
        for part in module.state { body.add(part.name) }
      }
      for part in module.state { try body.add(part.tensor) }
    }
  }

  private mutating func add(_ shape: ModelShape) {
    add(shape.architecture.rawValue)
    for size in [shape.users, shape.items] {
      add(size.rows)
      add(size.columns)
    }
    add(shape.settings.count)
    for (name, numbers) in shape.settings {
      add(name)
      add(numbers.count)
      for number in numbers { add(number) }
    }
  }

  private mutating func add(_ instance: ModelInstance) throws(NotSaved) {
    try add(instance.definition)
    add(instance.settingsByName.count)
    for (name, value) in instance.settingsByName {
      add(name)
      try add(value)
    }
    // Methods come back with the definition.
    let members = instance.memberNames.compactMap { name -> (String, Value)? in
      guard let value = instance[name] else { return nil }
      if case .callable(let method as DefinedFunction) = value, method.instance === instance {
        return nil
      }
      return (name, value)
    }
    add(members.count)
    for (name, value) in members {
      add(name)
      try add(value)
    }
  }

  private mutating func add(_ model: DefinedModel) throws(NotSaved) {
    try add(model) { (body) throws(NotSaved) in
      body.add(model.source, model.definition.name)
    }
  }

  private mutating func add(_ callable: Callable) throws(NotSaved) {
    switch callable {
    case let function as BuiltinFunction:
      bytes.append(WorkspaceFormat.Tag.builtin.rawValue)
      add(function.builtin.spec.name)
    case let model as DefinedModel:
      bytes.append(WorkspaceFormat.Tag.model.rawValue)
      try add(model)
    case let function as DefinedFunction:
      guard function.instance == nil else { throw NotSaved(kind: "a method") }
      guard function.isStatement else { throw NotSaved(kind: "a function that a function made") }
      bytes.append(WorkspaceFormat.Tag.function.rawValue)
      add(function.source, function.definition.name)
    default: throw NotSaved(kind: "a method")
    }
  }

  /// The text of a definition, and where its name stands.
  private mutating func add(_ source: Source, _ name: Identifier) {
    add(source.name)
    add(source.text)
    add(name.range.lowerBound)
  }
}
