public import CollabLanguage
import FoundationEssentials

/// A script made of a Jupyter notebook.
public struct ImportedNotebook {
  /// The script.
  public let text: String
  /// The code cells that cannot be read here, and why; they are kept as text.
  public let unreadable: [UnreadableCell]

  /// A code cell that cannot be read.
  public struct UnreadableCell: Sendable {
    /// The number of the cell among all, from 1.
    public let number: Int
    /// What is wrong, in the text of the cell.
    public let mistake: Diagnostic
  }

  /// Whether bytes are those of a Jupyter notebook, and not of a script.
  public static func isNotebook(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "{") else { return false }
    return (try? JSONDecoder().decode(Notebook.self, from: Data(bytes))) != nil
  }

  /// Reads the code and markdown cells of a notebook.
  ///
  /// Cells that came from a script get their markers back, as long as they are of the kind that the
  /// marker says: prose never becomes statements. Code that cannot be read becomes a cell of kind
  /// `raw`, which nothing runs, unless it is kept as code.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - name: what messages call it.
  ///   - parser: reads the statements.
  ///   - keepsUnreadable: whether cells that cannot be read stay code.
  /// - Throws: `bad-notebook` if the bytes are no notebook of nbformat 4.
  public init(
    _ bytes: [UInt8], name: String, parser: Parser, keepsUnreadable: Bool = false
  ) throws(Diagnostic) {
    let notebook: Notebook
    do {
      notebook = try JSONDecoder().decode(Notebook.self, from: Data(bytes))
    } catch {
      throw Diagnostic(
        "bad-notebook", "`\(name)` is no Jupyter notebook of version 4",
        help: ["open it in Jupyter and save it again, if it is an old one"])
    }
    guard notebook.nbformat == 4 else {
      throw Diagnostic(
        "bad-notebook", "`\(name)` is a notebook of version \(notebook.nbformat), not 4")
    }
    var pieces: [String] = []
    var unreadable: [UnreadableCell] = []
    var ids: Set<String> = []
    for (place, cell) in notebook.cells.enumerated() {
      var origin = cell.origin
      if let written = origin, try !Self.isReadable(written, parser) { origin = nil }
      var marker = Self.marker(of: cell, origin, &ids)
      var text = Self.withLineFeeds(origin?.text ?? cell.source)
      if cell.type == "markdown", let origin, origin.text == nil {
        text = JupyterMarkdown.unescaped(text)
      }
      let isCode = cell.type == "code" && (origin?.text == nil)
      var isUnreadable = false
      if isCode, let mistake = try Self.mistake(in: text, "\(name), cell \(place + 1)", parser) {
        unreadable.append(.init(number: place + 1, mistake: mistake))
        isUnreadable = true
        if !keepsUnreadable { marker = "raw" }
      }
      while text.last?.isNewline == true { text.removeLast() }
      let staysCode = isCode && (!isUnreadable || keepsUnreadable)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        // At the beginning of a line it would be a marker.
        line.hasPrefix("%%") ? (staysCode ? " " : "\\") + line : String(line)
      }
      pieces.append("%% \(marker)\n" + lines.map { $0 + "\n" }.joined())
    }
    text = pieces.joined(separator: "\n")
    self.unreadable = unreadable
  }

  /// Whether what a cell says of where it came from could have stood in a script: anybody may have written
  /// it.
  private static func isReadable(
    _ origin: Notebook.Origin, _ parser: Parser
  ) throws(Diagnostic) -> Bool {
    let text = "%% \(origin.marker)\n\(origin.text ?? "")\n"
    return try mistake {
      () throws(Diagnostic) in
      _ = try ScriptFile(Source(text), parser: parser, keepsMistakes: true)
    } == nil
  }

  /// A text whose lines end in line feeds alone, which is where a script looks for markers.
  private static func withLineFeeds(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
    var lines = ""
    var wasReturn = false
    for scalar in text.unicodeScalars {
      if scalar != "\n" || !wasReturn {
        lines.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
      }
      wasReturn = scalar == "\r"
    }
    return lines
  }

  /// What is wrong with the statements of a cell; nil if they can be read.
  private static func mistake(
    in text: String, _ name: String, _ parser: Parser
  ) throws(Diagnostic) -> Diagnostic? {
    try mistake { () throws(Diagnostic) in _ = try parser.code(in: Source(text, name: name)) }
  }

  /// What is thrown, unless the user stopped it.
  private static func mistake(
    _ read: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Diagnostic? {
    do {
      try read()
      return nil
    } catch {
      if error.isInterruption { throw error }
      return error
    }
  }

  /// The words behind `%%`: those that the cell had in a script, or its kind and id.
  private static func marker(
    of cell: Notebook.Cell, _ origin: Notebook.Origin?, _ ids: inout Set<String>
  ) -> String {
    if let origin {
      // A cell that was copied in Jupyter keeps its marker, but not its id.
      let words = origin.marker.split(whereSeparator: \.isWhitespace).filter { word in
        !word.hasPrefix("id=") || ids.insert(String(word.dropFirst(3))).inserted
      }
      return words.isEmpty ? "code" : words.joined(separator: " ")
    }
    let kind =
      switch cell.type {
      case "code": "code"
      case "markdown": "md"
      default: "raw"
      }
    guard let id = cell.id, Notebook.isPlain(id), ids.insert(id).inserted else { return kind }
    return "\(kind) id=\(id)"
  }
}

/// What is read of a notebook: cells and where they came from.
///
/// Outputs, attachments and what other
/// programs add may be of any form.
private struct Notebook: Decodable {
  let nbformat: Int
  let cells: [Cell]

  enum CodingKeys: String, CodingKey { case nbformat, cells }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    nbformat = try container.decode(Int.self, forKey: .nbformat)
    // Older notebooks have no cells here; which version it is says why.
    cells = nbformat == 4 ? try container.decode([Cell].self, forKey: .cells) : []
  }

  struct Cell: Decodable {
    let type: String
    let id: String?
    let source: String
    private let metadata: Metadata?

    enum CodingKeys: String, CodingKey {
      case id, metadata, source
      case type = "cell_type"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      type = try container.decode(String.self, forKey: .type)
      id = try? container.decode(String.self, forKey: .id)
      source = try container.decode(NotebookFile.Lines.self, forKey: .source).text
      metadata = try? container.decode(Metadata.self, forKey: .metadata)
    }

    /// Where the cell came from, if that fits what it is now.
    var origin: Origin? {
      guard let origin = metadata?.collab, !origin.marker.contains(where: \.isNewline) else {
        return nil
      }
      let first = origin.marker.split(whereSeparator: \.isWhitespace).first.map(String.init)
      // Without the name of a kind a marker begins statements.
      let kind = first.flatMap(CollabLanguage.Cell.Kind.init) ?? .code
      let fits =
        switch kind {
        case .code: type == "code" && origin.text == nil
        case .markdown: type == "markdown" && origin.text == nil
        case .question: type == "markdown" && origin.text != nil
        case .raw: type == "raw" && origin.text == nil
        }
      return fits ? origin : nil
    }
  }

  struct Metadata: Decodable {
    let collab: Origin?
  }

  /// The marker that a cell had in a script, and the text of one that Jupyter knows as another kind.
  struct Origin: Decodable {
    let marker: String
    let text: String?
  }

  /// Whether a script may have an id.
  static func isPlain(_ id: String) -> Bool {
    1...64 ~= id.utf8.count
      && id.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
