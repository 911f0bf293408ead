import CollabText
package import CollabLanguage
import CollabTables
package import CollabTensors

/// What can go wrong while a statement runs: every message of this module is written here.
package enum Problem: DiagnosableError {
  // Names and kinds
  case unknownName(String, near: [String])
  case unknownMember(String, of: String, near: [String])
  case notCallable(String)
  case notIndexable(String)
  case notAssignable(String)
  case wrongKind(String, expected: String, got: String)
  case ambiguousTruth([Int])
  case ambiguousRows(String)
  /// `and`, `or` or `not` beside whole columns, with the formula that was meant.
  case elementwise(String, instead: String)

  /// `assert` of what does not hold, with its message or its text.
  case assertion(String)
  case unassigned(String)
  case unchangeable(String)
  /// `inplace=True` of a column, with the assignment that was meant.
  case columnInPlace(String)

  // Calculating
  case unsupported(String, String, String)
  case listArithmetic(String)
  case listBesideTensor(String, String, String)
  case growing(String, [Int], [Int])
  case changedLeaf(String, step: String)
  case unrecordedChange(String)
  case unrecorded(String)
  case recordedChange
  case divisionByZero
  case tooLarge(String)
  case outOfRange(Int, count: Int)
  case notUnpackable(Int, String)
  case tooDeep
  case endless(String)
  case missingKey(String, in: String, near: [String])

  // Tables and series
  case missingLabel(String, among: String, place: Int?)
  case unlikeLabels
  case maskDoesNotFit(Int, Int)
  case textBesideNumber(column: String, number: String)
  case numberBesideText(column: String, kind: String, text: String, number: String?)

  // Steps that are missing

  // Pictures
  case unequalLengths(String, Int, String, Int)

  // Data and files
  case interrupted

  /// The message, with the place where it happened.
  package func diagnostic(at range: Range<Int>? = nil, in source: Source? = nil) -> Diagnostic {
    let (code, message, help) = content
    return Diagnostic(code, message, at: range, in: source, help: help)
  }

  private var content: (code: String, message: String, help: [String]) {
    nameContent ?? valueContent ?? tableContent ?? stepContent ?? ("failed", "this failed", [])
  }

  private var nameContent: (String, String, [String])? {
    switch self {
    case .unknownName(let name, let near):
      ("unknown-name", "there is no variable or function `\(name)`", Suggestion.help(for: near))
    case .unknownMember(let name, let value, let near):
      ("unknown-member", "\(value) has no `\(name)`", Suggestion.help(for: near))
    case .notCallable(let value): ("not-callable", "\(value) cannot be called", [])
    case .notIndexable(let kind):
      ("not-indexable", "there is nothing in brackets behind a \(kind)", [])
    case .notAssignable(let name):
      (
        "bad-target", "`\(name)` cannot be assigned to",
        ["names, members of a model, and the data and grad of a tensor can be"]
      )
    case .unchangeable(let what):
      ("bad-target", "\(what) cannot be changed", ["list(x) makes a list of it, which can be"])
    case .columnInPlace(let instead):
      ("bad-target", "a column is changed through its table", [instead])
    case .assertion(let text): ("assertion", "\(text)", [])
    case .unassigned(let name):
      (
        "unknown-name", "`\(name)` has no value yet: the function assigns it, but not before this",
        ["give it a value at the beginning of the function: \(name) = 0"]
      )
    case .wrongKind(let what, let expected, let value):
      ("bad-value", "\(what) takes \(expected), got \(value)", [])
    case .ambiguousTruth(let shape):
      (
        "ambiguous", "a tensor of shape \(shape) is neither true nor false",
        ["use .any() or .all()"]
      )
    default: nil
    }
  }

  private var valueContent: (String, String, [String])? {
    switch self {
    case .unsupported(let operation, let left, let right):
      ("unsupported", "`\(operation)` does not work on \(left) and \(right)", [])
    case .listBesideTensor(let operation, let left, let right):
      (
        "unsupported", "`\(operation)` does not work on \(left) and \(right)",
        ["tensor([1., 2.]) makes a tensor of a list"]
      )
    case .listArithmetic(let operation):
      (
        "unsupported", "lists do not calculate",
        ["array([1, 2]) \(operation) array([3, 4]) works element by element"]
      )
    case .growing(let name, let before, let after):
      (
        "shape", "`\(name)` has shape \(before) and cannot become \(after) in place",
        []
      )
    case .changedLeaf(let name, let step):
      (
        "leaf", "`\(name)` is a leaf that gradients arrive at: a step on it must not be recorded",
        ["\(name).data \(step)"]
      )
    case .unrecordedChange(let method):
      (
        "leaf", "`\(method)` would lose where gradients go: what it is given has one",
        ["use an operator, as in y = x + w, or w.detach()"]
      )
    case .unrecorded(let operation):
      (
        "no-gradient", "no gradient goes through `\(operation)`, and what it is given has one",
        ["x.detach() has the same elements without a gradient"]
      )
    case .recordedChange:
      (
        "leaf", "elements that gradients go through cannot be replaced while they are recorded",
        ["x.data[0] = 1 changes a parameter, and so does a block below `with no_grad():`"]
      )
    case .divisionByZero: ("division-by-zero", "division by zero", [])
    case .tooLarge(let what): ("too-large", "\(what) is too large", [])
    case .outOfRange(let index, let count):
      ("out-of-range", "index \(index) is out of range for \(count) elements", [])
    case .notUnpackable(let count, let value):
      ("unpack", "\(value) does not give \(count) values", [])
    case .tooDeep:
      ("recursion", "functions call each other without end", ["check where the recursion stops"])
    case .endless(let what):
      (
        "too-large", "\(what) has too many parts within parts",
        ["a part that several share counts for each of them, and one may not be inside itself"]
      )
    case .missingKey(let key, let what, let near):
      ("unknown-key", "\(what) has no `\(key)`", Suggestion.help(for: near))
    default: nil
    }
  }

  private var tableContent: (String, String, [String])? {
    switch self {
    case .ambiguousRows(let what):
      ("ambiguous", "\(what) is neither true nor false", [])
    case .elementwise(let word, let instead):
      ("ambiguous", "`\(word)` is for single truth values, not for several at a time", [instead])
    case .missingLabel(let label, let among, _):
      ("unknown-key", "the series has no label \(label); labels are \(among)", [])
    case .unlikeLabels:
      ("unsupported", "the two series have different labels", [])
    case .maskDoesNotFit(let count, let rows):
      ("shape", "there are \(grouped(count)) truth values for \(grouped(rows)) rows", [])
    case .textBesideNumber(let column, let number):
      (
        "unsupported", "column `\(column)` holds text, and \(number) is a number",
        ["write '\(number)'"]
      )
    case .numberBesideText(let column, let kind, let text, let number):
      (
        "unsupported", "column `\(column)` holds \(kind), and \(text) is a text",
        number.map { ["write \($0)"] } ?? []
      )
    default: nil
    }
  }

  private var stepContent: (String, String, [String])? {
    switch self {
    case .unequalLengths(let what, let count, let other, let otherCount):
      ("shape", "\(what) has \(count) values, \(other) has \(otherCount)", [])
    case .interrupted: ("interrupted", "interrupted", [])
    default: nil
    }
  }
}

// MARK: - Errors of other modules

/// An error that knows how it is told to the user.
package protocol DiagnosableError: Error {
  /// The message, at a place unless it knows a better one.
  func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic
  /// Whether it says that the user stopped what threw it.
  var saysInterrupted: Bool { get }
}

extension DiagnosableError {
  package var saysInterrupted: Bool { false }
}

extension Diagnostic {
  /// Any error as a message; one that has no place yet gets the given one.
  package init(_ error: any Error, at range: Range<Int>?, in source: Source?) {
    switch error {
    case let diagnostic as Diagnostic:
      self = diagnostic
      if self.range == nil && self.source == nil { (self.range, self.source) = (range, source) }
    case let error as any DiagnosableError: self = error.diagnostic(at: range, in: source)
    case let error as TensorError:
      self.init(error.code, error.description, at: range, in: source)
    case let error as TableError: self.init(error.code, "\(error)", at: range, in: source)
    default: self.init("failed", "\(error)", at: range, in: source)
    }
  }
}

extension TensorError {
  /// The stable word for it.
  package var code: String {
    switch self {
    case .cannotBroadcast, .cannotMultiply, .ragged, .cannotReshape, .cannotJoin,
      .unexpectedShape, .noDimension, .tooManySubscripts, .maskDoesNotFit, .noElements:
      "shape"
    case .indexOutOfRange: "out-of-range"
    case .tooLarge, .noMemory: "too-large"
    case .unexpectedType: "bad-type"
    case .unexpectedNumber: "bad-value"
    case .noGradient: "no-gradient"
    case .changedInPlace: "in-place"
    case .interrupted: "interrupted"
    }
  }
}
