private import CCollabLineEdit
internal import Glibc

/// Statements edited at a terminal, with colours, history, completion and blocks of several lines.
///
///     guard let editor = LineEditor(LineInput.Options()) else { return }
///     let result = editor.read(Prompt("collab[1]"))
///
/// Keys and the modes of emacs and vi are libedit's; keys can be changed in `~/.editrc`. What
/// stands on the screen is drawn here, whenever no key is waiting: libedit cannot show a block
/// taller than the window, a suggestion or a menu. Between two reads the terminal does not echo, so
/// that keys typed while a command runs do not land in its output; they become the next input.
///
/// A statement that is unfinished goes on in the next line, in which the lines above are still in
/// reach.
public final class LineEditor: LineReader {
  /// Somebody is typing.
  public let isInteractive = true
  /// What it knows about the language and its user; a lesson has words of its own.
  public var options: LineInput.Options
  private var editor: OpaquePointer?
  var screen: Screen
  var prompt = Prompt("")
  var history: StatementHistory
  /// What was taken away last, to be put back with ^Y.
  var killed = ""
  /// The statement that is being edited.
  var reading = Reading()
  /// A line that was read to see whether it belongs to the block above it, and did not.
  var held: String?
  /// A text that the next statement begins with.
  private var initial: String?

  /// Takes over standard input and output; nil when they are no terminals or not in UTF-8.
  public init?(_ options: LineInput.Options) {
    self.options = options
    screen = Screen(hasColor: options.appearance.hasColor)
    let statements = options.history?.load() ?? []
    history = StatementHistory(statements)
    let hooks = le_hooks(
      context: Unmanaged.passUnretained(self).toOpaque(),
      paint: { context, line, count, cursor, isSearch in
        LineEditor.of(context)?.paint(EditedText(line, count, cursor), isSearch: isSearch)
      },
      key: { context, key, line, count, cursor in
        LineEditor.of(context)?.act(on: key, EditedText(line, count, cursor))
      })
    self.editor = le_open("collab", Int32(options.history?.limit ?? 5000), hooks)
    guard self.editor != nil else { return nil }
    for statement in statements { le_history_add(self.editor, statement) }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> LineEditor? {
    context.map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
  }

  deinit { close() }

  /// Puts the terminal back as it was found; the editor cannot be used afterwards.
  public func close() {
    le_close(editor)
    editor = nil
  }

  /// Lets the next statement begin with a text, which is edited before it runs.
  public func begin(with text: String) { initial = text }

  /// Gives the terminal to something that uses it in its own way.
  public func lendTerminal<Result>(to body: () -> Result) -> Result {
    le_lend_terminal(editor, true)
    defer { le_lend_terminal(editor, false) }
    return body()
  }

  /// Reads a statement; `^C` discards what was typed and asks again.
  public func read(_ prompt: Prompt) -> ReadResult {
    self.prompt = prompt
    var text = initial
    initial = nil
    if let line = held.take() {
      guard openInput(line) != nil else {
        reading = Reading()
        return finish(line)
      }
      text = line + "\n"
    }
    while true {
      reading = Reading(EditedText(text ?? ""), isTyped: text?.hasSuffix("\n") ?? false)
      let result =
        text.map { text in text.withCString { le_read(editor, $0, text.utf8.count) } }
        ?? le_read(editor, nil, 0)
      let error = errno
      le_take_escape(editor, false)
      text = nil
      switch (result, reading.end) {
      case (LE_DONE, .statement(let statement)?): return finish(statement)
      case (LE_DONE, .leave?), (LE_EOF, _):
        closePicture()
        return .endOfInput
      case (LE_DONE, _), (LE_INTERRUPT, _):
        closePicture(adding: "^C")
      default:
        closePicture()
        return .failed(error)
      }
    }
  }

  /// Shows a statement as it will stay, and keeps it.
  private func finish(_ statement: String) -> ReadResult {
    drawFinal(statement)
    if prompt.purpose == .statement, statement.contains(where: { !$0.isWhitespace }) {
      history.add(statement)
      le_history_add(editor, statement)
      options.history?.append(statement)
    }
    return .line(statement)
  }

  /// What is open at the end of a text, where statements are read.
  func openInput(_ text: String) -> OpenInput? {
    prompt.purpose == .statement ? options.openInput(text) : nil
  }
}

// MARK: - One statement
extension LineEditor {
  /// A statement as far as it has been entered.
  struct Reading {
    /// How reading ended.
    enum End {
      case statement(String)
      case leave, interrupt
    }

    /// The text as a key of ours left it, with the column that up and down keep to.
    var last: EditedText
    var undo: UndoStack
    var menu: CompletionMenu?
    /// What is offered behind a text.
    var suggestion: (typed: String, rest: String)?
    /// Whether line breaks were typed one by one, so that only an empty line ends a block.
    var isTyped: Bool
    /// Whether an empty line has ended a block, unless what comes next belongs to it too.
    var mayEnd = false
    var wasHelped = false
    /// The text whose last line begins with blanks that nobody typed.
    var indented: EditedText?
    /// What was open above the last line when it was drawn last.
    var open: (above: String, input: OpenInput?)?
    /// The first row shown of a block that is taller than the window.
    var top = 0
    var columns: Int?
    var end: End?

    init(_ text: EditedText = EditedText(""), isTyped: Bool = false) {
      (last, undo, self.isTyped) = (text, UndoStack(text), isTyped)
    }
  }

  // MARK: What keys do to libedit's line

  /// Replaces the line.
  func set(_ text: EditedText) {
    reading.last = text
    text.text.withCString { le_set(editor, $0, text.cursorBytes) }
  }

  func beep() { le_beep(editor) }

  /// Ends the reading.
  func end(_ end: Reading.End) {
    reading.end = end
    le_finish(editor)
  }

  /// Opens or closes the menu, which Escape then closes.
  func show(_ menu: CompletionMenu?) {
    reading.menu = menu
    le_take_escape(editor, menu != nil)
  }
}

extension EditedText {
  /// The line as libedit has it.
  fileprivate init(_ line: UnsafePointer<CChar>?, _ count: Int, _ cursor: Int) {
    let bytes = UnsafeRawBufferPointer(start: line, count: line == nil ? 0 : count)
    self.init(String(decoding: bytes, as: UTF8.self), cursor: cursor)
  }
}
