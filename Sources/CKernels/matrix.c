#include "CKernels.h"
#include "dispatch.h"

// A tile of ROWS x COLUMNS sums stays in registers while k runs; each sum adds its products in the
// order of k, so tiling does not change a bit.
enum { ROWS = 4, COLUMNS = 32 };

static inline __attribute__((always_inline)) void tile(float *restrict C, const float *restrict A,
                                                       const float *restrict B, int64_t K,
                                                       int64_t N, int64_t stride, int rows,
                                                       int columns) {
#pragma clang fp contract(off)
  float sum[ROWS][COLUMNS];
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) sum[r][c] = C[r * N + c];
  for (int64_t k = 0; k < K; k++)
    for (int r = 0; r < rows; r++) {
      float a = A[r * stride + k];
      for (int c = 0; c < columns; c++) sum[r][c] = FMA(a, B[k * N + c], sum[r][c]);
    }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) C[r * N + c] = sum[r][c];
}

DISPATCHED
void ck_multiply_add(float *restrict C, const float *restrict A, const float *restrict B, int64_t M,
                     int64_t K, int64_t N) {
  for (int64_t i = 0; i < M; i += ROWS) {
    int rows = M - i < ROWS ? (int)(M - i) : ROWS;
    for (int64_t j = 0; j < N; j += COLUMNS) {
      int columns = N - j < COLUMNS ? (int)(N - j) : COLUMNS;
      float *c = C + i * N + j;
      const float *a = A + i * K, *b = B + j;
      if (rows == ROWS && columns == COLUMNS)
        tile(c, a, b, K, N, K, ROWS, COLUMNS);
      else
        tile(c, a, b, K, N, K, rows, columns);
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
