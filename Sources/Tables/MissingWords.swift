/// Words that stand for a missing value in a file.
struct MissingWords {
  private let words: [[UInt8]]
  private let longest: Int

  init(_ words: Set<String>) {
    self.words = words.map { Array($0.utf8) }
    longest = self.words.map(\.count).max() ?? -1
  }

  func contain(_ field: some Collection<UInt8>) -> Bool {
    let count = field.count
    return count <= longest && words.contains { $0.count == count && $0.elementsEqual(field) }
  }
}
