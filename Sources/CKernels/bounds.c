#include "CKernelBounds.h"

#ifdef DEBUG
#define REQUIRE(index, N, bound) \
  for (int64_t n = 0; n < (N); n++) \
    if ((index)[n] < 0 || (index)[n] >= (bound)) __builtin_trap()
#else
#define REQUIRE(index, N, bound) (void)(index), (void)(N), (void)(bound)
#endif

void ck_require_rows(const int64_t *index, int64_t N, int64_t bound) { REQUIRE(index, N, bound); }

void ck_require_places(const int32_t *index, int64_t N, int64_t bound) { REQUIRE(index, N, bound); }
