#include "CCollabFiles.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REGIONS = 64 };

static struct {
  _Atomic(uintptr_t) start;
  _Atomic(size_t) count;
  _Atomic(long *) missing;
} regions[REGIONS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t page_mask;
static struct sigaction previous;
static int is_guarded;

// Puts a page of zeros where a file has none; any other fault is that of whoever was asked before.
static void fill(int signal, siginfo_t *info, void *context) {
  (void)context;
  int code = errno;
  uintptr_t at = (uintptr_t)info->si_addr;
  for (int i = 0; i < REGIONS; i++) {
    uintptr_t start = atomic_load(&regions[i].start);
    if (!start || at < start || at - start >= atomic_load(&regions[i].count)) continue;
    void *page = mmap((void *)(at & page_mask), ~page_mask + 1, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (page == MAP_FAILED) break;
    __atomic_fetch_add(atomic_load(&regions[i].missing), 1, __ATOMIC_RELAXED);
    errno = code;
    return;
  }
  sigaction(signal, &previous, NULL);
}

static int guard(void) {
  if (is_guarded) return 0;
  page_mask = ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
  struct sigaction action = {.sa_sigaction = fill, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGBUS, &action, &previous)) return -1;
  is_guarded = 1;
  return 0;
}

void *cf_map(int descriptor, size_t count, long *missing) {
  void *start = NULL;
  pthread_mutex_lock(&lock);
  int place = 0;
  while (place < REGIONS && atomic_load(&regions[place].start)) place++;
  if (place == REGIONS) {
    errno = EMFILE;
  } else if (!guard()) {
    start = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) start = NULL;
    if (start) {
      atomic_store(&regions[place].count, count);
      atomic_store(&regions[place].missing, missing);
      atomic_store(&regions[place].start, (uintptr_t)start);
    }
  }
  pthread_mutex_unlock(&lock);
  return start;
}

void cf_unmap(void *start, size_t count) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < REGIONS; i++)
    if (atomic_load(&regions[i].start) == (uintptr_t)start) atomic_store(&regions[i].start, 0);
  munmap(start, count);
  pthread_mutex_unlock(&lock);
}

long cf_count(const long *missing) { return __atomic_load_n(missing, __ATOMIC_RELAXED); }
