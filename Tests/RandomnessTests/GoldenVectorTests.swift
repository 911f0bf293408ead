import CollabRandomness
import TestSupport
import Testing

/// What `numpy_reference.py rng SEED` wrote.
private struct Vectors: Decodable {
  let seed: UInt32
  let torch_rand5: [Float]
  let torch_randn3: [Float]
  let torch_randn16: [Float]
  let torch_randn20: [Float]
  let torch_randperm10: [Int32]
  let torch_random_int64: String
  let torch_uniform5_pm0p125: [Float]
  let torch_normal_0_0p01_n20: [Float]
  let torch_randn3_then_randn4: [[Float]]
  let torch_randn3_then_randn16_then_randn1: [[Float]]
  let sha256_torch_randperm_100000_int32le: String
  let sha256_torch_randn_47200_f32le: String
  let numpy_random_sample5: [Double]
  let numpy_choice10: [Int32]
  let sha256_numpy_choice_80000_int32le: String
  let python_random5: [Double]
  let python_randint_0_2p32m1_x4: [UInt64]
  let python_sample_range10_10: [Int32]
  let sha256_python_sample_80000_int32le: String
  let loader_chain: LoaderChain

  struct LoaderChain: Decodable {
    let epoch0_sample_range10: [Int32]
  }

  static func seeded(_ seed: Int) throws -> Vectors {
    try Fixture.decode(Vectors.self, from: "golden/rng_seed\(seed).json")
  }
}

@Suite(.serialized)
struct GoldenVectorTests {
  @Test(arguments: [42, 7])
  func `torch draws PyTorch's uniform numbers`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    var torch = TorchGenerator(seed: golden.seed)
    #expect(torch.uniform(count: 5) == golden.torch_rand5)
    torch = TorchGenerator(seed: golden.seed)
    #expect(torch.uniform(count: 5, from: -0.125, to: 0.125) == golden.torch_uniform5_pm0p125)
  }

  @Test(arguments: [42, 7])
  func `torch draws PyTorch's normal numbers, few or many`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    func normal(_ count: Int, std: Double = 1) -> [Float] {
      var torch = TorchGenerator(seed: golden.seed)
      return torch.normal(count: count, std: std)
    }
    #expect(normal(3) == golden.torch_randn3)
    #expect(normal(16) == golden.torch_randn16)
    #expect(normal(20) == golden.torch_randn20)
    #expect(normal(20, std: 0.01) == golden.torch_normal_0_0p01_n20)
    #expect(Digest.hex(of: normal(47_200)) == golden.sha256_torch_randn_47200_f32le)
  }

  @Test(arguments: [42, 7])
  func `a spare normal number survives other draws`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    var torch = TorchGenerator(seed: golden.seed)
    #expect([3, 4].map { torch.normal(count: $0) } == golden.torch_randn3_then_randn4)
    torch = TorchGenerator(seed: golden.seed)
    #expect(
      [3, 16, 1].map { torch.normal(count: $0) } == golden.torch_randn3_then_randn16_then_randn1)
  }

  @Test(arguments: [42, 7])
  func `torch draws PyTorch's permutations and integers`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    var torch = TorchGenerator(seed: golden.seed)
    #expect(torch.permutation(of: 10) == golden.torch_randperm10)
    torch = TorchGenerator(seed: golden.seed)
    #expect(
      Digest.hex(of: torch.permutation(of: 100_000)) == golden.sha256_torch_randperm_100000_int32le)
    torch = TorchGenerator(seed: golden.seed)
    #expect("\(torch.randomInteger())" == golden.torch_random_int64)
  }

  @Test(arguments: [42, 7])
  func `numpy draws numpy's numbers and choices`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    var numpy = NumpyGenerator(seed: golden.seed)
    #expect((0..<5).map { _ in numpy.double() } == golden.numpy_random_sample5)
    numpy = NumpyGenerator(seed: golden.seed)
    #expect(numpy.choice(of: 10) == golden.numpy_choice10)
    numpy = NumpyGenerator(seed: golden.seed)
    #expect(Digest.hex(of: numpy.choice(of: 80_000)) == golden.sha256_numpy_choice_80000_int32le)
  }

  @Test(arguments: [42, 7])
  func `python draws Python's numbers, seeds and samples`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    func python() -> PythonGenerator { PythonGenerator(seed: UInt64(golden.seed)) }
    var generator = python()
    #expect((0..<5).map { _ in generator.double() } == golden.python_random5)
    generator = python()
    #expect((0..<4).map { _ in generator.seed32() } == golden.python_randint_0_2p32m1_x4)
    generator = python()
    #expect(generator.sample(of: 10) == golden.python_sample_range10_10)
    generator = python()
    #expect(
      Digest.hex(of: generator.sample(of: 80_000)) == golden.sha256_python_sample_80000_int32le)
  }

  @Test(arguments: [42, 7])
  func `a loader's generator is seeded from the session's`(seed: Int) throws {
    let golden = try Vectors.seeded(seed)
    let streams = RandomStreams(seed: golden.seed)
    var loader = PythonGenerator(seed: streams.python.seed32())
    var epoch = PythonGenerator(seed: loader.seed32())
    #expect(epoch.sample(of: 10) == golden.loader_chain.epoch0_sample_range10)
  }
}
