/// One argument of a command, as it was typed: what it means depends on the parameter it binds to.
///
/// `ml-100k` is a name to `load` and a subtraction to `plot`, so a word keeps its text, and `expression`
/// reads it as a formula when that is what is wanted. Two words are equal if they are the same option
/// and read as the same formula, or else have the same text.
public struct Word: Sendable {
  /// The `name` of `name=value`.
  public let option: Identifier?
  /// Where the word stands, with its option name.
  public let range: Range<Int>
  /// Where its value stands.
  public let valueRange: Range<Int>
  /// The text that the ranges refer to.
  public let source: Source

  /// The value as typed, with its quotes if it has any.
  public var text: String { source.text(in: valueRange) }

  /// What stands between braces, if the value is that.
  var statements: String? {
    let text = text
    return text.count >= 2 && text.first == "{" && text.last == "}"
      ? String(text.dropFirst().dropLast()) : nil
  }

  /// The value read as a formula.
  ///
  /// - Throws: a diagnostic whose range lies inside the word.
  public func expression() throws(Diagnostic) -> Expression {
    var reader = SyntaxReader(source, in: valueRange, commands: [], variables: [])
    do {
      return try reader.wholeExpression()
    } catch {
      // `plot x a *b` and `plot x a* b`: the blank ended the word in the middle of a formula.
      var error = error
      if error.help.isEmpty, ["unfinished", "syntax"].contains(error.code) {
        error.help = ["blanks separate words; put the expression in parentheses: (a * b)"]
      }
      throw error
    }
  }
}

extension Word: Equatable {
  /// Whether two words mean the same.
  public static func == (left: Word, right: Word) -> Bool {
    guard left.option == right.option else { return false }
    if left.text == right.text { return true }
    guard let first = try? left.expression(), let second = try? right.expression() else {
      return false
    }
    return first == second
  }
}
