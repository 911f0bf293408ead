import CollabLanguage
import CollabDocuments
import Glibc
import CollabLessons
import CollabLineEditing
import CollabInterpreter
import CollabNotebook
import CollabScripts

/// The lessons there are, and the ways to go through one.
struct Classroom {
  private let program: Program
  private let safety: SafetyOptions
  private let seed: UInt32
  private let isTyped: Bool
  private let isReset: Bool
  private let store: ProgressStore
  private let bundled: [Lesson]

  private var session: Session { program.session }
  private var parser: Parser { Session.registry.parser() }

  init(
    _ program: Program, _ safety: SafetyOptions, seed: UInt32, isTyped: Bool, isReset: Bool
  ) throws {
    (self.program, self.safety, self.seed) = (program, safety, seed)
    (self.isTyped, self.isReset) = (isTyped, isReset)
    store = ProgressStore(folder: isTyped ? ProgressStore.standardFolder : nil)
    bundled = try Lesson.bundled(parser: Session.registry.parser())
    if !isTyped {
      // What is written down must not depend on where it was written.
      program.session.output = PlainRenderer(to: Console.write)
    }
  }

  /// A lesson by its name or file.
  private func lesson(_ name: String) throws -> Lesson {
    let names = ["chapter", "questionnaire"]
    if let place = names.firstIndex(of: name) ?? bundled.firstIndex(where: { $0.id == name }) {
      return bundled[place]
    }
    let source = try SourceFile.read(name)
    safety.confine(program, to: name, "teach", usually: true)
    let path = realpath(name, nil)
    defer { free(path) }
    let id = Lesson.id(forFile: path.map { String(cString: $0) } ?? name)
    do {
      return try Lesson(source, id: id, parser: parser)
    } catch {
      throw ProgramFailure(lines: error.lines(for: .file), exit: .unreadable)
    }
  }

  private func runner(_ lesson: Lesson) -> LessonRunner {
    if isReset { store.remove(lesson.id) }
    let clock = ContinuousClock()
    let start = clock.now
    let name =
      switch lesson.id {
      case "08_collab": "chapter"
      case "08_questionnaire": "questionnaire"
      default: lesson.file.source.name
      }
    var options = LessonRunner.Options(
      now: { (clock.now - start) / .seconds(1) }, command: "collab teach \(name)")
    options.seed = seed
    if isTyped {
      options.width = { TerminalTraits.windowWidth() ?? 80 }
      options.glyphs = program.traits.glyphs
    }
    return LessonRunner(lesson, session: session, store: store, options: options)
  }

  // MARK: Without a reader

  /// Goes through a lesson with the model answers.
  func goThrough(_ name: String?) throws -> Exit {
    let stuck = runner(try lesson(name ?? "chapter")).runAutomatically()
    guard !program.wasInterrupted else { return .interrupted }
    guard let stuck else { return .success }
    Console.tell("collab: the lesson does not get past `\(stuck)`")
    return .failure
  }

  /// Feeds lines to a lesson; what follows `quit` continues it.
  func follow(linesIn path: String, _ name: String?) throws -> Exit {
    var script = LessonScript(try SourceFile.read(path).text)
    let lesson = try lesson(name ?? "chapter")
    repeat {
      runner(lesson).run(&script)
    } while !script.isEmpty && !program.wasInterrupted
    return program.wasInterrupted ? .interrupted : .success
  }

  // MARK: With a reader

  /// Teaches somebody at a terminal.
  ///
  /// - Parameters:
  ///   - name: which lesson; nil for the one that was begun, or a choice.
  ///   - prompt: the reader of the prompt that the lesson was opened from, if it was.
  /// - Returns: what the program leaves with.
  /// - Throws: ``ProgramFailure`` if the lesson cannot be read.
  func teach(_ name: String?, at prompt: (any LineReader)? = nil) throws -> Exit {
    var current: LessonRunner?
    let options = LineInput.Options.statements(
      of: program, in: { current?.completion(of: $0) })
    let editor = prompt as? LineEditor
    let before = editor?.options
    editor?.options = options
    defer { if let before { editor?.options = before } }
    let reader = prompt ?? LineInput.reader(options)
    let lesson: Lesson?
    if let name {
      lesson = try self.lesson(name)
    } else {
      lesson = LessonMenu.unfinished(bundled, in: store) ?? choice(reader)
    }
    guard let lesson else { return .success }
    let runner = runner(lesson)
    current = runner
    runner.begin()
    while let prompt = runner.prompt {
      let purpose: Prompt.Purpose = prompt.isStatement ? .statement : .answer
      switch reader.read(Prompt(prompt.name, purpose: purpose)) {
      case .line(let text):
        _ = Interrupt.take()
        runner.enter(text)
      case .endOfInput: runner.leave()
      case .interrupted:
        runner.leave()
        return .interrupted
      case .failed:
        runner.leave()
        return .failure
      }
    }
    return .success
  }

  /// Lets the reader choose from the list.
  private func choice(_ reader: any LineReader) -> Lesson? {
    let menu = LessonMenu(bundled, store: store)
    menu.show(on: session.output)
    while case .line(let text) = reader.read(Prompt("lesson", purpose: .answer)) {
      if LessonMenu.isLeaving(text) { return nil }
      if let lesson = menu.lesson(text) { return lesson }
      session.output.write(.paragraph("a number from 1 to \(bundled.count), or quit"))
    }
    return nil
  }
}
