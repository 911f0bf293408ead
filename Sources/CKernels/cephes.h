#pragma once
#include <stdint.h>
#include <string.h>

#include "dispatch.h"

// The single-precision polynomials of Cephes, with the fused operations that PyTorch's AVX2 path
// uses (avx_mathfun.h), so that the same seed gives the same bits.

static inline float cephes_log(float x) {  // x normal and positive
#pragma clang fp contract(off)
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  float e = (float)((bits >> 23) - 126);
  bits = (bits & 0x007fffff) | 0x3f000000;
  float m;  // mantissa in [0.5, 1)
  memcpy(&m, &bits, sizeof m);
  int low = m < 0.707106781186547524f;
  e = low ? e - 1.0f : e;
  float y = m - 1.0f;
  x = low ? y + m : y;
  float z = x * x;
  y = 7.0376836292e-2f;
  y = FMA(y, x, -1.1514610310e-1f);
  y = FMA(y, x, 1.1676998740e-1f);
  y = FMA(y, x, -1.2420140846e-1f);
  y = FMA(y, x, 1.4249322787e-1f);
  y = FMA(y, x, -1.6668057665e-1f);
  y = FMA(y, x, 2.0000714765e-1f);
  y = FMA(y, x, -2.4999993993e-1f);
  y = FMA(y, x, 3.3333331174e-1f);
  y = y * x;
  y = FMA(y, z, e * -2.12194440e-4f);
  y = FMA(-z, 0.5f, y);
  return FMA(e, 0.693359375f, x + y);
}

static inline void cephes_sincos(float x, float *sine, float *cosine) {  // x in [0, 2 pi]
#pragma clang fp contract(off)
  int32_t j = ((int32_t)(x * 1.27323954473516f) + 1) & ~1;
  float octant = (float)j;
  x = FMA(octant, -0.78515625f, x);
  x = FMA(octant, -2.4187564849853515625e-4f, x);
  x = FMA(octant, -3.77489497744594108e-8f, x);
  float z = x * x;
  float c = FMA(2.443315711809948e-5f, z, -1.388731625493765e-3f);
  c = FMA(c, z, 4.166664568298827e-2f);
  c = FMA(c * z, z, -(z * 0.5f)) + 1.0f;
  float s = FMA(-1.9515295891e-4f, z, 8.3321608736e-3f);
  s = FMA(s, z, -1.6666654611e-1f);
  s = FMA(s * z, x, x);
  float sn = j & 2 ? c : s, cs = j & 2 ? s : c;
  *sine = j & 4 ? -sn : sn;
  *cosine = (j - 2) & 4 ? cs : -cs;
}
