import Tensors
// Stand-ins until the real formats are there.
enum PythonFormat {
  static func repr(_ d: Double) -> String { "\(d)" }
  static func repr(_ s: String) -> String { "'\(s)'" }
  static func format(_ v: Int, _ f: String) throws -> String { "\(v)" }
  static func format(_ v: Double, _ f: String) throws -> String { "\(v)" }
  static func format(_ v: String, _ f: String) throws -> String { "\(v)" }
}
extension Tensor {
  var description: String { "tensor(\(doubles()))" }
  var arrayDescription: String { "array(\(doubles()))" }
}
