#include <stddef.h>

#include "CKernels.h"
#include "dispatch.h"

// The order of operations and the fused ones are those of fastai's Adam on PyTorch tensors.
static inline __attribute__((always_inline)) void adam(float *restrict p, float *restrict m,
                                                       float *restrict v, const float *restrict g,
                                                       int64_t n, ck_adam_step s) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) {
    float x = p[i] * s.decay, a = m[i] * s.beta1, b = v[i] * s.beta2;
    if (g) {
      a = FMA(s.one_beta1, g[i], a);
      b = FMA(s.one_beta2 * g[i], g[i], b);
    }
    m[i] = a;
    v[i] = b;
    p[i] = x + (s.step * a) / (SQRT(b / s.debias2) + s.epsilon);
  }
}

DISPATCHED
void ck_adam(float *restrict p, float *restrict m, float *restrict v, const float *restrict g,
             int64_t n, const ck_adam_step *restrict step) {
  if (g)
    adam(p, m, v, g, n, *step);
  else
    adam(p, m, v, NULL, n, *step);
}

DISPATCHED
void ck_adam_rows(float *restrict p, float *restrict m, float *restrict v, int32_t *restrict seen,
                  const int64_t *restrict rows, const float *restrict g, int64_t N, int64_t K,
                  int32_t now, const ck_adam_step *restrict step) {
  for (int64_t n = 0; n < N; n++) {
    int64_t at = rows[n] * K;
    adam(p + at, m + at, v + at, g + n * K, K, *step);
    seen[rows[n]] = now;
  }
}
