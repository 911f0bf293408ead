import Foundation
import TestSupport
import Testing

/// What expressions about tables give, held against pandas' own answers.
struct PandasTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let code: String
    let kind: String
    let shows: String
    var testDescription: String { code }

    /// A formula whose value is what is compared: columns, labels and values, not their layout.
    var formula: String {
      switch kind {
      case "table":
        "t = \(code)\n(list(t.columns), t.index.tolist(), [t[name].tolist() for name in t.columns])"
      case "series": "t = \(code)\n(t.index.tolist(), t.tolist())"
      default: code
      }
    }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/expressions")

  private static func cases() throws -> [Case] {
    try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: folder.appending(path: "pandas.json")))
  }

  /// A session with the tables that the cases speak of.
  private func conversation() throws -> Conversation {
    let conversation = Conversation()
    let folder = try TemporaryFolder()
    let script = try String(
      contentsOf: Self.folder.appending(path: "make_pandas.py"), encoding: .utf8)
    func table(_ name: String, _ start: String, _ end: String) throws {
      let text = try #require(script.split(separator: start).last?.split(separator: end).first)
      folder.write(name, String(text).replacing("\\n", with: "\n"))
    }
    try table("df.csv", "TABLE = \"\"\"", "\"\"\"")
    try table("items.csv", "ITEMS = \"", "\"")
    try table("g.csv", "GAPS = \"", "\"")
    for name in ["df", "items", "g"] {
      _ = conversation.type("\(name) = read_csv '\(folder.path)/\(name).csv'")
    }
    return conversation
  }

  @Test func `tables work as in pandas`() throws {
    let conversation = try conversation()
    for one in try Self.cases() {
      let shown = conversation.type(one.formula).joined(separator: "\n")
      #expect(
        Shown(shown) == Shown(one.shows), "\(one.code)\n\(shown)\ninstead of\n\(one.shows)")
    }
  }
}

/// What was printed, word by word; numbers may differ in their last digits.
private struct Shown: Equatable {
  private let words: [Substring]

  init(_ text: String) {
    words = text.replacing("array(", with: "").replacing(")", with: "").replacing("(", with: "")
      .split { " \n,[]".contains($0) }
  }

  static func == (left: Shown, right: Shown) -> Bool {
    left.words.count == right.words.count
      && zip(left.words, right.words).allSatisfy { one, other in
        if one == other { return true }
        guard let a = Double(one), let b = Double(other), one.contains("."), other.contains(".")
        else { return false }
        return abs(a - b) <= 1e-9 * max(abs(a), abs(b))
      }
  }
}
