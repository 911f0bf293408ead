import ArgumentParser
import Glibc
import CollabLessons

/// `collab teach [LESSON]`.
struct Teach: ProgramCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk through the chapter, its questions, or a lesson of your own.",
    discussion: """
      Without a lesson it continues the one you were in, or lists those there are. Where you are is \
      saved after each step. Of a folder the lessons are listed by the names of their files, and the \
      next one follows where one is done.

      A lesson in a file may be somebody else's: statements name no files outside its folder, unless \
      --no-safe is given.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var safety: SafetyOptions

  @Argument(
    help: ArgumentHelp(
      "chapter, questions, a file, or a folder of files; - is standard input.",
      valueName: "LESSON"))
  var lesson: String?

  @Flag(help: "Go through it with Enter and the model answers; nothing is saved.")
  var auto = false

  @Option(
    help: ArgumentHelp(
      "Lines to feed as if they were typed; a line with ⏎ is an empty one; nothing is saved.",
      valueName: "FILE"))
  var steps: String?

  @Flag(help: "Print what was done so far: questions, tries and time; nothing is sent anywhere.")
  var report = false

  @Flag(help: "Forget where you were, and begin anew.")
  var reset = false

  func validate() throws {
    if report, auto || steps != nil || reset {
      throw ValidationError("--report goes with no other option.")
    }
    if auto, steps != nil { throw ValidationError("--auto and --steps cannot go together.") }
  }

  func run() throws {
    let program = try common.program()
    let isTyped = steps == nil && !auto && isatty(STDIN_FILENO) == 1
    let classroom = try Classroom(
      program, safety, seed: common.seed ?? 42, isTyped: isTyped, isReset: reset)
    if report { throw try classroom.report(lesson).code }
    if auto { throw try classroom.goThrough(lesson).code }
    guard isTyped else {
      if steps == nil { Console.tell("note: nobody types here, so nothing is saved") }
      throw try classroom.follow(linesIn: steps ?? "-", lesson).code
    }
    throw try classroom.teach(lesson).code
  }
}
