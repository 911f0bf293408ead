internal import CCollabLineEdit
internal import Glibc

/// The choice of a reader: an editor at a terminal, plain lines otherwise.
public enum LineInput {
  /// The version of libedit, which reads the keys.
  public static var libraryVersion: String { String(cString: le_library_version()) }

  /// What a reader is told about the language and its user.
  public struct Options {
    /// What is open at the end of a text; nil when it is complete.
    public let openInput: (String) -> OpenInput?
    /// What could stand at the cursor.
    public let complete: Completer?
    /// Where statements are kept; nil keeps them until the program ends.
    public let history: HistoryFile?
    /// What the lines look like.
    public let appearance: Appearance

    /// Collects what a reader needs to know; by default every line is complete in itself.
    public init(
      openInput: @escaping (String) -> OpenInput? = { _ in nil }, complete: Completer? = nil,
      history: HistoryFile? = nil, appearance: Appearance = Appearance()
    ) {
      self.openInput = openInput
      self.complete = complete
      self.history = history
      self.appearance = appearance
    }
  }

  /// Opens the reader that suits standard input and output.
  ///
  /// Lines are edited when both are terminals and `TERM` names one that can do more than print.
  public static func reader(_ options: Options) -> any LineReader {
    let isInteractive = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    if isInteractive, canEdit, let editor = LineEditor(options) { return editor }
    return PlainReader(openInput: options.openInput, isInteractive: isInteractive)
  }

  private static var canEdit: Bool {
    guard let term = getenv("TERM").map({ String(cString: $0) }) else { return false }
    return !term.isEmpty && term != "dumb"
  }
}
