import Collab
import CollabLearning
import CollabRandomness
import CollabTables
import CollabTensors
import CollabThreading
import Testing

/// A dot product whose user presses Ctrl-C while it computes.
private final class Interrupted: Module {
  private let model: DotProduct
  /// After how many predictions of batches.
  private let count: Int
  private var predictions = 0

  init(_ model: DotProduct, after count: Int) { (self.model, self.count) = (model, count) }

  var typeName: String { "Interrupted" }
  var members: [Member] { [.module("model", model)] }

  func forward(_ input: Tensor) throws -> Tensor {
    guard predictions < count else { throw TensorError.interrupted }
    predictions += 1
    return try model.forward(input)
  }
}

/// Looks on.
private final class Onlooker: FitObserver {
  func batchDidFinish(_ progress: FitProgress) -> Bool { true }
  func epochDidFinish(_ epoch: Recorder.Epoch) {}
}

struct InterruptedFitTests {
  /// A learner of 80 ratings in batches of 8, whose model is interrupted, and its numbers.
  private func learner(after count: Int) throws -> (learner: Learner, numbers: () -> [[Float]]) {
    let streams = RandomStreams(seed: 42)
    var options = DataLoaders.Options()
    options.batchSize = 8
    let ratings = try DemoRatings.generate().data().ratings
    let loaders = try DataLoaders(
      ratings.rows(at: Array(0..<100)), options: options, using: streams)
    let model = try DotProduct(
      users: loaders.users.count, items: loaders.items.count, factors: 4, range: nil,
      using: &streams.torch)
    let learner = Learner(loaders, Interrupted(model, after: count))
    return (learner, { model.parameters.map { $0.tensor.scalars(as: Float.self) } })
  }

  @Test func `what was learned before an interrupt within a step is kept`() throws {
    let (learner, numbers) = try learner(after: 3)
    let before = numbers()
    let outcome = try learner.fit(epochs: 2, .flat(0.1), observer: Onlooker())
    #expect(outcome == .stopped(epoch: 0, batch: 3))
    #expect(numbers() != before)
    #expect(learner.model.parameters.allSatisfy { $0.tensor.gradient == nil })
    #expect(learner.recorder.losses.count == 3)
  }

  @Test func `what was learned before an interrupt within validation is kept`() throws {
    let (learner, numbers) = try learner(after: 10)
    let before = numbers()
    let outcome = try learner.fit(epochs: 2, .flat(0.1), observer: Onlooker())
    #expect(outcome == .stopped(epoch: 0, batch: 10))
    #expect(numbers() != before)
  }

  @Test func `a fit that nobody looks at is taken back`() throws {
    let (learner, numbers) = try learner(after: 3)
    let before = numbers()
    #expect(throws: TensorError.interrupted) { try learner.fit(epochs: 2, .flat(0.1)) }
    #expect(numbers() == before)
  }

  @Test func `validation that is interrupted has no loss`() throws {
    let (learner, _) = try learner(after: .max)
    #expect(throws: TensorError.interrupted) {
      try Interruption.observed(by: { true }) { try learner.validate() }
    }
  }
}
