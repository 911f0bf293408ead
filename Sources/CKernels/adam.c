#include <stddef.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// The order of operations and the fused ones are those of fastai's Adam on PyTorch tensors.
static inline __attribute__((always_inline)) void adam(float *restrict p, float *restrict m,
                                                       float *restrict v, const float *restrict g,
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

DISPATCHED
void ck_adam(float *restrict p, float *restrict m, float *restrict v, const float *restrict g,
             int64_t n, const ck_adam_step *restrict step) {
  if (g)
    adam(p, m, v, g, n, *step, 1);
  else
    adam(p, m, v, NULL, n, *step, 1);
}

INLINED void adam_row(float *restrict p, float *restrict m, float *restrict v,
                      const float *restrict g, int64_t K, ck_adam_step s, int debias) {
#pragma clang fp contract(off)
#define ADAM(T, P, M, V, i)                                                                  \
  do {                                                                                       \
    LOAD(T, x, p + i);                                                                       \
    LOAD(T, a, m + i);                                                                       \
    LOAD(T, b, v + i);                                                                       \
    LOAD(T, slope, g + i);                                                                   \
    a = VECTOR_FMA((T)(s.one_beta1), slope, a * s.beta1);                                    \
    b = VECTOR_FMA(s.one_beta2 * slope, slope, b * s.beta2);                                 \
    x = x * s.decay + (s.step * a) / (VECTOR_SQRT(debias ? b / s.debias2 : b) + s.epsilon);  \
    STORE(M, a);                                                                             \
    STORE(V, b);                                                                             \
    STORE(P, x);                                                                             \
  } while (0)
  FOR_EACH_VECTOR(ADAM, p, m, v, K);
}

static inline __attribute__((always_inline)) void fetch(const float *p, const float *m,
                                                        const float *v, int64_t at, int64_t K) {
  enum { LINE = 16 };
  for (int64_t k = at; k < at + K; k += LINE) {
    __builtin_prefetch(p + k, 1);
    __builtin_prefetch(m + k, 1);
    __builtin_prefetch(v + k, 1);
  }
}

// Rows of one number each, 16 of them together.
static inline __attribute__((always_inline)) void adam_numbers(
    float *restrict p, float *restrict m, float *restrict v, const int64_t *restrict rows,
    const float *const *restrict g, int64_t N, ck_adam_step s) {
  enum { WIDE = 16 };
  for (int64_t n = 0; n < N; n += WIDE) {
    int64_t lanes = N - n < WIDE ? N - n : WIDE;
    float P[WIDE] = {0}, M[WIDE] = {0}, V[WIDE] = {0}, G[WIDE] = {0};
    for (int64_t l = 0; l < lanes; l++) {
      int64_t row = rows[n + l];
      P[l] = p[row], M[l] = m[row], V[l] = v[row], G[l] = *g[n + l];
    }
    adam(P, M, V, G, WIDE, s, 1);
    for (int64_t l = 0; l < lanes; l++) {
      int64_t row = rows[n + l];
      p[row] = P[l], m[row] = M[l], v[row] = V[l];
    }
  }
}

DISPATCHED
void ck_adam_rows(float *restrict p, float *restrict m, float *restrict v, int32_t *restrict seen,
                  const int64_t *restrict rows, const float *const *restrict g, int64_t N,
                  int64_t K, int32_t now, const ck_adam_step *restrict step) {
  ck_adam_step s = *step;
  // The rows of a small batch are still in the cache.
  enum { LARGE = 512, AHEAD = 8 };
  int64_t fetched = N < LARGE ? 0 : N - AHEAD;
  for (int64_t n = 0; n < N; n++) seen[rows[n]] = now;
  if (K == 1) return adam_numbers(p, m, v, rows, g, N, s);
  // After some 1,700 steps the debiasing is 1 in float, and a division less gives the same bits.
  if (s.debias2 == 1)
    for (int64_t n = 0; n < N; n++) {
      if (n < fetched) fetch(p, m, v, rows[n + AHEAD] * K, K);
      adam_row(p + rows[n] * K, m + rows[n] * K, v + rows[n] * K, g[n], K, s, 0);
    }
  else
    for (int64_t n = 0; n < N; n++) {
      if (n < fetched) fetch(p, m, v, rows[n + AHEAD] * K, K);
      adam_row(p + rows[n] * K, m + rows[n] * K, v + rows[n] * K, g[n], K, s, 1);
    }
}
