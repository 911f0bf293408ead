#pragma once
#include <stdint.h>

// The hot loops. No allocation, no state; shapes and the meaning of letters stand above each kernel.

// ---- normal.c

// Values that one group of the vectorised normal transform takes and gives.
enum { CK_NORMAL_GROUP = 16 };

// x [groups * 16]: uniform values in 0..<1, replaced by normal ones.
void ck_box_muller(float *x, int64_t groups, float mean, float std);

// ---- rows.c
// R = rows, K = elements in a row, N = rows picked.

// out [R]: the sum of each row of x [R, K], in PyTorch's order of addition.
void ck_sum_rows(float *out, const float *x, int64_t R, int64_t K);

// out [N, K]: rows of table [*, K].
void ck_gather_rows(float *out, const float *table, const int64_t *index, int64_t N, int64_t K);

// ---- matrix.c

// C [M, N] += A [M, K] B [K, N]
void ck_multiply_add(float *C, const float *A, const float *B, int64_t M, int64_t K, int64_t N);

// B [N, M] = A [M, N] transposed
void ck_transpose(float *B, const float *A, int64_t M, int64_t N);

// ---- adam.c

// One step of Adam for n elements, in the terms of Kingma and Ba (2015).
typedef struct {
  float decay;       // what the parameter is multiplied by first: 1 - rate * weight decay
  float beta1;       // momentum
  float one_beta1;   // 1 - beta1
  float beta2;       // momentum of squares
  float one_beta2;   // 1 - beta2
  float step;        // minus rate over the debiasing of the first moment
  float debias2;     // debiasing of the second moment
  float epsilon;
} ck_adam_step;

// p, m, v [n]: parameter and its two moments. g [n], or NULL where no gradient arrived.
void ck_adam(float *p, float *m, float *v, const float *g, int64_t n, const ck_adam_step *step);

// p, m, v [R, K]: a step for the N rows of `rows`, each once. g [N, K]: their gradients.
// seen [R]: becomes `now` for them.
void ck_adam_rows(float *p, float *m, float *v, int32_t *seen, const int64_t *rows, const float *g,
                  int64_t N, int64_t K, int32_t now, const ck_adam_step *step);

// ---- lazy.c: Adam for rows that were left alone for some steps
// An untouched row's path is a function of its state at the last touch. The function is a sum with
// one term a step, whose weights die like powers of the momentum; all but short sums are
// interpolated through a few of its terms.

enum {
  CK_WINDOW = 256,     // steps of a gap that count; the momentum of what follows is negligible
  CK_SPAN = 120,       // steps of a gap that the nodes are spread over
  CK_NODES = 5,        // terms of the interpolated sum
  CK_DEBIASED = 2048,  // steps after which the second moment needs no debiasing in float
  CK_PAST = 32768,     // steps that a history holds
};

// A step, as it is remembered.
typedef struct {
  double product, decay;  // products of momenta and of shrinkages since the history began, with
  int32_t product_exponent, decay_exponent;  // their powers of two apart
  float weight[CK_NODES];                    // of the nodes, for gaps of a window or more after it
  float rate, momentum, shrinkage;  // of the step; rate over the debiasing of the first moment
} ck_past;

// Where the nodes of a span lie, and what makes their weights of moments.
typedef struct {
  int32_t place[CK_NODES];
  double weight[CK_NODES][CK_NODES];
} ck_nodes;

typedef struct {
  int32_t base, now;    // steps; past[0] is what was before step base + 1
  int32_t smooth_from;  // gaps that begin earlier are summed exactly
  float epsilon;
  ck_past *past;                      // [CK_PAST + 1]
  double *open, *ages, *moments;      // of the windows: [CK_WINDOW], moments [CK_NODES, CK_WINDOW]
  const ck_nodes *nodes;              // [CK_SPAN + 1], by the length of the span
  const float *half_powers;           // [CK_WINDOW + 1]: roots of powers of beta2
  const float *inverse_roots;         // [CK_DEBIASED]: of the debiasing of the second moment
  const double *low_powers, *high_powers;  // powers of beta2: [CK_WINDOW], and of its CK_WINDOWth
} ck_history;

// Remembers one more step.
void ck_advance(ck_history *h, float rate, float momentum, float shrinkage);

// Begins the window of gaps that start after the present step.
void ck_open_window(ck_history *h);

// p, m, v [R, K], seen [R]: brings N rows up to date; those of `rows`, or the first N if NULL.
// A row was last up to date after step max(seen, settled).
void ck_settle_rows(float *p, float *m, float *v, int32_t *seen, const int64_t *rows, int64_t N,
                    int64_t K, int32_t settled, const ck_history *h);
