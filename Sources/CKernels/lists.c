#include "CKernels.h"
#include "dispatch.h"

DISPATCHED
void ck_add_scattered(float *restrict out, float scale, const int32_t *restrict index,
                      const float *restrict x, int64_t N) {
#pragma clang fp contract(off)
  for (int64_t n = 0; n < N; n++) out[index[n]] = FMA(scale, x[n], out[index[n]]);
}

DISPATCHED
void ck_add_weighted_rows(float *restrict out, const float *restrict table, int64_t stride,
                          const int32_t *restrict index, const float *restrict weights, int64_t N,
                          int64_t K) {
#pragma clang fp contract(off)
  for (int64_t n = 0; n < N; n++) {
    const float *row = table + index[n] * stride;
    float weight = weights[n];
    for (int64_t k = 0; k < K; k++) out[k] = FMA(weight, row[k], out[k]);
  }
}
