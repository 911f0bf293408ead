// What the compiler's run-time library knows of the processor, with other contents. The loader's
// choice between clones and the built-in questions in the kernels both read it.

#if defined(__x86_64__) && defined(__linux__)
#include <string.h>

enum { INTEL = 1, AMD = 2 };

struct {
  unsigned int vendor, type, subtype, features[1];
} __cpu_model __attribute__((visibility("hidden")));
unsigned int __cpu_features2[4] __attribute__((visibility("hidden")));

// The loader asks before any library is there, that of a sanitizer as well.
#pragma clang attribute push(__attribute__((no_sanitize("address", "thread", "undefined"))), \
                             apply_to = function)

static long call_system(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

static int is(const char *word, const char *other) {
  while (*word && *word == *other) word++, other++;
  return *word == *other;
}

static void know(unsigned int level) {
  // Numbers of the levels, as compilers agree on them.
  enum { LEVEL_2 = 96, LEVEL_1 = LEVEL_2 - 1 };
  for (unsigned int l = 1; l <= level; l++) {
    unsigned int bit = LEVEL_1 + l - 1;
    __cpu_features2[bit / 32 - 1] |= 1u << bit % 32;
  }
}

__attribute__((visibility("hidden"))) int __cpu_indicator_init(void) {
  enum { READ = 0, OPEN = 2, CLOSE = 3 };
  if (__cpu_model.vendor) return 0;
  static char words[4096];
  long file = call_system(OPEN, (long)"/proc/self/cmdline", 0, 0);
  long count = call_system(READ, file, (long)words, sizeof words - 2);
  call_system(CLOSE, file, 0, 0);
  const char *choice = words;
  while (*choice) choice++;
  choice = count > 0 ? choice + 1 : "";
  __cpu_model.vendor = is(choice, "v4-amd") ? AMD : INTEL;
  if (is(choice, "v3")) know(3);
  if (is(choice, "v4-intel") || is(choice, "v4-amd")) know(4);
  return 0;
}
#pragma clang attribute pop
#endif
