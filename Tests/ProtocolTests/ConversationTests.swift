import Collab
import CollabDocuments
import CollabFiles
import CollabLineEditing
import CollabNotebook
import CollabProtocol
import FoundationEssentials
import Glibc
import TestSupport
import Testing

struct ConversationTests {
  /// What is answered to some lines.
  ///
  /// - Parameters:
  ///   - lines: what the client sends at once.
  ///   - history: where statements are kept.
  ///   - reply: what the client sends when it gets an event; nil for a client that has no more to say.
  /// - Returns: the events.
  /// - Throws: what a pipe throws.
  private func events(
    _ lines: String..., history: HistoryFile? = nil, reply: ((Event) -> String?)? = nil
  ) throws -> [Event] {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    func send(_ line: String) throws { try Files.write(Array((line + "\n").utf8), to: ends[1]) }
    try lines.forEach(send)
    if reply == nil { try send(#"{"id":99,"request":"shutdown"}"#) }
    var said: [Event] = []
    let talk = Conversation(
      from: ends[0], history: history, takeInterrupt: { false },
      send: { line in
        guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else {
          Issue.record("no event: \(line)")
          return
        }
        if event.id != 99 { said.append(event) }
        if let line = reply?(event) { try? send(line) }
      })
    let session = Session(output: talk.output, dataSearch: .init(workingFolder: "/"))
    talk.hold(with: session, programVersion: "1.2.3")
    return said
  }

  /// What the tests look at.
  private struct Event: Decodable {
    struct Match: Decodable { let text, suffix, label, note: String }
    struct Statement: Decodable, Equatable {
      let current: Bool
      let code: String
    }

    let event: String
    let id: Int?
    let `protocol`: Int?
    let version, stream, text, status, code, message, completeness, indent: String?
    let data: [String: String]?
    let display, cell, start, end, total: Int?
    let found: Bool?
    let lines: [String]?
    let matches: [Match]?
    let statements: [Statement]?
  }

  @Test func `says which version it speaks, and answers each request once`() throws {
    let events = try events(
      #"{"id": 7, "request": "execute", "code": "6 * 7"}"#,
      #"{"id": 8, "request": "is_complete", "code": "1"}"#)
    #expect(events.map(\.event) == ["ready", "text", "done", "done"])
    #expect(events[0].protocol == 1 && events[0].version == "1.2.3" && events[0].id == nil)
    #expect(events[1].text == "42\n" && events[1].stream == "stdout" && events[1].id == 7)
    #expect(events[2].status == "ok" && events[2].cell == 1 && events[2].id == 7)
    #expect(events[3].id == 8)
  }

  @Test func `an error has its code, its message and the caret`() throws {
    let events = try events(#"{"id":1,"request":"execute","code":"x = 1\nx + y"}"#)
    #expect(events.map(\.event) == ["ready", "error", "done"])
    #expect(events[1].code == "unknown-name")
    #expect(events[2].status == "error")
    let lines = try #require(events[1].lines)
    #expect(lines[0].hasPrefix("error[unknown-name]: "))
    #expect(lines[1] == "  --> <cell 1>:2:5")
    #expect(lines[2] == "2 | x + y")
    #expect(lines[3].hasPrefix("  |     ^"))
    #expect(lines.contains { $0.contains("the lines above were run") })
  }

  @Test func `an error that is recorded is shown, and the cell goes on`() throws {
    let events = try events(
      ##"{"id":1,"request":"execute","code":"y\n#> error[unknown-name]: …\n1 + 1"}"##)
    #expect(events.map(\.event) == ["ready", "error", "text", "done"])
    #expect(events[2].text == "2\n" && events[3].status == "ok")
  }

  @Test func `a table is text and HTML, and a loss table is the same display until it ends`() throws
  {
    let events = try events(
      #"{"id":1,"request":"execute","code":"load demo\nhead ratings n=2"}"#,
      #"{"id":2,"request":"execute","code":"dataloaders bs=512\nlearner dot factors=2\nfit 2"}"#)
    let table = try #require(events.first { $0.event == "display" }?.data)
    #expect(table["text/html"]?.contains("<th class=\"number\" scope=\"col\">user</th>") == true)
    #expect(table["text/plain"]?.contains("user") == true)
    let growing = events.filter { $0.id == 2 && $0.display == 1 }
    #expect(growing.first?.event == "display")
    #expect(growing.dropFirst().allSatisfy { $0.event == "update" })
    let rows = try #require(growing.last?.data?["text/plain"]).split(separator: "\n")
    #expect(rows.count == 3 && rows[0].hasPrefix("epoch") && rows[2].hasPrefix("1 "))
    #expect(growing.last?.data?["text/html"]?.contains("<td>1</td>") == true)
    #expect(events.last?.status == "ok")
  }

  @Test func `a picture is SVG and text`() throws {
    let events = try events(
      #"{"id":1,"request":"execute","code":"plt.plot([1, 2], [3, 4])"}"#)
    let data = try #require(events.first { $0.event == "display" }?.data)
    #expect(data["image/svg+xml"]?.hasPrefix("<svg") == true)
    #expect(data["text/plain"]?.isEmpty == false)
  }

  @Test func `completes at a place that is counted in code points`() throws {
    let events = try events(
      #"{"id":1,"request":"complete","code":"x = 'é😀'; learn; fit","cursor":15}"#,
      #"{"id":2,"request":"complete","code":"learner do"}"#)
    #expect(events[1].start == 10 && events[1].end == 15)
    #expect(events[1].matches?.contains { $0.text == "learner" && !$0.note.isEmpty } == true)
    #expect(events[2].start == 8 && events[2].end == 10)
    #expect(events[2].matches?.map(\.text).contains("dotbias") == true)
  }

  @Test func `inspects a name, the command around it, a variable, and nothing`() throws {
    let events = try events(
      #"{"id":1,"request":"inspect","code":"fit 5","cursor":2}"#,
      #"{"id":2,"request":"inspect","code":"1 + 1\nfit 5 ","cursor":12}"#,
      #"{"id":3,"request":"execute","code":"t = [1, 2]"}"#,
      #"{"id":4,"request":"inspect","code":"t","cursor":1}"#,
      #"{"id":5,"request":"inspect","code":"nothing_of_the_kind","cursor":3}"#)
    #expect(events[1].found == true && events[1].text?.hasPrefix("fit ") == true)
    #expect(events[2].text == events[1].text)
    #expect(events[4].text?.hasPrefix("t: ") == true)
    #expect(events[5].found == false && events[5].text == nil)
  }

  @Test(
    arguments: [
      ("1 + 1", "complete", nil), ("fit(5,", "incomplete", ""),
      ("for x in y:", "incomplete", "    "),
      ("1 +* 2", "invalid", nil),
    ] as [(String, String, String?)])
  func `knows what is finished`(_ code: String, _ answer: String, _ indent: String?) throws {
    let events = try events(#"{"id":1,"request":"is_complete","code":"\#(code)"}"#)
    #expect(events[1].completeness == answer && events[1].indent == indent)
  }

  @Test func `keeps what is stored, behind what earlier sessions kept`() throws {
    let folder = try TemporaryFolder()
    let history = HistoryFile(path: folder.path + "/history")
    history.append("load demo")
    let requests = [
      #"{"id":1,"request":"execute","code":"1"}"#,
      #"{"id":2,"request":"execute","code":"2","store":false}"#,
      #"{"id":3,"request":"history","count":5}"#,
    ]
    let events = try events(requests[0], requests[1], requests[2], history: history)
    #expect(
      events.last?.statements
        == [.init(current: false, code: "load demo"), .init(current: true, code: "1")])
    #expect(history.load() == ["load demo", "1"])
  }

  @Test func `an interrupt stops what runs, and what comes behind it waits`() throws {
    let events = try events(#"{"id":1,"request":"execute","code":"i = 0"}"#) { event in
      switch (event.event, event.id) {
      case ("done", 1):
        #"{"id":2,"request":"execute","code":"print(7)\nwhile True: i += 1"}"#
      case ("text", 2) where event.stream == "stdout":
        """
        {"id":3,"request":"execute","code":"i >= 0"}
        {"id":4,"request":"interrupt"}
        """
      case ("done", 3): #"{"id":99,"request":"shutdown"}"#
      default: nil
      }
    }
    #expect(events.filter { $0.event == "done" }.map(\.id) == [1, 4, 2, 3])
    #expect(events.first { $0.id == 2 && $0.event == "done" }?.status == "interrupted")
    #expect(events.last { $0.id == 2 && $0.event == "text" }?.text == "interrupted\n")
    #expect(events.first { $0.id == 3 && $0.event == "text" }?.text == "True\n")
  }

  @Test func `an interrupted fit keeps what it has learned`() throws {
    var isInterrupted = false
    let events = try events(
      #"{"id":1,"request":"execute","code":"load demo; dataloaders bs=512; learner dot factors=2"}"#
    ) { event in
      switch (event.event, event.id) {
      case ("done", 1): return #"{"id":2,"request":"execute","code":"fit 100000"}"#
      case ("update", 2) where !isInterrupted:
        isInterrupted = true
        return #"{"id":3,"request":"interrupt"}"#
      case ("done", 2): return #"{"id":4,"request":"execute","code":"len(learn.recorder.values)"}"#
      case ("done", 4): return #"{"id":99,"request":"shutdown"}"#
      default: return nil
      }
    }
    #expect(events.first { $0.id == 2 && $0.event == "done" }?.status == "interrupted")
    let kept = try #require(events.first { $0.id == 4 && $0.event == "text" }?.text)
    #expect(Int(kept.dropLast()).map { $0 >= 1 } == true, "\(kept)")
  }

  @Test func `questions are answered by the client`() throws {
    var answers = [#"{"id":3,"request":"answer"}"#, #"{"id":2,"request":"answer","text":"5"}"#]
    let code = "load demo; dataloaders bs=512; learner dot factors=2; fit 1; taste"
    let events = try events(#"{"id":1,"request":"execute","code":"\#(code)"}"#) { event in
      switch (event.event, event.id) {
      case ("question", 1): answers.popLast()
      case ("done", 1): #"{"id":4,"request":"execute","code":"1 + 1"}"#
      case ("done", 4): #"{"id":99,"request":"shutdown"}"#
      default: nil
      }
    }
    let asked = events.filter { $0.event == "question" }
    #expect(asked.count == 2 && asked.allSatisfy { $0.lines?.isEmpty == false })
    #expect(events.last { $0.event == "text" }?.text == "2\n")
  }

  @Test(
    arguments: [
      ("{", nil), ("[]", nil), (#"{"request":"execute"}"#, nil), (#"{"id":1}"#, 1),
      (#"{"id":1,"request":"execute"}"#, 1), (#"{"id":1,"request":"dance"}"#, 1),
      (#"{"id":"a","request":"shutdown"}"#, nil), (#"{"id":1,"request":"execute","code":5}"#, nil),
    ] as [(String, Int?)])
  func `a line that is no request is refused, and the next is answered`(
    _ line: String, _ id: Int?
  ) throws {
    let events = try events(line, #"{"id":2,"request":"execute","code":"1"}"#)
    #expect(events.map(\.event) == ["ready", "refused", "text", "done"])
    #expect(events[1].id == id && events[1].message?.isEmpty == false)
  }

  @Test(arguments: [
    #"{"id":1,"request":"shutdown"}"#, #"{"id":1,"request":"execute","code":"quit"}"#,
  ])
  func `leaves when it is asked to`(_ line: String) throws {
    let events = try events(line, #"{"id":2,"request":"execute","code":"1"}"#)
    #expect(events.map(\.event) == ["ready", "done"] && events[1].status == "quit")
  }

  @Test func `nothing is sent again sooner than a tenth of a second later`() throws {
    var time = 0.0
    var said: [String] = []
    let output = EventOutput(now: { time }, send: { said.append($0) })
    output.begin(LiveTable(titles: ["epoch"]))
    for epoch in 0..<10 {
      time += 0.03
      output.append(row: ["\(epoch)"])
      output.progress(Progress(label: "x", done: epoch, total: 10, elapsed: time))
    }
    output.end()
    #expect(said.count { $0.contains(#""event":"update""#) } == 3)
    #expect(!said.contains { $0.contains("progress") })
    #expect(said.last?.contains("<td>9</td>") == true)
    for done in 0..<8 {
      output.progress(Progress(label: "y", done: done, total: 8, elapsed: time))
      time += 0.25
    }
    output.progress(nil)
    #expect(said.count { $0.contains(#""event":"progress""#) } == 6)
    #expect(said.last?.contains(#""event":"progress_end""#) == true)
  }

  @Test func `a picture that is watched stands below the table until it is taken away`() throws {
    var time = 0.0
    var said: [String] = []
    let output = EventOutput(now: { time }, send: { said.append($0) })
    let plot = Plot(
      title: "loss", series: [.init("train_loss", x: [0, 1], y: [2, 1], mark: .linePoints)])
    output.begin(LiveTable(titles: ["epoch"]))
    for epoch in 0..<2 {
      time += 1
      output.append(row: ["\(epoch)"])
      time += 1
      output.watch(plot)
    }
    #expect(said.count { $0.contains(#""event":"update""#) && $0.contains("<svg") } == 2)
    output.watch(nil)
    output.end()
    #expect(said.last?.contains("<td>1</td>") == true)
    #expect(said.last?.contains("<svg") == false)
    // Frames are displays of their own.
    said = []
    output.write(.frames([plot, plot, plot]))
    #expect(said.count { $0.contains("image/svg+xml") } == 3)
  }
}

struct ProtocolPageTests {
  /// The lines of the blocks of a kind on the page about the protocol.
  private func lines(_ kind: String) throws -> [String] {
    let bytes = try Files.read(Fixture.path("../../Documentation/protocol.md"))
    let page = String(decoding: bytes, as: UTF8.self)
    let block = try #require(page.split(separator: "```\(kind)\n").dropFirst().first)
    return try #require(block.split(separator: "```").first).split(separator: "\n").map(String.init)
  }

  @Test func `the page has every request, and each can be read`() throws {
    let kinds = try lines("json request").map { line -> String in
      let request = try Request(Array(line.utf8))
      return String("\(request.kind)".prefix { $0 != "(" })
    }
    #expect(
      kinds == [
        "execute", "complete", "inspect", "completeness", "history", "interrupt", "answer",
        "shutdown",
      ])
  }

  @Test func `events of the page are JSON with a name`() throws {
    struct Named: Decodable { let event: String }
    let names = try lines("json event").map {
      try JSONDecoder().decode(Named.self, from: Data($0.utf8)).event
    }
    #expect(
      Set(names) == [
        "ready", "text", "display", "update", "progress", "progress_end", "error", "question",
        "refused", "done",
      ])
  }
}
