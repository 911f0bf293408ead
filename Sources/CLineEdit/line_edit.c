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
#include "vi.h"

enum { ESCAPE = 0x1B, REPLACEMENT = 0xFFFD };
// Keys of ours that never reach a hook; the last are those of libedit that begin a search.
enum { KEY_PASTE = 0x9E, KEY_INITIAL = 0x9F };
enum { KEY_SEARCH = 0x9B, KEY_SEARCH_EARLIER, KEY_SEARCH_LATER };
enum { CONTROL_C = 3, BACKSPACE = 8, RETURN = 13 };

struct le_editor {
  EditLine *el;
  HistoryW *history;
  wchar_t *initial;
  size_t initial_cursor;
  le_hooks hooks;
  unsigned char answer;  // what libedit is told about the present key
  bool wants_initial, wants_enter, is_pasting, is_done, is_vi;
  bool is_reading, takes_escape;
  wchar_t search;         // the key that began a search, or 0
  wchar_t leaves_search;  // the key that ends it: Escape or ^C
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

// MARK: - Searches of libedit

// Lets the next text begin so.
static void begin_with(le_editor *ed, wchar_t *text, size_t cursor) {
  free(ed->initial);
  ed->initial = text;
  ed->wants_initial = text != NULL;
  ed->initial_cursor = cursor;
}

// What libedit shows in the line while it searches tells that it still does: `bck:` or `fwd?` below
// what was found, or in vi mode `/` below nothing.
static bool is_searching(le_editor *ed) {
  if (!ed->search) return false;
  const LineInfoW *li = el_wline(ed->el);
  const wchar_t *last = li->lastchar;
  while (last > li->buffer && last[-1] != L'\n') last--;
  bool has_break = last > li->buffer;
  size_t count = (size_t)(li->lastchar - last);
  bool is = ed->search == KEY_SEARCH
                ? count >= 4 && (wmemcmp(last, L"bck", 3) == 0 || wmemcmp(last, L"fwd", 3) == 0) &&
                      (last[3] == L':' || last[3] == L'?')
                : count >= 1 && last == li->buffer + 1;
  if (!(is && has_break)) ed->search = 0;
  return ed->search != 0;
}

// Whether a search of vi has found nothing, which leaves no line at all.
static bool has_lost_line(le_editor *ed) {
  bool was = ed->search == KEY_SEARCH_EARLIER || ed->search == KEY_SEARCH_LATER;
  if (!was || is_searching(ed)) return false;
  const LineInfoW *li = el_wline(ed->el);
  return li->lastchar == li->buffer && ed->initial && *ed->initial;
}

static unsigned char on_search_key(EditLine *el, int key) {
  le_editor *ed = editor_of(el);
  ed->search = key == L'/' ? KEY_SEARCH_EARLIER : key == L'?' ? KEY_SEARCH_LATER : KEY_SEARCH;
  if (ed->search != KEY_SEARCH) {
    // libedit forgets the line, which is wanted again if the search is left.
    const LineInfoW *li = el_wline(el);
    wchar_t *line = le_copy(li->buffer, (size_t)(li->lastchar - li->buffer));
    begin_with(ed, line, (size_t)(li->cursor - li->buffer));
    ed->wants_initial = false;
  }
  el_wpush(el, (wchar_t[]){ed->search, 0});
  return CC_NORM;
}

// MARK: - Reading keys

static void paint(le_editor *ed) {
  if (ed->is_pasting || le_is_readable(0)) return;
  bytes_of_line line = present_line(ed);
  if (line.text)
    ed->hooks.paint(ed->hooks.context, line.text, line.count, line.cursor, is_searching(ed));
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

static int typed_key(le_editor *ed, wchar_t *key) {
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

// The keys that take a search of vi back letter by letter until it ends, and what comes after.
static int key_out_of_search(le_editor *ed, wchar_t *key) {
  if (is_searching(ed)) {
    *key = BACKSPACE;
    return 1;
  }
  *key = ed->leaves_search == ESCAPE && ed->initial ? KEY_INITIAL : ed->leaves_search;
  ed->leaves_search = 0;
  return 1;
}

static int read_key(EditLine *el, wchar_t *key) {
  le_editor *ed = editor_of(el);
  if (ed->leaves_search) return key_out_of_search(ed, key);
  if (has_lost_line(ed)) ed->wants_initial = true;
  if (ed->wants_initial) {
    ed->wants_initial = false;
    *key = KEY_INITIAL;
    return 1;
  }
  if (ed->wants_enter) {
    ed->wants_enter = false;
    *key = RETURN;
    return 1;
  }
  paint(ed);
  int count = typed_key(ed, key);
  if (count != 1 || !ed->is_vi || ed->is_pasting) return count;
  if (!is_searching(ed)) {
    le_vi_note(el, *key);
  } else if (ed->search != KEY_SEARCH && (*key == ESCAPE || *key == CONTROL_C)) {
    // libedit would run what was found until Escape, and search for ^C.
    ed->leaves_search = *key;
    return key_out_of_search(ed, key);
  }
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

static unsigned char on_redo_key(EditLine *el, int key) {
  (void)key;
  return hand_on(editor_of(el), LE_KEY_REDO);
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
  el_wset(el, EL_ADDFN, L"le-redo", L"Make a change again", on_redo_key);
  el_wset(el, EL_ADDFN, L"le-search", L"Search the history", on_search_key);
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
  // While text is inserted, the keys of emacs are those of both modes: vi has no use for most of them.
  static const wchar_t *const inserting[] = {L"}",  L"]",  L")",  L"^A", L"^B", L"^E", L"^F",
                                             L"^H", L"^K", L"^U", L"^W", L"^Y", L"^?"};
  for (size_t i = 0; i < sizeof inserting / sizeof *inserting; i++)
    bind(el, inserting[i], L"le-key", false);
  bind(el, L"^X^U", L"le-undo", false);
  bind(el, L"^X^E", L"le-external", false);
  bind(el, L"^R", L"le-search", false);
  bind(el, (wchar_t[]){KEY_SEARCH, 0}, L"em-inc-search-prev", false);
  if (!ed->is_vi) return;

  static const wchar_t *const commands[][2] = {
      {L"k", L"le-key"},    {L"j", L"le-key"},       {L"u", L"le-undo"},
      {L"^R", L"le-redo"},  {L"v", L"le-external"},  {L"/", L"le-search"},
      {L"?", L"le-search"},
  };
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    el_wset(el, EL_BIND, L"-a", commands[i][0], commands[i][1], NULL);
  el_wset(el, EL_BIND, L"-a", (wchar_t[]){KEY_SEARCH_EARLIER, 0}, L"vi-search-prev", NULL);
  el_wset(el, EL_BIND, L"-a", (wchar_t[]){KEY_SEARCH_LATER, 0}, L"vi-search-next", NULL);
  le_vi_bind(el, LE_KEY_END, LE_KEY_BREAK);
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
  wchar_t *text = initial ? le_wide(initial) : NULL;
  size_t place = 0;
  for (size_t bytes = 0; text && bytes < cursor; place++) bytes += le_byte_count(text[place]);
  begin_with(ed, text, place);
  ed->is_done = ed->wants_enter = false;
  ed->search = ed->leaves_search = 0;

  le_interrupt_take();  // what a command did not listen to is over
  le_resize_watch(true);
  ed->is_reading = true;
  le_terminal_edit();
  // libedit would do this after it shows the prompt, and lose control keys typed in between.
  el_wset(ed->el, EL_PREP_TERM, 1);
  int count, error;
  for (;;) {
    count = 0;
    errno = 0;
    const wchar_t *line = el_wgets(ed->el, &count);
    error = errno;
    if (!line || count <= 0 || ed->is_done || le_interrupt_pending()) break;
    // A command of libedit has ended the line. Whether the statement ends with it is the hook's to say.
    wchar_t *text = le_copy(line, (size_t)count);
    if (!text) break;
    while (count > 0 && (text[count - 1] == L'\n' || text[count - 1] == L'\r')) text[--count] = 0;
    begin_with(ed, text, (size_t)count);
    ed->wants_enter = true;
  }
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
