import CollabInterpreter
import CollabText
import Collab
import CollabLanguage
import CollabDocuments
import CollabTables

/// What to type instead of a `dataloaders` that failed, or that found something odd.
struct LoaderAdvice {
  private let call: Call
  private let table: Table
  /// The formula of the table, as it was typed.
  private let tableText: String

  init(_ call: Call, _ table: Table) {
    (self.call, self.table) = (call, table)
    let source = call.arguments.source
    tableText =
      call.arguments.isGiven("table")
      ? LoaderAdvice.value(of: source.text(in: call.arguments.range(of: "table"))) : "ratings"
  }

  /// What is wrong, at the argument that is to blame.
  ///
  /// - Parameters:
  ///   - error: why there are no loaders.
  ///   - missingOption: an option that names a column which is not there.
  /// - Returns: the message, with a statement to type.
  func diagnostic(for error: LoaderError, missingOption: String?) -> Diagnostic {
    let (parameter, help) = remedy(of: error, in: tableText, table)
    let place = call.arguments.range(of: missingOption ?? parameter)
    var diagnostic = Diagnostic(error, at: place, in: call.arguments.source)
    if diagnostic.help.isEmpty { diagnostic.help = help }
    return diagnostic
  }

  /// The argument to blame, and what to type.
  private func remedy(
    of error: LoaderError, in text: String, _ table: Table
  ) -> (parameter: String, help: [String]) {
    switch error {
    case .missingRatings:
      return ("table", [statement("table", "\(text).dropna(\(subset(of: table)))")])
    case .nothingHeldOut(0, _), .tooFewRatings(0, _): return ("table", [])
    case .nothingHeldOut(let count, _) where count < 5:
      return ("valid_pct", [statement("valid_pct", "0")])
    case .nothingHeldOut:
      return ("valid_pct", [statement("valid_pct", "0.2"), statement("valid_pct", "0")])
    case .tooFewLeft(let left, _, _, let size):
      let help = left == 0 ? statement("valid_pct", "0.2") : smallerBatch(left, than: size)
      return ("valid_pct", [help])
    case .tooFewRatings(let count, let size):
      return ("bs", [smallerBatch(count, than: size)])
    case .validation(let error):
      guard case .missingRatings = error else { return ("valid", []) }
      let text = Self.value(
        of: call.arguments.source.text(in: call.arguments.range(of: "valid")))
      return ("valid", [statement("valid", "\(text).dropna()")])
    case .otherKind: return ("valid", [])
    case .nobodyHeldOut(.last): return ("n", [statement("n", "1")])
    case .nobodyHeldOut: return ("valid_pct", [statement("valid_pct", "0.5")])
    case .noTime, .missingTimes: return ("split", [statement("split", "random")])
    default: return ("table", [])
    }
  }

  /// What should be known about rows that were taken.
  func notes(on loaders: DataLoaders) -> [Failure] {
    let flaws = loaders.flaws
    var notes: [Failure] = []
    if !flaws.gaps.isEmpty {
      let facts = flaws.gaps.map { gap in
        gap.count == 1
          ? "1 row has no \(gap.column) (row \(gap.firstRow))"
          : "\(grouped(gap.count)) rows have no \(gap.column) (the first is row \(gap.firstRow))"
      }
      notes.append(
        note(
          facts.joined(separator: ", ") + ": \(Vocabulary.missing) stands for what is missing",
          help: statement("table", "\(tableText).dropna(\(subset(of: table)))")))
    }
    let pair = flaws.pair.joined(separator: " and ")
    if flaws.repeatedCount > 0 {
      let names = flaws.pair.map { Value.string($0).display }.joined(separator: ", ")
      let consequence =
        call.arguments.isGiven("valid")
        ? "" : "; pairs on both sides of the split make the validation loss look too good"
      notes.append(
        note(
          "\(ratings(flaws.repeatedCount)) of a pair of \(pair) rated before\(consequence)",
          help: statement("table", "\(tableText).drop_duplicates([\(names)], keep='last')")))
    }
    if flaws.repeatedTestCount > 0 {
      notes.append(
        note(
          "\(ratings(flaws.repeatedTestCount)) tested with, but of a pair of \(pair) that is "
            + "learned from or tested with already: the validation loss looks too good"))
    }
    if loaders.holdsCounts {
      notes.append(
        note(
          "\(loaders.ratingName) looks like counts and not like stars: a long tail of whole numbers "
            + "from 1, of which ials makes lists",
          help: "learner ials; fit"))
    }
    return notes
  }

  private func note(_ text: String, help: String? = nil) -> Failure {
    Failure(
      lines: ["note: \(text)"] + (help.map { ["  help: \($0)"] } ?? []), severity: .note)
  }

  private func ratings(_ count: Int) -> String {
    counted(count, "rating is", "ratings are")
  }

  /// Nothing if rows without a rating, user or item are all that `dropna` drops, else these columns.
  private func subset(of table: Table) -> String {
    guard
      let columns = try? RatingsSummary(table, columns: names).columns,
      case let wanted = [columns.user, columns.item, columns.rating].compactMap(\.self),
      table.columns.contains(where: { !wanted.contains($0.name) && !$0.missingRows.isEmpty })
    else { return "" }
    return "[" + wanted.map { Value.string($0).display }.joined(separator: ", ") + "]"
  }

  private var names: RatingColumnNames {
    RatingColumnNames(
      user: call.arguments.optionalString("user"), item: call.arguments.optionalString("item"),
      rating: call.arguments.optionalString("rating"))
  }

  // MARK: Statements

  /// The value of an argument, without the name before it.
  static func value(of argument: String) -> String {
    guard let equals = argument.firstIndex(of: "="),
      argument[..<equals].allSatisfy({ $0.isLetter || $0 == "_" || $0 == " " })
    else { return argument }
    return String(argument[argument.index(after: equals)...].drop { $0 == " " })
  }

  private func smallerBatch(_ count: Int, than size: Int) -> String {
    var smaller = 1
    while smaller * 2 <= count, smaller * 2 < size { smaller *= 2 }
    return statement("bs", "\(smaller)")
  }

  /// The statement as it was typed, with another value for a parameter.
  private func statement(_ parameter: String, _ value: String) -> String {
    let (arguments, isTable) = (call.arguments, parameter == "table")
    let word = isTable ? value : "\(parameter)=\(value)"
    let source = arguments.source
    func text(_ range: Range<Int>) -> String { source.text(in: range) }
    let (start, end) = (arguments.range.lowerBound, arguments.range.upperBound)
    if arguments.isGiven(parameter) {
      let place = arguments.range(of: parameter)
      let isNamed = isTable && Self.value(of: text(place)) != text(place)
      let word = isNamed ? "table=\(value)" : word
      return text(start..<place.lowerBound) + word + text(place.upperBound..<end)
    }
    let whole = text(start..<end)
    let nameEnd = start + "dataloaders".utf8.count
    guard whole.hasPrefix("dataloaders") else { return "dataloaders \(word)" }
    guard whole.hasSuffix(")"), whole.dropFirst(11).first == "(" else {
      return isTable
        ? "dataloaders \(word)" + text(nameEnd..<end) : "\(whole) \(word)"
    }
    let inner = text(nameEnd + 1..<end - 1)
    let parts = inner.allSatisfy(\.isWhitespace) ? [] : [inner]
    return "dataloaders(" + (isTable ? [word] + parts : parts + [word]).joined(separator: ", ")
      + ")"
  }
}
