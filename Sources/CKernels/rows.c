#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "vectors.h"

enum { LANES = 8, ACCUMULATORS = 4, GROUP = LANES * ACCUMULATORS };

// Four accumulators of eight lanes take the vectors of a row in turn, whole groups of four; the
// first takes the rest; then the accumulators are added in order, and last the elements that fill
// no vector before the lanes, one by one. (aten/src/ATen/native/cpu/SumKernel.cpp of PyTorch.)
// lanes: what the accumulators add up to. Returns the sum of the elements that fill no vector.
INLINED float sum_lanes(vector8 *lanes, const float *x, int64_t K) {
#pragma clang fp contract(off)
  vector8 acc[ACCUMULATORS] = {0};
  int64_t k = 0;
  for (; k + GROUP <= K; k += GROUP)
    for (int a = 0; a < ACCUMULATORS; a++) {
      LOAD(vector8, part, x + k + a * LANES);
      acc[a] += part;
    }
  for (; k + LANES <= K; k += LANES) {
    LOAD(vector8, part, x + k);
    acc[0] += part;
  }
  *lanes = acc[0] + acc[1] + acc[2] + acc[3];
  float rest = 0;
  for (; k < K; k++) rest += x[k];
  return rest;
}

DISPATCHED
void ck_sum_rows(float *restrict out, const float *restrict x, int64_t R, int64_t K) {
#pragma clang fp contract(off)
  int64_t r = 0;
  vector8 lanes[LANES];
  float rest[LANES];
  // The lanes of eight rows at a time: those of one would each wait for the one before.
  for (; r + LANES <= R; r += LANES) {
    for (int i = 0; i < LANES; i++) rest[i] = sum_lanes(lanes + i, x + (r + i) * K, K);
    transpose(lanes);
    LOAD(vector8, sums, rest);
    for (int l = 0; l < LANES; l++) sums += lanes[l];
    STORE(out + r, sums);
  }
  for (; r < R; r++) {
    float sum = sum_lanes(lanes, x + r * K, K);
    for (int l = 0; l < LANES; l++) sum += lanes[0][l];
    out[r] = sum;
  }
}

// A row is fetched while those before it are copied: tables are larger than caches.
enum { AHEAD = 8 };

void ck_gather_rows(float *restrict out, const float *restrict table,
                    const int64_t *restrict index, int64_t N, int64_t K) {
  if (K == 1)
    for (int64_t n = 0; n < N; n++) out[n] = table[index[n]];
  else
    for (int64_t n = 0; n < N; n++) {
      if (n + AHEAD < N) FETCH_ROW(table + index[n + AHEAD] * K, K);
      memcpy(out + n * K, table + index[n] * K, (size_t)K * sizeof *out);
    }
}

// target <- x times a + y times b. The target may be x.
INLINED void add_rows(float *target, const float *x, float a, const float *y, float b, int64_t K) {
#pragma clang fp contract(off)
#define ADD(T, P, M, V, i)   \
  do {                       \
    LOAD(T, s, x + i);       \
    LOAD(T, t, y + i);       \
    s = s * a + t * b;       \
    STORE(P, s);             \
  } while (0)
  FOR_EACH_VECTOR(ADD, COPY_P, target, target, target, K);
}

DISPATCHED
int64_t ck_scatter_rows(float *restrict values, int64_t *restrict rows,
                        const float **restrict sources, float *restrict factors,
                        int32_t *restrict slots, int64_t used, const float *restrict g,
                        const float *restrict scale, const int64_t *restrict index, int64_t N,
                        int64_t K) {
#pragma clang fp contract(off)
  // A turn is short: a slot is asked for many turns before, and the first ones before any.
  enum { FAR = 32 };
  for (int64_t n = 0; n < N && n < FAR; n++) FETCH(slots + index[n]);
  for (int64_t n = 0; n < N; n++) {
    if (n + FAR < N) FETCH(slots + index[n + FAR]);
    const float *row = g + n * K;
    float factor = scale ? scale[n] : 1;
    int32_t slot = slots[index[n]];
    if (slot < 0) {
      slots[index[n]] = (int32_t)used;
      rows[used] = index[n];
      factors[used] = factor;
      sources[used++] = row;
    } else {
      float *target = values + slot * K;
      add_rows(target, sources[slot], factors[slot], row, factor, K);
      sources[slot] = target;
      factors[slot] = 1;
    }
  }
  return used;
}

DISPATCHED
void ck_index_range(int64_t *restrict low, int64_t *restrict high, const int64_t *restrict index,
                    int64_t N) {
  int64_t least = 0, greatest = 0;
  for (int64_t n = 0; n < N; n++) {
    least = index[n] < least ? index[n] : least;
    greatest = index[n] > greatest ? index[n] : greatest;
  }
  *low = least;
  *high = greatest;
}

void ck_pick_column(int64_t *restrict out, const int64_t *restrict x, int64_t R, int64_t K) {
  for (int64_t r = 0; r < R; r++) out[r] = x[r * K];
}

void ck_gather_ratings(int64_t *restrict inputs, float *restrict targets,
                       const ck_rating *restrict ratings, const int32_t *restrict index, int64_t N,
                       int64_t total) {
  // Small batches fetch the one that follows: before it is read, a step passes. From large ones so
  // much would have left the cache again by then.
  enum { FARTHEST = 256 };
  int64_t ahead = N < FARTHEST ? N : FARTHEST;
  for (int64_t n = 0; n < N; n++) {
    if (n + ahead < total) FETCH(ratings + index[n + ahead]);
    ck_rating rating = ratings[index[n]];
    inputs[2 * n] = rating.user;
    inputs[2 * n + 1] = rating.item;
    targets[n] = rating.stars;
  }
}
