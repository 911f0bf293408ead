import CollabFiles

/// What a file that the program writes holds, as far as its first bytes and its name tell.
///
///     FileKind.workspace.mayReplace("thesis.txt")  // false
public enum FileKind: Sendable {
  /// The variables of a session.
  case workspace
  /// A learner, as tensors with names.
  case model
  /// A page for a browser.
  case page
  /// A notebook for Jupyter.
  case notebook
  /// A picture, as SVG.
  case picture
  /// Statements.
  case script
  /// A table as delimited text.
  case delimited
  /// A table as JSON.
  case json
  /// A table as Markdown.
  case markdown
  /// An array of numpy's.
  case array

  /// The bytes that are looked at.
  private static let sampleCount = 4096

  /// Whether nothing of another kind would be lost: there is no such file, it is empty or holds the
  /// same kind of thing, or it is no file but a device.
  func mayReplace(_ path: String) -> Bool {
    guard let bytes = Files.beginning(of: path, count: Self.sampleCount), !bytes.isEmpty else {
      return true
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    switch self {
    case .workspace: return bytes.starts(with: WorkspaceFormat.magic)
    case .model:
      // The length of a header in eight bytes, and the header.
      return bytes.count > 9 && bytes[4..<8].allSatisfy { $0 == 0 }
        && bytes[8...].starts(with: "{\"".utf8)
    case .page:
      let tag = start.prefix(14).lowercased()
      return tag == "<!doctype html" || tag.hasPrefix("<html")
    case .notebook: return start.first == "{" && text.contains("\"cells\"")
    case .picture:
      return start.hasPrefix("<svg") || (start.hasPrefix("<?xml") && text.contains("<svg"))
    case .script:
      return path.hasSuffix(".collab") || text.hasPrefix("%%") || text.contains("\n%%")
        || (text.hasPrefix("#!") && text.prefix { !$0.isNewline }.contains("collab"))
    case .delimited:
      return [".csv", ".tsv"].contains(where: path.lowercased().hasSuffix) && !bytes.contains(0)
    case .json: return start.first == "[" || (start.first == "{" && !text.contains("\"cells\""))
    case .markdown: return path.lowercased().hasSuffix(".md") && start.first == "|"
    case .array: return bytes.starts(with: ArrayFile.magic)
    }
  }

  /// The kind in a message, behind "is no".
  var noun: String {
    switch self {
    case .workspace: "saved workspace"
    case .model: "model file"
    case .page: "HTML page"
    case .notebook: "Jupyter notebook"
    case .picture: "SVG picture"
    case .script: "script of statements"
    case .delimited: "file of comma-separated values"
    case .json: "table as JSON"
    case .markdown: "table as Markdown"
    case .array: "numpy array"
    }
  }
}
