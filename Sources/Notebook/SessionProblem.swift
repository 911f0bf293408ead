internal import CollabFiles
package import Collab
package import CollabLanguage
import CollabText
import CollabInterpreter
import CollabTables

/// What can go wrong with the steps, data and files of a session.
enum SessionProblem: DiagnosableError {
  case noRatingColumns([String], help: [String])
  case nothingToUndo
  case nothingHeldOut
  case nothingFitted
  case nothingToDraw
  case unknownTitle(String, near: [String])
  case unknownUser(String, near: [String])
  case noFile(String, near: [String])
  case unreadable(String, reason: String)
  case unwritable(String, FileError)
  case otherKind(String, FileKind)
  case damaged(String, reason: String)
  case cutShort
  case notSVG(String)
  case unknownVariable(String, near: [String])
  case unknownTopic(String, near: [String])

  func diagnostic(at range: Range<Int>? = nil, in source: Source? = nil) -> Diagnostic {
    let (code, message, help) = content
    return Diagnostic(code, message, at: range, in: source, help: help)
  }

  private var content: (code: String, message: String, help: [String]) {
    switch self {
    case .noRatingColumns(let names, let help):
      (
        "bad-value",
        "a table of ratings has a user, an item and a rating in each row; the columns of this one "
          + "are \(names.joined(separator: ", "))", help
      )
    case .nothingToUndo: ("nothing-to-undo", "no fit has changed this learner", [])
    case .nothingHeldOut:
      (
        "no-validation", "no ratings are held out to validate with",
        ["dataloaders valid_pct=0.2; learner dotbias"]
      )
    case .nothingFitted: ("no-fit", "this learner has not been fitted yet", ["fit 5 5e-3"])
    case .nothingToDraw: ("no-numbers", "there are no numbers to draw", [])
    case .unknownTitle(let title, let near):
      (
        "unknown-title", "there is no item `\(title)`",
        near.isEmpty ? ["dls.items"] : Suggestion.help(for: near)
      )
    case .unknownUser(let id, let near):
      (
        "unknown-user", "no rating to train on is from user \(id)",
        near.isEmpty ? ["dls.users"] : Suggestion.help(for: near)
      )
    case .noFile(let path, let near):
      (
        "no-file", "no file `\(path)`",
        near.isEmpty ? ["Tab lists the files that can follow"] : Suggestion.help(for: near)
      )
    case .unreadable(let path, let reason): ("no-file", "`\(path)` cannot be read: \(reason)", [])
    case .unwritable(let path, let error):
      (
        "cannot-write", "`\(path)` cannot be written: \(error.reason)",
        [
          error.isFull
            ? "make room for it, or choose a folder on another disk"
            : "choose a folder that is there and yours, such as ~"
        ]
      )
    case .otherKind(let path, let kind):
      (
        "exists", "there is a file `\(path)` already, which is no \(kind.noun)",
        ["choose another name"]
      )
    case .damaged(let path, let reason): ("bad-file", "`\(path)` cannot be restored: \(reason)", [])
    case .cutShort:
      (
        "bad-file",
        "a model file that was loaded has been cut short: what it gave is not to be used",
        ["load_learner films.safetensors takes a learner from another file"]
      )
    case .notSVG(let path): ("bad-value", "`\(path)` does not end in .svg", ["save='plot.svg'"])
    case .unknownVariable(let name, let near):
      (
        "unknown-name", "there is no variable `\(name)`",
        near.isEmpty ? ["vars"] : Suggestion.help(for: near)
      )
    case .unknownTopic(let topic, let near):
      (
        "unknown-topic", "there is no help on `\(topic)`",
        near.isEmpty ? ["help lists all commands"] : Suggestion.help(for: near)
      )
    }
  }
}

// MARK: - Errors of the recommender

extension FitError: DiagnosableError {
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    if case .nothingToLearnFrom = self {
      return Diagnostic(
        "no-ratings", description, at: range, in: source,
        help: ["load; dataloaders; learner learn.model"])
    }
    if case .noMemory = self {
      return Diagnostic(
        "too-large", description, at: range, in: source,
        help: ["learner als factors=10", "handoff spark films"])
    }
    guard case .lossNotFinite = self else {
      return Diagnostic("not-in-model", description, at: range, in: source)
    }
    return Diagnostic(
      "nan-loss", description, at: range, in: source,
      notes: ["the parameters are those from before this fit"], help: ["try a smaller rate"])
  }
}

extension DataError: DiagnosableError {
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    Diagnostic(
      code, "\(self)", at: range, in: source, remarks: place.map { [$0.text] } ?? [],
      notes: notes, help: help.map { [$0] } ?? [])
  }
}

extension LoaderError: DiagnosableError {
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    if case .table(let error) = self { return Diagnostic(error, at: range, in: source) }
    return Diagnostic("bad-data", description, at: range, in: source)
  }

  package var saysInterrupted: Bool {
    switch self {
    case .table(let error): error == .interrupted
    case .validation(let error): error.saysInterrupted
    default: false
    }
  }
}

extension InterpretationError: DiagnosableError {
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    Diagnostic("not-in-model", description, at: range, in: source)
  }
}

extension SparkError: DiagnosableError {
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    Diagnostic(code, description, at: range, in: source, notes: notes, help: help)
  }
}

extension EvaluationError: DiagnosableError {
  /// The message, with what to type.
  package func diagnostic(at range: Range<Int>?, in source: Source?) -> Diagnostic {
    switch self {
    case .nothingHeldOut: SessionProblem.nothingHeldOut.diagnostic(at: range, in: source)
    case .nobodyNew(let most):
      Diagnostic(
        "no-validation",
        "nobody is held out entirely who has more than \(counted(most, "rating"))", at: range,
        in: source,
        help: ["dataloaders split=user; learner dotbias; fit 5 5e-3 wd=0.1; evaluate fold_in=[1,5]"]
      )
    case .otherRatings(let name):
      Diagnostic(
        "bad-value", "`\(name)` was tested with other ratings: their figures do not compare",
        at: range, in: source,
        help: ["learner dotbias dls=dls makes one that learns and is tested with the same"])
    case .interrupted: Diagnostic("interrupted", "interrupted", at: range, in: source)
    }
  }

  package var saysInterrupted: Bool { self == .interrupted }
}
