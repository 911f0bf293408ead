#include <string.h>

#include "CKernels.h"
#include "cephes.h"
#include "dispatch.h"

DISPATCHED
void ck_box_muller(float *x, int64_t groups, float mean, float std) {
#pragma clang fp contract(off)
  enum { HALF = CK_NORMAL_GROUP / 2 };
  for (int64_t g = 0; g < groups; g++, x += CK_NORMAL_GROUP) {
    float first[HALF], second[HALF];
    for (int j = 0; j < HALF; j++) {
      float radius = SQRT(-2.0f * cephes_log(1.0f - x[j]));
      float sine, cosine;
      cephes_sincos(6.283185307179586f * x[j + HALF], &sine, &cosine);
      first[j] = FMA(radius * cosine, std, mean);
      second[j] = FMA(radius * sine, std, mean);
    }
    memcpy(x, first, sizeof first);
    memcpy(x + HALF, second, sizeof second);
  }
}
