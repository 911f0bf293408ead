import Collab
import CollabRandomness
import CollabTables
import Testing

struct VocabularyTests {
  private func vocabularies() throws -> (users: Vocabulary, items: Vocabulary) {
    let titles = ["Émile", "#na#", "Zebra", "apple", "Äpfel", "10", "Ab", "A"]
    let table = try Table([
      Column("user", integers: [40, 7, 1000, 12, 7, 40, 12, 1000]),
      Column("title", texts: titles),
      Column("rating", integers: [1, 2, 3, 4, 5, 1, 2, 3]),
    ])
    var options = DataLoaders.Options()
    options.batchSize = 1
    options.validFraction = 0.2
    let loaders = try DataLoaders(table, options: options, using: RandomStreams(seed: 1))
    return (loaders.users, loaders.items)
  }

  @Test func `every name is found where it stands`() throws {
    let (users, items) = try vocabularies()
    for vocabulary in [users, items] {
      for index in 0..<vocabulary.count where index == 0 || vocabulary[index] != "#na#" {
        #expect(vocabulary.index(of: vocabulary[index]) == index)
      }
    }
  }

  @Test func `other names are not found`() throws {
    let (users, items) = try vocabularies()
    for name in ["", "B", "zzz", "A ", "Emile"] { #expect(items.index(of: name) == nil) }
    for name in ["", "8", "007", "7.0", "x", "-7", "1001"] { #expect(users.index(of: name) == nil) }
  }
}
