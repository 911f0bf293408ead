import CollabBuiltins
import CollabInterpreter
import CollabLanguage
import CollabTensors

/// Arrays as numpy keeps them: `np.load` reads what is written here.
///
/// Source: numpy, `numpy/lib/format.py`, version 1.0 of the format.
enum ArrayFile {
  /// What a file begins with.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static let all = [
    Builtin(
      CommandSpec(
        "save", form: .method(of: "Tensor"), group: .functions,
        summary: "write the elements to a file of numpy's",
        details: "`np.load` reads it. The name ends in .npy, which is added if it is left out.",
        parameters: [path, overwrite], examples: ["zeros(2, 3).save('zeros.npy')"],
        seeAlso: ["save"])
    ) { call in
      try call.writeArray(call.operand().tensor)
      return .none
    }
  ]

  private static let path = Parameter(
    "path", .path, example: "'factors.npy'", completes: .files, help: "the file")
  private static let overwrite = Parameter(
    "overwrite", .boolean, default: "false", isOptionOnly: true,
    help: "whether a file that holds something else is replaced too")

  /// The bytes of a file with the elements of a tensor.
  ///
  /// - Throws: ``TensorError/noMemory(needed:free:)``.
  static func bytes(of tensor: Tensor) throws -> [UInt8] {
    let (type, elements) = try encoded(tensor)
    let sizes = tensor.shape.map { "\($0)," }.joined(separator: " ")
    let shape = tensor.shape.count == 1 ? sizes : String(sizes.dropLast())
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
    // Elements begin at a multiple of 64 bytes, behind a line's end.
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(clamping: header.utf8.count)
    return magic + [
      1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8),
    ]
      + header.utf8 + elements
  }

  /// The name of the type of elements, and the elements, the lowest byte first.
  private static func encoded(_ tensor: Tensor) throws -> (type: String, bytes: [UInt8]) {
    func bytes<Scalar: TensorScalar>(as type: Scalar.Type) throws -> [UInt8] {
      try MemoryBudget.require(tensor.count, of: 3 * MemoryLayout<Scalar>.size)
      return tensor.scalars(as: type).withUnsafeBytes(Array.init)
    }
    return switch tensor.dtype {
    case .float32: ("<f4", try bytes(as: Float.self))
    case .float64: ("<f8", try bytes(as: Double.self))
    case .int64: ("<i8", try bytes(as: Int64.self))
    case .bool: ("|b1", try bytes(as: Bool.self))
    }
  }
}

extension Call {
  /// Writes a tensor to the file that the argument `path` names.
  func writeArray(_ tensor: Tensor) throws {
    let given = try arguments.string("path")
    let path = given.lowercased().hasSuffix(".npy") ? given : given + ".npy"
    try blaming("path") {
      try FileText.write(
        ArrayFile.bytes(of: tensor), as: .array, to: path,
        overwrites: arguments.bool("overwrite"), in: session.dataSearch)
    }
  }
}
