import CollabDocuments
import CollabLanguage

// What a notebook says to Python and to its shell.
extension Evaluator {
  /// Imports: what the chapter uses is here already, and does nothing.
  func run(_ item: Import) throws {
    let root = String(item.module.prefix { $0 != "." })
    let isHere =
      item.name.map { scope.library.functions[$0] != nil } == true || Self.partly.contains(root)
    guard Self.known.contains(root) || isHere else {
      var diagnostic = Diagnostic(
        "python", "there is no module `\(root)` here", at: item.range, in: source)
      let instead = item.name.flatMap(ForeignNames.instead) ?? Self.instead[root]
      diagnostic.help = [instead ?? "leave the line out; help lists what is here"]
      throw diagnostic
    }
    try bind(item, ofLibrary: Self.known.contains(root) && root != "math")
    scope.note("imports do nothing: every function is already here", as: "import")
  }

  /// Gives what is imported the name that it is to have, where it does not have it anyway.
  ///
  /// Of the larger libraries not everything is here, and a line may import what nobody calls.
  private func bind(_ item: Import, ofLibrary isLarge: Bool) throws {
    let library = scope.library
    guard let name = item.name else {
      // `import math as m`
      if let alias = item.alias, library.namespaces[alias.name] == nil,
        let namespace = library.namespaces[item.module]
      {
        scope.variables[alias.name] = .object(NamespaceObject(namespace, library))
      }
      return
    }
    if let builtin = library.functions[name] {
      if let alias = item.alias {
        scope.variables[alias.name] = .callable(BuiltinFunction(builtin))
      }
    } else if name != "*", !isLarge, let namespace = library.namespaces[item.module] {
      let module = Value.object(NamespaceObject(namespace, library))
      let identifier = Identifier(name, at: item.range)
      scope.variables[(item.alias ?? identifier).name] = try module.member(
        identifier, of: library, in: source)
    }
  }

  /// A line for another program.
  func passOver(_ text: String) {
    let word = text.prefix { !$0.isWhitespace }
    scope.note("`\(word)` is passed over: there is no shell and no notebook here", as: "magic")
  }

  /// Runs statements as if they stood alone, and says how long they took.
  func time(_ statements: [Statement]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    for statement in statements {
      if let value = try execute(statement), !statement.isSuppressed { scope.show(value) }
    }
    let seconds = start.duration(to: clock.now) / .seconds(1)
    scope.output.write(.preformatted("Wall time: \(Self.text(ofSeconds: seconds))"))
  }

  /// A duration as IPython writes it: three digits and a unit.
  private static func text(ofSeconds seconds: Double) -> String {
    if seconds >= 60 {
      let minutes = Int(clamping: seconds / 60)
      return "\(minutes)min \(threeDigits(seconds.truncatingRemainder(dividingBy: 60)))s"
    }
    return switch seconds {
    case 1...: "\(threeDigits(seconds)) s"
    case 1e-3...: "\(threeDigits(seconds * 1e3)) ms"
    default: "\(threeDigits(seconds * 1e6)) µs"
    }
  }

  private static func threeDigits(_ value: Double) -> String {
    (try? Value.double(value).formatted(".3g")) ?? "\(value)"
  }

  /// Modules whose names the chapter and its kin use, as far as they are here.
  private static let known: Set = [
    "torch", "numpy", "pandas", "fastai", "fastcore", "fastbook", "matplotlib", "operator",
    "typing",
    "warnings", "__future__", "math", "pathlib", "IPython",
  ]

  /// Modules of which something is here, behind their names.
  private static let partly: Set = [
    "random", "re", "functools", "itertools", "collections", "string", "copy",
  ]

  /// What there is in place of other modules.
  private static let instead = [
    "os": "files are read by name: read_csv('u.data')",
    "sys": "leave the line out; quit leaves",
    "random": "import random",
    "sklearn": "`pca` shows titles in two dimensions, and `similar 'TITLE'` finds neighbours",
    "scipy": "apropos WORD finds functions by what they do",
    "seaborn": "plot x y; hist x; scatter x y",
    "time": "%time STATEMENT says how long a statement takes",
    "tqdm": "fit shows its progress by itself",
    "re": "import re",
    "json": "save and restore keep a session",
    "pickle": "save and restore keep a session",
  ]
}
