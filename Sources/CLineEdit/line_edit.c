#define _GNU_SOURCE  // wcwidth

#include "CLineEdit.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "terminal.h"
#include "text.h"

// libedit maps keys up to 255 only. Nobody types C1 controls, so they stand for keys of ours.
enum { KEY_PASTE = 0x9A, KEY_INITIAL = 0x9B, KEY_REOPEN = 0x9C };
enum { ESCAPE = 0x1B, REPLACEMENT = 0xFFFD };

struct le_editor {
  EditLine *el;
  HistoryW *history;
  wchar_t *prompt, *initial;
  char *line;
  le_completer complete;
  void *context;
  unsigned char answer;  // what the completer decided
  bool continues, wants_initial, is_pasting, was_interrupted, reopens;
  unsigned char pending[8];  // bytes read too far
  int pending_count;
};

static le_editor *editor_of(EditLine *el) {
  void *data = NULL;
  el_wget(el, EL_CLIENTDATA, &data);
  return data;
}

static wchar_t *prompt(EditLine *el) { return editor_of(el)->prompt; }

// MARK: - Reading keys

static bool is_readable(le_editor *ed) {
  // Long enough for the rest of a key, too short to notice after Escape in vi mode.
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return ed->pending_count > 0 || poll(&input, 1, 20) > 0;
}

static int next_byte(le_editor *ed, unsigned char *byte) {
  if (ed->pending_count > 0) {
    *byte = ed->pending[0];
    memmove(ed->pending, ed->pending + 1, (size_t)--ed->pending_count);
    return 1;
  }
  for (;;) {
    if (le_wait(STDIN_FILENO)) {
      ssize_t count = read(STDIN_FILENO, byte, 1);
      if (count >= 0) return (int)count;
      if (errno != EINTR && errno != EAGAIN) return -1;
    }
    if (le_interrupt_pending()) {
      errno = EINTR;
      return -1;
    }
    if (le_resize_take()) el_resize(ed->el);
  }
}

static void put_back(le_editor *ed, const unsigned char *bytes, int count) {
  if (ed->pending_count + count > (int)sizeof ed->pending) return;
  memmove(ed->pending + count, ed->pending, (size_t)ed->pending_count);
  memcpy(ed->pending, bytes, (size_t)count);
  ed->pending_count += count;
}

// Recognises the keys that libedit cannot be given by name in vi mode, where Escape is a command.
static wchar_t key_after_escape(le_editor *ed) {
  static const struct {
    const char *bytes;
    wchar_t key;
  } table[] = {{"[200~", KEY_PASTE}, {"[A", KEY_REOPEN}, {"OA", KEY_REOPEN}};
  const LineInfoW *li = el_wline(ed->el);
  bool may_reopen = ed->continues && li->lastchar == li->buffer;
  unsigned char got[8];
  int count = 0;
  for (;;) {
    bool is_possible = false;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
      if (table[i].key == KEY_REOPEN && !may_reopen) continue;
      if (strncmp(table[i].bytes, (const char *)got, (size_t)count) != 0) continue;
      if (table[i].bytes[count] == 0) return table[i].key;
      is_possible = true;
    }
    if (!is_possible || !is_readable(ed) || next_byte(ed, &got[count]) != 1) break;
    count++;
  }
  put_back(ed, got, count);
  return ESCAPE;
}

static int read_key(EditLine *el, wchar_t *key) {
  le_editor *ed = editor_of(el);
  if (ed->wants_initial) {
    ed->wants_initial = false;
    *key = KEY_INITIAL;
    return 1;
  }
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
    if ((done = le_decode_next(&decoder, byte)) < 0) put_back(ed, &byte, 1);
  }
  *key = decoder.value >= 0x80 && decoder.value < 0xA0 ? REPLACEMENT : decoder.value;
  return 1;
}

// MARK: - Keys

static unsigned char on_interrupt_key(EditLine *el, int key) {
  (void)key;
  const LineInfoW *li = el_wline(el);
  el_cursor(el, (int)(li->lastchar - li->cursor));
  el_winsertstr(el, L"^C");
  editor_of(el)->was_interrupted = true;
  el_wpush(el, L"\n");  // ends the read below the last line
  return CC_REFRESH;
}

static unsigned char on_stop_key(EditLine *el, int key) {
  (void)key;
  el_wset(el, EL_PREP_TERM, 0);
  fputc('\n', stdout);
  fflush(stdout);
  le_terminal_stop();
  le_terminal_edit();
  el_wset(el, EL_PREP_TERM, 1);
  el_resize(el);
  el_wset(el, EL_REFRESH);
  return CC_NORM;
}

static unsigned char on_end_key(EditLine *el, int key) {
  (void)key;
  const LineInfoW *li = el_wline(el);
  if (li->lastchar == li->buffer) return CC_EOF;
  if (li->cursor == li->lastchar) return CC_REFRESH_BEEP;
  // Not el_deletestr1, which moves only as many characters as it deletes.
  el_cursor(el, 1);
  el_deletestr(el, 1);
  return CC_REFRESH;
}

static unsigned char on_newline_key(EditLine *el, int key) {
  (void)key;
  return el_winsertstr(el, L"\n") < 0 ? CC_REFRESH_BEEP : CC_REFRESH;
}

static unsigned char on_initial_key(EditLine *el, int key) {
  (void)key;
  el_winsertstr(el, editor_of(el)->initial);
  return CC_REFRESH;
}

static unsigned char on_reopen_key(EditLine *el, int key) {
  (void)key;
  editor_of(el)->reopens = true;
  el_wpush(el, L"\n");
  return CC_NORM;
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

static unsigned char on_complete_key(EditLine *el, int key) {
  (void)key;
  le_editor *ed = editor_of(el);
  const LineInfoW *li = el_wline(el);
  size_t cursor = 0;
  for (const wchar_t *p = li->buffer; p < li->cursor; p++) cursor += le_byte_count(*p);
  char *line = le_narrow(li->buffer, (size_t)(li->lastchar - li->buffer));
  if (!line) return CC_REFRESH_BEEP;
  ed->answer = CC_REFRESH_BEEP;
  ed->complete(ed->context, line, cursor);
  free(line);
  return ed->answer;
}

void le_replace(le_editor *ed, int count, const char *text) {
  wchar_t *wide = le_wide(text);
  if (!wide) return;
  if (count > 0) el_deletestr(ed->el, count);
  if (*wide == 0 || el_winsertstr(ed->el, wide) == 0) ed->answer = CC_REFRESH;
  free(wide);
}

void le_list(le_editor *ed, const char *text) {
  // The cursor may be inside a block; the list belongs below all of it.
  const LineInfoW *li = el_wline(ed->el);
  for (const wchar_t *p = li->cursor; p < li->lastchar; p++)
    if (*p == '\n') putchar('\n');
  printf("\n%s", text);
  fflush(stdout);
  // Draws from here; CC_REDISPLAY would first clear the lines where it thinks the block is.
  el_wset(ed->el, EL_REFRESH);
  ed->answer = CC_NORM;
}

// MARK: - Opening

static void bind_keys(EditLine *el) {
  static const struct {
    const wchar_t *name, *help;
    unsigned char (*function)(EditLine *, int);
    const wchar_t *key;
  } own[] = {
      {L"le-interrupt", L"Discard the line", on_interrupt_key, L"^C"},
      {L"le-stop", L"Stop the process", on_stop_key, L"^Z"},
      {L"le-end", L"Leave on an empty line, else delete", on_end_key, L"^D"},
      {L"le-complete", L"Complete the word", on_complete_key, L"^I"},
      {L"le-paste", L"Insert a bracketed paste", on_paste_key, L"\x9A"},
      {L"le-initial", L"Insert the initial text", on_initial_key, L"\x9B"},
      {L"le-reopen", L"Edit the block again", on_reopen_key, L"\x9C"},
  };
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    el_wset(el, EL_ADDFN, own[i].name, own[i].help, own[i].function);
    el_wset(el, EL_BIND, own[i].key, own[i].name, NULL);
    el_wset(el, EL_BIND, L"-a", own[i].key, own[i].name, NULL);
  }
  el_wset(el, EL_ADDFN, L"le-newline", L"Insert a newline", on_newline_key);

  static const struct {
    const wchar_t *key, *name;
  } keys[] = {
      {L"\\e[A", L"ed-search-prev-history"}, {L"\\eOA", L"ed-search-prev-history"},
      {L"\\e[B", L"ed-search-next-history"}, {L"\\eOB", L"ed-search-next-history"},
      {L"\\e[1;5D", L"ed-prev-word"},        {L"\\e[1;5C", L"em-next-word"},
      {L"\\eb", L"ed-prev-word"},            {L"\\ef", L"em-next-word"},
      {L"\\e[200~", L"le-paste"},            {L"\\e^M", L"le-newline"},
      {L"\\e^J", L"le-newline"},
  };
  const wchar_t *mode = NULL;
  el_wget(el, EL_EDITOR, &mode);
  bool is_vi = mode && wcscmp(mode, L"vi") == 0;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    // In vi mode Escape changes to the command map, which then sees the rest of the sequence.
    if (!is_vi) el_wset(el, EL_BIND, keys[i].key, keys[i].name, NULL);
    else if (keys[i].key[2] == '[' || keys[i].key[2] == 'O')
      el_wset(el, EL_BIND, L"-a", keys[i].key + 2, keys[i].name, NULL);
  }
}

static bool has_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

le_editor *le_open(const char *program, int history_size, le_completer complete, void *context) {
  // libedit never sets the locale, and loses what is not ASCII in the C locale.
  setlocale(LC_CTYPE, "");
  if (!has_utf8()) setlocale(LC_CTYPE, "C.UTF-8");
  le_editor *ed = has_utf8() ? calloc(1, sizeof *ed) : NULL;
  if (!ed) return NULL;
  ed->complete = complete;
  ed->context = context;
  ed->el = el_init(program, stdin, stdout, stderr);
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
  el_wset(el, EL_PROMPT_ESC, prompt, L'\1');
  el_wset(el, EL_EDITOR, L"emacs");
  el_wset(el, EL_SIGNAL, 0);
  el_wset(el, EL_HIST, history_w, ed->history);
  el_wset(el, EL_GETCFN, read_key);
  el_source(el, NULL);
  bind_keys(el);  // last: `bind -v` in .editrc replaces the map
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
  free(ed->prompt);
  free(ed->initial);
  free(ed->line);
  free(ed);
}

// MARK: - Reading lines

le_result le_read(le_editor *ed, const le_request *request, const char **line) {
  free(ed->prompt);
  free(ed->initial);
  ed->prompt = le_wide(request->prompt);
  ed->initial = request->initial ? le_wide(request->initial) : NULL;
  if (!ed->prompt) return LE_ERROR;
  ed->wants_initial = ed->initial != NULL;
  ed->continues = request->continues;
  ed->was_interrupted = ed->reopens = false;

  le_interrupt_take();  // what a command did not listen to is over
  le_resize_watch(true);
  le_terminal_edit();
  // libedit would do this after it shows the prompt, and lose control keys typed in between.
  el_wset(ed->el, EL_PREP_TERM, 1);
  int count = 0;
  errno = 0;
  const wchar_t *text = el_wgets(ed->el, &count);
  int error = errno;
  le_terminal_run();
  le_resize_watch(false);

  if (le_interrupt_take()) {
    printf("^C\n");
    fflush(stdout);
    return LE_INTERRUPT;
  }
  if (ed->was_interrupted) return LE_INTERRUPT;
  if (ed->reopens) return LE_REOPEN;
  errno = error;
  if (!text || count <= 0) return count == 0 ? LE_EOF : LE_ERROR;
  // libedit copies at most 1,024 characters of an unfinished line when history is looked at.
  if (wcslen(text) != (size_t)count) return LE_TRUNCATED;
  if (text[count - 1] == '\n') count--;
  free(ed->line);
  ed->line = le_narrow(text, (size_t)count);
  *line = ed->line;
  return ed->line ? LE_LINE : LE_ERROR;
}

void le_history_add(le_editor *ed, const char *entry) {
  HistEventW event;
  wchar_t *wide = le_wide(entry);
  if (wide) history_w(ed->history, &event, H_ENTER, wide);
  free(wide);
}
