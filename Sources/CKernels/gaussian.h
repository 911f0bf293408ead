#pragma once
#include <stdint.h>
#include <string.h>

#include "cephes.h"
#include "dispatch.h"
#include "vectors.h"

// The normal distribution in single precision: polynomials in a fixed order, so that they give the same
// bits everywhere.

// e to the power of x; below -87 as for -87, so that there are no subnormal numbers.
INLINED float negative_exp(float x) {  // x <= 0
#pragma clang fp contract(off)
  x = x < -87.0f ? -87.0f : x;
  int32_t k = (int32_t)(FMA(x, 1.44269504f, -0.5f));
  float n = (float)k;
  float r = FMA(n, 2.12194440e-4f, FMA(n, -0.693359375f, x));
  float p = 0.0013888889f;
  p = FMA(p, r, 0.0083333333f);
  p = FMA(p, r, 0.041666667f);
  p = FMA(p, r, 0.16666667f);
  p = FMA(p, r, 0.5f);
  p = FMA(p, r, 1.0f);
  p = FMA(p, r, 1.0f);
  int32_t bits = (k + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

// The share of a normal distribution below x; a few millionths off, in the lower tail of what it is.
// Source: Press et al., Numerical Recipes, erfcc.
INLINED float normal_cdf(float x) {
#pragma clang fp contract(off)
  float y = (x < 0 ? -x : x) * 0.70710678f;
  y = y > 8.8f ? 8.8f : y;
  float t = 1.0f / FMA(0.5f, y, 1.0f);
  float p = 0.17087277f;
  p = FMA(p, t, -0.82215223f);
  p = FMA(p, t, 1.48851587f);
  p = FMA(p, t, -1.13520398f);
  p = FMA(p, t, 0.27886807f);
  p = FMA(p, t, -0.18628806f);
  p = FMA(p, t, 0.09678418f);
  p = FMA(p, t, 0.37409196f);
  p = FMA(p, t, 1.00002368f);
  p = FMA(p, t, FMA(-y, y, -1.26551223f));
  float tail = 0.5f * t * negative_exp(p > 0 ? 0 : p);
  return x < 0 ? tail : 1.0f - tail;
}

// Where the share p of a normal distribution lies below.
// Source: Acklam (2003), "An algorithm for computing the inverse normal cumulative distribution function".
INLINED float normal_quantile(float p) {
#pragma clang fp contract(off)
  p = p < 1e-37f ? 1e-37f : p > 0.99999994f ? 0.99999994f : p;
  float q = p - 0.5f, r = q * q;
  float above = -39.6968303f;
  above = FMA(above, r, 220.946098f);
  above = FMA(above, r, -275.928510f);
  above = FMA(above, r, 138.357752f);
  above = FMA(above, r, -30.6647981f);
  above = FMA(above, r, 2.50662828f);
  float below = -54.4760988f;
  below = FMA(below, r, 161.585837f);
  below = FMA(below, r, -155.698980f);
  below = FMA(below, r, 66.8013119f);
  below = FMA(below, r, -13.2806816f);
  below = FMA(below, r, 1.0f);
  float middle = above * q / below;
  float t = q < 0 ? p : 1.0f - p;
  float l = SQRT(-2.0f * cephes_log(t));
  above = -0.00778489400f;
  above = FMA(above, l, -0.322396458f);
  above = FMA(above, l, -2.40075828f);
  above = FMA(above, l, -2.54973254f);
  above = FMA(above, l, 4.37466414f);
  above = FMA(above, l, 2.93816398f);
  below = 0.00778469571f;
  below = FMA(below, l, 0.322467129f);
  below = FMA(below, l, 2.44513414f);
  below = FMA(below, l, 3.75440866f);
  below = FMA(below, l, 1.0f);
  float tail = above / below;
  return t < 0.02425f ? (q < 0 ? tail : -tail) : middle;
}
