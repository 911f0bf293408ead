#pragma once

// A program that links this runs the kernels for the processor that its first argument names, on any
// that has the instructions: `baseline`, `v3` (vectors of 256 bits), `v4-intel` and `v4-amd` (of 512
// bits, which are used for all that has them on the latter alone). Without one it is `baseline`.

// How an instruction is encoded that a kernel reads or writes memory with.
typedef enum { ENCODING_NONE, ENCODING_SSE, ENCODING_AVX, ENCODING_AVX512 } encoding;

// Kernels that were compiled in different ways: for two generations of processors, as well with wide
// vectors on those of one maker, and with wide vectors wherever there are some.
typedef enum { SAMPLE_DISPATCHED, SAMPLE_PREFERRED_WIDE, SAMPLE_WIDE } sample;

// Runs a kernel on memory that may not be touched, and looks at the instruction that did.
encoding encoding_of(sample sample);
