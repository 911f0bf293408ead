import ArgumentParser
import Glibc
import CollabLessons

/// `collab teach [LESSON]`.
struct Teach: ProgramCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk through the chapter, its questions, or a lesson of your own.",
    discussion: """
      Without a lesson it continues the one you were in, or lists those there are. Where you are is \
      saved after each step.

      A lesson in a file may be somebody else's: statements name no files outside its folder, unless \
      --no-safe is given.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var safety: SafetyOptions

  @Argument(
    help: ArgumentHelp(
      "chapter, questionnaire, or a file; - is standard input.", valueName: "LESSON"))
  var lesson: String?

  @Flag(help: "Go through it with Enter and the model answers; nothing is saved.")
  var auto = false

  @Option(
    help: ArgumentHelp(
      "Lines to feed as if they were typed; a line with ⏎ is an empty one; nothing is saved.",
      valueName: "FILE"))
  var steps: String?

  @Flag(help: "Forget where you were, and begin anew.")
  var reset = false

  func validate() throws {
    if auto, steps != nil { throw ValidationError("--auto and --steps cannot go together.") }
  }

  func run() throws {
    let program = try common.program()
    let isTyped = steps == nil && !auto && isatty(STDIN_FILENO) == 1
    let classroom = try Classroom(
      program, safety, seed: common.seed ?? 42, isTyped: isTyped, isReset: reset)
    if auto { throw try classroom.goThrough(lesson).code }
    guard isTyped else {
      throw try classroom.follow(linesIn: steps ?? "-", lesson).code
    }
    throw try classroom.teach(lesson).code
  }
}
