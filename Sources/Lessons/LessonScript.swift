public import CollabLanguage
import CollabDocuments
import CollabNotebook

/// Lines that are fed to a lesson as if they had been typed.
public struct LessonScript {
  private var lines: ArraySlice<String>

  /// What stands for an empty line.
  public static let emptyLine = "⏎"

  /// The lines of a text.
  public init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.last == "\r" ? $0.dropLast() : $0)
    }
    if lines.last == "" { lines.removeLast() }
    self.lines = lines[...]
  }

  /// Whether nothing is left.
  public var isEmpty: Bool { lines.isEmpty }

  /// The next input: a line, and for statements as many more as it takes to complete it.
  public mutating func next(for prompt: LessonRunner.Prompt, parser: Parser) -> String? {
    guard var text = lines.popFirst() else { return nil }
    if text.trimmed == Self.emptyLine { return "" }
    while prompt.isStatement, !prompt.isComplete(text),
      case .incomplete = parser.completeness(of: Source(text)),
      let more = lines.popFirst()
    {
      text += "\n" + more
    }
    return text
  }
}

// MARK: - Running without a reader

extension LessonRunner {
  /// Feeds lines to the lesson, showing them behind their prompts, until the reader would have left or
  /// there are no more.
  public func run(_ script: inout LessonScript) {
    if state == .left { begin() }
    while let prompt {
      guard let line = script.next(for: prompt, parser: session.parser) else { return leave() }
      echo(line, behind: prompt)
      enter(line)
    }
  }

  /// Goes through the lesson with Enter and the model answers, showing what a reader would see.
  ///
  /// - Returns: the id of the step that could not be passed; nil if the lesson was finished.
  public func runAutomatically() -> String? {
    begin()
    while prompt != nil {
      let (place, id) = (moves, step.id)
      for line in automaticLines {
        guard let prompt else { break }
        echo(line, behind: prompt)
        enter(line)
      }
      if state == .judging, let prompt {
        echo("y", behind: prompt)
        enter("y")
      }
      if moves == place { return id }
    }
    return progress.isFinished ? nil : step.id
  }

  /// What passes the present step.
  private var automaticLines: [String] {
    guard let question = step.question else { return [""] }
    switch question.kind {
    case .choice, .multi:
      let options = question.shuffledOptions(seed: progress.seed).enumerated()
      let letters = options.filter(\.element.isRight).map { Self.letter($0.offset) }
      return [letters.joined(separator: " ")]
    case .number, .shape, .value:
      let right = question.right.first.map { question.source.text(in: $0.range).trimmed }
      return [question.answer ?? right ?? ""]
    case .run:
      let lines = question.answerCode?.lines ?? []
      return lines.map { question.source.text(in: $0.range) } + [""]
    case .match: return [question.phrases.first ?? ""]
    case .text: return [question.answer ?? ""]
    case .open: return [""]
    }
  }

  private func echo(_ line: String, behind prompt: Prompt) {
    let prefix = prompt.name + "> "
    let blank = String(repeating: " ", count: prefix.count)
    let text = line.isEmpty ? LessonScript.emptyLine : line
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let shown = lines.enumerated().map { ($0.offset == 0 ? prefix : blank) + $0.element }
    output.write(.preformatted(shown.joined(separator: "\n")))
  }
}
