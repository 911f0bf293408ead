package import CollabRandomness
import CollabTensors

// Loaders of a model file as the variables of a session are kept: without the model.
extension DataLoaders {
  /// Users, items and ratings as a model file has them, if they come from one; nil if they come from a
  /// table.
  package var fileBytes: [UInt8]? {
    var options = ModelFileOptions()
    options.itemTable = itemTable
    // What comes from a file is sorted, so that nobody asks whether to stop.
    guard kept != nil, let others = try? otherTensors(options) else { return nil }
    var file = SafetensorsWriter()
    file.metadata = fileTexts(options)
    file.add(others, prefix: ModelFileName.prefix)
    // Nothing but memory is written to.
    return try? file.bytes()
  }

  /// Loaders that were kept so.
  ///
  /// - Throws: ``ModelFileError``.
  package convenience init(fileBytes: [UInt8], using streams: RandomStreams) throws {
    try self.init(ModelFile(bytes: fileBytes), using: streams)
  }
}
