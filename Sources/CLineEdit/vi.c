#include "vi.h"

#include <stddef.h>
#include <wctype.h>

// Commands of libedit whose letters are bound to commands of ours; nobody types C1 controls.
enum { KEY_DELETE_TO = 0x98, KEY_CHANGE_TO, KEY_WORD };

// What was typed before the present key: libedit cannot be asked for either.
static wchar_t latest, earlier;
static wchar_t waiting;  // the operator that the present key is the motion of, or 0
static bool follows_digit, is_zero_lent;
static wchar_t key_end, key_break;

static bool takes_letter(wchar_t key) { return key && wcschr(L"fFtTr", key); }

void le_vi_note(EditLine *el, wchar_t key) {
  if (is_zero_lent) {
    is_zero_lent = false;
    el_wset(el, EL_BIND, L"-a", L"0", L"le-vi-line", NULL);
  }
  follows_digit = iswdigit((wint_t)latest);
  bool is_operator = latest && wcschr(L"dcy", latest) && !takes_letter(earlier);
  if (is_operator) {
    waiting = latest;
  } else if (!(waiting && follows_digit)) {
    waiting = 0;
  }
  earlier = latest;
  latest = key;
}

// MARK: - Keys to hand to libedit

typedef struct {
  wchar_t text[64];
  size_t count;
} keys;

static void add(keys *k, wchar_t key) {
  if (k->count + 1 < sizeof k->text / sizeof *k->text) k->text[k->count++] = key;
  k->text[k->count] = 0;
}

// So many characters to the right, or to the left.
static void add_move(keys *k, ptrdiff_t by) {
  if (by == 0) return;
  wchar_t digits[24];
  swprintf(digits, sizeof digits / sizeof *digits, L"%td", by < 0 ? -by : by);
  for (wchar_t *p = digits; *p; p++) add(k, *p);
  add(k, by < 0 ? L'h' : L'l');
}

static unsigned char push(EditLine *el, keys *k) {
  if (k->count == 0) return CC_ERROR;
  // A zero in a count is libedit's, until a key is typed.
  is_zero_lent = true;
  el_wset(el, EL_BIND, L"-a", L"0", L"vi-zero", NULL);
  el_wpush(el, k->text);
  return CC_ARGHACK;  // what waits for a motion goes on waiting
}

// MARK: - Commands

// The line of the cursor.
typedef struct {
  const wchar_t *start, *text, *end, *cursor;
} line;

static line line_at(const LineInfoW *li) {
  line l = {.start = li->cursor, .end = li->cursor, .cursor = li->cursor};
  while (l.start > li->buffer && l.start[-1] != L'\n') l.start--;
  while (l.end < li->lastchar && *l.end != L'\n') l.end++;
  l.text = l.start;
  while (l.text < l.end && (*l.text == L' ' || *l.text == L'\t')) l.text++;
  return l;
}

// Takes the rest of the line away from a place on.
static void add_rest(keys *k, const line *l, const wchar_t *from, bool inserts) {
  add_move(k, from - l->cursor);
  if (l->end > from) {
    add(k, inserts ? KEY_CHANGE_TO : KEY_DELETE_TO);
    add_move(k, l->end - from);
  } else if (inserts) {
    add(k, L'i');
  }
}

// Takes the line away, and a line break with it.
static void add_whole(keys *k, const LineInfoW *li, const line *l) {
  bool is_last = l->end == li->lastchar;
  const wchar_t *from = is_last && l->start > li->buffer ? l->start - 1 : l->start;
  ptrdiff_t count = l->end - from + (is_last ? 0 : 1);
  if (count == 0) return;
  add_move(k, from - l->cursor);
  add(k, KEY_DELETE_TO);
  add_move(k, count);
}

static unsigned char on_line(EditLine *el, int key) {
  const LineInfoW *li = el_wline(el);
  line l = line_at(li);
  keys k = {.count = 0};
  switch (key) {
  case L'0':
    if (follows_digit) {
      add(&k, L'0');
    } else {
      add_move(&k, l.start - l.cursor);
    }
    break;
  case L'^': add_move(&k, l.text - l.cursor); break;
  case L'$': add_move(&k, l.end - l.cursor - (!waiting && l.end > l.cursor ? 1 : 0)); break;
  case L'I':
    add_move(&k, l.text - l.cursor);
    add(&k, L'i');
    if (l.text == l.end) add(&k, key_end);
    break;
  case L'A':
  case L'o':
    add(&k, L'i');
    add(&k, key_end);
    if (key == L'o') add(&k, key_break);
    break;
  case L'D': add_rest(&k, &l, l.cursor, false); break;
  case L'C': add_rest(&k, &l, l.cursor, true); break;
  case L'S': add_rest(&k, &l, l.text, true); break;
  case L'd':
    if (waiting == L'd') {
      add_whole(&k, li, &l);
      push(el, &k);
      return CC_REFRESH;  // the operator is over
    }
    add(&k, KEY_DELETE_TO);
    break;
  case L'c':
    if (waiting == L'c') {
      add_rest(&k, &l, l.text, true);
      push(el, &k);
      return CC_REFRESH;
    }
    add(&k, KEY_CHANGE_TO);
    break;
  case L'w':
    // libedit's goes nowhere from the last character, so an operator would do nothing there.
    add(&k, waiting && l.cursor + 1 == li->lastchar ? L'e' : KEY_WORD);
    break;
  }
  return push(el, &k);
}

// Escape among commands ends what was begun, and nothing else: libedit would wait for an arrow's rest.
static unsigned char on_escape(EditLine *el, int key) {
  (void)el;
  (void)key;
  return CC_NORM;
}

void le_vi_bind(EditLine *el, wchar_t end, wchar_t line_break) {
  key_end = end;
  key_break = line_break;
  latest = earlier = waiting = 0;
  follows_digit = is_zero_lent = false;
  el_wset(el, EL_ADDFN, L"le-vi-line", L"Do what vi does with a line", on_line);
  el_wset(el, EL_ADDFN, L"le-vi-escape", L"End what was begun", on_escape);
  el_wset(el, EL_BIND, L"-a", L"^[", L"le-vi-escape", NULL);
  static const struct {
    wchar_t key[2];
    const wchar_t *command;
  } theirs[] = {
      {{KEY_DELETE_TO}, L"vi-delete-meta"},
      {{KEY_CHANGE_TO}, L"vi-change-meta"},
      {{KEY_WORD}, L"vi-next-word"},
  };
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
    el_wset(el, EL_BIND, L"-a", theirs[i].key, theirs[i].command, NULL);
  static const wchar_t *const ours[] = {L"0", L"\\^", L"$", L"I", L"A", L"o", L"D",
                                        L"C", L"S", L"d", L"c", L"w"};
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    el_wset(el, EL_BIND, L"-a", ours[i], L"le-vi-line", NULL);
}
