#include "CKernels.h"
#include "dispatch.h"

// Columns are lanes: each sums over the rows in their order, in double.

DISPATCHED
void ck_column_statistics(double *restrict mean, double *restrict variance,
                          const float *restrict x, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  for (int64_t k = 0; k < K; k++) mean[k] = variance[k] = 0;
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) mean[k] += (double)x[r * K + k];
  for (int64_t k = 0; k < K; k++) mean[k] /= (double)R;
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) {
      double distance = (double)x[r * K + k] - mean[k];
      variance[k] += distance * distance;
    }
  for (int64_t k = 0; k < K; k++) variance[k] /= (double)R;
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
  for (int64_t k = 0; k < K; k++) sum[k] = dot[k] = 0;
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) {
      double slope = g[r * K + k];
      sum[k] += slope;
      dot[k] += slope * (((double)x[r * K + k] - (double)center[k]) * (double)spread[k]);
    }
}

DISPATCHED
void ck_normalization_slope(float *restrict z, const float *restrict g, const float *restrict x,
                            const float *restrict center, const float *restrict spread,
                            const float *restrict scale, const double *restrict mean_slope,
                            const double *restrict mean_dot, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < K; k++) {
      double normal = ((double)x[r * K + k] - (double)center[k]) * (double)spread[k];
      double slope = (double)g[r * K + k] - mean_slope[k] - normal * mean_dot[k];
      z[r * K + k] = (float)(slope * (double)spread[k] * (double)scale[k]);
    }
}
