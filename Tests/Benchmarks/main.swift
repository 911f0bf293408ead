print("no benchmarks")
