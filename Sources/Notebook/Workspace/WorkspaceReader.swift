import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors

/// Reads variables as ``WorkspaceFormat`` has them.
///
/// Every length is checked before it is used, so that a damaged file is refused and nothing worse.
final class WorkspaceReader {
  private let bytes: [UInt8]
  private let path: String
  private let session: Session
  private var position = WorkspaceFormat.headerCount
  private var version = WorkspaceFormat.version
  private var objects: [AnyObject?] = []
  private var depth = 0

  /// Checks that some bytes are a file of this kind, all of it and unchanged.
  ///
  /// - Throws: ``SessionProblem/damaged(_:reason:)``.
  init(_ bytes: [UInt8], path: String, for session: Session) throws {
    (self.bytes, self.path, self.session) = (bytes, path, session)
    guard bytes.starts(with: WorkspaceFormat.magic) else {
      throw damaged("it was not written by `save`")
    }
    guard bytes.count >= WorkspaceFormat.headerCount else { throw damaged("its end is missing") }
    position = WorkspaceFormat.magic.count
    version = try fixed()
    guard (1...WorkspaceFormat.version).contains(version) else {
      throw damaged("it has the format \(version), which a later version of collab wrote")
    }
    let count = try int()
    let hash: UInt64 = try fixed()
    let body = bytes[position...]
    guard body.count >= count else {
      throw damaged("its end is missing: \(grouped(count - body.count)) bytes of \(grouped(count))")
    }
    guard body.count == count, StableHash.of(body) == hash else {
      throw damaged("it has been changed since it was written")
    }
  }

  /// The variables by name.
  func variables() throws -> [String: Value] {
    var variables: [String: Value] = [:]
    for _ in 0..<(try count()) {
      let name = try text()
      variables[name] = try checked(value())
    }
    guard position == bytes.count else { throw damaged("there is more than its variables") }
    return variables
  }

  private func damaged(_ reason: String) -> SessionProblem { .damaged(path, reason: reason) }

  private var malformed: SessionProblem { damaged("its parts do not fit together") }
}

// MARK: - Parts
extension WorkspaceReader {
  private func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - position else { throw malformed }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private func fixed<Number: FixedWidthInteger>() throws -> Number {
    let part = try take(MemoryLayout<Number>.size)
    return part.reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  private func int() throws -> Int {
    let number: UInt64 = try fixed()
    return Int(Int64(bitPattern: number))
  }

  /// A number of things that take at least so many bytes each.
  private func count(of size: Int = 1) throws -> Int {
    let count = try int()
    guard count >= 0, count <= (bytes.count - position) / size else { throw malformed }
    return count
  }

  private func double() throws -> Double { Double(bitPattern: try fixed()) }

  private func flag() throws -> Bool { try take(1).first == 1 }

  private func text() throws -> String { String(decoding: try take(count()), as: UTF8.self) }

  private func optionalText() throws -> String? { try flag() ? text() : nil }

  /// Numbers that lie one after the other.
  private func numbers<Number>(_ type: Number.Type, _ count: Int) throws -> [Number] {
    let size = MemoryLayout<Number>.size
    guard count >= 0, count <= (bytes.count - position) / size else { throw malformed }
    let part = try take(count * size)
    return [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      part.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      initialized = count
    }
  }

  /// An object that was read before, or a new one.
  private func object<Object: AnyObject>(_ content: () throws -> Object) throws -> Object {
    let number = try int()
    guard number < 0 else {
      guard objects.indices.contains(number), let object = objects[number] as? Object else {
        throw malformed
      }
      return object
    }
    let place = objects.count
    objects.append(nil)
    let object = try content()
    objects[place] = object
    return object
  }
}

// MARK: - Values
extension WorkspaceReader {
  private func value() throws -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth <= WorkspaceFormat.deepest, let code = try take(1).first,
      let tag = WorkspaceFormat.Tag(rawValue: code)
    else { throw malformed }
    switch tag {
    case .none: return .none
    case .bool: return .bool(try flag())
    case .int: return .int(try int())
    case .double: return .double(try double())
    case .string: return .string(try text())
    case .path: return .path(try text())
    case .tuple: return .tuple(try values())
    case .list: return .list(try values())
    case .longList: return .longList(try values())
    case .size: return .size(try (0..<count(of: 8)).map { _ in try int() })
    case .tensor: return .tensor(try tensor())
    case .array: return .array(try tensor())
    case .table:
      let wholeCount = try int()
      return .table(TableView(try table(), of: wholeCount))
    case .labelledTable:
      let labels = try labels()
      let wholeCount = try int()
      let table = try table()
      guard labels.count == table.rowCount || table.columns.isEmpty else { throw malformed }
      return .table(TableView(table, labels, of: wholeCount))
    case .series:
      let (labels, values) = (try labels(), try column())
      guard labels.count == values.count else { throw malformed }
      return .object(Series(labels, values))
    case .column: return .column(try column())
    case .loaders: return .object(try loaders())
    case .module: return .module(try module())
    case .learner:
      let learner = try object {
        let learner = Learner(try loaders(), try module(), loss: try loss())
        if version >= 3 { learner.recorder = try recorder() }
        return learner
      }
      return .object(learner)
    case .builtin:
      guard let builtin = session.library.functions[try text()] else { throw malformed }
      return .callable(BuiltinFunction(builtin))
    case .function:
      let (statement, source) = try definition()
      guard case .function(let definition) = statement.kind else { throw malformed }
      return .callable(DefinedFunction(definition, in: source, session.library))
    case .model: return .callable(try model())
    case .user:
      return .object(
        NewUser(
          try (0..<count(of: 16)).map { _ in
            NewUser.NamedRating(name: try text(), stars: try double())
          }))
    case .vocabulary: throw malformed
    }
  }

  /// A value that can be walked through to its end.
  private func checked(_ value: Value) throws -> Value {
    do { try value.requireFinite() } catch { throw malformed }
    return value
  }

  private func values() throws -> [Value] { try (0..<count()).map { _ in try value() } }

  private func loss() throws -> Loss {
    let name = try text()
    guard let loss = Loss.usual.first(where: { $0.name == name }) else { throw malformed }
    return loss
  }

  private func recorder() throws -> Recorder {
    func numbers<Number>(_ type: Number.Type) throws -> [Number] {
      try self.numbers(type, count(of: MemoryLayout<Number>.size))
    }
    let recorder = Recorder(
      losses: try numbers(Float.self), learningRates: try numbers(Double.self),
      momenta: try numbers(Double.self), epochNumbers: try numbers(Double.self))
    guard let recorder else { throw malformed }
    return recorder
  }

  private func tensor() throws -> Tensor { try object { try newTensor() } }

  private func newTensor() throws -> Tensor {
    guard let dtype = DType(rawValue: try text()) else { throw malformed }
    let shape = try (0..<count(of: 8)).map { _ in try int() }
    let (isParameter, requiresGradient) = (try flag(), try flag())
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { throw malformed }
      count = product
    }
    let tensor =
      switch dtype {
      case .float32: try Tensor(numbers(Float.self, count), shape: shape)
      case .float64: try Tensor(numbers(Double.self, count), shape: shape)
      case .int64, .int32, .int16, .int8, .uint8:
        try Tensor(numbers(Int64.self, count), shape: shape).converted(to: dtype)
      case .bool: try Tensor(numbers(UInt8.self, count).map { $0 != 0 }, shape: shape)
      }
    if requiresGradient { _ = try tensor.requiringGradient() }
    tensor.isParameter = isParameter
    return tensor
  }

  private func table() throws -> Table {
    try Table((0..<count()).map { _ in try column() })
  }

  private func labels() throws -> RowLabels {
    let levels = try (0..<count()).map { _ in try column() }
    guard let first = levels.first, levels.allSatisfy({ $0.count == first.count }) else {
      throw malformed
    }
    return RowLabels(levels)
  }

  private func column() throws -> Column {
    let name = try text()
    switch try take(1).first {
    case 0:
      return Column(name, integers: try numbers(Int64.self, count(of: 8)).map { Int($0) })
    case 1: return Column(name, doubles: try numbers(Double.self, count(of: 8)))
    case 2:
      let levels = try (0..<count(of: 8)).map { _ in try text() }
      let codes = try numbers(Int32.self, count(of: 4))
      let places = CodedColumn.missing..<Int32(clamping: levels.count)
      guard codes.allSatisfy(places.contains) else { throw malformed }
      return Column(name, texts: codes.map { $0 < 0 ? nil : levels[Int($0)] })
    case 3:
      return Column(name, truths: try numbers(UInt8.self, count(of: 1)).map { $0 != 0 })
    default: throw malformed
    }
  }

  private func loaders() throws -> DataLoaders {
    try object {
      if version >= 3, try flag() {
        return try DataLoaders(
          fileBytes: numbers(UInt8.self, count()), using: session.streams)
      }
      let table = try table()
      var options = DataLoaders.Options()
      options.user = try optionalText()
      options.item = try optionalText()
      options.rating = try optionalText()
      options.batchSize = try int()
      options.validFraction = try double()
      guard options.batchSize > 0, (0...1).contains(options.validFraction) else { throw malformed }
      guard let sampler = DataLoaders.Sampler(rawValue: try text()) else { throw malformed }
      options.sampler = sampler
      return try DataLoaders(
        restoring: table, options: options, validationRows: numbers(Int32.self, count(of: 4)),
        trainingRows: numbers(Int32.self, count(of: 4)), using: session.streams)
    }
  }
}

// MARK: - Models and functions
extension WorkspaceReader {
  private func module() throws -> any Module {
    depth += 1
    defer { depth -= 1 }
    guard depth <= WorkspaceFormat.deepest else { throw malformed }
    let module = try object { try newModule() as AnyObject }
    guard let module = module as? any Module else { throw malformed }
    return module
  }

  private func newModule() throws -> any Module {
    guard let code = try take(1).first, let tag = WorkspaceFormat.ModuleTag(rawValue: code)
    else { throw malformed }
    // The weights are overwritten, so their draws must not be missed by anything else.
    let streams = RandomStreams(seed: 0)
    let module: any Module
    switch tag {
    case .instance: return try instance()
    case .sequential:
      let name = try text()
      let chain = Sequential(try (0..<count()).map { _ in try self.module() }, typeName: name)
      guard ModuleTree.isFinite(chain) else { throw malformed }
      return chain
    case .embedding:
      let (rows, columns) = (try size(), try size())
      try requireRoom(rows, columns)
      module = try Embedding(rows, columns, initialization: .torch, using: &streams.torch)
    case .linear:
      let (inputs, outputs) = (try size(), try size())
      try requireRoom(inputs, outputs)
      module = try Linear(inputs, outputs, bias: flag(), using: &streams.torch)
    case .batchNorm: module = try BatchNorm1d(size())
    case .relu: module = ReLU(inPlace: try flag())
    case .sigmoidRange: module = SigmoidRange(RatingRange(try double(), try double()))
    case .sigmoid: module = Sigmoid()
    case .tanh: module = Tanh()
    case .dropout:
      let probability = try double()
      guard (0..<1).contains(probability) else { throw malformed }
      module = Dropout(probability, using: session.streams)
    case .builtIn: module = try shape().model(using: streams)
    }
    let isNamed = tag == .builtIn && version >= 4
    try readState(
      of: module, isNamed ? (0..<count()).map { _ in try text() } : module.state.map(\.name))
    module.train(false)
    return module
  }

  /// Gives a module the numbers that follow, which may be as many as a model makes room for.
  private func readState(of module: any Module, _ names: [String]) throws {
    let places = objects.count
    let state = try names.map { name in
      guard try int() < 0 else { throw malformed }
      objects.append(nil)
      return (name, try newTensor())
    }
    do { try module.takeState(state) } catch is ModelStateError { throw malformed }
    for (place, part) in module.state.enumerated() where place < state.count {
      objects[places + place] = part.tensor
    }
  }

  /// A size that a file of this length can hold the numbers of.
  private func size() throws -> Int {
    let size = try int()
    guard size > 0, size <= bytes.count else { throw malformed }
    return size
  }

  /// Checks that the rest of the file can hold a matrix of floats, before there is one.
  private func requireRoom(_ rows: Int, _ columns: Int) throws {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= (bytes.count - position) / 4 else { throw malformed }
  }

  private func shape() throws -> ModelShape {
    guard let architecture = Architecture(rawValue: try text()) else { throw malformed }
    let users = EmbeddingSize(rows: try size(), columns: try size())
    let items = EmbeddingSize(rows: try size(), columns: try size())
    let settings = try version == 1 ? settingsOfVersion1() : settings()
    guard let shape = ModelShape(architecture, users: users, items: items, settings: settings)
    else { throw malformed }
    for matrix in shape.matrices { try requireRoom(matrix.rows, matrix.columns) }
    return shape
  }

  private func settings() throws -> [(name: String, numbers: [Double])] {
    try (0..<count(of: 16)).map { _ in
      (try text(), try (0..<count(of: 8)).map { _ in try double() })
    }
  }

  /// The settings that there were then, which had no names; a baseline's were not kept.
  private func settingsOfVersion1() throws -> [(name: String, numbers: [Double])] {
    let (factors, activations) = (Double(try size()), Double(try size()))
    let layers = try (0..<count(of: 8)).map { _ in Double(try size()) }
    let range = try flag() ? [double(), double()] : []
    return [
      ("factors", [factors]), ("n_act", [activations]), ("layers", layers), ("y_range", range),
    ]
  }

  private func model() throws -> DefinedModel {
    try object {
      let (statement, source) = try definition()
      guard case .model(let definition) = statement.kind else { throw malformed }
      return DefinedModel(definition, in: source, session.library)
    }
  }

  private func instance() throws -> ModelInstance {
    let definition = try model()
    let instance = ModelInstance(definition, session)
    for _ in 0..<(try count()) {
      let name = try text()
      instance.settingsByName.append((name, try value()))
    }
    var ordered: [(name: String, value: Value)] = []
    for _ in 0..<(try count()) {
      let name = try text()
      ordered.append((name, try value()))
    }
    if case .methods(let methods) = definition.definition.body {
      instance.addMethods(methods, session.library)
      for (name, value) in ordered { instance.add(name, value) }
      return instance
    }
    guard case .members(let members) = definition.definition.body else { throw malformed }
    let saved = Dictionary(ordered.map { ($0.name, $0.value) }) { _, last in last }
    for member in members {
      switch member {
      case .attribute(let name, _):
        guard let value = saved[name.name] else { throw malformed }
        instance.add(name.name, value)
      case .method(let function):
        let method = DefinedFunction(
          function, in: definition.source, session.library, of: instance)
        instance.add(function.name.name, .callable(method))
      }
    }
    return instance
  }

  /// The statement that defines something, found by the place of its name.
  private func definition() throws -> (Statement, Source) {
    let (name, text, place) = (try text(), try text(), try int())
    let source = Source(text, name: name)
    let found = try source.definition(at: place, session.parser)
    guard let found else { throw malformed }
    return (found, source)
  }
}
