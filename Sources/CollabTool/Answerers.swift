import CollabDocuments
import CollabLineEditing
import CollabNotebook
import CollabText
import Glibc

/// Asks at a terminal, where one key is an answer.
final class KeyAnswerer: Answerer {
  private var shownLines = 0

  func answer(to question: Question) -> String? {
    end()
    let width = TerminalTraits.current().width
    let lines = question.screen.map { DisplayWidth.cut(VisibleText.shown($0), to: width - 1) }
    Console.write(lines.map { $0 + "\n" }.joined())
    shownLines = lines.count
    return Keyboard.key()
  }

  func end() {
    guard shownLines > 0 else { return }
    Console.write("\r\u{1B}[\(shownLines)A\u{1B}[J")
    shownLines = 0
  }
}

/// Reads answers from the lines of a pipe, or of a terminal that can only print.
final class LineAnswerer: Answerer {
  private lazy var reader = LineInput.reader(LineInput.Options())

  func answer(to question: Question) -> String? {
    if reader.isInteractive { Console.say(question.screen.joined(separator: "\n")) }
    guard case .line(let line) = reader.read(Prompt("answer", purpose: .answer)) else { return nil }
    return line
  }

  func end() {}
}

/// The one that suits standard input and output.
func standardAnswerer() -> any Answerer {
  let isTyped = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
  return isTyped && TerminalTraits.current().canRedraw ? KeyAnswerer() : LineAnswerer()
}
