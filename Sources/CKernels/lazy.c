#include <math.h>
#include <stddef.h>

#include "CKernels.h"
#include "dispatch.h"

// What a row that slept through a gap of k steps owes: with s the root of its second moment,
//   p <- decay (p - m F(s)),  m <- momentum m,  v <- squares v,
//   F(s) = sum of weight[i] / (root[i] s + epsilon)
// where the terms are either the steps of the gap themselves or CK_NODES points among them that a
// polynomial of degree four runs through. Terms are added in pairs to save divisions:
//   weight0 / (r0 s + e) + weight1 / (r1 s + e) = (slope s + level) / ((r0 s + e) (r1 s + e)).
typedef struct {
  float weight[CK_NODES], root[CK_NODES];
} terms;

typedef struct {
  float decay, momentum, squares;
  int64_t count;  // of groups of terms
} gap;

static inline double ratio(double a, int32_t a_exponent, double b, int32_t b_exponent) {
  return scalbn(a / b, a_exponent - b_exponent);
}

static inline float root(const ck_history *h, int32_t start, int32_t j) {
#pragma clang fp contract(off)
  int32_t step = start + j;
  return h->half_powers[j] * h->inverse_roots[step < CK_DEBIASED ? step : CK_DEBIASED - 1];
}

// The steps of a gap one by one; at most the first CK_WINDOW of them count.
static inline int64_t exact(const ck_history *h, int32_t start, int32_t k, terms *t) {
#pragma clang fp contract(off)
  int32_t n = k < CK_WINDOW ? k : CK_WINDOW;
  double w = 1;
  for (int32_t j = 1; j <= n; j++) {
    const ck_past *past = h->past + (start - h->base) + j;
    w *= (double)past->momentum / past->shrinkage;
    t[(j - 1) / CK_NODES].weight[(j - 1) % CK_NODES] = (float)(past->rate * w);
    t[(j - 1) / CK_NODES].root[(j - 1) % CK_NODES] = root(h, start, j);
  }
  for (int32_t j = n; j % CK_NODES; j++) {
    t[j / CK_NODES].weight[j % CK_NODES] = 0;
    t[j / CK_NODES].root[j % CK_NODES] = 0;
  }
  return (n + CK_NODES - 1) / CK_NODES;
}

static inline gap owed(const ck_history *h, int32_t start, terms *t) {
#pragma clang fp contract(off)
  int32_t k = h->now - start;
  const ck_past *first = h->past + (start - h->base), *last = h->past + (h->now - h->base);
  gap g = {.count = 1};
  g.decay = (float)ratio(last->decay, last->decay_exponent, first->decay, first->decay_exponent);
  g.momentum = (float)ratio(last->product, last->product_exponent, first->product,
                            first->product_exponent);
  g.squares = (float)(h->low_powers[k % CK_WINDOW] * h->high_powers[k / CK_WINDOW]);
  if (k <= CK_NODES || start < h->smooth_from) {
    g.count = exact(h, start, k, t);
    return g;
  }
  int32_t span = k < CK_SPAN ? k : CK_SPAN;
  const ck_nodes *nodes = h->nodes + span;
  for (int i = 0; i < CK_NODES; i++) t->root[i] = root(h, start, nodes->place[i]);
  if (k >= CK_WINDOW) {
    for (int i = 0; i < CK_NODES; i++) t->weight[i] = first->weight[i];
  } else {
    int slot = start % CK_WINDOW;
    for (int i = 0; i < CK_NODES; i++) {
      double sum = 0;
      for (int q = 0; q < CK_NODES; q++)
        sum += nodes->weight[i][q] * h->moments[q * CK_WINDOW + slot];
      t->weight[i] = (float)sum;
    }
  }
  return g;
}

static inline __attribute__((always_inline)) float series(float s, const terms *t, float epsilon) {
#pragma clang fp contract(off)
  const float *w = t->weight, *r = t->root;
  float d0 = FMA(r[0], s, epsilon), d1 = FMA(r[1], s, epsilon), d2 = FMA(r[2], s, epsilon),
        d3 = FMA(r[3], s, epsilon), d4 = FMA(r[4], s, epsilon);
  float n01 = FMA(w[0], d1, w[1] * d0), n23 = FMA(w[2], d3, w[3] * d2);
  return n01 / (d0 * d1) + n23 / (d2 * d3) + w[4] / d4;
}

static inline __attribute__((always_inline)) void settle(float *restrict p, float *restrict m,
                                                         float *restrict v, int64_t K, gap g,
                                                         const terms *restrict t, float epsilon,
                                                         int64_t count) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < K; i++) {
    float s = SQRT(v[i]), sum = series(s, t, epsilon);
    for (int64_t c = 1; c < count; c++) sum += series(s, t + c, epsilon);
    p[i] = g.decay * FMA(-m[i], sum, p[i]);
    m[i] *= g.momentum;
    v[i] *= g.squares;
  }
}

DISPATCHED
void ck_settle_rows(float *restrict p, float *restrict m, float *restrict v,
                    int32_t *restrict seen, const int64_t *restrict rows, int64_t N, int64_t K,
                    int32_t settled, const ck_history *restrict h) {
  terms t[CK_WINDOW / CK_NODES + 1];
  gap g = {0};
  int32_t known = -1;  // the start of the gap that g and t are for
  for (int64_t n = 0; n < N; n++) {
    int64_t row = rows ? rows[n] : n;
    int32_t start = seen[row] > settled ? seen[row] : settled;
    if (start >= h->now) continue;
    seen[row] = h->now;
    if (start != known) g = owed(h, known = start, t);
    float *P = p + row * K, *M = m + row * K, *V = v + row * K;
    if (g.count == 1)
      settle(P, M, V, K, g, t, h->epsilon, 1);
    else
      settle(P, M, V, K, g, t, h->epsilon, g.count);
  }
}

DISPATCHED
void ck_advance(ck_history *restrict h, float rate, float momentum, float shrinkage) {
#pragma clang fp contract(off)
  int64_t at = ++h->now - h->base;
  ck_past *past = h->past + at;
  const ck_past *before = past - 1;
  int exponent;
  past->product = frexp(before->product * momentum, &exponent);
  past->product_exponent = before->product_exponent + exponent;
  past->decay = frexp(before->decay * shrinkage, &exponent);
  past->decay_exponent = before->decay_exponent + exponent;
  past->rate = rate;
  past->momentum = momentum;
  past->shrinkage = shrinkage;
  double factor = (double)momentum / shrinkage;
  double *w = h->open, *age = h->ages, *mu = h->moments;
  for (int s = 0; s < CK_WINDOW; s++) {
    w[s] *= factor;
    age[s] += 1.0 / CK_SPAN;
    double a = rate * w[s], x = age[s];
    for (int q = 0; q < CK_NODES; q++) {
      mu[q * CK_WINDOW + s] += a;
      a *= x;
    }
  }
  int slot = h->now % CK_WINDOW;
  if (at >= CK_WINDOW) {
    const ck_nodes *nodes = h->nodes + CK_SPAN;
    for (int i = 0; i < CK_NODES; i++) {
      double sum = 0;
      for (int q = 0; q < CK_NODES; q++) sum += nodes->weight[i][q] * mu[q * CK_WINDOW + slot];
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
