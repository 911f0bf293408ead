import CollabDocuments
import Glibc
import CollabLineEditing
import CollabText

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
          case " ", "\r", "\n", "\u{1B}[6~": return .page
          case "\u{1B}[B", "\u{1B}OB": return .line
          case "\u{1B}[F", "\u{1B}OF", "\u{1B}[4~": return .all
          case "q", "\u{1B}", "\u{4}": return .stop
          case "/":
            if let text = searched() { return .search(text) }
          case _ where key.hasPrefix("\u{1B}"): continue
          default:
            // Somebody types the next statement.
            Keyboard.putBack(key)
            return .stop
          }
        }
        return .stop
      })
  }

  /// Asks in the line of the question for what to look for; nil if it is nothing after all.
  private static func searched() -> String? {
    var text = ""
    while true {
      Console.write("\r\u{1B}[K/" + VisibleText.shown(text))
      guard let key = Keyboard.key() else { return nil }
      switch key {
      case "\r", "\n": return text.isEmpty ? nil : text
      case "\u{7F}", "\u{8}":
        if text.popLast() == nil { return nil }
      case _ where key.hasPrefix("\u{1B}"): return nil
      default: text += key
      }
    }
  }
}
