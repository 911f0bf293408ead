import CollabDocuments
import Glibc
import CollabLineEditing

extension Pager {
  /// A pager that asks at the keyboard, while `isOn` says so; nil where nobody can be asked.
  static func prompt(isOn: @escaping () -> Bool) -> Pager? {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      TerminalTraits.current().canRedraw
    else { return nil }
    return Pager(
      size: {
        // Keys that were typed ahead are the next statement, and no answer.
        guard isOn(), !Keyboard.hasInput, let rows = TerminalTraits.windowHeight() else {
          return nil
        }
        return (TerminalTraits.current().width, rows)
      },
      ask: {
        while let key = Keyboard.key() {
          switch key {
          case " ", "\r", "\n", "f", "\u{1B}[6~": return .page
          case "j", "\u{1B}[B", "\u{1B}OB": return .line
          case "a", "G": return .all
          case "q", "Q", "\u{1B}", "\u{4}": return .stop
          default: continue
          }
        }
        return .stop
      })
  }
}
