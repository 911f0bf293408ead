/// The golden files made with fastai, decoded.
package enum Golden {
  /// A fit of a model on `small.csv`.
  package struct SmallRun: Decodable, Sendable {
    package let model: String
    package let wd: String
    package let sampler: String
    package let table: [[Double]]
    package let step_loss: [Float]
    package let pred0: [Float]
    package let final: [String: Weights]?
  }

  /// Where weights lie in the file of floats.
  package struct Weights: Decodable, Sendable {
    package let offset: Int
    package let shape: [Int]
  }

  /// `small_seedN.json`.
  package struct Small: Decodable, Sendable {
    package let split: Split
    package let classes: Classes
    package let samplers: [String: Sampler]
    package let schedule: Schedule
    package let models: [String: Model]
    package let runs: [SmallRun]
    package let weights_file: String

    package struct Split: Decodable, Sendable {
      package let train: [Int32]
      package let valid: [Int32]
    }
    package struct Classes: Decodable, Sendable {
      package let user: [String]
      package let title: [String]
    }
    package struct Sampler: Decodable, Sendable {
      package let epochs01: [[Int32]]
      package let sha256_all_epochs: String
    }
    package struct Schedule: Decodable, Sendable {
      package let lr: [Double]
      package let mom: [Double]
    }
    package struct Model: Decodable, Sendable {
      package let `init`: [String: Weights]
    }
  }

  /// `session_seedN.json`.
  package struct Sessions: Decodable, Sendable {
    package let sessions: [Session]

    package struct Session: Decodable, Sendable {
      package let sampler: String
      package let one_batch_first8_xb: [[Int64]]
      package let tables: [[[Double]]]
      package let next_draws: Draws
    }
    package struct Draws: Decodable, Sendable {
      package let torch_rand: Float
      package let python_random: Double
      package let numpy_random: Double
    }
  }

  /// A fit on MovieLens 100K.
  package struct LargeRun: Decodable, Sendable {
    package let order: String?
    package let sampler: String?
    package let model: String
    package let wd: String
    package let table: [[Double]]
    package let step_loss_first50: [Float]?
    package let step_loss_every_250: [Float]?
    package let top: [String]?
    package let bottom: [String]?
    package let nearest_to_silence: [String]?
    package let cosine: [Float]?
  }

  /// `ml100k_seedN.json`.
  package struct Large: Decodable, Sendable {
    package let orders: [String: Order]
    package let runs: [LargeRun]

    package struct Order: Decodable, Sendable {
      package let n_user_classes: Int
      package let n_title_classes: Int
      package let sha256_valid_then_train: String
      package let samplers: [String: Sampler]
    }
    package struct Sampler: Decodable, Sendable {
      package let epoch0_first_batch: [Int32]
      package let sha256_epoch0: String
      package let sha256_epoch1: String
    }
  }

  /// `chapter_seedN.json`.
  package struct Chapter: Decodable, Sendable {
    package let fits: [LargeRun]
  }

  /// `small_seedN.json`, decoded.
  package static func small(seed: Int) throws -> Small {
    try Fixture.decode(Small.self, from: "golden/small_seed\(seed).json")
  }

  /// `session_seedN.json`, decoded.
  package static func sessions(seed: Int) throws -> Sessions {
    try Fixture.decode(Sessions.self, from: "golden/session_seed\(seed).json")
  }

  /// `ml100k_seedN.json`, decoded.
  package static func large(seed: Int) throws -> Large {
    try Fixture.decode(Large.self, from: "golden/ml100k_seed\(seed).json")
  }

  /// `chapter_seedN.json`, decoded.
  package static func chapter(seed: Int) throws -> Chapter {
    try Fixture.decode(Chapter.self, from: "golden/chapter_seed\(seed).json")
  }
}
