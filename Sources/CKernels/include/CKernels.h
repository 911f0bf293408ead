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
