import Collab
import CollabLanguage
import Glibc

/// What to type instead of a line that was meant for a shell, or for another prompt.
///
///     ShellAdvice.help(for: "cat data/odd.csv")  // !cat data/odd.csv
enum ShellAdvice {
  /// Words of shells and other prompts, and what does the same here.
  private static let words = [
    "clear": "Ctrl-L clears the window", "cls": "Ctrl-L clears the window", "dir": "ls",
    "q": "quit", "bye": "quit", "logout": "quit", "man": "help",
  ]

  /// The advice for a line whose first word stands for nothing here; nil if no shell knows it either.
  static func help(for line: String) -> String? {
    let word = line.prefix { !$0.isWhitespace }
    guard !word.isEmpty, !line.contains("\n") else { return nil }
    if let here = words[word.lowercased()] {
      let rest = here == "help" ? line.dropFirst(word.count) : ""
      return here + rest
    }
    return isProgram(String(word)) ? "!\(line)" : nil
  }

  /// Whether the system has a program of a name.
  private static func isProgram(_ name: String) -> Bool {
    guard name.count > 1, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) })
    else { return false }
    return ChildProcess.find(name, in: getenv("PATH").map { String(cString: $0) } ?? "") != nil
  }
}

extension Diagnostic {
  /// The message, with what to type instead where the line was meant for a shell.
  func advising(on line: String) -> Diagnostic {
    let isAboutFirstWord = code == "unknown-command" || code == "unknown-name"
    guard isAboutFirstWord, range?.lowerBound == 0, let advice = ShellAdvice.help(for: line)
    else { return self }
    var problem = self
    problem.help = [advice] + help.prefix(1)
    return problem
  }
}
