import Collab
import CollabLanguage
import CollabInterpreter
import CollabNotebook
import TestSupport
import Testing

struct SessionCompletionTests {
  private func completer(_ conversation: Conversation) -> Completer {
    Completer(Session.registry, context: SessionCompletion(conversation.session))
  }

  private func complete(_ text: String, _ completer: Completer) -> [String] {
    completer.complete(text).candidates.map { $0.text + $0.suffix }
  }

  @Test func `words come from the registry and the session`() throws {
    let folder = try TemporaryFolder()
    folder.write("first.collab", "")
    folder.write("a folder/second.collab", "")
    let conversation = Conversation.trained(data: DataSearch(workingFolder: folder.path))
    _ = conversation.type("model Net(n) {\nlayer = Embedding(n, 2)\nforward(x) = layer(x)\n}")
    _ = conversation.type("net = Net(4)")
    let completer = completer(conversation)
    for (text, expected) in [
      ("ratings.ti", ["timestamp", "title"]), ("learn.mod", ["model"]),
      ("learn.model.user_f", ["user_factors"]), ("learn.fit_o", ["fit_one_cycle("]),
      ("net.la", ["layer"]), ("x = ne", ["net", "neg(", "ne(", "next("]), ("head rat", ["ratings"]),
      ("dataloaders item=ti", ["timestamp ", "title "]), ("dls.classes['ti", ["title'"]),
      ("dls.items.o2i['tightrope of upper", ["Tightrope of Upper Quill, The (1999)'"]),
      ("load d", ["demo "]), ("run f", ["first.collab "]), ("run 'a", ["a folder/"]),
      ("run a", ["'a folder/'"]), ("del mov", ["movies "]), ("help und", ["undo "]),
      ("set pre", ["precision "]), ("set color al", ["always "]), ("fit 1 sched", ["schedule="]),
    ] {
      #expect(complete(text, completer) == expected, "\(text)")
    }
  }

  @Test func `titles are found whatever their letter case and accents`() {
    let conversation = Conversation(data: DataSearch(workingFolder: "/proc/nonexistent"))
    _ = conversation.type("load demo")
    let completer = completer(conversation)
    #expect(
      complete("similar 'QUARRY of port ave", completer) == ["Quarry of Port Averil, The (1951)'"])
    #expect(complete("similar 'an estuary for zoe", completer) == ["An Estuary for Zoë (1932)'"])
    #expect(
      complete("similar 'of port averil, the (1951", completer) == [
        "Quarry of Port Averil, The (1951)'"
      ])
    let all = completer.complete("similar '")
    #expect(all.candidates.count + all.omittedCount == 1682)
  }

  @Test func `a word inside a title is found too`() {
    let conversation = Conversation(data: DataSearch(workingFolder: "/proc/nonexistent"))
    _ = conversation.type("load demo")
    let found = complete("similar quarry", completer(conversation))
    let beginnings = found.prefix { $0.hasPrefix("'Quarry") }
    #expect(!beginnings.isEmpty && beginnings.count < found.count)
    // Beginnings come first, and within a title only words count, one in quotes too.
    #expect(found.dropFirst(beginnings.count).allSatisfy { $0.contains(/[ "]Quarry/) })
    #expect(complete("similar uarry", completer(conversation)) == [])
  }

  @Test func `one of sixty thousand titles is found`() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<60_000).map { "\($0),Film number \($0 * 7919 % 60_000) of Zoë" }
    folder.write("movies.csv", "movie,title\n" + lines.joined(separator: "\n") + "\n")
    let conversation = Conversation(data: DataSearch(workingFolder: folder.path))
    _ = conversation.type("movies = read_csv movies.csv")
    let completer = completer(conversation)
    #expect(complete("similar 'film number 59999", completer) == ["Film number 59999 of Zoë'"])
  }
}
