/// What `help` says about an error code.
public struct ErrorExplanation: Sendable, Hashable {
  /// The stable word in `error[word]`.
  public let code: String
  /// What it means and what to do, in a sentence or two.
  public let text: String

  /// A code and what it means.
  public init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }

  /// The codes of this module.
  public static let language: [ErrorExplanation] = [
    .init("argument-order", "Arguments without a name come before those with one: f(a, n=5)."),
    .init("bad-attribute", "A %% or #: line holds names and name=value pairs."),
    .init("bad-escape", #"In a text a backslash begins one of \n \t \r \\ \' \" and \u{…}."#),
    .init(
      "bad-field", "A question has fields such as right: and hint:; what follows one is indented."),
    .init("bad-format", "The braces of an f'…' text do not pair up. A brace itself is doubled."),
    .init("bad-number", "A number runs into letters, or is too large."),
    .init("bad-target", "Only names, and names with dots, can be assigned to."),
    .init(
      "bad-value", "The value is not of the kind that the parameter takes. help NAME says which."),
    .init("blank-in-option", "An option is written name=value, without blanks around the =."),
    .init("chained-assignment", "a = b = 1 is written b = 1; a = b."),
    .init(
      "chained-comparison", "a < b < c is written a < b and b < c, of columns (a < b) & (b < c)."),
    .init("duplicate-id", "Two cells of a file have the same id."),
    .init(
      "lone-operator", "Blanks separate the words of a command, so a formula with blanks needs (…)."
    ),
    .init(
      "loose-condition", "a > 3 & b == 1 means a > (3 & b) == 1; write (a > 3) & (b == 1)."),
    .init("mismatched", "A closing bracket does not fit the opening one."),
    .init("missing-argument", "A command was given too little."),
    .init("no-help", "There is no command, function or error code with this name."),
    .init("no-pipe", "| does not join commands. Use a method, or a call inside a call."),
    .init("no-result", "The last line of a function's block is its value, and there is none."),
    .init("not-utf8", "Files are read as UTF-8."),
    .init("python", "The line is Python. The message shows how it is written here."),
    .init("repeated", "A name occurs twice where it may occur once."),
    .init("stray-output", "#> lines stand directly below the statement whose output they record."),
    .init("syntax", "The text does not have the form of a statement."),
    .init("too-deep", "Brackets or operators are nested too deeply."),
    .init("too-many-arguments", "A command was given more than it takes."),
    .init("unclosed", "A bracket or a \"\"\" text is opened but never closed."),
    .init("unclosed-string", "A text in quotes ends on the line on which it begins."),
    .init("unexpected-character", "A character has no meaning outside quotes."),
    .init("unfinished", "The text ends where something must follow."),
    .init("unknown-attribute", "A cell has no attribute with this name."),
    .init(
      "unknown-command", "The line begins with a word that is neither a command nor a variable."),
    .init("unknown-name", "A formula uses a name that stands for nothing."),
    .init("unknown-option", "The command has no option with this name. help NAME lists them."),
  ]
}
