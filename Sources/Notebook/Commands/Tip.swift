/// Advice for those who know the beginning: each line names something that can be typed.
public enum Tip {
  /// All lines, in the order in which they are given.
  public static let all = [
    "Right takes the grey suggestion, Alt-F a word of it; `set suggestions=off` ends them.",
    "Tab twice opens a list that the arrows walk through and typing narrows.",
    "`help keys` lists the keys; `help language` is the language on a page.",
    "`time fit 1` says how long a statement takes.",
    "`undo` goes back to before the last fit, as often as there was one.",
    "Up in a block goes to the line above; Ctrl-X Ctrl-E opens it in your editor.",
    "`record notes.collab` keeps what you type as a script; `record off` ends it.",
    "`x = bias top=5` keeps a table instead of showing it; `x.to_csv()` is its text.",
    "`head ratings;` with a semicolon runs a statement and shows nothing of it.",
    "`apropos batch` searches the descriptions of all commands and functions.",
    "`!ls -l` runs a command line of the system.",
    "`_` is the value that was shown last.",
    "`fit?` is the same as `help fit`.",
    "`set precision 3` shows fewer decimals; `set` lists all options.",
    "`teach` opens the chapter as a lesson; `teach questions` asks its questions.",
  ]
}
