#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

enum { LANES = 8, ACCUMULATORS = 4 };

// Four accumulators of eight lanes take the vectors of a row in turn, whole groups of four; the
// first takes the rest; then the accumulators are added in order, and last the elements that fill
// no vector before the lanes, one by one. (aten/src/ATen/native/cpu/SumKernel.cpp of PyTorch.)
static inline float sum_row(const float *x, int64_t K) {
#pragma clang fp contract(off)
  enum { GROUP = LANES * ACCUMULATORS };
  float acc[GROUP] = {0};
  int64_t k = 0;
  for (; k + GROUP <= K; k += GROUP)
    for (int l = 0; l < GROUP; l++) acc[l] += x[k + l];
  for (; k + LANES <= K; k += LANES)
    for (int l = 0; l < LANES; l++) acc[l] += x[k + l];
  for (int a = 1; a < ACCUMULATORS; a++)
    for (int l = 0; l < LANES; l++) acc[l] += acc[a * LANES + l];
  float sum = 0;
  for (; k < K; k++) sum += x[k];
  for (int l = 0; l < LANES; l++) sum += acc[l];
  return sum;
}

DISPATCHED
void ck_sum_rows(float *restrict out, const float *restrict x, int64_t R, int64_t K) {
  for (int64_t r = 0; r < R; r++) out[r] = sum_row(x + r * K, K);
}

void ck_gather_rows(float *restrict out, const float *restrict table,
                    const int64_t *restrict index, int64_t N, int64_t K) {
  if (K == 1)
    for (int64_t n = 0; n < N; n++) out[n] = table[index[n]];
  else
    for (int64_t n = 0; n < N; n++)
      memcpy(out + n * K, table + index[n] * K, (size_t)K * sizeof *out);
}
