import Collab
import CollabDocuments
import CollabFiles
import CollabInterpreter
import CollabLanguage
import CollabNotebook
import CollabText
import Glibc

/// A session for inputs that nobody trusts: it knows no data but what lies in its folder, reaches
/// nothing outside of it, and keeps what it prints.
final class FuzzSession {
  let session: Session
  /// When what runs is to stop, in seconds of the processor's time.
  private(set) var end = Double.infinity
  /// So many bytes of output are looked at.
  private static let shownCount = 1 << 16

  /// A session in a folder.
  init(folder: String) {
    var search = DataSearch(workingFolder: folder)
    search.boundary = FileBoundary(folder: folder, advice: "`collab run a.collab`")
    let kept = Printed()
    session = Session(
      output: PlainRenderer(to: { kept.add($0, upTo: Self.shownCount) }), dataSearch: search)
    self.kept = kept
    session.isInterrupted = { [unowned self] in ProcessorTime.seconds > end }
  }

  private let kept: Printed

  private final class Printed {
    var text = ""
    func add(_ more: String, upTo count: Int) { if text.utf8.count < count { text += more } }
  }

  /// Stops what runs after some seconds of the processor's time.
  func limit(seconds: Double) { end = ProcessorTime.seconds + seconds }

  /// Runs statements that are in order; the limit begins anew behind them.
  func run(_ text: String) {
    let left = end - ProcessorTime.seconds
    end = .infinity
    defer { limit(seconds: left) }
    do { try session.run(Source(text)) } catch {
      fatalError("\(error.lines(for: .file)) in \(text)")
    }
  }

  /// What was printed and would act on a terminal.
  var activeText: String? {
    kept.text.unicodeScalars.first {
      VisibleText.isActive($0) && !"\n\t".unicodeScalars.contains($0)
    }
    .map { "the output holds \(VisibleText.escape(of: $0))" }
  }
}

/// How much of the processor's time this process has taken: what other programs do must not count.
package enum ProcessorTime {
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
