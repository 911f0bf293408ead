#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// What a row that slept through a gap of k steps owes: with s the root of its second moment,
//   p <- decay (p - m F(s)),  m <- momentum m,  v <- squares v,
//   F(s) = sum of weight[i] / (root[i] s + epsilon)
// where the terms are either the steps of the gap themselves or CK_NODES points among them that a
// polynomial of degree four runs through. Terms are brought to common denominators: three of them
// at most, since products of five would leave the range of float where gradients explode.

// 2 to the power of e; 0 or infinity where double has no such number.
static inline double power_of_two(int32_t e) {
  if (e < -1022) return 0;
  if (e > 1023) return INFINITY;
  uint64_t bits = (uint64_t)(e + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

// The mantissa of x > 0 in 0.5..<1; its exponent is added to `exponent`.
static inline double split(double x, int32_t *exponent) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t e = (int32_t)(bits >> 52) - 1022;
  bits -= (uint64_t)(int64_t)e << 52;
  *exponent += e;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline float root(const ck_history *h, int32_t start, int32_t j) {
#pragma clang fp contract(off)
  int32_t step = start + j;
  return h->half_powers[j] * h->inverse_roots[step < CK_DEBIASED ? step : CK_DEBIASED - 1];
}

// Five of the steps of a gap that ends at n, from number j on; w is the weight of those before.
static void exact(const ck_history *h, int32_t j, int32_t n, double *w, ck_gap *g) {
#pragma clang fp contract(off)
  for (int i = 0; i < CK_NODES; i++, j++) {
    g->weight[i] = g->root[i] = 0;
    if (j > n) continue;
    const ck_past *past = h->past + (g->start - h->base) + j;
    *w *= past->factor;
    g->weight[i] = (float)(past->rate * *w);
    g->root[i] = root(h, g->start, j);
  }
}

static void smooth(const ck_history *h, int32_t k, ck_gap *g) {
#pragma clang fp contract(off)
  const ck_nodes *nodes = h->nodes + (k < CK_SPAN ? k : CK_SPAN);
  for (int i = 0; i < CK_NODES; i++) g->root[i] = root(h, g->start, nodes->place[i]);
  if (k >= CK_WINDOW) {
    const ck_past *first = h->past + (g->start - h->base);
    for (int i = 0; i < CK_NODES; i++) g->weight[i] = first->weight[i];
    return;
  }
  const double *mu = h->moments + g->start % CK_WINDOW;
  for (int i = 0; i < CK_NODES; i++) {
    double sum = 0;
    for (int q = 0; q < CK_NODES; q++) sum += nodes->weight[i][q] * mu[q * CK_WINDOW];
    g->weight[i] = (float)sum;
  }
}

static inline int is_smooth(const ck_history *h, int32_t start) {
  return h->now - start > CK_NODES && start >= h->smooth_from;
}

static void open_gap(const ck_history *h, int32_t start, ck_gap *g) {
#pragma clang fp contract(off)
  int32_t k = h->now - start;
  const ck_past *first = h->past + (start - h->base), *last = h->past + (h->now - h->base);
  g->start = start;
  g->now = h->now;
  g->decay = (float)(last->decay / first->decay *
                     power_of_two(last->decay_exponent - first->decay_exponent));
  g->momentum = (float)(last->product / first->product *
                        power_of_two(last->product_exponent - first->product_exponent));
  g->squares = (float)(h->low_powers[k % CK_WINDOW] * h->high_powers[k / CK_WINDOW]);
  double w = 1;
  if (is_smooth(h, start))
    smooth(h, k, g);
  else
    exact(h, 1, k < CK_WINDOW ? k : CK_WINDOW, &w, g);
}

static inline __attribute__((always_inline)) float series(float s, const ck_gap *g, float epsilon,
                                                          int terms) {
#pragma clang fp contract(off)
  const float *w = g->weight, *r = g->root;
  if (terms == 1) return w[0] / FMA(r[0], s, epsilon);
  float d0 = FMA(r[0], s, epsilon), d1 = FMA(r[1], s, epsilon), d2 = FMA(r[2], s, epsilon),
        d3 = FMA(r[3], s, epsilon), d4 = FMA(r[4], s, epsilon);
  float n01 = FMA(w[0], d1, w[1] * d0), d01 = d0 * d1;
  float n012 = FMA(n01, d2, w[2] * d01), n34 = FMA(w[3], d4, w[4] * d3);
  return n012 / (d01 * d2) + n34 / (d3 * d4);
}

// Blocks of 16 elements, then 8; what is left is taken together with elements before it, whose old
// values are put aside first: the same numbers come out twice.
enum { WIDE = 16, NARROW = 8 };

static inline __attribute__((always_inline)) void settle(float *p, float *m, float *v, int n,
                                                         const ck_gap *g, float epsilon,
                                                         int terms) {
#pragma clang fp contract(off)
  for (int i = 0; i < n; i++) {
    p[i] = g->decay * FMA(-m[i], series(SQRT(v[i]), g, epsilon, terms), p[i]);
    m[i] *= g->momentum;
    v[i] *= g->squares;
  }
}

static inline __attribute__((always_inline)) void settle_row(float *restrict p, float *restrict m,
                                                             float *restrict v, int64_t K,
                                                             const ck_gap *restrict g,
                                                             float epsilon, int terms) {
  if (K < NARROW) {
    for (int64_t i = 0; i < K; i++) settle(p + i, m + i, v + i, 1, g, epsilon, terms);
    return;
  }
  float P[NARROW], M[NARROW], V[NARROW];
  int64_t last = K - NARROW, i = 0;
  memcpy(P, p + last, sizeof P);
  memcpy(M, m + last, sizeof M);
  memcpy(V, v + last, sizeof V);
  for (; i + WIDE <= K; i += WIDE) settle(p + i, m + i, v + i, WIDE, g, epsilon, terms);
  if (i + NARROW <= K) settle(p + i, m + i, v + i, NARROW, g, epsilon, terms), i += NARROW;
  if (i == K) return;
  settle(P, M, V, NARROW, g, epsilon, terms);
  memcpy(p + last, P, sizeof P);
  memcpy(m + last, M, sizeof M);
  memcpy(v + last, V, sizeof V);
}

// A gap whose sum has more than one group of terms.
static inline __attribute__((always_inline)) void settle_exactly(
    float *restrict p, float *restrict m, float *restrict v, int64_t K, const ck_history *h,
    ck_gap *restrict g) {
#pragma clang fp contract(off)
  enum { GROUPS = (CK_WINDOW + CK_NODES - 1) / CK_NODES };
  ck_gap groups[GROUPS];
  // Most rows of a large table have not been touched yet, and have no momentum to follow.
  int moves = 0;
  for (int64_t i = 0; i < K; i++) moves |= m[i] != 0 || v[i] != 0;
  if (!moves) {
    for (int64_t i = 0; i < K; i++) p[i] *= g->decay;
    return;
  }
  int32_t k = h->now - g->start, n = k < CK_WINDOW ? k : CK_WINDOW, count = 0;
  double w = 1;
  for (int32_t j = 1; j <= n; j += CK_NODES) {
    groups[count].start = g->start;
    exact(h, j, n, &w, groups + count++);
  }
  for (int64_t i = 0; i < K; i += WIDE) {
    int64_t lanes = K - i < WIDE ? K - i : WIDE;
    float s[WIDE] = {0}, sum[WIDE] = {0};
    for (int64_t l = 0; l < lanes; l++) s[l] = SQRT(v[i + l]);
    if (lanes == 1)
      for (int32_t c = 0; c < count; c++) sum[0] += series(s[0], groups + c, h->epsilon, CK_NODES);
    else
      for (int32_t c = 0; c < count; c++)
        for (int l = 0; l < WIDE; l++) sum[l] += series(s[l], groups + c, h->epsilon, CK_NODES);
    for (int64_t l = 0; l < lanes; l++) {
      p[i + l] = g->decay * FMA(-m[i + l], sum[l], p[i + l]);
      m[i + l] *= g->momentum;
      v[i + l] *= g->squares;
    }
  }
}

static inline __attribute__((always_inline)) void fetch(const float *row, int64_t K) {
  for (int64_t k = 0; k < K; k += WIDE) __builtin_prefetch(row + k, 1);
}

DISPATCHED
void ck_settle_rows(float *restrict p, float *restrict m, float *restrict v,
                    int32_t *restrict seen, const int64_t *restrict rows, int64_t N, int64_t K,
                    int32_t settled, int64_t low, int64_t high, ck_gap *restrict gaps,
                    const ck_history *restrict h) {
  enum { AHEAD = 4 };
  enum { FAR = 32 };
  for (int64_t n = rows ? 0 : low, end = rows || N < high ? N : high; n < end; n++) {
    if (rows && n + FAR < N) __builtin_prefetch(seen + rows[n + FAR], 1);
    if (rows && n + AHEAD < N && rows[n + AHEAD] >= low && rows[n + AHEAD] < high) {
      int64_t next = rows[n + AHEAD] * K;
      fetch(p + next, K);
      fetch(m + next, K);
      fetch(v + next, K);
    }
    int64_t row = rows ? rows[n] : n;
    if (row < low || row >= high) continue;
    int32_t start = seen[row] > settled ? seen[row] : settled;
    if (start >= h->now) continue;
    seen[row] = h->now;
    ck_gap *g = gaps + start % CK_WINDOW;
    if (g->start != start || g->now != h->now) open_gap(h, start, g);
    float *P = p + row * K, *M = m + row * K, *V = v + row * K;
    // Popular items are in almost every batch and miss a step at most.
    if (h->now - start == 1)
      settle_row(P, M, V, K, g, h->epsilon, 1);
    else if (h->now - start <= CK_NODES || is_smooth(h, start))
      settle_row(P, M, V, K, g, h->epsilon, CK_NODES);
    else
      settle_exactly(P, M, V, K, h, g);
  }
}

DISPATCHED
void ck_advance(ck_history *restrict h, float rate, float momentum, float shrinkage) {
#pragma clang fp contract(off)
  int64_t at = ++h->now - h->base;
  ck_past *past = h->past + at;
  *past = past[-1];
  past->product = split(past->product * momentum, &past->product_exponent);
  past->decay = split(past->decay * shrinkage, &past->decay_exponent);
  past->rate = rate;
  past->factor = (double)momentum / shrinkage;
  double factor = past->factor;
  double *restrict w = h->open, *restrict age = h->ages, *restrict mu = h->moments;
  for (int s = 0; s < CK_WINDOW; s++) {
    w[s] *= factor;
    age[s] += 1.0 / CK_SPAN;
    double a = rate * w[s], x = age[s];
    for (int q = 0; q < CK_NODES; q++) {
      mu[q * CK_WINDOW + s] += a;
      a *= x;
    }
  }
  if (at >= CK_WINDOW) {
    const ck_nodes *nodes = h->nodes + CK_SPAN;
    mu += h->now % CK_WINDOW;
    for (int i = 0; i < CK_NODES; i++) {
      double sum = 0;
      for (int q = 0; q < CK_NODES; q++) sum += nodes->weight[i][q] * mu[q * CK_WINDOW];
      past[-CK_WINDOW].weight[i] = (float)sum;
    }
  }
  ck_open_window(h);
}

void ck_open_window(ck_history *h) {
  int slot = h->now % CK_WINDOW;
  h->open[slot] = 1;
  h->ages[slot] = 0;
  for (int q = 0; q < CK_NODES; q++) h->moments[q * CK_WINDOW + slot] = 0;
}
