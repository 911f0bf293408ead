#pragma once
#include <stdint.h>
#include <string.h>

// Rows are done in vectors of 16 floats. What is left of a row is the end of a vector of 4, 8 or 16
// that begins before it: its results are found from the old values, and written last. Elements of
// the overlap come out twice, with the same bits. Where a processor has narrower registers the
// compiler takes several for a vector.

#define INLINED static inline __attribute__((always_inline))

// Asks for what is at an address, by way of the second level of caches: it has two or three times as
// many lines under way as the first, and what comes from memory is bound by their number. What is
// asked for to be written would go to the first.
#define FETCH(address) __builtin_prefetch(address, 0, 2)

// Asks for a row of K floats.
#define FETCH_ROW(row, K) \
  for (int64_t at_ = 0; at_ < (K); at_ += 16) FETCH((row) + at_)

typedef float vector1 __attribute__((ext_vector_type(1)));
typedef float vector4 __attribute__((ext_vector_type(4)));
typedef float vector8 __attribute__((ext_vector_type(8)));
typedef float vector16 __attribute__((ext_vector_type(16)));
typedef double double8 __attribute__((ext_vector_type(8)));

// Vectors are passed by address: they have no place in calls that processors without them make.
#define LOAD(T, x, from) \
  T x;                   \
  memcpy(&x, from, sizeof x)
#define STORE(to, x) memcpy(to, &x, sizeof x)

#define VECTOR_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define VECTOR_SQRT(x) __builtin_elementwise_sqrt(x)

// Rows of K elements that a step changes together: BLOCK(T, P, M, V, i) sets the vectors of type T at
// P, M and V to what becomes of the elements from number i on of p, m and v. COPY is COPY_ALL, or
// COPY_P or COPY_MOMENTS where the others stay as they are.
#define FOR_EACH_VECTOR(BLOCK, COPY, p, m, v, K)                                         \
  do {                                                                                   \
    float P[16], M[16], V[16];                                                           \
    int64_t rest = K % 16, at = 0;                                                       \
    if (K < 4) {                                                                         \
      for (; at < K; at++) BLOCK(vector1, p + at, m + at, v + at, at);                   \
    } else if (K < 16) {                                                                 \
      BLOCK(vector4, P, M, V, K - 4);                                                    \
      for (; at + 4 <= K; at += 4) BLOCK(vector4, p + at, m + at, v + at, at);           \
      COPY(4, p, m, v, K);                                                               \
    } else if (rest == 0) {                                                              \
      for (; at < K; at += 16) BLOCK(vector16, p + at, m + at, v + at, at);              \
    } else if (rest <= 4) {                                                              \
      BLOCK(vector4, P, M, V, K - 4);                                                    \
      for (; at + 16 <= K; at += 16) BLOCK(vector16, p + at, m + at, v + at, at);        \
      COPY(4, p, m, v, K);                                                               \
    } else if (rest <= 8) {                                                              \
      BLOCK(vector8, P, M, V, K - 8);                                                    \
      for (; at + 16 <= K; at += 16) BLOCK(vector16, p + at, m + at, v + at, at);        \
      COPY(8, p, m, v, K);                                                               \
    } else {                                                                             \
      BLOCK(vector16, P, M, V, K - 16);                                                  \
      for (; at + 16 <= K; at += 16) BLOCK(vector16, p + at, m + at, v + at, at);        \
      COPY(16, p, m, v, K);                                                              \
    }                                                                                    \
  } while (0)

#define COPY_BACK(width, row, end, K) memcpy(row + K - width, end, width * sizeof(float))

#define COPY_P(width, p, m, v, K) COPY_BACK(width, p, P, K)

#define COPY_MOMENTS(width, p, m, v, K) \
  COPY_BACK(width, m, M, K);            \
  COPY_BACK(width, v, V, K)

#define COPY_ALL(width, p, m, v, K) \
  COPY_P(width, p, m, v, K);        \
  COPY_MOMENTS(width, p, m, v, K)

// Rows of eight vectors become columns.
INLINED void transpose(vector8 *x) {
#define MIX __builtin_shufflevector
  vector8 y[8], z[8];
  for (int i = 0; i < 8; i += 2) {
    y[i] = MIX(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    y[i + 1] = MIX(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int half = 0; half < 2; half++) {
      z[i + 2 * half] = MIX(y[i + half], y[i + half + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      z[i + 2 * half + 1] = MIX(y[i + half], y[i + half + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    x[i] = MIX(z[i], z[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    x[i + 4] = MIX(z[i], z[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#undef MIX
}
