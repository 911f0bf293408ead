/// The description of every command and function as one Markdown page, made from the specs.
///
///     LanguageReference(registry).markdown
public struct LanguageReference: Sendable {
  private let registry: CommandRegistry

  /// A page for all that a registry knows.
  public init(_ registry: CommandRegistry) { self.registry = registry }

  /// The page.
  public var markdown: String {
    var lines = Self.introduction.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    for group in CommandGroup.allCases where group != .functions {
      let specs = registry.specs.filter { $0.group == group && !$0.isMethod }
      guard !specs.isEmpty else { continue }
      lines += ["", "## \(group.rawValue.prefix(1).uppercased())\(group.rawValue.dropFirst())"]
      for spec in specs { lines += entry(spec) }
    }
    let functions = registry.specs.filter { $0.group == .functions && !$0.isMethod }
    lines += ["", "## Functions", "", "Called with parentheses inside formulas."]
    for spec in functions { lines += entry(spec) }
    for kind in kinds {
      lines += ["", "## Methods of \(kind)"]
      for spec in registry.specs where spec.form == .method(of: kind) { lines += entry(spec) }
    }
    lines += ["", "## Errors", "", "| code | |", "| --- | --- |"]
    for error in registry.errors.sorted(by: { $0.code < $1.code }) {
      lines.append("| `\(error.code)` | \(cell(error.text)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The kinds of values that have methods, in the order in which they are declared.
  private var kinds: [String] {
    var kinds: [String] = []
    for spec in registry.specs {
      if case .method(let kind) = spec.form, !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  private func entry(_ spec: CommandSpec) -> [String] {
    var lines = ["", "### `\(Help.usage(of: spec))`", "", sentence(spec.summary)]
    if !spec.details.isEmpty { lines += ["", spec.details] }
    let parameters = spec.parameters.filter { !$0.help.isEmpty }
    if !parameters.isEmpty {
      lines += ["", "| parameter | type | default | |", "| --- | --- | --- | --- |"]
      for parameter in parameters {
        let usual = parameter.defaultText.map { "`\($0)`" } ?? ""
        lines.append(
          "| `\(parameter.name)` | \(cell(parameter.type.label)) | \(usual) | "
            + "\(cell(parameter.help)) |")
      }
    }
    var remarks: [String] = []
    if !spec.aliases.isEmpty {
      remarks.append("Also called \(spec.aliases.map { "`\($0)`" }.joined(separator: ", ")).")
    }
    if let result = spec.result { remarks.append("Gives \(ParameterType.value(result).phrase).") }
    if !remarks.isEmpty { lines += ["", remarks.joined(separator: " ")] }
    lines += ["", "```"] + spec.examples.map(\.code) + ["```"]
    return lines
  }

  private func sentence(_ summary: String) -> String {
    let text = summary.prefix(1).uppercased() + summary.dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }

  private func cell(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
      .split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  private static let introduction = """
    # The command language

    Made from the descriptions that `help`, completion and error messages use, by
    `collab help --markdown`.

    A line is a **command** (`fit 5 5e-3 wd=0.1`), an **assignment** (`x, y = one_batch`), a
    **definition** (`model … { … }`, `def f(x) = …`) or a **formula**, whose value is shown
    (`(a * b).sum()`). A command `cmd a b k=v` is the call `cmd(a, b, k=v)`: every command can be
    called inside a formula. A `;` at the end of a line hides its value; between statements it
    separates them. `_` is the last value shown, `_3` that of cell 3, `#` begins a comment.

    Formulas are written as in Python: `+ - * / // % ** @`, comparisons, `and or not in`, slices
    (`x[:,0]`, `t[idxs]`, `x[none]`), tuples, lists, `[f(a) for a in values if a > 0]`,
    `f'{x:.3f}'`, starred and named arguments. The prefixes `torch.`, `np.`, `nn.`, `pd.`, `F.` and
    `plt.` may stand before a function and change nothing. Values print as PyTorch, numpy and
    Python print them.

    A model is a block of members in the order in which they are made; `forward` is what a call
    runs:

    ```
    model DotProduct(n_users, n_movies, n_factors, y_range=(0,5.5)) {
        user_factors  = Embedding(n_users, n_factors)
        movie_factors = Embedding(n_movies, n_factors)
        forward(x) {
            users  = user_factors(x[:,0])
            movies = movie_factors(x[:,1])
            sigmoid_range((users * movies).sum(dim=1), *y_range)
        }
    }
    ```

    A file of such lines is a script. `%%` at the beginning of a line starts a cell (`%% md` one of
    prose), `#>` lines hold recorded output, which `collab check` compares.
    """
}
