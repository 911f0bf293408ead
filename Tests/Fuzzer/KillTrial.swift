import FuzzCases
import Glibc
import TestSupport

/// Ends the program at random moments while it writes files of every kind, and looks at what is there.
///
/// Each file must be a whole one, old or new; and the next run that is not ended leaves nothing beside them.
struct KillTrial {
  private let rounds: Int
  private let seed: UInt64
  private let folder: TemporaryFolder
  private let program: FuzzProgram

  /// What writes: statements, a recording of a script, a page and a notebook of it.
  private static let script = """
    x = randn(300, 400); x.shape
    #> [300, 400]
    q = read_csv 'ratings.csv'
    for i in range(4):
      save('w.saved', overwrite=true)
      np.save('x.npy', x)
      q.to_csv('q.csv')
      plot([1, 3, 2], save='p.svg')

    """
  private static let commands = [
    ["run", "w.collab"], ["record", "r.collab"], ["html", "w.collab", "-o", "w.html"],
    ["ipynb", "--no-run", "w.collab", "-o", "w.ipynb"], ["run", "m.collab"],
  ]

  /// So many rounds, whose moments follow from a seed; nil if there is no program beside this one.
  init?(rounds: Int, seed: UInt64) {
    guard let folder = try? TemporaryFolder(), chdir(folder.path) == 0,
      let program = FuzzProgram(folder: folder.path)
    else { return nil }
    (self.rounds, self.seed, self.folder, self.program) = (rounds, seed, folder, program)
    folder.write("ratings.csv", FuzzTrial.ratings)
    folder.write("w.collab", Self.script)
    folder.write("r.collab", Self.script.replacing("[300, 400]", with: "[1]"))
    folder.write(
      "m.collab",
      FuzzTrial.training + "\nfor i in range(4):\n  learn.export('m.safetensors')\n")
  }

  /// Runs all rounds.
  ///
  /// - Returns: whether every file was whole.
  func run() -> Bool {
    var random = FuzzRandom(seed: seed, number: 0)
    var problems: [String] = []
    var killed = 0
    for command in Self.commands where program.run(command.map { Array($0.utf8) }) != 0 {
      problems.append("\(command) fails")
    }
    let whole = contents()
    let times = Self.commands.map { command in
      time { _ = program.run(command.map { Array($0.utf8) }) }
    }
    for round in 0..<rounds where problems.count < 10 {
      let number = round % Self.commands.count
      let command = Self.commands[number]
      if command[0] == "record" {
        folder.write("r.collab", Self.script.replacing("[300, 400]", with: "[1]"))
      }
      // Every third round a limit of the file's size ends the writing instead.
      let limit = round % 3 == 2 ? Int.random(in: 0...(1 << 20), using: &random) : nil
      let delay = limit == nil ? Double.random(in: 0...(times[number] * 1.2), using: &random) : 30
      let status = program.run(
        command.map { Array($0.utf8) }, patience: delay, fileSize: limit)
      if status == nil { killed += 1 }
      if let status, status & 0x7F != 0 {
        problems.append("\(command) ends by signal \(status & 0x7F)")
      }
      problems += check(whole, after: "\(command), round \(round)")
    }
    for command in Self.commands { _ = program.run(command.map { Array($0.utf8) }) }
    let litter = names().filter { whole[$0] == nil }
    if !litter.isEmpty { problems.append("what is left: \(litter)") }
    for problem in problems { say(problem) }
    say("\(rounds) rounds, \(killed) killed, seed \(seed): \(problems.count) found")
    return problems.isEmpty
  }

  private func time(_ body: () -> Void) -> Double {
    let start = FuzzDriver.now
    body()
    return FuzzDriver.now - start
  }

  /// Files have the length and the end that whole ones have, whatever the numbers in them are.
  private func check(_ whole: [String: [UInt8]], after what: String) -> [String] {
    let now = contents()
    return whole.keys.sorted().compactMap { name in
      guard let old = whole[name] else { return nil }
      guard let new = now[name] else { return "\(name) is gone after \(what)" }
      let isWhole =
        switch name {
        case "r.collab":
          new == old || new == Array(Self.script.replacing("[300, 400]", with: "[1]").utf8)
        // A page tells of what could not be written.
        case "w.html": new.suffix(8) == old.suffix(8) && new.count >= old.count - 64
        case "w.saved", "x.npy", "m.safetensors": new.count == old.count
        default: new == old
        }
      return isWhole ? nil : "\(name) is damaged after \(what): \(new.count) of \(old.count) bytes"
    }
  }

  private func names() -> [String] {
    guard let stream = opendir(folder.path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private func contents() -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: names().filter { !$0.hasPrefix(".collab-draft-") }
        .map { ($0, FuzzWorker.bytes(of: "\(folder.path)/\($0)")) })
  }
}
