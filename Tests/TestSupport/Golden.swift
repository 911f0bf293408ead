/// The golden files made with fastai, decoded.
public enum Golden {
  /// A fit of a model on `small.csv`.
  public struct SmallRun: Decodable, Sendable {
    public let model: String
    public let wd: String
    public let sampler: String
    public let table: [[Double]]
    public let step_loss: [Float]
    public let pred0: [Float]
    public let final: [String: Weights]?
  }

  /// Where weights lie in the file of floats.
  public struct Weights: Decodable, Sendable {
    public let offset: Int
    public let shape: [Int]
  }

  /// `small_seedN.json`.
  public struct Small: Decodable, Sendable {
    public let split: Split
    public let classes: Classes
    public let samplers: [String: Sampler]
    public let schedule: Schedule
    public let models: [String: Model]
    public let runs: [SmallRun]
    public let weights_file: String

    public struct Split: Decodable, Sendable {
      public let train: [Int32]
      public let valid: [Int32]
    }
    public struct Classes: Decodable, Sendable {
      public let user: [String]
      public let title: [String]
    }
    public struct Sampler: Decodable, Sendable {
      public let epochs01: [[Int32]]
      public let sha256_all_epochs: String
    }
    public struct Schedule: Decodable, Sendable {
      public let lr: [Double]
      public let mom: [Double]
    }
    public struct Model: Decodable, Sendable {
      public let `init`: [String: Weights]
    }
  }

  /// `session_seedN.json`.
  public struct Sessions: Decodable, Sendable {
    public let sessions: [Session]

    public struct Session: Decodable, Sendable {
      public let sampler: String
      public let one_batch_first8_xb: [[Int64]]
      public let tables: [[[Double]]]
      public let next_draws: Draws
    }
    public struct Draws: Decodable, Sendable {
      public let torch_rand: Float
      public let python_random: Double
      public let numpy_random: Double
    }
  }

  /// A fit on MovieLens 100K.
  public struct LargeRun: Decodable, Sendable {
    public let order: String?
    public let sampler: String?
    public let model: String
    public let wd: String
    public let table: [[Double]]
    public let step_loss_first50: [Float]?
    public let step_loss_every_250: [Float]?
    public let top: [String]?
    public let bottom: [String]?
    public let nearest_to_silence: [String]?
    public let cosine: [Float]?
  }

  /// `ml100k_seedN.json`.
  public struct Large: Decodable, Sendable {
    public let orders: [String: Order]
    public let runs: [LargeRun]

    public struct Order: Decodable, Sendable {
      public let n_user_classes: Int
      public let n_title_classes: Int
      public let sha256_valid_then_train: String
      public let samplers: [String: Sampler]
    }
    public struct Sampler: Decodable, Sendable {
      public let epoch0_first_batch: [Int32]
      public let sha256_epoch0: String
      public let sha256_epoch1: String
    }
  }

  /// `chapter_seedN.json`.
  public struct Chapter: Decodable, Sendable {
    public let fits: [LargeRun]
  }

  /// `small_seedN.json`, decoded.
  public static func small(seed: Int) throws -> Small {
    try Fixture.decode(Small.self, from: "golden/small_seed\(seed).json")
  }

  /// `session_seedN.json`, decoded.
  public static func sessions(seed: Int) throws -> Sessions {
    try Fixture.decode(Sessions.self, from: "golden/session_seed\(seed).json")
  }

  /// `ml100k_seedN.json`, decoded.
  public static func large(seed: Int) throws -> Large {
    try Fixture.decode(Large.self, from: "golden/ml100k_seed\(seed).json")
  }

  /// `chapter_seedN.json`, decoded.
  public static func chapter(seed: Int) throws -> Chapter {
    try Fixture.decode(Chapter.self, from: "golden/chapter_seed\(seed).json")
  }
}
