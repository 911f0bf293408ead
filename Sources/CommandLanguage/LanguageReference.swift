/// The description of every command and function as one Markdown page, made from the specs.
///
///     LanguageReference(registry).markdown
public struct LanguageReference: Sendable {
  private let registry: CommandRegistry

  /// A page for all that a registry knows.
  public init(_ registry: CommandRegistry) { self.registry = registry }

  /// The page: an introduction, the contents, an entry for each command, function and method, the
  /// codes of errors, and an index of names.
  public var markdown: String {
    let sections = sections
    var lines = Self.introduction.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    lines += ["", "## Contents", ""]
    lines += sections.map { section in
      let names = section.entries.map(\.shortLink).joined(separator: ", ")
      return "- [\(section.title)](#\(Self.anchor(section.title))): "
        + (section.entries.count > Self.listed ? "\(section.entries.count)" : names)
    }
    lines += [
      "- [Errors](#errors): what the code in `error[…]` means", "- [Index](#index) of all names",
    ]
    for section in sections {
      lines += ["", "## \(section.title)"]
      if !section.remark.isEmpty { lines += ["", section.remark] }
      for entry in section.entries { lines += text(of: entry) }
    }
    lines += ["", "## Errors", "", "| code | |", "| --- | --- |"]
    for error in registry.errors.sorted(by: { $0.code < $1.code }) {
      lines.append("| `\(error.code)` | \(cell(error.text)) |")
    }
    lines += ["", "## Index", ""] + index(of: sections.flatMap(\.entries))
    return lines.joined(separator: "\n") + "\n"
  }

  /// What stands under one heading of the page.
  private struct Section {
    let title: String
    var remark = ""
    let entries: [Entry]
  }

  /// A command, function or method with its place on the page.
  private struct Entry {
    let spec: CommandSpec
    /// Whose method it is; nothing for commands and functions.
    let kind: String?
    /// What a link to it names.
    var anchor = ""

    /// Its heading: `fit`, `Tensor.sum`.
    var heading: String { kind.map { "\($0).\(spec.name)" } ?? spec.name }
    var shortLink: String { "[`\(spec.name)`](#\(anchor))" }
  }

  private var sections: [Section] {
    var sections: [Section] = []
    for group in CommandGroup.allCases where group != .functions {
      let title = "\(group.rawValue.prefix(1).uppercased())\(group.rawValue.dropFirst())"
      let specs = registry.specs.filter { $0.group == group && !$0.isMethod }
      sections.append(Section(title: title, entries: specs.map { Entry(spec: $0, kind: nil) }))
    }
    let functions = registry.specs.filter { $0.group == .functions && !$0.isMethod }
    sections.append(
      Section(
        title: "Functions", remark: "Called with parentheses inside formulas.",
        entries: functions.map { Entry(spec: $0, kind: nil) }))
    for kind in kinds {
      let methods = registry.specs.filter { $0.form == .method(of: kind) }
      sections.append(
        Section(
          title: "Methods of \(kind)", entries: methods.map { Entry(spec: $0, kind: kind) }))
    }
    return placed(sections.filter { !$0.entries.isEmpty })
  }

  /// Sections whose entries know their anchors, which are numbered where headings read alike.
  private func placed(_ sections: [Section]) -> [Section] {
    var seen: [String: Int] = [:]
    func place(_ heading: String) -> String {
      let anchor = Self.anchor(heading)
      let count = seen[anchor, default: 0]
      seen[anchor] = count + 1
      return count == 0 ? anchor : "\(anchor)-\(count)"
    }
    for title in ["The command language", "Contents"] { _ = place(title) }
    return sections.map { section in
      _ = place(section.title)
      let entries = section.entries.map { entry in
        var placed = entry
        placed.anchor = place(entry.heading)
        return placed
      }
      return Section(title: section.title, remark: section.remark, entries: entries)
    }
  }

  /// The anchor that Markdown's readers make of a heading: small letters, and of signs only `-` and `_`.
  private static func anchor(_ heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || "-_".contains(character)
          ? character : nil
      })
  }

  /// A line for each name, with a link for each kind of value that knows it.
  private func index(of entries: [Entry]) -> [String] {
    var places: [String: [String]] = [:]
    for entry in entries {
      let kind = entry.kind ?? (entry.spec.group == .functions ? "function" : "command")
      for name in [entry.spec.name] + entry.spec.aliases {
        places[name, default: []].append("[\(kind)](#\(entry.anchor))")
      }
    }
    return places.sorted { ($0.key.lowercased(), $0.key) < ($1.key.lowercased(), $1.key) }
      .map { "- `\($0.key)`: \($0.value.joined(separator: ", "))" }
  }

  /// The kinds of values that have methods, in the order in which they are declared.
  private var kinds: [String] {
    var kinds: [String] = []
    for spec in registry.specs {
      if case .method(let kind) = spec.form, !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds
  }

  private func text(of entry: Entry) -> [String] {
    let spec = entry.spec
    let usage = Help.usage(of: spec)
    var lines = ["", "### `\(entry.heading)`", "", sentence(spec.summary)]
    if usage != entry.heading { lines += ["", "`\(usage)`"] }
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

  /// How many names the contents list of a section, at most.
  private static let listed = 20

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
