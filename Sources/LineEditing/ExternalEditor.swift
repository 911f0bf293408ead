internal import CollabFiles
internal import Glibc

/// The editor that the user has named in `VISUAL` or `EDITOR`.
public enum ExternalEditor {
  /// Why there is no edited text.
  public struct Problem: Error {
    /// What is wrong, and what to do about it.
    public let message: String
  }

  /// Lets the user edit a text, and waits until the editor ends.
  ///
  /// - Parameter text: the text, without a line break at its end.
  /// - Returns: what the editor left, without blanks at its end.
  public static func edit(_ text: String) -> Result<String, Problem> {
    let path = (variable("TMPDIR") ?? "/tmp") + "/collab-\(getpid()).collab"
    defer { unlink(path) }
    let name = variable("VISUAL") ?? variable("EDITOR") ?? "vi"
    do throws(FileError) {
      try Files.replace(path, with: Array((text + "\n").utf8), mode: 0o600)
      // The name may come with options, so the shell reads it.
      setenv("COLLAB_EDITED", path, 1)
      defer { unsetenv("COLLAB_EDITED") }
      guard system(name + " \"$COLLAB_EDITED\"") == 0 else {
        return .failure(
          Problem(message: "the editor `\(name)` failed; EDITOR in the environment names another"))
      }
      var edited = String(decoding: try Files.read(path), as: UTF8.self)
      while edited.last?.isWhitespace ?? false { edited.removeLast() }
      return .success(edited)
    } catch {
      return .failure(Problem(message: "the edited text is lost: \(error.reason)"))
    }
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
