import CollabLanguage
import CollabDocuments

extension PlayedNotebook {
  /// The notebook as one page that needs nothing else.
  public var html: String {
    let pictures = PagePictures(besides: file.source)
    let page = HTMLRenderer(picture: pictures.embedded)
    for played in cells {
      switch played.cell.kind {
      case .markdown: page.write(.prose(file.text(of: played.cell)))
      case .question: write(played.cell, to: page)
      case .raw: page.write(.preformatted(file.text(of: played.cell)))
      case .code: write(played, to: page)
      }
    }
    return page.page(title: name)
  }

  /// The name of the file, for pages without a title.
  private var name: String {
    let name = file.source.name.split(separator: "/").last.map(String.init) ?? file.source.name
    return name.hasSuffix(".collab") ? String(name.dropLast(7)) : name
  }

  /// Statements with their output below them; folded statements leave their output in sight.
  private func write(_ played: PlayedCell, to page: HTMLRenderer) {
    if let title = played.cell.attribute("title")?.value { page.write(.heading(title, level: 3)) }
    if played.cell.has("hide") {
      page.fold("statements") {
        page.write(code: runs(of: played.parts.map(\.range)))
      }
      for block in played.parts.flatMap(\.blocks) { page.write(block) }
      return
    }
    var ranges: [Range<Int>] = []
    for part in played.parts {
      ranges.append(part.range)
      guard !part.blocks.isEmpty else { continue }
      page.write(code: runs(of: ranges))
      for block in part.blocks { page.write(block) }
      ranges = []
    }
    if !ranges.isEmpty { page.write(code: runs(of: ranges)) }
  }

  /// Stretches of the source with their colours, without empty lines around them.
  private func runs(of ranges: [Range<Int>]) -> [CodeRun] {
    let text = text(of: ranges)
    let source = Source(text)
    return parser.highlights(in: source).map {
      CodeRun(source.text(in: $0.range), CodeRun.Kind($0.kind))
    }
  }

  /// A question with its answer folded.
  private func write(_ cell: Cell, to page: HTMLRenderer) {
    guard let question = ShownQuestion(cell) else { return }
    if !question.prose.isEmpty { page.write(.prose(question.prose)) }
    if !question.options.isEmpty { page.write(.prose(question.list)) }
    guard !question.answers.isEmpty else { return }
    page.fold("Answer") {
      for answer in question.answers {
        page.write(answer.contains("\n") ? .code(answer) : .prose(answer))
      }
    }
  }
}

extension PlayedNotebook {
  /// The text of some stretches, without empty lines around them.
  func text(of ranges: [Range<Int>]) -> String {
    var lines = ranges.flatMap { range in
      // A carriage return and the line feed behind it are one character.
      file.source.text(in: range)
        .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        .map(String.init)
    }
    while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}

extension CodeRun.Kind {
  init(_ kind: Highlight.Kind) {
    self =
      switch kind {
      case .plain: .plain
      case .command: .command
      case .keyword: .keyword
      case .option: .option
      case .number: .number
      case .string: .string
      case .comment: .comment
      }
  }
}
