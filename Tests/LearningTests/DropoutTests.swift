import CollabLearning
import CollabRandomness
import CollabTensors
import Testing

struct DropoutTests {
  private func ones(_ count: Int) throws -> Tensor {
    try Tensor([Float](repeating: 1, count: count), shape: [count])
  }

  /// What a generator draws next.
  private func next(_ streams: RandomStreams) -> [Float] { streams.torch.uniform(count: 3) }

  @Test(arguments: [0.1, 0.25, 0.5, 0.9])
  func `a share of the elements is 0, the others are scaled up`(probability: Double) throws {
    let dropout = Dropout(probability, using: RandomStreams(seed: 42))
    let values = try dropout.forward(try ones(20_000)).scalars(as: Float.self)
    let kept = Float(1 / (1 - probability))
    #expect(values.allSatisfy { $0 == 0 || $0 == kept })
    let share = Double(values.count { $0 == 0 }) / 20_000
    // Five standard deviations of a share of so many draws.
    #expect(abs(share - probability) < 5 * (probability * (1 - probability) / 20_000).squareRoot())
  }

  @Test func `the draws are those of the generator, one an element in order`() throws {
    let streams = RandomStreams(seed: 7)
    var twin = RandomStreams(seed: 7).torch
    let input = try Tensor((0..<12).map(Float.init), shape: [3, 4])
    let values = try Dropout(0.4, using: streams).forward(input).scalars(as: Float.self)
    let draws = twin.uniform(count: 12)
    for (number, (value, draw)) in zip(values, draws).enumerated() {
      let expected = draw < 0.6 ? Float(number) * Float(1 / 0.6) : 0
      #expect(abs(value - expected) < 1e-5)
    }
    let rest = twin.uniform(count: 3)
    #expect(next(streams) == rest)
  }

  @Test func `each batch is thinned otherwise, and the same seed thins alike`() throws {
    func batches() throws -> [[Float]] {
      let dropout = Dropout(0.5, using: RandomStreams(seed: 3))
      return try (0..<2).map { _ in try dropout.forward(try ones(64)).scalars(as: Float.self) }
    }
    let first = try batches()
    #expect(first[0] != first[1])
    #expect(try batches() == first)
  }

  @Test func `while predicting nothing is dropped, and nothing drawn`() throws {
    let streams = RandomStreams(seed: 42)
    let layers: [any Module] = [Dropout(0.5, using: streams)]
    let model = Sequential(layers)
    model.train(false)
    let values = try model.forward(try ones(100)).scalars(as: Float.self)
    #expect(values.allSatisfy { $0 == 1 })
    #expect(next(streams) == next(RandomStreams(seed: 42)))
    model.train()
    #expect(try model.forward(try ones(100)).scalars(as: Float.self).contains(0))
  }

  @Test func `with a probability of 0 nothing is drawn`() throws {
    let streams = RandomStreams(seed: 42)
    #expect(
      try Dropout(0, using: streams).forward(try ones(5)).scalars(as: Float.self) == [
        1, 1, 1, 1, 1,
      ])
    #expect(next(streams) == next(RandomStreams(seed: 42)))
  }

  @Test func `the gradient passes where the element does, scaled alike`() throws {
    let input = try ones(200).requiringGradient()
    let output = try Dropout(0.3, using: RandomStreams(seed: 5)).forward(input)
    try output.sum().backward()
    #expect(input.gradient?.scalars(as: Float.self) == output.scalars(as: Float.self))
  }

  @Test func `it has no parameters and prints as in PyTorch`() {
    let dropout = Dropout(0.2, using: RandomStreams(seed: 1))
    #expect(dropout.parameters.isEmpty)
    #expect(dropout.description == "Dropout(p=0.2, inplace=False)")
  }
}
