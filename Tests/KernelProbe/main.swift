import ChosenProcessor
import KernelCases

// Says which kernels the chosen processor gets, and how they do: see ChosenProcessor.h.

let encodings: [encoding: String] = [
  ENCODING_NONE: "none", ENCODING_SSE: "sse", ENCODING_AVX: "avx", ENCODING_AVX512: "avx512",
]
let samples = [SAMPLE_DISPATCHED, SAMPLE_PREFERRED_WIDE, SAMPLE_WIDE]
print("instructions", samples.map { encodings[encoding_of($0)] ?? "?" }.joined(separator: " "))
for kernel in KernelCase.all {
  let outcome = kernel.run()
  print("case", kernel.name, outcome.digest)
  for difference in outcome.differences { print("difference", kernel.name, difference) }
}

extension encoding: @retroactive Hashable {}
