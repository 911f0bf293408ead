#pragma once
#include <stdint.h>

// The hot loops. No allocation, no state; shapes and the meaning of letters stand above each
// kernel.

// ---- normal.c

// Values that one group of the vectorised normal transform takes and gives.
enum { CK_NORMAL_GROUP = 16 };

// x [groups * 16]: uniform values in 0..<1, replaced by normal ones.
void ck_box_muller(float *x, int64_t groups, float mean, float std);

// ---- rows.c
// R = rows, K = elements in a row, N = rows picked.

// out [R]: the sum of each row of x [R, K], in PyTorch's order of addition.
void ck_sum_rows(float *out, const float *x, int64_t R, int64_t K);

// out [N, K]: rows of table [*, K].
void ck_gather_rows(float *out, const float *table, const int64_t *index, int64_t N, int64_t K);

// Adds a row of g [N, K], times its element of scale [N] or 1 for NULL, to the slot of each row of a
// table that `index` names, in order; a row without a slot gets the next one. slots [*]: by row, -1 for
// none. rows, sources, factors [used + N]: by slot, the row and where its sum lies, yet to be multiplied
// by its factor: in g if it has one summand, else in values [used + N, K]. Returns how many slots are in
// use then.
int64_t ck_scatter_rows(float *values, int64_t *rows, const float **sources, float *factors,
                        int32_t *slots, int64_t used, const float *g, const float *scale,
                        const int64_t *index, int64_t N, int64_t K);

// low, high: the least and the greatest of index [N], and 0.
void ck_index_range(int64_t *low, int64_t *high, const int64_t *index, int64_t N);

// out [R]: the first column of x [R, K].
void ck_pick_column(int64_t *out, const int64_t *x, int64_t R, int64_t K);

// A rating by index; its parts lie together, since batches read them all over.
typedef struct {
  int32_t user, item;
  float stars;
} ck_rating;

// inputs [N, 2], targets [N]: users, items and stars of the ratings at the first N positions of
// `index` [total]; those of batches to come follow.
void ck_gather_ratings(int64_t *inputs, float *targets, const ck_rating *ratings,
                       const int32_t *index, int64_t N, int64_t total);

// ---- elements.c
// n = elements.

typedef enum { CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE } ck_operation;

// z [n] = x op y. An operand whose step xs or ys is 0 is one number, the other has n.
void ck_binary(ck_operation operation, float *z, const float *x, int64_t xs, const float *y,
               int64_t ys, int64_t n);

// z [R, K] = x [R, K], each row times its element of factor [R].
void ck_scale_rows(float *z, const float *x, const float *factor, int64_t R, int64_t K);

// z [R, K]: each element of x [R], K times.
void ck_repeat_columns(float *z, const float *x, int64_t R, int64_t K);

// x [K] is added to each row of z [R, K].
void ck_add_to_rows(float *z, const float *x, int64_t R, int64_t K);

// Each row of x [R, K] is added to z [K].
void ck_add_rows(float *z, const float *x, int64_t R, int64_t K);

// z = x factor + offset, rounded twice.
void ck_scale(float *z, const float *x, float factor, float offset, int64_t n);

// z = a x b, from the left.
void ck_scale_twice(float *z, const float *x, float a, float b, int64_t n);

// z = 1 / (1 + exp(-x)); the exponential is taken in double, so that its last bit does not depend
// on the C library.
void ck_logistic(float *z, const float *x, int64_t n);

// z: the gradient of `width` times the logistic function where its value is s, given g.
void ck_logistic_slope(float *z, const float *g, const float *s, float width, int64_t n);

// z = max(x, 0), and its gradient where the value is y.
void ck_relu(float *z, const float *x, int64_t n);
void ck_relu_slope(float *z, const float *g, const float *y, int64_t n);

// e = p - t, q = e squared.
void ck_squared_errors(float *e, float *q, const float *p, const float *t, int64_t n);

// ---- matrix.c

// C [M, N] = A [M, K] B [K, N]. Elements of A and B lie `down` apart from row to row and `along`
// from column to column, so that either may be the transpose of what lies in memory.
void ck_multiply(float *C, const float *A, int64_t a_down, int64_t a_along, const float *B,
                 int64_t b_down, int64_t b_along, int64_t M, int64_t K, int64_t N);

// B [N, M] = A [M, N] transposed
void ck_transpose(float *B, const float *A, int64_t M, int64_t N);

// ---- ranking.c

// top, index [n]: the n highest scores so far and where they are, the highest first; of equal ones
// the earlier. Takes R more, the first of which is number `first`; minus infinity is left out.
// `used` places are taken; returns how many are then.
int64_t ck_top(float *top, int32_t *index, int64_t used, const float *scores, int64_t first,
               int64_t R, int64_t n);

// out [R]: the cosine of each row of table [R, K] and y [K]; norms are at least epsilon. Rows are
// divided by their norms first, as in PyTorch's cosine_similarity.
void ck_cosine(float *out, const float *table, const float *y, int64_t R, int64_t K, float epsilon);

// ---- normalization.c
// R = rows, K = columns.

// mean, variance [K]: of the columns of x [R, K]; the variance is the biased one.
void ck_column_statistics(double *mean, double *variance, const float *x, int64_t R, int64_t K);

// y [R, K] = x times factor [K] plus offset [K], rounded once.
void ck_scale_columns(float *y, const float *x, const float *factor, const float *offset, int64_t R,
                      int64_t K);

// sum, dot [K]: of the gradient g [R, K], and of its products with x, centred and divided by the
// spread.
void ck_normalization_sums(double *sum, double *dot, const float *g, const float *x,
                           const float *center, const float *spread, int64_t R, int64_t K);

// z [R, K]: the gradient of x.
void ck_normalization_slope(float *z, const float *g, const float *x, const float *center,
                            const float *spread, const float *scale, const double *mean_slope,
                            const double *mean_dot, int64_t R, int64_t K);

// ---- neighbors.c
// N = items or ratings.

// Adds what somebody has given to an item, and to N others, to sums [*, 4] of each of these: products,
// squares of the item, squares of the other, and 1.
void ck_add_products(float *sums, float own, const int32_t *index, const float *others, int64_t N);

// out [N]: the correlations of such sums [N, 4], times (count - 1) / (count - 1 + shrinkage); 0 where
// there is none.
void ck_correlations(float *out, const float *sums, float shrinkage, int64_t N);

// out [N]: the mean of what taste [I] says of the neighbours of each of N items, weighted by similarity.
// Of the K neighbours [I, K], from the most similar one on, at most so many count, with a similarity
// above 0 and a taste that is not NaN; 0 if none does.
void ck_neighbor_offsets(float *out, const int64_t *items, int64_t N, const float *taste, int64_t I,
                         const int64_t *neighbors, const float *similarities, int64_t K,
                         int64_t most);

// ---- least_squares.c

enum { CK_SQUARES_DEPTH = 128 };  // ratings whose products are added up before they go into the sum

// Elements in a row of the equations for K factors, a bias and the target, in whole vectors.
#define CK_SQUARES_WIDTH(K) (((K) + 2 + 7) / 8 * 8)

// x [K + 1]: the factors and the bias that explain N ratings best, those of rows `index` of the other
// side's table [*, K] and bias [*], if their squares cost `ridge` each. error: the sum of the squared
// errors that they leave. work [(CK_SQUARES_DEPTH + width) * width].
void ck_least_squares(float *x, float *error, float *work, const float *table, const float *bias,
                      const int32_t *index, const float *stars, float mean, float ridge, int64_t N,
                      int64_t K);

// x [K]: the factors that explain N targets best, each of which counts by its weight, those of rows
// `index` of the other side's table [*, K]; all [K, K] is added to their equations: the products of all
// rows, as far as those without a target count as zero. The squares of x cost `ridge` each.
// work [(CK_SQUARES_DEPTH + width) * width].
void ck_implicit_squares(float *x, float *work, const float *table, const float *all,
                         const int32_t *index, const float *weights, const float *targets,
                         float ridge, int64_t N, int64_t K);

// ---- lists.c
// N = items of a user.

// Adds each of x [N], times scale, to its element of out [*].
void ck_add_scattered(float *out, float scale, const int32_t *index, const float *x, int64_t N);

// Adds some rows of a table, whose rows lie `stride` apart, to out [K], each times its weight.
void ck_add_weighted_rows(float *out, const float *table, int64_t stride, const int32_t *index,
                          const float *weights, int64_t N, int64_t K);

// ---- adam.c

// One step of Adam for n elements, in the terms of Kingma and Ba (2015).
typedef struct {
  float decay;       // what the parameter is multiplied by first: 1 - rate * weight decay
  float beta1;       // momentum
  float one_beta1;   // 1 - beta1
  float beta2;       // momentum of squares
  float one_beta2;   // 1 - beta2
  float step;        // minus rate over the debiasing of the first moment
  float debias2;     // debiasing of the second moment
  float epsilon;
} ck_adam_step;

// p, m, v [n]: parameter and its two moments. g [n], or NULL where no gradient arrived.
void ck_adam(float *p, float *m, float *v, const float *g, int64_t n, const ck_adam_step *step);

// m, v [R, K]: the moments after step `now` of the N rows of `rows`, each once. g [N]: where their
// gradients lie, which are yet to be multiplied by factors [N]. The parameter has yet to take the step,
// as seen [R] then says: see lazy.c.
void ck_average_rows(float *m, float *v, int32_t *seen, const int64_t *rows,
                     const float *const *g, const float *factors, int64_t N, int64_t K, int32_t now,
                     const ck_adam_step *step);

// ---- lazy.c: Adam for rows that were left alone for some steps
// An untouched row's path is a function of its state at the last touch. The function is a sum with
// one term a step, whose weights die like powers of the momentum; all but short sums are
// interpolated through a few of its terms, and these together are a polynomial.

enum {
  CK_WINDOW = 256,     // steps of a gap that count; the momentum of what follows is negligible
  CK_SPAN = 120,       // steps of a gap that the nodes are spread over
  CK_NODES = 5,        // terms of the interpolated sum, and coefficients of the polynomial
  CK_EXACT = 32,       // steps of a gap that are summed term by term at most
  CK_GROUPS = CK_EXACT / CK_NODES + 1,  // of as many terms as there are nodes, and one for step 0
  CK_LANES = 8,        // room for them in a vector; what is left over is 0
  CK_DEBIASED = 2048,  // steps after which the second moment needs no debiasing in float
  CK_STEADY = 1300,    // steps after which its debiasing is the same within a gap, nearly
  CK_PAST = 32768,     // steps that a history holds
  CK_MAPS = CK_NODES * CK_NODES + 1,     // rows of `maps` in ck_history
  CK_MAP_STRIDE = CK_WINDOW + CK_LANES,  // of its rows
};

// A step, as it is remembered.
typedef struct {
  double product, decay;  // products of momenta and of shrinkages since the history began, with
  int32_t product_exponent, decay_exponent;  // their powers of two apart
  float weight[CK_NODES];                    // of the nodes, for gaps of a window or more after it
  float rate;        // of the step, over the debiasing of the first moment
  float shrinkage;   // of the step: 1 - rate * weight decay
  float debias2;     // of the step: debiasing of the second moment
  double factor;     // of the step: momentum over shrinkage
} ck_past;

// Some terms of a sum, in t = 1 / (1 + scale s), s the root of a second moment: t times a polynomial.
typedef struct {
  float scale;
  float coefficient[CK_NODES];  // from the constant one on
} ck_series;

// Where the nodes of a span lie, what makes their weights of moments, and what each of them adds to a
// series where they do not need debiasing.
typedef struct {
  int32_t place[CK_LANES];
  double half_power[CK_LANES];         // root of beta2 to the power of the place
  double weight[CK_NODES][CK_LANES];  // by moment, then node
  float part[CK_NODES][CK_LANES];      // by node, then coefficient
  float scale;
} ck_nodes;

// What a row owes after a gap.
typedef struct {
  int32_t seen, now;
  int32_t groups;  // of terms; there are more than one where terms are summed one by one
  float squares;
  float decay, momentum;        // with the first series, a vector of CK_LANES
  ck_series series[CK_GROUPS];  // by group
} ck_gap;

typedef struct {
  int32_t base, now;    // steps; past[0] is what was before step base + 1
  int32_t smooth_from;  // gaps that begin earlier, of CK_EXACT steps at most, are summed term by term
  float epsilon;
  ck_past *past;                      // [CK_PAST + 1]
  // Of the windows: products of momentum over shrinkage and of shrinkages, both with the shrinkage of
  // the step that opens one; ages [CK_WINDOW]; moments [CK_NODES, CK_WINDOW].
  double *open, *shrunk, *ages, *moments;
  const ck_nodes *nodes;              // [CK_SPAN + 1], by the length of the span
  // Where a polynomial meets the terms that it stands for [CK_LANES], and the polynomials that are 1
  // at one of these points and 0 at the others [CK_NODES, CK_LANES].
  const float *points, *lagrange;
  const double *half_powers;          // [CK_EXACT + 1]: roots of powers of beta2
  const double *inverse_roots;        // [CK_DEBIASED]: of the debiasing of the second moment
  const double *low_powers, *high_powers;  // powers of beta2: [CK_WINDOW], and of its CK_WINDOWth
  // Once debiasing is the same within a gap, a series is a linear map of a window's moments: by
  // coefficient, then moment. Then the scale of a series. All [CK_MAPS, CK_MAP_STRIDE], by length of
  // the gap from CK_WINDOW - 1 down to 0 and a few more, as windows lie in a ring: those next to each
  // other find theirs in one piece, wherever its end is.
  const double *maps;
} ck_history;

// Sets the series of nodes [CK_SPAN + 1] whose places and weights are set, and the maps
// [CK_MAPS, CK_MAP_STRIDE] that they make.
void ck_expand_nodes(const ck_history *h, ck_nodes *nodes, double *maps);

// Remembers one more step.
void ck_advance(ck_history *h, const ck_adam_step *step);

// Begins the window of gaps that start with the present step.
void ck_open_window(ck_history *h);

// p, m, v [R, K], seen [R]: brings N rows up to date; those of `rows`, or the first N if NULL; and
// of these only the ones from `low` to below `high`, so that threads can share the work. A row was
// last up to date after step max(seen / 2, settled), but p has yet to take that step where seen is
// odd, and greater. out [N, K], or NULL: the rows of p then. gaps [CK_WINDOW]: those of this step,
// by start; a thread's own.
void ck_settle_rows(float *out, float *p, float *m, float *v, int32_t *seen, const int64_t *rows,
                    int64_t N, int64_t K, int32_t settled, int64_t low, int64_t high, ck_gap *gaps,
                    const ck_history *h);

// ---- sampling.c
// Gibbs sampling of a factorisation of ratings. A row has D lanes, 8, 16, 32 or 64: a bias, then
// factors. The position of a rating is the sum of both biases and the product of the factors; it
// scatters around that with the precision scale times the noise of its user times that of its item.
// R = rows of a side, N = ratings, in pairs [N, 2] of a user and an item.

// Where a stream of Philox 4x32-10 begins: its first block, and what it is drawn for.
typedef struct {
  uint32_t key[2], counter[4];
} ck_philox;

// out [blocks * 4]: numbers from 0 to below 1 of consecutive blocks.
void ck_philox_uniforms(float *out, int64_t blocks, ck_philox start);

// Rows of one side, and the ratings that they explain.
typedef struct {
  int64_t D;
  float *rows;                    // [R, D]
  const float *offsets;           // [R, D]: what a row's mean has beyond that of all
  const float *noise;             // [R]
  const float *mean, *precision;  // [D]: of all rows
  const int64_t *starts;          // [R + 1]: where the ratings of a row begin
  const int32_t *others;          // [N]: the rows of the other side
  const float *targets;           // [N]: the positions that were seen
} ck_side;

// Draws the rows from `first` to below `last`, given the other side's rows and noise. relaxation is
// from -1 to 0, which draws them without regard to what they were. normals [last - first, D].
void ck_sample_rows(const ck_side *side, const float *others, const float *others_noise,
                    float scale, float relaxation, const float *normals, int64_t first,
                    int64_t last);

// Draws what each of the other side's rows from `first` to below `last` adds to the means of the rows
// [R, D] that it has a rating with, times their weights [R]; implicit [*, D]. residuals [R, D]: what
// rows have beyond their means, which is kept up to date. starts and others are the other side's.
// precision and prior [D]: of rows and of implicit. normals [last - first, D].
void ck_sample_implicit(float *implicit, float *residuals, const float *weights,
                        const int64_t *starts, const int32_t *others, const float *precision,
                        const float *prior, float relaxation, const float *normals,
                        int64_t first, int64_t last, int64_t D);

// x [N]: positions of pairs.
void ck_positions(float *x, const int32_t *pairs, int64_t N, const float *users,
                  const float *items, int64_t D);

// out [R, D]: rows less offsets less the mean [D].
void ck_row_residuals(float *out, const float *rows, const float *offsets, const float *mean,
                      int64_t R, int64_t D);

// Adds to sums [D] and squares [D] those of the lanes of rows less offsets [R, D], or NULL.
void ck_lane_moments(double *sums, double *squares, const float *rows, const float *offsets,
                     int64_t R, int64_t D);

// sums [R], from `first` to below `last`: squares of the residuals of a row's ratings, times the noise of
// the other side. places [N]: where a row's residuals lie, or NULL if one after the other.
void ck_noise_sums(double *sums, const int64_t *starts, const int32_t *others,
                   const int32_t *places, const float *residuals, const float *others_noise,
                   int64_t first, int64_t last);

// below [C, N], whose rows lie `stride` apart: moves by `weight` towards the share of each rating's
// distribution around x [N] that lies below each of the cuts [C].
void ck_star_shares(float *below, const float *x, const int32_t *pairs, const float *users_noise,
                    const float *items_noise, float scale, const float *cuts, int64_t C,
                    float weight, int64_t N, int64_t stride);

// z [N]: draws each rating's distribution around x between the cuts of its star: the one with its
// number in stars [N], and the next.
void ck_sample_latent(float *z, const float *x, const int32_t *pairs, const int32_t *stars,
                      const float *users_noise, const float *items_noise, const float *cuts,
                      const float *uniforms, int64_t N);

// Adds to gains, by star, what the logarithm of the ratings' likelihood gains where cuts become
// `moved`; of neighbouring cuts one moves at most.
void ck_cut_gains(double *gains, const float *x, const int32_t *pairs, const int32_t *stars,
                  const float *users_noise, const float *items_noise, const float *cuts,
                  const float *moved, int64_t N);
