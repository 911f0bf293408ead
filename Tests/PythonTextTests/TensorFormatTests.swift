import CollabPythonText
import TestSupport
import Testing

/// A tensor that PyTorch has printed; see `make_tensors.py` next to the file.
struct PrintedTensor: Decodable, CustomTestStringConvertible, Sendable {
  let name: String
  let dtype: String
  let shape: [Int]
  let bytes: String
  let gradient: String
  let isParameter: Bool
  let text: String

  var testDescription: String { name }

  var elements: PrintedElements? {
    switch dtype {
    case "float32":
      .float32(integers(UInt32.self).map { Float(bitPattern: $0) })
    case "float64": .float64(integers(UInt64.self).map { Double(bitPattern: $0) })
    case "int64": .int64(integers(Int64.self))
    case "bool": .bool(integers(UInt8.self).map { $0 != 0 })
    default: nil
    }
  }

  private func integers<Integer: FixedWidthInteger>(_ type: Integer.Type) -> [Integer] {
    let size = Integer.bitWidth / 8
    let digits = Array(bytes.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count, by: 2 * size).map { start in
      (0..<size).reduce(0) { integer, position in
        let byte = digits[start + 2 * position] << 4 | digits[start + 2 * position + 1]
        return integer | Integer(truncatingIfNeeded: byte) << Integer(8 * position)
      }
    }
  }

  static func all() throws -> [PrintedTensor] {
    try Fixture.decode([PrintedTensor].self, from: "tensor_printing/tensors.json")
  }
}

struct TensorFormatTests {
  @Test(arguments: try PrintedTensor.all())
  func `a tensor is printed as PyTorch prints it`(_ printed: PrintedTensor) throws {
    let elements = try #require(printed.elements)
    let text: String
    if printed.isParameter {
      text = TensorFormat.parameterText(elements, shape: printed.shape)
    } else {
      let gradient: TensorFormat.Gradient =
        switch printed.gradient {
        case "none": .none
        case "required": .required
        default: .function(printed.gradient)
        }
      text = TensorFormat.text(elements, shape: printed.shape, gradient: gradient)
    }
    #expect(text == printed.text)
  }
}
