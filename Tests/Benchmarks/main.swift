import Glibc

// Measures the goals of the package: `Benchmarks [NAME …] [--data FOLDER] [--python PATH]
// [--repeats N] [--full] [--page] [--json FILE] [--compare FILE]`.
do {
  let bench = try Bench(CommandLine.arguments.dropFirst())
  try bench.runAll()
} catch {
  print("error: \(error)")
  exit(1)
}
