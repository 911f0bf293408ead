#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

// A tile of ROWS x W sums stays in registers while k runs over a panel: a piece of B, copied so that
// the W elements of a k are neighbours, with zeros beside its edge. Each sum adds its products in the
// order of k, so tiling does not change a bit. (Goto and van de Geijn, 2008.)
enum { ROWS = 6, NARROW = 16, WIDE = 32, DEPTH = 256 };

INLINED void tile(float *restrict C, int64_t N, const float *restrict A, int64_t down,
                  int64_t along, const float *restrict panel, int64_t depth, int64_t columns,
                  int first, int rows, int W) {
#pragma clang fp contract(off)
  float sum[ROWS][WIDE] = {{0}};
  if (!first)
    for (int r = 0; r < rows; r++)
      for (int64_t c = 0; c < columns; c++) sum[r][c] = C[r * N + c];
  for (int64_t k = 0; k < depth; k++)
    for (int r = 0; r < rows; r++) {
      float a = A[r * down + k * along];
      for (int c = 0; c < W; c++) sum[r][c] = FMA(a, panel[k * W + c], sum[r][c]);
    }
  if (columns == W)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < W; c++) C[r * N + c] = sum[r][c];
  else
    for (int r = 0; r < rows; r++)
      for (int64_t c = 0; c < columns; c++) C[r * N + c] = sum[r][c];
}

INLINED void pack(float *restrict panel, const float *restrict B, int64_t down, int64_t along,
                  int64_t depth, int64_t columns, int W) {
  if (columns < W) memset(panel, 0, sizeof(float) * (size_t)W * (size_t)depth);
  if (along == 1 && columns == W)
    for (int64_t k = 0; k < depth; k++)
      for (int c = 0; c < W; c++) panel[k * W + c] = B[k * down + c];
  else if (columns == W)
    for (int64_t k = 0; k < depth; k++)
      for (int c = 0; c < W; c++) panel[k * W + c] = B[k * down + c * along];
  else
    for (int64_t k = 0; k < depth; k++)
      for (int64_t c = 0; c < columns; c++) panel[k * W + c] = B[k * down + c * along];
}

// Columns of C that one panel gives.
INLINED void strip(float *restrict C, int64_t N, const float *restrict A, int64_t down,
                   int64_t along, const float *restrict panel, int64_t M, int64_t depth,
                   int64_t columns, int first, int W) {
  for (int64_t i = 0; i < M; i += ROWS) {
#define TILE(rows) \
  tile(C + i * N, N, A + i * down, down, along, panel, depth, columns, first, rows, W)
    switch (M - i < ROWS ? M - i : ROWS) {
      case 1: TILE(1); break;
      case 2: TILE(2); break;
      case 3: TILE(3); break;
      case 4: TILE(4); break;
      case 5: TILE(5); break;
      default: TILE(ROWS);
    }
#undef TILE
  }
}

INLINED void multiply(float *restrict C, const float *restrict A, int64_t a_down, int64_t a_along,
                      const float *restrict B, int64_t b_down, int64_t b_along, int64_t M,
                      int64_t K, int64_t N, int widest) {
  float panel[DEPTH * WIDE] __attribute__((aligned(64)));
  for (int64_t k = 0; k == 0 || k < K; k += DEPTH) {
    int64_t depth = K - k < DEPTH ? K - k : DEPTH;
    const float *a = A + k * a_along;
    for (int64_t j = 0; j < N;) {
      int64_t columns = N - j < widest ? N - j : widest;
      const float *b = B + k * b_down + j * b_along;
      if (widest == NARROW || columns <= NARROW) {
        pack(panel, b, b_down, b_along, depth, columns, NARROW);
        strip(C + j, N, a, a_down, a_along, panel, M, depth, columns, k == 0, NARROW);
      } else {
        pack(panel, b, b_down, b_along, depth, columns, WIDE);
        strip(C + j, N, a, a_down, a_along, panel, M, depth, columns, k == 0, WIDE);
      }
      j += columns;
    }
  }
}

DISPATCHED
static void multiply_narrow(float *C, const float *A, int64_t a_down, int64_t a_along,
                            const float *B, int64_t b_down, int64_t b_along, int64_t M, int64_t K,
                            int64_t N) {
  multiply(C, A, a_down, a_along, B, b_down, b_along, M, K, N, NARROW);
}

#ifdef WIDE_VECTORS
WIDE_VECTORS
static void multiply_wide(float *C, const float *A, int64_t a_down, int64_t a_along, const float *B,
                          int64_t b_down, int64_t b_along, int64_t M, int64_t K, int64_t N) {
  multiply(C, A, a_down, a_along, B, b_down, b_along, M, K, N, WIDE);
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
