import CollabRandomness
import CollabTensors
import TestSupport
import Testing

/// An operation, what it was given, and what PyTorch answered.
struct RecordedCase: Decodable, Sendable {
  struct Value: Decodable, Sendable {
    let shape: [Int]
    let dtype: String
    let values: String
  }

  let operation: String
  let operands: [Value]
  let arguments: [String]
  let subscripts: [String]
  /// Nil for an error.
  let result: [Value]?

  /// All cases, by operation.
  static let all: [String: [RecordedCase]] = {
    let cases = try? Fixture.decode([RecordedCase].self, from: "tensor_operations/cases.json")
    return Dictionary(grouping: cases ?? [], by: \.operation)
  }()

  /// What a failure of this case is called.
  var name: String {
    let operands = operands.map { "\($0.dtype)\($0.shape): \($0.values.prefix(80))" }
    return "\(operation)(\(operands.joined(separator: "; "))) \(arguments) \(subscripts)"
  }
}

struct TensorOperationTests {
  @Test func `every operation has cases`() {
    #expect(Set(RecordedCase.all.keys) == Set(RecordedOperation.all.keys))
    #expect(RecordedCase.all.values.reduce(0) { $0 + $1.count } > 500)
  }

  @Test(arguments: RecordedCase.all.keys.sorted())
  func `answers what PyTorch answers`(_ operation: String) throws {
    let apply = try #require(RecordedOperation.all[operation])
    for recorded in RecordedCase.all[operation] ?? [] {
      let given = RecordedOperation.Given(
        tensors: try recorded.operands.map { try Tensor.of($0) },
        numbers: recorded.arguments.map(Double.init), subscripts: recorded.subscripts)
      guard let expected = recorded.result else {
        #expect(throws: TensorError.self, "\(recorded.name)") { _ = try apply(given) }
        continue
      }
      do {
        let results = try apply(given)
        #expect(results.count == expected.count, "\(recorded.name)")
        for (result, expected) in zip(results, expected) {
          #expect(
            result.agrees(with: expected),
            "\(recorded.name) gave \(result.dtype)\(result.shape): \(result.numbers.prefix(20)) and not \(expected)"
          )
        }
      } catch {
        Issue.record("\(recorded.name) threw \(error)")
      }
    }
  }
}

extension Tensor {
  fileprivate static func of(_ recorded: RecordedCase.Value) throws -> Tensor {
    let words = recorded.values.split(separator: " ")
    switch recorded.dtype {
    case "float32": return try Tensor(words.map { Float($0) ?? 0 }, shape: recorded.shape)
    case "float64": return try Tensor(words.map { Double($0) ?? 0 }, shape: recorded.shape)
    case "int64", "uint8":
      return try Tensor(words.map { Int64($0) ?? 0 }, shape: recorded.shape)
        .converted(to: DType(rawValue: recorded.dtype) ?? .int64)
    default: return try Tensor(words.map { $0 == "1" }, shape: recorded.shape)
    }
  }

  fileprivate var numbers: [Double] {
    (try? converted(to: .float64).scalars(as: Double.self)) ?? []
  }

  /// Whether shape and type are the same, and numbers too but for rounding.
  fileprivate func agrees(with recorded: RecordedCase.Value) -> Bool {
    guard let expected = try? Tensor.of(recorded), shape == expected.shape, dtype == expected.dtype
    else { return false }
    if dtype == .int64 { return scalars(as: Int64.self) == expected.scalars(as: Int64.self) }
    // Float kernels of PyTorch round after each step.
    let tolerance = dtype == .float32 ? 2e-6 : 1e-13
    return zip(numbers, expected.numbers).allSatisfy { a, b in
      a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= tolerance * max(b.magnitude, 1)
    }
  }
}
