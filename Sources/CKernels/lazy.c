#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// What a row owes after a gap: with s the root of its second moment,
//   p <- decay p - m F(s),  m <- momentum m,  v <- squares v,
//   F(s) = sum of weight[i] / (root[i] s + epsilon)
// where the terms are either the steps of the gap themselves or CK_NODES points among them that a
// polynomial of degree four runs through. With a scale in the middle of the roots, over epsilon,
//   t = 1 / (1 + scale s),  a[i] = root[i] / (scale epsilon),
//   F(s) = t (sum of weight[i] / epsilon / (a[i] + (1 - a[i]) t))
// and as all a[i] are near 1, what is in brackets is a polynomial of degree four in t, nearly: one root
// and one division do for all terms.
//
// A gap begins after a step. Where a gradient came in that step, its averages know of it and p does
// not: the step itself is the first term, number 0.

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

INLINED double inverse_root(const ck_history *h, int32_t step) {
  return h->inverse_roots[step < CK_DEBIASED ? step : CK_DEBIASED - 1];
}

// What a row has seen, as it is kept: a step, and whether p has yet to take it.
INLINED int32_t step_of(int32_t seen) { return seen >> 1; }
INLINED int32_t is_due(int32_t seen) { return seen & 1; }

// The window of the gaps that start with a step; windows lie in a ring.
INLINED int32_t slot_of(int32_t step) { return step & (CK_WINDOW - 1); }

INLINED int32_t later(int32_t seen, int32_t least) { return seen > least ? seen : least; }

INLINED const ck_past *past_of(const ck_history *h, int32_t step) {
  return h->past + (step - h->base);
}

// Terms of a sum; those left over have no weight.
typedef struct {
  float weight[CK_LANES], root[CK_LANES];
} terms;

// Sets the coefficients of a series to a sum of rows [CK_NODES, CK_LANES] of coefficients.
INLINED void combine(ck_series *series, const float *weight, const float *rows) {
  vector8 sum = 0;
  for (int i = 0; i < CK_NODES; i++) {
    LOAD(vector8, row, rows + i * CK_LANES);
    sum = VECTOR_FMA((vector8)(weight[i]), row, sum);
  }
  memcpy(series->coefficient, &sum, sizeof series->coefficient);
}

// The series of some terms: a polynomial that meets them at five points.
INLINED void expand(const ck_history *h, const terms *terms, ck_series *series) {
#pragma clang fp contract(off)
  const float *root = terms->root;
  float middle = (root[0] + root[CK_NODES - 1]) / 2;
  LOAD(vector8, t, h->points);
  vector8 sum = 0;
  for (int i = 0; i < CK_NODES; i++) {
    float a = root[i] / middle;
    sum += terms->weight[i] / VECTOR_FMA((vector8)(1 - a), t, (vector8)(a));
  }
  sum /= h->epsilon;
  float values[CK_LANES];
  STORE(values, sum);
  series->scale = middle / h->epsilon;
  combine(series, values, h->lagrange);
}

// Five of the steps of a gap of k, from number j on; w is the weight at the one before.
INLINED void exact(const ck_history *h, int32_t start, int32_t j, int32_t k, double *w,
                   ck_series *series) {
#pragma clang fp contract(off)
  terms steps = {{0}, {0}};
  for (int i = 0; i < CK_NODES; i++, j++) {
    steps.root[i] = steps.root[i > 0 ? i - 1 : 0];
    if (j > k) continue;
    const ck_past *past = past_of(h, start + j);
    if (j > 0) *w *= past->factor;
    steps.weight[i] = (float)(past->rate * *w);
    steps.root[i] = (float)(h->half_powers[j] * inverse_root(h, start + j));
  }
  expand(h, &steps, series);
}

// The weights of the nodes, of which `mu` are the moments, CK_WINDOW apart; `taken` is the part of
// the first moment that does not count.
INLINED void weigh(double *restrict weight, const ck_nodes *restrict nodes,
                   const double *restrict mu, double taken) {
#pragma clang fp contract(off)
  for (int i = 0; i < CK_LANES; i++) weight[i] = 0;
  for (int q = 0; q < CK_NODES; q++) {
    double moment = q ? mu[q * CK_WINDOW] : mu[0] - taken;
    for (int i = 0; i < CK_LANES; i++) weight[i] += nodes->weight[q][i] * moment;
  }
}

// `whole` is the decay of the gap and of the step that it begins with.
INLINED void smooth(const ck_history *h, int32_t start, int32_t k, double whole, ck_gap *g) {
#pragma clang fp contract(off)
  const ck_nodes *nodes = h->nodes + (k < CK_SPAN ? k : CK_SPAN);
  // What is kept of a window counts its first step.
  const ck_past *first = past_of(h, start);
  double taken = is_due(g->seen) ? 0 : (double)first->rate / first->shrinkage;
  double weight[CK_LANES] = {0};
  if (k < CK_WINDOW)
    weigh(weight, nodes, h->moments + slot_of(start), taken);
  else
    for (int i = 0; i < CK_NODES; i++)
      weight[i] = first->weight[i] - taken * nodes->weight[0][i];
  terms terms;
  for (int i = 0; i < CK_LANES; i++) terms.weight[i] = (float)(whole * weight[i]);
  if (start < CK_STEADY) {
    double debiasing[CK_LANES] = {0};
    for (int i = 0; i < CK_NODES; i++) debiasing[i] = inverse_root(h, start + nodes->place[i]);
    for (int i = 0; i < CK_LANES; i++)
      terms.root[i] = (float)(nodes->half_power[i] * debiasing[i]);
    return expand(h, &terms, g->series);
  }
  g->series->scale = (float)(nodes->scale * inverse_root(h, start + nodes->place[CK_NODES / 2]));
  combine(g->series, terms.weight, nodes->part[0]);
}

// The row of `maps` that has the scales.
enum { SCALES = CK_NODES * CK_NODES };

// Opens the gaps of CK_LANES windows from `slot` on, for rows that have yet to take the first step.
// A step opens most windows, and a lane each costs a fraction of opening them one by one.
INLINED void open_gaps(const ck_history *h, int32_t slot, ck_gap *gaps) {
#pragma clang fp contract(off)
  int32_t length = slot_of(h->now - slot);  // of the first; the others' are each one less
  const double *maps = h->maps + (CK_WINDOW - 1 - length);
  double8 moments[CK_NODES];
  for (int q = 0; q < CK_NODES; q++)
    memcpy(moments + q, h->moments + q * CK_WINDOW + slot, sizeof *moments);
  LOAD(double8, decay, h->shrunk + slot);
  LOAD(double8, momentum, h->open + slot);
  momentum *= decay;
  LOAD(double8, scale, maps + SCALES * CK_MAP_STRIDE);
  scale *= inverse_root(h, h->now);
  vector8 parts[CK_LANES] = {
      __builtin_convertvector(decay, vector8),
      __builtin_convertvector(momentum, vector8),
      __builtin_convertvector(scale, vector8),
  };
  for (int c = 0; c < CK_NODES; c++) {
    double8 sum = 0;
    for (int q = 0; q < CK_NODES; q++) {
      LOAD(double8, map, maps + (c * CK_NODES + q) * CK_MAP_STRIDE);
      sum = VECTOR_FMA(map, moments[q], sum);
    }
    sum *= decay;
    parts[CK_LANES - CK_NODES + c] = __builtin_convertvector(sum, vector8);
  }
  transpose(parts);
  for (int i = 0; i < CK_LANES; i++) {
    ck_gap *g = gaps + slot + i;
    int32_t k = slot_of(length - i);
    g->seen = 2 * (h->now - k) + 1;
    g->now = h->now;
    g->groups = 1;
    g->squares = (float)h->low_powers[k];
    STORE((char *)g + offsetof(ck_gap, decay), parts[i]);
  }
}

INLINED void open_gap(const ck_history *h, int32_t seen, ck_gap *g) {
#pragma clang fp contract(off)
  int32_t start = step_of(seen), k = h->now - start;
  const ck_past *first = past_of(h, start), *last = past_of(h, h->now);
  g->seen = seen;
  g->now = h->now;
  g->squares = (float)(h->low_powers[k % CK_WINDOW] * h->high_powers[k / CK_WINDOW]);
  double whole = k < CK_WINDOW ? h->shrunk[slot_of(start)]
                               : last->decay / first->decay * first->shrinkage *
                                     power_of_two(last->decay_exponent - first->decay_exponent);
  double after = whole / first->shrinkage;
  g->decay = (float)(is_due(seen) ? whole : after);
  g->momentum =
      (float)(k < CK_WINDOW ? h->open[slot_of(start)] * whole
                            : last->product / first->product *
                                  power_of_two(last->product_exponent - first->product_exponent));
  g->groups = 1;
  if (k + is_due(seen) > CK_NODES && start >= h->smooth_from) return smooth(h, start, k, whole, g);
  g->groups = 0;
  for (int32_t j = !is_due(seen); j <= k; j += CK_NODES)
    exact(h, start, j, k, &after, g->series + g->groups++);
}

// F(s) of a series, for a number or a vector T of roots.
#define SUM_OF(T, series, s)                                                              \
  ({                                                                                      \
    const float *c_ = (series).coefficient;                                               \
    T t_ = 1 / VECTOR_FMA((T)((series).scale), s, (T)(1));                                \
    T sum_ = VECTOR_FMA((T)(c_[4]), t_, (T)(c_[3]));                                      \
    sum_ = VECTOR_FMA(sum_, t_, (T)(c_[2]));                                              \
    sum_ = VECTOR_FMA(sum_, t_, (T)(c_[1]));                                              \
    VECTOR_FMA(sum_, t_, (T)(c_[0])) * t_;                                                \
  })

// A row that owes nothing but the step it has seen, as the dense update has it. Its elements of p
// also go to `out`, unless that is NULL.
INLINED void settle_step(float *restrict out, float *restrict p, const float *restrict m,
                         const float *restrict v, int64_t K, const ck_past *restrict past,
                         float epsilon, int debias) {
#pragma clang fp contract(off)
  float rate = past->rate, shrinkage = past->shrinkage, debias2 = past->debias2;
#define SETTLE_STEP(T, P, M, V, i)                                                         \
  do {                                                                                     \
    LOAD(T, x, p + i);                                                                     \
    LOAD(T, a, m + i);                                                                     \
    LOAD(T, b, v + i);                                                                     \
    x = x * shrinkage - rate * a / (VECTOR_SQRT(debias ? b / debias2 : b) + epsilon);      \
    STORE(P, x);                                                                           \
    if (out) STORE(out + i, x);                                                            \
  } while (0)
  FOR_EACH_VECTOR(SETTLE_STEP, COPY_P, p, m, v, K);
}

// A row that owes a gap of some groups of terms. Its elements of p also go to `out`, unless that is
// NULL.
INLINED void settle_gap(float *restrict out, float *restrict p, float *restrict m,
                        float *restrict v, int64_t K, const ck_gap *restrict gap, int32_t groups) {
#pragma clang fp contract(off)
  float decay = gap->decay, momentum = gap->momentum, squares = gap->squares;
  ck_series first = gap->series[0];
#define SETTLE_GAP(T, P, M, V, i)                                                \
  do {                                                                           \
    LOAD(T, x, p + i);                                                           \
    LOAD(T, a, m + i);                                                           \
    LOAD(T, b, v + i);                                                           \
    T root = VECTOR_SQRT(b), sum = SUM_OF(T, first, root);                       \
    for (int32_t n = 1; n < groups; n++) sum += SUM_OF(T, gap->series[n], root); \
    x = VECTOR_FMA(-a, sum, decay * x);                                          \
    a *= momentum;                                                               \
    b *= squares;                                                                \
    STORE(P, x);                                                                 \
    STORE(M, a);                                                                 \
    STORE(V, b);                                                                 \
    if (out) STORE(out + i, x);                                                  \
  } while (0)
  FOR_EACH_VECTOR(SETTLE_GAP, COPY_ALL, p, m, v, K);
}

// Whether a row has been touched, and has momentum to follow; most of a large table have not.
INLINED int moves(const float *restrict m, const float *restrict v, int64_t K) {
  int moves = 0;
  for (int64_t i = 0; i < K; i++) moves |= m[i] != 0 || v[i] != 0;
  return moves;
}

// What a row owes that has seen less than `now`; not for one that owes nothing but a step.
INLINED const ck_gap *gap_of(const ck_history *h, int32_t seen, ck_gap *gaps) {
  int32_t start = step_of(seen), slot = slot_of(start);
  ck_gap *g = gaps + slot;
  if (g->seen == seen && g->now == h->now) return g;
  if (is_due(seen) && h->now - start < CK_WINDOW && h->now >= CK_STEADY + CK_WINDOW)
    open_gaps(h, slot - slot % CK_LANES, gaps);
  else
    open_gap(h, seen, g);
  return g;
}

INLINED int owes_step_only(const ck_history *h, int32_t seen) { return seen == 2 * h->now + 1; }

// One row. Its elements of p also go to `out`, unless that is NULL.
INLINED void settle_row(float *restrict out, float *restrict p, float *restrict m,
                        float *restrict v, int64_t K, const ck_history *h, int32_t seen,
                        ck_gap *restrict gaps) {
  if (owes_step_only(h, seen)) {
    const ck_past *past = past_of(h, h->now);
    if (past->debias2 == 1) return settle_step(out, p, m, v, K, past, h->epsilon, 0);
    return settle_step(out, p, m, v, K, past, h->epsilon, 1);
  }
  const ck_gap *g = gap_of(h, seen, gaps);
  if (g->groups == 1) return settle_gap(out, p, m, v, K, g, 1);
  if (moves(m, v, K)) return settle_gap(out, p, m, v, K, g, g->groups);
  for (int64_t i = 0; i < K; i++) p[i] *= g->decay;
  if (out) memcpy(out, p, (size_t)K * sizeof *out);
}

// Asks for what bringing a row up to date will need, if it is one of `span` from `low` on: in one
// loop, which small tables pay for less than for three.
INLINED void fetch_row(const float *p, const float *m, const float *v, const int32_t *seen,
                       int64_t K, const ck_history *h, int32_t least, int64_t low, uint64_t span,
                       int64_t row) {
  if ((uint64_t)(row - low) >= span) return;
  for (int64_t i = row * K; i < row * K + K; i += 16) {
    FETCH(p + i);
    FETCH(m + i);
    FETCH(v + i);
  }
  int32_t start = step_of(later(seen[row], least));
  if (K > 1 && h->now - start >= CK_WINDOW) FETCH(past_of(h, start));
}

INLINED void settle_each(float *restrict out, float *restrict p, float *restrict m,
                         float *restrict v, int32_t *restrict seen, const int64_t *restrict rows,
                         int64_t N, int64_t K, int32_t settled, int64_t low, int64_t high,
                         ck_gap *restrict gaps, const ck_history *restrict h) {
  enum { FAR = 64 };
  int32_t now = 2 * h->now, least = 2 * settled;
  int64_t start = rows ? 0 : low, end = rows || N < high ? N : high;
  uint64_t span = (uint64_t)(high - low);
  // The rows that a step moves were brought up to date when they were read.
  while (rows && !out && start < end && later(seen[rows[start]], least) == now) start++;
  if (start >= end) return;
  int64_t near = K == 1 ? 32 : 16, ahead = rows ? end - near : 0, far = rows ? end - FAR : 0;
  for (int64_t n = start; rows && n < end && n < start + FAR; n++)
    FETCH(seen + rows[n]);
  for (int64_t n = start; rows && n < end && n < start + near; n++)
    fetch_row(p, m, v, seen, K, h, least, low, span, rows[n]);
  for (int64_t n = start; n < end; n++) {
    if (n < far) FETCH(seen + rows[n + FAR]);
    if (n < ahead) fetch_row(p, m, v, seen, K, h, least, low, span, rows[n + near]);
    int64_t row = rows ? rows[n] : n, from = row * K;
    if ((uint64_t)(row - low) >= span) continue;
    int32_t last = later(seen[row], least);
    seen[row] = now;
    if (last != now)
      settle_row(out ? out + n * K : NULL, p + from, m + from, v + from, K, h, last, gaps);
    else if (out)
      memcpy(out + n * K, p + from, (size_t)K * sizeof *out);
  }
}

INLINED void settle_rows(float *restrict out, float *restrict p, float *restrict m,
                         float *restrict v, int32_t *restrict seen, const int64_t *restrict rows,
                         int64_t N, int64_t K, int32_t settled, int64_t low, int64_t high,
                         ck_gap *restrict gaps, const ck_history *restrict h) {
  if (K == 1)
    settle_each(out, p, m, v, seen, rows, N, 1, settled, low, high, gaps, h);
  else
    settle_each(out, p, m, v, seen, rows, N, K, settled, low, high, gaps, h);
}

KERNEL(settle_rows,
       (float *out, float *p, float *m, float *v, int32_t *seen, const int64_t *rows, int64_t N,
        int64_t K, int32_t settled, int64_t low, int64_t high, ck_gap *gaps, const ck_history *h),
       (out, p, m, v, seen, rows, N, K, settled, low, high, gaps, h))

static void expand_node(const ck_history *h, ck_nodes *nodes, int i) {
  terms one = {{0}, {0}};
  one.weight[i] = 1;
  for (int j = 0; j < CK_NODES; j++) one.root[j] = (float)nodes->half_power[j];
  ck_series series;
  expand(h, &one, &series);
  nodes->scale = series.scale;
  memcpy(nodes->part[i], series.coefficient, sizeof series.coefficient);
}

void ck_expand_nodes(const ck_history *h, ck_nodes *nodes, double *maps) {
#pragma clang fp contract(off)
  for (int span = 0; span <= CK_SPAN; span++)
    for (int i = 0; i < CK_NODES; i++) expand_node(h, nodes + span, i);
  for (int at = 0; at < CK_MAP_STRIDE; at++) {
    int k = CK_WINDOW - 1 - at % CK_WINDOW;
    const ck_nodes *n = nodes + (k < CK_SPAN ? k : CK_SPAN);
    double *map = maps + at;
    for (int c = 0; c < CK_NODES; c++)
      for (int q = 0; q < CK_NODES; q++, map += CK_MAP_STRIDE) {
        *map = 0;
        for (int i = 0; i < CK_NODES; i++) *map += n->weight[q][i] * n->part[i][c];
      }
    maps[SCALES * CK_MAP_STRIDE + at] = n->scale;
  }
}

DISPATCHED
void ck_advance(ck_history *restrict h, const ck_adam_step *restrict step) {
#pragma clang fp contract(off)
  int64_t at = ++h->now - h->base;
  ck_past *past = h->past + at;
  *past = past[-1];
  float shrinkage = step->decay, rate = -step->step;
  double factor = (double)step->beta1 / shrinkage;
  past->product = split(past->product * step->beta1, &past->product_exponent);
  past->decay = split(past->decay * shrinkage, &past->decay_exponent);
  past->rate = rate;
  past->shrinkage = shrinkage;
  past->debias2 = step->debias2;
  past->factor = factor;
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
    double weight[CK_LANES];
    weigh(weight, h->nodes + CK_SPAN, mu + slot_of(h->now), 0);
    for (int i = 0; i < CK_NODES; i++) past[-CK_WINDOW].weight[i] = (float)weight[i];
  }
  ck_open_window(h);
}

void ck_open_window(ck_history *h) {
  int slot = slot_of(h->now);
  const ck_past *first = past_of(h, h->now);
  h->shrunk[slot] = first->shrinkage;
  h->open[slot] = 1 / (double)first->shrinkage;
  h->ages[slot] = 0;
  for (int q = 0; q < CK_NODES; q++)
    h->moments[q * CK_WINDOW + slot] = q ? 0 : first->rate * h->open[slot];
}
