public import ArgumentParser
public import CollabNotebook

/// Options of the ways in that run statements for programs.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      text, csv or json. With csv and json, standard output has the values of statements and \
      nothing else; all that is told to people goes to standard error.
      """, valueName: "FORMAT"))
  var format: ResultFormat = .text
}

extension ResultFormat: ExpressibleByArgument {}
