#include "CKernels.h"
#include "dispatch.h"

enum { BLOCK = 64 };

// Puts a score into a list that falls, of which `used` are taken; a later one of equal score stays
// behind.
static inline int64_t insert(float *restrict top, int32_t *restrict index, int64_t used, int64_t n,
                             float score, int32_t item) {
  int64_t at = used < n ? used++ : n - 1;
  for (; at > 0 && top[at - 1] < score; at--) {
    top[at] = top[at - 1];
    index[at] = index[at - 1];
  }
  top[at] = score;
  index[at] = item;
  return used;
}

DISPATCHED
int64_t ck_top(float *restrict top, int32_t *restrict index, int64_t used,
               const float *restrict scores, int64_t first, int64_t R, int64_t n) {
  if (n < 1) return 0;
  for (int64_t r = 0; r < R; r += BLOCK) {
    int64_t end = r + BLOCK < R ? r + BLOCK : R;
    float least = used < n ? -__builtin_inff() : top[n - 1];
    int any = 0;
    for (int64_t i = r; i < end; i++) any |= scores[i] > least;
    if (!any) continue;
    for (int64_t i = r; i < end; i++)
      if (scores[i] > (used < n ? -__builtin_inff() : top[n - 1]))
        used = insert(top, index, used, n, scores[i], (int32_t)(first + i));
  }
  return used;
}

static inline __attribute__((always_inline)) float lane_sum(const float *restrict x,
                                                            const float *restrict y, float a,
                                                            float b, int64_t K) {
#pragma clang fp contract(off)
  enum { LANES = 16 };
  float lane[LANES] = {0};
  int64_t k = 0;
  for (; k + LANES <= K; k += LANES)
    for (int l = 0; l < LANES; l++) lane[l] += (x[k + l] / a) * (y[k + l] / b);
  for (int l = 0; k + l < K; l++) lane[l] += (x[k + l] / a) * (y[k + l] / b);
  for (int w = LANES / 2; w > 0; w /= 2)
    for (int l = 0; l < w; l++) lane[l] += lane[l + w];
  return lane[0];
}

DISPATCHED
void ck_cosine(float *restrict out, const float *restrict table, const float *restrict y, int64_t R,
               int64_t K, float epsilon) {
#pragma clang fp contract(off)
  float own = SQRT(lane_sum(y, y, 1, 1, K));
  if (own < epsilon) own = epsilon;
  for (int64_t r = 0; r < R; r++) {
    const float *x = table + r * K;
    float norm = SQRT(lane_sum(x, x, 1, 1, K));
    out[r] = lane_sum(x, y, norm < epsilon ? epsilon : norm, own, K);
  }
}
