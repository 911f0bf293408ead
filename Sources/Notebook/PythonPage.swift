import CollabLanguage
import CollabText

/// "From fastai, PyTorch and pandas": what stands for what, made from the registry, so that it says no more
/// and no less than there is.
///
///     PythonPage(Session.registry).markdown
struct PythonPage: Sendable {
  private let registry: CommandRegistry

  /// A page for all that a registry knows.
  init(_ registry: CommandRegistry) { self.registry = registry }

  private struct Section {
    let title: String
    let text: String
    /// What is typed in Python, and what it is here.
    var rows: [(python: String, here: String)] = []
    /// Names that are the same here.
    var names: [String] = []
  }

  /// The page as the repository keeps it.
  var markdown: String {
    var lines = [
      "# From fastai, PyTorch and pandas", "",
      "Made by `collab help --python` from the descriptions that `help python` uses.",
    ]
    for section in sections {
      lines += ["", "## \(section.title)", ""]
      lines += TextWrap.lines(section.text, indent: 0, hanging: 0, width: 110)
      if !section.rows.isEmpty {
        lines += ["", "| in Python | here |", "| --- | --- |"]
        lines += section.rows.map { "| `\($0.python)` | \($0.here) |" }
      }
      if !section.names.isEmpty {
        lines.append("")
        lines += TextWrap.lines(
          section.names.map { "`\($0)`" }.joined(separator: ", "), indent: 0, hanging: 0, width: 110
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The page as `help python` shows it.
  func lines(width: Int) -> [String] {
    var lines = ["from fastai, PyTorch and pandas"]
    for section in sections {
      lines += ["", section.title]
      lines += TextWrap.lines(Self.plain(section.text), indent: 2, hanging: 2, width: width)
      if !section.rows.isEmpty {
        lines += TextColumns.lines(
          section.rows.map { [$0.python, Self.plain($0.here)] }, indent: 2, gap: 3, width: width)
      }
      if !section.names.isEmpty {
        lines += TextWrap.lines(
          section.names.joined(separator: ", "), indent: 2, hanging: 2, width: width)
      }
    }
    return lines
  }

  /// A text without the marks of code.
  private static func plain(_ text: String) -> String { text.filter { $0 != "`" } }
}

// MARK: - Sections

extension PythonPage {
  private var sections: [Section] {
    [
      Section(title: "The language", text: Self.language),
      Section(
        title: "fastai",
        text: "These names run as they are; a command often says the same in fewer words.",
        rows: fastai),
      Section(
        title: "PyTorch",
        text:
          "With `torch.`, `nn.` or `F.` before them or without, as functions and behind tensors.",
        names: names(of: ["Tensor", "F"], withFunctions: true)),
      Section(
        title: "numpy",
        text: "Behind `np.`; arrays are of doubles, and print as numpy prints them.",
        names: names(of: ["np"]) + names(of: ["np.random", "np.linalg"], prefixed: true)),
      Section(
        title: "pandas",
        text: "Behind tables, columns and series; `pd.` may stand before functions.",
        names: names(of: tabularKinds)),
      Section(
        title: "matplotlib",
        text:
          "Behind `plt.` or `ax.`; what is drawn is shown by `plt.show()`, or at the end of a cell.",
        names: names(of: ["plt"])),
      Section(
        title: "Python",
        text: """
          Functions of its own and of `collections` and `functools`, and methods of texts, lists, dicts and \
          sets; `math.`, `random.`, `re.`, `itertools.` as they are.
          """,
        names: names(of: Self.pythonKinds)
          + names(of: ["math", "random", "re", "itertools", "copy"], prefixed: true)),
      Section(title: "What is not here", text: Self.missing),
    ]
  }

  private static let language = """
    `class X(Module):`, `def`, `if`, `for`, `while`, `lambda`, comprehensions, f-strings, dicts and slices are \
    read as in Python, and so are braces: `help model`. `import` lines do nothing, since every function is \
    here. A line that begins with a command needs no brackets: `fit 5 5e-3` is `learn.fit_one_cycle(5, 5e-3)`. \
    A file ending in `.ipynb` runs as it is: `collab run chapter.ipynb`.
    """

  private static let pythonKinds = [
    "String", "List", "dict", "set", "Match", "Counter", "NamedTuple",
  ]

  private static let missing = """
    Files, the network, threads and processes; classes that are no models; decorators, generators and \
    `try`; dates; whole numbers beyond 64 bits. `Documentation/differences.md` says what differs on purpose.
    """

  /// fastai's functions, classes and methods, and the command that says the same.
  private var fastai: [(python: String, here: String)] {
    let kinds = ["CollabDataLoaders", "DataLoaders", "Learner", "Recorder", "Module"]
    let own = registry.specs.filter { spec in
      switch spec.form {
      case .method(let kind): kinds.contains(kind)
      case .function: spec.group != .functions
      case .command: false
      }
    }
    let rows = own.map { spec -> (String, String) in
      let other = spec.seeAlso.first.flatMap { registry[$0] }
      let command = other.flatMap { $0.form == .command ? $0 : nil }
      return (
        spec.examples.first?.code ?? spec.name,
        command.map { "`\($0.name)` · \($0.summary)" } ?? spec.summary
      )
    }
    let aliases = registry.specs.filter { $0.form == .command }.flatMap { spec in
      spec.aliases.map { ("\($0)(…)", "`\(spec.name)` · \(spec.summary)") }
    }
    return rows + aliases
  }

  /// The kinds of values that tables and what comes of them are.
  private var tabularKinds: [String] {
    let known =
      [
        "Tensor", "F", "String", "List", "dict", "Match", "plt", "Plot", "Path",
        "CollabDataLoaders",
        "DataLoaders", "Learner", "Recorder", "Module",
      ] + Self.pythonKinds
    var kinds: [String] = []
    for case .method(let kind) in registry.specs.map(\.form)
    where !known.contains(kind) && !kinds.contains(kind) && kind.first?.isUppercase == true {
      kinds.append(kind)
    }
    return kinds
  }

  /// The names of methods of some kinds of values, in order, each once.
  private func names(
    of kinds: [String], withFunctions: Bool = false, prefixed: Bool = false
  ) -> [String] {
    var names: Set<String> = []
    for spec in registry.specs {
      switch spec.form {
      case .method(let kind) where kinds.contains(kind):
        names.formUnion(([spec.name] + spec.aliases).map { prefixed ? "\(kind).\($0)" : $0 })
      case .function where withFunctions && spec.group == .functions:
        names.formUnion([spec.name] + spec.aliases)
      default: break
      }
    }
    return names.sorted()
  }
}

extension Session {
  /// The page for those who know fastai, PyTorch and pandas, in Markdown.
  public static var pythonPage: String { PythonPage(registry).markdown }
}
