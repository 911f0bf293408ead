import Testing

/// The program in a process that offers less than usual.
@Suite(.enabled(if: ProgramFolder.program != nil, "the program is not beside the tests"))
struct ProcessStartTests {
  private let place: ProgramFolder

  init() throws { place = try ProgramFolder() }

  @Test(arguments: [
    "def f(n): return f(n + 1)\nf(0)", String(repeating: "(", count: 5000),
    String(repeating: "-", count: 100_000) + "1", "x = []\nfor i in range(100000): x = [x]",
  ])
  func `what is nested too deeply is a message on a small stack as well`(_ text: String) throws {
    try place.write("deep", text)
    let result = try place.shell("ulimit -s 256; collab run deep")
    #expect(result.code == 1 || result.code == 4)
    #expect(result.output.contains("error["))
  }

  @Test func `no file takes the place of a stream that is closed`() throws {
    let result = try place.shell(
      "collab -c 'np.save(\"x.npy\", zeros(2)); print(1)' >&- 2>&-; echo $?; wc -c < x.npy")
    // The header of an array has 128 bytes.
    #expect(result.output == "74\n136\n")
  }

  @Test(arguments: 4...8)
  func `few files may be open, and nothing ends the program`(_ most: Int) throws {
    try place.write("a", "load demo; dataloaders; learner popular; fit; evaluate resamples=20\n")
    for command in ["run a", "html a -o a.html", "check a", "-c 'load demo; fit'"] {
      let result = try place.shell("ulimit -n \(most); collab \(command)")
      #expect([0, 1, 4].contains(result.code), "\(command): \(result.output)")
    }
  }

  @Test(arguments: Array(stride(from: 38_000, to: 60_000, by: 4_000)))
  func `little memory is a message`(_ kilobytes: Int) throws {
    try place.write("a", "load demo; dataloaders; learner popular; fit; evaluate resamples=20\n")
    let result = try place.shell("ulimit -v \(kilobytes); collab run a")
    // Where the system cannot load the program, nothing of it runs.
    #expect([0, 1, 127].contains(result.code), "\(result.output)")
    if result.code == 1 { #expect(result.output.contains("memory")) }
  }

  @Test func `there is nothing to read where standard input is closed`() throws {
    #expect(try place.shell("collab <&-; echo $?").output == "0\n")
  }
}
