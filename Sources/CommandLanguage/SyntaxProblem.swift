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
  case unexpectedInside(String, opener: String, line: Int)
  case expected(String, found: String)

  // Statements
  case unknownCommand(String, near: [String])
  case notACommand(String)
  case notATarget
  case severalTargets(String)
  case noResult(String)
  case strayOutput
  case badAttribute(String)

  // Blocks
  case blockExpected(line: Int)
  case unexpectedIndentation(line: Int)
  case unmatchedIndentation(inner: Int, outer: Int)
  case mixedIndentation(Int, Int)
  case nestedOnOneLine
  case blockInBraces
  case loneBranch(String)
  case outsideOfFunction
  case outsideOfLoop(String)
  case classInFunction
  case classMember
  case baseClass(String)
  case methodWithoutSelf(String)

  // Words of commands
  case loneOperator(String)
  case blankInOption(String)

  // Formulas
  case looseCondition(String, instead: [String])
  case positionalAfterOption
  case repeated(String, what: String)
  case parameterBehindDefault(String)
  case parameterOrder(String)
  case reserved(String)

  // Forms of other languages
  case pipe(left: String, right: String)
  case foreignStatement(String)
  case decorator
  case selfMember(String)
  case namedValue
  case foreignOperator(String, instead: String)
  case assignedCondition
  case pastedPrompt(String)

  /// Code, message, caption and help lines.
  var content: (code: LanguageErrorCode, message: String, caption: String?, help: [String]) {
    textContent ?? statementContent ?? blockContent ?? foreignContent
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
    case .unexpectedInside(let text, let opener, let line):
      (
        .syntax, "`\(text)` is not expected here", nil,
        ["`\(opener)` in line \(line) is still open: close it before this line"]
      )
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
        .badTarget, "this cannot be assigned to", nil,
        ["for example a = 1, d['a'] = 1, or learn.model = m"]
      )
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
    case .parameterBehindDefault(let name):
      (
        .argumentOrder, "`\(name)` has no default, and stands behind a parameter that has one", nil,
        ["write \(name) before it, or give it a default: \(name)=None"]
      )
    case .parameterOrder(let name):
      (
        .argumentOrder, "`\(name)` cannot stand here", nil,
        ["parameters are written in this order: a, b=1, *rest, c=2, **options"]
      )
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
    case .foreignStatement(let word):
      (.python, "there is no `\(word)` here", nil, Self.insteadOf(word))
    case .decorator:
      (
        .python, "there are no decorators here", nil,
        ["leave the line out, or call the function on the other: f = g(f)"]
      )
    case .selfMember(let name):
      (.python, "between braces members are named without `self.`", nil, ["write \(name)"])
    case .namedValue:
      (
        .python, "there is no `:=` here", nil, ["give the name its value in a line before this one"]
      )
    case .foreignOperator(let text, let instead):
      (.syntax, "`\(text)` is not an operator", nil, ["write \(instead)"])
    case .assignedCondition:
      (.syntax, "`=` gives a name a value, which a condition does not", nil, ["`==` compares"])
    case .pastedPrompt(let text):
      (
        .python, "`\(text)` is the prompt of a Python session", nil,
        ["paste what stands behind it, without the outputs"]
      )
    default: nil
    }
  }

  /// What to write in place of a statement of Python's.
  private static func insteadOf(_ word: String) -> [String] {
    switch word {
    case "with": ["only `with no_grad():` opens a block"]
    case "try": ["a statement that fails leaves everything as it was; ask with `if` before it"]
    case "raise": ["assert condition, 'message' stops with a message"]
    case "global", "nonlocal": ["return the value, and assign what the call gives"]
    case "yield": ["collect the values in a list, and return that"]
    case "async", "await": ["write the function without `\(word)`: everything runs in its turn"]
    default: []
    }
  }

  private var blockContent: (LanguageErrorCode, String, String?, [String])? {
    switch self {
    case .blockExpected(let line):
      (
        .indentation, "a line that is indented deeper than line \(line) is expected here", nil,
        ["indent what belongs to line \(line) by four blanks; `pass` does nothing"]
      )
    case .unexpectedIndentation(let line):
      (
        .indentation, "this line is indented deeper than line \(line), and nothing opens a block",
        nil, ["indent it as line \(line) is"]
      )
    case .unmatchedIndentation(let inner, let outer):
      (
        .indentation,
        "this line is indented less than line \(inner) and more than line \(outer)", nil,
        ["indent it as line \(inner) is, or as line \(outer) if it does not belong to the block"]
      )
    case .mixedIndentation(let line, let other):
      (
        .indentation,
        "tabs and blanks are mixed: line \(line) and line \(other) cannot be compared", nil,
        ["indent both with blanks"]
      )
    case .nestedOnOneLine:
      (
        .syntax, "a block cannot begin behind another on the same line", nil,
        ["begin a line below, and indent it"]
      )
    case .blockInBraces:
      (
        .syntax, "a block behind `:` cannot stand inside braces", nil,
        ["name(x) = … or name(x) { … } is a method here; a class is written class X(Module):"]
      )
    case .loneBranch(let word):
      (
        .syntax, "there is no `if` to which this `\(word)` belongs", nil,
        ["an `\(word)` is indented as its `if` is, and nothing stands between their blocks"]
      )
    case .outsideOfFunction:
      (.syntax, "`return` stands in a function, below a `def`", nil, ["a value alone is shown"])
    case .outsideOfLoop(let word):
      (.syntax, "`\(word)` stands in a loop, below a `for` or `while`", nil, [])
    case .classInFunction:
      (.python, "a class stands outside of functions", nil, ["define it before the function"])
    case .classMember:
      (
        .python, "a class holds methods and nothing else", nil,
        ["give self the member in __init__: self.a = 1"]
      )
    case .baseClass(let name):
      (
        .python, "classes are models here: they inherit from Module", nil,
        ["class \(name)(Module):"]
      )
    case .methodWithoutSelf(let name):
      (
        .python, "the first parameter of a method is its instance, `self`", nil,
        ["def \(name)(self):"]
      )
    default: nil
    }
  }
}
