import Collab
import CollabLearning
import CollabRandomness
import CollabTensors
import Testing

/// A dot product that the other ratings of its batch may change.
private final class Mingled: Module {
  private let model: DotProduct
  private let share: Double

  init(_ model: DotProduct, share: Double) { (self.model, self.share) = (model, share) }

  var typeName: String { "Mingled" }
  var members: [Member] { [.module("model", model)] }

  func forward(_ input: Tensor) throws -> Tensor {
    let predictions = try model.forward(input)
    return share == 0 ? predictions : try predictions - predictions.mean() * share
  }
}

struct ValidationTests {
  @Test(arguments: [0, 0.5])
  func `the loss is that of batches one by one, whether ratings depend on each other`(
    _ share: Double
  ) throws {
    let streams = RandomStreams(seed: 42)
    var options = DataLoaders.Options()
    options.batchSize = 64
    let loaders = try DataLoaders(
      try DemoRatings.generate().data().ratings, options: options, using: streams)
    let model = Mingled(
      try DotProduct(
        users: loaders.users.count, items: loaders.items.count, factors: 8, range: .stars,
        using: &streams.torch), share: share)
    for parameter in model.parameters {
      try parameter.tensor.fillNormal(std: 1, using: &streams.torch)
    }
    let learner = Learner(loaders, model)
    let before = streams.copy()
    let loss = try learner.validate()

    streams.restore(from: before)
    var sum = Float(0)
    var count = 0
    for number in 0..<loaders.validationBatchCount {
      let batch = try loaders.validationBatch(number)
      let one = try Loss.meanSquaredError(model.forward(batch.inputs), batch.targets).item()
      sum += Float(one) * Float(batch.targets.count)
      count += batch.targets.count
    }
    #expect(abs(loss - sum / Float(count)) < 1e-5 * loss)
  }

  @Test func `validating takes the draws of one pass, whoever predicts`() throws {
    func drawn(_ wrapped: Bool) throws -> [Float] {
      let streams = RandomStreams(seed: 7)
      let loaders = try DataLoaders(
        try DemoRatings.generate().data().ratings, using: streams)
      let model = try DotProduct(
        users: loaders.users.count, items: loaders.items.count, factors: 2, range: nil,
        using: &streams.torch)
      _ = try Learner(loaders, wrapped ? Mingled(model, share: 1) : model).validate()
      return streams.torch.uniform(count: 3)
    }
    #expect(try drawn(true) == drawn(false))
  }
}
