import CollabFiles

/// A small file of JSON by name: what was chosen for a job, or what it has measured.
struct SparkNotes {
  private(set) var texts: [String: String] = [:]
  private(set) var numbers: [String: Double] = [:]
  private(set) var lists: [String: [String]] = [:]

  /// Reads a file whose values are numbers, texts, and lists of texts.
  ///
  /// - Throws: ``SparkError/misfit(_:reason:)``, and why it cannot be read.
  init(_ path: String) throws {
    do {
      var json = JSONReader(try Files.read(path, limit: 1 << 20)[...])
      try json.object { (name, json) throws(ModelFileError) in
        if json.isAtString() {
          texts[name] = try json.string()
        } else if json.isAtList() {
          var list: [String] = []
          try json.array { (json) throws(ModelFileError) in list.append(try json.string()) }
          lists[name] = list
        } else {
          numbers[name] = try json.number()
        }
      }
    } catch is ModelFileError {
      throw SparkError.misfit(path, reason: "it is damaged")
    }
  }
}
