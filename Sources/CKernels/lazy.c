#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

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

INLINED float inverse_root(const ck_history *h, int32_t step) {
  return h->inverse_roots[step < CK_DEBIASED ? step : CK_DEBIASED - 1];
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
    g->root[i] = h->half_powers[j] * inverse_root(h, g->start + j);
  }
}

// The weights of the nodes, of which `mu` are the moments, CK_WINDOW apart.
INLINED void weigh(float *restrict weight, const ck_nodes *restrict nodes,
                   const double *restrict mu) {
#pragma clang fp contract(off)
  double sum[CK_LANES] = {0};
  for (int q = 0; q < CK_NODES; q++)
    for (int i = 0; i < CK_LANES; i++) sum[i] += nodes->weight[q][i] * mu[q * CK_WINDOW];
  for (int i = 0; i < CK_LANES; i++) weight[i] = (float)sum[i];
}

INLINED void smooth(const ck_history *h, int32_t k, ck_gap *g) {
#pragma clang fp contract(off)
  const ck_nodes *nodes = h->nodes + (k < CK_SPAN ? k : CK_SPAN);
  float debiasing[CK_LANES] = {0};
  for (int i = 0; i < CK_NODES; i++) debiasing[i] = inverse_root(h, g->start + nodes->place[i]);
  for (int i = 0; i < CK_LANES; i++) g->root[i] = nodes->half_power[i] * debiasing[i];
  if (k < CK_WINDOW)
    weigh(g->weight, nodes, h->moments + g->start % CK_WINDOW);
  else
    memcpy(g->weight, h->past[g->start - h->base].weight, sizeof h->past->weight);
}

static inline int is_smooth(const ck_history *h, int32_t start) {
  return h->now - start > CK_NODES && start >= h->smooth_from;
}

INLINED void open_gap(const ck_history *h, int32_t start, ck_gap *g) {
#pragma clang fp contract(off)
  int32_t k = h->now - start;
  g->start = start;
  g->now = h->now;
  g->squares = (float)(h->low_powers[k % CK_WINDOW] * h->high_powers[k / CK_WINDOW]);
  if (k < CK_WINDOW) {
    double shrunk = h->shrunk[start % CK_WINDOW];
    g->decay = (float)shrunk;
    g->momentum = (float)(h->open[start % CK_WINDOW] * shrunk);
  } else {
    const ck_past *first = h->past + (start - h->base), *last = h->past + (h->now - h->base);
    g->decay = (float)(last->decay / first->decay *
                       power_of_two(last->decay_exponent - first->decay_exponent));
    g->momentum = (float)(last->product / first->product *
                          power_of_two(last->product_exponent - first->product_exponent));
  }
  double w = 1;
  if (is_smooth(h, start))
    smooth(h, k, g);
  else
    exact(h, 1, k < CK_WINDOW ? k : CK_WINDOW, &w, g);
}

INLINED float series(float s, const ck_gap *g, float epsilon) {
#pragma clang fp contract(off)
  const float *w = g->weight, *r = g->root;
  float d0 = FMA(r[0], s, epsilon), d1 = FMA(r[1], s, epsilon), d2 = FMA(r[2], s, epsilon),
        d3 = FMA(r[3], s, epsilon), d4 = FMA(r[4], s, epsilon);
  float n01 = FMA(w[0], d1, w[1] * d0), d01 = d0 * d1;
  float n012 = FMA(n01, d2, w[2] * d01), n34 = FMA(w[3], d4, w[4] * d3);
  return n012 / (d01 * d2) + n34 / (d3 * d4);
}

// A row whose gap has one term. Its elements of p also go to `out`, unless that is NULL.
INLINED void settle_one(float *restrict out, float *restrict p, float *restrict m,
                        float *restrict v, int64_t K, const ck_gap *restrict gap,
                        float epsilon) {
#pragma clang fp contract(off)
  ck_gap g = *gap;
#define SETTLE_ONE(T, P, M, V, i)                                                          \
  do {                                                                                     \
    LOAD(T, x, p + i);                                                                     \
    LOAD(T, a, m + i);                                                                     \
    LOAD(T, b, v + i);                                                                     \
    T sum = g.weight[0] / VECTOR_FMA((T)(g.root[0]), VECTOR_SQRT(b), (T)(epsilon));        \
    x = g.decay * VECTOR_FMA(-a, sum, x);                                                  \
    a *= g.momentum;                                                                       \
    b *= g.squares;                                                                        \
    STORE(P, x);                                                                           \
    STORE(M, a);                                                                           \
    STORE(V, b);                                                                           \
    if (out) STORE(out + i, x);                                                            \
  } while (0)
  FOR_EACH_VECTOR(SETTLE_ONE, p, m, v, K);
}

// A row whose gap has one group of terms.
INLINED void settle_group(float *restrict out, float *restrict p, float *restrict m,
                          float *restrict v, int64_t K, const ck_gap *restrict gap,
                          float epsilon) {
#pragma clang fp contract(off)
  ck_gap g = *gap;
#define SUM_OF(T, n) VECTOR_FMA((T)(g.root[n]), root, (T)(epsilon))
#define SETTLE_GROUP(T, P, M, V, i)                                                        \
  do {                                                                                     \
    LOAD(T, x, p + i);                                                                     \
    LOAD(T, a, m + i);                                                                     \
    LOAD(T, b, v + i);                                                                     \
    T root = VECTOR_SQRT(b);                                                               \
    T d0 = SUM_OF(T, 0), d1 = SUM_OF(T, 1), d2 = SUM_OF(T, 2), d3 = SUM_OF(T, 3),          \
      d4 = SUM_OF(T, 4);                                                                   \
    T n01 = VECTOR_FMA((T)(g.weight[0]), d1, g.weight[1] * d0), d01 = d0 * d1;             \
    T n012 = VECTOR_FMA(n01, d2, g.weight[2] * d01);                                       \
    T n34 = VECTOR_FMA((T)(g.weight[3]), d4, g.weight[4] * d3);                            \
    x = g.decay * VECTOR_FMA(-a, n012 / (d01 * d2) + n34 / (d3 * d4), x);                  \
    a *= g.momentum;                                                                       \
    b *= g.squares;                                                                        \
    STORE(P, x);                                                                           \
    STORE(M, a);                                                                           \
    STORE(V, b);                                                                           \
    if (out) STORE(out + i, x);                                                            \
  } while (0)
  FOR_EACH_VECTOR(SETTLE_GROUP, p, m, v, K);
}

// A row of one number whose gap has one group of terms. Its lanes are the terms.
INLINED void settle_number(float *p, float *m, float *v, const ck_gap *g, float epsilon) {
#pragma clang fp contract(off)
  LOAD(vector8, weight, g->weight);
  LOAD(vector8, root, g->root);
  vector8 term = weight / VECTOR_FMA(root, (vector8)(SQRT(*v)), (vector8)(epsilon));
  vector4 four = term.lo + term.hi;
  float sum = (four.x + four.z) + (four.y + four.w);
  *p = g->decay * FMA(-*m, sum, *p);
  *m *= g->momentum;
  *v *= g->squares;
}

enum { WIDE = 16 };

// A gap whose sum has more than one group of terms.
INLINED void settle_exactly(
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
      for (int32_t c = 0; c < count; c++) sum[0] += series(s[0], groups + c, h->epsilon);
    else
      for (int32_t c = 0; c < count; c++)
        for (int l = 0; l < WIDE; l++) sum[l] += series(s[l], groups + c, h->epsilon);
    for (int64_t l = 0; l < lanes; l++) {
      p[i + l] = g->decay * FMA(-m[i + l], sum[l], p[i + l]);
      m[i + l] *= g->momentum;
      v[i + l] *= g->squares;
    }
  }
}

INLINED void fetch(const float *row, int64_t K) {
  for (int64_t k = 0; k < K; k += WIDE) __builtin_prefetch(row + k, 1);
}

DISPATCHED
void ck_settle_rows(float *restrict out, float *restrict p, float *restrict m, float *restrict v,
                    int32_t *restrict seen, const int64_t *restrict rows, int64_t N, int64_t K,
                    int32_t settled, int64_t low, int64_t high, ck_gap *restrict gaps,
                    const ck_history *restrict h) {
  enum { AHEAD = 8, FAR = 32 };
  // The rows that a step moves were brought up to date when they were read.
  int64_t late = 0;
  while (rows && !out && late < N && (seen[rows[late]] >= h->now || settled >= h->now)) late++;
  if (late == N) return;
  for (int64_t n = rows ? 0 : low, end = rows || N < high ? N : high; n < end; n++) {
    if (rows && n + FAR < N) __builtin_prefetch(seen + rows[n + FAR], 1);
    if (rows && n + AHEAD < N) {
      int64_t next = rows[n + AHEAD];
      int is_mine = next >= low && next < high;
      if (is_mine) fetch(p + next * K, K);
      if (is_mine && seen[next] < h->now) {
        fetch(m + next * K, K);
        fetch(v + next * K, K);
      }
    }
    int64_t row = rows ? rows[n] : n;
    if (row < low || row >= high) continue;
    int32_t start = seen[row] > settled ? seen[row] : settled, k = h->now - start;
    float *P = p + row * K, *M = m + row * K, *V = v + row * K, *copy = out ? out + n * K : NULL;
    if (k > 0) {
      seen[row] = h->now;
      ck_gap *g = gaps + start % CK_WINDOW;
      if (g->start != start || g->now != h->now) open_gap(h, start, g);
      if (k > CK_NODES && !is_smooth(h, start))
        settle_exactly(P, M, V, K, h, g);
      else if (K == 1)
        settle_number(P, M, V, g, h->epsilon);
      else if (k == 1)
        settle_one(copy, P, M, V, K, g, h->epsilon), copy = NULL;
      else
        settle_group(copy, P, M, V, K, g, h->epsilon), copy = NULL;
    }
    if (!copy) continue;
    if (K == 1)
      *copy = *P;
    else
      memcpy(copy, P, (size_t)K * sizeof *copy);
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
  double *restrict w = h->open, *restrict shrunk = h->shrunk, *restrict age = h->ages,
                  *restrict mu = h->moments;
  for (int s = 0; s < CK_WINDOW; s++) {
    w[s] *= factor;
    shrunk[s] *= shrinkage;
    age[s] += 1.0 / CK_SPAN;
    double a = rate * w[s], x = age[s];
    for (int q = 0; q < CK_NODES; q++) {
      mu[q * CK_WINDOW + s] += a;
      a *= x;
    }
  }
  if (at >= CK_WINDOW) {
    float weight[CK_LANES];
    weigh(weight, h->nodes + CK_SPAN, mu + h->now % CK_WINDOW);
    memcpy(past[-CK_WINDOW].weight, weight, sizeof past->weight);
  }
  ck_open_window(h);
}

void ck_open_window(ck_history *h) {
  int slot = h->now % CK_WINDOW;
  h->open[slot] = h->shrunk[slot] = 1;
  h->ages[slot] = 0;
  for (int q = 0; q < CK_NODES; q++) h->moments[q * CK_WINDOW + slot] = 0;
}
