#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "CLineEdit.h"

static struct termios found;           // as it was before the editor came
static volatile sig_atomic_t is_open;  // whether `found` has to be put back
static volatile sig_atomic_t is_running;
static volatile sig_atomic_t interrupts;
static volatile sig_atomic_t last_interrupt;  // in seconds of the monotonic clock
static volatile sig_atomic_t is_resized;
static int wakeup[2] = {-1, -1};  // a pipe that signals write to

static void put(const char *sequence, size_t count) {
  // Nothing can be done when the terminal is gone.
  if (write(STDOUT_FILENO, sequence, count) < 0) return;
}

static void bracket_pastes(bool on) { put(on ? "\033[?2004h" : "\033[?2004l", 8); }

// Safe in a signal handler.
static void restore(void) {
  if (!is_open) return;
  if (!is_running) bracket_pastes(false);
  // A process in the background would be stopped for touching the terminal.
  struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
  sigaction(SIGTTOU, &ignore, &old);
  tcsetattr(STDIN_FILENO, TCSANOW, &found);
  sigaction(SIGTTOU, &old, NULL);
}

// While a command runs nothing typed is echoed into its output, and ^C does not drop it: it is the
// next input.
static void set_quiet(bool on) {
  struct termios now;
  if (tcgetattr(STDIN_FILENO, &now) < 0) return;
  const tcflag_t own = ECHO | NOFLSH;
  now.c_lflag &= ~own;
  now.c_lflag |= on ? NOFLSH : found.c_lflag & own;
  tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

void le_terminal_edit(void) {
  set_quiet(false);
  is_running = false;
  bracket_pastes(true);
}

void le_terminal_run(void) {
  bracket_pastes(false);
  is_running = true;
  set_quiet(true);
}

void le_terminal_lend(void) {
  restore();
  is_running = true;
}

// MARK: - Signals that end the process

static const int fatal[] = {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
enum { FATAL_COUNT = sizeof fatal / sizeof *fatal };
static struct sigaction before[FATAL_COUNT];

// Puts the terminal back, then lets happen what would have happened.
static void on_fatal(int signal) {
  restore();
  is_open = false;
  for (int i = 0; i < FATAL_COUNT; i++)
    if (fatal[i] == signal) sigaction(signal, &before[i], NULL);
  raise(signal);
}

// MARK: - Stopping and going on

static void on_stop(int signal);

static void watch_stop(void) {
  struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, NULL);
}

void le_terminal_stop(void) {
  restore();
  struct sigaction stop = {.sa_handler = SIG_DFL};
  sigemptyset(&stop.sa_mask);
  sigaction(SIGTSTP, &stop, NULL);
  sigset_t tstp, old;
  sigemptyset(&tstp);
  sigaddset(&tstp, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &tstp, &old);
  raise(SIGTSTP);  // stopped here
  sigprocmask(SIG_SETMASK, &old, NULL);
  watch_stop();
}

static void on_stop(int signal) {
  (void)signal;
  le_terminal_stop();
  if (is_running) set_quiet(true);
}

// MARK: - Signals that end a wait

// A signal may come just before a wait begins, and on any thread; the pipe ends the wait all the
// same.
static void wake_up(void) {
  int error = errno;
  if (wakeup[1] >= 0 && write(wakeup[1], "", 1) < 0) errno = error;
  errno = error;
}

static void make_wakeup(void) {
  if (wakeup[0] < 0 && pipe(wakeup) == 0)
    for (int i = 0; i < 2; i++) {
      fcntl(wakeup[i], F_SETFL, O_NONBLOCK);
      fcntl(wakeup[i], F_SETFD, FD_CLOEXEC);
    }
}

void le_draw(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno != EINTR && errno != EAGAIN) return;  // the terminal is gone
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    }
  }
}

// Bytes that were read too far.
static struct {
  unsigned char bytes[64];
  size_t count;
} returned;

bool le_is_readable(int milliseconds) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return returned.count > 0 || poll(&input, 1, milliseconds) > 0;
}

ptrdiff_t le_read_byte(unsigned char *byte) {
  if (returned.count == 0) return read(STDIN_FILENO, byte, 1);
  *byte = returned.bytes[0];
  memmove(returned.bytes, returned.bytes + 1, --returned.count);
  return 1;
}

void le_put_back(const char *bytes, size_t count) {
  if (returned.count + count > sizeof returned.bytes) return;
  memmove(returned.bytes + count, returned.bytes, returned.count);
  memcpy(returned.bytes, bytes, count);
  returned.count += count;
}

bool le_wait(int descriptor) {
  if (descriptor == STDIN_FILENO && returned.count > 0) return true;
  struct pollfd inputs[] = {{.fd = descriptor, .events = POLLIN},
                            {.fd = wakeup[0], .events = POLLIN}};
  for (;;) {
    char bytes[64];
    while (wakeup[0] >= 0 && read(wakeup[0], bytes, sizeof bytes) > 0) continue;
    if (interrupts > 0 || is_resized) return false;
    if (poll(inputs, 2, -1) < 0 && errno != EINTR) return true;  // let the read say what is wrong
    if (inputs[0].revents) return true;
  }
}

static void on_resize(int signal) {
  (void)signal;
  is_resized = 1;
  wake_up();
}

void le_resize_watch(bool on) {
  static struct sigaction old;
  struct sigaction resize = {.sa_handler = on_resize, .sa_flags = SA_RESTART};
  sigemptyset(&resize.sa_mask);
  if (on) sigaction(SIGWINCH, &resize, &old);
  else sigaction(SIGWINCH, &old, NULL);
}

bool le_resize_take(void) {
  bool was = is_resized;
  is_resized = 0;
  return was;
}

static int seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int)now.tv_sec;
}

static void on_interrupt(int signal) {
  (void)signal;
  int now = seconds();
  if (interrupts > 0 && now - last_interrupt <= 2) {
    restore();
    _exit(130);
  }
  last_interrupt = now;
  interrupts = 1;
  wake_up();
}

void le_interrupt_watch(void) {
  make_wakeup();
  struct sigaction interrupt = {.sa_handler = on_interrupt};  // no SA_RESTART: reads must end
  sigemptyset(&interrupt.sa_mask);
  sigaction(SIGINT, &interrupt, NULL);
}

bool le_interrupt_pending(void) { return interrupts > 0; }

bool le_interrupt_take(void) {
  bool was = interrupts > 0;
  if (was) interrupts = 0;
  return was;
}

// MARK: - Opening

static void on_exit_restore(void) {
  restore();
  is_open = false;
}

bool le_terminal_open(void) {
  static bool is_registered;
  if (tcgetattr(STDIN_FILENO, &found) < 0) return false;
  if (!is_registered) atexit(on_exit_restore);
  is_registered = true;
  make_wakeup();
  is_open = true;
  is_running = true;

  struct sigaction end = {.sa_handler = on_fatal};
  sigemptyset(&end.sa_mask);
  for (int i = 0; i < FATAL_COUNT; i++) {
    sigaction(fatal[i], &end, &before[i]);
    if (before[i].sa_handler == SIG_IGN) sigaction(fatal[i], &before[i], NULL);
  }
  struct sigaction stop;
  sigaction(SIGTSTP, NULL, &stop);
  if (stop.sa_handler != SIG_IGN) watch_stop();
  return true;
}

void le_terminal_close(void) {
  if (!is_open) return;
  on_exit_restore();
  for (int i = 0; i < FATAL_COUNT; i++) sigaction(fatal[i], &before[i], NULL);
}
