import CollabBuiltins
import CollabInterpreter
import Collab
public import CollabLanguage
import CollabLearning
import CollabTables

/// What a session knows that can complete a word: variables, members, columns, titles, files.
///
///     let completer = Completer(Session.registry, context: SessionCompletion(session))
///     completer.complete("similar 'silen")  // Silence of the Lambs, The (1991)
///
/// Titles are folded once for each vocabulary and kept until another one takes its place.
public final class SessionCompletion: CompletionContext {
  private let session: Session
  private var index = TitleIndex([])
  /// The titles that the index holds.
  private var indexed: Column?

  /// The words of a session, always as it is at the moment.
  public init(_ session: Session) { self.session = session }

  /// Variables with their kinds and shapes.
  public var variables: [CompletionItem] {
    session.variables.keys.sorted().compactMap { name in
      guard name != "_", let value = session.variables[name] else { return nil }
      var isCallable = false
      if case .callable = value { isCallable = true }
      let note = [value.kindText, value.shapeText].filter { !$0.isEmpty }.joined(separator: " ")
      return CompletionItem(name, note: note, isCallable: isCallable, kind: value.parameterKind)
    }
  }

  /// The names behind a dot, unless finding the value would run something.
  public func members(of formula: String) -> [CompletionItem] {
    guard let value = value(of: formula) else { return [] }
    return value.memberNames(of: session.library).map { name in
      guard let method = value.method(name, of: session.library), value.isPlainMember(name) == false
      else {
        return CompletionItem(name, note: value.note(onMember: name))
      }
      return CompletionItem(name, note: method.spec.summary, isCallable: true)
    }
  }

  /// The columns of a table, by default of the ratings.
  public func columns(of formula: String?) -> [String] {
    switch formula.flatMap(value) ?? session.variables["ratings"] {
    case .table(let view)?: view.table.columnNames
    // Classes are looked up by the name of their column, their indices by titles.
    case .object(let classes as Classes)?: classes.names
    default: []
    }
  }

  /// Titles by the beginning of one, or of a word in it.
  public func titles(like text: String, limit: Int) -> TitleMatches {
    guard let titles = titles else { return TitleMatches([]) }
    if indexed.map({ !$0.seemsSame(as: titles) }) ?? true {
      index = TitleIndex(((try? titles.texts()) ?? []).compactMap(\.self))
      indexed = titles
    }
    return index.matches(text, limit: limit)
  }

  /// The titles of the loaders, or of the tables as long as there are none.
  private var titles: Column? {
    if case .object(let loaders as DataLoaders)? = session.variables["dls"],
      loaders.items.values.kind == .text
    {
      return loaders.items.values
    }
    for name in ["movies", "ratings"] {
      if case .table(let view)? = session.variables[name],
        let column = try? view.table.column("title"), column.kind == .text
      {
        return name == "movies" ? column : column.distinct()
      }
    }
    return nil
  }

  /// What `load` knows by name.
  public var datasets: [CompletionItem] {
    KnownDataSet.all.map { CompletionItem($0.name, note: $0.summary) }
      + [CompletionItem("demo", note: "the built-in ratings of made-up films")]
  }

  /// Files and folders as the user would write them.
  public func files(beginningWith text: String) -> [String] {
    FileText.completions(of: text, in: session.dataSearch)
  }

  /// The value of a formula of names, dots and brackets, which is found without running anything.
  private func value(of formula: String) -> Value? {
    let source = Source(formula)
    guard let expression = try? session.parser.expression(in: source), expression.isPath else {
      return nil
    }
    return try? Evaluator(session, source).evaluate(expression)
  }
}

extension Expression {
  /// Whether this only looks something up.
  fileprivate var isPath: Bool {
    switch kind {
    case .name, .string, .integer: true
    case .member(let base, _): base.isPath
    case .subscripted(let base, let subscripts):
      base.isPath
        && subscripts.allSatisfy {
          if case .index(let index) = $0 { index.isPath } else { false }
        }
    default: false
    }
  }
}

extension Value {
  /// The kind in the words of parameters.
  fileprivate var parameterKind: String {
    switch self {
    case .module, .callable(is DefinedModel): "Model"
    case .array: "Tensor"
    default: typeName
    }
  }

  /// Whether a name behind a dot is a part of the value, not a method of its kind.
  fileprivate func isPlainMember(_ name: String) -> Bool {
    switch self {
    case .table(let view): view.table.hasColumn(name)
    case .module(let module): module.members.contains { $0.name == name }
    default: false
    }
  }

  /// What a part of the value is, where finding out costs nothing.
  fileprivate func note(onMember name: String) -> String {
    switch self {
    case .table(let view): (try? view.table.column(name)).map { "\($0.kind)" } ?? ""
    case .module, .object(is Learner):
      ((try? property(name)) ?? nil).map { member in
        [member.kindText, member.shapeText].filter { !$0.isEmpty }.joined(separator: " ")
      } ?? ""
    default: ""
    }
  }
}

extension Column {
  /// Whether two columns of texts are most likely one: as long, and equal in a few places.
  fileprivate func seemsSame(as other: Column) -> Bool {
    guard count == other.count, kind == other.kind else { return false }
    return count == 0
      || [0, count / 3, count / 2, count - 1].allSatisfy { value(at: $0) == other.value(at: $0) }
  }
}
