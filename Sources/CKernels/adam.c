#include <stddef.h>
#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

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

// A row in blocks of 16 elements, then 8; what is left is taken together with elements before it,
// whose old values are put aside first.
static inline __attribute__((always_inline)) void adam_row(float *restrict p, float *restrict m,
                                                           float *restrict v,
                                                           const float *restrict g, int64_t K,
                                                           ck_adam_step s, int debias) {
  enum { WIDE = 16, NARROW = 8 };
  if (K < NARROW) {
    for (int64_t i = 0; i < K; i++) adam(p + i, m + i, v + i, g + i, 1, s, debias);
    return;
  }
  float P[NARROW], M[NARROW], V[NARROW];
  int64_t last = K - NARROW, i = 0;
  memcpy(P, p + last, sizeof P);
  memcpy(M, m + last, sizeof M);
  memcpy(V, v + last, sizeof V);
  for (; i + WIDE <= K; i += WIDE) adam(p + i, m + i, v + i, g + i, WIDE, s, debias);
  if (i + NARROW <= K) adam(p + i, m + i, v + i, g + i, NARROW, s, debias), i += NARROW;
  if (i == K) return;
  adam(P, M, V, g + last, NARROW, s, debias);
  memcpy(p + last, P, sizeof P);
  memcpy(m + last, M, sizeof M);
  memcpy(v + last, V, sizeof V);
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
    const float *restrict g, int64_t N, ck_adam_step s) {
  enum { WIDE = 16 };
  for (int64_t n = 0; n < N; n += WIDE) {
    int64_t lanes = N - n < WIDE ? N - n : WIDE;
    float P[WIDE] = {0}, M[WIDE] = {0}, V[WIDE] = {0}, G[WIDE] = {0};
    for (int64_t l = 0; l < lanes; l++) {
      int64_t row = rows[n + l];
      P[l] = p[row], M[l] = m[row], V[l] = v[row], G[l] = g[n + l];
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
                  const int64_t *restrict rows, const float *restrict g, int64_t N, int64_t K,
                  int32_t now, const ck_adam_step *restrict step) {
  ck_adam_step s = *step;
  // The rows of a small batch are still in the cache.
  enum { LARGE = 512, AHEAD = 4 };
  int64_t fetched = N < LARGE ? 0 : N - AHEAD;
  for (int64_t n = 0; n < N; n++) seen[rows[n]] = now;
  if (K == 1) return adam_numbers(p, m, v, rows, g, N, s);
  // After some 1,700 steps the debiasing is 1 in float, and a division less gives the same bits.
  if (s.debias2 == 1)
    for (int64_t n = 0; n < N; n++) {
      if (n < fetched) fetch(p, m, v, rows[n + AHEAD] * K, K);
      adam_row(p + rows[n] * K, m + rows[n] * K, v + rows[n] * K, g + n * K, K, s, 0);
    }
  else
    for (int64_t n = 0; n < N; n++) {
      if (n < fetched) fetch(p, m, v, rows[n + AHEAD] * K, K);
      adam_row(p + rows[n] * K, m + rows[n] * K, v + rows[n] * K, g + n * K, K, s, 1);
    }
}
