import CollabInterpreter
import CollabLanguage
import CollabDocuments

/// A picture that shows itself, with the numbers that were found while it was made.
final class PlotObject: SessionObject {
  let plot: Plot
  private let numbers: [(name: String, value: Value)]

  init(_ plot: Plot, numbers: [(name: String, value: Value)] = []) {
    (self.plot, self.numbers) = (plot, numbers)
  }

  var typeName: String { "Plot" }
  var display: String { plot.title.isEmpty ? "a picture" : "a picture: \(plot.title)" }
  var block: Block { .plot(plot) }
  var memberNames: [String] { numbers.map(\.name) }

  func member(_ name: String) -> Value? { numbers.first { $0.name == name }?.value }
}

extension Call {
  /// A picture as the value of a command, written to the file that the option `save` names.
  func picture(_ plot: Plot, numbers: [(name: String, value: Value)] = []) throws -> Value {
    if let path = arguments.optionalString("save") { try save(plot, to: path, blaming: "save") }
    return .object(PlotObject(plot, numbers: numbers))
  }

  /// Writes a picture as an SVG file.
  func save(_ plot: Plot, to path: String, blaming parameter: String) throws {
    try blaming(parameter) {
      guard path.lowercased().hasSuffix(".svg") else { throw SessionProblem.notSVG(path) }
      try FileText.write(
        Array(SVGPlot(plot).document.utf8), as: .picture, to: path, in: session.dataSearch)
      output.write(.paragraph("wrote \(path)"))
    }
  }
}
