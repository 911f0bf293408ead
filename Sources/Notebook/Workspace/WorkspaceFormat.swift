/// The file that `save` writes and `restore` reads.
///
/// | Bytes | What |
/// | --- | --- |
/// | 8 | `collabWS` |
/// | 4 | the version of the format, 4; files of earlier versions are read too |
/// | 8 | the number of bytes behind the header |
/// | 8 | their FNV-1a hash |
/// | … | variables: their number, then name and value of each |
///
/// Numbers are little-endian, texts and lists begin with their length in eight bytes, a value with a
/// tag. What has an identity (tensors, models, loaders, learners, definitions) is written where it
/// first occurs and counted from 0; later it is only referred to by its number.
///
/// A built-in model is its ``ModelShape``, whose settings are names with numbers, and its tensors with
/// their names: a new option or family changes nothing here. In version 1 settings had places and no
/// names; before version 3 learners had no losses, and all loaders came from a table; before version 4 the
/// tensors of built-in models had no names.
enum WorkspaceFormat {
  static let magic = Array("collabWS".utf8)
  static let version: UInt32 = 4
  static let headerCount = 28
  /// So many values may lie within each other.
  static let deepest = 500

  /// What a value is; the numbers are part of the format.
  enum Tag: UInt8 {
    case none, bool, int, double, string, tuple, list, longList, path, tensor, array, size
    case table, column, vocabulary, loaders, module, learner, builtin, function, model
    case labelledTable, series
    case user = 64
  }

  /// What a module is; the numbers are part of the format.
  enum ModuleTag: UInt8 {
    case builtIn, instance, embedding, linear, sequential, relu, sigmoidRange, dropout, batchNorm
    case sigmoid, tanh
  }
}
