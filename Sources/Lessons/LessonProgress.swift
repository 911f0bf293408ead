/// How far a reader has come in a lesson, as it is saved.
public struct LessonProgress: Codable, Equatable, Sendable {
  /// What was done with a step.
  public enum StepState: String, Codable, Sendable {
    /// Its code ran, its prose was read, or its question was dealt with.
    case done
    /// It was passed over.
    case skipped
  }

  /// A step that is not open any more.
  public struct StepRecord: Codable, Equatable, Sendable {
    /// What was done with it.
    public var state: StepState
    /// How long its code took.
    public var seconds: Double
  }

  /// How a question ended.
  public enum Outcome: String, Codable, Sendable {
    /// Right at the first try.
    case first
    /// Right, but not at once.
    case later
    /// Its answer was looked at, or missed.
    case missed
    /// It was passed over.
    case skipped

    /// Whether it counts as right.
    public var isRight: Bool { self == .first || self == .later }
  }

  /// A question that was tried.
  public struct QuestionRecord: Codable, Equatable, Sendable {
    /// Answers so far.
    public var attempts = 0
    /// Whether a hint or the answer was seen before it was right.
    public var hadHelp = false
    /// How it ended; nil if it is open.
    public var outcome: Outcome?
    /// The last answer.
    public var answer: String?
  }

  /// Something that ran, so that it can run again: a cell of the lesson or a statement of the reader.
  public struct LogEntry: Codable, Equatable, Sendable {
    /// The id of the cell.
    public var cell: String?
    /// The statement.
    public var text: String?
    /// How long it took.
    public var seconds: Double
    /// How often it had asked whether to stop when it was told to; nil if it ran to its end.
    public var stop: Int?
  }

  /// The version of the format.
  public var version = LessonProgress.currentVersion
  /// The id of the lesson.
  public var lesson: String
  /// Changes with the lesson's text.
  public var contentHash: String
  /// What random numbers begin with, and what options are shuffled by.
  public var seed: UInt32
  /// The id of the step that is shown.
  public var cell: String
  /// The ids of the steps before it, in case that the file changes.
  public var earlier: [String] = []
  /// Whether the last step was passed.
  public var isFinished = false
  /// When it was saved, in seconds since 1970.
  public var saved = 0.0
  /// Steps by id.
  public var steps: [String: StepRecord] = [:]
  /// Questions by id.
  public var questions: [String: QuestionRecord] = [:]
  /// What ran, in order.
  public var log: [LogEntry] = []
  /// Seconds that were spent at steps, by id; files of before have none.
  public var spent: [String: Double]?

  static let currentVersion = 1

  /// Nothing done yet.
  init(lesson: Lesson, seed: UInt32) {
    (self.lesson, self.seed) = (lesson.id, seed)
    contentHash = lesson.contentHash
    cell = lesson.steps.first?.id ?? ""
  }
}

extension LessonProgress {
  /// Whether there is anything to come back to.
  var isBegun: Bool { !steps.isEmpty || !log.isEmpty || !earlier.isEmpty }

  /// How many questions of a lesson were answered right.
  public func rightCount(in lesson: Lesson) -> Int {
    lesson.steps.count { questions[$0.id]?.outcome?.isRight == true }
  }

  /// Where to go on: the step that was shown, or the nearest one before it that still exists.
  func place(in lesson: Lesson) -> (index: Int, isMoved: Bool) {
    let places = Dictionary(uniqueKeysWithValues: zip(lesson.steps.map(\.id), lesson.steps.indices))
    if let index = places[cell] { return (index, false) }
    let nearest = earlier.last { places[$0] != nil }
    return (nearest.flatMap { places[$0] } ?? 0, true)
  }
}
