#include <stddef.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// The order of operations and the fused ones are those of fastai's Adam on PyTorch tensors.
INLINED void move(float *restrict p, float *restrict m, float *restrict v, const float *restrict g,
                  int64_t n, ck_adam_step s, int debias) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < n; i++) {
    float x = p[i] * s.decay, a = m[i] * s.beta1, b = v[i] * s.beta2;
    if (g) {
      a = FMA(s.one_beta1, g[i], a);
      b = FMA(s.one_beta2 * g[i], g[i], b);
    }
    m[i] = a;
    v[i] = b;
    p[i] = x + (s.step * a) / (SQRT(debias ? b / s.debias2 : b) + s.epsilon);
  }
}

INLINED void adam(float *restrict p, float *restrict m, float *restrict v, const float *restrict g,
                  int64_t n, const ck_adam_step *restrict step) {
  // Once its debiasing is 1, a second moment need not be divided by it.
  int debias = step->debias2 != 1;
  if (g && debias) return move(p, m, v, g, n, *step, 1);
  if (g) return move(p, m, v, g, n, *step, 0);
  if (debias) return move(p, m, v, NULL, n, *step, 1);
  move(p, m, v, NULL, n, *step, 0);
}

KERNEL(adam,
       (float *p, float *m, float *v, const float *g, int64_t n, const ck_adam_step *step),
       (p, m, v, g, n, step))

INLINED void average_row(float *restrict m, float *restrict v, const float *restrict g,
                         float factor, int64_t K, ck_adam_step s) {
#pragma clang fp contract(off)
#define AVERAGE(T, P, M, V, i)                                 \
  do {                                                         \
    LOAD(T, a, m + i);                                         \
    LOAD(T, b, v + i);                                         \
    LOAD(T, slope, g + i);                                     \
    slope *= factor;                                           \
    a = VECTOR_FMA((T)(s.one_beta1), slope, a * s.beta1);      \
    b = VECTOR_FMA(s.one_beta2 * slope, slope, b * s.beta2);   \
    STORE(M, a);                                               \
    STORE(V, b);                                               \
  } while (0)
  FOR_EACH_VECTOR(AVERAGE, COPY_MOMENTS, m, m, v, K);
}

INLINED void average_rows(float *restrict m, float *restrict v, int32_t *restrict seen,
                          const int64_t *restrict rows, const float *const *restrict g,
                          const float *restrict factors, int64_t N, int64_t K, int32_t now,
                          const ck_adam_step *restrict step) {
#pragma clang fp contract(off)
  ck_adam_step s = *step;
  // The rows of a small batch are still in the cache.
  enum { LARGE = 512, AHEAD = 16 };
  int64_t fetched = N < LARGE ? 0 : N - AHEAD;
  for (int64_t n = 0; n < N; n++) seen[rows[n]] = 2 * now + 1;
  if (K == 1)
    for (int64_t n = 0; n < N; n++) {
      int64_t row = rows[n];
      float slope = *g[n] * factors[n];
      m[row] = FMA(s.one_beta1, slope, m[row] * s.beta1);
      v[row] = FMA(s.one_beta2 * slope, slope, v[row] * s.beta2);
    }
  else
    for (int64_t n = 0; n < N; n++) {
      if (n < fetched) {
        FETCH_ROW(m + rows[n + AHEAD] * K, K);
        FETCH_ROW(v + rows[n + AHEAD] * K, K);
      }
      average_row(m + rows[n] * K, v + rows[n] * K, g[n], factors[n], K, s);
    }
}

KERNEL(average_rows,
       (float *m, float *v, int32_t *seen, const int64_t *rows, const float *const *g,
        const float *factors, int64_t N, int64_t K, int32_t now, const ck_adam_step *step),
       (m, v, seen, rows, g, factors, N, K, now, step))
