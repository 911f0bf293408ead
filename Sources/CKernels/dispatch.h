#pragma once

// DISPATCHED compiles a kernel for several kinds of x86-64; the loader picks one. Elsewhere the
// compiler's default serves. Vectors of 512 bits are for AMD's: Intel's processors slow down for all
// that runs beside them, which costs a step more than they bring. Kernels keep contraction off and
// name each fused multiply-add, so that every clone computes the same bits. To try one of them:
// swift build -Xcc '-DDISPATCHED=__attribute__((target("arch=x86-64-v3")))'
#if defined(DISPATCHED)
#elif defined(__x86_64__) && defined(__linux__)
#define DISPATCHED \
  __attribute__((target_clones("arch=znver5", "arch=znver4", "arch=x86-64-v3", "default")))
// For products of matrices they pay everywhere; compilers avoid them unless told.
#define WIDE_VECTORS \
  __attribute__((target("arch=x86-64-v4,no-prefer-256-bit"), min_vector_width(512)))
#define HAS_WIDE_VECTORS __builtin_cpu_supports("x86-64-v4")
#else
#define DISPATCHED
#endif

// The builtins never set errno, so loops over them vectorise; fmaf and sqrtf need a compiler flag.
#define FMA(a, b, c) __builtin_elementwise_fma((float)(a), (float)(b), (float)(c))
#define DOUBLE_FMA(a, b, c) __builtin_elementwise_fma((double)(a), (double)(b), (double)(c))
#define SQRT(x) __builtin_elementwise_sqrt((float)(x))
