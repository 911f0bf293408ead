import CollabFiles
import CollabLearning
public import CollabTables
import CollabTensors

/// A file that ``Learner/save(to:_:)`` has written, or PyTorch: what it says, before anything is made of
/// it.
///
///     let file = try ModelFile(contentsOf: "films.safetensors")
///     let learner = try file.learner()
///
/// What is large stays in the file until it is looked at: a learner of millions of ratings is there at
/// once. Nothing in a file is run, and nothing in it is believed.
public struct ModelFile {
  /// The tensors of the model, and those of other kinds if they stand beside.
  let tensors: Safetensors
  /// The other tensors.
  let others: Safetensors
  /// What stands before the names of the others.
  let prefix: String
  /// Whether it was written by ``Learner/save(to:_:)``.
  let isOwn: Bool

  /// Opens a file and looks at its header.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - isInterrupted: asked when a signal ends a wait for bytes.
  /// - Throws: ``ModelFileError``, and why the file cannot be read.
  public init(
    contentsOf path: String, isInterrupted: () -> Bool = { false }
  ) throws {
    try self.init(FileContents(of: path, isInterrupted: isInterrupted))
  }

  /// Looks at the bytes of a file.
  ///
  /// - Throws: ``ModelFileError``.
  public init(bytes: [UInt8]) throws(ModelFileError) { try self.init(FileContents(bytes)) }

  init(_ contents: FileContents) throws(ModelFileError) {
    tensors = try Safetensors(contents)
    let metadata = tensors.metadata
    isOwn = metadata["collab_format"] != nil
    if let text = metadata["collab_format"] {
      guard let version = Int(text), version > 0 else {
        throw .damaged("it does not say which format it has")
      }
      guard version <= ModelFileName.version else { throw .laterVersion(version) }
    }
    if let data = metadata["data"], isOwn {
      guard let bytes = Base64.bytes(data) else { throw .damaged("its ratings cannot be read") }
      (others, prefix) = (try Safetensors(FileContents(bytes)), "")
    } else {
      (others, prefix) = (tensors, ModelFileName.prefix)
    }
  }

  /// The type of a model that is one of a program's own; nil for the built-in ones.
  public var className: String? {
    tensors.metadata["family"] == nil ? tensors.metadata["class"] : nil
  }

  /// Texts that the program which wrote it has added.
  public var notes: [String: String] {
    var notes: [String: String] = [:]
    for (name, text) in tensors.metadata where name.hasPrefix(ModelFileName.notePrefix) {
      notes[String(name.dropFirst(ModelFileName.notePrefix.count))] = text
    }
    return notes
  }

  /// What was known of the items; nil if the file does not hold it.
  ///
  /// - Throws: ``ModelFileError``.
  public func itemTable() throws(ModelFileError) -> Table? {
    guard let text = tensors.metadata["item_table"] else { return nil }
    var columns: [Column] = []
    try Self.read(text) { (json) throws(ModelFileError) in
      try json.array { (json) throws(ModelFileError) in
        let name = try json.string()
        guard let column = try column("item_table.\(columns.count)", name) else {
          throw .damaged("its table of items has a column that is not there")
        }
        columns.append(column)
      }
    }
    do throws(TableError) { return try Table(columns) } catch {
      throw ModelFileError.damaged("the columns of its table of items do not fit together")
    }
  }

  /// Reads all of a text as JSON.
  static func read(
    _ text: String, _ body: (inout JSONReader) throws(ModelFileError) -> Void
  ) throws(ModelFileError) {
    var json = JSONReader(Array(text.utf8)[...])
    try body(&json)
    try json.requireEnd()
  }

  /// Some numbers that a text of the header has; nil without the text.
  func numbers(_ name: String) throws(ModelFileError) -> [Double]? {
    guard let text = tensors.metadata[name] else { return nil }
    var numbers: [Double] = []
    try Self.read(text) { (json) throws(ModelFileError) in numbers = try json.numbers() }
    return numbers
  }
}

extension JSONReader {
  /// Reads a list of some numbers.
  mutating func numbers() throws(ModelFileError) -> [Double] {
    var numbers: [Double] = []
    try array { (json) throws(ModelFileError) in
      numbers.append(try json.number())
      guard numbers.count <= 1000 else { throw .damaged("its header has a list without end") }
    }
    return numbers
  }
}

// MARK: - Parts

extension ModelFile {
  /// Numbers that belong to no model; nil if there are none of the name.
  func numbers<Number: BitwiseCopyable & Sendable>(
    _ name: String, _ type: SafetensorsType, as number: Number.Type
  ) throws(ModelFileError) -> StoredNumbers<Number>? {
    try others.numbers(prefix + name, type, as: number)
  }

  /// A column; nil if there is none of the name.
  func column(_ name: String, _ title: String) throws(ModelFileError) -> Column? {
    if let integers = try numbers("\(name).integers", .int64, as: Int.self) {
      return Column(title, integers: Array(integers))
    }
    if let doubles = try numbers("\(name).doubles", .float64, as: Double.self) {
      return Column(title, doubles: Array(doubles))
    }
    guard let texts = try texts(name) else { return nil }
    guard let missing = try numbers("\(name).missing", .uint8, as: UInt8.self) else {
      return Column(title, rising: texts) ?? Column(title, texts: texts)
    }
    guard missing.count == texts.count else { throw .damaged("`\(name)` does not fit together") }
    return Column(title, texts: zip(texts, missing).map { $1 == 0 ? $0 : nil })
  }

  private func texts(_ name: String) throws(ModelFileError) -> [String]? {
    guard let bytes = try numbers("\(name).text", .uint8, as: UInt8.self),
      let ends = try numbers("\(name).ends", .int64, as: Int.self)
    else { return nil }
    let texts = bytes.withUnsafeBufferPointer { bytes -> [String]? in
      var (texts, start): ([String], Int) = ([], 0)
      texts.reserveCapacity(ends.count)
      for end in ends {
        guard end >= start, end <= bytes.count,
          let text = String(
            validating: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
        else { return nil }
        texts.append(text)
        start = end
      }
      return start == bytes.count ? texts : nil
    }
    guard let texts else { throw .damaged("the texts of `\(name)` cannot be read") }
    return texts
  }
}
