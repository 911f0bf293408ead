import CollabFiles
import CollabLineEditing
import CollabNotebook
import Glibc

/// A line of advice a day, each only once.
///
/// The file holds the day of the last line and how many were given, or `off`.
struct DailyTip {
  private let path: String

  /// In `$XDG_STATE_HOME/collab`, or `~/.local/state/collab`.
  static var standard: DailyTip? {
    HistoryFile.standard.map { DailyTip(path: $0.path.dropLast("history".count) + "tips") }
  }

  init(path: some StringProtocol) { self.path = String(path) }

  /// The next line, unless one was given today; none on the first day, which the welcome is for.
  func take(today: Int = Int(clamping: time(nil)) / 86_400) -> String? {
    let words = String(decoding: (try? Files.read(path)) ?? [], as: UTF8.self)
      .split { $0.isWhitespace }.map { Int($0) }
    if words.first == .some(nil) { return nil }
    let (day, count) = words.count == 2 ? (words[0] ?? today, words[1] ?? 0) : (today, 0)
    if words.isEmpty { keep("\(today) 0") }
    guard day != today, Tip.all.indices.contains(count) else { return nil }
    keep("\(today) \(count + 1)")
    return Tip.all[count]
  }

  /// Whether there are any from now on.
  func turn(on isOn: Bool) {
    let isOff = (try? Files.read(path)).map { $0 == Array("off\n".utf8) } ?? false
    if isOn == isOff { keep(isOn ? "0 0" : "off") }
  }

  private func keep(_ text: String) {
    try? Files.makePrivateFolders(for: path)
    try? Files.replace(path, with: Array((text + "\n").utf8), mode: 0o600)
  }
}
