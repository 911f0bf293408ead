import CollabTables
import CollabTensors

extension Error {
  /// Whether it says that the user stopped an operation: it is no mistake, and has no place.
  package var isInterruption: Bool {
    switch self as any Error {
    case TensorError.interrupted, TableError.interrupted, Problem.interrupted, Signal.interrupted:
      true
    case let error as any DiagnosableError: error.saysInterrupted
    default: false
    }
  }
}
