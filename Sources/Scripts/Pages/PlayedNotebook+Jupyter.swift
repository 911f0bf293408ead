import CollabInterpreter
import CollabNotebook
import CollabLanguage
import CollabDocuments
import FoundationEssentials

extension PlayedNotebook {
  /// The notebook for Jupyter, as JSON.
  ///
  /// - Throws: what the encoder throws, which is nothing for texts and numbers.
  public func jupyter() throws -> String {
    var count = 0
    var ids = UniqueNames()
    let notebook = NotebookFile(
      cells: cells.map { played in
        if played.cell.kind == .code { count += 1 }
        return cell(played, number: count, id: ids.take(Self.plainID(played.cell.id)))
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(notebook), as: UTF8.self) + "\n"
  }

  /// An id of the letters that Jupyter allows; up to 64 of them.
  private static func plainID(_ id: String) -> String {
    String(id.map { $0 == "." ? "-" : $0 }.prefix(56))
  }

  private func cell(_ played: PlayedCell, number: Int, id: String) -> NotebookFile.Cell {
    let text = file.text(of: played.cell)
    let marker = NotebookFile.CellMetadata(collab: .init(marker: marker(of: played.cell)))
    switch played.cell.kind {
    case .markdown:
      return .init(
        type: "markdown", id: id, metadata: marker, source: .init(JupyterMarkdown.escaped(text)))
    case .raw: return .init(type: "raw", id: id, metadata: marker, source: .init(text))
    case .question:
      var metadata = marker
      metadata.collab?.text = text
      return .init(
        type: "markdown", id: id, metadata: metadata, source: .init(question(in: played)))
    case .code:
      return .init(
        type: "code", id: id, metadata: marker, source: .init(statements(of: played)),
        executionCount: .init(hasRun ? number : nil),
        outputs: Self.outputs(of: played.parts.flatMap(\.blocks)))
    }
  }

  /// Whether anything has run.
  private var hasRun: Bool { cells.contains { $0.parts.contains { !$0.blocks.isEmpty } } }

  /// The words on a cell's marker, which an import puts back.
  private func marker(of cell: Cell) -> String {
    guard let range = cell.markerRange else { return cell.kind.rawValue }
    let line = file.source.text(in: file.source.lineRange(file.source.line(at: range.lowerBound)))
    let words = line.dropFirst(2).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.isEmpty ? cell.kind.rawValue : words
  }

  /// The statements, without recorded output but for errors that are meant, which are part of what the
  /// cell says.
  private func statements(of played: PlayedCell) -> String {
    var pieces: [String] = []
    for (number, part) in played.parts.enumerated() {
      let text = text(of: [part.range])
      if !text.isEmpty { pieces.append(text) }
      let lines = played.cell.code.lines
      if number < lines.count, let first = lines[number].recording.output?.first,
        first.hasPrefix("error[")
      {
        pieces.append("#> \(first)")
      }
    }
    return pieces.joined(separator: "\n")
  }

  /// A question with its options; hints and answers are folded, which Markdown does by HTML.
  private func question(in played: PlayedCell) -> String {
    guard let question = ShownQuestion(played.cell) else { return "" }
    func folded(_ title: String, _ text: String) -> String {
      let shown = text.contains("\n") ? "```\n\(text)\n```" : JupyterMarkdown.escaped(text)
      return "<details><summary>\(title)</summary>\n\n\(shown)\n\n</details>"
    }
    let shown = [question.prose, question.list].filter { !$0.isEmpty }.map(JupyterMarkdown.escaped)
    return
      (shown + question.hints.map { folded("Hint", $0) }
      + question.answers.map { folded("Answer", $0) }).joined(separator: "\n\n")
  }
}

// MARK: - Outputs

extension PlayedNotebook {
  private static func outputs(of blocks: [Block]) -> [NotebookFile.Output] {
    var outputs: [NotebookFile.Output] = []
    let single = blocks.flatMap { block -> [Block] in
      if case .frames(let plots) = block { plots.map(Block.plot) } else { [block] }
    }
    for block in single {
      let output = output(of: block)
      if output.type == "stream", let last = outputs.last, last.type == "stream" {
        outputs[outputs.count - 1].text = .init((last.text?.text ?? "") + (output.text?.text ?? ""))
      } else {
        outputs.append(output)
      }
    }
    return outputs
  }

  private static func output(of block: Block) -> NotebookFile.Output {
    switch JupyterOutput(block) {
    case .text(let text, _): .init(type: "stream", name: "stdout", text: .init(text))
    case .display(let data):
      .init(type: "display_data", data: data.mapValues(NotebookFile.Lines.init), metadata: [:])
    case .error(let code, let message, let lines):
      .init(type: "error", ename: code, evalue: message, traceback: lines)
    }
  }
}
