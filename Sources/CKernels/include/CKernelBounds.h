#pragma once
#include <stdint.h>

// Kernels take what an index names without a look. Whoever hands one over says here how many rows, or
// elements, there are: in a debug build the program stops if one of index [N] is not from 0 to below
// `bound`; in others nothing is done.
void ck_require_rows(const int64_t *index, int64_t N, int64_t bound);
void ck_require_places(const int32_t *index, int64_t N, int64_t bound);
