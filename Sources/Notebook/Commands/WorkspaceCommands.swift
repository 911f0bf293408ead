import CommandLanguage
import Documents

/// Variables.
enum WorkspaceCommands {
  static let all = [print]

  static let print = Builtin(
    CommandSpec(
      "print", group: .workspace, summary: "print values as text",
      parameters: [
        Parameter("values", .value(), .rest(atLeast: 0), help: "what to print, separated by blanks")
      ],
      examples: ["print 'a text'", "print(1 + 1, 'and', 2)"])
  ) { call in
    let texts = call.arguments.all("values").map(\.text)
    call.output.write(.preformatted(texts.joined(separator: " ")))
    return .none
  }
}
