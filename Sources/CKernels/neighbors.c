#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

DISPATCHED
void ck_add_products(float *restrict sums, float own, const int32_t *restrict index,
                     const float *restrict others, int64_t N) {
#pragma clang fp contract(off)
  vector4 left = {own, own, 1, 1};
  for (int64_t n = 0; n < N; n++) {
    float *to = sums + 4 * (int64_t)index[n], other = others[n];
    vector4 right = {other, own, 1, 1}, sum;
    left[2] = right[2] = other;
    memcpy(&sum, to, sizeof sum);
    sum = VECTOR_FMA(left, right, sum);
    memcpy(to, &sum, sizeof sum);
  }
}

DISPATCHED
void ck_correlations(float *restrict out, const float *restrict sums, float shrinkage, int64_t N) {
#pragma clang fp contract(off)
  for (int64_t n = 0; n < N; n++) {
    const float *s = sums + 4 * n;
    float spread = SQRT(s[1]) * SQRT(s[2]), others = s[3] - 1;
    float weight = others / (others + shrinkage), correlation = s[0] / spread;
    out[n] = others > 0 && spread > 0 ? weight * correlation : 0;
  }
}

void ck_neighbor_offsets(float *restrict out, const int64_t *restrict items, int64_t N,
                         const float *restrict taste, int64_t I,
                         const int64_t *restrict neighbors, const float *restrict similarities,
                         int64_t K, int64_t most) {
#pragma clang fp contract(off)
  for (int64_t n = 0; n < N; n++) {
    const int64_t *neighbor = neighbors + items[n] * K;
    const float *similarity = similarities + items[n] * K;
    float weight = 0, sum = 0;
    int64_t used = 0;
    for (int64_t k = 0; k < K && used < most && similarity[k] > 0; k++) {
      // What a file holds may be no item.
      if (neighbor[k] < 0 || neighbor[k] >= I) continue;
      float given = taste[neighbor[k]];
      if (given != given) continue;
      weight += similarity[k];
      sum = FMA(similarity[k], given, sum);
      used++;
    }
    out[n] = used ? sum / weight : 0;
  }
}
