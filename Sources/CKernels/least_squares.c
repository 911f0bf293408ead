#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// The normal equations of a row, and what is not explained by their solution, are one symmetric matrix:
// of the factors, a 1 and the target of each rating. Some ratings at a time are copied to a panel, and
// tiles of sums stay in registers while they run over it. What lies below the diagonal is not found,
// save within a vector.
enum { LANES = 8, DEPTH = CK_SQUARES_DEPTH, ROWS = 4, VECTORS = 3 };

#define EACH(i, count) _Pragma("clang loop unroll(full)") for (int i = 0; i < (count); i++)

// Adds to a tile of A what a panel of rows of W elements gives it.
INLINED void add_tile(float *restrict A, int64_t W, const float *restrict panel, int64_t row,
                      int64_t column, int64_t depth, int vectors) {
#pragma clang fp contract(off)
  vector8 sum[ROWS][VECTORS];
  EACH(r, ROWS) EACH(v, vectors) sum[r][v] = (vector8)(0);
  for (int64_t d = 0; d < depth; d++, panel += W) {
    vector8 x[VECTORS];
    EACH(v, vectors) memcpy(x + v, panel + column + v * LANES, sizeof *x);
    EACH(r, ROWS) EACH(v, vectors)
      sum[r][v] = VECTOR_FMA((vector8)(panel[row + r]), x[v], sum[r][v]);
  }
  EACH(r, ROWS) EACH(v, vectors) {
    float *to = A + (row + r) * W + column + v * LANES;
    LOAD(vector8, old, to);
    old += sum[r][v];
    STORE(to, old);
  }
}

INLINED void add_panel(float *restrict A, int64_t W, const float *restrict panel, int64_t depth) {
  for (int64_t row = 0; row < W; row += ROWS)
    for (int64_t column = row / LANES * LANES; column < W;) {
      int64_t vectors = (W - column) / LANES;
      if (vectors >= 3)
        add_tile(A, W, panel, row, column, depth, 3);
      else if (vectors == 2)
        add_tile(A, W, panel, row, column, depth, 2);
      else
        add_tile(A, W, panel, row, column, depth, 1);
      column += VECTORS * LANES;
    }
}

// The first M unknowns are eliminated one by one (Cholesky's method); 1 over the pivot takes the place
// of each. One without a pivot of its own, which others stand for, is left out, as if it were zero.
INLINED void eliminate(float *restrict A, float *restrict squares, int64_t W, int64_t M) {
#pragma clang fp contract(off)
  const float least = 1e-6f;
  for (int64_t k = 0; k < M; k++) squares[k] = A[k * W + k];
  for (int64_t k = 0; k < M; k++) {
    float *restrict pivot = A + k * W;
    float inverse = pivot[k] > least * squares[k] ? 1 / SQRT(pivot[k]) : 0;
    for (int64_t j = k / LANES * LANES; j < W; j += LANES) {
      LOAD(vector8, x, pivot + j);
      x *= inverse;
      STORE(pivot + j, x);
    }
    for (int64_t i = k + 1; i <= M; i++) {
      float *restrict row = A + i * W, factor = -pivot[i];
      for (int64_t j = i / LANES * LANES; j < W; j += LANES) {
        LOAD(vector8, x, row + j);
        LOAD(vector8, y, pivot + j);
        x = VECTOR_FMA((vector8)(factor), y, x);
        STORE(row + j, x);
      }
    }
    pivot[k] = inverse;
  }
}

// Finds the M unknowns of equations whose matrix gets `ridge` on its diagonal; returns what their squares
// sum up to.
INLINED float solve(float *restrict x, float *restrict A, float ridge, int64_t W, int64_t M) {
#pragma clang fp contract(off)
  for (int64_t k = 0; k < M; k++) A[k * W + k] += ridge;
  eliminate(A, x, W, M);
  float squares = 0;
  for (int64_t k = M - 1; k >= 0; k--) {
    const float *row = A + k * W;
    float sum = row[M];
    for (int64_t j = k + 1; j < M; j++) sum = FMA(-row[j], x[j], sum);
    x[k] = sum * row[k];
    squares = FMA(x[k], x[k], squares);
  }
  return squares;
}

enum { AHEAD = 8 };

INLINED void least_squares(float *restrict x, float *restrict error, float *restrict work,
                           const float *restrict table, const float *restrict bias,
                           const int32_t *restrict index, const float *restrict stars, float mean,
                           float ridge, int64_t N, int64_t K) {
#pragma clang fp contract(off)
  int64_t W = CK_SQUARES_WIDTH(K), M = K + 1;
  float *restrict panel = work, *restrict A = work + DEPTH * W;
  memset(work, 0, (size_t)((DEPTH + W) * W) * sizeof *work);
  for (int64_t n = 0; n < N; n += DEPTH) {
    int64_t depth = N - n < DEPTH ? N - n : DEPTH;
    for (int64_t d = 0; d < depth; d++) {
      int64_t at = n + d, row = index[at];
      float *to = panel + d * W;
      if (at + AHEAD < N) FETCH_ROW(table + (int64_t)index[at + AHEAD] * K, K);
      memcpy(to, table + row * K, (size_t)K * sizeof *to);
      to[K] = 1;
      to[M] = stars[at] - mean - bias[row];
    }
    add_panel(A, W, panel, depth);
  }
  float squares = solve(x, A, ridge, W, M);
  *error = A[M * W + M] - ridge * squares;
}

INLINED void implicit_squares(float *restrict x, float *restrict work, const float *restrict table,
                              const float *restrict all, const int32_t *restrict index,
                              const float *restrict weights, const float *restrict targets,
                              float ridge, int64_t N, int64_t K) {
#pragma clang fp contract(off)
  int64_t W = CK_SQUARES_WIDTH(K);
  float *restrict panel = work, *restrict A = work + DEPTH * W;
  memset(work, 0, (size_t)((DEPTH + W) * W) * sizeof *work);
  for (int64_t k = 0; k < K; k++) memcpy(A + k * W, all + k * K, (size_t)K * sizeof *A);
  for (int64_t n = 0; n < N; n += DEPTH) {
    int64_t depth = N - n < DEPTH ? N - n : DEPTH;
    for (int64_t d = 0; d < depth; d++) {
      int64_t at = n + d;
      const float *from = table + (int64_t)index[at] * K;
      float *to = panel + d * W, root = SQRT(weights[at]);
      if (at + AHEAD < N) FETCH_ROW(table + (int64_t)index[at + AHEAD] * K, K);
      for (int64_t k = 0; k < K; k++) to[k] = root * from[k];
      to[K] = root * targets[at];
    }
    add_panel(A, W, panel, depth);
  }
  solve(x, A, ridge, W, K);
}

KERNEL(least_squares,
       (float *x, float *error, float *work, const float *table, const float *bias,
        const int32_t *index, const float *stars, float mean, float ridge, int64_t N, int64_t K),
       (x, error, work, table, bias, index, stars, mean, ridge, N, K))

KERNEL(implicit_squares,
       (float *x, float *work, const float *table, const float *all, const int32_t *index,
        const float *weights, const float *targets, float ridge, int64_t N, int64_t K),
       (x, work, table, all, index, weights, targets, ridge, N, K))
