import FuzzCases
import Glibc

// Tries inputs without end: see script/fuzz. A driver starts workers, which are this program again, so
// that an input that ends a process ends no more than its worker.

/// Prints a line at once: whoever reads must know where this process is when it ends.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

do {
  var arguments = CommandLine.arguments.dropFirst()
  if arguments.first == "--worker" {
    try FuzzWorker(arguments.dropFirst()).run()
  } else {
    let options = try FuzzOptions(&arguments)
    if options.interrupts {
      guard let trial = InterruptTrial() else {
        throw FuzzOptions.Mistake(description: "the program is not beside this one")
      }
      exit(trial.run(only: options.files) ? 0 : 1)
    }
    if let kills = options.kills {
      guard let trial = KillTrial(rounds: kills, seed: options.seed) else {
        throw FuzzOptions.Mistake(description: "the program is not beside this one")
      }
      exit(trial.run() ? 0 : 1)
    }
    exit(FuzzDriver(options).run() ? 0 : 1)
  }
} catch {
  say("error: \(error)")
  exit(2)
}
