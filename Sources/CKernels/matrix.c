#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// A tile of some rows by some vectors of sums stays in registers while k runs over a panel: a piece of
// B, copied so that the elements of a k are neighbours, with zeros beside its edge. Each sum adds its
// products in the order of k, so tiling does not change a bit. (Goto and van de Geijn, 2008.)
enum { LANES = 16, DEPTH = 256, MOST_ROWS = 8, MOST_VECTORS = 3 };

#define EACH(i, count) _Pragma("clang loop unroll(full)") for (int i = 0; i < (count); i++)

INLINED void tile(float *restrict C, int64_t N, const float *restrict A, int64_t down,
                  int64_t along, const float *restrict panel, int64_t depth, int64_t columns,
                  int first, int rows, int vectors) {
#pragma clang fp contract(off)
  // A copy of unknown size from or to the sums would keep them in memory.
  float edge[MOST_ROWS][MOST_VECTORS * LANES];
  vector16 sum[MOST_ROWS][MOST_VECTORS];
  if (first) {
    EACH(r, rows) EACH(v, vectors) sum[r][v] = (vector16)(0);
  } else {
    EACH(r, rows) memcpy(edge[r], C + r * N, (size_t)columns * sizeof *C);
    EACH(r, rows) EACH(v, vectors) memcpy(&sum[r][v], edge[r] + v * LANES, sizeof **sum);
  }
  for (int64_t k = 0; k < depth; k++) {
    vector16 b[MOST_VECTORS];
    EACH(v, vectors) memcpy(b + v, panel + (k * vectors + v) * LANES, sizeof *b);
    EACH(r, rows) {
      float a = A[r * down + k * along];
      EACH(v, vectors) sum[r][v] = VECTOR_FMA((vector16)(a), b[v], sum[r][v]);
    }
  }
  if (columns == vectors * LANES) {
    EACH(r, rows) EACH(v, vectors) memcpy(C + r * N + v * LANES, &sum[r][v], sizeof **sum);
    return;
  }
  EACH(r, rows) EACH(v, vectors) memcpy(edge[r] + v * LANES, &sum[r][v], sizeof **sum);
  for (int r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) C[r * N + c] = edge[r][c];
}

INLINED void transpose_block(float *restrict out, int64_t out_down, const float *restrict in,
                             int64_t in_down) {
  vector8 x[8];
  EACH(i, 8) memcpy(x + i, in + i * in_down, sizeof *x);
  transpose(x);
  EACH(i, 8) memcpy(out + i * out_down, x + i, sizeof *x);
}

INLINED void pack(float *restrict panel, const float *restrict B, int64_t down, int64_t along,
                  int64_t depth, int64_t columns, int vectors) {
  int W = vectors * LANES;
  int64_t k = 0;
  if (columns < W) memset(panel, 0, (size_t)depth * (size_t)W * sizeof *panel);
  if (along == 1 && columns == W)
    for (; k < depth; k++) memcpy(panel + k * W, B + k * down, (size_t)W * sizeof *panel);
  if (down == 1 && columns == W)
    for (; k + 8 <= depth; k += 8)
      for (int c = 0; c < W; c += 8)
        transpose_block(panel + k * W + c, W, B + k + c * along, along);
  for (; k < depth; k++)
    for (int64_t c = 0; c < columns; c++) panel[k * W + c] = B[k * down + c * along];
}

// Columns of C that one panel gives.
INLINED void strip(float *restrict C, int64_t N, const float *restrict A, int64_t down,
                   int64_t along, const float *restrict B, int64_t b_down, int64_t b_along,
                   float *restrict panel, int64_t M, int64_t depth, int64_t columns, int first,
                   int rows, int vectors) {
  pack(panel, B, b_down, b_along, depth, columns, vectors);
  int64_t i = 0;
#define TILES(rows)               \
  for (; i + rows <= M; i += rows) \
  tile(C + i * N, N, A + i * down, down, along, panel, depth, columns, first, rows, vectors)
  TILES(rows);
  TILES(4);
  TILES(2);
  TILES(1);
#undef TILES
}

INLINED void multiply(float *restrict C, const float *restrict A, int64_t a_down, int64_t a_along,
                      const float *restrict B, int64_t b_down, int64_t b_along, int64_t M,
                      int64_t K, int64_t N, int rows, int vectors) {
  float panel[DEPTH * MOST_VECTORS * LANES] __attribute__((aligned(64)));
  for (int64_t k = 0; k == 0 || k < K; k += DEPTH) {
    int64_t depth = K - k < DEPTH ? K - k : DEPTH;
    const float *a = A + k * a_along;
    for (int64_t j = 0; j < N;) {
      int64_t columns = N - j < vectors * LANES ? N - j : vectors * LANES;
      const float *b = B + k * b_down + j * b_along;
#define STRIP(vectors)                                                                           \
  strip(C + j, N, a, a_down, a_along, b, b_down, b_along, panel, M, depth, columns, k == 0, rows, \
        vectors)
      if (vectors == 1 || columns <= LANES)
        STRIP(1);
      else if (columns <= 2 * LANES)
        STRIP(2);
      else
        STRIP(3);
#undef STRIP
      j += columns;
    }
  }
}

DISPATCHED
static void multiply_narrow(float *C, const float *A, int64_t a_down, int64_t a_along,
                            const float *B, int64_t b_down, int64_t b_along, int64_t M, int64_t K,
                            int64_t N) {
  multiply(C, A, a_down, a_along, B, b_down, b_along, M, K, N, 6, 1);
}

#ifdef WIDE_VECTORS
WIDE_VECTORS
static void multiply_wide(float *C, const float *A, int64_t a_down, int64_t a_along, const float *B,
                          int64_t b_down, int64_t b_along, int64_t M, int64_t K, int64_t N) {
  multiply(C, A, a_down, a_along, B, b_down, b_along, M, K, N, MOST_ROWS, MOST_VECTORS);
}
#endif

void ck_multiply(float *restrict C, const float *restrict A, int64_t a_down, int64_t a_along,
                 const float *restrict B, int64_t b_down, int64_t b_along, int64_t M, int64_t K,
                 int64_t N) {
#ifdef WIDE_VECTORS
  if (HAS_WIDE_VECTORS)
    return multiply_wide(C, A, a_down, a_along, B, b_down, b_along, M, K, N);
#endif
  multiply_narrow(C, A, a_down, a_along, B, b_down, b_along, M, K, N);
}

void ck_transpose(float *restrict B, const float *restrict A, int64_t M, int64_t N) {
  enum { BLOCK = 16 };
  for (int64_t i = 0; i < M; i += BLOCK)
    for (int64_t j = 0; j < N; j += BLOCK)
      for (int64_t r = i; r < i + BLOCK && r < M; r++)
        for (int64_t c = j; c < j + BLOCK && c < N; c++) B[c * M + r] = A[r * N + c];
}
