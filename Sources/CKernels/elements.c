#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// One loop for each way in which operands advance, so that each is vectorised.
#define LOOP(expression)                                                      \
  if (xs && ys)                                                               \
    for (int64_t i = 0; i < n; i++) { float a = x[i], b = y[i]; z[i] = expression; } \
  else if (xs)                                                                \
    for (int64_t i = 0; i < n; i++) { float a = x[i], b = *y; z[i] = expression; }   \
  else                                                                        \
    for (int64_t i = 0; i < n; i++) { float a = *x, b = y[i]; z[i] = expression; }

DISPATCHED
void ck_binary(ck_operation operation, float *restrict z, const float *restrict x, int64_t xs,
               const float *restrict y, int64_t ys, int64_t n) {
#pragma clang fp contract(off)
  switch (operation) {
    case CK_ADD: LOOP(a + b) break;
    case CK_SUBTRACT: LOOP(a - b) break;
    case CK_MULTIPLY: LOOP(a * b) break;
    case CK_DIVIDE: LOOP(a / b) break;
  }
}

DISPATCHED
void ck_scale_rows(float *restrict z, const float *restrict x, const float *restrict factor,
                   int64_t R, int64_t K) {
#pragma clang fp contract(off)
#define SCALE(T, P, M, V, i) \
  do {                       \
    LOAD(T, part, x + i);    \
    part *= factor[r];       \
    STORE(P, part);          \
  } while (0)
  for (int64_t r = 0; r < R; r++, x += K, z += K) FOR_EACH_VECTOR(SCALE, COPY_P, z, z, z, K);
}

DISPATCHED
void ck_repeat_columns(float *restrict z, const float *restrict x, int64_t R, int64_t K) {
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) z[r * K + k] = x[r];
}

DISPATCHED
void ck_add_to_rows(float *restrict z, const float *restrict x, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) z[r * K + k] += x[k];
}

DISPATCHED
void ck_add_rows(float *restrict z, const float *restrict x, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) z[k] += x[r * K + k];
}

DISPATCHED
void ck_scale(float *restrict z, const float *restrict x, float factor, float offset, int64_t n) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) z[i] = x[i] * factor + offset;
}

// 2 to the power of n, times e to the power of what remains, by Taylor's series: less than a unit in
// the last place off. Adding the constant leaves n in the low bits of the sum.
static inline double exponential(double x) {
#pragma clang fp contract(off)
  const double shift = 0x1.8p52;
  x = x > 700 ? 700 : x < -700 ? -700 : x;
  double sum = DOUBLE_FMA(x, 1.4426950408889634, shift), n = sum - shift;
  double r = DOUBLE_FMA(n, -1.90821492927058770002e-10, DOUBLE_FMA(n, -0.693147180369123816490, x));
  double y = 1 / 479001600.0;
  y = DOUBLE_FMA(y, r, 1 / 39916800.0);
  y = DOUBLE_FMA(y, r, 1 / 3628800.0);
  y = DOUBLE_FMA(y, r, 1 / 362880.0);
  y = DOUBLE_FMA(y, r, 1 / 40320.0);
  y = DOUBLE_FMA(y, r, 1 / 5040.0);
  y = DOUBLE_FMA(y, r, 1 / 720.0);
  y = DOUBLE_FMA(y, r, 1 / 120.0);
  y = DOUBLE_FMA(y, r, 1 / 24.0);
  y = DOUBLE_FMA(y, r, 1 / 6.0);
  y = DOUBLE_FMA(y, r, 0.5);
  y = DOUBLE_FMA(y, r, 1.0);
  y = DOUBLE_FMA(y, r, 1.0);
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  bits = (bits + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return y * power;
}

DISPATCHED
void ck_logistic(float *restrict z, const float *restrict x, int64_t n) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) z[i] = 1 / (1 + (float)exponential(-(double)x[i]));
}

DISPATCHED
void ck_logistic_slope(float *restrict z, const float *restrict g, const float *restrict s,
                       float width, int64_t n) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) z[i] = (g[i] * width * (1 - s[i])) * s[i];
}

DISPATCHED
void ck_relu(float *restrict z, const float *restrict x, int64_t n) {
  for (int64_t i = 0; i < n; i++) z[i] = x[i] <= 0 ? 0 : x[i];
}

DISPATCHED
void ck_relu_slope(float *restrict z, const float *restrict g, const float *restrict y, int64_t n) {
  for (int64_t i = 0; i < n; i++) z[i] = y[i] > 0 ? g[i] : 0;
}

DISPATCHED
void ck_squared_errors(float *restrict e, float *restrict q, const float *restrict p,
                       const float *restrict t, int64_t n) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) {
    e[i] = p[i] - t[i];
    q[i] = e[i] * e[i];
  }
}

DISPATCHED
void ck_scale_twice(float *restrict z, const float *restrict x, float a, float b, int64_t n) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) z[i] = a * x[i] * b;
}
