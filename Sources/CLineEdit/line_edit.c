#define _GNU_SOURCE  // wcwidth

#include "CLineEdit.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "terminal.h"
#include "text.h"

enum { ESCAPE = 0x1B, REPLACEMENT = 0xFFFD };
// Keys of ours that never reach a hook.
enum { KEY_PASTE = 0x9E, KEY_INITIAL = 0x9F };

struct le_editor {
  EditLine *el;
  HistoryW *history;
  wchar_t *initial;
  size_t initial_cursor;
  le_hooks hooks;
  unsigned char answer;  // what libedit is told about the present key
  bool wants_initial, is_pasting, is_done, is_vi;
  bool is_reading, takes_escape;
};

#define TEXT_OF(macro) #macro
#define VERSION_OF(major, minor) TEXT_OF(major) "." TEXT_OF(minor)

const char *le_library_version(void) { return VERSION_OF(LIBEDIT_MAJOR, LIBEDIT_MINOR); }

static le_editor *editor_of(EditLine *el) {
  void *data = NULL;
  el_wget(el, EL_CLIENTDATA, &data);
  return data;
}

static wchar_t *no_prompt(EditLine *el) {
  (void)el;
  return L"";
}

// libedit draws into this: only its bell is passed on, the lines on the screen are the caller's.
static ssize_t write_nothing(void *cookie, const char *bytes, size_t count) {
  (void)cookie;
  if (memchr(bytes, '\a', count) && write(STDOUT_FILENO, "\a", 1) < 0) return (ssize_t)count;
  return (ssize_t)count;
}

typedef struct {
  char *text;
  size_t count, cursor;
} bytes_of_line;

// The line in UTF-8; `text` is NULL if there is no memory, and is freed by the caller.
static bytes_of_line present_line(le_editor *ed) {
  const LineInfoW *li = el_wline(ed->el);
  bytes_of_line line = {0};
  for (const wchar_t *p = li->buffer; p < li->lastchar; p++) {
    if (p == li->cursor) line.cursor = line.count;
    line.count += le_byte_count(*p);
  }
  if (li->cursor == li->lastchar) line.cursor = line.count;
  line.text = le_narrow(li->buffer, (size_t)(li->lastchar - li->buffer));
  return line;
}

// MARK: - Reading keys

static void paint(le_editor *ed) {
  if (ed->is_pasting || le_is_readable(0)) return;
  bytes_of_line line = present_line(ed);
  if (line.text) ed->hooks.paint(ed->hooks.context, line.text, line.count, line.cursor);
  free(line.text);
}

static int next_byte(le_editor *ed, unsigned char *byte) {
  for (;;) {
    if (le_wait(STDIN_FILENO)) {
      ptrdiff_t count = le_read_byte(byte);
      if (count >= 0) return (int)count;
      if (errno != EINTR && errno != EAGAIN) return -1;
    }
    if (le_interrupt_pending()) {
      errno = EINTR;
      return -1;
    }
    if (le_resize_take()) {
      el_resize(ed->el);
      paint(ed);
    }
  }
}

// Recognises the keys that terminals send as sequences. In vi mode libedit cannot be given them by
// name, since Escape is a command there; those of Meta are not ours then.
static wchar_t key_after_escape(le_editor *ed) {
  static const struct {
    const char *bytes;
    wchar_t key;
    bool is_meta;
  } table[] = {
      {"[200~", KEY_PASTE, false},
      {"[A", LE_KEY_UP, false},
      {"OA", LE_KEY_UP, false},
      {"[B", LE_KEY_DOWN, false},
      {"OB", LE_KEY_DOWN, false},
      {"[C", LE_KEY_RIGHT, false},
      {"OC", LE_KEY_RIGHT, false},
      {"[D", LE_KEY_LEFT, false},
      {"OD", LE_KEY_LEFT, false},
      {"[H", LE_KEY_HOME, false},
      {"OH", LE_KEY_HOME, false},
      {"[1~", LE_KEY_HOME, false},
      {"[7~", LE_KEY_HOME, false},
      {"[F", LE_KEY_END, false},
      {"OF", LE_KEY_END, false},
      {"[4~", LE_KEY_END, false},
      {"[8~", LE_KEY_END, false},
      {"[3~", LE_KEY_DELETE, false},
      {"[5~", LE_KEY_PAGE_UP, false},
      {"[6~", LE_KEY_PAGE_DOWN, false},
      {"[Z", LE_KEY_BACKTAB, false},
      {"[1;5D", LE_KEY_WORD_LEFT, false},
      {"[1;3D", LE_KEY_WORD_LEFT, false},
      {"[1;5C", LE_KEY_WORD_RIGHT, false},
      {"[1;3C", LE_KEY_WORD_RIGHT, false},
      {"b", LE_KEY_WORD_LEFT, true},
      {"f", LE_KEY_WORD_RIGHT, true},
      {"d", LE_KEY_KILL_WORD_RIGHT, true},
      {"\x7F", LE_KEY_KILL_WORD_LEFT, true},
      {"\b", LE_KEY_KILL_WORD_LEFT, true},
      {"_", LE_KEY_REDO, true},
      {"\r", LE_KEY_BREAK, true},
      {"\n", LE_KEY_BREAK, true},
  };
  unsigned char got[8];
  int count = 0;
  for (;;) {
    bool is_possible = false;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
      if (table[i].is_meta && ed->is_vi) continue;
      if (strncmp(table[i].bytes, (const char *)got, (size_t)count) != 0) continue;
      if (table[i].bytes[count] == 0) return table[i].key;
      is_possible = true;
    }
    // Long enough for the rest of a key, too short to notice after Escape in vi mode.
    if (!is_possible || !le_is_readable(20) || next_byte(ed, &got[count]) != 1) break;
    count++;
  }
  if (count == 0 && ed->takes_escape) return LE_KEY_ESCAPE;
  le_put_back((const char *)got, (size_t)count);
  return ESCAPE;
}

static int read_key(EditLine *el, wchar_t *key) {
  le_editor *ed = editor_of(el);
  if (ed->wants_initial) {
    ed->wants_initial = false;
    *key = KEY_INITIAL;
    return 1;
  }
  paint(ed);
  unsigned char byte;
  int count = next_byte(ed, &byte);
  if (count != 1) return count;
  if (byte == ESCAPE && !ed->is_pasting) {
    *key = key_after_escape(ed);
    return 1;
  }
  le_decoder decoder;
  int done = le_decode_first(&decoder, byte);
  while (done == 0) {
    if ((count = next_byte(ed, &byte)) != 1) return count;
    // The byte that broke a character begins the next one.
    if ((done = le_decode_next(&decoder, byte)) < 0) le_put_back((const char *)&byte, 1);
  }
  *key = decoder.value >= 0x80 && decoder.value < 0xA0 ? REPLACEMENT : decoder.value;
  return 1;
}

// MARK: - Keys

static unsigned char hand_on(le_editor *ed, int key) {
  bytes_of_line line = present_line(ed);
  if (!line.text) return CC_REFRESH_BEEP;
  ed->answer = CC_REFRESH;
  ed->hooks.key(ed->hooks.context, key, line.text, line.count, line.cursor);
  free(line.text);
  return ed->answer;
}

static unsigned char on_key(EditLine *el, int key) { return hand_on(editor_of(el), key); }

// Keys that are the second of two.
static unsigned char on_undo_key(EditLine *el, int key) {
  (void)key;
  return hand_on(editor_of(el), LE_KEY_UNDO);
}

static unsigned char on_external_key(EditLine *el, int key) {
  (void)key;
  return hand_on(editor_of(el), LE_KEY_EXTERNAL);
}

static unsigned char on_stop_key(EditLine *el, int key) {
  hand_on(editor_of(el), key);
  el_wset(el, EL_PREP_TERM, 0);
  le_terminal_stop();
  le_terminal_edit();
  el_wset(el, EL_PREP_TERM, 1);
  el_resize(el);
  return CC_NORM;
}

static unsigned char on_initial_key(EditLine *el, int key) {
  (void)key;
  le_editor *ed = editor_of(el);
  el_winsertstr(el, ed->initial);
  el_cursor(el, (int)ed->initial_cursor - (int)wcslen(ed->initial));
  return CC_REFRESH;
}

static unsigned char on_paste_key(EditLine *el, int key) {
  (void)key;
  static const wchar_t end[] = {ESCAPE, '[', '2', '0', '1', '~'};
  enum { END = sizeof end / sizeof *end };
  le_editor *ed = editor_of(el);
  size_t count = 0, size = 0;
  wchar_t *text = NULL, c;
  ed->is_pasting = true;
  while (el_wgetc(el, &c) == 1) {
    if (count + 1 >= size) {
      size = size * 2 + 256;
      wchar_t *larger = realloc(text, size * sizeof *text);
      if (!larger) break;
      text = larger;
    }
    text[count++] = c;
    if (c == '~' && count >= END && wmemcmp(text + count - END, end, END) == 0) {
      count -= END;
      break;
    }
  }
  ed->is_pasting = false;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    c = text[i];
    if (c == '\r' && i + 1 < count && text[i + 1] == '\n') continue;
    if (c == '\r') c = '\n';
    if ((c >= ' ' && c != 0x7F) || c == '\n' || c == '\t') text[kept++] = c;
  }
  while (kept > 0 && text[kept - 1] == '\n') kept--;
  int result = 0;
  if (kept > 0) {
    text[kept] = 0;
    result = el_winsertstr(el, text);
  }
  free(text);
  return result < 0 ? CC_REFRESH_BEEP : CC_REFRESH;
}

void le_set(le_editor *ed, const char *text, size_t cursor) {
  wchar_t *wide = le_wide(text);
  if (!wide) return;
  size_t place = 0, count = wcslen(wide);
  for (size_t bytes = 0; place < count && bytes < cursor; place++)
    bytes += le_byte_count(wide[place]);
  const LineInfoW *li = el_wline(ed->el);
  size_t old = (size_t)(li->lastchar - li->buffer), same = 0, end = 0;
  while (same < old && same < count && li->buffer[same] == wide[same]) same++;
  while (end < old - same && end < count - same && li->lastchar[-1 - (ptrdiff_t)end] == wide[count - 1 - end])
    end++;
  // Only what differs is replaced: in vi mode what is deleted is kept to be put back.
  el_cursor(ed->el, (int)(li->buffer + (old - end) - li->cursor));
  el_deletestr(ed->el, (int)(old - end - same));
  wide[count - end] = 0;
  if (wide[same]) el_winsertstr(ed->el, wide + same);
  li = el_wline(ed->el);
  el_cursor(ed->el, (int)(li->buffer + place - li->cursor));
  free(wide);
}

void le_beep(le_editor *ed) { ed->answer = CC_REFRESH_BEEP; }

void le_finish(le_editor *ed) {
  ed->is_done = true;
  ed->answer = CC_EOF;
}

void le_take_escape(le_editor *ed, bool takes) { ed->takes_escape = takes; }

void le_lend_terminal(le_editor *ed, bool lends) {
  if (lends) {
    if (ed->is_reading) el_wset(ed->el, EL_PREP_TERM, 0);
    le_terminal_lend();
  } else if (ed->is_reading) {
    le_terminal_edit();
    el_wset(ed->el, EL_PREP_TERM, 1);
    el_resize(ed->el);
  } else {
    le_terminal_run();
  }
}

// MARK: - Opening

static void bind(EditLine *el, const wchar_t *key, const wchar_t *name, bool in_commands) {
  el_wset(el, EL_BIND, key, name, NULL);
  if (in_commands) el_wset(el, EL_BIND, L"-a", key, name, NULL);
}

static void bind_keys(le_editor *ed) {
  EditLine *el = ed->el;
  const wchar_t *mode = NULL;
  el_wget(el, EL_EDITOR, &mode);
  ed->is_vi = mode && wcscmp(mode, L"vi") == 0;

  el_wset(el, EL_ADDFN, L"le-key", L"Hand the key on", on_key);
  el_wset(el, EL_ADDFN, L"le-stop", L"Stop the process", on_stop_key);
  el_wset(el, EL_ADDFN, L"le-undo", L"Undo a change", on_undo_key);
  el_wset(el, EL_ADDFN, L"le-external", L"Edit elsewhere", on_external_key);
  el_wset(el, EL_ADDFN, L"le-paste", L"Insert a bracketed paste", on_paste_key);
  el_wset(el, EL_ADDFN, L"le-initial", L"Insert the initial text", on_initial_key);
  for (wchar_t key = LE_KEY_FIRST; key <= LE_KEY_LAST; key++)
    bind(el, (wchar_t[]){key, 0}, L"le-key", true);
  bind(el, (wchar_t[]){KEY_PASTE, 0}, L"le-paste", true);
  bind(el, (wchar_t[]){KEY_INITIAL, 0}, L"le-initial", true);
  bind(el, L"^Z", L"le-stop", true);

  // Keys of both modes, then those that mean something else to vi.
  static const wchar_t *const common[] = {L"^C", L"^D", L"^I", L"^J", L"^L", L"^M", L"^N", L"^P", L"^_"};
  for (size_t i = 0; i < sizeof common / sizeof *common; i++) bind(el, common[i], L"le-key", true);
  static const wchar_t *const typed[] = {L"}", L"]", L")"};
  for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) bind(el, typed[i], L"le-key", false);
  if (ed->is_vi) {
    el_wset(el, EL_BIND, L"-a", L"k", L"le-key", NULL);
    el_wset(el, EL_BIND, L"-a", L"j", L"le-key", NULL);
    return;
  }
  static const wchar_t *const emacs[] = {L"^A", L"^B", L"^E", L"^F", L"^K", L"^U", L"^W", L"^Y"};
  for (size_t i = 0; i < sizeof emacs / sizeof *emacs; i++) bind(el, emacs[i], L"le-key", false);
  bind(el, L"^X^U", L"le-undo", false);
  bind(el, L"^X^E", L"le-external", false);
}

static bool has_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

le_editor *le_open(const char *program, int history_size, le_hooks hooks) {
  // libedit never sets the locale, and loses what is not ASCII in the C locale.
  setlocale(LC_CTYPE, "");
  if (!has_utf8()) setlocale(LC_CTYPE, "C.UTF-8");
  le_editor *ed = has_utf8() ? calloc(1, sizeof *ed) : NULL;
  if (!ed) return NULL;
  ed->hooks = hooks;
  FILE *nowhere = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_nothing});
  ed->el = nowhere ? el_init_fd(program, stdin, nowhere, stderr, STDIN_FILENO, STDOUT_FILENO,
                                STDERR_FILENO)
                   : NULL;
  ed->history = history_winit();
  if (!ed->el || !ed->history || !le_terminal_open()) {
    le_close(ed);
    return NULL;
  }
  HistEventW event;
  history_w(ed->history, &event, H_SETSIZE, history_size);  // otherwise 0, and nothing is kept
  history_w(ed->history, &event, H_SETUNIQUE, 1);
  EditLine *el = ed->el;
  el_wset(el, EL_CLIENTDATA, ed);
  el_wset(el, EL_PROMPT, no_prompt);
  el_wset(el, EL_EDITOR, L"emacs");
  el_wset(el, EL_SIGNAL, 0);
  el_wset(el, EL_HIST, history_w, ed->history);
  el_wset(el, EL_GETCFN, read_key);
  el_source(el, NULL);
  bind_keys(ed);  // last: `bind -v` in .editrc replaces the map
  // ^C and ^Z are keys while a line is edited: signals would lose typed text or the picture.
  // CR and LF stay what they are, so that both together can be told from two lines in a paste.
  el_wset(el, EL_SETTY, L"-d", L"-isig", L"-icrnl", L"-inlcr", NULL);
  return ed;
}

void le_close(le_editor *ed) {
  if (!ed) return;
  if (ed->el) el_end(ed->el);
  if (ed->history) history_wend(ed->history);
  le_terminal_close();
  free(ed->initial);
  free(ed);
}

// MARK: - Reading lines

le_result le_read(le_editor *ed, const char *initial, size_t cursor) {
  free(ed->initial);
  ed->initial = initial ? le_wide(initial) : NULL;
  ed->wants_initial = ed->initial != NULL;
  ed->initial_cursor = 0;
  for (size_t bytes = 0; ed->initial && bytes < cursor; ed->initial_cursor++)
    bytes += le_byte_count(ed->initial[ed->initial_cursor]);
  ed->is_done = false;

  le_interrupt_take();  // what a command did not listen to is over
  le_resize_watch(true);
  ed->is_reading = true;
  le_terminal_edit();
  // libedit would do this after it shows the prompt, and lose control keys typed in between.
  el_wset(ed->el, EL_PREP_TERM, 1);
  int count = 0;
  errno = 0;
  el_wgets(ed->el, &count);
  int error = errno;
  ed->is_reading = false;
  le_terminal_run();
  le_resize_watch(false);

  if (le_interrupt_take()) return LE_INTERRUPT;
  if (ed->is_done) return LE_DONE;
  errno = error;
  return count == 0 ? LE_EOF : LE_ERROR;
}

void le_history_add(le_editor *ed, const char *entry) {
  HistEventW event;
  wchar_t *wide = le_wide(entry);
  if (wide) history_w(ed->history, &event, H_ENTER, wide);
  free(wide);
}
