import Collab
import CollabLanguage
import CollabDocuments
import CollabInterpreter
import CollabNotebook
import CollabScripts
import TestSupport
import Testing

struct PageTests {
  private static func session() -> Session {
    Session(output: OutputRecorder(), dataSearch: DataSearch(workingFolder: "/proc/nonexistent"))
  }

  /// A notebook after it has run, without data at hand.
  static func played(
    _ text: String, name: String = "page.collab", runs: Bool = true, keepsGoing: Bool = false
  ) throws -> PlayedNotebook {
    try session().play(
      file: Source(text, name: name), runs: runs, keepsGoing: keepsGoing)
  }

  private func fixture(_ name: String) throws -> PlayedNotebook {
    try Self.session().play(
      file: Source(bytes: Fixture.bytes("pages/\(name)"), name: name))
  }

  @Test func `a page with pictures of all kinds is well formed`() throws {
    let page = try fixture("pictures.collab").html
    let markup = Markup(page)
    #expect(markup.problems == [])
    #expect(!markup.elements.contains("script"))
    #expect(markup.elements.count { $0 == "figure" } == 9)
    #expect(
      page.contains("<title>Pictures &amp; &lt;script&gt;alert(1)&lt;/script&gt; pages</title>"))
  }

  @Test func `pictures beside a notebook are on its page, others are only named`() throws {
    let folder = try TemporaryFolder()
    let dot = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    _ = folder.write("notes/dot.svg", dot)
    _ = folder.write("outside.svg", dot)
    _ = folder.write("notes/page.html", "<html>")
    _ = folder.write("notes/large.svg", "<svg>" + String(repeating: " ", count: 4 << 20))
    let names = [
      "dot.svg", "../outside.svg", "page.html", "large.svg", "none.svg", "http://x/y.png",
    ]
    let prose = names.map { "![a <b>](\($0))" }.joined(separator: "\n\n")
    let page = try Self.played("%% md\n\(prose)\n", name: "\(folder.path)/notes/page.collab").html
    // The Base64 of the text above, by `base64`.
    let text = "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnLz4="
    #expect(page.contains("<img src=\"data:image/svg+xml;base64,\(text)\" alt=\"a &lt;b&gt;\">"))
    #expect(Markup(page).elements.count { $0 == "img" } == 1)
    #expect(page.contains("<a href=\"../outside.svg\">a &lt;b&gt;</a>"))
    #expect(Markup(page).problems == [])
  }

  @Test func `statements stand above what they show`() throws {
    let page = try Self.played("%% md\n# T\n\n%% code\na = 2\na * 21\n#> 0\nb = 'x'\n").html
    let places = ["<code>a = ", "<pre class=\"value line\"", ">42</pre>", "<code>b = "].map {
      page.firstRange(of: $0)?.lowerBound
    }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap(\.self).sorted() == places.compactMap(\.self))
    #expect(!page.contains("#&gt;"))
  }

  @Test func `a mistake that is meant is shown, and the page goes on`() throws {
    let played = try Self.played("%% code\nftt 5\n#> error[unknown-command]…\n1 + 1\n")
    #expect(played.outcome == .finished)
    #expect(played.html.contains("<pre class=\"failure\""))
    #expect(played.html.contains(">2</pre>"))
  }

  @Test func `after a mistake the rest is shown but not run`() throws {
    let text = "%% code\nnothing + 5\n\n%% md\nProse.\n\n%% code\n1 + 1\n"
    let played = try Self.played(text)
    #expect(played.outcome == .failed)
    #expect(played.failure?.code == "unknown-name")
    #expect(played.html.contains("Prose.") && !played.html.contains(">2</pre>"))
    #expect(try Self.played(text, keepsGoing: true).html.contains(">2</pre>"))
  }

  @Test func `a cell whose data is not here is shown but not run`() throws {
    let text = """
      %% code
      load demo
      %% code needs=ml-100k
      6 * 7
      %% code needs=demo
      6 * 8
      %% code needs=demo
      load demo
      """
    let played = try Self.played(text)
    #expect(played.outcome == .finished)
    let page = played.html
    #expect(page.contains("not run: it needs ml-100k"))
    #expect(!page.contains(">42</pre>") && page.contains(">48</pre>"))
    #expect(!page.contains("needs demo"))
  }

  @Test func `a hidden cell folds its statements, not what they show`() throws {
    let page = try Self.played("%% code hide title='Folded <b>'\n6 * 7\n").html
    let markup = Markup(page)
    #expect(markup.problems == [])
    #expect(markup.elements.contains("details"))
    #expect(page.contains("Folded &lt;b&gt;</h3>") && page.contains(">42</pre>"))
  }

  @Test func `a question shows its options, and its answer folded`() throws {
    let text = """
      %% q id=a kind=choice
      Which is <right>?
      wrong: zebra — it is not
      right: ant
      """
    let page = try Self.played(text).html
    #expect(Markup(page).problems == [])
    let ant = try #require(page.firstRange(of: "<li>ant"))
    let zebra = try #require(page.firstRange(of: "<li>zebra</li>"))
    #expect(ant.lowerBound < zebra.lowerBound)
    #expect(page.contains("Which is &lt;right&gt;?"))
    #expect(page.contains("<summary>Answer</summary>"))
    #expect(!page.contains("it is not"))
  }

  @Test func `code in a page has the colours of its tokens`() throws {
    let page = try Self.played("%% code\nprint 'a' # why\n").html
    #expect(
      page.contains(
        "<span class=\"command\">print</span> <span class=\"string\">&#39;a&#39;</span> "
          + "<span class=\"comment\"># why</span>"))
  }
}
