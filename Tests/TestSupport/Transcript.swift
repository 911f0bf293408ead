import FoundationEssentials

/// A recorded conversation: lines that were typed, and what was printed after each.
///
/// A line that begins with `> ` was typed, one with `. ` continues it; all others were printed.
public struct Transcript: Sendable, CustomStringConvertible {
  /// One thing that was typed, and the lines that followed.
  public struct Step: Sendable {
    /// What was typed.
    public let input: String
    /// What was printed.
    public let output: [String]
  }

  /// The file.
  public let path: String
  /// The conversation, in order.
  public let steps: [Step]

  /// Its name says what it shows.
  public var description: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Whether transcripts are to be written anew instead of being compared.
  public static var isRecording: Bool {
    ProcessInfo.processInfo.environment["COLLAB_RECORD_TRANSCRIPTS"] != nil
  }

  /// All transcripts in the folder `Transcripts` beside a test's source.
  public static func all(besides source: String = #filePath) throws -> [Transcript] {
    let folder =
      "/" + source.split(separator: "/").dropLast().joined(separator: "/") + "/Transcripts"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".txt") }
      .map { try Transcript(path: "\(folder)/\($0)") }
  }

  private init(path: String) throws {
    self.path = path
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    var steps: [Step] = []
    var (input, output): (String?, [String]) = (nil, [])
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("> ") {
        if let input { steps.append(Step(input: input, output: output)) }
        (input, output) = (String(line.dropFirst(2)), [])
      } else if line.hasPrefix(". "), output.isEmpty, let first = input {
        input = first + "\n" + line.dropFirst(2)
      } else {
        output.append(line)
      }
    }
    if output.last == "" { output.removeLast() }
    if let input { steps.append(Step(input: input, output: output)) }
    self.steps = steps
  }

  /// Writes the file anew with other outputs.
  public func record(_ outputs: [[String]]) throws {
    let lines = zip(steps, outputs).flatMap { step, output in
      let typed = step.input.split(separator: "\n", omittingEmptySubsequences: false)
      return typed.enumerated().map { ($0.offset == 0 ? "> " : ". ") + $0.element } + output
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
  }
}
