import Collab
import CollabFiles
import CollabTensors
import TestSupport
import Testing

/// Files that were damaged or forged: each ends in a message or in a model.
struct HostileModelFileTests {
  private let folder: TemporaryFolder
  private var path: String { "\(folder.path)/model.safetensors" }

  init() throws { folder = try TemporaryFolder() }

  /// Reads a file and uses all that comes out of it.
  private func use(_ bytes: [UInt8]) throws {
    do {
      let file = try ModelFile(bytes: bytes)
      let learner = try file.learner()
      _ = try learner.validate()
      _ = try Recommender(learner).recommendations(for: [1], count: 2)
      _ = learner.loaders.trainingTable
      _ = learner.loaders.sampleBatch(count: 3)
      _ = (1..<min(learner.loaders.items.count, 5)).map { learner.loaders.items[$0] }
      if learner.loaders.trainingCount > 0 {
        _ = learner.loaders.trainingByItem
        _ = try learner.loaders.oneBatch()
      }
    } catch is ModelFileError {
    } catch is ModelStateError {
    } catch is TensorError {
    } catch is FitError {
    }
  }

  /// A small file of a family, and one of fastai's.
  private func files() throws -> [[UInt8]] {
    let loaders = try ModelFileTests.loaders(count: 10)
    try ModelFileTests.learner(.dotBias, loaders).save(to: path)
    let own = try Files.read(path)
    var options = ModelFileOptions()
    options.keepsRatings = false
    options.keepsOptimizer = true
    try ModelFileTests.learner(.collabNN, loaders).save(to: path, options)
    return try [
      own, Files.read(path), Files.read(Fixture.path("model_file/dot_bias.safetensors")),
    ]
  }

  @Test func `a file that ends too early is refused, wherever that is`() throws {
    for file in try files() {
      for count in 0..<file.count {
        #expect(throws: ModelFileError.self, "\(count) bytes") {
          try ModelFile(bytes: Array(file[..<count]))
        }
      }
      #expect(throws: ModelFileError.self) { try ModelFile(bytes: file + [0]) }
    }
  }

  @Test func `a file with a byte that was changed is refused or used, wherever that is`() throws {
    for file in try files() {
      for place in file.indices {
        var changed = file
        // The lowest bit makes other digits of digits, the others what no text has.
        changed[place] ^= place.isMultiple(of: 5) ? 0x80 : 0x01
        try use(changed)
      }
    }
  }

  @Test func `the ratings of a header are checked as those of the file are`() throws {
    try ModelFileTests.learner(.baseline, ModelFileTests.loaders(count: 10)).save(to: path)
    let file = try Files.read(path)
    let text = String(decoding: file, as: UTF8.self)
    let start = try #require(text.utf8.firstRange(of: "\"data\":\"".utf8)?.upperBound)
    let first = text.utf8.distance(from: text.utf8.startIndex, to: start)
    let count = try #require(file[first...].firstIndex(of: UInt8(ascii: "\""))) - first
    for place in stride(from: first, to: first + count, by: 2) {
      var changed = file
      changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "/") : UInt8(ascii: "A")
      try use(changed)
    }
  }

  /// A file with a header and some bytes behind it.
  private static func forged(_ header: String, _ data: Int = 8) -> [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes += $0 }
    return bytes + header.utf8 + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: [
    // Overlap, gap, order, what is too much and too little.
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
    // Sizes whose product is no number, negative ones, ones with a point.
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}"#,
    // Names that occur twice, types that are none, texts that are numbers.
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"__metadata__":{"a":"1","a":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"X9","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}"#,
    #"{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
    #"{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[["#, "{", "{}", "[]", #"{"a"}"#, "",
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x"#,
  ])
  func `a forged header is refused`(_ header: String) throws {
    #expect(throws: ModelFileError.self) { try ModelFile(bytes: Self.forged(header)) }
  }

  @Test func `no memory is taken for what a file only claims`() throws {
    try ModelFileTests.learner(.dotBias).save(to: path)
    let text = try #require(
      String(validating: Files.read(path).map { min($0, 0x7F) }, as: UTF8.self))
    #expect(text.contains(#"\"users\":[10,3]"#))
    let file = try Files.read(path)
    // As many digits, so that nothing moves.
    for (old, new) in [
      (#"\"users\":[10,3]"#, #"\"users\":[9e9,3]"#), (#"\"users\":[10,3]"#, #"\"users\":[10,9]"#),
      (#"\"factors\":[3]"#, #"\"factors\":[9]"#), (#"\"bs\":4"#, #"\"bs\":0"#),
      (#"\"bs\":4"#, #"\"bs\":9"#),
    ] where old.utf8.count == new.utf8.count {
      let place = try #require(file.firstRange(of: old.utf8)).lowerBound
      var forged = file
      forged.replaceSubrange(place..<(place + old.utf8.count), with: new.utf8)
      try use(forged)
    }
    #expect(throws: ModelFileError.self) {
      try ModelFile(bytes: [UInt8](repeating: 0xFF, count: 7) + [0x7F] + Array("{}".utf8))
    }
  }

  @Test func `pickles, workspaces and files of a later version are told apart`() throws {
    for (bytes, error) in [
      ([0x80, 0x02] + [UInt8](repeating: 0, count: 20), ModelFileError.pickle),
      (Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 20), .pickle),
      (Array("collabWS".utf8) + [UInt8](repeating: 0, count: 20), .workspace),
      (
        Self.forged(#"{"__metadata__":{"collab_format":"99"}}"#, 0), .laterVersion(99)
      ),
    ] {
      #expect(throws: error) { try ModelFile(bytes: bytes) }
    }
  }
}
