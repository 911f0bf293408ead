/// The states of a text while it is edited, to go back to and forth again.
///
/// What is typed letter by letter is one state for each word.
package struct UndoStack {
  private var states: [EditedText] = []
  private var undone: [EditedText] = []
  /// Whether the latest state is a word that may still grow.
  private var isTyping = false

  /// Begins anew with a text.
  package init(_ text: EditedText) { states = [text] }

  /// Keeps a state, if its text is not that of the latest.
  package mutating func record(_ text: EditedText) {
    guard let last = states.last, last.scalars != text.scalars else {
      if let place = states.indices.last { states[place] = text }
      return
    }
    undone = []
    let isLetter =
      text.scalars.count == last.scalars.count + 1 && text.cursor == last.cursor + 1
      && EditedText.isInWord(text.scalars[last.cursor])
    if isLetter, isTyping, states.count > 1 {
      states[states.count - 1] = text
    } else {
      states.append(text)
    }
    isTyping = isLetter
  }

  /// The state before the present one.
  package mutating func undo(from present: EditedText) -> EditedText? {
    record(present)
    isTyping = false
    guard states.count > 1, let last = states.popLast() else { return nil }
    undone.append(last)
    return states.last
  }

  /// The state that was undone last.
  package mutating func redo() -> EditedText? {
    guard let next = undone.popLast() else { return nil }
    states.append(next)
    isTyping = false
    return next
  }
}
