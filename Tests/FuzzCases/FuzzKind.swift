/// What an input is read as.
package enum FuzzKind: String, CaseIterable, Sendable {
  /// Statements at the prompt.
  case cell
  /// A file of delimited text.
  case data
  /// A script with prose and recorded output.
  case script
  /// A notebook of Jupyter's.
  case notebook = "ipynb"
  /// A lesson with questions.
  case lesson
  /// Saved variables.
  case workspace = "saved"
  /// A saved learner.
  case model = "safetensors"
  /// What stands behind `collab` on a command line, one word a line.
  case arguments = "args"

  /// The kind of a file by the ending of its name; nil if it is none of these.
  package init?(file: String) {
    guard let dot = file.lastIndex(of: ".") else { return nil }
    self.init(rawValue: String(file[file.index(after: dot)...]))
  }

  /// How often it is tried in comparison: what is slow is tried less.
  package var weight: Int {
    switch self {
    case .cell: 8
    case .data, .script: 4
    case .notebook, .lesson, .workspace, .model: 2
    case .arguments: 1
    }
  }
}
