package import CollabRandomness
import CollabTensors

// Loaders of a model file as the variables of a session are kept: without the model.
extension DataLoaders {
  /// Users, items and ratings as a model file has them, if they come from one; nil if they come from a
  /// table.
  package var fileBytes: [UInt8]? {
    guard kept != nil else { return nil }
    var options = ModelFileOptions()
    options.itemTable = itemTable
    var file = SafetensorsWriter()
    file.metadata = fileTexts(options)
    file.add(otherTensors(options), prefix: ModelFileName.prefix)
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
