import CollabLanguage
import CollabDocuments
import Glibc
import CollabLessons
import CollabFiles
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

  /// What the lessons that come with the program are called, and their places.
  private static let names = ["chapter": 0, "questions": 1, "questionnaire": 1]

  /// Lessons by a name, a file or a folder, and whether it was a folder.
  private func lessons(_ name: String) throws -> (lessons: [Lesson], isCourse: Bool) {
    if let place = Self.names[name] ?? bundled.firstIndex(where: { $0.id == name }) {
      return ([bundled[place]], false)
    }
    guard Files.isFolder(name) else {
      let near = Suggestion.nearest(to: name, among: Self.names.keys)
      if !near.isEmpty, name != "-", !Files.exists(name) {
        let problem = Diagnostic(
          "no-file", "no lesson and no file `\(name)`", help: Suggestion.help(for: near))
        throw ProgramFailure(problem, exit: .unreadable)
      }
      return ([try lesson(inFile: name)], false)
    }
    let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
    let files = Files.entries(of: folder).filter { !$0.isFolder && $0.name.hasSuffix(".collab") }
    guard !files.isEmpty else {
      throw ProgramFailure(
        lines: ["error[no-steps]: there is no .collab file in the folder \(Shell.quoted(name))"],
        exit: .unreadable)
    }
    return (try files.map { try lesson(inFile: "\(folder)/\($0.name)") }, true)
  }

  private func lesson(inFile name: String) throws -> Lesson {
    let source = try SourceFile.read(name)
    safety.confine(program, to: name, "teach", usually: true)
    let path = realpath(name, nil)
    defer { free(path) }
    let id = Lesson.id(forFile: path.map { String(cString: $0) } ?? name)
    do {
      return try Lesson(source, id: id, parser: parser)
    } catch {
      throw ProgramFailure(error, exit: .unreadable)
    }
  }

  /// What goes through a lesson; of a course, whose folder comes back to it.
  private func runner(_ lesson: Lesson, of course: String? = nil) -> LessonRunner {
    let clock = ContinuousClock()
    let start = clock.now
    let name =
      switch lesson.id {
      case "08_collab": "chapter"
      case "08_questionnaire": "questionnaire"
      default: Shell.quoted(course ?? lesson.file.source.name)
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
    let (lessons, isCourse) = try lessons(name ?? "chapter")
    for lesson in lessons {
      let stuck = runner(lesson, of: isCourse ? name : nil).runAutomatically()
      guard !program.wasInterrupted else { return .interrupted }
      guard let stuck else { continue }
      Console.tell("collab: the lesson does not get past `\(stuck)`")
      return .failure
    }
    return .success
  }

  /// Feeds lines to a lesson; what follows `quit` continues it.
  func follow(linesIn path: String, _ name: String?) throws -> Exit {
    var script = LessonScript(try SourceFile.read(path).text)
    var (left, isCourse) = try lessons(name ?? "chapter")
    repeat {
      runner(left[0], of: isCourse ? name : nil).run(&script)
      // In a course the next lesson follows one that is done.
      if left.count > 1, isDone(left[0]) { left.removeFirst() }
    } while !script.isEmpty && !program.wasInterrupted
    return program.wasInterrupted ? .interrupted : .success
  }

  private func isDone(_ lesson: Lesson) -> Bool {
    store.progress(of: lesson.id).progress?.isFinished == true
  }

  // MARK: What was done

  /// Prints what was done in lessons: those named, or all that come with the program.
  func report(_ name: String?) throws -> Exit {
    let lessons = try name.map { try self.lessons($0).lessons } ?? bundled
    let store = ProgressStore(folder: ProgressStore.standardFolder)
    LessonReport(lessons, store: store).show(on: session.output)
    return .success
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
      of: program, in: { current?.completion(of: $0) },
      isComplete: { current?.prompt?.isComplete($0) == true })
    let editor = prompt as? LineEditor
    let before = editor?.options
    editor?.options = options
    defer { if let before { editor?.options = before } }
    let reader = prompt ?? LineInput.reader(options)
    guard let name else {
      guard let lesson = LessonMenu.unfinished(bundled, in: store) ?? choice(bundled, reader) else {
        return .success
      }
      forget([lesson])
      return teach(lesson, reader) { current = $0 }
    }
    let (lessons, isCourse) = try self.lessons(name)
    forget(lessons)
    guard isCourse else { return teach(lessons[0], reader) { current = $0 } }
    var next = LessonMenu.unfinished(lessons, in: store)
    while let lesson = next ?? choice(lessons, reader, title: Self.title(ofCourse: name)) {
      let end = teach(lesson, of: name, reader) { current = $0 }
      guard end == .success, isDone(lesson) else { return end }
      next = nil
      if LessonMenu(lessons, store: store).isFinished { return end }
    }
    return .success
  }

  /// Forgets what was done in some lessons, if that was asked for.
  private func forget(_ lessons: [Lesson]) {
    if isReset { for lesson in lessons { store.remove(lesson.id) } }
  }

  /// What a course is called: the name of its folder, also where that is `.`.
  private static func title(ofCourse folder: String) -> String {
    let path = realpath(folder, nil)
    defer { free(path) }
    let whole = path.map { String(cString: $0) } ?? folder
    return whole.split(separator: "/").last.map(String.init) ?? folder
  }

  /// Takes a reader through one lesson.
  private func teach(
    _ lesson: Lesson, of course: String? = nil, _ reader: any LineReader,
    begun: (LessonRunner) -> Void
  ) -> Exit {
    let runner = runner(lesson, of: course)
    begun(runner)
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
  private func choice(
    _ lessons: [Lesson], _ reader: any LineReader, title: String = "Lessons"
  ) -> Lesson? {
    let menu = LessonMenu(lessons, store: store, title: title)
    menu.show(on: session.output)
    while case .line(let text) = reader.read(Prompt("lesson", purpose: .answer)) {
      if LessonMenu.isLeaving(text) { return nil }
      if let lesson = menu.lesson(text) { return lesson }
      if LessonMenu.isList(text) {
        menu.show(on: session.output)
        continue
      }
      session.output.write(.paragraph("a number from 1 to \(lessons.count), or quit"))
    }
    return nil
  }
}
