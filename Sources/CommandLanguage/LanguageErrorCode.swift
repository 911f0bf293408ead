/// What the reader of the language, the binder of arguments and `help` can find wrong.
///
/// Diagnostics have their codes as texts, since the modules that calculate have some of their own; what
/// this module says comes from here, so that nothing of it lacks an explanation.
package enum LanguageErrorCode: String, CaseIterable, Sendable {
  case argumentOrder = "argument-order"
  case badAttribute = "bad-attribute"
  case badEscape = "bad-escape"
  case badField = "bad-field"
  case badFormat = "bad-format"
  case badNumber = "bad-number"
  case badTarget = "bad-target"
  case badValue = "bad-value"
  case blankInOption = "blank-in-option"
  case duplicateID = "duplicate-id"
  case indentation
  case loneOperator = "lone-operator"
  case looseCondition = "loose-condition"
  case mismatched
  case missingArgument = "missing-argument"
  case noHelp = "no-help"
  case noPipe = "no-pipe"
  case noResult = "no-result"
  case notUTF8 = "not-utf8"
  case python
  case repeated
  case strayOutput = "stray-output"
  case syntax
  case tooDeep = "too-deep"
  case tooManyArguments = "too-many-arguments"
  case unclosed
  case unclosedString = "unclosed-string"
  case unexpectedCharacter = "unexpected-character"
  case unfinished
  case unknownAttribute = "unknown-attribute"
  case unknownCommand = "unknown-command"
  case unknownName = "unknown-name"
  case unknownOption = "unknown-option"

  /// What it means and what to do, in a sentence or two.
  package var explanation: String {
    switch self {
    case .argumentOrder: "Arguments without a name come before those with one: f(a, n=5)."
    case .badAttribute: "A %% or #: line holds names and name=value pairs."
    case .badEscape:
      #"In a text a backslash begins \n \t \\ \' \" and \u{…}; in an r'…' text it is itself."#
    case .badField: "A question has fields such as right: and hint:; what follows one is indented."
    case .badFormat: "The braces of an f'…' text do not pair up. A brace itself is doubled."
    case .badNumber: "A number runs into letters, or is too large."
    case .badTarget: "Names, members behind a dot and elements in brackets can be assigned to."
    case .badValue: "The value is not of the kind that the parameter takes. help NAME says which."
    case .blankInOption: "An option is written name=value, without blanks around the =."
    case .duplicateID: "Two cells of a file have the same id."
    case .indentation:
      "What a line ending in : governs is indented deeper, each line of it as the first one is."
    case .loneOperator:
      "Blanks separate the words of a command, so a formula with blanks needs (…)."
    case .looseCondition: "a > 3 & b == 1 means a > (3 & b) == 1; write (a > 3) & (b == 1)."
    case .mismatched: "A closing bracket does not fit the opening one."
    case .missingArgument: "A command was given too little."
    case .noHelp: "There is no command, function or error code with this name."
    case .noPipe: "| does not join commands. Use a method, or a call inside a call."
    case .noResult: "The last line of a function's block is its value, and there is none."
    case .notUTF8: "Files are read as UTF-8."
    case .python: "Python has this, and Collab does not. The message says what to write instead."
    case .repeated: "A name occurs twice where it may occur once."
    case .strayOutput: "#> lines stand directly below the statement whose output they record."
    case .syntax: "The text does not have the form of a statement."
    case .tooDeep: "Brackets or operators are nested too deeply."
    case .tooManyArguments: "A command was given more than it takes."
    case .unclosed: "A bracket or a \"\"\" text is opened but never closed."
    case .unclosedString: "A text in quotes ends on the line on which it begins."
    case .unexpectedCharacter: "A character has no meaning outside quotes."
    case .unfinished: "The text ends where something must follow."
    case .unknownAttribute: "A cell has no attribute with this name."
    case .unknownCommand: "The line begins with a word that is neither a command nor a variable."
    case .unknownName: "A formula uses a name that stands for nothing."
    case .unknownOption: "The command has no option with this name. help NAME lists them."
    }
  }
}

extension Diagnostic {
  /// A message of the language with its code and, where known, its place.
  package init(
    _ code: LanguageErrorCode, _ message: String, at range: Range<Int>? = nil,
    in source: Source? = nil, caption: String? = nil, help: [String] = []
  ) {
    self.init(
      code.rawValue, message, at: range, in: source, caption: caption, help: help)
  }
}
