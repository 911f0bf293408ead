import TestSupport
import Testing

struct TranscriptTests {
  @Test(arguments: try Transcript.all())
  func `replays as recorded`(_ transcript: Transcript) throws {
    let classroom = Classroom()
    let outputs = try transcript.steps.map { try classroom.type($0.input) }
    guard !Transcript.isRecording else { return try transcript.record(outputs) }
    for (step, output) in zip(transcript.steps, outputs) {
      #expect(output == step.output, "> \(step.input)")
    }
  }
}
