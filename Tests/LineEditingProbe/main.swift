// A prompt for the tests, which run it at a pseudo-terminal: it says what it read.
internal import Glibc
internal import CollabLineEditing

Interrupt.watch()

/// Reports a value on a line of its own, control characters written out.
func report(_ name: String, _ text: String) {
  print("\(name) <\(text.debugDescription.dropFirst().dropLast())>")
}

/// Brackets that are open at the end of a text, the way the command language counts them.
func openInput(_ text: String) -> OpenInput? {
  var open: [OpenInput] = []
  for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    for character in line {
      if "{([".contains(character) { open.append(OpenInput(String(character), line: number + 1)) }
      if "})]".contains(character) { _ = open.popLast() }
    }
  }
  return open.last
}

/// Names that begin with the last word.
func complete(_ before: String, _ after: String) -> Completions {
  let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
  let names = ["dot", "dotbias", "learner", "Amélie"] + (1...40).map { "name\($0)" }
  return Completions(
    replacing: String(word),
    candidates: names.filter { $0.hasPrefix(word) }.map {
      Completions.Candidate($0, summary: $0.hasPrefix("dot") ? "the model \($0)" : "")
    })
}

/// Numbers, and the commands there would be.
func styles(of text: String) -> [StyledStretch] {
  var stretches: [StyledStretch] = []
  var offset = 0
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    let range = offset..<offset + word.utf8.count
    if !word.isEmpty, word.allSatisfy(\.isNumber) {
      stretches.append(StyledStretch(range, .number))
    }
    if word.hasPrefix("dot") { stretches.append(StyledStretch(range, .command)) }
    offset = range.upperBound + 1
  }
  return stretches
}

/// The end of the only name that begins with the last word.
func onlyEnding(_ text: String) -> String? {
  let candidates = complete(text, "").candidates
  let word = text.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
  guard candidates.count == 1, !word.isEmpty else { return nil }
  return String(candidates[0].text.dropFirst(word.count))
}

let path = CommandLine.arguments.dropFirst().first
let reader = LineInput.reader(
  LineInput.Options(
    openInput: openInput, complete: complete, history: path.map { HistoryFile(path: $0) },
    appearance: Appearance(
      hasColor: { true }, styles: { text, _ in styles(of: text) },
      canRun: { !$0.hasPrefix("gone") }, onlyEnding: onlyEnding)))
print(reader is LineEditor ? "editing" : "plain")
var count = 1
loop: while true {
  switch reader.read(Prompt("probe[\(count)]")) {
  case .line("busy"):
    // Runs until Ctrl-C, as a fit would, and echoes nothing.
    print("working")
    while !Interrupt.take() { usleep(1000) }
    print("interrupted")
  case .line("deaf"):
    // Never asks for Ctrl-C.
    print("not listening")
    while !Interrupt.isPending { usleep(1000) }
    print("heard nothing")
    while true { usleep(1000) }
  case .line("ask"):
    report("answer", "\(reader.read(Prompt("sure", purpose: .answer)))")
  case .line("wait"):
    // A command that ends when a file appears.
    print("waiting")
    while access((path ?? "") + ".go", F_OK) != 0 { usleep(1000) }
    print("done")
  case .line(let text): report("line", text)
  case .endOfInput:
    print("end")
    break loop
  case .interrupted:
    print("stopped")
    exit(130)
  case .failed(let error):
    print("failed \(error)")
    exit(1)
  }
  count += 1
}
