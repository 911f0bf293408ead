import ArgumentParser
import Collab
import CollabLineEditing
import CollabNotebook
import CollabProtocol
import Glibc

/// How programs talk to this one.
enum ProtocolName: String, ExpressibleByArgument, CaseIterable {
  case json
}

/// `collab --protocol json`: a session for a program at the other end of two pipes.
enum ProtocolProgram {
  static func run(_ common: CommonOptions) throws -> Exit {
    try common.checkFolder()
    setlocale(LC_CTYPE, "")
    let talk = Conversation(
      from: STDIN_FILENO, history: .standard, takeInterrupt: Interrupt.take, send: Console.write)
    let session = Session(
      output: talk.output, dataSearch: .current(dataFolder: common.data), seed: common.seed ?? 42)
    talk.hold(with: session, programVersion: CollabProgram.version)
    return .success
  }
}
