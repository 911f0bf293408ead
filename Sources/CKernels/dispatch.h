#pragma once

// DISPATCHED compiles a kernel for two generations of x86-64, with vectors of 256 bits and without; the
// loader picks one. Elsewhere the compiler's default serves. Kernels keep contraction off and name each
// fused multiply-add, so that every clone computes the same bits. To try one of them: swift build
// -Xcc '-DDISPATCHED=__attribute__((target("arch=x86-64-v3")))'
//
// WIDE_VECTORS compiles one with vectors of 512 bits, which compilers avoid unless told. In products of
// matrices they pay wherever there are some. In kernels that come and go with others they pay on AMD's
// processors alone: Intel's lower their clock for a while, and all that runs then takes longer.
#if defined(DISPATCHED)
#elif defined(__x86_64__) && defined(__linux__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v3", "default")))
#define WIDE_VECTORS \
  __attribute__((target("arch=x86-64-v4,no-prefer-256-bit"), min_vector_width(512)))
#define HAS_WIDE_VECTORS __builtin_cpu_supports("x86-64-v4")
#define PREFERS_WIDE_VECTORS (HAS_WIDE_VECTORS && __builtin_cpu_is("amd"))
#else
#define DISPATCHED
#endif

// Defines ck_NAME, which runs the inlined NAME as DISPATCHED, or with wide vectors where they pay.
#ifdef WIDE_VECTORS
#define KERNEL(NAME, PARAMETERS, ARGUMENTS)                           \
  DISPATCHED static void NAME##_narrow PARAMETERS { NAME ARGUMENTS; } \
  WIDE_VECTORS static void NAME##_wide PARAMETERS { NAME ARGUMENTS; } \
  void ck_##NAME PARAMETERS {                                         \
    if (PREFERS_WIDE_VECTORS)                                         \
      NAME##_wide ARGUMENTS;                                          \
    else                                                              \
      NAME##_narrow ARGUMENTS;                                        \
  }
#else
#define KERNEL(NAME, PARAMETERS, ARGUMENTS) \
  DISPATCHED void ck_##NAME PARAMETERS { NAME ARGUMENTS; }
#endif

// The builtins never set errno, so loops over them vectorise; fmaf and sqrtf need a compiler flag.
#define FMA(a, b, c) __builtin_elementwise_fma((float)(a), (float)(b), (float)(c))
#define DOUBLE_FMA(a, b, c) __builtin_elementwise_fma((double)(a), (double)(b), (double)(c))
#define SQRT(x) __builtin_elementwise_sqrt((float)(x))
