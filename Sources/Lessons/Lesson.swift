import CollabText
import CollabBundledNotebooks
public import CollabLanguage

/// A `.collab` file as steps: prose, code to run, and questions.
///
///     let lesson = try Lesson(source, id: "08_collab", parser: session.parser)
///
/// A code cell makes one step with the prose directly above it; other prose and each question are
/// steps of their own. Level-two headings begin sections. Everything is read here, questions too, so a
/// malformed one is found before anything runs.
public struct Lesson: Sendable {
  /// A stretch of steps under one heading.
  public struct Section: Sendable, Equatable {
    /// The heading.
    public let title: String
    /// Its steps.
    public let steps: Range<Int>
  }

  /// One thing to read, to run or to answer.
  public struct Step: Sendable {
    enum Content: Sendable {
      case prose
      case code(Cell)
      case question(LessonQuestion)
    }

    /// The id of its cell: that of the code or the question, else that of the prose.
    public let id: String
    /// The prose cell above the code, or the only one.
    let prose: Cell?
    let content: Content
    /// The data set without which it makes no sense.
    let needs: String?
    /// Its place among the sections.
    public let section: Int
    /// Whether it is a good place to stop.
    let isPause: Bool

    /// The question, if it is one.
    var question: LessonQuestion? {
      if case .question(let question) = content { question } else { nil }
    }

    /// The code cell, if it has one.
    var code: Cell? {
      if case .code(let cell) = content { cell } else { nil }
    }
  }

  /// What its progress is kept under.
  public let id: String
  /// The first heading of level one, or the id.
  public let title: String
  /// The file.
  public let file: ScriptFile
  /// The sections in order, at least one if there are steps.
  public let sections: [Section]
  /// The steps in order.
  public let steps: [Step]

  /// Reads a lesson.
  ///
  /// - Parameters:
  ///   - source: the text.
  ///   - id: what its progress is kept under.
  ///   - parser: reads the statements.
  /// - Throws: the first mistake, or `no-steps` if there is nothing to go through.
  public init(_ source: Source, id: String, parser: Parser) throws(Diagnostic) {
    let file = try ScriptFile(source, parser: parser)
    var layout = StepLayout(file, parser: parser)
    for cell in file.cells { try layout.add(cell) }
    layout.endProse()
    self.id = id
    self.file = file
    title = layout.title ?? id
    let steps = layout.steps
    guard !steps.isEmpty else {
      throw Diagnostic("no-steps", "there is nothing in the lesson `\(source.name)`")
    }
    var sections: [Section] = []
    for (index, name) in layout.sections.enumerated() {
      let own = steps.indices.filter { steps[$0].section == index }
      if let first = own.first, let last = own.last {
        sections.append(Section(title: name ?? title, steps: first..<last + 1))
      }
    }
    (self.steps, self.sections) = (steps, sections)
  }

  /// What the prose of a step says was found so far: the paragraph that begins with `**So far:**`.
  func finding(at step: Step) -> String? {
    let start = "**So far:**"
    let prose = step.prose.map(file.text) ?? ""
    let lines = prose.split(separator: "\n", omittingEmptySubsequences: false)
    let paragraph = lines.drop { !$0.hasPrefix(start) }.prefix { !$0.isEmpty }
    let finding = paragraph.map(\.trimmed).joined(separator: " ").dropFirst(start.count).trimmed
    return finding.isEmpty ? nil : finding
  }

  /// A number that changes with the text.
  var contentHash: String { String(StableHash.of(file.source.bytes), radix: 16) }
}

// MARK: - Bundled lessons

extension Lesson {
  /// The lessons that come with the program, in the order of their list.
  ///
  /// - Throws: a mistake in one of them.
  public static func bundled(parser: Parser) throws(Diagnostic) -> [Lesson] {
    var lessons: [Lesson] = []
    for notebook in BundledNotebook.allCases {
      let source = Source(bytes: notebook.bytes, name: notebook.fileName)
      lessons.append(try Lesson(source, id: notebook.rawValue, parser: parser))
    }
    return lessons
  }

  /// The id of a lesson in a file: its name, and a hash of its place, since others may have the same
  /// name.
  public static func id(forFile path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.hasSuffix(".collab") ? String(name.dropLast(7)) : name
    let plain = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
    return String(plain) + "-" + String(StableHash.of(path.utf8) & 0xffff_ffff, radix: 16)
  }
}

// MARK: - Steps

/// Puts cells together to steps.
private struct StepLayout {
  private(set) var steps: [Lesson.Step] = []
  /// The titles of the sections; nil for steps before the first heading.
  private(set) var sections: [String?] = []
  private(set) var title: String?
  private let file: ScriptFile
  private let parser: Parser
  /// Prose that may belong to the code below it.
  private var prose: Cell?

  init(_ file: ScriptFile, parser: Parser) {
    (self.file, self.parser) = (file, parser)
  }

  mutating func add(_ cell: Cell) throws(Diagnostic) {
    switch cell.content {
    case .text where cell.kind == .raw: break
    case .text:
      endProse()
      let text = file.text(of: cell)
      guard !text.isEmpty else { return }
      let headings = Heading.all(in: text)
      if title == nil { title = headings.first { $0.level == 1 }?.text }
      if let heading = headings.first(where: { $0.level <= 2 }) { sections.append(heading.text) }
      // A heading alone is on the line above each step of its section already.
      let isTitle = text.split(separator: "\n").allSatisfy { Heading($0) != nil }
      if !isTitle || !headings.contains(where: { $0.level <= 2 }) { prose = cell }
    case .code(let code):
      guard !code.lines.isEmpty else { return }
      append(.code(cell), cell)
    case .question:
      endProse()
      append(.question(try LessonQuestion(cell, of: file, parser: parser)), cell)
    }
  }

  /// Makes prose that stands alone a step.
  mutating func endProse() {
    if let prose { append(.prose, prose) }
  }

  private mutating func append(_ content: Lesson.Step.Content, _ cell: Cell) {
    if sections.isEmpty { sections.append(nil) }
    steps.append(
      Lesson.Step(
        id: cell.id, prose: prose, content: content, needs: cell.attribute("needs")?.value,
        section: sections.count - 1, isPause: prose?.has("pause") == true || cell.has("pause")))
    prose = nil
  }
}

/// A heading in markdown.
struct Heading {
  let level: Int
  let text: String

  /// The headings of a text, apart from what is in fenced code.
  static func all(in markdown: String) -> [Heading] {
    var headings: [Heading] = []
    var isCode = false
    for line in markdown.split(separator: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      if !isCode, let heading = Heading(line) { headings.append(heading) }
    }
    return headings
  }

  init?(_ line: Substring) {
    let marks = line.prefix { $0 == "#" }
    let rest = line.dropFirst(marks.count)
    guard 1...6 ~= marks.count, rest.first == " " else { return nil }
    level = marks.count
    text = rest.trimmed
  }
}

// MARK: - Texts

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
