import Collab
import FoundationEssentials
import CollabLearning
import CollabThreading

// MARK: - Other programs, in the same run

extension Bench {
  /// fastai, a plain loop in PyTorch, and cornac's matrix factorisation, where a Python has them.
  func peers() throws {
    guard let python else {
      print("peers: skipped; --python or COLLAB_PYTHON names a Python that has fastai")
      return
    }
    guard let folder = dataFolder else {
      print("peers: skipped; they need MovieLens 100K, --data or COLLAB_DATA")
      return
    }
    for (name, script, arguments) in [
      ("fastai collab", "epochs_fastai.py", [folder, "collab"]),
      ("fastai nn", "epochs_fastai.py", [folder, "nn"]),
      ("torch loop", "epochs_torch.py", [folder]),
    ] {
      guard let samples = try peerSamples(script, arguments) else { continue }
      report(name, "s/epoch", samples, goal: nil, floor: nil)
    }
    let importing = ChildProgram(path: python, arguments: ["-c", "import fastai.collab"])
    if try importing.run().status == 0 {
      report(
        "fastai import", "s", try samples(repeats) { try importing.run() }, goal: nil, floor: nil)
    }
    try wholeFit(beside: folder)
  }

  /// Five epochs of the chapter's model beside the fastest way to its quality that can be installed:
  /// other arithmetic, cornac's stochastic descent in C++.
  private func wholeFit(beside folder: String) throws {
    let cornac = try peerSamples("fit_cornac.py", [folder])
    if let cornac { report("cornac 50 epochs", "s", cornac, goal: nil, floor: nil) }
    if let loss = try peerSamples("fit_cornac.py", [folder, "loss"]) {
      report("cornac valid loss", "squared", loss, goal: nil, floor: nil)
    }
    let table = try movieLens100K()
    var loss = Float.nan
    let samples = try (0...repeats).map { _ in
      let learner = try learner(table, .collab)
      learner.threads = .one
      let watch = Stopwatch()
      try learner.fit(epochs: 5, .oneCycle(maximum: 5e-3), weightDecay: 0.1)
      let elapsed = watch.elapsed
      loss = learner.recorder.epochs.last?.validLoss ?? loss
      return elapsed
    }
    report(
      "collab 5 epochs", "s", samples.dropFirst(), goal: cornac.map { middle($0.map(\.wall)) },
      floor: nil)
    report(
      "collab valid loss", "squared", [(wall: Double(loss), processor: 0)], goal: nil, floor: nil)
  }

  /// What a script prints: a line of JSON, wall and processor seconds of each sample.
  ///
  /// nil if there is no Python, or it has not what the script imports, which is said.
  func peerSamples(
    _ script: String, _ arguments: [String]
  ) throws -> [(wall: Double, processor: Double)]? {
    guard let last = try peerLine(script, arguments) else { return nil }
    return try JSONDecoder().decode([[Double]].self, from: Data(last.utf8)).map {
      (wall: $0[0], processor: $0[1])
    }
  }

  /// The last line that a script prints; nil as above.
  func peerLine(_ script: String, _ arguments: [String]) throws -> String? {
    guard let python else { return nil }
    let result = try ChildProgram(
      path: python, arguments: ["Tests/Benchmarks/Peers/\(script)"] + arguments
    ).run()
    let last = result.output.split(separator: "\n").last.map(String.init) ?? ""
    guard result.status == 0 else {
      print("\(script): skipped; \(last.isEmpty ? "left with \(result.status)" : last)")
      return nil
    }
    return last
  }
}
