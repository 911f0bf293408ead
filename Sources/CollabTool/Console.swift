import CollabFiles
import CollabLineEditing
import Glibc
import CollabText

/// Standard output and standard error.
enum Console {
  /// Writes to standard output.
  ///
  /// Where nothing can be written there is nothing left to do: a closed pipe ends the program without
  /// a word, as does Ctrl-C while nobody reads from a pipe, and anything else, such as a full disk, with
  /// a message.
  static func write(_ text: String) {
    do throws(FileError) {
      try Files.write(
        Array(text.utf8), to: STDOUT_FILENO,
        isInterrupted: { Interrupt.isPending && isatty(STDOUT_FILENO) != 1 })
    } catch {
      guard !error.isInterrupted else { exit(Exit.interrupted.rawValue) }
      guard !error.isClosedPipe else { exit(Exit.closedPipe.rawValue) }
      tell("error: standard output cannot be written: \(error.reason)")
      exit(Exit.lostOutput.rawValue)
    }
  }

  /// Writes to standard error; what cannot be written there cannot be told anywhere.
  static func complain(_ text: String) { try? Files.write(Array(text.utf8), to: STDERR_FILENO) }

  /// Writes lines to standard error, in which names and arguments may occur.
  static func tell(_ lines: String...) { tell(lines) }

  /// Writes lines to standard error, in which names and arguments may occur.
  static func tell(_ lines: [String]) {
    complain(lines.map { VisibleText.shown($0, keeping: "\n\t") + "\n" }.joined())
  }

  /// Writes a line to standard output, in which names may occur.
  static func say(_ line: String) { write(VisibleText.shown(line, keeping: "\n\t") + "\n") }

  /// Writes a document to standard output: as it is to a pipe, to be read to a terminal.
  static func publish(_ text: String) {
    write(isatty(STDOUT_FILENO) == 1 ? VisibleText.shown(text, keeping: "\n\t\r") : text)
  }
}
