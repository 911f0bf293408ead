import CollabFiles
import FuzzCases
import TestSupport
import Testing

/// Inputs that once did harm.
struct FoundInputTests {
  private static let folder = Fixture.path("hostile")
  private static let files = Files.entries(of: folder).map(\.name)
    .filter { FuzzKind(file: $0) != nil }

  @Test(arguments: files)
  func `an input that was found does no harm any more`(_ file: String) throws {
    let kind = try #require(FuzzKind(file: file))
    let place = try TemporaryFolder()
    let bytes = try Files.read("\(Self.folder)/\(file)")
    #expect(FuzzTrial(folder: place.path).problems(of: kind, bytes) == [])
  }

  @Test func `inputs follow from their seed and number`() throws {
    let places = [try TemporaryFolder(), try TemporaryFolder()]
    let trials = places.map { FuzzTrial(folder: $0.path) }
    defer { withExtendedLifetime(places) {} }
    for kind in FuzzKind.allCases {
      let inputs = trials.map { trial in
        (0..<20).map { trial.input(kind, seed: 5, number: $0) }
      }
      #expect(inputs[0] == inputs[1], "\(kind)")
      #expect(Set(inputs[0]).count > 10, "\(kind)")
    }
  }

  @Test func `some inputs of every kind do no harm`() throws {
    let place = try TemporaryFolder()
    let trial = FuzzTrial(folder: place.path)
    for kind in FuzzKind.allCases {
      for number in 0..<25 {
        let problems = trial.problems(of: kind, trial.input(kind, seed: 1, number: number))
        #expect(problems == [], "\(kind) \(number)")
      }
    }
  }
}
