import FuzzCases
import TestSupport

/// Takes away from an input what its problem does not need.
///
/// Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002), without the
/// trial of complements' complements.
struct Minimizer {
  private let kind: FuzzKind
  private let problems: [String]
  private let folder: TemporaryFolder?
  /// So many trials are worth it; each starts a process.
  private static let mostTrials = 150
  /// And so many seconds: what takes long is tried less often.
  private static let patience = 30.0

  /// Looks for inputs with these problems.
  init(_ kind: FuzzKind, _ problems: [String], _ folder: TemporaryFolder?) {
    (self.kind, self.problems, self.folder) = (kind, problems, folder)
  }

  /// The shortest input that was found to have the first of the problems.
  func least(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var trials = 0
    let end = FuzzDriver.now + Self.patience
    var size = bytes.count / 2
    while size > 0 {
      var place = 0
      while place < bytes.count, trials < Self.mostTrials, FuzzDriver.now < end {
        let shorter = bytes[..<place] + bytes[min(bytes.count, place + size)...]
        trials += 1
        if FuzzChild.problems(of: kind, Array(shorter), in: folder).first == problems.first {
          bytes = Array(shorter)
        } else {
          place += size
        }
      }
      size /= 2
    }
    return bytes
  }
}
