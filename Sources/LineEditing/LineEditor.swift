private import CCollabLineEdit
internal import Glibc
private import CollabText

/// Lines edited at a terminal, with history, completion and blocks of several lines.
///
///     guard let editor = LineEditor(LineInput.Options()) else { return }
///     let result = editor.read(Prompt("collab[1]"))
///
/// The editing itself is libedit's; keys can be changed in `~/.editrc`. Between two reads the
/// terminal does not echo, so that keys typed while a command runs do not land in its output;
/// they become the next input.
///
/// An unfinished statement is continued under a prompt that shows what is open. The lines above
/// are out of reach then, but Up on an empty line takes the whole block back to be edited, and
/// history recalls it as one entry.
public final class LineEditor: LineReader {
  /// Somebody is typing.
  public let isInteractive = true
  private let options: LineInput.Options
  private var editor: OpaquePointer?
  /// The lines above the one being edited, for completion.
  private var block = ""
  private var isStatement = true
  /// A line that was read to see whether it belongs to the block above it, and did not.
  private var held: String?

  /// Takes over standard input and output; nil when they are no terminals or not in UTF-8.
  public init?(_ options: LineInput.Options) {
    self.options = options
    let context = Unmanaged.passUnretained(self).toOpaque()
    let size = options.history?.limit ?? 5000
    editor = le_open(
      "collab", Int32(size),
      { context, line, cursor in
        guard let context, let line else { return }
        let text = UnsafeBufferPointer(start: line, count: strlen(line)).map(
          UInt8.init(bitPattern:))
        Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue().complete(
          before: String(decoding: text[..<cursor], as: UTF8.self),
          after: String(decoding: text[cursor...], as: UTF8.self))
      }, context)
    guard editor != nil else { return nil }
    for statement in options.history?.load() ?? [] { le_history_add(editor, statement) }
  }

  deinit { close() }

  /// Puts the terminal back as it was found; the editor cannot be used afterwards.
  public func close() {
    le_close(editor)
    editor = nil
  }

  /// Reads a statement; `^C` discards what was typed and asks again.
  public func read(_ prompt: Prompt) -> ReadResult {
    isStatement = prompt.purpose == .statement
    var reading = Reading()
    while true {
      switch heldLine(prompt) ?? readLine(prompt, &reading) {
      case .text(let line):
        if let statement = take(line, into: &reading) {
          if isStatement { remember(statement) }
          return .line(statement)
        }
      case .end:
        guard let open = reading.open else { return .endOfInput }
        show(open.note)
      case .reopen:
        reading = Reading(initial: reading.lines.joined(separator: "\n"))
      case .interrupt: reading = Reading()
      case .truncated:
        show("the end of that line was lost; please type it again")
        reading = Reading()
      case .failed(let error): return .failed(error)
      }
    }
  }

  private func show(_ note: String) {
    print(note)
    fflush(nil)
  }

  private func remember(_ statement: String) {
    guard statement.contains(where: { !$0.isWhitespace }) else { return }
    le_history_add(editor, statement)
    options.history?.append(statement)
  }
}

// MARK: - One statement
extension LineEditor {
  /// A statement as far as it has been entered.
  private struct Reading {
    var lines: [String] = []
    var open: OpenInput?
    /// A block that was taken back to be edited.
    var initial: String?
    var emptyLines = 0
    var wasHelped = false
    /// Whether an empty line has ended a block, unless what is typed already belongs to it too.
    var mayEnd = false
  }

  private enum LineResult {
    case text(String)
    case end, interrupt, reopen, truncated
    case failed(Int32)
  }

  /// Adds a line; the whole statement when that completes it.
  private func take(_ line: String, into reading: inout Reading) -> String? {
    if reading.mayEnd, !OpenInput.continues(line) {
      held = line
      return reading.lines.joined(separator: "\n")
    }
    reading.lines.append(line)
    reading.initial = nil
    let text = reading.lines.joined(separator: "\n")
    // What was pasted at once ends with the paste.
    guard isStatement, let open = options.openInput(line.contains("\n") ? text + "\n" : text) else {
      reading.mayEnd =
        reading.open?.isBlock == true && line.allSatisfy(\.isWhitespace)
        && StandardInput.isPending
      return reading.mayEnd ? nil : text
    }
    reading.open = open
    reading.emptyLines = line.allSatisfy(\.isWhitespace) ? reading.emptyLines + 1 : 0
    let word = line.drop { $0 == " " }
    let seemsStuck = ["help", "quit", "exit"].contains { word == $0 } || reading.emptyLines >= 2
    if reading.lines.count > 1, seemsStuck, !reading.wasHelped {
      reading.wasHelped = true
      show(open.note)
    }
    return nil
  }

  /// The line that was read too far, as if it were typed now.
  private func heldLine(_ prompt: Prompt) -> LineResult? {
    guard let line = held.take() else { return nil }
    show(prompt.text + line)
    return .text(line)
  }

  private func readLine(_ prompt: Prompt, _ reading: inout Reading) -> LineResult {
    let open = reading.open
    block = open == nil ? "" : reading.lines.joined(separator: "\n") + "\n"
    let question = open.map { prompt.continued($0) } ?? styled(prompt)
    var line: UnsafePointer<CChar>?
    let result = question.withCString { question in
      withOptionalCString(reading.initial) { initial in
        var request = le_request(prompt: question, initial: initial, continues: open != nil)
        return le_read(editor, &request, &line)
      }
    }
    reading.initial = nil
    switch result {
    case LE_LINE: return line.map { .text(String(cString: $0)) } ?? .end
    case LE_INTERRUPT: return .interrupt
    case LE_REOPEN: return .reopen
    case LE_TRUNCATED: return .truncated
    case LE_EOF:
      show("")
      return .end
    default: return .failed(errno)
    }
  }

  /// The prompt in colour, as libedit wants it.
  ///
  /// A sequence is drawn together with the visible character behind it, so none may be last.
  private func styled(_ prompt: Prompt) -> String {
    guard options.hasColor else { return prompt.text }
    return "\u{1}\u{1B}[1;32m\u{1}\(prompt.name)\u{1}\u{1B}[0m\u{1}> "
  }

  private func withOptionalCString<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }
}

// MARK: - Completion
extension LineEditor {
  private func complete(before: String, after: String) {
    guard isStatement else { return }
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    let isInBlock = !block.isEmpty || before.contains("\n")
    if isInBlock, line.allSatisfy({ $0 == " " }) {
      le_replace(editor, 0, String(repeating: " ", count: 4 - line.count % 4))
      return
    }
    guard let completions = options.complete?(block + before, after) else { return }
    switch completions.answer(after: after) {
    case .beep: return
    // Nobody could tell what stands there then.
    case .replace(_, let text) where text.unicodeScalars.contains(where: VisibleText.isActive):
      return
    case .replace(let count, let text): le_replace(editor, Int32(count), text)
    case .list:
      let size = windowSize()
      le_list(
        editor,
        CompletionListing.text(
          completions.candidates, omitting: completions.omittedCount, width: size.width,
          height: size.height))
    }
  }

  private func windowSize() -> (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
