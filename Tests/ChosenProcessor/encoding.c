#include "ChosenProcessor.h"

#if defined(__x86_64__) && defined(__linux__)
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "CKernels.h"

static sigjmp_buf before;
static uint8_t first_byte;

static void look(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  first_byte = *(const uint8_t *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  siglongjmp(before, 1);
}

static void run(sample sample, float *forbidden) {
  enum { COUNT = 48 };
  static float numbers[COUNT], others[COUNT], results[COUNT];
  static const int64_t row = 0;
  static int32_t seen;
  const float *gradient = numbers;
  const float factor = 1;
  const ck_adam_step step = {1, 0.9f, 0.1f, 0.99f, 0.01f, -1e-3f, 1, 1e-5f};
  switch (sample) {
    case SAMPLE_DISPATCHED:
      ck_squared_errors(results, others, forbidden, numbers, COUNT);
      break;
    case SAMPLE_PREFERRED_WIDE:
      ck_average_rows(forbidden, results, &seen, &row, &gradient, &factor, 1, 16, 1, &step);
      break;
    case SAMPLE_WIDE:
      ck_multiply(forbidden, numbers, 1, 1, others, COUNT, 1, 1, 1, COUNT);
      break;
  }
}

encoding encoding_of(sample sample) {
  void *forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_sigaction = look}, usual;
  sigaction(SIGSEGV, &action, &usual);
  encoding result = ENCODING_NONE;
  if (sigsetjmp(before, 1) == 0)
    run(sample, forbidden);
  else  // What instructions of each kind begin with.
    result = first_byte == 0x62                         ? ENCODING_AVX512
             : first_byte == 0xC4 || first_byte == 0xC5 ? ENCODING_AVX
                                                        : ENCODING_SSE;
  sigaction(SIGSEGV, &usual, NULL);
  munmap(forbidden, 4096);
  return result;
}
#else
encoding encoding_of(sample sample) {
  (void)sample;
  return ENCODING_NONE;
}
#endif
