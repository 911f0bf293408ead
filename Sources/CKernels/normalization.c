#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// Columns are lanes: each sums over the rows in their order, in double. W columns at a time pass through
// all rows, so that their sums stay in registers; the last W may overlap those before.

typedef double double1 __attribute__((ext_vector_type(1)));
typedef double double8 __attribute__((ext_vector_type(8)));
typedef double double16 __attribute__((ext_vector_type(16)));

// BLOCK(F, D, k) does the columns from k on that a vector F of floats, or D of doubles, holds.
#define FOR_EACH_COLUMN(BLOCK, W, K)                                       \
  do {                                                                     \
    int64_t at = 0;                                                        \
    if ((K) < W) {                                                         \
      for (; at < (K); at++) BLOCK(vector1, double1, at);                  \
    } else {                                                               \
      for (; at + W <= (K); at += W) BLOCK(vector##W, double##W, at);      \
      if (at < (K)) BLOCK(vector##W, double##W, (K) - W);                  \
    }                                                                      \
  } while (0)

// Floats from an address on, as doubles.
#define LOAD_DOUBLES(F, D, x, from) \
  LOAD(F, x##_floats, from);        \
  D x = __builtin_convertvector(x##_floats, D)

DISPATCHED
void ck_column_statistics(double *restrict mean, double *restrict variance,
                          const float *restrict x, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  double rows = (double)R;
#define STATISTICS(F, D, k)                   \
  do {                                        \
    D average = 0, spread = 0;                \
    for (int64_t r = 0; r < R; r++) {         \
      LOAD_DOUBLES(F, D, e, x + r * K + (k)); \
      average += e;                           \
    }                                         \
    average /= rows;                          \
    for (int64_t r = 0; r < R; r++) {         \
      LOAD_DOUBLES(F, D, e, x + r * K + (k)); \
      D distance = e - average;               \
      spread += distance * distance;          \
    }                                         \
    spread /= rows;                           \
    STORE(mean + (k), average);               \
    STORE(variance + (k), spread);            \
  } while (0)
  FOR_EACH_COLUMN(STATISTICS, 16, K);
}

DISPATCHED
void ck_scale_columns(float *restrict y, const float *restrict x, const float *restrict factor,
                      const float *restrict offset, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) y[r * K + k] = FMA(x[r * K + k], factor[k], offset[k]);
}

DISPATCHED
void ck_normalization_sums(double *restrict sum, double *restrict dot, const float *restrict g,
                           const float *restrict x, const float *restrict center,
                           const float *restrict spread, int64_t R, int64_t K) {
#pragma clang fp contract(off)
#define SUMS(F, D, k)                             \
  do {                                            \
    LOAD_DOUBLES(F, D, middle, center + (k));     \
    LOAD_DOUBLES(F, D, scale, spread + (k));      \
    D slopes = 0, products = 0;                   \
    for (int64_t r = 0; r < R; r++) {             \
      LOAD_DOUBLES(F, D, slope, g + r * K + (k)); \
      LOAD_DOUBLES(F, D, e, x + r * K + (k));     \
      slopes += slope;                            \
      products += slope * (e - middle);           \
    }                                             \
    products *= scale;                            \
    STORE(sum + (k), slopes);                     \
    STORE(dot + (k), products);                   \
  } while (0)
  FOR_EACH_COLUMN(SUMS, 8, K);
}

DISPATCHED
void ck_normalization_slope(float *restrict z, const float *restrict g, const float *restrict x,
                            const float *restrict center, const float *restrict spread,
                            const float *restrict scale, const double *restrict mean_slope,
                            const double *restrict mean_dot, int64_t R, int64_t K) {
#pragma clang fp contract(off)
#define SLOPE(F, D, k)                                                       \
  do {                                                                       \
    LOAD_DOUBLES(F, D, middle, center + (k));                                \
    LOAD_DOUBLES(F, D, inverse, spread + (k));                               \
    LOAD_DOUBLES(F, D, factor, scale + (k));                                 \
    LOAD(D, shift, mean_slope + (k));                                        \
    LOAD(D, along, mean_dot + (k));                                          \
    factor *= inverse;                                                       \
    along *= inverse;                                                        \
    for (int64_t r = 0; r < R; r++) {                                        \
      LOAD_DOUBLES(F, D, slope, g + r * K + (k));                            \
      LOAD_DOUBLES(F, D, e, x + r * K + (k));                                \
      D wide = (slope - shift - (e - middle) * along) * factor;              \
      F narrow = __builtin_convertvector(wide, F);                           \
      STORE(z + r * K + (k), narrow);                                        \
    }                                                                        \
  } while (0)
  FOR_EACH_COLUMN(SLOPE, 8, K);
}
