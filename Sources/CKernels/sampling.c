#include "CKernels.h"
#include "dispatch.h"
#include "gaussian.h"
#include "vectors.h"

// Gibbs sampling, in pieces that hang together by nothing but their arguments. What is done with
// single numbers is done for many at once, from copies of what they need that lie side by side.
enum { TOGETHER = 256 };

// Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
DISPATCHED
void ck_philox_uniforms(float *out, int64_t blocks, ck_philox start) {
#pragma clang fp contract(off)
  enum { SIDE_BY_SIDE = 16 };
  for (int64_t first = 0; first < blocks; first += SIDE_BY_SIDE) {
    uint32_t a[SIDE_BY_SIDE], b[SIDE_BY_SIDE], c[SIDE_BY_SIDE], d[SIDE_BY_SIDE];
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
      a[i] = start.counter[0] + (uint32_t)first + (uint32_t)i;
      b[i] = start.counter[1];
      c[i] = start.counter[2];
      d[i] = start.counter[3];
    }
    uint32_t key0 = start.key[0], key1 = start.key[1];
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < SIDE_BY_SIDE; i++) {
        uint64_t p = (uint64_t)a[i] * 0xD2511F53u, q = (uint64_t)c[i] * 0xCD9E8D57u;
        a[i] = (uint32_t)(q >> 32) ^ b[i] ^ key0;
        b[i] = (uint32_t)q;
        c[i] = (uint32_t)(p >> 32) ^ d[i] ^ key1;
        d[i] = (uint32_t)p;
      }
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    int64_t count = blocks - first < SIDE_BY_SIDE ? blocks - first : SIDE_BY_SIDE;
    for (int64_t i = 0; i < count; i++) {
      float *to = out + (first + i) * 4;
      to[0] = (float)(int32_t)(a[i] >> 8) * 0x1p-24f;
      to[1] = (float)(int32_t)(b[i] >> 8) * 0x1p-24f;
      to[2] = (float)(int32_t)(c[i] >> 8) * 0x1p-24f;
      to[3] = (float)(int32_t)(d[i] >> 8) * 0x1p-24f;
    }
  }
}

// ---- Rows, in vectors of all their lanes

typedef float vector32 __attribute__((ext_vector_type(32)));
typedef float vector64 __attribute__((ext_vector_type(64)));

#define LANES 8
#define VECTOR vector8
#define UNROLLED _Pragma("clang loop unroll(full)")
#include "sampled_rows.h"
#define LANES 16
#define VECTOR vector16
#define UNROLLED _Pragma("clang loop unroll(full)")
#include "sampled_rows.h"
#define LANES 32
#define VECTOR vector32
#define UNROLLED _Pragma("clang loop unroll(disable)")
#include "sampled_rows.h"
#define LANES 64
#define VECTOR vector64
#define UNROLLED _Pragma("clang loop unroll(disable)")
#include "sampled_rows.h"

// Calls the NAME of as many lanes as there are.
#define OF_LANES(D, NAME, ARGUMENTS) \
  do {                               \
    switch (D) {                     \
      case 8:                        \
        NAME##_8 ARGUMENTS;          \
        break;                       \
      case 16:                       \
        NAME##_16 ARGUMENTS;         \
        break;                       \
      case 32:                       \
        NAME##_32 ARGUMENTS;         \
        break;                       \
      case 64:                       \
        NAME##_64 ARGUMENTS;         \
        break;                       \
    }                                \
  } while (0)

INLINED void sample_rows(const ck_side *side, const float *others, const float *others_noise,
                         float scale, float relaxation, const float *normals, int64_t first,
                         int64_t last) {
  OF_LANES(side->D, sample_rows,
           (side, others, others_noise, scale, relaxation, normals, first, last));
}

KERNEL(sample_rows,
       (const ck_side *side, const float *others, const float *others_noise, float scale,
        float relaxation, const float *normals, int64_t first, int64_t last),
       (side, others, others_noise, scale, relaxation, normals, first, last))

INLINED void sample_implicit(float *implicit, float *residuals, const float *weights,
                             const int64_t *starts, const int32_t *others,
                             const float *precision, const float *prior, float relaxation,
                             const float *normals, int64_t first, int64_t last, int64_t D) {
  OF_LANES(D, sample_implicit,
           (implicit, residuals, weights, starts, others, precision, prior, relaxation, normals,
            first, last));
}

KERNEL(sample_implicit,
       (float *implicit, float *residuals, const float *weights, const int64_t *starts,
        const int32_t *others, const float *precision, const float *prior, float relaxation,
        const float *normals, int64_t first, int64_t last, int64_t D),
       (implicit, residuals, weights, starts, others, precision, prior, relaxation, normals,
        first, last, D))

INLINED void positions(float *x, const int32_t *pairs, int64_t N, const float *users,
                       const float *items, int64_t D) {
  OF_LANES(D, positions, (x, pairs, N, users, items));
}

KERNEL(positions,
       (float *x, const int32_t *pairs, int64_t N, const float *users, const float *items,
        int64_t D),
       (x, pairs, N, users, items, D))

DISPATCHED
void ck_row_residuals(float *out, const float *rows, const float *offsets, const float *mean,
                      int64_t R, int64_t D) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < D; k++)
      out[r * D + k] = rows[r * D + k] - mean[k] - offsets[r * D + k];
}

DISPATCHED
void ck_lane_moments(double *sums, double *squares, const float *rows, const float *offsets,
                     int64_t R, int64_t D) {
#pragma clang fp contract(off)
  for (int64_t r = 0; r < R; r++)
    for (int64_t k = 0; k < D; k++) {
      double d = rows[r * D + k] - (offsets ? offsets[r * D + k] : 0.0f);
      sums[k] += d;
      squares[k] += d * d;
    }
}

DISPATCHED
void ck_noise_sums(double *sums, const int64_t *starts, const int32_t *others,
                   const int32_t *places, const float *residuals, const float *others_noise,
                   int64_t first, int64_t last) {
#pragma clang fp contract(off)
  for (int64_t r = first; r < last; r++) {
    double sum = 0;
    for (int64_t n = starts[r]; n < starts[r + 1]; n++) {
      float d = residuals[places ? places[n] : n];
      sum += (double)(d * d * others_noise[others[n]]);
    }
    sums[r] = sum;
  }
}

// ---- Stars

DISPATCHED
void ck_star_shares(float *below, const float *x, const int32_t *pairs, const float *users_noise,
                    const float *items_noise, float scale, const float *cuts, int64_t C,
                    float weight, int64_t N, int64_t stride) {
#pragma clang fp contract(off)
  for (int64_t n0 = 0; n0 < N; n0 += TOGETHER) {
    int64_t n = N - n0 < TOGETHER ? N - n0 : TOGETHER;
    float root[TOGETHER];
    for (int64_t i = 0; i < n; i++)
      root[i] = scale * users_noise[pairs[2 * (n0 + i)]] * items_noise[pairs[2 * (n0 + i) + 1]];
    for (int64_t i = 0; i < n; i++) root[i] = SQRT(root[i]);
    for (int64_t c = 0; c < C; c++) {
      float *to = below + c * stride + n0;
      for (int64_t i = 0; i < n; i++) {
        float share = normal_cdf((cuts[c] - x[n0 + i]) * root[i]);
        to[i] = FMA(weight, share - to[i], to[i]);
      }
    }
  }
}

// What lies between the cuts of a star, from where a position is, in deviations; turned so that it is
// in the lower tail, where differences keep their digits.
DISPATCHED
void ck_sample_latent(float *z, const float *x, const int32_t *pairs, const int32_t *stars,
                      const float *users_noise, const float *items_noise, const float *cuts,
                      const float *uniforms, int64_t N) {
#pragma clang fp contract(off)
  for (int64_t n0 = 0; n0 < N; n0 += TOGETHER) {
    int64_t n = N - n0 < TOGETHER ? N - n0 : TOGETHER;
    float low[TOGETHER], high[TOGETHER], root[TOGETHER];
    for (int64_t i = 0; i < n; i++) {
      const int32_t *pair = pairs + 2 * (n0 + i);
      low[i] = cuts[stars[n0 + i]];
      high[i] = cuts[stars[n0 + i] + 1];
      root[i] = users_noise[pair[0]] * items_noise[pair[1]];
    }
    for (int64_t i = 0; i < n; i++) {
      float s = SQRT(root[i]);
      float a = (low[i] - x[n0 + i]) * s, b = (high[i] - x[n0 + i]) * s;
      float turn = a + b > 0 ? -1.0f : 1.0f;
      float l = turn > 0 ? a : -b, h = turn > 0 ? b : -a;
      float below = normal_cdf(l);
      float q = normal_quantile(FMA(uniforms[n0 + i], normal_cdf(h) - below, below));
      q = q < l ? l : q > h ? h : q;
      z[n0 + i] = x[n0 + i] + turn * q / s;
    }
  }
}

DISPATCHED
void ck_cut_gains(double *gains, const float *x, const int32_t *pairs, const int32_t *stars,
                  const float *users_noise, const float *items_noise, const float *cuts,
                  const float *moved, int64_t N) {
#pragma clang fp contract(off)
  for (int64_t n0 = 0; n0 < N; n0 += TOGETHER) {
    int64_t n = N - n0 < TOGETHER ? N - n0 : TOGETHER;
    float stays[TOGETHER], was[TOGETHER], is[TOGETHER], root[TOGETHER], gain[TOGETHER];
    for (int64_t i = 0; i < n; i++) {
      const int32_t *pair = pairs + 2 * (n0 + i);
      int32_t low = stars[n0 + i], high = low + 1;
      // Of the two cuts of a star one may move.
      int upper = cuts[high] != moved[high];
      stays[i] = cuts[upper ? low : high];
      was[i] = cuts[upper ? high : low];
      is[i] = moved[upper ? high : low];
      root[i] = users_noise[pair[0]] * items_noise[pair[1]];
    }
    for (int64_t i = 0; i < n; i++) {
      float s = SQRT(root[i]), m = x[n0 + i];
      float a = (stays[i] - m) * s, b = (was[i] - m) * s, c = (is[i] - m) * s;
      float turn = a + b > 0 ? -1.0f : 1.0f;
      float fixed = normal_cdf(turn * a);
      float before = normal_cdf(turn * b) - fixed, after = normal_cdf(turn * c) - fixed;
      before = before < 0 ? -before : before;
      after = after < 0 ? -after : after;
      gain[i] = cephes_log(after < 1e-30f ? 1e-30f : after) -
                cephes_log(before < 1e-30f ? 1e-30f : before);
    }
    for (int64_t i = 0; i < n; i++) gains[stars[n0 + i]] += gain[i];
  }
}
