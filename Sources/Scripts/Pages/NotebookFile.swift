import CollabDocuments

/// A Jupyter notebook as it is written to a file.
///
/// Source: nbformat 4.5, `nbformat.v4.5.schema.json`.
struct NotebookFile: Encodable {
  var cells: [Cell]
  var metadata = Metadata()
  var nbformat = 4
  var nbformatMinor = 5

  enum CodingKeys: String, CodingKey {
    case cells, metadata, nbformat
    case nbformatMinor = "nbformat_minor"
  }

  /// What the notebook as a whole says of itself.
  struct Metadata: Encodable {
    var languageInfo: LanguageInfo? = LanguageInfo()

    enum CodingKeys: String, CodingKey { case languageInfo = "language_info" }
  }

  struct LanguageInfo: Encodable {
    var name = "collab"
    var fileExtension: String? = ".collab"
    var mimetype: String? = "text/x-collab"
    /// The colours that come closest.
    var lexer: String? = "python"

    enum CodingKeys: String, CodingKey {
      case name, mimetype
      case fileExtension = "file_extension"
      case lexer = "pygments_lexer"
    }
  }

  struct Cell: Encodable {
    var type: String
    var id: String?
    var metadata = CellMetadata()
    var source: Lines
    var executionCount: Count?
    var outputs: [Output]?

    enum CodingKeys: String, CodingKey {
      case id, metadata, source, outputs
      case type = "cell_type"
      case executionCount = "execution_count"
    }
  }

  /// What a cell carries along; `collab` is the marker it had in a script.
  struct CellMetadata: Encodable {
    var collab: Marker?

    struct Marker: Encodable {
      var marker: String
      /// The text of a cell that Jupyter knows as another kind.
      var text: String?
    }
  }

  struct Output: Encodable {
    var type: String
    var name: String?
    var text: Lines?
    var data: [String: Lines]?
    var metadata: [String: String]?
    var ename: String?
    var evalue: String?
    var traceback: [String]?

    enum CodingKeys: String, CodingKey {
      case name, text, data, metadata, ename, evalue, traceback
      case type = "output_type"
    }
  }

  /// A number, or `null`, which a cell that did not run must have.
  struct Count: Encodable {
    let value: Int?

    init(_ value: Int?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }

  /// A text, written as a list of its lines; read as that or in one piece.
  struct Lines: Codable {
    let text: String

    init(_ text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let whole = try? container.decode(String.self) {
        text = whole
      } else {
        text = try container.decode([String].self).joined()
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      let pieces = text.split(separator: "\n", omittingEmptySubsequences: false)
      var lines = pieces.dropLast().map { "\($0)\n" }
      if let last = pieces.last, !last.isEmpty { lines.append(String(last)) }
      try container.encode(lines)
    }
  }
}
