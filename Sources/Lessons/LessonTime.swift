import CollabLanguage
import CollabText

/// How long a lesson takes: estimated from what there is to read, to run and to answer, and measured
/// while somebody goes through it.
enum LessonTime {
  /// Words a second that somebody reads who thinks along.
  private static let readingSpeed = 3.0
  /// What a pause counts at most, in seconds: nobody reads one step for longer.
  static let longestStay = 600.0

  /// Seconds that a step is expected to take.
  static func estimate(of step: Lesson.Step, in file: ScriptFile) -> Double {
    let prose = step.prose.map { file.text(of: $0) } ?? ""
    let words = prose.split(whereSeparator: \.isWhitespace).count
    return Double(words) / readingSpeed + seconds(for: step)
  }

  private static func seconds(for step: Lesson.Step) -> Double {
    guard let question = step.question else {
      return step.code.map { 10 + 3 * Double($0.code.lines.count) } ?? 0
    }
    switch question.kind {
    case .choice, .multi, .match: return 40
    case .number, .shape, .value, .open: return 60
    case .text: return 120
    case .run: return 180
    }
  }

  /// Seconds in words: `under a minute`, `about 12 min`.
  static func words(_ seconds: Double) -> String {
    let minutes = Int(clamping: (seconds / 60).rounded())
    return minutes == 0 ? "under a minute" : "about \(minutes) min"
  }
}

extension Lesson {
  /// Seconds that some steps are expected to take.
  func estimate(of range: Range<Int>) -> Double {
    steps[range].reduce(0) { $0 + LessonTime.estimate(of: $1, in: file) }
  }
}

extension LessonProgress {
  /// Seconds that were spent at steps.
  func seconds(at steps: some Sequence<Lesson.Step>) -> Double {
    steps.reduce(0) { $0 + (spent?[$1.id] ?? 0) }
  }

  /// Minutes that were spent at steps in words, nil if it was less than one.
  func minutes(at steps: some Sequence<Lesson.Step>) -> String? {
    let minutes = Int(clamping: (seconds(at: steps) / 60).rounded())
    return minutes == 0 ? nil : "\(minutes) min"
  }
}

extension LessonRunner {
  /// Counts the time since the last look at the clock for a step.
  func countTime(at id: String, limit: Double = .infinity) {
    let now = options.now()
    let seconds = min(max(now - lastLook, 0), limit)
    lastLook = now
    if seconds > 0 {
      progress.spent = (progress.spent ?? [:]).merging([id: seconds], uniquingKeysWith: +)
    }
  }
}
