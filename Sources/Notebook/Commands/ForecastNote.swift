import Collab
import CollabDocuments
import CollabInterpreter
import CollabText

extension Call {
  /// Says what fits of ratings will take, where that is long or much.
  func writeForecast(users: Int, items: Int, ratings: Int, batchSize: Int = 64) throws {
    let forecast = try FitForecast(
      users: users, items: items, ratings: ratings, batchSize: batchSize)
    if let forecast { output.write(.failure(forecast.note)) }
  }
}

extension FitForecast {
  /// What is said of it, and what to do where a fit does not fit.
  fileprivate var note: Failure {
    let parts = lines.map { line in
      let name = line.architecture.rawValue
      let memory = "\(byteText(line.bytes)) of memory"
      return line.seconds.map {
        "an epoch of \(name) takes about \(TimeText.words($0)) and \(memory)"
      }
        ?? "\(name) takes \(memory)"
    }
    var text = ["note: with \(factors) factors \(parts.joined(separator: ", "))"]
    if lines.contains(where: { $0.bytes > free }) {
      text[0] += "; \(byteText(free)) are free"
      text.append("  help: learner dotbias factors=10")
      text.append("  help: handoff spark films")
    }
    return Failure(lines: text, severity: .note)
  }
}
