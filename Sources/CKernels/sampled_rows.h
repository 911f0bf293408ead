// Rows of LANES lanes, as VECTORs; included once for each number of lanes. UNROLLED stands before loops
// over lanes.

#define JOINED_(name, lanes) name##_##lanes
#define JOINED(name, lanes) JOINED_(name, lanes)
#define LANED(name) JOINED(name, LANES)

// A row's bias plus the other's plus the product of their factors. The sum is that of a tree, whatever
// the width of registers.
INLINED float LANED(position)(const float *row, const float *other) {
#pragma clang fp contract(off)
  LOAD(VECTOR, a, row);
  LOAD(VECTOR, b, other);
  float bias = b[0];
  b[0] = 1;
  a *= b;
  float terms[LANES];
  memcpy(terms, &a, sizeof a);
  UNROLLED for (int half = LANES / 2; half; half /= 2)
    for (int k = 0; k < half; k++) terms[k] += terms[k + half];
  return terms[0] + bias;
}

INLINED void LANED(positions)(float *x, const int32_t *pairs, int64_t N, const float *users,
                              const float *items) {
  for (int64_t n = 0; n < N; n++)
    x[n] = LANED(position)(users + (int64_t)pairs[2 * n] * LANES,
                           items + (int64_t)pairs[2 * n + 1] * LANES);
}

// A normal row with precision A, whose upper triangle is used up, and mean A^-1 b; over-relaxed, so
// that it tends to lie on the other side of the mean from where it was. normals are LANES.
// Source: Adler (1981), "Over-relaxation method for the Monte Carlo evaluation of the partition function".
INLINED void LANED(sample_row)(float *row, VECTOR *A, VECTOR *at, const float *normals,
                               float relaxation, float rest) {
#pragma clang fp contract(off)
  VECTOR b = *at;
  float inverse[LANES], y[LANES];
  UNROLLED for (int k = 0; k < LANES; k++) {
    inverse[k] = 1.0f / SQRT(A[k][k]);
    A[k] *= inverse[k];
    y[k] = b[k] * inverse[k];
    b = VECTOR_FMA((VECTOR)(-y[k]), A[k], b);
    UNROLLED for (int i = k + 1; i < LANES; i++)
      A[i] = VECTOR_FMA((VECTOR)(-A[k][i]), A[k], A[i]);
  }
  UNROLLED for (int k = LANES - 1; k >= 0; k--) {
    float s = (1.0f - relaxation) * y[k] + rest * normals[k];
    UNROLLED for (int j = LANES - 1; j > k; j--) s = FMA(-A[k][j], y[j], s);
    y[k] = s * inverse[k];
  }
  for (int k = 0; k < LANES; k++) row[k] = FMA(relaxation, row[k], y[k]);
}

INLINED void LANED(sample_rows)(const ck_side *side, const float *others,
                                const float *others_noise, float scale, float relaxation,
                                const float *normals, int64_t first, int64_t last) {
#pragma clang fp contract(off)
  float rest = SQRT(1.0f - relaxation * relaxation);
  LOAD(VECTOR, mean, side->mean);
  LOAD(VECTOR, precision, side->precision);
  for (int64_t r = first; r < last; r++) {
    VECTOR A[LANES], b = 0;
    UNROLLED for (int k = 0; k < LANES; k++) A[k] = 0;
    for (int64_t n = side->starts[r]; n < side->starts[r + 1]; n++) {
      int64_t other = side->others[n];
      LOAD(VECTOR, f, others + other * LANES);
      float weight = others_noise[other];
      float target = weight * (side->targets[n] - f[0]);
      f[0] = 1;
      b = VECTOR_FMA((VECTOR)target, f, b);
      VECTOR weighted = f * weight;
      UNROLLED for (int k = 0; k < LANES; k++) A[k] = VECTOR_FMA((VECTOR)f[k], weighted, A[k]);
    }
    float weight = scale * side->noise[r];
    UNROLLED for (int k = 0; k < LANES; k++) {
      A[k] *= weight;
      A[k][k] += precision[k];
    }
    LOAD(VECTOR, offset, side->offsets + r * LANES);
    b = b * weight + precision * (mean + offset);
    LANED(sample_row)(side->rows + r * LANES, A, &b, normals + (r - first) * LANES, relaxation,
                      rest);
  }
}

INLINED void LANED(sample_implicit)(float *implicit, float *residuals, const float *weights,
                                    const int64_t *starts, const int32_t *others,
                                    const float *precision, const float *prior,
                                    float relaxation, const float *normals, int64_t first,
                                    int64_t last) {
#pragma clang fp contract(off)
  float rest = SQRT(1.0f - relaxation * relaxation);
  LOAD(VECTOR, own, precision);
  LOAD(VECTOR, eta, prior);
  for (int64_t j = first; j < last; j++) {
    if (starts[j] == starts[j + 1]) continue;
    LOAD(VECTOR, old, implicit + j * LANES);
    LOAD(VECTOR, noise, normals + (j - first) * LANES);
    VECTOR sum = 0;
    float squares = 0;
    for (int64_t n = starts[j]; n < starts[j + 1]; n++) {
      float weight = weights[others[n]];
      LOAD(VECTOR, residual, residuals + (int64_t)others[n] * LANES);
      squares = FMA(weight, weight, squares);
      sum = VECTOR_FMA((VECTOR)weight, residual, sum);
    }
    VECTOR total = own * squares + eta;
    VECTOR center = own * (sum + squares * old) / total;
    VECTOR now = center + relaxation * (old - center) + rest * noise / VECTOR_SQRT(total);
    STORE(implicit + j * LANES, now);
    VECTOR change = now - old;
    for (int64_t n = starts[j]; n < starts[j + 1]; n++) {
      float *at = residuals + (int64_t)others[n] * LANES;
      LOAD(VECTOR, residual, at);
      residual = VECTOR_FMA((VECTOR)(-weights[others[n]]), change, residual);
      STORE(at, residual);
    }
  }
}

#undef LANED
#undef JOINED
#undef JOINED_
#undef LANES
#undef VECTOR
#undef UNROLLED
