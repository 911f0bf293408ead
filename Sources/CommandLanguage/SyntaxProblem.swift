/// What can be wrong with the form of a text: every message of the parser is written here.
enum SyntaxProblem {
  // Pieces of text
  case unexpectedCharacter(String, instead: String?)
  case badNumber(String)
  case numberTooLarge(String)
  case unclosedString(quote: String)
  case badEscape(String)
  case loneBrace(String)
  case emptyBraces

  // Brackets and ends
  case unclosed(String)
  case unfinished(after: String)
  case mismatched(String, opener: String?)
  case tooDeep
  case endsTooEarly(String)
  case unexpected(String)
  case expected(String, found: String)

  // Statements
  case unknownCommand(String, near: [String])
  case notACommand(String)
  case notATarget
  case chainedAssignment(first: String?, second: String?)
  case severalTargets(String)
  case noResult(String)
  case strayOutput
  case badAttribute(String)

  // Words of commands
  case loneOperator(String)
  case blankInOption(String)

  // Formulas
  case chainedComparison
  case looseCondition(String, instead: [String])
  case positionalAfterOption
  case repeated(String, what: String)
  case reserved(String)

  // Forms of other languages
  case pipe(left: String, right: String)
  case pythonClass(String)
  case pythonBody(String)
  case pythonImport
  case pythonLoop(String)
  case lambda
  case conditionalExpression
  case selfMember(String)
  case dictionary
  case foreignOperator(String, instead: String)

  /// Code, message, caption and help lines.
  var content: (code: LanguageErrorCode, message: String, caption: String?, help: [String]) {
    textContent ?? statementContent ?? foreignContent
      ?? (.syntax, "this cannot be read", nil, [])
  }

  /// The diagnostic for this problem at a place.
  func diagnostic(at range: Range<Int>, in source: Source) -> Diagnostic {
    let (code, message, caption, help) = content
    return Diagnostic(code, message, at: range, in: source, caption: caption, help: help)
  }
}

extension SyntaxProblem {
  private var textContent: (LanguageErrorCode, String, String?, [String])? {
    switch self {
    case .unexpectedCharacter(let text, let instead):
      (
        .unexpectedCharacter, "the character `\(text)` has no meaning here", nil,
        instead.map { ["write \($0) instead"] } ?? []
      )
    case .badNumber(let text):
      (
        .badNumber, "`\(text)` is neither a number nor a name", nil,
        ["names begin with a letter; a text stands in quotes"]
      )
    case .numberTooLarge(let text): (.badNumber, "`\(text)` is too large a number", nil, [])
    case .unclosedString(let quote):
      (
        .unclosedString, "the text that begins here has no closing \(quote)", nil,
        ["texts end on the line they begin on; \"\"\" … \"\"\" may hold several lines"]
      )
    case .badEscape(let text):
      (
        .badEscape, "`\(text)` is not an escape", nil,
        [#"known are \n \t \\ \' \" and \u{…}; a backslash itself is \\"#]
      )
    case .loneBrace(let brace):
      (
        .badFormat, "`\(brace)` does not belong to a pair", nil,
        ["in an f'…' text write \(brace)\(brace) for the character itself"]
      )
    case .emptyBraces: (.badFormat, "the braces hold nothing", nil, [])
    case .unclosed(let opener): (.unclosed, "`\(opener)` is never closed", "opened here", [])
    case .unfinished(let text):
      (.unfinished, "something is missing after `\(text)`", nil, [])
    case .mismatched(let closer, let opener):
      (
        .mismatched,
        opener.map { "`\(closer)` does not close `\($0)`" } ?? "`\(closer)` closes nothing", nil, []
      )
    case .tooDeep:
      (
        .tooDeep, "this is nested too deeply to be read", nil,
        ["give parts of it names: part = …"]
      )
    case .endsTooEarly(let text): (.syntax, "\(text) ends too early", nil, [])
    case .unexpected(let text): (.syntax, "`\(text)` is not expected here", nil, [])
    case .expected(let what, let found): (.syntax, "expected \(what), found \(found)", nil, [])
    default: nil
    }
  }

  private var statementContent: (LanguageErrorCode, String, String?, [String])? {
    switch self {
    case .unknownCommand(let name, let near):
      (
        .unknownCommand, "there is no command or variable `\(name)`", nil,
        Suggestion.help(for: near)
      )
    case .notACommand(let name):
      (
        .unknownCommand, "`\(name)` is a variable, not a command", nil,
        ["type \(name) alone to see it, or put an operator behind it"]
      )
    case .notATarget:
      (
        .badTarget, "only names can be assigned to", nil,
        ["for example a = 1, or learn.model = m"]
      )
    case .chainedAssignment(let first?, let second?):
      (
        .chainedAssignment, "only one `=` on a line", nil,
        ["write \(second) = …; \(first) = \(second)"]
      )
    case .chainedAssignment:
      (.chainedAssignment, "only one `=` on a line", nil, ["assign one name after the other"])
    case .severalTargets(let operation):
      (
        .badTarget, "`\(operation)` changes one name at a time", nil, []
      )
    case .noResult(let name):
      (
        .noResult, "`\(name)` has no result", nil,
        ["the last line of the block is the value of a call"]
      )
    case .strayOutput:
      (
        .strayOutput, "there is no statement above this recorded output", nil,
        ["a comment begins with `# `"]
      )
    case .badAttribute(let text):
      (
        .badAttribute, "`\(text)` is not a name or name=value", nil, ["for example tol=1e-4"]
      )
    case .loneOperator(let text):
      (
        .loneOperator, "`\(text)` stands alone between blanks", nil,
        ["put the expression in parentheses: (a \(text) b)"]
      )
    case .blankInOption(let name):
      (
        .blankInOption, "no blanks around the `=` of an option", nil, ["write \(name)=VALUE"]
      )
    case .chainedComparison:
      (
        .chainedComparison, "a comparison has two sides", nil,
        ["write a < b and b < c"]
      )
    case .looseCondition(let sign, let instead):
      (
        .looseCondition, "`\(sign)` takes its operands before a comparison does", nil,
        instead
      )
    case .positionalAfterOption:
      (
        .argumentOrder, "arguments without a name come before those with one", nil, []
      )
    case .repeated(let name, let what): (.repeated, "the \(what) `\(name)` occurs twice", nil, [])
    case .reserved(let word): (.syntax, "`\(word)` cannot stand here", nil, [])
    default: nil
    }
  }

  private var foreignContent: (LanguageErrorCode, String, String?, [String])? {
    switch self {
    case .pipe(let left, let right):
      (
        .noPipe, "`|` does not join commands", nil,
        ["use a method or a call: \(right)(\(left))"]
      )
    case .pythonClass(let name):
      (
        .python, "a model is written with braces", nil,
        ["model \(name)(a, b) { layer = Embedding(a, b); forward(x) = layer(x[:,0]) }"]
      )
    case .pythonBody(let head):
      (
        .python, "a body stands behind `=` or in braces, not behind `:`", nil,
        ["\(head) = …", "\(head) { … }"]
      )
    case .pythonImport:
      (.python, "there is nothing to import: every function is already here", nil, [])
    case .pythonLoop(let word):
      (
        .python, "there is no `\(word)` statement", nil,
        [
          word == "with"
            ? "no_grad(f(x)) computes without gradients"
            : "a list can be made with [f(a) for a in values if a > 0]"
        ]
      )
    case .lambda:
      (.python, "functions have names here", nil, ["define one before: def f(x) = x + 1"])
    case .conditionalExpression:
      (
        .python, "there is no `if` inside a formula", nil,
        ["[f(a) for a in values if a > 0] leaves members out; where(test, a, b) chooses"]
      )
    case .selfMember(let name):
      (.python, "members are named without `self.`", nil, ["write \(name)"])
    case .dictionary:
      (
        .syntax, "`{` opens a block of a model or function, not a value", nil,
        ["a list is [a, b], a tuple (a, b)"]
      )
    case .foreignOperator(let text, let instead):
      (.syntax, "`\(text)` is not an operator", nil, ["write \(instead)"])
    default: nil
    }
  }
}
