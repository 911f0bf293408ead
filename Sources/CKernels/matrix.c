#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// A tile of ROWS x COLUMNS sums stays in registers while k runs over a panel: a piece of B, copied
// so that the COLUMNS elements of a k are neighbours, with zeros beside its edge. Each sum adds its
// products in the order of k, so tiling does not change a bit. (Goto and van de Geijn, 2008.)
enum { ROWS = 6, COLUMNS = 16, DEPTH = 256 };

static inline __attribute__((always_inline)) void tile(float *restrict C, int64_t N,
                                                       const float *restrict A, int64_t down,
                                                       int64_t along, const float *restrict panel,
                                                       int64_t depth, int64_t columns, int first,
                                                       int rows) {
#pragma clang fp contract(off)
  float sum[ROWS][COLUMNS] = {{0}};
  if (!first)
    for (int r = 0; r < rows; r++)
      for (int64_t c = 0; c < columns; c++) sum[r][c] = C[r * N + c];
  for (int64_t k = 0; k < depth; k++)
    for (int r = 0; r < rows; r++) {
      float a = A[r * down + k * along];
      for (int c = 0; c < COLUMNS; c++) sum[r][c] = FMA(a, panel[k * COLUMNS + c], sum[r][c]);
    }
  if (columns == COLUMNS)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < COLUMNS; c++) C[r * N + c] = sum[r][c];
  else
    for (int r = 0; r < rows; r++)
      for (int64_t c = 0; c < columns; c++) C[r * N + c] = sum[r][c];
}

static inline __attribute__((always_inline)) void pack(float *restrict panel,
                                                       const float *restrict B, int64_t down,
                                                       int64_t along, int64_t depth,
                                                       int64_t columns) {
  if (columns < COLUMNS) memset(panel, 0, sizeof(float) * COLUMNS * (size_t)depth);
  if (along == 1 && columns == COLUMNS)
    for (int64_t k = 0; k < depth; k++)
      for (int c = 0; c < COLUMNS; c++) panel[k * COLUMNS + c] = B[k * down + c];
  else if (columns == COLUMNS)
    for (int64_t k = 0; k < depth; k++)
      for (int c = 0; c < COLUMNS; c++) panel[k * COLUMNS + c] = B[k * down + c * along];
  else
    for (int64_t k = 0; k < depth; k++)
      for (int64_t c = 0; c < columns; c++) panel[k * COLUMNS + c] = B[k * down + c * along];
}

DISPATCHED
void ck_multiply(float *restrict C, const float *restrict A, int64_t a_down, int64_t a_along,
                 const float *restrict B, int64_t b_down, int64_t b_along, int64_t M, int64_t K,
                 int64_t N) {
  float panel[DEPTH * COLUMNS] __attribute__((aligned(64)));
  for (int64_t k = 0; k == 0 || k < K; k += DEPTH) {
    int64_t depth = K - k < DEPTH ? K - k : DEPTH;
    for (int64_t j = 0; j < N; j += COLUMNS) {
      int64_t columns = N - j < COLUMNS ? N - j : COLUMNS;
      pack(panel, B + k * b_down + j * b_along, b_down, b_along, depth, columns);
      for (int64_t i = 0; i < M; i += ROWS) {
        float *c = C + i * N + j;
        const float *a = A + i * a_down + k * a_along;
#define TILE(rows) tile(c, N, a, a_down, a_along, panel, depth, columns, k == 0, rows)
        switch (M - i < ROWS ? M - i : ROWS) {
          case 1: TILE(1); break;
          case 2: TILE(2); break;
          case 3: TILE(3); break;
          case 4: TILE(4); break;
          case 5: TILE(5); break;
          default: TILE(ROWS);
        }
      }
    }
  }
}

void ck_transpose(float *restrict B, const float *restrict A, int64_t M, int64_t N) {
  enum { BLOCK = 16 };
  for (int64_t i = 0; i < M; i += BLOCK)
    for (int64_t j = 0; j < N; j += BLOCK)
      for (int64_t r = i; r < i + BLOCK && r < M; r++)
        for (int64_t c = j; c < j + BLOCK && c < N; c++) B[c * M + r] = A[r * N + c];
}
